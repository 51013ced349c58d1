using System.Globalization;
using System.Text;

namespace Generator.Tests.Infrastructure;

/// <summary>A network as tests describe it: the interpreter runs it, and it prints itself as the declaration that a user would write.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="InputSize">Number of input columns.</param>
/// <param name="Layers">The dense layers.</param>
/// <param name="Loss">The loss, or null for a network that only predicts.</param>
/// <param name="Standardize">Whether inputs are centred and scaled.</param>
internal sealed record TestNetwork(string Name, int InputSize, IReadOnlyList<TestLayer> Layers, LossFunction? Loss, bool Standardize = false)
{
    /// <summary>Whether <c>InputGradients</c> is generated.</summary>
    public bool InputGradients { get; init; }

    /// <summary>The inputs that are numbers of rows in tables of embeddings, in order of their slots; none where inputs are standardised.</summary>
    public IReadOnlyList<TestTable> Tables { get; init; } = [];

    /// <summary>Members of an ensemble, which share all layers but the last; 1 for a network that is none.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Rate of the dropout before the first layer.</summary>
    public double InputDropout { get; init; }

    /// <summary>Deviation of the noise before the first layer.</summary>
    public double InputNoise { get; init; }

    /// <summary>The error from which on Huber's loss is linear.</summary>
    public double Delta { get; init; } = 1;

    public double LabelSmoothing { get; init; }

    public IReadOnlyList<double>? ClassWeights { get; init; }

    public double PositiveWeight { get; init; } = 1;

    public int OutputSize => Layers[^1].Units;

    /// <summary>Number of values of a row that the first layer sees: rows of tables in the place of their numbers.</summary>
    public int ExpandedSize => InputSize + Tables.Sum(static table => table.Length - 1);

    public int ParameterCount => Tensors().Last().Range.End.Value;

    /// <summary>The layers; the last once for each member.</summary>
    public IReadOnlyList<TestLayer> AllLayers => [.. Layers.SkipLast(1), .. Enumerable.Repeat(Layers[^1], Members)];

    /// <summary>The number of a layer among those that are declared, from its number among all of them.</summary>
    public int Declared(int layer) => Math.Min(layer, Layers.Count - 1);

    /// <summary>The numbers from 0 among all layers of those with batch normalization.</summary>
    public IEnumerable<int> NormalizedByBatch =>
        Enumerable.Range(0, AllLayers.Count).Where(layer => AllLayers[layer].Normalization == Normalization.Batch);

    public bool HasBatchNormalization => NormalizedByBatch.Any();

    /// <summary>Whether dropout or noise is declared anywhere: a training step then differs from its gradients.</summary>
    public bool IsRandomInTraining => InputDropout > 0 || InputNoise > 0 || Layers.Any(static layer => layer.Dropout > 0 || layer.Noise > 0);

    /// <summary>The number of inputs of a layer, by its number among all of them.</summary>
    public int Inputs(int layer) => layer == 0 || Layers.Count == 1 ? ExpandedSize : Layers[Math.Min(layer, Layers.Count - 1) - 1].Units;

    /// <summary>Each tensor's place in parameter order: tables of embeddings as one, scales of an ensemble, then weights for every layer and the others where it has them.</summary>
    public IEnumerable<Tensor> Tensors()
    {
        int offset = Tables.Sum(static table => table.Rows * table.Length);
        if (Tables.Count > 0)
        {
            yield return new Tensor(0, TensorKind.Tables, 0..offset);
        }

        if (Members > 1)
        {
            yield return new Tensor(0, TensorKind.Scales, offset..(offset + (Members * ExpandedSize)));
            offset += Members * ExpandedSize;
        }

        for (int layer = 0; layer < AllLayers.Count; layer++)
        {
            TestLayer dense = AllLayers[layer];
            bool isNormalized = dense.Normalization != Normalization.None;
            (TensorKind Kind, int Length)[] tensors =
            [
                (TensorKind.Weights, Inputs(layer) * dense.Units),
                (TensorKind.Biases, dense.Bias ? dense.Units : 0),
                (TensorKind.Gains, isNormalized ? dense.Units : 0),
                (TensorKind.Shifts, isNormalized ? dense.Units : 0),
                (TensorKind.Slope, dense.Activation == Activation.PRelu ? 1 : 0),
            ];
            foreach ((TensorKind kind, int length) in tensors.Where(static tensor => tensor.Length > 0))
            {
                yield return new Tensor(layer, kind, offset..(offset + length));
                offset += length;
            }
        }
    }

