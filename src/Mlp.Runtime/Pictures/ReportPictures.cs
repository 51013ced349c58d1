namespace Mlp;

/// <summary>The pictures of reports.</summary>
internal static class ReportPictures
{
    public static SvgPicture ConfusionMatrix(ConfusionMatrix matrix, string title)
    {
        double[,] weights = new double[matrix.Count, matrix.Count];
        for (int truth = 0; truth < matrix.Count; truth++)
        {
            for (int predicted = 0; predicted < matrix.Count; predicted++)
            {
                weights[truth, predicted] = matrix[truth, predicted];
            }
        }

        return ConfusionMatrixPicture.Draw(weights, PictureText.Names(matrix.ClassNames, matrix.Count), title);
    }

    public static SvgPicture RocCurve(ClassificationReport report, string title) =>
        ThresholdPicture.DrawRoc(Curves(report, static result => result.RocAuc), Threshold(report, isRoc: true), title);

    public static SvgPicture RocCurve(MultiLabelReport report, string title) =>
        ThresholdPicture.DrawRoc(Curves(report, static result => result.RocAuc), threshold: null, title);

    public static SvgPicture PrecisionRecallCurve(ClassificationReport report, string title) =>
        ThresholdPicture.DrawPrecisionRecall(Curves(report, static result => result.AveragePrecision), Threshold(report, isRoc: false), title);

    public static SvgPicture PrecisionRecallCurve(MultiLabelReport report, string title) =>
        ThresholdPicture.DrawPrecisionRecall(Curves(report, static result => result.AveragePrecision), threshold: null, title);

    public static SvgPicture Residuals(RegressionReport report, string title) =>
        ResidualsPicture.Draw([.. report.Outputs.Select(static output => (PictureText.Name(output.Name), output.Residuals))], title);

    /// <summary>A curve for each class; of two classes that of the second, as the first one's says the same from the other side.</summary>
    public static IReadOnlyList<NamedCurve> Curves(ClassificationReport report, Func<ClassResult, double?> area) =>
        Curves(report.Classes.Count == 2 ? report.Classes.Skip(1) : report.Classes, area);

    /// <summary>A curve for each output.</summary>
    public static IReadOnlyList<NamedCurve> Curves(MultiLabelReport report, Func<ClassResult, double?> area) => Curves(report.Outputs, area, "output ");

    private static NamedCurve[] Curves(IEnumerable<ClassResult> results, Func<ClassResult, double?> area, string what = "") =>
        [.. results.Select(result => new NamedCurve($"{what}{PictureText.Name(result.Name)}", result.Curve, area(result)))];

    /// <summary>Where the threshold in use lies on the curve of class 1.</summary>
    private static (double Threshold, double X, double Y)? Threshold(ClassificationReport report, bool isRoc)
    {
        if (report.Threshold is not double threshold)
        {
            return null;
        }

        ConfusionMatrix matrix = report.Confusion;
        double recall = matrix[1, 1] / (matrix[1, 0] + matrix[1, 1]);
        return isRoc
            ? (threshold, matrix[0, 1] / (matrix[0, 0] + matrix[0, 1]), recall)
            : (threshold, recall, matrix[1, 1] / (matrix[0, 1] + matrix[1, 1]));
    }
}
