namespace Generator.Tests.Infrastructure;

/// <summary>
/// The networks whose generated files are kept as snapshots to read, and whose kernels the JIT is watched on: those of the samples, and one for
/// each thing that a declaration can say.
/// </summary>
internal static class Gallery
{
    public static IReadOnlyList<GalleryNetwork> Networks { get; } =
    [
        new("Logistic", "[Input(2)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Xor", "[Input(2)] [Dense(4, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Circles", "[Input(2)] [Dense(128, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("DeepCircles", "[Input(2)] [Dense(128, Relu)] [Dense(128, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Digits", "[Input(64, Standardize = true)] [Dense(64, Relu)] [Dense(10, Softmax)] [Loss(CrossEntropy)]"),
        new("Mnist", "[Input(784)] [Dense(300, Relu)] [Dense(100, Relu)] [Dense(10, Softmax)] [Loss(CrossEntropy)]"),
        new("Thinned", "[Input(20)] [Dense(50, Relu, Name = \"Hidden\", Bias = false)] [Dropout(0.5)] [Dense(5, Sigmoid, Name = \"Tags\")] [Loss(BCE)]"),
        new("TinyThinned", "[Input(2)] [Dense(6, Tanh)] [Dropout(0.25)] [Dense(3, Softmax)] [Loss(CrossEntropy)]"),
        new("Regression", "[Input(13)] [Dense(24, Tanh)] [Dense(12, Tanh)] [Dense(1)] [Loss(MSE)]"),
        new("PredictOnly", "[Input(4)] [Dense(16, Relu)] [Dense(3, Softmax)]"),
    ];

    /// <summary>Networks at the edges of what is computed as straight-line code: the largest methods that are emitted.</summary>
    public static IReadOnlyList<GalleryNetwork> Largest { get; } =
    [
        new("OneSum", "[Input(64)] [Dense(5, Sigmoid)] [Loss(BCE)]"),
        new("ManySums", "[Input(5)] [Dense(64, Tanh)] [Loss(MSE)]"),
        new("ManyClasses", "[Input(5)] [Dense(64, Softmax)] [Loss(CrossEntropy)]"),
        new("Deltas", "[Input(8, Standardize = true)] [Dense(16, Tanh)] [Dense(10, Softmax)] [Loss(CrossEntropy)]"),
        new("Square", "[Input(17)] [Dense(17, Sigmoid)] [Loss(MSE)]"),
    ];

    /// <summary>One file that declares them all, in namespace <c>Gallery</c>.</summary>
    public static string Source { get; } =
        "namespace Gallery;\n\n" + string.Join("\n", Networks.Concat(Largest).Select(static network => network.Declaration));
}

/// <param name="Name">Name of the snapshot's folder; the class is called so, with <c>Net</c> behind.</param>
/// <param name="Attributes">The attributes.</param>
internal sealed record GalleryNetwork(string Name, string Attributes)
{
    public string ClassName => Name + "Net";

    public string Declaration => $"{Attributes.Replace("] [", "]\n[")}\npublic partial class {ClassName};\n";

    public override string ToString() => Name;
}
