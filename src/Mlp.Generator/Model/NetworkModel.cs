namespace Mlp.Generator.Model;

/// <summary>What the user declared: a value without compiler types, the only thing that later stages see.</summary>
internal sealed record NetworkModel
{
    /// <summary>Namespace as code, keywords in it escaped; empty for the global one.</summary>
    public required string Namespace { get; init; }

    /// <summary>Declarations of the containing types from outermost to innermost, as code: <c>partial class Outer</c>, <c>partial struct @class</c>.</summary>
    public required EquatableArray<string> ContainingTypes { get; init; }

    /// <summary>Name of the class as code, escaped where it is a keyword: <c>CircleNet</c>, <c>@class</c>.</summary>
    public required string ClassName { get; init; }

    /// <summary>What is declared: <c>class</c>, and of faulty networks <c>struct</c>, <c>record</c> or <c>record struct</c> too.</summary>
    public string Keyword { get; init; } = "class";

    /// <summary>Type parameters of a faulty network as code, <c>&lt;T&gt;</c>; empty for a sound one.</summary>
    public string TypeParameters { get; init; } = "";

    /// <summary>Full metadata name, for hint names: <c>My.App.Outer+CircleNet</c>.</summary>
    public required string MetadataName { get; init; }

    /// <summary>
    /// Whether another type or namespace differs by case alone: names of generated files, which ignore case, then carry a hash.
    /// </summary>
    public bool HasNameTwin { get; init; }

    /// <summary>Global aliases of the project that generated text would use otherwise, where the class stands in their scope: in no namespace.</summary>
    public EquatableArray<string> GlobalAliases { get; init; }

    /// <summary>Number of input columns.</summary>
    public required int InputSize { get; init; }

    /// <summary>The record whose properties are the inputs; null where these are numbers.</summary>
    public RecordModel? Record { get; init; }

    /// <summary>Whether inputs are centred and scaled by learned statistics.</summary>
    public required bool Standardize { get; init; }

    /// <summary>Whether the derivatives with respect to the inputs are wanted.</summary>
    public bool InputGradients { get; init; }

    /// <summary>What training does to the inputs before the first layer, in source order.</summary>
    public EquatableArray<NoiseModel> InputNoise { get; init; }

    /// <summary>Number of members of an ensemble, 2 or more; 1 for a network that is none.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The dense layers in source order, at least one. Each member of an ensemble has the last for itself.</summary>
    public required EquatableArray<LayerModel> Layers { get; init; }

    /// <summary>The loss, or null where only prediction is wanted.</summary>
    public required LossFunction? Loss { get; init; }

    /// <summary>What the loss is declared with.</summary>
    public LossOptions LossOptions { get; init; } = new();

    /// <summary>Name of the item whose file is the trained network, with <c>/</c> between folders; null where the class has none.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// Null for a sound declaration. Else the first problem, <c>MLP0003: …</c>: members are then written with a body that throws
    /// it, so that users see this message and not the compiler's about missing members.
    /// </summary>
    public required string? Fault { get; init; }

    /// <summary>
    /// Names of generated members that collide with members of a faulty declaration, in ordinal order. They are left out, so that the compiler
    /// reports no errors of its own in generated files.
    /// </summary>
    public EquatableArray<string> LeftOut { get; init; }

    /// <summary>The class as its declaration names it: <c>CircleNet</c>, of a faulty one <c>CircleNet&lt;T&gt;</c>.</summary>
    public string TypeName => ClassName + TypeParameters;

    /// <summary>The class as its members name it, in full, so that no inherited member hides it: <c>global::My.App.Outer.CircleNet</c>.</summary>
    public string FullName => Fault is null ? "global::" + string.Join(".", MetadataName.Split('.', '+').Select(CSharpName.Escape)) : TypeName;

    /// <summary>Whether there are statistics to learn from the training data, of inputs or of targets.</summary>
    public bool LearnsStatistics => Standardize || LossOptions.StandardizeTargets;

    /// <summary>Whether an output, or the sign of one, stands for a class.</summary>
    public bool Classifies => Loss == LossFunction.CrossEntropy || (Loss is LossFunction.BCE or LossFunction.Hinge && OutputSize == 1);

    /// <summary>Whether outputs are probabilities.</summary>
    public bool HasProbabilities => Loss is LossFunction.BCE or LossFunction.CrossEntropy;

