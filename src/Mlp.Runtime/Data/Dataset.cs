using System.Globalization;

namespace Mlp;

/// <summary>
/// Rows of inputs, each with either target values or a class label, and with a weight, a group and a time where they were given. Rows that
/// <see cref="CsvData"/> loads to be predicted have inputs alone. Immutable: splits are new data sets with rows of their own.
/// </summary>
/// <remarks>
/// A data set made from arrays wraps them, it does not copy them; do not change them while the data set is in use. One that <see cref="Open"/> maps may be
/// larger than memory. Values may be NaN or infinite here; training reports them. Safe for use by many threads at once.
/// </remarks>
public sealed class Dataset
{
    /// <summary>Rows whose values are known to fit.</summary>
    internal Dataset(RowValues values, int inputSize, int targetSize, int classCount)
    {
        Values = values;
        InputSize = inputSize;
        TargetSize = targetSize;
        ClassCount = classCount;
    }

    /// <summary>The same rows and names, to change some of them.</summary>
    private Dataset(Dataset other)
        : this(other.Values, other.InputSize, other.TargetSize, other.ClassCount)
    {
        InputNames = other.InputNames;
        ClassNames = other.ClassNames;
        Encoder = other.Encoder;
    }

    /// <summary>Number of rows; may be 0.</summary>
    public int Count => Values.InputMemory.Length / InputSize;

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

    /// <summary>The encoder that made the inputs of records, as files of networks have it; null where none did.</summary>
    internal string? Encoder { get; init; }

    /// <summary>Inputs, row-major <c>[Count × InputSize]</c>.</summary>
    public ReadOnlySpan<float> Inputs => RowValues.Lasting(Values.InputMemory);

    /// <summary>Targets, row-major <c>[Count × TargetSize]</c>; empty for a labelled data set.</summary>
    public ReadOnlySpan<float> Targets => RowValues.Lasting(Values.TargetMemory);

    /// <summary>One label in 0…<see cref="ClassCount"/> − 1 for each row; empty for a data set without labels.</summary>
    public ReadOnlySpan<int> Labels => RowValues.Lasting(Values.LabelMemory);

    /// <summary>One weight for each row, finite and at least 0; empty where there are none, and every row counts alike.</summary>
    /// <remarks>
    /// In <c>Train</c>, weights (times those of classes, where both exist) are divided by their mean over the data set, and the gradient of a batch is
    /// <c>Σ weight·gradient / rows</c>, so that the expected step does not depend on the batch size. <c>TrainStep</c> and <c>ComputeGradients</c>, which know
    /// only their batch, have <c>Σ weight·loss / Σ weight</c>, as have evaluations; accuracies are weighted in the same way, and so are the statistics of
    /// inputs, targets and batch normalization. So a row of weight 2 counts like two of weight 1, one of weight 0 for nothing (though its inputs must be
    /// finite and its targets fit the loss like all others), and multiplying all weights by a number changes nothing but rounding.
    /// </remarks>
    public ReadOnlySpan<float> Weights => RowValues.Lasting(Values.WeightMemory);

    /// <summary>
    /// The group of each row, such as a person or a device that has several rows; empty where there are none. <see cref="SplitBy.Group"/> keeps groups
    /// together, so that a network is judged by persons whom it has not seen; nothing else uses them.
    /// </summary>
    public ReadOnlySpan<int> Groups => RowValues.Lasting(Values.GroupMemory);

    /// <summary>
    /// The time of each row, in any unit: later is larger. Empty where there are none. <see cref="SplitBy.Time"/> trains on what is earlier; nothing else
    /// uses them.
    /// </summary>
    public ReadOnlySpan<long> Times => RowValues.Lasting(Values.TimeMemory);

    /// <summary>The rows, for the runtime.</summary>
    internal RowValues Values { get; private init; }

    /// <summary>Whether each row has a class, which <see cref="RowValues.Classes"/> tells: a label, or one target, 0 or 1 in all rows.</summary>
    internal bool HasClasses => ClassCount > 0 || (TargetSize == 1 && !Values.Targets.ContainsAnyExcept(0f, 1f));

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

