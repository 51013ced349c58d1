using System.Text;

namespace Mlp;

/// <summary>Data sets from comma-separated text, one row a line.</summary>
/// <remarks>
/// <para>
/// Cells may be quoted as in RFC 4180; blanks around unquoted cells and empty lines are skipped; a byte-order mark and any line ends are
/// understood. Numbers are written as in code (<c>-1.5e3</c>), whatever the machine's culture. Every row needs a cell for every column,
/// and every cell that is read a finite number (or, for a class, some text): what is missing or wrong is reported with the file's line,
/// column and text as <see cref="InvalidDataException"/>, as are empty files and columns that do not exist. Misplaced quotes and rows of
/// more than 64 MiB are reported with the line on which their row begins.
/// </para>
/// <para>
/// With a header, columns are called as it says; without one they are called by their number from 1: <c>"1"</c>, <c>"2"</c>, …
/// Inputs are the columns that <c>features</c> chooses, in the order given; by default all columns but the target and the weights. Their
/// names become <see cref="Dataset.InputNames"/>. <c>like: train</c> takes columns and classes in the order of another data set: a trained
/// network reads files that way whose columns come in another order, or in which classes are missing. A column without a name (such as an
/// index that pandas wrote) is an error where all columns are inputs.
/// </para>
/// <para>
/// Files are in UTF-8, or as their byte-order mark or <c>encoding</c> says. Bytes that are invalid in that encoding are an error that names
/// their line.
/// </para>
/// <para>
/// Text takes long to read. <see cref="Dataset.Save"/> writes the rows to a file that <see cref="Dataset.Open"/> maps at once, and of which memory need not
/// hold all.
/// </para>
/// <para>
/// Numbers are stored in single precision. A column that keeps half or fewer of its different numbers there is refused: times in seconds
/// since 1970, for example, become multiples of 128 seconds. Weights are exempt, as only their ratios count, and so are columns read with
/// <c>like</c>. In tables of more than 130,000 cells, different numbers are counted in blocks of rows.
/// </para>
/// <para>
/// <c>Load…</c> reads files twice, to count the rows first: loading takes little more memory than the data set has. <c>Read…</c> takes up to twice as much.
/// </para>
/// </remarks>
public static class CsvData
{
    /// <summary>What messages call a text that has no path.</summary>
    private const string TextSource = "CSV text";

