namespace Mlp;

/// <summary>How well the scores of one output rank the rows whose answer is yes before the others.</summary>
/// <param name="RocAuc">Area under the ROC curve; null where all answers are yes, or none is.</param>
/// <param name="AveragePrecision">Mean precision over recall; null where no answer is yes.</param>
internal readonly record struct RankedScores(double? RocAuc, double? AveragePrecision)
{
    /// <summary>Ranks the rows by an output.</summary>
    /// <param name="predictions">The rows.</param>
    /// <param name="output">The output, from 0. Of classes that exclude each other, its class is the yes.</param>
    /// <param name="rows">Room for one index a row.</param>
    /// <param name="curve">Receives the counts at each distinct score, from the highest on; may be null.</param>
    /// <remarks>
    /// The area is the probability that a row of yes has a higher score than one of no, where equal scores count half (Hanley and McNeil, 1982). Average
    /// precision is <c>Σ (Rᵢ − Rᵢ₋₁)·Pᵢ</c> over the distinct scores from the highest on. Both are NaN where a score is.
    /// </remarks>
    public static RankedScores Of(in Predictions predictions, int output, int[] rows, ThresholdCurve? curve)
    {
        float[] scores = predictions.Scores;
        int stride = predictions.OutputSize;
        int count = 0;
        double positives = 0, negatives = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                rows[count++] = row;
                if (IsYes(predictions, row, output))
                {
                    positives += weight;
                }
                else
                {
                    negatives += weight;
                }

                if (float.IsNaN(scores[(row * stride) + output]))
                {
                    return new RankedScores(double.NaN, double.NaN);
                }
            }
        }

        rows.AsSpan(0, count).Sort(new HighestFirst(scores, stride, output));
        double yes = 0, no = 0, pairs = 0, precision = 0;
        curve?.Begin(positives, negatives);
        for (int i = 0; i < count;)
        {
            float score = scores[(rows[i] * stride) + output];
            double equalYes = 0, equalNo = 0;
            for (; i < count && scores[(rows[i] * stride) + output] == score; i++)
            {
                double weight = predictions.Weight(rows[i]);
                if (IsYes(predictions, rows[i], output))
                {
                    equalYes += weight;
                }
                else
                {
                    equalNo += weight;
                }
            }

            pairs += equalNo * (yes + (0.5 * equalYes));
            yes += equalYes;
            no += equalNo;
            precision += equalYes * (yes / (yes + no));
            curve?.Add(score, yes, no);
        }

        curve?.End();
        return new RankedScores(positives > 0 && negatives > 0 ? pairs / (positives * negatives) : null, positives > 0 ? precision / positives : null);
    }

    private static bool IsYes(in Predictions predictions, int row, int output) =>
        predictions.Kind == OutputKinds.Classes ? predictions.TrueClass(row) == output : predictions.IsYes(row, output);

    /// <summary>Orders rows by falling score, equal ones by number, so that there is one order only.</summary>
    private readonly struct HighestFirst(float[] scores, int stride, int output) : IComparer<int>
    {
        public int Compare(int left, int right)
        {
            float a = scores[(left * stride) + output];
            float b = scores[(right * stride) + output];
            return a > b ? -1 : a < b ? 1 : left.CompareTo(right);
        }
    }
}
