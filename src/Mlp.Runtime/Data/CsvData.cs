using System.Globalization;

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
/// Inputs are all columns but the target and the weights unless <c>features</c> chooses some, in the order given. Their names become
/// <see cref="Dataset.InputNames"/>.
/// </para>
/// </remarks>
public static class CsvData
{
    /// <summary>What messages call a text that has no path.</summary>
    private const string TextSource = "CSV text";

    /// <summary>Loads rows whose target is a number.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="features">Names of the input columns, at least one; all others than target and weights unless said.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; an ASCII character.</param>
    /// <param name="weights">
    /// Name of the column that becomes <see cref="Dataset.Weights"/>, of numbers of at least 0; no weights unless said.
    /// </param>
    /// <returns>A data set with one target column.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none, repeated or contain the target or the weights, which are one column; the delimiter is a quote, a line end or
    /// not ASCII.
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
        string? weights = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using StreamReader reader = new(path);
        return ReadTargets(reader, path, target, features, hasHeader, delimiter, weights);
    }

    /// <summary>Loads rows whose target is a class, called by a text or an integer.</summary>
    /// <returns>
    /// A data set with one label a row. Labels count the classes in ordinal order of their names, or in numeric order where every one is
    /// an integer; <see cref="Dataset.ClassNames"/> holds the names in that order.
    /// </returns>
    /// <inheritdoc cref="LoadTargets"/>
    public static Dataset LoadLabels(
        string path,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using StreamReader reader = new(path);
        return ReadLabels(reader, path, target, features, hasHeader, delimiter, weights);
    }

    /// <summary>Reads rows whose target is a number, as <see cref="LoadTargets"/> does; leaves the reader open, at its end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="features">Names of the input columns, at least one; all others than target and weights unless said.</param>
    /// <param name="hasHeader">Whether the first line holds the columns' names.</param>
    /// <param name="delimiter">Separates cells; an ASCII character.</param>
    /// <param name="weights">
    /// Name of the column that becomes <see cref="Dataset.Weights"/>, of numbers of at least 0; no weights unless said.
    /// </param>
    /// <returns>A data set with one target column.</returns>
    /// <exception cref="ArgumentException">
    /// The features are none, repeated or contain the target or the weights, which are one column; the delimiter is a quote, a line end or
    /// not ASCII.
    /// </exception>
    /// <exception cref="InvalidDataException">The text's contents do not fit; says line and column.</exception>
    public static Dataset ReadTargets(
        TextReader reader,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null) =>
        ReadTargets(reader, TextSource, target, features, hasHeader, delimiter, weights);

    /// <summary>
    /// Reads rows whose target is a class, as <see cref="LoadLabels"/> does; leaves the reader open, at its end.
    /// </summary>
    /// <returns>
    /// A data set with one label a row. Labels count the classes in ordinal order of their names, or in numeric order where every one is
    /// an integer; <see cref="Dataset.ClassNames"/> holds the names in that order.
    /// </returns>
    /// <inheritdoc cref="ReadTargets(TextReader, string, IReadOnlyList{string}, bool, char, string)"/>
    public static Dataset ReadLabels(
        TextReader reader,
        string target,
        IReadOnlyList<string>? features = null,
        bool hasHeader = true,
        char delimiter = ',',
        string? weights = null) =>
        ReadLabels(reader, TextSource, target, features, hasHeader, delimiter, weights);

    private static Dataset ReadTargets(
        TextReader reader, string source, string target, IReadOnlyList<string>? features, bool hasHeader, char delimiter, string? weights)
    {
        using CsvTable table = new(reader, source, hasHeader, delimiter);
        Columns columns = Choose(table, target, features, weights);
        List<float> inputs = [];
        List<float> rowWeights = [];
        List<float> targets = [];
        while (table.MoveNext())
        {
            AddRow(table, columns, inputs, rowWeights);
            targets.Add(table.Number(columns.Target));
        }

        Dataset data = Dataset.FromTargets([.. inputs], [.. targets], columns.Inputs.Length, targetSize: 1);
        return Complete(data, table, columns, rowWeights, classNames: null);
    }

    private static Dataset ReadLabels(
        TextReader reader, string source, string target, IReadOnlyList<string>? features, bool hasHeader, char delimiter, string? weights)
    {
        using CsvTable table = new(reader, source, hasHeader, delimiter);
        Columns columns = Choose(table, target, features, weights);
        List<float> inputs = [];
        List<float> rowWeights = [];
        List<int> seen = [];
        Dictionary<string, int> classes = [];
        while (table.MoveNext())
        {
            AddRow(table, columns, inputs, rowWeights);
            string name = table.Text(columns.Target);
            if (!classes.TryGetValue(name, out int index))
                classes.Add(name, index = classes.Count);
            seen.Add(index);
        }

        (int[] labelOf, string[] names) = OrderClasses([.. classes.OrderBy(pair => pair.Value).Select(pair => pair.Key)]);
        int[] labels = [.. seen.Select(index => labelOf[index])];
        return Complete(Dataset.FromLabels([.. inputs], labels, columns.Inputs.Length, names.Length), table, columns, rowWeights, names);
    }

    private static void AddRow(CsvTable table, Columns columns, List<float> inputs, List<float> weights)
    {
        foreach (int column in columns.Inputs)
            inputs.Add(table.Number(column));
        if (columns.Weights is { } weightColumn)
            weights.Add(table.Weight(weightColumn));
    }

    private static Dataset Complete(Dataset data, CsvTable table, Columns columns, List<float> weights, string[]? classNames)
    {
        Dataset named = data.WithNames([.. columns.Inputs.Select(column => table.Names[column])], classNames);
        return columns.Weights is null ? named : named.WithWeights([.. weights]);
    }

    private static Columns Choose(CsvTable table, string target, IReadOnlyList<string>? features, string? weights)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (features is { Count: 0 })
            throw new ArgumentException("At least one feature is needed; unless given, all other columns are used.", nameof(features));
        if (features is not null && features.Contains(target))
            throw new ArgumentException($"The target '{target}' cannot be a feature as well.", nameof(features));
        if (target == weights)
            throw new ArgumentException($"The target '{target}' cannot hold the weights as well.", nameof(weights));
        if (weights is not null && features is not null && features.Contains(weights))
            throw new ArgumentException($"The weights '{weights}' cannot be a feature as well.", nameof(features));
        if (features is not null && features.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new ArgumentException($"The feature '{repeated.Key}' is named {repeated.Count()} times.", nameof(features));

        int targetColumn = table.Column(target);
        int? weightColumn = weights is null ? null : table.Column(weights);
        int[] inputColumns = features is null
            ? [.. Enumerable.Range(0, table.Names.Count).Where(column => column != targetColumn && column != weightColumn)]
            : [.. features.Select(table.Column)];
        if (inputColumns.Length == 0)
        {
            string others = weights is null ? "" : $" and the weights '{weights}'";
            throw new InvalidDataException($"{table.Source}: there is no column besides the target '{target}'{others}.");
        }

        return new Columns(targetColumn, inputColumns, weightColumn);
    }

    /// <summary>Orders classes by name, or by value where every name is an integer. 1 and 01 are one class then.</summary>
    /// <param name="found">Distinct names, in the order in which they were found.</param>
    /// <returns>The label of each name found, and the names by label.</returns>
    private static (int[] LabelOf, string[] Names) OrderClasses(string[] found)
    {
        long[] values = new long[found.Length];
        bool integers = true;
        for (int i = 0; i < found.Length && integers; i++)
            integers = long.TryParse(found[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out values[i]);

        if (integers)
        {
            long[] sorted = [.. values.Distinct().Order()];
            return ([.. values.Select(value => Array.BinarySearch(sorted, value))],
                [.. sorted.Select(value => value.ToString(CultureInfo.InvariantCulture))]);
        }

        string[] names = [.. found.Order(StringComparer.Ordinal)];
        return ([.. found.Select(name => Array.BinarySearch(names, name, StringComparer.Ordinal))], names);
    }
    /// <summary>Which columns hold what, by index.</summary>
    private sealed record Columns(int Target, int[] Inputs, int? Weights);
}
