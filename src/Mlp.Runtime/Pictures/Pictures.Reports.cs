namespace Mlp;

public static partial class Pictures
{
    /// <summary>How often rows of each class were taken for which; right answers are blue, mistakes vermilion.</summary>
    /// <param name="counts">Rows by true class, then by predicted class: <c>[classes × classes]</c>, at least 0.</param>
    /// <param name="classNames">One name for each class; null for their numbers.</param>
    /// <param name="title">The picture's title; null for "Confusion matrix".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>Cells are the fuller, the larger their share of their true class's rows. Up to 16 classes cells have their numbers.</remarks>
    /// <exception cref="ArgumentException">The matrix is not square, has no classes or a negative count, or there is not one name for each class.</exception>
    public static string ConfusionMatrix(int[,] counts, IReadOnlyList<string>? classNames = null, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int classes = counts.GetLength(0);
        if (classes == 0 || counts.GetLength(1) != classes)
        {
            throw new ArgumentException(
                $"A confusion matrix has a row and a column for each class; this one has {classes} × {counts.GetLength(1)}.", nameof(counts));
        }

        foreach (int count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
        }

        if (classNames is not null && classNames.Count != classes)
        {
            throw new ArgumentException($"{classes} classes need {classes} names, not {classNames.Count}.", nameof(classNames));
        }

        double[,] weights = new double[classes, classes];
        Array.Copy(counts, weights, counts.Length);
        return ConfusionMatrixPicture.Draw(weights, PictureText.Names(classNames, classes), title ?? "Confusion matrix").ToString();
    }

    /// <summary>How often rows of each class were taken for which; right answers are blue, mistakes vermilion.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="title">The picture's title; null for "Confusion matrix".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <inheritdoc cref="ConfusionMatrix(int[,], IReadOnlyList{string}?, string?)" path="/remarks"/>
    public static string ConfusionMatrix(ClassificationReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ConfusionMatrix(report.Confusion, title);
    }

    /// <summary>How often rows of each class were taken for which; right answers are blue, mistakes vermilion.</summary>
    /// <param name="confusion">The matrix of a report.</param>
    /// <param name="title">The picture's title; null for "Confusion matrix".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <inheritdoc cref="ConfusionMatrix(int[,], IReadOnlyList{string}?, string?)" path="/remarks"/>
    public static string ConfusionMatrix(ConfusionMatrix confusion, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        return ReportPictures.ConfusionMatrix(confusion, title ?? "Confusion matrix").ToString();
    }

    /// <summary>ROC curves: at every threshold, the share of a class's rows that are found, over the share of the others that are taken for it.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="title">The picture's title; null for "ROC curve".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>
    /// Of two classes it is the curve of the second, where a threshold in use is marked; of more a curve for each against the rest, at most the ten with the
    /// smallest areas. Curves that are undefined, since all rows have the same answer, are named below.
    /// </remarks>
    public static string RocCurve(ClassificationReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportPictures.RocCurve(report, title ?? "ROC curve").ToString();
    }

    /// <summary>ROC curves of yes-or-no outputs, a curve for each, at most the ten with the smallest areas.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="title">The picture's title; null for "ROC curves".</param>
    /// <returns>The text of an SVG file.</returns>
    public static string RocCurve(MultiLabelReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportPictures.RocCurve(report, title ?? "ROC curves").ToString();
    }

    /// <summary>The ROC curve of answers of any origin.</summary>
    /// <param name="labels">For each row 1 for yes, or 0 for no.</param>
    /// <param name="scores">For each row a number that is the larger, the surer a yes.</param>
    /// <param name="title">The picture's title; null for "ROC curve".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">There are no rows, not as many scores as labels, or a label is neither 0 nor 1.</exception>
    public static string RocCurve(ReadOnlySpan<int> labels, ReadOnlySpan<float> scores, string? title = null)
    {
        (ThresholdCurve curve, double? area, _) = CurveOf(Answers(labels, scores, nameof(scores)));
        return ThresholdPicture.DrawRoc([new("yes", curve, area)], threshold: null, title ?? "ROC curve").ToString();
    }

