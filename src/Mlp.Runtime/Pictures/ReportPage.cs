namespace Mlp;

/// <summary>Reports as pages: their numbers as tables, their pictures, and the numbers of these as tables too.</summary>
internal static class ReportPage
{
    private const string Undefined = "–";

    /// <summary>Confusion matrices of more classes are too wide to read.</summary>
    private const int MostInMatrix = 50;

    /// <summary>Rows of a table of thresholds.</summary>
    private const int Thresholds = 11;

    public static string Of(ClassificationReport report, string title)
    {
        HtmlPage page = new(title);
        List<(string, string)> whole =
        [
            ("accuracy", Share(report.Accuracy)),
            ("balanced accuracy", Share(report.BalancedAccuracy)),
            ("F1", Share(report.F1)),
            ("Matthews correlation", Number(report.Matthews)),
        ];
        AddCommon(whole, report.RocAuc, report.AveragePrecision, report.LogLoss, report.Brier, report.CalibrationError, report.Threshold);
        AddWhole(page, whole, report.Loss, report.Count);
        AddClasses(page, "Classes", report.Classes);

        page.Heading("Confusion matrix");
        page.Picture(ReportPictures.ConfusionMatrix(report.Confusion, "Confusion matrix"));
        if (report.Confusion.Count <= MostInMatrix)
        {
            ConfusionMatrix matrix = report.Confusion;
            string[] names = PictureText.Names(matrix.ClassNames, matrix.Count);
            page.Details("The matrix as a table", () => page.Table(
                "Rows by truth (down) and prediction (across)",
                ["", .. names],
                names.Select((name, truth) => (IReadOnlyList<string>)[name, .. names.Select((_, predicted) => Weight(matrix[truth, predicted]))])));
        }

        page.Heading("Thresholds");
        page.Picture(ReportPictures.RocCurve(report, "ROC curve"));
        page.Picture(ReportPictures.PrecisionRecallCurve(report, "Precision-recall curve"));
        AddThresholds(page, ReportPictures.Curves(report, static result => result.RocAuc));
        AddCalibration(page, report.Calibration, report.CalibrationError);
        return page.ToString();
    }

    public static string Of(MultiLabelReport report, string title)
    {
        HtmlPage page = new(title);
        List<(string, string)> whole = [("accuracy", Share(report.Accuracy)), ("rows all right", Share(report.SubsetAccuracy))];
        AddCommon(whole, report.RocAuc, report.AveragePrecision, report.LogLoss, report.Brier, report.CalibrationError, report.Threshold);
        AddWhole(page, whole, report.Loss, report.Count);
        AddClasses(page, "Outputs", report.Outputs);

        page.Heading("Thresholds");
        page.Picture(ReportPictures.RocCurve(report, "ROC curves"));
        page.Picture(ReportPictures.PrecisionRecallCurve(report, "Precision-recall curves"));
        AddThresholds(page, ReportPictures.Curves(report, static result => result.RocAuc));
        AddCalibration(page, report.Calibration, report.CalibrationError);
        return page.ToString();
    }

    public static string Of(RegressionReport report, string title)
    {
        HtmlPage page = new(title);
        AddWhole(
            page,
            [
                ("R²", Number(report.R2)),
                ("mean absolute error", Number(report.Mae)),
                ("root mean squared error", Number(report.Rmse)),
                ("mean absolute percentage error", Share(report.Mape)),
                ("median absolute error", Number(report.MedianAbsoluteError)),
                ("largest absolute error", Number(report.MaximumError)),
            ],
            report.Loss,
            report.Count);
        if (report.Outputs.Count > 1)
        {
            page.Heading("Outputs");
            page.Table(
                "Each output by itself",
                ["output", "R²", "MAE", "RMSE", "MAPE", "median", "largest"],
                report.Outputs.Select(static output => (IReadOnlyList<string>)
                [
                    PictureText.Name(output.Name), Number(output.R2), Number(output.Mae), Number(output.Rmse), Share(output.Mape), Number(output.MedianAbsoluteError),
                    Number(output.MaximumError),
                ]));
        }

        page.Heading("Residuals");
        page.Picture(ReportPictures.Residuals(report, "Residuals"));
        return page.ToString();
    }

    private static void AddCommon(
        List<(string, string)> whole, double? rocAuc, double? averagePrecision, double? logLoss, double? brier, double? calibrationError, double? threshold)
    {
        whole.Add(("ROC AUC", Number(rocAuc)));
        whole.Add(("average precision", Number(averagePrecision)));
        if (logLoss is not null)
        {
            whole.AddRange([("log loss", Number(logLoss)), ("Brier score", Number(brier)), ("calibration error", Number(calibrationError))]);
        }

        if (threshold is not null)
        {
            whole.Add(("threshold", Number(threshold)));
        }
    }

    private static void AddWhole(HtmlPage page, List<(string Name, string Value)> whole, double loss, int count) => page.Table(
        "Overall",
        ["", "value"],
        [.. whole.Select(static pair => (IReadOnlyList<string>)[pair.Name, pair.Value]), ["loss", Number(loss)], ["rows", PictureText.Count(count)]]);

    private static void AddClasses(HtmlPage page, string heading, IReadOnlyList<ClassResult> results)
    {
        page.Heading(heading);
        page.Table(
            $"{heading}, each by itself",
            ["", "precision", "recall", "F1", "ROC AUC", "average precision", "rows"],
            results.Select(static result => (IReadOnlyList<string>)
            [
                PictureText.Name(result.Name), Share(result.Precision), Share(result.Recall), Share(result.F1), Number(result.RocAuc), Number(result.AveragePrecision),
                Weight(result.Support),
            ]));
    }

    private static void AddThresholds(HtmlPage page, IReadOnlyList<NamedCurve> curves) => page.Details("The curves as tables", () =>
    {
        foreach (NamedCurve curve in curves)
        {
            IReadOnlyList<ThresholdPoint> points = curve.Curve.Points;
            IEnumerable<ThresholdPoint> shown = points.Count <= Thresholds
                ? points
                : Enumerable.Range(0, Thresholds).Select(index => points[(int)((long)index * (points.Count - 1) / (Thresholds - 1))]);
            page.Table(
                curve.Name,
                ["threshold", "recall", "false positive rate", "precision"],
                shown.Select(point => (IReadOnlyList<string>)
                [
                    Number(point.Threshold),
                    Share(point.TruePositives / curve.Curve.Positives),
                    Share(point.FalsePositives / curve.Curve.Negatives),
                    Share(point.TruePositives / (point.TruePositives + point.FalsePositives)),
                ]));
        }
    });

    private static void AddCalibration(HtmlPage page, IReadOnlyList<CalibrationBin> bins, double? error)
    {
        if (error is not double known)
        {
            return;
        }

        page.Heading("Calibration");
        page.Picture(CalibrationPicture.Draw(bins, known, "Calibration"));
        page.Details("The bins as a table", () => page.Table(
            "Answers by confidence",
            ["confidence", "mean confidence", "right", "rows"],
            bins.Where(static bin => bin.Weight > 0).Select(static bin => (IReadOnlyList<string>)
            [
                $"{PictureText.Number(bin.Lower)} to {PictureText.Number(bin.Upper)}", Share(bin.Confidence), Share(bin.Accuracy), Weight(bin.Weight),
            ])));
    }

    private static string Share(double? value) => value is double share && !double.IsNaN(share) ? PictureText.Percent(share) : Undefined;

    private static string Number(double? value) => value is double number && !double.IsNaN(number) ? PictureText.Number(number) : Undefined;

    private static string Weight(double value) => PictureText.Weight(value);
}
