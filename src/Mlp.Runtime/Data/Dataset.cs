using System.Globalization;

namespace Mlp;

/// <summary>
/// Rows of inputs, each with either target values or a class label, and with a weight where <see cref="WithWeights"/> gave one. Rows that
/// <see cref="CsvData"/> loads to be predicted have inputs alone. Immutable: splits are new data sets with rows of their own.
/// </summary>
/// <remarks>
/// A data set made from arrays wraps them, it does not copy them; do not change them while the data set is in use. Values may be NaN or
/// infinite here; training reports them. Safe for use by many threads at once.
/// </remarks>
public sealed class Dataset
{
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly int[] _labels;
    private readonly float[] _weights;

    private Dataset(float[] inputs, float[] targets, int[] labels, float[] weights, int inputSize, int targetSize, int classCount)
    {
        _inputs = inputs;
        _targets = targets;
        _labels = labels;
        _weights = weights;
        InputSize = inputSize;
        TargetSize = targetSize;
        ClassCount = classCount;
    }

    /// <summary>Number of rows; may be 0.</summary>
    public int Count => _inputs.Length / InputSize;

    /// <summary>Number of input columns, at least 1.</summary>
    public int InputSize { get; }

    /// <summary>
    /// Number of target columns; 0 where rows have inputs alone. For labels it is <see cref="ClassCount"/>, the columns that they have when
    /// written one-hot.
    /// </summary>
    public int TargetSize { get; }

    /// <summary>Number of classes of a labelled data set; 0 where there are no labels.</summary>
    public int ClassCount { get; }

    /// <summary>The classes' names by label, or <see langword="null"/> where none are known.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    /// <summary>The input columns' names, or <see langword="null"/> where none are known.</summary>
    public IReadOnlyList<string>? InputNames { get; private init; }

    /// <summary>Inputs, row-major <c>[Count × InputSize]</c>.</summary>
    public ReadOnlySpan<float> Inputs => _inputs;

    /// <summary>Targets, row-major <c>[Count × TargetSize]</c>; empty for a labelled data set.</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <summary>One label in 0…<see cref="ClassCount"/> − 1 for each row; empty for a data set without labels.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>One weight for each row, finite and at least 0; empty where there are none, and every row counts alike.</summary>
    /// <remarks>
    /// In <c>Train</c>, weights (times those of classes, where both exist) are divided by their mean over the data set, and the gradient of a batch is
    /// <c>Σ weight·gradient / rows</c>, so that the expected step does not depend on the batch size. <c>TrainStep</c> and <c>ComputeGradients</c>, which know
    /// only their batch, have <c>Σ weight·loss / Σ weight</c>, as have evaluations; accuracies are weighted in the same way, and so are the statistics of
    /// inputs, targets and batch normalization. So a row of weight 2 counts like two of weight 1, one of weight 0 for nothing (though its inputs must be
    /// finite and its targets fit the loss like all others), and multiplying all weights by a number changes nothing but rounding.
    /// </remarks>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Makes a data set of inputs and target values. Allocates nothing but the object: both arrays are wrapped.</summary>
    /// <param name="inputs">Inputs, row-major <c>[rows × inputSize]</c>.</param>
    /// <param name="targets">Targets, row-major <c>[rows × targetSize]</c>.</param>
    /// <param name="inputSize">Number of input columns, at least 1.</param>
    /// <param name="targetSize">Number of target columns, at least 1.</param>
    /// <exception cref="ArgumentNullException">An array is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    /// <exception cref="ArgumentException">The arrays do not hold the same number of whole rows.</exception>
    public static Dataset FromTargets(float[] inputs, float[] targets, int inputSize, int targetSize)
    {
        ArgumentNullException.ThrowIfNull(targets);
        int rows = CountRows(inputs, inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetSize);

        long expected = (long)rows * targetSize;
        if (targets.Length != expected)
        {
            throw new ArgumentException(
                $"{rows} rows of {targetSize} targets are {expected} values, not {targets.Length}.", nameof(targets));
        }

        return new Dataset(inputs, targets, [], [], inputSize, targetSize, classCount: 0);
    }

    /// <summary>Makes a data set of inputs and class labels. Allocates nothing but the object: both arrays are wrapped.</summary>
    /// <param name="inputs">Inputs, row-major <c>[rows × inputSize]</c>.</param>
    /// <param name="labels">One label in 0…<paramref name="classCount"/> − 1 for each row.</param>
    /// <param name="inputSize">Number of input columns, at least 1.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentNullException">An array is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or a label is not one of the classes.</exception>
    /// <exception cref="ArgumentException">The inputs are not whole rows, or there is not one label for each.</exception>
    public static Dataset FromLabels(float[] inputs, int[] labels, int inputSize, int classCount)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int rows = CountRows(inputs, inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);

