// A record as it changes from one version of a program to the next.
namespace Contract.Tests.Records
{
    public enum Soil
    {
        Loam,
        Clay,
        Peat,
    }

    public enum Flower
    {
        Rose,
        Tulip,
        Lily,
    }

    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Numeric] public float Size { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;

    [Input(4)]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class PlainFlowerNet;

    public sealed class TextRow
    {
        [Category(Capacity = 300)] public string? Word { get; init; }

        [Target] public string Kind { get; init; } = "";
    }

    [Input<TextRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class TextNet;
}

namespace Contract.Tests.Records.Reordered
{
    public enum Soil
    {
        Peat,
        Loam,
        Clay,
    }

    public enum Flower
    {
        Lily,
        Rose,
        Tulip,
    }

    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Numeric] public float Size { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}

namespace Contract.Tests.Records.More
{
    public enum Soil
    {
        Loam,
        Clay,
        Peat,
        Sand,
    }

    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Numeric] public float Size { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}

namespace Contract.Tests.Records.Scaled
{
    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Numeric(Scale = Scale.Robust)] public float Size { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}

namespace Contract.Tests.Records.Binned
{
    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Numeric(Bins = 4)] public float Size { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}

namespace Contract.Tests.Records.Longer
{
    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Numeric] public float Size { get; init; }

        [Numeric] public float Weight { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}

namespace Contract.Tests.Records.Shorter
{
    public sealed class FlowerRow
    {
        [Category] public Soil Soil { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}

namespace Contract.Tests.Records.Turned
{
    public sealed class FlowerRow
    {
        [Numeric] public float Size { get; init; }

        [Category] public Soil Soil { get; init; }

        [Target] public Flower Kind { get; init; }
    }

    [Input<FlowerRow>]
    [Dense(3, Softmax)]
    [Loss(CrossEntropy)]
    public partial class FlowerNet;
}