    /// <summary>Whether each output is the probability of a yes, so that a threshold decides.</summary>
    public bool HasThreshold => Loss == LossFunction.BCE;

    public int OutputSize => Layers[Layers.Count - 1].Outputs;

    /// <summary>Whether members share all layers but the last.</summary>
    public bool IsEnsemble => Members > 1;

    /// <summary>Number of an ensemble's scales of the inputs.</summary>
    public long ScaleCount => IsEnsemble ? (long)Members * ExpandedSize : 0;

    /// <summary>Number of values of a row that the first layer sees: rows of tables in the place of their numbers.</summary>
    public int ExpandedSize => Record?.ExpandedWidth ?? InputSize;

    /// <summary>The columns with tables of embeddings, in order of their slots.</summary>
    public IEnumerable<ColumnModel> Embeddings => Record?.Columns.Items.Where(static column => column.Embedding > 0) ?? [];

    /// <summary>Whether there are tables of embeddings.</summary>
    public bool HasEmbeddings => Embeddings.Any();

    public long ParameterCount => Embeddings.Sum(static column => (long)column.TableRows * column.Embedding) + ScaleCount
        + Layers.Items.Sum(static layer => layer.ParameterCount) + ((Members - 1) * Layers[Layers.Count - 1].ParameterCount);
}

/// <summary>What a loss is declared with; each number is its neutral value where the loss has no use for it.</summary>
internal sealed record LossOptions
{
    /// <summary>Huber's error from which on the loss is linear.</summary>
    public double Delta { get; init; } = 1;

    /// <summary>Whether targets are centred and scaled by learned statistics.</summary>
    public bool StandardizeTargets { get; init; }

    /// <summary>Share of every target that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>One weight a class; empty where none are declared.</summary>
    public EquatableArray<double> ClassWeights { get; init; }

    /// <summary>Factor of the positive targets' term.</summary>
    public double PositiveWeight { get; init; } = 1;
}

internal enum NoiseKind
{
    Dropout,
    Gaussian,
}

/// <summary>Noise that training applies to a layer's outputs, or to the inputs.</summary>
/// <param name="Kind">Dropout multiplies, Gaussian noise adds.</param>
/// <param name="Amount">Dropout's rate in [0, 1), or a standard deviation above 0; never without effect.</param>
internal sealed record NoiseModel(NoiseKind Kind, double Amount);

/// <summary>One dense layer with the noise that follows it.</summary>
internal sealed record LayerModel
{
    /// <summary>Name of the view and of the tensors in files; default: <c>Layer1</c>, … A valid, unescaped identifier.</summary>
    public required string Name { get; init; }

    public required int Inputs { get; init; }

    public required int Outputs { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>Slope or scale of the activation; 0 where it has none.</summary>
    public double Alpha { get; init; }

    /// <summary>Never <see cref="Initializer.Auto"/>: the parser has resolved it.</summary>
    public required Initializer Initializer { get; init; }

    /// <summary>The number that the initializer needs; NaN for its own default.</summary>
    public double InitializerScale { get; init; } = double.NaN;

    /// <summary>Whether biases are drawn too; else they start at 0.</summary>
    public bool DrawsBiases { get; init; }

    public required bool HasBias { get; init; }

    /// <summary>Whether the inputs are added to the activated outputs; there are as many of both then.</summary>
    public bool IsResidual { get; init; }

    /// <summary>Whether training leaves the layer's parameters as they are.</summary>
    public bool IsFrozen { get; init; }

    public Normalization Normalization { get; init; }

    public double NormalizationEpsilon { get; init; } = 1e-5;

    public double NormalizationMomentum { get; init; } = 0.1;

    public double L1 { get; init; }

    public double L2 { get; init; }

    /// <summary>What training does to the outputs before the next layer, in source order; at most one of each kind.</summary>
    public EquatableArray<NoiseModel> Noise { get; init; }

    /// <summary>Rate of the dropout behind this layer; 0 where there is none.</summary>
    public double Dropout => Noise.Items.FirstOrDefault(static noise => noise.Kind == NoiseKind.Dropout)?.Amount ?? 0;

    /// <summary>Whether the activation has a learned slope.</summary>
    public bool HasSlope => Activation == Activation.PRelu;

    public bool IsNormalized => Normalization != Normalization.None;

    public long ParameterCount =>
        ((long)Inputs * Outputs) + (HasBias ? Outputs : 0) + (IsNormalized ? 2L * Outputs : 0) + (HasSlope ? 1 : 0);
}
