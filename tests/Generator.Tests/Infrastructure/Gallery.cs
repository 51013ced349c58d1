namespace Generator.Tests.Infrastructure;

/// <summary>
/// The networks that are generated, compiled and run for every change, and whose kernels the JIT is watched on: those of the samples, and one for each
/// thing that a declaration can say.
/// </summary>
internal static class Gallery
{
    /// <summary>
    /// Those whose generated files are kept to read: one neuron a vector, tiles, a softmax, a learned slope, noise, both normalizations, input gradients,
    /// an ensemble, tables of embeddings, and a network that only predicts.
    /// </summary>
    public static IReadOnlyList<GalleryNetwork> Read { get; } =
    [
        new("Xor", "[Input(2)] [Dense(4, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Small", "[Input(2)] [Dense(3, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Circles", "[Input(2)] [Dense(128, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Digits", "[Input(64, Standardize = true)] [Dense(64, Relu)] [Dense(10, Softmax)] [Loss(CrossEntropy)]"),
        new("PRelu", "[Input(2)] [Dense(3, PRelu)] [Dense(1)] [Loss(MSE)]"),
        new("Noisy", "[Input(9)] [GaussianNoise(0.1)] [Dense(20, Gelu)] [Dropout(0.2)] [Dense(2)] [Loss(MSE)]"),
        new("NormalizedResidual", "[Input(40)] [Dense(40, Tanh, Residual = true, Normalization = Normalization.Layer)] [Dense(3, Softmax)] [Loss(CrossEntropy)]"),
        new("BatchNormalized", "[Input(4)] [Dense(8, Relu, Normalization = Normalization.Batch)] [Dense(3, Softmax)] [Loss(CrossEntropy)]"),
        new("Sensitive", "[Input(3, Standardize = true, Gradients = true)] [Dense(4, Tanh)] [Dense(2)] [Loss(MSE)]"),
        new("Ensemble", "[Input(4, Standardize = true)] [Ensemble(8)] [Dense(32, Relu)] [Dense(32, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Embedded", "[Input<Passenger>] [Dense(32, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("PredictOnly", "[Input(4)] [Dense(16, Relu)] [Dense(3, Softmax)]"),
    ];

    public static IReadOnlyList<GalleryNetwork> Networks { get; } =
    [
        .. Read,
        new("Logistic", "[Input(2)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("DeepCircles", "[Input(2)] [Dense(128, Relu)] [Dense(128, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Mnist", "[Input(784)] [Dense(300, Relu)] [Dense(100, Relu)] [Dense(10, Softmax)] [Loss(CrossEntropy)]"),
        new("Thinned", "[Input(30)] [Dense(50, Relu, Name = \"Hidden\", Bias = false)] [Dropout(0.5)] [Dense(5, Sigmoid, Name = \"Tags\")] [Loss(BCE)]"),
        new("TinyThinned", "[Input(2)] [Dense(6, Tanh)] [Dropout(0.25)] [Dense(3, Softmax)] [Loss(CrossEntropy)]"),
        new("Regression", "[Input(13)] [Dense(24, Tanh)] [Dense(12, Tanh)] [Dense(1)] [Loss(MSE)]"),

        // One for each other activation.
        new("LeakyRelu", "[Input(2)] [Dense(3, LeakyRelu)] [Dense(1)] [Loss(MSE)]"),
        new("Elu", "[Input(2)] [Dense(3, Elu, Alpha = 1.5)] [Dense(1)] [Loss(MSE)]"),
        new("Selu", "[Input(2)] [Dense(3, Selu)] [Dense(1)] [Loss(MSE)]"),
        new("Gelu", "[Input(2)] [Dense(3, Gelu)] [Dense(1)] [Loss(MSE)]"),
        new("GeluTanh", "[Input(2)] [Dense(3, GeluTanh)] [Dense(1)] [Loss(MSE)]"),
        new("Silu", "[Input(2)] [Dense(3, Silu)] [Dense(1)] [Loss(MSE)]"),
        new("Mish", "[Input(2)] [Dense(3, Mish)] [Dense(1)] [Loss(MSE)]"),
        new("Softplus", "[Input(2)] [Dense(3, Softplus)] [Dense(1)] [Loss(MSE)]"),
        new("Softsign", "[Input(2)] [Dense(3, Softsign)] [Dense(1)] [Loss(MSE)]"),
        new("HardSigmoid", "[Input(2)] [Dense(3, HardSigmoid)] [Dense(1)] [Loss(MSE)]"),
        new("HardSwish", "[Input(2)] [Dense(3, HardSwish)] [Dense(1)] [Loss(MSE)]"),
        new("Exp", "[Input(2)] [Dense(3, Exp)] [Dense(1)] [Loss(MSE)]"),
        new("Step", "[Input(2)] [Dense(1, Step)] [Loss(MSE)]"),
        new("Sign", "[Input(2)] [Dense(1, Sign)] [Loss(MSE)]"),
        new("WideGelu", "[Input(20)] [Dense(40, Gelu)] [Dense(1)] [Loss(MSE)]"),
        new("WidePRelu", "[Input(20)] [Dense(40, PRelu)] [Dense(1)] [Loss(MSE)]"),

        // One for each other loss, and for the options.
        new("Mae", "[Input(2)] [Dense(3, Tanh)] [Dense(1)] [Loss(MAE)]"),
        new("Huber", "[Input(2)] [Dense(3, Tanh)] [Dense(2)] [Loss(Huber, Delta = 1.5)]"),
        new("LogCosh", "[Input(2)] [Dense(3, Tanh)] [Dense(1)] [Loss(LogCosh)]"),
        new("Counts", "[Input(2)] [Dense(3, Tanh)] [Dense(1, Exp)] [Loss(Poisson)]"),
        new("SoftCounts", "[Input(2)] [Dense(3, Tanh)] [Dense(1, Softplus)] [Loss(Poisson)]"),
        new("Margin", "[Input(2)] [Dense(3, Tanh)] [Dense(1)] [Loss(Hinge)]"),
        new("Smoothed", "[Input(2)] [Dense(3, Tanh)] [Dense(3, Softmax)] [Loss(CrossEntropy, LabelSmoothing = 0.1)]"),
        new("Weighted", "[Input(2)] [Dense(3, Tanh)] [Dense(3, Softmax)] [Loss(CrossEntropy, ClassWeights = new double[] { 1, 2, 0.5 })]"),
        new("Rare", "[Input(2)] [Dense(3, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE, PositiveWeight = 5)]"),

        // One for each other thing that a layer can have.
        new("LayerNormalized", "[Input(4)] [Dense(8, Gelu, Normalization = Normalization.Layer)] [Dense(3, Softmax)] [Loss(CrossEntropy)]"),
        new("Residual", "[Input(3)] [Dense(3, Tanh, Residual = true)] [Dense(1)] [Loss(MSE)]"),
        new("WideResidual", "[Input(40)] [Dense(40, Silu, Residual = true)] [Dense(1)] [Loss(MSE)]"),
        new("ThinnedInputs", "[Input(40)] [Dropout(0.2)] [Dense(20, Relu)] [Dense(1)] [Loss(MSE)]"),
        new("Penalized", "[Input(2)] [Dense(4, Tanh, L1 = 0.0001, L2 = 0.001)] [Dense(1)] [Loss(MSE)]"),
        new("LargeLayer", "[Input(3)] [Dense(64, Relu)] [Dense(10, Softmax)] [Loss(CrossEntropy)]"),
        new("WideSensitive", "[Input(40, Gradients = true)] [Dense(40, Tanh)] [Dense(2)] [Loss(MSE)]"),

        // Ensembles with all that a last layer can have, with a last layer alone, and without a loss.
        new("NoisyEnsemble", "[Input(9, Gradients = true)] [Ensemble(3)] [Dropout(0.2)] [Dense(20, Gelu)] [Dropout(0.1)] [Dense(12, Softmax)] [Loss(CrossEntropy, LabelSmoothing = 0.1)]"),
        new("NormalizedEnsemble", "[Input(6)] [Ensemble(4)] [Dense(9, Silu, Normalization = Normalization.Batch)] [Dense(9, PRelu, Residual = true, Normalization = Normalization.Batch)] [Loss(MSE)]"),
        new("EnsembleOfOne", "[Input(5)] [Ensemble(2)] [Dense(3)] [Loss(Huber, StandardizeTargets = true)]"),
        new("PredictingEnsemble", "[Input(4)] [Ensemble(5)] [Dense(16, Relu)] [Dense(3, Softmax)]"),

        // Tables alone, and with an ensemble and noise.
        new("TinyEmbedded", "[Input<Word>(Gradients = true)] [Dense(2)] [Loss(MSE)]"),
        new("EmbeddedEnsemble", "[Input<Passenger>(Gradients = true)] [Ensemble(3)] [Dropout(0.2)] [Dense(20, Gelu, Normalization = Normalization.Batch)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
    ];

    /// <summary>Networks at the edges of what is computed as straight-line code: the largest methods that are emitted.</summary>
    public static IReadOnlyList<GalleryNetwork> Largest { get; } =
    [
        new("OneSum", "[Input(64)] [Dense(7, Sigmoid)] [Loss(BCE)]"),
        new("ManySums", "[Input(12)] [Dense(64, Tanh)] [Loss(MSE)]"),
        new("ManyClasses", "[Input(12)] [Dense(64, Softmax)] [Loss(CrossEntropy)]"),
        new("ManyInputs", "[Input(64, Standardize = true)] [Dense(12, Tanh)] [Loss(MSE)]"),
        new("ManySlopes", "[Input(10)] [Dense(50, PRelu)] [Dense(3)] [Loss(MSE)]"),
        new("LongActivations", "[Input(8)] [Dense(64, Gelu)] [Dense(1)] [Loss(MSE)]"),
        new("Deltas", "[Input(12, Standardize = true)] [Dense(30, Tanh)] [Dense(12, Softmax)] [Loss(CrossEntropy)]"),
        new("Square", "[Input(27)] [Dense(27, Sigmoid)] [Loss(MSE)]"),
    ];

    /// <summary>One file that declares them all, in namespace <c>Gallery</c>.</summary>
    public static string Source { get; } =
        "namespace Gallery;\n\n" + string.Join("\n", Networks.Concat(Largest).Select(static network => network.Declaration).Append(Records));

    private const string Records = """
        public enum Deck { Upper, Lower }

        public sealed class Passenger
        {
            [Category(Capacity = 9, Embedding = 5)] public string Port { get; set; } = "";
            [Numeric] public double Fare { get; set; }
            [Category(Embedding = 2)] public Deck? Deck { get; set; }
            [Target] public bool Survived { get; set; }
        }

        public sealed class Word
        {
            [Category(Capacity = 20, Embedding = 3)] public string Text { get; set; } = "";
            [Target] public float Tone { get; set; }
            [Target] public float Length { get; set; }
        }

        """;
}

/// <param name="Name">Its name, and that of its snapshot's folder; the class is called so, with <c>Net</c> behind.</param>
/// <param name="Attributes">The attributes.</param>
internal sealed record GalleryNetwork(string Name, string Attributes)
{
    public string ClassName => Name + "Net";

    public string Declaration => $"{Attributes.Replace("] [", "]\n[")}\npublic partial class {ClassName};\n";

    public override string ToString() => Name;
}
