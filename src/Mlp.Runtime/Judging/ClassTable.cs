namespace Mlp;

/// <summary>What reports on classes and on yes-or-no outputs have in common: a row each, and their averages.</summary>
internal sealed class ClassTable
{
    private readonly ClassCounts _counts;
    private readonly ClassResult[] _results;

    /// <summary>Judges each class, or output.</summary>
    /// <param name="predictions">The rows.</param>
    /// <param name="names">Names of the classes or outputs.</param>
    public ClassTable(in Predictions predictions, string[] names)
    {
        _counts = ClassCounts.Of(predictions);
        _results = new ClassResult[names.Length];
        RankingBuffers buffers = new(predictions);
        for (int output = 0; output < predictions.OutputSize; output++)
        {
            RankedRows ranked = new(predictions, output, buffers);
            if (_counts.IsOfOneOutput)
            {
                _results[0] = ResultOf(ranked, ofYes: false, names, 0);
                _results[1] = ResultOf(ranked, ofYes: true, names, 1);
            }
            else
            {
                _results[output] = ResultOf(ranked, ofYes: true, names, output);
            }
        }
    }

    /// <summary>A row a class.</summary>
    public IReadOnlyList<ClassResult> Results => Array.AsReadOnly(_results);

    /// <summary>The mean recall of the classes that the data has.</summary>
    public double BalancedAccuracy => _counts.BalancedAccuracy();

    /// <summary>Matthews's correlation of classes and answers.</summary>
    public double Matthews => _counts.Matthews();

    /// <summary>The area under the ROC curve as <see cref="Metric.RocAuc"/> has it.</summary>
    public double? RocAuc => Mean(static result => result.RocAuc);

    /// <summary>Average precision as <see cref="Metric.AveragePrecision"/> has it.</summary>
    public double? AveragePrecision => Mean(static result => result.AveragePrecision);

    /// <summary>F1 as <see cref="Metric.F1"/> has it.</summary>
    public double F1 => _counts.OfDefault(ClassCounts.F1);

    /// <summary>The rows as text, with some averages below.</summary>
    public string ToText(params Average[] averages)
    {
        TextTable table = new("", "precision", "recall", "F1", "ROC AUC", "average precision", "support");
        foreach (ClassResult result in _results)
        {
            table.Add(
                TextTable.Name(result.Name),
                TextTable.Share(result.Precision),
                TextTable.Share(result.Recall),
                TextTable.Share(result.F1),
                TextTable.Share(result.RocAuc),
                TextTable.Share(result.AveragePrecision),
                TextTable.Weight(result.Support));
        }

        table.Add();
        foreach (Average average in averages)
        {
            table.Add(
                $"{average.ToString().ToLowerInvariant()} average",
                TextTable.Share(_counts.Of(ClassCounts.Precision, average)),
                TextTable.Share(_counts.Of(ClassCounts.Recall, average)),
                TextTable.Share(_counts.Of(ClassCounts.F1, average)));
        }

        return table.ToString();
    }

    private ClassResult ResultOf(in RankedRows ranked, bool ofYes, string[] names, int index)
    {
        ThresholdCurve curve = new();
        (double? area, double? precision) = ranked.Judge(ofYes, curve);
        return new ClassResult(names[index], _counts, index) { RocAuc = area, AveragePrecision = precision, Curve = curve };
    }

    private double? Mean(Func<ClassResult, double?> part)
    {
        if (_counts.IsOfOneOutput)
        {
            return part(_results[1]);
        }

        double sum = 0;
        foreach (ClassResult result in _results)
        {
            if (part(result) is not double value)
            {
                return null;
            }

            sum += value;
        }

        return sum / _results.Length;
    }
}
