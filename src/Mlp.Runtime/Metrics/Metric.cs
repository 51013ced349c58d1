using System.Globalization;

namespace Mlp;

/// <summary>
/// What predictions are judged by: a name, a direction, and how to compute it from the outputs of a network and what they should have been.
/// A description: one object serves any number of networks and runs.
/// </summary>
/// <remarks>
/// Rows count by <see cref="Dataset.Weights"/>, where the data has any: one of weight 2 like two of weight 1, one of weight 0 for nothing.
/// Sums are made in double precision and in the order of rows, so that values have the same bits on any machine and number of threads.
/// <para>
/// A metric of one's own derives from this class:
/// <code>
/// public sealed class WithinTolerance(double tolerance)
///     : Metric($"within_{tolerance.ToString(CultureInfo.InvariantCulture).Replace('.', '_')}", higherIsBetter: true)
/// {
///     protected override double? Compute(in Predictions predictions)
///     {
///         double hits = 0, total = 0;
///         for (int row = 0; row &lt; predictions.Count; row++)
///         {
///             double weight = predictions.Weight(row);
///             total += weight;
///             hits += Math.Abs(predictions.Outputs[row] - predictions.Targets[row]) &lt;= tolerance ? weight : 0;
///         }
///
///         return hits / total;
///     }
/// }
/// </code>
/// </para>
/// </remarks>
public abstract class Metric : IEquatable<Metric>
{
    /// <summary>Names a metric.</summary>
    /// <param name="name">
    /// A name that says all there is to say: it is a column of logs and tables, and two metrics of one type and name are equal. Those of the library
    /// are in snake_case.
    /// </param>
    /// <param name="higherIsBetter">Whether more is better, as of accuracies, or less, as of losses.</param>
    /// <exception cref="ArgumentException">The name is empty, or has a control character.</exception>
    protected Metric(string name, bool higherIsBetter)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
        {
            throw new ArgumentException($"'{QuotedText.Of(name)}' is no name of a metric: columns of logs are headed by it.", nameof(name));
        }

