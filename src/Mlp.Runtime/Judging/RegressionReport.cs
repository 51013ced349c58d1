namespace Mlp;

/// <summary>How far predicted numbers are from their targets, on one data set: what <c>Report</c> returns for losses of regression.</summary>
/// <remarks>
/// All in the data's units. Rows count by their weights, where the data has any. Of several outputs each number but the largest error is the mean of their
/// own. The report keeps a sample of residuals, but neither data nor all outputs. What is undefined is null. Immutable.
/// </remarks>
public sealed class RegressionReport
{
    private readonly OutputResult[] _outputs;

    internal RegressionReport(in Predictions predictions, string[] names)
    {
        Count = predictions.Count;
        Loss = predictions.MeanLoss;
        _outputs = new OutputResult[predictions.OutputSize];
        for (int output = 0; output < _outputs.Length; output++)
        {
            _outputs[output] = new OutputResult(predictions, output, names[output]);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>The mean loss, as <see cref="Evaluation.Loss"/> has it.</summary>
    public double Loss { get; }

    /// <summary>Share of the targets' variance that predictions explain, as <see cref="Metric.R2"/> has it; null for a single row.</summary>
    public double? R2 => Mean(static output => output.R2);

    /// <summary>Mean absolute error.</summary>
    public double Mae => Mean(static output => output.Mae)!.Value;

    /// <summary>Root of the mean squared error.</summary>
    public double Rmse => Mean(static output => output.Rmse)!.Value;

    /// <summary>Mean of |error| / |target|, a fraction; null where a target is 0.</summary>
    public double? Mape => Mean(static output => output.Mape);

    /// <summary>Median of the absolute errors.</summary>
    public double MedianAbsoluteError => Mean(static output => output.MedianAbsoluteError)!.Value;

    /// <summary>The largest absolute error of all outputs.</summary>
    public double MaximumError => _outputs.Max(static output => output.MaximumError);

    /// <summary>Each output by itself.</summary>
    public IReadOnlyList<OutputResult> Outputs => Array.AsReadOnly(_outputs);

    /// <summary>A table for reading: a line for one output; for several a line each, and one for all.</summary>
    public override string ToString()
    {
        TextTable table = new("output", "R²", "MAE", "RMSE", "MAPE", "median error", "largest error");
        foreach (OutputResult output in _outputs)
        {
            Add(output.Name, output.R2, output.Mae, output.Rmse, output.Mape, output.MedianAbsoluteError, output.MaximumError);
        }

        if (_outputs.Length > 1)
        {
            Add("all", R2, Mae, Rmse, Mape, MedianAbsoluteError, MaximumError);
        }

        TextTable whole = new("loss", TextTable.Number(Loss));
        whole.Add("rows", TextTable.Weight(Count));
        return $"{table}\n{whole}";

        void Add(string name, double? r2, double mae, double rmse, double? mape, double median, double largest) => table.Add(
            name,
            TextTable.Share(r2),
            TextTable.Number(mae),
            TextTable.Number(rmse),
            TextTable.Share(mape),
            TextTable.Number(median),
            TextTable.Number(largest));
    }

    /// <summary>The mean of the outputs' own values; null where one of them is.</summary>
    private double? Mean(Func<OutputResult, double?> part)
    {
        double sum = 0;
        foreach (OutputResult output in _outputs)
        {
            if (part(output) is not double value)
            {
                return null;
            }

            sum += value;
        }

        return sum / _outputs.Length;
    }
}
