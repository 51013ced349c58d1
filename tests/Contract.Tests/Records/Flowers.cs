// A record as it changes from one version of a program to the next. All networks of it differ in the record alone.
namespace Contract.Tests.Records;

public enum Soil
{
    Loam,
    Clay,
    Peat,
}

public enum ReorderedSoil
{
    Peat,
    Loam,
    Clay,
}

public enum MoreSoil
{
    Loam,
    Clay,
    Peat,
    Sand,
}

public enum Flower
{
    Rose,
    Tulip,
    Lily,
}

public enum ReorderedFlower
{
    Lily,
    Rose,
    Tulip,
}

public class FlowerBed<TSoil, TFlower> where TSoil : struct, Enum where TFlower : struct, Enum
{
    [Category] public TSoil Soil { get; init; }

    [Target] public TFlower Kind { get; init; }
}

public class FlowerRow<TSoil, TFlower> : FlowerBed<TSoil, TFlower> where TSoil : struct, Enum where TFlower : struct, Enum
{
    [Numeric] public virtual float Size { get; init; }
}

public sealed class FlowerRow : FlowerRow<Soil, Flower>;

public sealed class ScaledFlowerRow : FlowerRow<Soil, Flower>
{
    [Numeric(Scale = Scale.Robust)] public override float Size { get; init; }
}

public sealed class BinnedFlowerRow : FlowerRow<Soil, Flower>
{
    [Numeric(Bins = 4)] public override float Size { get; init; }
}

public sealed class LongerFlowerRow : FlowerRow<Soil, Flower>
{
    [Numeric] public float Weight { get; init; }
}

public sealed class TurnedFlowerRow
{
    [Numeric] public float Size { get; init; }

    [Category] public Soil Soil { get; init; }

    [Target] public Flower Kind { get; init; }
}

/// <summary>A target that is a number, and one that says false or true.</summary>
public sealed record Bloom<T>([Numeric] float Size, [Target] T Blooms) where T : struct;

public sealed class TextRow
{
    [Category(Capacity = 300)] public string? Word { get; init; }

    [Target] public string Kind { get; init; } = "";
}

[Input<FlowerRow>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class FlowerNet;

[Input<FlowerRow<ReorderedSoil, ReorderedFlower>>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class ReorderedFlowerNet;

[Input<FlowerRow<MoreSoil, Flower>>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class MoreFlowerNet;

[Input<ScaledFlowerRow>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class ScaledFlowerNet;

[Input<BinnedFlowerRow>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class BinnedFlowerNet;

[Input<LongerFlowerRow>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class LongerFlowerNet;

[Input<FlowerBed<Soil, Flower>>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class ShorterFlowerNet;

[Input<TurnedFlowerRow>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class TurnedFlowerNet;

[Input(4), Dense(3, Softmax), Loss(CrossEntropy)]
public partial class PlainFlowerNet;

[Input<Bloom<float>>, Dense(1, Sigmoid), Loss(BCE)]
public partial class BloomShareNet;

[Input<Bloom<bool>>, Dense(1, Sigmoid), Loss(BCE)]
public partial class BloomNet;

[Input<TextRow>, Dense(3, Softmax), Loss(CrossEntropy)]
public partial class TextNet;
