namespace Mlp;

/// <summary>Temperature scaling of a network's last layer (Guo et al., 2017).</summary>
/// <remarks>
/// With β = 1/T, the mean log loss of σ(β·z) or softmax(β·z) is convex in β: Newton's method within a shrinking interval finds its least value. The
/// pre-activations z are recovered from outputs: ln p of softmax, up to a number that all classes share; of sigmoids ln p(z) − ln p(−z), where a second pass
/// has the last layer negated. Both keep their digits where probabilities are near 0 or 1. Where an output is 0, so that its logarithm is a bound alone, the
/// fit begins anew from the temperature that was found. An ensemble's outputs are means of probabilities and tell no pre-activations: there the loss itself is
/// computed, on a grid of factors and then by golden sections.
/// </remarks>
/// <typeparam name="TNet">The network's class.</typeparam>
internal sealed class Calibration<TNet> where TNet : class, INetwork<TNet>
{
    private const double LeastFactor = 0.01;
    private const double LargestFactor = 100;
    private const int MostRounds = 20;

    /// <summary>Factors of an ensemble that are tried first, from the least to the largest in equal ratios.</summary>
    private const int GridPoints = 25;

    /// <summary>Where golden sections end, as a ratio less 1: single precision of the outputs hides smaller differences.</summary>
    private const double SmallestSection = 1e-5;

    /// <summary>Smaller probabilities have lost digits, or are 0.</summary>
    private const float SmallestNormal = 1.17549435e-38f;

    private readonly NetworkState _network;
    private readonly NetworkState _copy;
    private readonly Evaluator _evaluator;
    private readonly bool _isSoftmax;
    private readonly float[] _logits;
    private bool _isSaturated;

    /// <summary>Prepares a calibration.</summary>
    /// <param name="network">The network, which the caller has for itself. Others may predict with it meanwhile, so a copy is what changes.</param>
    /// <param name="loss">BCE or CrossEntropy.</param>
    /// <param name="data">Data that fits the network.</param>
    public Calibration(NetworkState network, LossFunction loss, Dataset data)
    {
        TNet copy = TNet.Create(network.Seed);
        _network = network;
        _copy = copy.State;
        _copy.TakeWhole(network);
        _copy.Threads = network.Threads;
        _evaluator = new Evaluator(copy, loss, data, inDataUnits: true, keepsOutputs: true);
        _isSoftmax = loss == LossFunction.CrossEntropy;
        _logits = new float[data.Count * network.Layout.OutputSize];
    }

    /// <summary>Fits the temperature and folds it into the network.</summary>
    public double Run()
    {
        double factor = _network.Layout.Members > 1 ? FactorOfEnsemble() : FactorOfOne();
        ScaleLastLayer(factor);

        // In one copy, so that who predicts meanwhile hardly ever meets a layer that is scaled in part.
        _copy.Store.CopyTo(_network.Store);
        _network.Training.OptimizerState = null;
        _network.Threshold = Moved(_network.Threshold, factor);
        return 1 / factor;
    }

    private double FactorOfOne()
    {
        double factor = 1;
        for (int round = 0; round < MostRounds; round++)
        {
            Predictions predictions = ReadLogits(factor);
            double before = factor;
            factor *= Fit(predictions, LeastFactor / factor, LargestFactor / factor);
            if (!_isSaturated || Math.Abs(factor - before) <= 1e-6 * before)
            {
                break;
            }
        }

        return factor;
    }

    /// <summary>The factor of all members' pre-activations at which the log loss of their mean is least.</summary>
    private double FactorOfEnsemble()
    {
        double ratio = ScalarMath.Pow(LargestFactor / LeastFactor, 1.0 / (GridPoints - 1));
        double best = LeastFactor;
        double least = double.PositiveInfinity;
        for (int point = 0; point < GridPoints; point++)
        {
            double factor = LeastFactor * ScalarMath.Pow(ratio, point);
            double loss = LogLoss(factor);
            (best, least) = loss < least ? (factor, loss) : (best, least);
        }

        double golden = (Math.Sqrt(5) - 1) / 2;
        double low = Math.Max(best / ratio, LeastFactor);
        double high = Math.Min(best * ratio, LargestFactor);
        double inner = high * ScalarMath.Pow(low / high, golden);
        double outer = low * ScalarMath.Pow(high / low, golden);
        (double atInner, double atOuter) = (LogLoss(inner), LogLoss(outer));
        while (high > low * (1 + SmallestSection))
        {
            if (atInner <= atOuter)
            {
                (high, outer, atOuter) = (outer, inner, atInner);
                inner = high * ScalarMath.Pow(low / high, golden);
                atInner = LogLoss(inner);
            }
            else
            {
                (low, inner, atInner) = (inner, outer, atOuter);
                outer = low * ScalarMath.Pow(high / low, golden);
                atOuter = LogLoss(outer);
            }
        }

        // The ends of the range themselves are never tried in between.
        double found = atInner <= atOuter ? inner : outer;
        return least < Math.Min(atInner, atOuter) ? best : found;
    }

    private double LogLoss(double factor)
    {
        ScaleLastLayer(factor);
        Predictions predictions = _evaluator.Predictions(_evaluator.Run());
        CheckOutputs(predictions);
        return ProbabilityFormulas.LogLoss(predictions) ?? double.NaN;
    }

    private static void CheckOutputs(in Predictions predictions)
    {
        for (int i = 0; i < predictions.Count * predictions.OutputSize; i++)
        {
            int row = i / predictions.OutputSize;
            if (float.IsNaN(predictions.Scores[i]) && predictions.Weight(row) > 0)
            {
                throw new NonFiniteLossException($"The network's output for row {row} is NaN, so there is no temperature; look for NaN in its inputs.") { Row = row };
            }
        }
    }

