namespace Mlp;

/// <summary>Answers by confidence: the probability of the most probable class, or of the more probable of yes and no.</summary>
/// <remarks>The expected calibration error of Guo et al. (2017), with bins that are open below and closed above.</remarks>
internal sealed class CalibrationBins
{
    private const int Count = 15;

    private readonly double[] _confidences = new double[Count];
    private readonly double[] _right = new double[Count];
    private readonly double[] _weights = new double[Count];
    private bool _hasNaN;

    /// <summary>Puts each answer into its bin; of several yes-or-no outputs each gives one.</summary>
    /// <param name="predictions">Rows of a network whose outputs are probabilities.</param>
    public CalibrationBins(in Predictions predictions)
    {
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (predictions.Kind == OutputKinds.Classes)
            {
                int answer = predictions.PredictedClass(row);
                Add(predictions.Scores[(row * predictions.OutputSize) + answer], answer == predictions.TrueClass(row), weight);
                continue;
            }

            for (int output = 0; output < predictions.OutputSize; output++)
            {
                // The threshold has no part in it: it moves answers, not probabilities.
                double probability = predictions.Scores[(row * predictions.OutputSize) + output];
                bool saysYes = probability >= 0.5;
                Add(saysYes ? probability : 1 - probability, saysYes == predictions.IsYes(row, output), weight);
            }
        }
    }

    /// <summary>The weighted mean difference of confidence and accuracy; NaN where a probability is.</summary>
    public double Error
    {
        get
        {
            double sum = 0;
            for (int bin = 0; bin < Count; bin++)
            {
                sum += Math.Abs(_right[bin] - _confidences[bin]);
            }

            return _hasNaN ? double.NaN : sum / CanonicalSum.Sum(_weights);
        }
    }

    /// <summary>The bins, from confidence 0 to 1.</summary>
    public IReadOnlyList<CalibrationBin> ToList() => Array.AsReadOnly<CalibrationBin>(
    [
        .. Enumerable.Range(0, Count).Select(bin => new CalibrationBin(
            bin / (double)Count, (bin + 1) / (double)Count, _confidences[bin] / _weights[bin], _right[bin] / _weights[bin], _weights[bin])),
    ]);

    private void Add(double confidence, bool isRight, double weight)
    {
        if (weight == 0)
        {
            return;
        }

        if (double.IsNaN(confidence))
        {
            _hasNaN = true;
            return;
        }

        // The product of a float and a number of four bits is exact.
        int bin = Math.Max((int)Math.Ceiling(confidence * Count) - 1, 0);
        _confidences[bin] += weight * confidence;
        _weights[bin] += weight;
        if (isRight)
        {
            _right[bin] += weight;
        }
    }
}
