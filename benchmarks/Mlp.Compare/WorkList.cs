namespace Mlp.Compare;

/// <summary>Everything that is measured.</summary>
internal static class WorkList
{
    public const string Training = "Training";
    public const string Epochs = "Gradients and epochs";
    public const string OneRow = "Predicting one row";
    public const string ManyRows = "Predicting 1,024 rows";
    public const string Kernels = "Kernels alone";
    public const string ShapeTraining = "Other shapes: training";
    public const string ShapePrediction = "Other shapes: prediction";

    private static readonly int[] One = [1];
    private static readonly int[] OneAndTwo = [1, 2];
    private static readonly int[] ShapeBatches = [1, 2, 7, 16, 33, 64, 128, 512, 4096];
    private static readonly int[] QuickShapeBatches = [7, 64];

    /// <summary>What MlpGen and the peers are compared in.</summary>
    /// <param name="quick">Fewer rows in the long epoch.</param>
    public static IEnumerable<Work> Compared(bool quick)
    {
        yield return Classifier(WorkKind.Train, [784, 512, 512, 10], 64, 2048, OneAndTwo, Training);
        yield return Classifier(WorkKind.Train, [784, 512, 512, 10], 256, 2048, OneAndTwo, Training);
        yield return Classifier(WorkKind.Train, [784, 300, 100, 10], 64, 2048, OneAndTwo, Training);
        yield return Classifier(WorkKind.Train, [2, 128, 128, 1], 32, 2048, OneAndTwo, Training);
        yield return Classifier(WorkKind.Train, [30, 64, 32, 1], 32, 2048, OneAndTwo, Training);
        foreach (string hidden in (string[])["relu", "tanh"])
            yield return Classifier(WorkKind.Train, [2, 20, 1], 1024, 8192, One, Training) with { Hidden = hidden, Optimizer = "sgd" };

        yield return new Work(WorkKind.Gradients, [24, 8, 2], "tanh", "mse", "none", 200, 200, One, "call", Epochs);
        yield return new Work(WorkKind.Train, [4, 32, 16, 4], "tanh", "mse", "adam", 10_000, 10_000, OneAndTwo, "epoch", Epochs);
        (int[] Sizes, string Hidden)[] predicted =
            [([2, 20, 1], "relu"), ([2, 20, 1], "tanh"), ([30, 64, 32, 1], "relu"), ([2, 128, 128, 1], "relu"), ([784, 300, 100, 10], "relu")];
        foreach ((int[] sizes, string hidden) in predicted)
            yield return Classifier(WorkKind.Predict, sizes, 1, 1, One, OneRow) with { Hidden = hidden, Unit = "call" };
        foreach ((int[] sizes, string hidden) in predicted)
            yield return Classifier(WorkKind.Predict, sizes, 1024, 1024, OneAndTwo, ManyRows) with { Hidden = hidden };

        // Last, as it takes as long as all others together.
        yield return Classifier(WorkKind.Epoch, [784, 300, 100, 10], 64, quick ? 6_000 : 60_000, OneAndTwo, Epochs) with { Unit = "epoch" };
    }

    /// <summary>Kernels of single layers, for MlpGen and the peak alone: other libraries have no such parts.</summary>
    public static IEnumerable<Work> LayerKernels() =>
        from width in (int[])[64, 128, 512]
        from kernel in ((WorkKind Kind, string Optimizer)[])
        [
            (WorkKind.ForwardKernel, "none"), (WorkKind.DeltaKernel, "none"),
            (WorkKind.GradientKernel, "none"), (WorkKind.GradientKernel, "sgd"), (WorkKind.GradientKernel, "adam"),
        ]
        select new Work(kernel.Kind, [width, width], "relu", "none", kernel.Optimizer, 64, 64, One, "call", Kernels);

    /// <summary>Shapes for MlpGen and the peak alone: every network of the namespace <c>Mlp.Compare.Shapes</c> with many sizes of batches.</summary>
    public static IEnumerable<Work> Shapes(bool quick) =>
        from shape in Catalogue.Shapes
        from kind in (WorkKind[])[WorkKind.Train, WorkKind.Predict]
        from batch in quick ? QuickShapeBatches : ShapeBatches
        select Classifier(kind, shape, batch, Math.Max(batch, 512), One, kind == WorkKind.Train ? ShapeTraining : ShapePrediction);

    private static Work Classifier(WorkKind kind, int[] sizes, int batch, int rows, int[] threads, string section) => new(
        kind, sizes, "relu", sizes[^1] == 1 ? "bce" : "crossentropy", kind == WorkKind.Predict ? "none" : "adam",
        batch, rows, threads, "row", section);
}
