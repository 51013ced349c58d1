namespace Mlp;

/// <summary>Formulas of metrics that judge probabilities.</summary>
internal static class ProbabilityFormulas
{
    /// <summary>What a probability of exactly 0 counts as: the smallest float, so that the loss of a wrong certainty is 103, not infinite.</summary>
    private const double Least = float.Epsilon;

    /// <summary>What the complement of a probability of exactly 1 counts as: half the distance from 1 to the float before it.</summary>
    private const double LeastComplement = 1.0 / (1 << 25);

    /// <summary>Mean cross-entropy of targets and probabilities, of independent outputs the mean over these too.</summary>
    public static double? LogLoss(in Predictions predictions)
    {
        double sum = 0, weights = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                sum += weight * LogLossOfRow(predictions, row);
                weights += weight;
            }
        }

        return sum / weights;
    }

    /// <summary>Mean squared error of probabilities: the sum over classes that exclude each other, the mean over independent outputs.</summary>
    public static double? Brier(in Predictions predictions)
    {
        double sum = 0, weights = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                double ofRow = 0;
                for (int output = 0; output < predictions.OutputSize; output++)
                {
                    double error = (double)predictions.Scores[(row * predictions.OutputSize) + output] - predictions.Target(row, output);
                    ofRow += error * error;
                }

                sum += weight * (predictions.Kind == OutputKinds.Classes ? ofRow : ofRow / predictions.OutputSize);
                weights += weight;
            }
        }

        return sum / weights;
    }

    private static double LogLossOfRow(in Predictions predictions, int row)
    {
        bool excludeEachOther = predictions.Kind == OutputKinds.Classes;
        double sum = 0;
        for (int output = 0; output < predictions.OutputSize; output++)
        {
            double target = predictions.Target(row, output);
            double probability = predictions.Scores[(row * predictions.OutputSize) + output];
            if (double.IsNaN(probability))
            {
                return double.NaN;
            }

            if (target != 0)
            {
                sum -= target * ScalarMath.Log(Math.Max(probability, Least));
            }

            if (!excludeEachOther && target != 1)
            {
                sum -= (1 - target) * ScalarMath.Log(Math.Max(1 - probability, LeastComplement));
            }
        }

        return excludeEachOther ? sum : sum / predictions.OutputSize;
    }
}
