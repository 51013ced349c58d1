namespace Mlp;

/// <summary>How far the predictions of one output are from their targets.</summary>
public sealed class OutputResult
{
    /// <summary>Rows of which residuals are kept.</summary>
    private const int MostResiduals = 2000;

    internal OutputResult(in Predictions predictions, int output, string name)
    {
        Name = name;
        R2 = RegressionFormulas.R2(predictions, output);
        Mae = RegressionFormulas.Mae(predictions, output)!.Value;
        Rmse = RegressionFormulas.Rmse(predictions, output)!.Value;
        Mape = RegressionFormulas.Mape(predictions, output);
        MedianAbsoluteError = RegressionFormulas.MedianAbsoluteError(predictions, output)!.Value;
        MaximumError = RegressionFormulas.MaximumError(predictions, output);
        Residuals = SampleOf(predictions, output);
    }

    /// <summary>The name of the record's target; without a record, or with other targets than outputs, the index of the output as text.</summary>
    public string Name { get; }

    /// <summary>Share of the targets' variance that predictions explain, as <see cref="Metric.R2"/> has it; null for a single row.</summary>
    public double? R2 { get; }

    /// <summary>Mean absolute error.</summary>
    public double Mae { get; }

    /// <summary>Root of the mean squared error.</summary>
    public double Rmse { get; }

    /// <summary>Mean of |error| / |target|, a fraction; null where a target is 0.</summary>
    public double? Mape { get; }

    /// <summary>Median of the absolute errors.</summary>
    public double MedianAbsoluteError { get; }

    /// <summary>The largest absolute error.</summary>
    public double MaximumError { get; }

    /// <summary>Targets and predictions, for pictures: of all rows in order, or of 2,000 at equal distances where there are more.</summary>
    public IReadOnlyList<Residual> Residuals { get; }

    private static IReadOnlyList<Residual> SampleOf(in Predictions predictions, int output)
    {
        Residual[] sample = new Residual[Math.Min(predictions.Count, MostResiduals)];
        for (int i = 0; i < sample.Length; i++)
        {
            int row = (int)((long)i * predictions.Count / sample.Length);
            sample[i] = new Residual(predictions.Target(row, output), predictions.Scores[(row * predictions.OutputSize) + output]);
        }

        return Array.AsReadOnly(sample);
    }
}
