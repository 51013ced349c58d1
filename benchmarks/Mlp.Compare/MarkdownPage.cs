using System.Globalization;
using System.Text;

namespace Mlp.Compare;

/// <summary>All measurements as a page of tables.</summary>
internal static class MarkdownPage
{
    public static string Write(IReadOnlyList<Measurement> measurements, IReadOnlyDictionary<string, string> versions, string? load, Options options)
    {
        StringBuilder page = new();
        page.Append("# Measured side by side\n\n");
        page.Append(Invariant($"Processor: {Machine.Processor}. System: {Machine.System}. {DateTime.UtcNow:yyyy-MM-dd}. "));
        if (load is not null)
            page.Append($"Programs that wanted a processor in the minute before: {load}.");
        page.Append("\n\n");
        foreach ((string name, string version) in versions.OrderBy(pair => options.Workers.IndexOf(pair.Key)))
            page.Append($"- {(name == Options.Peak ? "FMA peak" : name)}: {version}\n");
        page.Append(Invariant($"\nMedians of {options.Repetitions} repetitions{(options.Quick ? " (a quick run: not to be quoted)" : "")}, the workers in turns, the peak measured before and after each turn. "));
        page.Append("“Of peak” is useful operations (outputs, weight gradients, input deltas of all layers but the first; two a multiply-add) as a fraction of the FMA peak of as many cores. ");
        page.Append("“To the best peer” is the median ratio of speeds within a repetition: above 1, MlpGen is quicker. A dash is what a library does not do.\n");

        foreach (IGrouping<string, Measurement> section in measurements.GroupBy(measurement => measurement.Work.Section))
        {
            page.Append($"\n## {section.Key}\n\n");
            bool shapes = section.Key is WorkList.ShapeTraining or WorkList.ShapePrediction;
            page.Append(shapes ? ShapeTable([.. section]) : ComparedTable([.. section], options));
        }

        IGrouping<Work, Measurement>[] scaled =
            [.. measurements.Where(measurement => measurement.Work.Threads.Length > 1).GroupBy(measurement => measurement.Work)];
        if (scaled.Length > 0)
            page.Append("\n## Two threads\n\nSpeed-up from one thread to two, divided by that of the FMA peak in the same repetition.\n\n" + ScalingTable(scaled, options));
        return page.ToString();
    }

    /// <summary>One line for the console.</summary>
    public static string Describe(Measurement measurement) => Invariant(
        $"{measurement.Worker,-14} {measurement.Threads} thread(s)  {Amount(measurement),14}  {measurement.Fraction,7:P1} of peak  ±{Spread(measurement):P0}");

    private static string ComparedTable(Measurement[] measurements, Options options)
    {
        // Parts of a network, which no peer offers, have no columns of peers.
        string[] peers = measurements.Any(measurement => measurement.Worker != Options.MlpGen) ? [.. options.Contestants.Where(name => name != Options.MlpGen)] : [];
        string[] titles = ["work", "threads", "MlpGen", "of peak", "bytes allocated", .. peers, .. peers.Length > 0 ? (string[])["to the best peer"] : []];
        StringBuilder table = Header(titles);
        foreach (IGrouping<(Work Work, int Threads), Measurement> row in measurements.GroupBy(measurement => (measurement.Work, measurement.Threads)))
        {
            Measurement? own = row.FirstOrDefault(measurement => measurement.Worker == Options.MlpGen);
            Measurement? best = row.Where(measurement => measurement != own).MaxBy(measurement => measurement.Fraction);
            AddRow(table, [
                row.Key.Work.Name,
                Invariant($"{row.Key.Threads}"),
                own is null ? "–" : Amount(own),
                own is null ? "–" : Invariant($"{own.Fraction:P1}"),
                own is null ? "–" : Invariant($"{own.AllocatedBytes:0.##}"),
                .. peers.Select(peer => row.FirstOrDefault(measurement => measurement.Worker == peer) is Measurement found ? Amount(found) : "–"),
                .. peers.Length == 0 ? (string[])[] : [own is null || best is null ? "–" : Invariant($"{own.RatioTo(best):F2} × {best.Worker}")],
            ]);
        }

        return table.ToString();
    }

