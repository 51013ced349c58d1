// Test scores of the guide's defaults on four small data sets, beside those of scikit-learn and PyTorch on the same splits:
//   python3 benchmarks/Mlp.Quality/peers.py DATA OUTPUT      then      dotnet run -c Release --project benchmarks/Mlp.Quality -- DATA OUTPUT
// With DATA alone, of the same recipe without and with members of an ensemble.
using System.Globalization;
using System.Text.Json;
using Mlp;
using Mlp.Quality;

if (args.Length == 1)
{
    Ensembles.Run(args[0]);
    return 0;
}

if (args.Length != 2)
{
    Console.WriteLine("Usage: Mlp.Quality DATA [OUTPUT]; DATA holds the CSV files, OUTPUT splits.json and peers.json of peers.py.");
    return 1;
}

using JsonDocument splits = JsonDocument.Parse(File.ReadAllText(Path.Combine(args[1], "splits.json")));
using JsonDocument peers = JsonDocument.Parse(File.ReadAllText(Path.Combine(args[1], "peers.json")));
Console.WriteLine("| data set | score | MlpGen | scikit-learn | PyTorch |\n|---|---|---:|---:|---:|");
Run<BreastCancer>("breast_cancer", "class", static (net, test) => net.Evaluate(test).Accuracy!.Value);
Run<Wine>("wine", "class", static (net, test) => net.Evaluate(test).Accuracy!.Value);
Run<Digits>("digits", "digit", static (net, test) => net.Evaluate(test).Accuracy!.Value);
Run<Diabetes>("diabetes", "progression", static (net, test) => net.Report(test).R2!.Value);
return 0;

void Run<TNet>(string name, string target, Func<TNet, Dataset, double> score)
    where TNet : class, INetwork<TNet>
{
    string path = Path.Combine(args[0], name + ".csv");
    bool isRegression = target == "progression";
    Dataset data = isRegression ? CsvData.LoadTargets(path, target) : CsvData.LoadLabels(path, target);
    List<double> scores = [];
    foreach (JsonProperty split in splits.RootElement.GetProperty(name).EnumerateObject())
    {
        int seed = int.Parse(split.Name, CultureInfo.InvariantCulture);
        int[] testRows = [.. split.Value.EnumerateArray().Select(static row => row.GetInt32())];
        HashSet<int> tested = [.. testRows];
        int[] otherRows = [.. Enumerable.Range(0, data.Count).Where(row => !tested.Contains(row))];
        (Dataset train, Dataset validation) = data.Select(otherRows).Split(0.9, isRegression ? SplitBy.Row : SplitBy.Class, seed);
        TNet net = TNet.Create(seed);
        net.Train(train, Recipe.Options(validation, seed));
        scores.Add(score(net, data.Select(testRows)));
    }

    IEnumerable<double> Peer(string peer) => peers.RootElement.GetProperty(name).GetProperty(peer).EnumerateArray().Select(static value => value.GetDouble());
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {(isRegression ? "R²" : "accuracy")} | {Text(scores)} | {Text(Peer("scikit-learn"))} | {Text(Peer("PyTorch"))} |"));
}

// The mean over the seeds, and the standard deviation between them.
static string Text(IEnumerable<double> scores)
{
    double[] values = [.. scores];
    double mean = values.Average();
    double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    return string.Create(CultureInfo.InvariantCulture, $"{mean:F4} ± {deviation:F4}");
}
