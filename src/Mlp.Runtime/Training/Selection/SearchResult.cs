using System.Globalization;

namespace Mlp;

/// <summary>What a search found. <c>ToString</c> is a table for reading.</summary>
public sealed class SearchResult
{
    internal SearchResult(Metric by, IReadOnlyList<SearchRow> rows, FoldTable? outer)
    {
        By = by;
        Rows = rows;
        Outer = outer;
    }

    /// <summary>What the best candidate is best by.</summary>
    public Metric By { get; }

    /// <summary>The best candidate: <c>net.Train(data, result.Best)</c>.</summary>
    /// <exception cref="InvalidOperationException">No candidate has a value of <see cref="By"/> in all its folds.</exception>
    public TrainingOptions Best => Rows[0].IsComplete && !double.IsNaN(Rows[0][By].Mean)
        ? Rows[0].Options
        : throw new InvalidOperationException(
            $"No candidate has a value of {By} in all its folds, so none is the best{(Rows[0].Failure is { } failure ? $": {failure.Message}" : ".")}");

    /// <summary>All candidates, the best first; those of equal means in the order in which they were given, those without one last.</summary>
    public IReadOnlyList<SearchRow> Rows { get; }

    /// <summary>
    /// What the best candidates of the outer folds came to on rows that nothing was chosen by, and which they were (<see cref="FoldResult.Options"/>); null
    /// where no outer folds were asked for.
    /// </summary>
    public FoldTable? Outer { get; }

    /// <summary>The table, a line a candidate with what it differs by from the others, and the outer folds below.</summary>
    public override string ToString()
    {
        IReadOnlyList<Metric> metrics = [By, .. Rows[0].Table.Metrics.Where(metric => metric != By)];
        NumberColumn[] columns = [.. metrics.Select(metric => new NumberColumn(Rows.Select(row => (double?)row[metric].Mean)))];
        string[] differences = Differences();
        TextTable table = new(["candidate", "folds", .. metrics.SelectMany(static metric => new[] { metric.Name, "±" })]);
        for (int i = 0; i < Rows.Count; i++)
        {
            SearchRow row = Rows[i];
            table.Add(
            [
                string.Create(CultureInfo.InvariantCulture, $"{row.Candidate}{(differences[i].Length > 0 ? ": " : "")}{differences[i]}"),
                row.Table.Folds.Count.ToString(CultureInfo.InvariantCulture),
                .. metrics.Zip(columns, (metric, column) => new[] { column.Text(row[metric].Mean), column.Text(row[metric].Deviation) })
                    .SelectMany(static cells => cells),
            ]);
        }

        return Outer is null ? table.ToString() : $"{table}\nouter folds\n{Outer}";
    }

    /// <summary>Of each row, the options that are not the same in all, and of descriptions with arguments those that are not the same in all of their kind.</summary>
    private string[] Differences()
    {
        Dictionary<string, string>[] descriptions = [.. Rows.Select(static row => Description(row.Options))];
        string[] names = [.. descriptions[0].Keys.Where(name => descriptions.Any(other => other[name] != descriptions[0][name]))];
        return [.. descriptions.Select(description => string.Join(
            ", ", names.Select(name => $"{name} = {Shortened(description[name], descriptions.Select(other => other[name]))}")))];
    }

    /// <summary>A description, <c>Adam(learningRate: 0.01)</c>, without the arguments that are the same in all of the same kind.</summary>
    private static string Shortened(string text, IEnumerable<string> all)
    {
        (string kind, string[] arguments) = Parsed(text);
        string[][] others = [.. all.Select(Parsed).Where(other => other.Kind == kind).Select(static other => other.Arguments)];
        string[] kept = [.. arguments.Where((argument, i) => others.Any(other => i >= other.Length || other[i] != argument))];
        return kept.Length == 0 ? kind : $"{kind}({string.Join(", ", kept)})";
    }

    private static (string Kind, string[] Arguments) Parsed(string text)
    {
        int start = text.IndexOf('(');
        return start < 0 || text[^1] != ')' ? (text, []) : (text[..start], text[(start + 1)..^1].Split(", "));
    }

    private static Dictionary<string, string> Description(TrainingOptions options)
    {
        Dictionary<string, string> description = RunDescription.Of(options);
        description.Add(nameof(options.Epochs), options.Epochs.ToString(CultureInfo.InvariantCulture));
        return description;
    }
}