    /// <summary>Fractions of the peak, a row a network and a column a batch; cliffs are bold.</summary>
    private static string ShapeTable(Measurement[] measurements)
    {
        int[] batches = [.. measurements.Select(measurement => measurement.Work.Batch).Distinct()];
        string[] shapes = [.. measurements.Select(measurement => measurement.Work.Shape).Distinct()];
        Dictionary<(string, int), double> fractions = measurements.ToDictionary(
            measurement => (measurement.Work.Shape, measurement.Work.Batch), measurement => measurement.Fraction);

        Dictionary<string, double> flops = measurements.DistinctBy(measurement => measurement.Work.Shape).ToDictionary(
            measurement => measurement.Work.Shape, measurement => measurement.Work.FlopsPerIteration / measurement.Work.Batch);

        StringBuilder table = Header(["of peak, one thread", .. batches.Select(batch => Invariant($"batch {batch}"))]);
        for (int row = 0; row < shapes.Length; row++)
            AddRow(table, [shapes[row], .. batches.Select((_, column) => Cell(row, column))]);
        return table.Append("\nBold: under half of both neighbours in its row, or of both in its column if these are of like size.\n").ToString();

        string Cell(int row, int column)
        {
            double here = At(row, column);
            bool cliff = here < Math.Min(At(row, column - 1), At(row, column + 1)) / 2 ||
                (IsLike(row, row - 1) && IsLike(row, row + 1) && here < Math.Min(At(row - 1, column), At(row + 1, column)) / 2);
            return here == 0 ? "–" : cliff ? Invariant($"**{here:P1}**") : Invariant($"{here:P1}");
        }

        // The list goes from one kind of shapes to the next: networks of quite another size are no neighbours.
        bool IsLike(int row, int other) => other >= 0 && other < shapes.Length && flops[shapes[row]] / flops[shapes[other]] is > 0.25 and < 4;

        double At(int row, int column) => row >= 0 && row < shapes.Length && column >= 0 && column < batches.Length
            ? fractions.GetValueOrDefault((shapes[row], batches[column]))
            : 0;
    }

    private static string ScalingTable(IGrouping<Work, Measurement>[] works, Options options)
    {
        StringBuilder table = Header(["work", .. options.Contestants]);
        foreach (IGrouping<Work, Measurement> work in works)
            AddRow(table, [work.Key.Name, .. options.Contestants.Select(name => Scaling([.. work.Where(measurement => measurement.Worker == name)]))]);
        return table.ToString();

        static string Scaling(Measurement[] byThreads) => byThreads is [{ Threads: 1 } one, { Threads: 2 } two] ? Invariant($"{two.RatioTo(one):F2}") : "–";
    }

    private static StringBuilder Header(string[] titles)
    {
        StringBuilder table = new();
        AddRow(table, titles);
        AddRow(table, [.. titles.Select((_, column) => column == 0 ? "---" : "---:")]);
        return table;
    }

    private static void AddRow(StringBuilder table, string[] cells) => table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    /// <summary>The speed in the unit that its table is read in: rows a second, or the time of a call or an epoch.</summary>
    private static string Amount(Measurement measurement) => measurement.Work.Unit == "row" ? Invariant($"{Scaled(measurement.Rate)} rows/s") : Duration(measurement.MedianSeconds);

    private static string Scaled(double rate) => rate switch
    {
        >= 1e6 => Invariant($"{Digits(rate / 1e6)} M"),
        >= 1e3 => Invariant($"{Digits(rate / 1e3)} k"),
        _ => Digits(rate),
    };

    private static string Duration(double seconds) => seconds switch
    {
        >= 1 => $"{Digits(seconds)} s",
        >= 1e-3 => $"{Digits(seconds * 1e3)} ms",
        >= 1e-6 => $"{Digits(seconds * 1e6)} µs",
        _ => $"{Digits(seconds * 1e9)} ns",
    };

    // Three significant digits.
    private static string Digits(double value) => value.ToString(value >= 100 ? "F0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);

    private static double Spread(Measurement measurement) =>
        (Statistics.Quantile(measurement.Seconds, 0.75) - Statistics.Quantile(measurement.Seconds, 0.25)) / 2 / measurement.MedianSeconds;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