        Name = name;
        HigherIsBetter = higherIsBetter;
    }

    /// <summary>The mean loss, as <see cref="Evaluation.Loss"/> has it; in validation during training, in the units of training. For every network.</summary>
    public static Metric Loss { get; } = new BuiltInMetric("loss", higherIsBetter: false, OutputKinds.All, static (in predictions) => predictions.MeanLoss);

    /// <summary>The share of right answers, as <see cref="Evaluation.Accuracy"/> has it. For networks whose outputs stand for classes.</summary>
    public static Metric Accuracy { get; } = new BuiltInMetric(
        "accuracy", higherIsBetter: true, OutputKinds.Answers, static (in predictions) => predictions.Accuracy, static counts => counts.Accuracy());

    /// <summary>The mean recall of the classes that the data has. For networks that give each row one class.</summary>
    public static Metric BalancedAccuracy { get; } =
        new BuiltInMetric("balanced_accuracy", higherIsBetter: true, OutputKinds.OneClass, static counts => counts.BalancedAccuracy());

    /// <summary>
    /// Matthews's correlation coefficient, for several classes by Gorodkin (2004): from 1, where all answers are right, down to −1; 0 where classes or answers
    /// are all the same. For networks that give each row one class.
    /// </summary>
    public static Metric Matthews { get; } = new BuiltInMetric("matthews", higherIsBetter: true, OutputKinds.OneClass, static counts => counts.Matthews());

    /// <summary>
    /// Area under the ROC curve: the probability that a row of the class has a higher output for it than a row of another, where equal outputs count half.
    /// Of one output that of class 1; of several the mean of all outputs (for classes: one against the rest). Undefined where an output's class is in no
    /// row, or in all. For networks whose outputs stand for classes.
    /// </summary>
    public static Metric RocAuc { get; } = new BuiltInMetric("roc_auc", higherIsBetter: true, OutputKinds.Answers, RankingFormulas.RocAuc);

    /// <summary>
    /// Average precision, the area below the steps of the precision-recall curve: <c>Σ (Rᵢ − Rᵢ₋₁)·Pᵢ</c> over the distinct outputs, highest first. Of one
    /// output that of class 1; of several the mean of all outputs. Undefined where an output's class is in no row. For networks whose outputs stand for
    /// classes.
    /// </summary>
    public static Metric AveragePrecision { get; } =
        new BuiltInMetric("average_precision", higherIsBetter: true, OutputKinds.Answers, RankingFormulas.AveragePrecision);

    /// <summary>
    /// Mean of <c>−ln p</c>, with p the probability of the right class; of several yes-or-no outputs the mean over these too, of soft targets their
    /// cross-entropy. Class weights, label smoothing and the like have no part in it. A probability of 0 counts as the smallest float, one of 1 as 1 − 2⁻²⁵
    /// where it is wrong. For networks with BCE or CrossEntropy.
    /// </summary>
    public static Metric LogLoss { get; } = new BuiltInMetric("log_loss", higherIsBetter: false, OutputKinds.AllProbabilities, ProbabilityFormulas.LogLoss);

    /// <summary>
    /// Mean squared difference of probabilities and targets (Brier, 1950): of one output <c>(p − t)²</c>, of several yes-or-no outputs its mean over these, of
    /// classes the sum <c>Σ (p − t)²</c>. For networks with BCE or CrossEntropy.
    /// </summary>
    public static Metric Brier { get; } = new BuiltInMetric("brier", higherIsBetter: false, OutputKinds.AllProbabilities, ProbabilityFormulas.Brier);

    /// <summary>Mean absolute error. For networks that predict numbers; of several outputs their mean.</summary>
    public static Metric Mae { get; } = OfNumbers("mae", higherIsBetter: false, RegressionFormulas.Mae);

    /// <summary>Root of the mean squared error. For networks that predict numbers; of several outputs the mean of their own.</summary>
    public static Metric Rmse { get; } = OfNumbers("rmse", higherIsBetter: false, RegressionFormulas.Rmse);

    /// <summary>
    /// Mean of |error| / |target|, a fraction: 0.05 is five per cent. Undefined where a target is 0. For networks that predict numbers; of several outputs
    /// their mean.
    /// </summary>
    public static Metric Mape { get; } = OfNumbers("mape", higherIsBetter: false, RegressionFormulas.Mape);

    /// <summary>
    /// R², the share of the targets' variance that predictions explain: 1 where all are right, 0 for their mean, negative for worse. Of constant targets 1
    /// where all predictions are right, else 0; undefined for a single row. For networks that predict numbers; of several outputs the mean of their own.
    /// </summary>
    public static Metric R2 { get; } = OfNumbers("r2", higherIsBetter: true, RegressionFormulas.R2);

    /// <summary>Median of the absolute errors, weighted where rows are. For networks that predict numbers; of several outputs the mean of their own.</summary>
    public static Metric MedianAbsoluteError { get; } = OfNumbers("median_absolute_error", higherIsBetter: false, RegressionFormulas.MedianAbsoluteError);

    /// <summary>The largest absolute error of all. For networks that predict numbers.</summary>
    public static Metric MaximumError { get; } =
        new BuiltInMetric("maximum_error", higherIsBetter: false, OutputKinds.Numbers, static (in predictions) => RegressionFormulas.MaximumError(predictions));

    /// <summary>The name in snake_case, which logs and tables use: <c>roc_auc</c>, <c>f1_macro</c>.</summary>
    public string Name { get; }

    /// <summary>Whether more is better, as of accuracies, or less, as of losses.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>
    /// The share of rows whose class is among the <paramref name="k"/> highest outputs; of equal outputs the first come first, so that 1 is the accuracy.
    /// For networks with CrossEntropy.
    /// </summary>
    /// <param name="k">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public static Metric TopK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return new BuiltInMetric(
            string.Create(CultureInfo.InvariantCulture, $"top_{k}_accuracy"),
            higherIsBetter: true,
            OutputKinds.Classes,
            (in predictions) => RankingFormulas.TopK(predictions, k));
    }

    /// <summary>Of the rows that get a class, the share that have it; 0 where none gets it. For networks whose outputs stand for classes.</summary>
    /// <param name="average">
    /// How several classes become one number; then a single output has two classes. Default: of a single output that of class 1, else
    /// <see cref="Average.Macro"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public static Metric Precision(Average? average = null) => OfClasses("precision", ClassCounts.Precision, average);

    /// <summary>Of the rows that have a class, the share that get it; 0 where none has it. For networks whose outputs stand for classes.</summary>
    /// <inheritdoc cref="Precision"/>
    public static Metric Recall(Average? average = null) => OfClasses("recall", ClassCounts.Recall, average);

    /// <summary>
    /// The harmonic mean of precision and recall; 0 where no row has or gets the class. For networks whose outputs stand for classes.
    /// </summary>
    /// <inheritdoc cref="Precision"/>
    public static Metric F1(Average? average = null) => OfClasses("f1", ClassCounts.F1, average);

    /// <summary>Whether two metrics are of one type and name.</summary>
    public static bool operator ==(Metric? left, Metric? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two metrics differ in type or name.</summary>
    public static bool operator !=(Metric? left, Metric? right) => !(left == right);

    /// <summary>Whether the other is of the same type and name.</summary>
    public bool Equals(Metric? other) => other is not null && other.GetType() == GetType() && other.Name == Name;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Metric);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Computes the metric.</summary>
    /// <param name="predictions">At least one row whose weight is above 0. Valid during the call alone.</param>
    /// <returns>The value; null where these rows leave it undefined, NaN where an output that matters is NaN.</returns>
    /// <remarks>May be called for several networks at once, and must change nothing.</remarks>
    protected internal abstract double? Compute(in Predictions predictions);

    /// <summary>Why the metric cannot be computed for a network, as the end of a sentence about the metric; null where it can.</summary>
    internal virtual string? WhyUnfit(LossFunction loss, int outputSize) => null;

    private static BuiltInMetric OfClasses(string name, ClassCounts.Score score, Average? average)
    {
        if (average is not Average chosen)
        {
            return new BuiltInMetric(name, higherIsBetter: true, OutputKinds.Answers, counts => counts.OfDefault(score));
        }

        string suffix = chosen switch
        {
            Average.Macro => "macro",
            Average.Micro => "micro",
            Average.Weighted => "weighted",
            _ => throw new ArgumentOutOfRangeException(nameof(average), average, "Not one of the averages."),
        };
        return new BuiltInMetric($"{name}_{suffix}", higherIsBetter: true, OutputKinds.Answers, counts => counts.Of(score, chosen));
    }

    private static BuiltInMetric OfNumbers(string name, bool higherIsBetter, RegressionFormulas.OfOutput formula) => new(
        name, higherIsBetter, OutputKinds.Numbers, (in predictions) => RegressionFormulas.Mean(predictions, formula));
}
