namespace Mlp;

/// <summary>How well the outputs of a network answer yes or no, each by itself: what <c>Report</c> returns for several outputs with BCE or Hinge.</summary>
/// <remarks>
/// Rows count by their weights, where the data has any. The report keeps counts and curves, but neither data nor outputs. While it is made, it takes three
/// times the memory of the outputs at most. What is undefined is null. Immutable.
/// </remarks>
public sealed class MultiLabelReport
{
    private readonly ClassTable _table;

    internal MultiLabelReport(in Predictions predictions, string[] names)
    {
        _table = new ClassTable(predictions, names);
        Count = predictions.Count;
        Loss = predictions.MeanLoss;
        Accuracy = predictions.Accuracy!.Value;
        SubsetAccuracy = AllRight(predictions);
        if (predictions.Kind == OutputKinds.Probabilities)
        {
            CalibrationBins bins = new(predictions);
            CalibrationError = bins.Error;
            Calibration = bins.ToList();
            LogLoss = ProbabilityFormulas.LogLoss(predictions);
            Brier = ProbabilityFormulas.Brier(predictions);
            Threshold = predictions.Threshold;
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>The mean loss, as <see cref="Evaluation.Loss"/> has it.</summary>
    public double Loss { get; }

    /// <summary>The share of right answers over all rows and outputs, as <see cref="Evaluation.Accuracy"/> has it.</summary>
    public double Accuracy { get; }

    /// <summary>The share of rows of which all answers are right.</summary>
    public double SubsetAccuracy { get; }

    /// <summary>The mean F1 of the outputs.</summary>
    public double F1 => _table.F1;

    /// <summary>The mean area under the ROC curves of the outputs; null where that of one is undefined.</summary>
    public double? RocAuc => _table.RocAuc;

    /// <summary>The mean average precision of the outputs; null where that of one is undefined.</summary>
    public double? AveragePrecision => _table.AveragePrecision;

    /// <summary>Mean <c>−ln p</c> of the right answers, as <see cref="Metric.LogLoss"/> has it; null with Hinge, whose outputs are no probabilities.</summary>
    public double? LogLoss { get; }

    /// <summary>Mean squared difference of probabilities and targets, as <see cref="Metric.Brier"/> has it; null with Hinge.</summary>
    public double? Brier { get; }

    /// <summary>
    /// Expected calibration error over the answers of all outputs, in 15 equal bins of confidence, the probability of the answer, as of a
    /// <see cref="ClassificationReport.CalibrationError"/>; null with Hinge.
    /// </summary>
    public double? CalibrationError { get; }

    /// <summary>The 15 bins of <see cref="CalibrationError"/>; empty with Hinge.</summary>
    public IReadOnlyList<CalibrationBin> Calibration { get; } = [];

    /// <summary>The probability from which on an output says yes; null with Hinge.</summary>
    public double? Threshold { get; }

    /// <summary>Each output by itself: how well its yes is found.</summary>
    public IReadOnlyList<ClassResult> Outputs => _table.Results;

    /// <summary>Tables for reading: the outputs with their averages, and the numbers of the whole.</summary>
    public override string ToString()
    {
        TextTable whole = new("accuracy", TextTable.Share(Accuracy));
        whole.Add("rows all right", TextTable.Share(SubsetAccuracy));
        whole.Add("ROC AUC", TextTable.Share(RocAuc));
        whole.Add("average precision", TextTable.Share(AveragePrecision));
        if (LogLoss is not null)
        {
            whole.Add("log loss", TextTable.Number(LogLoss));
            whole.Add("Brier score", TextTable.Number(Brier));
            whole.Add("calibration error", TextTable.Share(CalibrationError));
            whole.Add("threshold", TextTable.Number(Threshold));
        }

        whole.Add("rows", TextTable.Weight(Count));
        return $"{_table.ToText(Average.Macro, Average.Micro, Average.Weighted)}\n{whole}";
    }

    private static double AllRight(in Predictions predictions)
    {
        double right = 0, weights = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            bool isRight = true;
            for (int output = 0; output < predictions.OutputSize; output++)
            {
                isRight &= predictions.IsYes(row, output) == predictions.SaysYes(row, output)
                    && !float.IsNaN(predictions.Scores[(row * predictions.OutputSize) + output]);
            }

            weights += predictions.Weight(row);
            right += isRight ? predictions.Weight(row) : 0;
        }

        return right / weights;
    }
}
