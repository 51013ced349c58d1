using System.Collections.Concurrent;
using System.Diagnostics;
using CodeMutations;

// CodeMutations [--own] [--again] [--workers=N] [word…]: mutations whose file, description or project of tests has one of the words, or all.
// --own: only against the tests that each names. --again: sound code has passed before, and is not tested first. --workers: so many at once.
const string Workers = "--workers=";
bool own = args.Contains("--own"), again = args.Contains("--again");
int workers = args.FirstOrDefault(static argument => argument.StartsWith(Workers, StringComparison.Ordinal)) is { } said
    ? int.Parse(said[Workers.Length..])
    : Environment.ProcessorCount;
string[] words = [.. args.Where(static argument => !argument.StartsWith("--", StringComparison.Ordinal))];
CodeMutation[] chosen =
[
    .. CodeMutationList.All
        .Where(mutation => words.Length == 0
            || words.Any(word => $"{mutation.File} {mutation.Breaks} {mutation.Suite}.Tests".Contains(word, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(static mutation => mutation.Suite), // The quick ones first.
];

string[] problems = [.. CodeMutationList.All.Select(static mutation => mutation.ProblemIn(Repository.Root)).OfType<string>()];
if (problems.Length > 0)
{
    Console.Error.WriteLine(string.Join('\n', problems));
    return 1;
}

Stopwatch all = Stopwatch.StartNew();
Scratch.Prepare();
Scratch first = new(0);
foreach (IGrouping<Suite, CodeMutation> suite in chosen.Where(_ => !again).GroupBy(static mutation => mutation.Suite))
{
    // Together, as they take long alone; whether each finds tests shows below.
    if (first.FirstFailure(suite.Key, string.Join('|', suite.Select(static mutation => $"({mutation.Filter})").Distinct())) is { } test)
    {
        Console.Error.WriteLine($"Without a mutation, {suite.Key}.Tests fails: {test}.");
        return 1;
    }
}

Console.WriteLine($"Begun after {all.Elapsed:mm\\:ss}.");
ConcurrentQueue<CodeMutation> left = new(chosen);
ConcurrentBag<string> verdicts = [];
Task.WaitAll([.. Enumerable.Range(0, workers).Select(number => Task.Run(() =>
{
    Scratch scratch = number == 0 ? first : new Scratch(number);
    while (left.TryDequeue(out CodeMutation? mutation))
    {
        verdicts.Add(Judge(scratch, mutation));
    }
}))]);

string counts = string.Join(", ", verdicts.CountBy(static verdict => verdict).OrderBy(static count => count.Key).Select(static count => $"{count.Value} {count.Key}"));
Console.WriteLine($"{chosen.Length} mutations in {all.Elapsed:h\\:mm\\:ss}: {counts}.");
return verdicts.Any(static verdict => verdict is "SURVIVED" or "NOT HARMLESS") ? 1 : 0;

string Judge(Scratch scratch, CodeMutation mutation)
{
    Stopwatch watch = Stopwatch.StartNew();
    string? killer = FailureOf(mutation.Suite, mutation.Filter);
    bool isOwn = killer is not null;
    killer ??= own || mutation.Harmless is not null ? null : Enum.GetValues<Suite>().Select(suite => FailureOf(suite)).FirstOrDefault(static failure => failure is not null);
    scratch.Restore();
    string verdict = (killer, mutation.Harmless) switch
    {
        (null, null) => "SURVIVED",
        (null, _) => "harmless",
        (_, null) => isOwn ? "killed" : "killed by other tests",
        _ => "NOT HARMLESS",
    };
    Console.WriteLine($"{verdict,-21} {watch.Elapsed.TotalSeconds,5:F0} s  {mutation.File}: {mutation.Breaks}{(killer is null ? "" : $" — {killer}")}");
    return verdict;

    string? FailureOf(Suite suite, string? filter = null) =>
        scratch.Apply(mutation, suite) ? scratch.FirstFailure(suite, filter) : "networks that do not compile";
}