        return new Dataset(new RowValues { InputMemory = inputs, TargetMemory = targets }, inputSize, targetSize, classCount: 0);
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
        if (RowValues.WrongLabel(labels, classCount) is (int row, string problem))
            throw new ArgumentOutOfRangeException(nameof(labels), labels[row], problem);

        return new Dataset(new RowValues { InputMemory = inputs, LabelMemory = labels }, inputSize, targetSize: classCount, classCount);
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

        if (RowValues.WrongWeight(weights) is string problem)
            throw new ArgumentException(problem, nameof(weights));

        return new Dataset(this) { Values = Values with { WeightMemory = weights } };
    }

    /// <summary>The same rows with groups, in place of any that they had. Allocates nothing but the object: all arrays are wrapped.</summary>
    /// <param name="groups">One number for each row; rows of equal numbers are a group.</param>
    /// <returns>A data set that shares all else with this one. Its splits keep each row's group.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="groups"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is not one group for each row.</exception>
    public Dataset WithGroups(int[] groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Length == Count
            ? new Dataset(this) { Values = Values with { GroupMemory = groups } }
            : throw new ArgumentException($"{Count} rows need {Count} groups, not {groups.Length}.", nameof(groups));
    }

    /// <summary>The same rows with times, in place of any that they had. Allocates nothing but the object: all arrays are wrapped.</summary>
    /// <param name="times">One number for each row, such as <see cref="DateTime.Ticks"/> or the day's number: later is larger.</param>
    /// <returns>A data set that shares all else with this one. Its splits keep each row's time.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="times"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is not one time for each row.</exception>
    public Dataset WithTimes(long[] times)
    {
        ArgumentNullException.ThrowIfNull(times);
        return times.Length == Count
            ? new Dataset(this) { Values = Values with { TimeMemory = times } }
            : throw new ArgumentException($"{Count} rows need {Count} times, not {times.Length}.", nameof(times));
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

        return new Dataset(this)
        {
            InputNames = CheckedNames(inputNames, InputSize, "input columns", nameof(inputNames)),
            ClassNames = CheckedNames(classNames, ClassCount, "classes", nameof(classNames)),
        };
    }

    /// <summary>Shuffles the rows and splits them in two. Both parts hold copies of their rows.</summary>
    /// <inheritdoc cref="Split(double, SplitBy, int)"/>
    public (Dataset First, Dataset Second) Split(double fraction, int seed = 0) => Split(fraction, SplitBy.Row, seed);

    /// <summary>Splits the rows in two. Both parts hold copies of their rows.</summary>
    /// <param name="fraction">Share of the rows in the first part, in [0, 1].</param>
    /// <param name="splitBy">What stays together, or is spread evenly. Default: nothing, rows are shuffled.</param>
    /// <param name="seed">Decides the order of the rows; the same seed gives the same parts on any machine. Splits by time do not depend on it.</param>
    /// <returns>
    /// The first part, of <c>round(fraction · Count)</c> rows (halves away from zero), and a second one of the others. By class, each class has
    /// its share of the part's rows, rounded up for the largest remainders, on ties for the lower label, and else down. By group or time, the first part
    /// ends where whole groups or times come nearest to the fraction.
    /// </returns>
    /// <remarks>Rows come shuffled, or by time from the first to the last, with their weights, groups and times; names stay.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not in [0, 1], or <paramref name="splitBy"/> is none of the enum's.</exception>
    /// <exception cref="ArgumentException">
    /// There are no classes, groups or times to split by; fewer groups or different times than parts; or fewer rows of a class that occurs.
    /// </exception>
    public (Dataset First, Dataset Second) Split(double fraction, SplitBy splitBy, int seed = 0)
    {
        CheckShare(fraction, nameof(fraction));
        RowParts.CheckDefined(splitBy);
        RowParts parts = RowParts.OfSplit(this, [fraction], splitBy, seed);
        return (Select(parts.Rows(static part => part == 0)), Select(parts.Rows(static part => part == 1)));
    }

    /// <summary>Splits the rows in three: to train on, to validate by while training, and to judge by in the end. The parts hold copies.</summary>
    /// <param name="train">Share of the rows to train on, in [0, 1].</param>
    /// <param name="validation">Share of the rows to validate by, in [0, 1]; both together are at most 1.</param>
    /// <param name="splitBy">What stays together, or is spread evenly. Default: nothing, rows are shuffled.</param>
    /// <param name="seed">Decides the order of the rows; the same seed gives the same parts on any machine. Splits by time do not depend on it.</param>
    /// <returns>
    /// The first <c>round(train · Count)</c> rows, those up to <c>round((train + validation) · Count)</c>, and the others. By class, each class has its
    /// share of each part's rows, rounded up or down. By group or time, parts end where whole groups or times come nearest; each part of a share above 0
    /// has at least one.
    /// </returns>
    /// <remarks>Rows come shuffled, or by time from the first to the last, with their weights, groups and times; names stay.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A share is not in [0, 1], both are more than 1, or <paramref name="splitBy"/> is none of the enum's.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// There are no classes, groups or times to split by; fewer groups or different times than parts; or fewer rows of a class that occurs.
    /// </exception>
    public (Dataset Train, Dataset Validation, Dataset Test) Split(double train, double validation, SplitBy splitBy = SplitBy.Row, int seed = 0)
    {
        CheckShare(train, nameof(train));
        CheckShare(validation, nameof(validation));
        if (train + validation > 1)
        {
            string shares = string.Create(CultureInfo.InvariantCulture, $"{train} and {validation}");
            throw new ArgumentOutOfRangeException(nameof(validation), validation, $"Shares of {shares} are more than all rows.");
        }

        RowParts.CheckDefined(splitBy);
        RowParts parts = RowParts.OfSplit(this, [train, validation], splitBy, seed);
        return (Part(0), Part(1), Part(2));

        Dataset Part(int number) => Select(parts.Rows(part => part == number));
    }

    /// <summary>Cuts the rows into folds, each of which judges by other rows than it trains on.</summary>
    /// <param name="folds">How many folds, what stays together, and how often.</param>
    /// <returns>
    /// The folds of the first repeat, then those of the next. Rows of a fold are copied when it is reached. Sizes of folds differ by at most one row, by
    /// class also those of each class; by group each group goes to the fold that has the fewest rows so far; by time the parts end where whole times come
    /// nearest to equal sizes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="folds"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// There are no classes, groups or times to cut by; fewer rows or groups than folds; as few different times as folds; or fewer rows of a class that
    /// occurs than folds.
    /// </exception>
    public IEnumerable<(Dataset Train, Dataset Test)> Folds(Folds folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        FoldedRows rows = new(this, folds);
        return Enumerable.Range(0, folds.Total).Select(number =>
        {
            (int[] train, int[] test) = rows[number];
            return (Select(train), Select(test));
        });
    }

    /// <summary>Copies chosen rows, of a query for example.</summary>
    /// <inheritdoc cref="Select(ReadOnlySpan{int})"/>
    public Dataset Select(IEnumerable<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Select([.. rows]);
    }

    /// <summary>Copies chosen rows, with their weights, groups and times; names stay.</summary>
    /// <param name="rows">Indices of rows from 0, in any order, each as often as wanted.</param>
    /// <returns>A data set of these rows in this order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a row.</exception>
    public Dataset Select(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"The data set has {Count} rows, counted from 0; {row} is not one of them.");
            }
        }

        RowValues chosen = new()
        {
            InputMemory = Chosen(Values.Inputs, InputSize, rows),
            TargetMemory = Chosen(Values.Targets, TargetSize, rows),
            LabelMemory = Chosen(Values.Labels, 1, rows),
            WeightMemory = Chosen(Values.Weights, 1, rows),
            GroupMemory = Chosen(Values.Groups, 1, rows),
            TimeMemory = Chosen(Values.Times, 1, rows),
        };
        GC.KeepAlive(this);
        return new Dataset(this) { Values = chosen };

        static T[] Chosen<T>(ReadOnlySpan<T> values, int width, ReadOnlySpan<int> rows) => values.IsEmpty ? [] : RowOrder.Gathered(values, width, rows);
    }

    /// <summary>Writes all that the data set holds to a file that <see cref="Open"/> maps. Needs no second copy in memory.</summary>
    /// <param name="path">
    /// The file; replaced if it exists. It appears complete or not at all, and outlives a loss of power: it is written beside its place, moved there, and both
    /// are synced. Links are followed, and an older file's mode is kept.
    /// </param>
    /// <remarks>
    /// The format is described in docs/files.md. A data set that is open from the replaced file keeps its rows; on Windows, where a mapped file cannot be
    /// replaced, the call is refused. Several may run at once; of those to one file the last wins.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="IOException">The path is no regular file, or it cannot be written; an older file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older file is as it was.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor is big-endian.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        DatasetFile.Save(this, path);
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Opens a file that <see cref="Save"/> wrote. Its rows are mapped, not read: they take no memory but the system's page cache, so a file may be larger than
    /// memory, and opening one costs no more than its labels and weights, which are checked.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// The rows as they were saved, with which a network trains to the same bits. Batches are copied from them as they come; splits, folds and selections are
    /// copies in memory.
    /// </returns>
    /// <remarks>
    /// The file is mapped as long as the data set, one that was made of it by <c>With…</c>, or a loader of it is in use; there is nothing to dispose. Whoever
    /// takes a span, such as <see cref="Inputs"/>, has the file mapped until the process ends, as nobody knows how long a span is used. The header is checked
    /// whole, and so is the file's length; inputs and targets are as they lie there. A file must not be written to while it is mapped: other values then appear
    /// here, and where it is cut short, which Windows alone refuses, the system ends the process. To replace it, <see cref="Save"/> over it.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no file of a data set, of a later version, damaged, or cut short.</exception>
    /// <exception cref="IOException">It cannot be opened or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor is big-endian.</exception>
    public static Dataset Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return DatasetFile.Open(path);
    }

    /// <summary>Makes a data set of inputs alone. Wraps the array.</summary>
    internal static Dataset FromInputs(float[] inputs, int inputSize)
    {
        _ = CountRows(inputs, inputSize);
        return new Dataset(new RowValues { InputMemory = inputs }, inputSize, targetSize: 0, classCount: 0);
    }

    /// <summary>The same rows, with the encoder that made them.</summary>
    internal Dataset WithEncoder(string encoder) => new(this) { Encoder = encoder };

    /// <summary>The same rows with one input, 0, for what depends on all else alone.</summary>
    internal Dataset WithoutInputs() => new(Values with { InputMemory = new float[Count] }, inputSize: 1, TargetSize, ClassCount) { ClassNames = ClassNames };

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
            if (!QuotedText.IsWhole(name))
                throw new ArgumentException($"A name of {what} is '{QuotedText.Of(name)}', with half a surrogate pair, which no file can hold; write a whole character.", argument);
            if (!different.Add(name))
                throw new ArgumentException($"All names of {what} must differ, but '{QuotedText.Of(name)}' appears twice.", argument);
        }

        return Array.AsReadOnly<string>([.. names]);
    }

    private static int CountRows(float[] inputs, int inputSize)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        if (inputs.Length % inputSize != 0)
            throw new ArgumentException($"{inputs.Length} values are not a whole number of rows of {inputSize} inputs.", nameof(inputs));

        return inputs.Length / inputSize;
    }

    private static void CheckShare(double share, string argument)
    {
        if (!(share >= 0 && share <= 1))
        {
            throw new ArgumentOutOfRangeException(argument, share, "A share of the rows must be in [0, 1].");
        }
    }
}
