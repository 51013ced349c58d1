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
Console.WriteLine("| data set | score | MlpGen | with [Ensemble(8)] | with dropout 0.1 and L2 1e-4 | scikit-learn | PyTorch |\n|---|---|---:|---:|---:|---:|---:|");
List<string> differences = [];
Run<BreastCancer, BreastCancer8, BreastCancerLight>("breast_cancer", "class", Accuracy, Accuracy, Accuracy);
Run<Wine, Wine8, WineLight>("wine", "class", Accuracy, Accuracy, Accuracy);
Run<Digits, Digits8, DigitsLight>("digits", "digit", Accuracy, Accuracy, Accuracy);
Run<Diabetes, Diabetes8, DiabetesLight>(
    "diabetes", "progression", static (net, test) => net.Report(test).R2, static (net, test) => net.Report(test).R2, static (net, test) => net.Report(test).R2);
Console.WriteLine("\nMinus PyTorch's, split by split: mean ± standard error\n\n| data set | MlpGen | with [Ensemble(8)] | with dropout 0.1 and L2 1e-4 |\n|---|---:|---:|---:|");
differences.ForEach(Console.WriteLine);
return 0;

static double? Accuracy<TNet>(TNet net, Dataset test) where TNet : class, INetwork<TNet> => net.Evaluate(test).Accuracy;

void Run<TNet, TEnsemble, TLight>(
    string name, string target, Func<TNet, Dataset, double?> score, Func<TEnsemble, Dataset, double?> scoreOfEnsemble, Func<TLight, Dataset, double?> scoreOfLight)
    where TNet : class, INetwork<TNet>
    where TEnsemble : class, INetwork<TEnsemble>
    where TLight : class, INetwork<TLight>
{
    string path = Path.Combine(args[0], name + ".csv");
    bool isRegression = target == "progression";
    Dataset data = isRegression ? CsvData.LoadTargets(path, target) : CsvData.LoadLabels(path, target);
    double[][] ours = [Scores(score, 1e-3f), Scores(scoreOfEnsemble, 1e-3f), Scores(scoreOfLight, 1e-4f)];
    double[] pyTorch = Peer("PyTorch");
    string texts = string.Join(" | ", ours.Append(Peer("scikit-learn")).Append(pyTorch).Select(Text));
    Console.WriteLine($"| {name} | {(isRegression ? "R²" : "accuracy")} | {texts} |");
    differences.Add($"| {name} | {string.Join(" | ", ours.Select(scores => Difference(scores, pyTorch)))} |");

    double[] Peer(string peer) => [.. peers.RootElement.GetProperty(name).GetProperty(peer).EnumerateArray().Select(static value => value.GetDouble())];

    double[] Scores<T>(Func<T, Dataset, double?> ofNetwork, float penalty) where T : class, INetwork<T> =>
    [
        .. splits.RootElement.GetProperty(name).EnumerateObject().Select(split =>
        {
            int seed = int.Parse(split.Name, CultureInfo.InvariantCulture);
            int[] testRows = [.. split.Value.EnumerateArray().Select(static row => row.GetInt32())];
            HashSet<int> tested = [.. testRows];
            int[] otherRows = [.. Enumerable.Range(0, data.Count).Where(row => !tested.Contains(row))];
            (Dataset train, Dataset validation) = data.Select(otherRows).Split(0.9, isRegression ? SplitBy.Row : SplitBy.Class, seed);
            T net = T.Create(seed);
            net.Train(train, Recipe.Options(validation, seed, penalty));
            return ofNetwork(net, data.Select(testRows))!.Value;
        }),
    ];
}

// The mean over the splits, and the standard deviation between them.
static string Text(double[] scores) => string.Create(CultureInfo.InvariantCulture, $"{scores.Average():F4} ± {Deviation(scores):F4}");

static string Difference(double[] scores, double[] others)
{
    double[] differences = [.. scores.Zip(others, static (score, other) => score - other)];
    return string.Create(CultureInfo.InvariantCulture, $"{differences.Average():+0.0000;−0.0000} ± {Deviation(differences) / Math.Sqrt(differences.Length):F4}");
}

static double Deviation(double[] values)
{
    double mean = values.Average();
    return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
}