    /// <summary>The declaration as C#, with its record where there are tables.</summary>
    public string ToSource()
    {
        StringBuilder source = new();
        source.AppendLine(Tables.Count > 0
            ? $"[Input<{Name}Row>{(InputGradients ? "(Gradients = true)" : "")}]"
            : Text($"[Input({InputSize}{(Standardize ? ", Standardize = true" : "")}{(InputGradients ? ", Gradients = true" : "")})]"));
        source.Append(Members > 1 ? Text($"[Ensemble({Members})]\n") : "");
        AppendNoise(source, InputDropout, InputNoise);
        foreach (TestLayer layer in Layers)
        {
            source.AppendLine(layer.ToSource());
            AppendNoise(source, layer.Dropout, layer.Noise);
        }

        if (Loss is LossFunction loss)
        {
            source.Append(Text($"[Loss(LossFunction.{loss}"));
            source.Append(Delta == 1 ? "" : Text($", Delta = {Delta}"));
            source.Append(LabelSmoothing == 0 ? "" : Text($", LabelSmoothing = {LabelSmoothing}"));
            source.Append(ClassWeights is null ? "" : $", ClassWeights = new double[] {{ {string.Join(", ", ClassWeights.Select(static w => Text($"{w}")))} }}");
            source.Append(PositiveWeight == 1 ? "" : Text($", PositiveWeight = {PositiveWeight}")).AppendLine(")]");
        }

        return source.AppendLine(Text($"public partial class {Name};")).Append(Tables.Count > 0 ? RecordSource() : "").ToString();
    }

    /// <summary>The architecture in one line, for messages.</summary>
    public override string ToString() => ToSource()
        .ReplaceLineEndings(" ").Replace("Activation.", "").Replace("LossFunction.", "").Replace("Normalization.", "").TrimEnd();

    private string RecordSource()
    {
        IEnumerable<string> inputs = Enumerable.Range(0, InputSize).Select(slot => Tables.FirstOrDefault(table => table.Slot == slot) is TestTable table
            ? Text($"[Category(Capacity = {table.Rows}, Embedding = {table.Length})] public string X{slot} {{ get; set; }} = \"\";")
            : Text($"[Numeric(Scale = Scale.None)] public float X{slot} {{ get; set; }}"));
        IEnumerable<string> targets = Loss switch
        {
            null => [],
            LossFunction.CrossEntropy => ["[Target] public string Y { get; set; } = \"\";"],
            _ => Enumerable.Range(0, OutputSize).Select(static o => Text($"[Target] public float Y{o} {{ get; set; }}")),
        };
        return $"public sealed class {Name}Row\n{{\n{string.Concat(inputs.Concat(targets).Select(static property => $"    {property}\n"))}}}\n";
    }

    private static void AppendNoise(StringBuilder source, double dropout, double noise)
    {
        source.Append(dropout > 0 ? Text($"[Dropout({dropout})]\n") : "").Append(noise > 0 ? Text($"[GaussianNoise({noise})]\n") : "");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A table of embeddings.</summary>
/// <param name="Slot">Index of the input that is the number of a row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Length">Values of a row.</param>
internal sealed record TestTable(int Slot, int Rows, int Length);

/// <summary>A dense layer and the dropout behind it.</summary>
internal sealed record TestLayer(int Units, Activation Activation = Activation.Linear, bool Bias = true, double Dropout = 0)
{
    /// <summary>Deviation of the noise behind the layer.</summary>
    public double Noise { get; init; }

    /// <summary>Slope or scale as it is declared; null where it is left out.</summary>
    public double? Alpha { get; init; }

    public bool Residual { get; init; }

    /// <summary>Whether training leaves the layer as it is. The interpreter differentiates it all the same.</summary>
    public bool Frozen { get; init; }

    public Normalization Normalization { get; init; }

    public double Epsilon { get; init; } = 1e-5;

    public double Momentum { get; init; } = 0.1;

    public double L1 { get; init; }

    public double L2 { get; init; }

    /// <summary>The slope or scale, that of the literature where it is left out.</summary>
    public double Slope => Alpha ?? Activation switch
    {
        Activation.LeakyRelu => 0.01,
        Activation.PRelu => 0.25,
        Activation.Elu => 1,
        _ => double.NaN,
    };

    /// <summary>The attribute as C#.</summary>
    public string ToSource()
    {
        List<string> arguments = [$"{Units}", $"Activation.{Activation}"];
        Add(!Bias, $"Bias = false");
        Add(Alpha is not null, $"Alpha = {Alpha}");
        Add(Residual, $"Residual = true");
        Add(Frozen, $"Frozen = true");
        Add(Normalization != Normalization.None, $"Normalization = Normalization.{Normalization}");
        Add(Epsilon != 1e-5, $"NormalizationEpsilon = {Epsilon}");
        Add(Momentum != 0.1, $"NormalizationMomentum = {Momentum}");
        Add(L1 != 0, $"L1 = {L1}");
        Add(L2 != 0, $"L2 = {L2}");
        return $"[Dense({string.Join(", ", arguments)})]";

        void Add(bool isSaid, FormattableString argument)
        {
            if (isSaid)
            {
                arguments.Add(argument.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}

/// <summary>What a tensor of parameters is, in the order of the parameters of a layer.</summary>
internal enum TensorKind
{
    Weights,
    Biases,
    Gains,
    Shifts,
    Slope,

    /// <summary>What the members of an ensemble multiply the inputs by: in front of the first layer.</summary>
    Scales,

    /// <summary>All tables of embeddings, one behind the other, each [rows × length]: in front of all others.</summary>
    Tables,
}

/// <summary>A tensor of parameters.</summary>
/// <param name="Layer">Number of its layer from 0 among all of them, the last once for each member.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Range">Its place in parameter order.</param>
internal sealed record Tensor(int Layer, TensorKind Kind, Range Range)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} of layer {Layer + 1}";
}
