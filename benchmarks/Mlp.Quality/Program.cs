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
Console.WriteLine("| data set | score | MlpGen | with [Ensemble(8)] | scikit-learn | PyTorch |\n|---|---|---:|---:|---:|---:|");
Run<BreastCancer, BreastCancer8>("breast_cancer", "class", Accuracy, Accuracy);
Run<Wine, Wine8>("wine", "class", Accuracy, Accuracy);
Run<Digits, Digits8>("digits", "digit", Accuracy, Accuracy);
Run<Diabetes, Diabetes8>("diabetes", "progression", static (net, test) => net.Report(test).R2!.Value, static (net, test) => net.Report(test).R2!.Value);
return 0;

static double Accuracy<TNet>(TNet net, Dataset test) where TNet : class, INetwork<TNet> => net.Evaluate(test).Accuracy!.Value;

void Run<TNet, TEnsemble>(string name, string target, Func<TNet, Dataset, double> score, Func<TEnsemble, Dataset, double> scoreOfEnsemble)
    where TNet : class, INetwork<TNet>
    where TEnsemble : class, INetwork<TEnsemble>
{
    string path = Path.Combine(args[0], name + ".csv");
    bool isRegression = target == "progression";
    Dataset data = isRegression ? CsvData.LoadTargets(path, target) : CsvData.LoadLabels(path, target);
    IEnumerable<double> Peer(string peer) => peers.RootElement.GetProperty(name).GetProperty(peer).EnumerateArray().Select(static value => value.GetDouble());
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {(isRegression ? "R²" : "accuracy")} | {Text(Scores(score))} | {Text(Scores(scoreOfEnsemble))} | {Text(Peer("scikit-learn"))} | {Text(Peer("PyTorch"))} |"));

    IEnumerable<double> Scores<T>(Func<T, Dataset, double> ofNetwork)
        where T : class, INetwork<T>
    {
        foreach (JsonProperty split in splits.RootElement.GetProperty(name).EnumerateObject())
        {
            int seed = int.Parse(split.Name, CultureInfo.InvariantCulture);
            int[] testRows = [.. split.Value.EnumerateArray().Select(static row => row.GetInt32())];
            HashSet<int> tested = [.. testRows];
            int[] otherRows = [.. Enumerable.Range(0, data.Count).Where(row => !tested.Contains(row))];
            (Dataset train, Dataset validation) = data.Select(otherRows).Split(0.9, isRegression ? SplitBy.Row : SplitBy.Class, seed);
            T net = T.Create(seed);
            net.Train(train, Recipe.Options(validation, seed));
            yield return ofNetwork(net, data.Select(testRows));
        }
    }
}

// The mean over the seeds, and the standard deviation between them.
static string Text(IEnumerable<double> scores)
{
    double[] values = [.. scores];
    double mean = values.Average();
    double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    return string.Create(CultureInfo.InvariantCulture, $"{mean:F4} ± {deviation:F4}");
}