        if (labels.Length != rows)
            throw new ArgumentException($"{rows} rows need {rows} labels, not {labels.Length}.", nameof(labels));
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classCount)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels),
                    labels[row],
                    $"Row {row} has label {labels[row]}; labels of {classCount} classes are 0…{classCount - 1}.");
            }
        }

        return new Dataset(inputs, [], labels, [], inputSize, targetSize: classCount, classCount);
    }

    /// <summary>The same rows with weights, in place of any that they had. Allocates nothing but the object: all arrays are wrapped.</summary>
    /// <param name="weights">One weight for each row, finite and at least 0; what they mean is said at <see cref="Weights"/>.</param>
    /// <returns>A data set that shares this one's inputs, and targets or labels. Its splits keep each row's weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is not one weight for each row, or one is negative or not finite.</exception>
    public Dataset WithWeights(float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != Count)
            throw new ArgumentException($"{Count} rows need {Count} weights, not {weights.Length}.", nameof(weights));

        for (int row = 0; row < weights.Length; row++)
        {
            if (!(weights[row] >= 0 && float.IsFinite(weights[row])))
            {
                string value = weights[row].ToString(CultureInfo.InvariantCulture);
                throw new ArgumentException($"Row {row} has the weight {value}; weights are finite and at least 0.", nameof(weights));
            }
        }

        return new Dataset(_inputs, _targets, _labels, weights, InputSize, TargetSize, ClassCount)
        {
            InputNames = InputNames,
            ClassNames = ClassNames,
        };
    }

    /// <summary>The same rows with names, in place of any that they had. Copies the names; all arrays are shared.</summary>
    /// <param name="inputNames">One name for each input column, all different; <see langword="null"/> for none.</param>
    /// <param name="classNames">One name for each class, all different; <see langword="null"/> for none.</param>
    /// <returns>A data set that shares this one's inputs, targets or labels, and weights. Its splits keep the names.</returns>
    /// <exception cref="ArgumentException">There is not one name for each column or class, or one is repeated, missing or no valid UTF-16.</exception>
    public Dataset WithNames(IReadOnlyList<string>? inputNames, IReadOnlyList<string>? classNames = null)
    {
        if (classNames is not null && ClassCount == 0)
            throw new ArgumentException("The data set has no labels, so there are no classes to name.", nameof(classNames));

        return new(_inputs, _targets, _labels, _weights, InputSize, TargetSize, ClassCount)
        {
            InputNames = CheckedNames(inputNames, InputSize, "input columns", nameof(inputNames)),
            ClassNames = CheckedNames(classNames, ClassCount, "classes", nameof(classNames)),
        };
    }

    /// <summary>Shuffles the rows and splits them in two. Both parts hold copies of their rows.</summary>
    /// <param name="fraction">Share of the rows in the first part, in [0, 1].</param>
    /// <param name="seed">Decides the order of the rows; the same seed gives the same parts on any machine.</param>
    /// <returns>
    /// The first part, of <c>round(fraction · Count)</c> rows (halves away from zero), and a second one of the others.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not in [0, 1].</exception>
    public (Dataset First, Dataset Second) Split(double fraction, int seed = 0)
    {
        int firstCount = RoundShare(fraction);
        ReadOnlySpan<int> rows = ShuffledRows(seed);
        return (Select(rows[..firstCount]), Select(rows[firstCount..]));
    }

    /// <summary>
    /// Shuffles the rows of a labelled data set and splits them in two so that each class has nearly the same share of both parts.
    /// Both parts hold copies of their rows.
    /// </summary>
    /// <param name="fraction">Share of the rows in the first part, in [0, 1].</param>
    /// <param name="seed">Decides the order of the rows; the same seed gives the same parts on any machine.</param>
    /// <returns>
    /// The first part, of <c>round(fraction · Count)</c> rows (halves away from zero), and a second one of the others. Of each class the
    /// first part has <c>fraction · count</c> rows, rounded down or up: up for the largest remainders, on ties for the lower label.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not in [0, 1].</exception>
    /// <exception cref="InvalidOperationException">The data set has no labels.</exception>
    public (Dataset First, Dataset Second) SplitStratified(double fraction, int seed = 0)
    {
        if (ClassCount == 0)
            throw new InvalidOperationException("A stratified split needs labels, but this data set has none. Use Split.");

        int firstCount = RoundShare(fraction);
        int[] wanted = ShareOfEachClass(fraction, firstCount);
        int[] first = new int[firstCount];
        int[] second = new int[Count - firstCount];
        int taken = 0, left = 0;
        foreach (int row in ShuffledRows(seed))
        {
            if (wanted[_labels[row]]-- > 0)
                first[taken++] = row;
            else
                second[left++] = row;
        }

        return (Select(first), Select(second));
    }

    /// <summary>Makes a data set of inputs alone. Wraps the array.</summary>
    internal static Dataset FromInputs(float[] inputs, int inputSize)
    {
        _ = CountRows(inputs, inputSize);
        return new Dataset(inputs, [], [], [], inputSize, targetSize: 0, classCount: 0);
    }

    private static IReadOnlyList<string>? CheckedNames(IReadOnlyList<string>? names, int count, string what, string argument)
    {
        if (names is null)
            return null;
        if (names.Count != count)
            throw new ArgumentException($"{count} {what} need {count} names, not {names.Count}.", argument);

        HashSet<string> different = [];
        foreach (string name in names)
        {
            if (name is null)
                throw new ArgumentException($"Names of {what} cannot be null.", argument);
            if (!IsText(name))
                throw new ArgumentException($"A name of {what} is '{QuotedText.Of(name)}', with half a surrogate pair, which no file can hold; write a whole character.", argument);
            if (!different.Add(name))
                throw new ArgumentException($"All names of {what} must differ, but '{QuotedText.Of(name)}' appears twice.", argument);
        }

        return Array.AsReadOnly<string>([.. names]);

        static bool IsText(string name)
        {
            for (int at = 0; at < name.Length; at++)
            {
                if (char.IsSurrogate(name[at]) && !char.IsSurrogatePair(name, at++))
                    return false;
            }

            return true;
        }
    }

    private static int CountRows(float[] inputs, int inputSize)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        if (inputs.Length % inputSize != 0)
            throw new ArgumentException($"{inputs.Length} values are not a whole number of rows of {inputSize} inputs.", nameof(inputs));

        return inputs.Length / inputSize;
    }

    private int RoundShare(double fraction)
    {
        if (!(fraction >= 0 && fraction <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction must be in [0, 1].");

        return (int)Math.Round(fraction * Count, MidpointRounding.AwayFromZero);
    }

    private int[] ShuffledRows(int seed)
    {
        int[] rows = new int[Count];
        RowOrder.Shuffle(rows, new RandomStream(seed, RandomPurpose.Split));
        return rows;
    }

    private int[] ShareOfEachClass(double fraction, int total)
    {
        // Memory follows the labels that there are, not the number of classes that there could be.
        int classes = _labels.Length > 0 ? _labels.Max() + 1 : 0;
        double[] quotas = new double[classes];
        foreach (int label in _labels)
            quotas[label]++;

        int[] shares = new int[classes];
        int[] byRemainder = new int[classes];
        for (int label = 0; label < classes; label++)
        {
            quotas[label] *= fraction;
            shares[label] = (int)quotas[label];
            total -= shares[label];
            byRemainder[label] = label;
        }

        Array.Sort(byRemainder, (a, b) =>
        {
            int order = (quotas[b] - shares[b]).CompareTo(quotas[a] - shares[a]);
            return order != 0 ? order : a.CompareTo(b);
        });
        foreach (int label in byRemainder.AsSpan(0, total))
            shares[label]++;

        return shares;
    }

    private Dataset Select(ReadOnlySpan<int> rows)
    {
        float[] inputs = new float[rows.Length * InputSize];
        RowOrder.Gather(_inputs, InputSize, rows, inputs);

        float[] targets = [];
        int[] labels = [];
        if (ClassCount == 0)
        {
            targets = new float[rows.Length * TargetSize];
            RowOrder.Gather(_targets, TargetSize, rows, targets);
        }
        else
        {
            labels = new int[rows.Length];
            for (int i = 0; i < rows.Length; i++)
                labels[i] = _labels[rows[i]];
        }

        float[] weights = new float[_weights.Length > 0 ? rows.Length : 0];
        if (weights.Length > 0)
            RowOrder.Gather(_weights, 1, rows, weights);

        return new Dataset(inputs, targets, labels, weights, InputSize, TargetSize, ClassCount)
        {
            InputNames = InputNames,
            ClassNames = ClassNames,
        };
    }
}
