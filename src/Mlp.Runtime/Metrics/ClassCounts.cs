namespace Mlp;

/// <summary>
/// How often each class is in the data, is the answer, and is both, by weight. Where outputs are independent answers, each counts as a class: its yes.
/// </summary>
internal sealed class ClassCounts
{
    private readonly OutputKinds _kind;

    private ClassCounts(in Predictions predictions)
    {
        _kind = predictions.Kind;
        int classes = predictions.ClassCount > 0 ? predictions.ClassCount : predictions.OutputSize;
        Right = new double[classes];
        Predicted = new double[classes];
        True = new double[classes];
    }

    /// <summary>Whether the classes are the two sides of one output.</summary>
    public bool IsOfOneOutput => (_kind & OutputKinds.TwoClasses) != 0;

    /// <summary>Whether each output is an answer of its own.</summary>
    private bool AreLabels => (_kind & OutputKinds.Labels) != 0;

    /// <summary>The weight of rows that have the class and get it.</summary>
    public double[] Right { get; }

    /// <summary>The weight of rows that get the class.</summary>
    public double[] Predicted { get; }

    /// <summary>The weight of rows that have the class.</summary>
    public double[] True { get; }

    /// <summary>The weight of all rows.</summary>
    public double Total { get; private set; }

    /// <summary>Counts the answers of all rows.</summary>
    public static ClassCounts Of(in Predictions predictions)
    {
        ClassCounts counts = new(predictions);
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            counts.Total += weight;
            if (predictions.ClassCount > 0)
            {
                counts.Add(predictions.TrueClass(row), predictions.PredictedClass(row), weight);
                continue;
            }

            for (int output = 0; output < predictions.OutputSize; output++)
            {
                counts.Add(output, predictions.IsYes(row, output), predictions.SaysYes(row, output), weight);
            }
        }

        return counts;
    }

    /// <summary>Counts a row of one class.</summary>
    private void Add(int truth, int answer, double weight)
    {
        True[truth] += weight;
        Predicted[answer] += weight;
        if (truth == answer)
        {
            Right[truth] += weight;
        }
    }

    /// <summary>Counts one answer of several.</summary>
    private void Add(int output, bool isYes, bool saysYes, double weight)
    {
        if (isYes)
        {
            True[output] += weight;
        }

        if (saysYes)
        {
            Predicted[output] += weight;
            if (isYes)
            {
                Right[output] += weight;
            }
        }
    }

    /// <summary>Turns an answer from no to yes. Differences of weights may leave a rounding error where no answer is no any more.</summary>
    public void TurnToYes(int output, bool isYes, double weight)
    {
        int yes = IsOfOneOutput ? 1 : output;
        Predicted[yes] += weight;
        Right[yes] += isYes ? weight : 0;
        if (IsOfOneOutput)
        {
            Predicted[0] -= weight;
            Right[0] -= isYes ? 0 : weight;
        }
    }

    /// <summary>Of the rows that get a class, the share that have it; 0 where there are none.</summary>
    public static double Precision(double right, double predicted, double isTrue) => Share(right, predicted);

    /// <summary>Of the rows that have a class, the share that get it; 0 where there are none.</summary>
    public static double Recall(double right, double predicted, double isTrue) => Share(right, isTrue);

    /// <summary>The harmonic mean of precision and recall; 0 where there are neither rows nor answers.</summary>
    public static double F1(double right, double predicted, double isTrue) => Share(2 * right, predicted + isTrue);

    /// <summary>A score of one class.</summary>
    public double Of(Score score, int index) => score(Right[index], Predicted[index], True[index]);

    /// <summary>A score without an average: of the second class of one output, else the mean of all.</summary>
    public double OfDefault(Score score) => IsOfOneOutput ? Of(score, index: 1) : Of(score, Average.Macro);

    /// <summary>One number of all classes.</summary>
    public double Of(Score score, Average average)
    {
        if (average == Average.Micro)
        {
            return score(CanonicalSum.Sum(Right), CanonicalSum.Sum(Predicted), CanonicalSum.Sum(True));
        }

        double sum = 0, weights = 0;
        for (int index = 0; index < Right.Length; index++)
        {
            bool isSeen = AreLabels || Predicted[index] + True[index] > 0;
            double weight = average == Average.Weighted ? True[index] : isSeen ? 1 : 0;
            sum += weight * Of(score, index);
            weights += weight;
        }

        return Share(sum, weights);
    }

    /// <summary>The share of right answers.</summary>
    public double Accuracy() => AreLabels
        ? Share((Right.Length * Total) + (2 * CanonicalSum.Sum(Right)) - CanonicalSum.Sum(Predicted) - CanonicalSum.Sum(True), Right.Length * Total)
        : Share(CanonicalSum.Sum(Right), Total);

    /// <summary>The mean recall of the classes that the data has.</summary>
    public double BalancedAccuracy()
    {
        double sum = 0;
        int classes = 0;
        for (int index = 0; index < Right.Length; index++)
        {
            if (True[index] > 0)
            {
                sum += Of(Recall, index);
                classes++;
            }
        }

        return Share(sum, classes);
    }

    /// <summary>
    /// Matthews's correlation (1975) of classes and answers, for several classes by Gorodkin (2004): 1 where all are right, 0 where they are independent
    /// or one of them is constant.
    /// </summary>
    public double Matthews()
    {
        double covariance = CanonicalSum.Sum(Right) * Total, ofAnswers = Total * Total, ofClasses = Total * Total;
        for (int index = 0; index < Right.Length; index++)
        {
            covariance -= True[index] * Predicted[index];
            ofAnswers -= Predicted[index] * Predicted[index];
            ofClasses -= True[index] * True[index];
        }

        return ofAnswers > 0 && ofClasses > 0 ? covariance / Math.Sqrt(ofAnswers * ofClasses) : 0;
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    /// <summary>A score of a class from its three counts.</summary>
    public delegate double Score(double right, double predicted, double isTrue);
}
