namespace Mlp;

/// <summary>
/// How well a network tells classes apart, on one data set: what <c>Report</c> returns for one output with BCE or Hinge, and for CrossEntropy.
/// </summary>
/// <remarks>
/// Rows count by their weights, where the data has any. The report keeps counts and curves, but neither data nor outputs: its size depends on the number of
/// classes alone. While it is made, it takes three times the memory of the outputs at most. What is undefined is null. Immutable.
/// </remarks>
public sealed class ClassificationReport
{
    /// <summary>A matrix of more classes is too wide to read.</summary>
    private const int MostInMatrix = 20;

    private readonly ClassTable _table;

    internal ClassificationReport(in Predictions predictions, string[] names)
    {
        _table = new ClassTable(predictions, names);
        Confusion = new ConfusionMatrix(predictions, names);
        Count = predictions.Count;
        Loss = predictions.MeanLoss;
        Accuracy = predictions.Accuracy!.Value;
        if (predictions.Kind == OutputKinds.Probability)
        {
            Threshold = predictions.Threshold;
        }

        if ((predictions.Kind & OutputKinds.AllProbabilities) != 0)
        {
            CalibrationBins bins = new(predictions);
            CalibrationError = bins.Error;
            Calibration = bins.ToList();
            LogLoss = ProbabilityFormulas.LogLoss(predictions);
            Brier = ProbabilityFormulas.Brier(predictions);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>The mean loss, as <see cref="Evaluation.Loss"/> has it.</summary>
    public double Loss { get; }

    /// <summary>The share of right answers, as <see cref="Evaluation.Accuracy"/> has it.</summary>
    public double Accuracy { get; }

    /// <summary>The mean recall of the classes that the data has.</summary>
    public double BalancedAccuracy => _table.BalancedAccuracy;

    /// <summary>Matthews's correlation coefficient, as <see cref="Metric.Matthews"/> has it.</summary>
    public double Matthews => _table.Matthews;

    /// <summary>F1, as <see cref="Metric.F1"/> has it: of class 1 for one output, else the mean of the classes.</summary>
    public double F1 => _table.F1;

    /// <summary>
    /// Area under the ROC curve, as <see cref="Metric.RocAuc"/> has it: of class 1 for one output, else the mean of the classes against the rest.
    /// </summary>
    public double? RocAuc => _table.RocAuc;

    /// <summary>Average precision, as <see cref="Metric.AveragePrecision"/> has it.</summary>
    public double? AveragePrecision => _table.AveragePrecision;

    /// <summary>Mean <c>−ln p</c> of the right classes, as <see cref="Metric.LogLoss"/> has it; null with Hinge, whose outputs are no probabilities.</summary>
    public double? LogLoss { get; }

    /// <summary>Mean squared difference of probabilities and targets, as <see cref="Metric.Brier"/> has it; null with Hinge.</summary>
    public double? Brier { get; }

    /// <summary>
    /// Expected calibration error (Guo et al., 2017): how far confidences are from accuracies, in the weighted mean over 15 equal bins of confidence, which is
    /// the probability of the most probable class. 0 where of the answers with confidence 0.8 four in five are right. Null with Hinge.
    /// </summary>
    public double? CalibrationError { get; }

    /// <summary>The 15 bins of <see cref="CalibrationError"/>; empty with Hinge.</summary>
    public IReadOnlyList<CalibrationBin> Calibration { get; } = [];

    /// <summary>The threshold that decided between two classes of one probability; null for other networks.</summary>
    public double? Threshold { get; }

    /// <summary>How often rows of each class get each class: <c>Confusion[truth, predicted]</c>.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Each class by itself, in the order of labels.</summary>
    public IReadOnlyList<ClassResult> Classes => _table.Results;

    /// <summary>Tables for reading: the classes with their averages, the numbers of the whole, and the confusion matrix of up to 20 classes.</summary>
    public override string ToString()
    {
        TextTable whole = new("accuracy", TextTable.Share(Accuracy));
        whole.Add("balanced accuracy", TextTable.Share(BalancedAccuracy));
        whole.Add("Matthews", TextTable.Share(Matthews));
        whole.Add("ROC AUC", TextTable.Share(RocAuc));
        whole.Add("average precision", TextTable.Share(AveragePrecision));
        if (LogLoss is not null)
        {
            whole.Add("log loss", TextTable.Number(LogLoss));
            whole.Add("Brier score", TextTable.Number(Brier));
            whole.Add("calibration error", TextTable.Share(CalibrationError));
        }

        if (Threshold is double threshold)
        {
            whole.Add("threshold", TextTable.Number(threshold));
        }

        whole.Add("rows", TextTable.Weight(Count));
        return $"{_table.ToText(Average.Macro, Average.Weighted)}\n{whole}{(Confusion.Count <= MostInMatrix ? $"\n{Confusion}" : "")}";
    }
}
