namespace Mlp;

/// <summary>Finds the probability from which on a network of BCE outputs should say yes.</summary>
public static class Thresholds
{
    /// <summary>Thresholds that are tried for a metric of the user's own.</summary>
    private const int MostTried = 256;

    /// <summary>
    /// The threshold at which a metric is best on a data set: <c>net.Threshold = Thresholds.Best(net, validation, Metric.F1());</c>. Changes nothing, and may
    /// run at any time. Take data on which the network was not trained, and other data to judge the result.
    /// </summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <param name="net">A network with BCE. Several outputs have one threshold together.</param>
    /// <param name="data">The data. Rows count by their weights, where they have any.</param>
    /// <param name="metric">
    /// What to make best: accuracy, balanced accuracy, precision, recall, F1, Matthews's correlation, or a metric of one's own.
    /// </param>
    /// <returns>
    /// In [0, 1]; of equally good ones the nearest to 0.5. Between neighbouring probabilities of the data it lies in the middle. Of the library's metrics it is
    /// the best of all; one's own are computed at up to 256 thresholds with equally many probabilities between them.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The network has no threshold, the data do not fit it, or the metric does not, does not depend on a threshold, or is undefined on the data.
    /// </exception>
    public static double Best<TNet>(TNet net, Dataset data, Metric metric) where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(metric);
        if (net.State.Layout.Loss != LossFunction.BCE)
        {
            throw new ArgumentException($"Only a network with {LossFunction.BCE} has a threshold; this one has {net.State.Layout.Loss}.", nameof(net));
        }

        Evaluator.CheckMetrics(net.State, [metric], nameof(metric));
        BuiltInMetric? known = metric as BuiltInMetric;
        if (known is { OfCounts: null })
        {
            throw new ArgumentException($"The metric {metric} does not depend on the threshold.", nameof(metric));
        }

        Evaluator evaluator = Judge.EvaluatorOf(net, data);
        Predictions predictions = evaluator.Predictions(evaluator.Run());
        Candidate best = new(metric.HigherIsBetter);
        int[] answers = HighestAnswersFirst(predictions);
        if (known is not null)
        {
            TryAll(predictions, answers, known.OfCounts!, ref best);
        }
        else
        {
            TrySome(predictions, answers, metric, ref best);
        }

        GC.KeepAlive(data);
        return best.Threshold ?? throw new ArgumentException($"The metric {metric} is undefined at every threshold on these data.", nameof(metric));
    }

    /// <summary>The answers that count, each output of each row, from the most probable yes to the least. NaN, which never says yes, is left out.</summary>
    private static int[] HighestAnswersFirst(in Predictions predictions)
    {
        int[] answers = new int[predictions.Scores.Length];
        int count = 0;
        for (int answer = 0; answer < answers.Length; answer++)
        {
            if (predictions.Weight(answer / predictions.OutputSize) > 0 && !float.IsNaN(predictions.Scores[answer]))
            {
                answers[count++] = answer;
            }
        }

        Array.Resize(ref answers, count);
        new ScoreOrder(predictions.Scores).Sort(answers);
        return answers;
    }

    /// <summary>Lets one answer after the other become a yes, so that counts need not be made anew for each threshold.</summary>
    private static void TryAll(in Predictions predictions, int[] answers, Func<ClassCounts, double> ofCounts, ref Candidate best)
    {
        ClassCounts counts = ClassCounts.Of(predictions with { Threshold = double.PositiveInfinity });
        ClassCounts allYes = ClassCounts.Of(predictions with { Threshold = 0 });
        float above = float.PositiveInfinity;
        for (int i = 0; i <= answers.Length; i++)
        {
            float score = i < answers.Length ? predictions.Scores[answers[i]] : float.NegativeInfinity;
            if (score != above)
            {
                best.Consider(score, above, ofCounts(i < answers.Length ? counts : allYes));
                above = score;
            }

            if (i < answers.Length)
            {
                (int row, int output) = Math.DivRem(answers[i], predictions.OutputSize);
                counts.TurnToYes(output, predictions.IsYes(row, output), predictions.Weight(row));
            }
        }
    }

    private static void TrySome(in Predictions predictions, int[] answers, Metric metric, ref Candidate best)
    {
        int tried = Math.Clamp(answers.Length, 1, MostTried - 1);
        float above = float.PositiveInfinity;
        for (int i = 0; i <= tried; i++)
        {
            int place = (int)((long)i * answers.Length / tried);
            float score = place < answers.Length ? predictions.Scores[answers[place]] : float.NegativeInfinity;

            // The next higher one, so that the threshold lies between neighbours.
            while (place > 0 && predictions.Scores[answers[place - 1]] == score)
            {
                place--;
            }

            float next = place > 0 ? predictions.Scores[answers[place - 1]] : float.PositiveInfinity;
            if (score != above && Candidate.Between(score, next) is double threshold)
            {
                best.Consider(score, next, metric.Compute(predictions with { Threshold = threshold }));
            }

            above = score;
        }
    }

    /// <summary>The best threshold so far.</summary>
    private struct Candidate(bool higherIsBetter)
    {
        private double _value;

        public double? Threshold { get; private set; }

        /// <summary>
        /// A threshold between two neighbouring scores, at which the upper is a yes: 0.5 where it lies there, else the middle; null where there is none.
        /// </summary>
        /// <param name="lower">The lower one, −∞ where there is none.</param>
        /// <param name="upper">The upper one, +∞ where there is none.</param>
        public static double? Between(float lower, float upper) =>
            lower < 0.5 && upper >= 0.5 ? 0.5
            : float.IsNegativeInfinity(lower) ? upper / 2.0
            : !float.IsPositiveInfinity(upper) ? ((double)lower + upper) / 2
            : lower < 1 ? (lower + 1.0) / 2 : null;

        public void Consider(float lower, float upper, double? value)
        {
            if (value is not double found || double.IsNaN(found) || Between(lower, upper) is not double threshold)
            {
                return;
            }

            bool isFirst = Threshold is null;
            bool isBetter = higherIsBetter ? found > _value : found < _value;
            if (isFirst || isBetter || (found == _value && Math.Abs(threshold - 0.5) <= Math.Abs(Threshold!.Value - 0.5)))
            {
                Threshold = threshold;
                _value = found;
            }
        }
    }
}