    /// <summary>Precision-recall curves: at every threshold, how many of the rows that get a class have it, over the share of its rows that get it.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="title">The picture's title; null for "Precision-recall curve".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>
    /// Curves are steps, so that the area below one is its average precision. Which are drawn is said at
    /// <see cref="RocCurve(ClassificationReport, string?)"/>.
    /// </remarks>
    public static string PrecisionRecallCurve(ClassificationReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportPictures.PrecisionRecallCurve(report, title ?? "Precision-recall curve").ToString();
    }

    /// <summary>Precision-recall curves of yes-or-no outputs, a curve for each, at most the ten with the smallest areas.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="title">The picture's title; null for "Precision-recall curves".</param>
    /// <returns>The text of an SVG file.</returns>
    public static string PrecisionRecallCurve(MultiLabelReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportPictures.PrecisionRecallCurve(report, title ?? "Precision-recall curves").ToString();
    }

    /// <summary>The precision-recall curve of answers of any origin.</summary>
    /// <param name="labels">For each row 1 for yes, or 0 for no.</param>
    /// <param name="scores">For each row a number that is the larger, the surer a yes.</param>
    /// <param name="title">The picture's title; null for "Precision-recall curve".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">There are no rows, not as many scores as labels, or a label is neither 0 nor 1.</exception>
    public static string PrecisionRecallCurve(ReadOnlySpan<int> labels, ReadOnlySpan<float> scores, string? title = null)
    {
        (ThresholdCurve curve, _, double? area) = CurveOf(Answers(labels, scores, nameof(scores)));
        return ThresholdPicture.DrawPrecisionRecall([new("yes", curve, area)], threshold: null, title ?? "Precision-recall curve").ToString();
    }

    /// <summary>How often answers of each confidence are right, in 15 bins, and how many answers each bin has.</summary>
    /// <param name="report">What <c>Report</c> returned for a network whose outputs are probabilities.</param>
    /// <param name="title">The picture's title; null for "Calibration".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>The confidence of an answer is its probability. The points of a calibrated network lie on the dashed line.</remarks>
    /// <exception cref="ArgumentException">The outputs are no probabilities: the loss was Hinge.</exception>
    public static string Calibration(ClassificationReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return DrawCalibration(report.Calibration, report.CalibrationError, title, nameof(report));
    }

    /// <inheritdoc cref="Calibration(ClassificationReport, string?)"/>
    public static string Calibration(MultiLabelReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return DrawCalibration(report.Calibration, report.CalibrationError, title, nameof(report));
    }

    /// <summary>How often answers of any origin are right at each confidence, in 15 bins.</summary>
    /// <param name="labels">For each row 1 for yes, or 0 for no.</param>
    /// <param name="probabilities">For each row the probability of a yes.</param>
    /// <param name="title">The picture's title; null for "Calibration".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">
    /// There are no rows, not as many probabilities as labels, a label is neither 0 nor 1, or a probability is not in [0, 1].
    /// </exception>
    public static string Calibration(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, string? title = null)
    {
        Predictions answers = Answers(labels, probabilities, nameof(probabilities));
        foreach (float probability in probabilities)
        {
            if (!(probability is >= 0 and <= 1))
            {
                throw new ArgumentException($"Probabilities are in [0, 1]; one is {PictureText.Number(probability)}.", nameof(probabilities));
            }
        }

        CalibrationBins bins = new(answers);
        return DrawCalibration(bins.ToList(), bins.Error, title, nameof(probabilities));
    }

    /// <summary>How far predictions are from their targets, over the predictions, and how often by how much.</summary>
    /// <param name="report">What <c>Report</c> returned for a network of regression.</param>
    /// <param name="title">The picture's title; null for "Residuals".</param>
    /// <returns>The text of an SVG file, with a panel for each of the first six outputs.</returns>
    /// <remarks>Shows the rows that the report keeps: all up to 2,000.</remarks>
    public static string Residuals(RegressionReport report, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportPictures.Residuals(report, title ?? "Residuals").ToString();
    }