    /// <summary>The threshold that says yes to the same rows.</summary>
    private static double Moved(double threshold, double factor) =>
        threshold is 0.5 or 0 or 1 ? threshold : Sigmoid(factor * ScalarMath.Log(threshold / (1 - threshold)));

    private static double Sigmoid(double z) => 1 / (1 + ScalarMath.Exp(-z));

    /// <summary>Computes the pre-activations of the network with its last layer times a factor, as far as the loss depends on them.</summary>
    private Predictions ReadLogits(double factor)
    {
        _isSaturated = false;
        ScaleLastLayer(factor);
        Predictions predictions = _evaluator.Predictions(_evaluator.Run());
        AddLogarithms(predictions, sign: 1);
        if (!_isSoftmax)
        {
            ScaleLastLayer(-factor);
            _evaluator.Run();
            AddLogarithms(predictions, sign: -1);
        }

        return predictions;
    }

    private void AddLogarithms(in Predictions predictions, int sign)
    {
        CheckOutputs(predictions);
        for (int i = 0; i < _logits.Length; i++)
        {
            float probability = predictions.Scores[i];
            _isSaturated |= probability < SmallestNormal && predictions.Weight(i / predictions.OutputSize) > 0;
            float logarithm = (float)ScalarMath.Log(Math.Max(probability, float.Epsilon));
            _logits[i] = sign > 0 ? logarithm : _logits[i] - logarithm;
        }
    }

    /// <summary>The factor of the pre-activations at which the mean log loss is least.</summary>
    private double Fit(in Predictions predictions, double low, double high)
    {
        if (Derivatives(predictions, low).First >= 0)
        {
            return low;
        }

        if (Derivatives(predictions, high).First <= 0)
        {
            return high;
        }

        double factor = Math.Clamp(1, low, high);
        for (int step = 0; step < 100; step++)
        {
            (double first, double second) = Derivatives(predictions, factor);
            if (first > 0)
            {
                high = factor;
            }
            else
            {
                low = factor;
            }

            double next = factor - (first / second);
            if (!(next > low && next < high))
            {
                next = Math.Sqrt(low * high);
            }

            bool isFound = Math.Abs(next - factor) <= 1e-10 * factor;
            factor = next;
            if (isFound)
            {
                break;
            }
        }

        return factor;
    }

    /// <summary>The sums of the first and second derivatives of the rows' log losses with respect to the factor.</summary>
    private (double First, double Second) Derivatives(in Predictions predictions, double factor)
    {
        double first = 0, second = 0;
        int outputs = predictions.OutputSize;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                ReadOnlySpan<float> logits = _logits.AsSpan(row * outputs, outputs);
                (double a, double b) = _isSoftmax ? OfSoftmax(predictions, row, logits, factor) : OfSigmoids(predictions, row, logits, factor);
                first += weight * a;
                second += weight * b;
            }
        }

        return (first, second);
    }

    /// <summary><c>E(z) − Σ t·z</c> and the variance of z, under the probabilities softmax(β·z).</summary>
    private static (double First, double Second) OfSoftmax(in Predictions predictions, int row, ReadOnlySpan<float> logits, double factor)
    {
        float largest = logits[0];
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0, mean = 0, square = 0, wanted = 0, targets = 0;
        for (int output = 0; output < logits.Length; output++)
        {
            // Measured from the largest, no square cancels, and no exponential overflows.
            double z = (double)logits[output] - largest;
            double exponential = ScalarMath.Exp(factor * z);
            sum += exponential;
            mean += exponential * z;
            square += exponential * z * z;
            double target = predictions.Target(row, output);
            wanted += target * z;
            targets += target;
        }

        mean /= sum;
        return ((targets * mean) - wanted, targets * ((square / sum) - (mean * mean)));
    }

    /// <summary><c>Σ (σ(β·z) − t)·z</c> and <c>Σ σ'(β·z)·z²</c>.</summary>
    private static (double First, double Second) OfSigmoids(in Predictions predictions, int row, ReadOnlySpan<float> logits, double factor)
    {
        double first = 0, second = 0;
        for (int output = 0; output < logits.Length; output++)
        {
            double z = logits[output];
            double probability = Sigmoid(factor * z);
            first += (probability - predictions.Target(row, output)) * z;
            second += probability * (1 - probability) * z * z;
        }

        return (first, second);
    }

    /// <summary>Gives the copy the last layer's parameters times a factor, of an ensemble those of every member's.</summary>
    private void ScaleLastLayer(double factor)
    {
        NetworkLayout layout = _network.Layout;
        foreach (DenseLayout layer in layout.Layers[(layout.DeclaredLayers - 1)..])
        {
            ScaleLayer(layer, factor);
        }
    }

    /// <summary>Gives the copy a layer's parameters times a factor: with normalization gains and shifts, which come after it, else weights and biases.</summary>
    private void ScaleLayer(DenseLayout layer, double factor)
    {
        if (layer.IsNormalized)
        {
            Scale(layer.GainsOffset, layer.Outputs);
            Scale(layer.ShiftsOffset, layer.Outputs);
            return;
        }

        Scale(layer.WeightsOffset, layer.WeightsLength);
        if (layer.HasBias)
        {
            Scale(layer.BiasesOffset, layer.Outputs);
        }

        void Scale(int start, int length)
        {
            ReadOnlySpan<float> from = _network.Store.Slice(start, length);
            Span<float> to = _copy.Store.Slice(start, length);
            for (int i = 0; i < length; i++)
            {
                to[i] = (float)(from[i] * factor);
            }
        }
    }
}
