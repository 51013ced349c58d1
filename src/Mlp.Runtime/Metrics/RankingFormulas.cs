namespace Mlp;

/// <summary>Formulas of metrics that judge the order of scores.</summary>
internal static class RankingFormulas
{
    private delegate double? Part(in RankedRows rows);

    /// <summary>Area under the ROC curve: of two classes that of the second; else the mean of all outputs, undefined where one of them is.</summary>
    public static double? RocAuc(in Predictions predictions) => Mean(predictions, static (in rows) => rows.RocAuc());

    /// <summary>Average precision: of two classes that of the second; else the mean of all outputs, undefined where one of them is.</summary>
    public static double? AveragePrecision(in Predictions predictions) => Mean(predictions, static (in rows) => rows.AveragePrecision());

    /// <summary>Share of rows whose class is among the <paramref name="k"/> highest outputs; of equal ones the first come first.</summary>
    public static double? TopK(in Predictions predictions, int k)
    {
        double hits = 0, weights = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            weights += weight;
            hits += Rank(predictions, row) < k ? weight : 0;
        }

        return hits / weights;
    }

    /// <summary>How many classes come before that of the row; all where its output is NaN.</summary>
    private static int Rank(in Predictions predictions, int row)
    {
        ReadOnlySpan<float> outputs = predictions.Outputs.Slice(row * predictions.OutputSize, predictions.OutputSize);
        int truth = predictions.TrueClass(row);
        int before = 0;
        for (int output = 0; output < outputs.Length; output++)
        {
            before += outputs[output] > outputs[truth] || (outputs[output] == outputs[truth] && output < truth) ? 1 : 0;
        }

        return float.IsNaN(outputs[truth]) ? outputs.Length : before;
    }

    private static double? Mean(in Predictions predictions, Part part)
    {
        RankingBuffers buffers = new(predictions);
        double sum = 0;
        for (int output = 0; output < predictions.OutputSize; output++)
        {
            if (part(new RankedRows(predictions, output, buffers)) is not double value)
            {
                return null;
            }

            sum += value;
        }

        return sum / predictions.OutputSize;
    }
}