    /// <summary>Loads rows whose target is a number.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="features">Names of the input columns, at least one; default: all but target and weights.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; a tab or a printable ASCII character.</param>
    /// <param name="weights">
    /// Name of the column that becomes <see cref="Dataset.Weights"/>, of numbers of at least 0. Default: no weights.
    /// </param>
    /// <param name="like">A data set with the names of the input columns to take, in place of <paramref name="features"/>.</param>
    /// <param name="encoding">Encoding of a file without a byte-order mark; default: UTF-8.</param>
    /// <returns>A data set with one target column.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none, repeated or contain the target or the weights, which are one column; the delimiter is a quote, a control
    /// character or not ASCII; <paramref name="like"/> has no names, or comes with <paramref name="features"/>.
    /// </exception>
    /// <exception cref="InvalidDataException">The file's contents do not fit; says line and column.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static Dataset LoadTargets(
        string path,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null,
        Dataset? like = null,
        Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Load(path, encoding, hasHeader, delimiter, Request.For(target, features, weights, like));
    }

    /// <summary>Loads rows whose target is a class, called by a text or a whole number.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="features">Names of the input columns, at least one; default: all but target and weights.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; a tab or a printable ASCII character.</param>
    /// <param name="weights">
    /// Name of the column that becomes <see cref="Dataset.Weights"/>, of numbers of at least 0. Default: no weights.
    /// </param>
    /// <param name="classes">Names of the classes by label, at least one; a row of another class is an error. Default: the classes that are found.</param>
    /// <param name="like">
    /// A data set with the names of the input columns and classes to take, in place of <paramref name="features"/> and
    /// <paramref name="classes"/>.
    /// </param>
    /// <param name="encoding">Encoding of a file without a byte-order mark; default: UTF-8.</param>
    /// <returns>
    /// A data set with one label a row. Labels follow <paramref name="classes"/>; by default the ordinal order of the classes' names, or numeric
    /// order where every one is a whole number. <see cref="Dataset.ClassNames"/> holds the names in that order. Whole numbers written in several
    /// ways, as <c>1</c>, <c>1.0</c> and <c>01</c>, are one class, called <c>1</c>.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The features are none, repeated or contain the target or the weights, which are one column; the classes are none or repeated; the
    /// delimiter is a quote, a control character or not ASCII; <paramref name="like"/> has no names, or comes with <paramref name="features"/> or
    /// <paramref name="classes"/>.
    /// </exception>
    /// <inheritdoc cref="LoadTargets"/>
    public static Dataset LoadLabels(
        string path,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null,
        IReadOnlyList<string>? classes = null,
        Dataset? like = null,
        Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Load(path, encoding, hasHeader, delimiter, Request.For(target, features, weights, like) with { Classes = ClassesOf(classes, like) });
    }

    /// <summary>Loads rows without a target, to predict them.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark.</param>
    /// <param name="features">Names of the input columns, at least one; default: all columns.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; a tab or a printable ASCII character.</param>
    /// <param name="like">A data set with the names of the input columns to take, in place of <paramref name="features"/>.</param>
    /// <param name="encoding">Encoding of a file without a byte-order mark; default: UTF-8.</param>
    /// <returns>A data set of inputs alone: its <see cref="Dataset.TargetSize"/> is 0, and no network can be trained or evaluated with it.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none or repeated; the delimiter is a quote, a control character or not ASCII; <paramref name="like"/> has no names, or comes
    /// with <paramref name="features"/>.
    /// </exception>
    /// <inheritdoc cref="LoadTargets"/>
    public static Dataset Load(
        string path,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        Dataset? like = null,
        Encoding? encoding = null) =>
        Load(path, encoding, hasHeader, delimiter, Request.For(target: null, features, weights: null, like));

    /// <summary>Reads rows whose target is a number, as <see cref="LoadTargets"/> does; leaves the reader open, at its end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="features">Names of the input columns, at least one; default: all but target and weights.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; a tab or a printable ASCII character.</param>
    /// <param name="weights">
    /// Name of the column that becomes <see cref="Dataset.Weights"/>, of numbers of at least 0. Default: no weights.
    /// </param>
    /// <param name="like">A data set with the names of the input columns to take, in place of <paramref name="features"/>.</param>
    /// <returns>A data set with one target column.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none, repeated or contain the target or the weights, which are one column; the delimiter is a quote, a control
    /// character or not ASCII; <paramref name="like"/> has no names, or comes with <paramref name="features"/>.
    /// </exception>
    /// <exception cref="InvalidDataException">The text's contents do not fit; says line and column.</exception>
    public static Dataset ReadTargets(
        TextReader reader,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null,
        Dataset? like = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Read(reader, hasHeader, delimiter, Request.For(target, features, weights, like));
    }

    /// <summary>Reads rows whose target is a class, as <see cref="LoadLabels"/> does; leaves the reader open, at its end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="features">Names of the input columns, at least one; default: all but target and weights.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; a tab or a printable ASCII character.</param>
    /// <param name="weights">
    /// Name of the column that becomes <see cref="Dataset.Weights"/>, of numbers of at least 0. Default: no weights.
    /// </param>
    /// <param name="classes">Names of the classes by label, at least one; a row of another class is an error. Default: the classes that are found.</param>
    /// <param name="like">
    /// A data set with the names of the input columns and classes to take, in place of <paramref name="features"/> and
    /// <paramref name="classes"/>.
    /// </param>
    /// <returns>A data set with one label a row, and the classes' names, as <see cref="LoadLabels"/> describes them.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none, repeated or contain the target or the weights, which are one column; the classes are none or repeated; the
    /// delimiter is a quote, a control character or not ASCII; <paramref name="like"/> has no names, or comes with <paramref name="features"/> or
    /// <paramref name="classes"/>.
    /// </exception>
    /// <inheritdoc cref="ReadTargets"/>
    public static Dataset ReadLabels(
        TextReader reader,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null,
        IReadOnlyList<string>? classes = null,
        Dataset? like = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Read(reader, hasHeader, delimiter, Request.For(target, features, weights, like) with { Classes = ClassesOf(classes, like) });
    }

    /// <summary>Reads rows without a target, as <see cref="Load(string, IReadOnlyList{string}, bool, char, Dataset, Encoding)"/> does.</summary>
    /// <param name="reader">The text; stays open, at its end.</param>
    /// <param name="features">Names of the input columns, at least one; default: all columns.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; a tab or a printable ASCII character.</param>
    /// <param name="like">A data set with the names of the input columns to take, in place of <paramref name="features"/>.</param>
    /// <returns>A data set of inputs alone: its <see cref="Dataset.TargetSize"/> is 0, and no network can be trained or evaluated with it.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none or repeated; the delimiter is a quote, a control character or not ASCII; <paramref name="like"/> has no names, or comes
    /// with <paramref name="features"/>.
    /// </exception>
    /// <exception cref="InvalidDataException">The text's contents do not fit; says line and column.</exception>
    public static Dataset Read(
        TextReader reader,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        Dataset? like = null) =>
        Read(reader, hasHeader, delimiter, Request.For(target: null, features, weights: null, like));

    private static Dataset Load(string path, Encoding? encoding, bool hasHeader, char delimiter, Request request)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long rows = 0;

        // A pipe can be read only once, and a device has no end.
        if (file.CanSeek && file.Length > 0)
        {
            using DecodedText text = new(file, encoding, path);
            rows = Math.Max(CsvTable.CountRows(text) - (hasHeader ? 1 : 0), 0);
            file.Position = 0;
        }

        using DecodedText reader = new(file, encoding, path);
        using CsvTable table = new(reader, path, hasHeader, delimiter);
        return Read(table, request, rows, file.CanSeek ? file.Length : 0);
    }

    private static Dataset Read(TextReader reader, bool hasHeader, char delimiter, Request request)
    {
        using CsvTable table = new(reader, TextSource, hasHeader, delimiter);
        return Read(table, request, rows: 0, bytes: 0);
    }

    /// <summary>Reads all rows.</summary>
    /// <param name="table">The table, before its first row.</param>
    /// <param name="request">What to take of it.</param>
    /// <param name="rows">How many rows to expect at most.</param>
    /// <param name="bytes">Size of the file: a number and what ends it are two at least, however many rows and columns there seem to be.</param>
    private static Dataset Read(CsvTable table, Request request, long rows, long bytes)
    {
        (int? target, int[] inputColumns, int? weightColumn) = Choose(table, request);
        bool hasLabels = request.Classes is not null;
        ValueBuffer<float> inputs = new(Math.Min(rows * inputColumns.Length, bytes / 2 + 1));
        ValueBuffer<float> targets = new(target is null || hasLabels ? 0 : rows);
        ValueBuffer<int> labels = new(hasLabels ? rows : 0);
        ValueBuffer<float> weights = new(weightColumn is null ? 0 : rows);
        int[] numbers = target is { } number && !hasLabels ? [.. inputColumns, number] : inputColumns;
        ResolutionCheck? check = request.ChecksResolution ? new(numbers.Length) : null;
        while (table.MoveNext())
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                float value = check is null ? table.Number(numbers[i]) : table.Number(numbers[i], check);
                (i < inputColumns.Length ? inputs : targets).Add(value);
            }

            if (request.Classes is { } classes)
                labels.Add(classes.Add(table, target!.Value));
            if (weightColumn is { } column)
                weights.Add(table.Weight(column));
        }

        if (check?.Finish() is { } lost)
            throw table.ColumnError(numbers[lost.Column], lost.Problem);

        int inputSize = inputColumns.Length;
        IReadOnlyList<string>? classNames = null;
        Dataset data;
        if (request.Classes is { } found)
        {
            int[] rowLabels = labels.ToArray();
            classNames = found.Finish(rowLabels);
            data = Dataset.FromLabels(inputs.ToArray(), rowLabels, inputSize, classNames.Count);
        }
        else
        {
            data = target is null
                ? Dataset.FromInputs(inputs.ToArray(), inputSize)
                : Dataset.FromTargets(inputs.ToArray(), targets.ToArray(), inputSize, targetSize: 1);
        }

        Dataset named = data.WithNames([.. inputColumns.Select(column => table.Names[column])], classNames);
        return weightColumn is null ? named : named.WithWeights(weights.ToArray());
    }

    private static (int? Target, int[] Inputs, int? Weights) Choose(CsvTable table, Request request)
    {
        int? target = request.Target is null ? null : table.Column(request.Target);
        int? weights = request.Weights is null ? null : table.Column(request.Weights);
        int[] inputs = request.Features is null ? table.ColumnsBut(target, weights) : [.. request.Features.Select(table.Column)];
        if (inputs.Length == 0)
        {
            string others = request.Weights is null ? "" : $" and the weights '{QuotedText.Of(request.Weights)}'";
            throw new InvalidDataException(
                $"{table.Source}: there is no column besides the target '{QuotedText.Of(request.Target ?? "")}'{others}.");
        }

        return (target, inputs, weights);
    }

    private static CsvClasses ClassesOf(IReadOnlyList<string>? classes, Dataset? like)
    {
        if (like is null)
            return new CsvClasses(classes is null ? null : Checked(classes, nameof(classes)));
        if (classes is not null)
            throw new ArgumentException("Classes were given, and a data set whose classes to take. Leave one of them out.", nameof(like));

        return new CsvClasses(Checked(
            like.ClassNames ?? throw new ArgumentException(
                "The data set has no names of classes. Give them by Dataset.WithNames, or features and classes in place of it.", nameof(like)),
            nameof(like)));

        static IReadOnlyList<string> Checked(IReadOnlyList<string> names, string argument)
        {
            if (names.Count == 0)
                throw new ArgumentException("At least one class is needed; by default, the classes that are found are used.", argument);
            if (names.Contains(null!))
                throw new ArgumentException("A class has no name: it is null.", argument);
            if (CsvClasses.FindRepeated(names) is { } repeated)
                throw new ArgumentException($"All classes must differ, but {repeated}.", argument);

            return [.. names];
        }
    }

    /// <summary>What to take of a table, by name.</summary>
    private sealed record Request(string? Target, IReadOnlyList<string>? Features, string? Weights, bool ChecksResolution)
    {
        /// <summary>Where the classes of the target are kept; the target is a number where there are none.</summary>
        public CsvClasses? Classes { get; init; }

        /// <summary>Checks that columns are wanted for one thing each.</summary>
        public static Request For(string? target, IReadOnlyList<string>? features, string? weights, Dataset? like)
        {
            if (target is not null && target == weights)
                throw new ArgumentException($"The target '{target}' cannot hold the weights as well.", nameof(weights));
            if (like is not null && features is not null)
                throw new ArgumentException("Features were given, and a data set whose input columns to take. Leave one of them out.", nameof(like));

            string argument = like is null ? nameof(features) : nameof(like);
            features = like is null
                ? features
                : like.InputNames ?? throw new ArgumentException(
                    "The data set has no names of its input columns. Give them by Dataset.WithNames, or features in place of it.", nameof(like));
            if (features is null)
                return new Request(target, null, weights, ChecksResolution: true);
            if (features.Count == 0)
                throw new ArgumentException("At least one feature is needed; by default, all other columns are used.", argument);

            HashSet<string> names = [];
            foreach (string name in features)
            {
                if (name is null)
                    throw new ArgumentException("A feature has no name: it is null.", argument);
                if (name == target)
                    throw new ArgumentException($"The target '{target}' cannot be a feature as well.", argument);
                if (name == weights)
                    throw new ArgumentException($"The weights '{weights}' cannot be a feature as well.", argument);
                if (!names.Add(name))
                    throw new ArgumentException($"The feature '{name}' is named {features.Count(other => other == name)} times.", argument);
            }

            return new Request(target, [.. features], weights, ChecksResolution: like is null);
        }
    }
}