    /// <summary>How far predictions of any origin are from their targets.</summary>
    /// <param name="targets">What should be predicted.</param>
    /// <param name="predictions">What is: as many.</param>
    /// <param name="title">The picture's title; null for "Residuals".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>Of more than 2,500 rows, those that cover each other are left out. Rows that are not finite are not drawn.</remarks>
    /// <exception cref="ArgumentException">There are not as many predictions as targets.</exception>
    public static string Residuals(ReadOnlySpan<float> targets, ReadOnlySpan<float> predictions, string? title = null)
    {
        if (targets.Length != predictions.Length)
        {
            throw new ArgumentException($"{targets.Length} targets need {targets.Length} predictions, not {predictions.Length}.", nameof(predictions));
        }

        Residual[] rows = new Residual[targets.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = new Residual(targets[row], predictions[row]);
        }

        return ResidualsPicture.Draw([("", rows)], title ?? "Residuals").ToString();
    }

    /// <summary>Writes a report as a page of HTML: tables, confusion matrix, curves and calibration, whole in one file, without scripts.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="path">The file; replaced, whole or not at all, if it exists.</param>
    /// <param name="title">The page's title; null for "Classification report".</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void SaveHtml(this ClassificationReport report, string path, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        Save(path, ReportPage.Of(report, title ?? "Classification report"));
    }

    /// <summary>Writes a report as a page of HTML: tables, curves and calibration, whole in one file, without scripts.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="path">The file; replaced, whole or not at all, if it exists.</param>
    /// <param name="title">The page's title; null for "Multi-label report".</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void SaveHtml(this MultiLabelReport report, string path, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        Save(path, ReportPage.Of(report, title ?? "Multi-label report"));
    }

    /// <summary>Writes a report as a page of HTML: tables and residuals, whole in one file, without scripts.</summary>
    /// <param name="report">What <c>Report</c> returned.</param>
    /// <param name="path">The file; replaced, whole or not at all, if it exists.</param>
    /// <param name="title">The page's title; null for "Regression report".</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void SaveHtml(this RegressionReport report, string path, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        Save(path, ReportPage.Of(report, title ?? "Regression report"));
    }

    private static string DrawCalibration(IReadOnlyList<CalibrationBin> bins, double? error, string? title, string argument) => error is double known
        ? CalibrationPicture.Draw(bins, known, title ?? "Calibration").ToString()
        : throw new ArgumentException("Outputs with Hinge are no probabilities, so there is no calibration of them.", argument);

    private static (ThresholdCurve Curve, double? RocAuc, double? AveragePrecision) CurveOf(in Predictions answers)
    {
        ThresholdCurve curve = new();
        (double? area, double? precision) = new RankedRows(answers, output: 0, new RankingBuffers(answers)).Judge(ofYes: true, curve);
        return (curve, area, precision);
    }

    /// <summary>Labels and scores as a network of one output with BCE has them.</summary>
    private static Predictions Answers(ReadOnlySpan<int> labels, ReadOnlySpan<float> scores, string argument)
    {
        if (labels.IsEmpty)
        {
            throw new ArgumentException("There must be at least one row.", nameof(labels));
        }

        if (labels.Length != scores.Length)
        {
            throw new ArgumentException($"{labels.Length} labels need {labels.Length} {argument}, not {scores.Length}.", argument);
        }

        foreach (int label in labels)
        {
            if (label is not (0 or 1))
            {
                throw new ArgumentException($"Labels are 0 or 1; one is {label}.", nameof(labels));
            }
        }

        return new Predictions(LossFunction.BCE, scores.ToArray(), Dataset.FromLabels(new float[labels.Length], labels.ToArray(), inputSize: 1, classCount: 2));
    }
}
