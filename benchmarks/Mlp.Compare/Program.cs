using Mlp.Compare;

if (args is ["worker", string name])
{
    if (name == Options.Peak)
    {
        using PeakWorker peak = new();
        WorkerLoop.Serve(peak);
    }
    else
    {
        WorkerLoop.Serve(new MlpGenWorker());
    }

    return;
}

Options options = Options.Parse(args);
string? load = Machine.ReadLoad();
string folder = options.Output ?? Path.Combine("benchmarks", "results", Machine.Slug);
Directory.CreateDirectory(folder);
string scratch = Directory.CreateTempSubdirectory("mlp-compare-").FullName;
try
{
    using Comparison comparison = new(options, scratch);
    using StreamWriter lines = new(Path.Combine(folder, "compare.jsonl")) { AutoFlush = true };
    string page = Path.Combine(folder, "compare.md");
    List<Measurement> measurements = [];
    foreach (Work work in options.Choose(WorkList.Compared(options.Quick)))
        Measure(work, [.. options.Contestants]);
    foreach (Work work in options.Choose(WorkList.LayerKernels().Concat(WorkList.Shapes(options.Quick))))
        Measure(work, [Options.MlpGen]);

    Console.WriteLine($"Written: {page} and {Path.ChangeExtension(page, "jsonl")}");

    void Measure(Work work, IReadOnlyList<string> workers)
    {
        Console.Error.WriteLine(work.Name);
        foreach (Measurement measurement in comparison.Measure(work, workers))
        {
            measurements.Add(measurement);
            lines.WriteLine(JsonLine.Write(measurement));
            Console.Error.WriteLine($"    {MarkdownPage.Describe(measurement)}");
        }

        // After every work, so that what was measured is there if the run is ended early.
        File.WriteAllText(page, MarkdownPage.Write(measurements, comparison.Versions, load, options));
    }
}
finally
{
    Directory.Delete(scratch, recursive: true);
}
