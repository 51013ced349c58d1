// Test scores of the guide's defaults on five mixed tables, with and without [Ensemble(k)], beside those of scikit-learn on the same rows:
//   python3 benchmarks/Mlp.Tables/peers.py OUTPUT      then      dotnet run -c Release --project benchmarks/Mlp.Tables -- OUTPUT
// With "choice" behind OUTPUT, both judge by rows that are no test rows; with -p:Bins=true behind Release, numbers are encoded piecewise linearly.
using System.Globalization;
using System.Text.Json;
using Mlp;
using Mlp.Tables;

if (args.Length is not (1 or 2) || (args.Length == 2 && args[1] != "choice"))
{
    Console.WriteLine("Usage: Mlp.Tables OUTPUT [choice]; OUTPUT holds peers.json of peers.py.");
    return 1;
}

int judged = args.Length == 2 ? 3 : 4;
using JsonDocument peers = JsonDocument.Parse(File.ReadAllText(Path.Combine(args[0], "peers.json")));
Console.WriteLine($"Rows i % 5 == {judged}, {(Variant.Bins == 0 ? "no bins" : $"{Variant.Bins} bins")}\n");
Console.WriteLine("| table | score | scikit-learn | its default penalty | MlpGen | Ensemble(4) | Ensemble(8) | Ensemble(16) |\n|---|---|---:|---:|---:|---:|---:|---:|");
Print(
    "credit",
    "ROC AUC",
    LoanNet.ReadRows(Data("credit")),
    [
        Scores<LoanNet, Loan>(1e-3f, static (net, test) => net.Report(test).RocAuc),
        Scores<LoanNet4, Loan>(1e-4f, static (net, test) => net.Report(test).RocAuc),
        Scores<LoanNet8, Loan>(1e-4f, static (net, test) => net.Report(test).RocAuc),
        Scores<LoanNet16, Loan>(1e-4f, static (net, test) => net.Report(test).RocAuc),
    ]);
Print(
    "churn",
    "ROC AUC",
    SubscriberNet.ReadRows(Data("churn")),
    [
        Scores<SubscriberNet, Subscriber>(1e-3f, static (net, test) => net.Report(test).RocAuc),
        Scores<SubscriberNet4, Subscriber>(1e-4f, static (net, test) => net.Report(test).RocAuc),
        Scores<SubscriberNet8, Subscriber>(1e-4f, static (net, test) => net.Report(test).RocAuc),
        Scores<SubscriberNet16, Subscriber>(1e-4f, static (net, test) => net.Report(test).RocAuc),
    ]);
Print(
    "hpc",
    "accuracy",
    JobNet.ReadRows(Data("hpc")),
    [
        Scores<JobNet, Job>(1e-3f, static (net, test) => net.Report(test).Accuracy),
        Scores<JobNet4, Job>(1e-4f, static (net, test) => net.Report(test).Accuracy),
        Scores<JobNet8, Job>(1e-4f, static (net, test) => net.Report(test).Accuracy),
        Scores<JobNet16, Job>(1e-4f, static (net, test) => net.Report(test).Accuracy),
    ]);
Print(
    "ridership",
    "R²",
    DayNet.ReadRows(Data("ridership")),
    [
        Scores<DayNet, Day>(1e-3f, static (net, test) => net.Report(test).R2),
        Scores<DayNet4, Day>(1e-4f, static (net, test) => net.Report(test).R2),
        Scores<DayNet8, Day>(1e-4f, static (net, test) => net.Report(test).R2),
        Scores<DayNet16, Day>(1e-4f, static (net, test) => net.Report(test).R2),
    ]);
Print(
    "ames",
    "R²",
    HouseNet.ReadRows(Data("ames")),
    [
        Scores<HouseNet, House>(1e-3f, static (net, test) => net.Report(test).R2),
        Scores<HouseNet4, House>(1e-4f, static (net, test) => net.Report(test).R2),
        Scores<HouseNet8, House>(1e-4f, static (net, test) => net.Report(test).R2),
        Scores<HouseNet16, House>(1e-4f, static (net, test) => net.Report(test).R2),
    ]);
return 0;

static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name + ".csv");

void Print<TRecord>(string table, string score, IEnumerable<TRecord> source, Func<TRecord[], int, double[]>[] variants)
{
    Console.Write($"| {table} | {score} |");
    int seeds = 0;
    foreach (JsonProperty peer in peers.RootElement.GetProperty(table).EnumerateObject())
    {
        seeds = peer.Value.GetArrayLength();
        Console.Write($" {Text([.. peer.Value.EnumerateArray().Select(static value => value.GetDouble())])} |");
    }

    TRecord[] rows = [.. source];
    foreach (Func<TRecord[], int, double[]> variant in variants)
    {
        Console.Write($" {Text(variant(rows, seeds))} |");
    }

    Console.WriteLine();
}

// One score a seed, on the judged rows. A tenth of the rows before them stops the training.
Func<TRecord[], int, double[]> Scores<TNet, TRecord>(float penalty, Func<TNet, Dataset, double?> score)
    where TNet : class, INetwork<TNet, TRecord> => (rows, seeds) => [.. Enumerable.Range(0, seeds).Select(seed =>
    {
        TRecord[] others = [.. rows.Where((_, row) => row % 5 < judged)];
        new Random(seed).Shuffle(others);
        TRecord[] validation = others[..(others.Length / 10)];
        TRecord[] train = others[validation.Length..];
        TNet net = TNet.Create(seed);
        net.Fit(train);
        net.Train(train, new TrainingOptions
        {
            Epochs = 200,
            BatchSize = 64,
            Optimizer = new Adam(1e-3f),
            L2 = penalty,
            Schedule = new CosineDecay(),
            EarlyStopping = new EarlyStopping(patience: 20),
            Validation = net.Encode(validation),
            Seed = seed,
        });
        return score(net, net.Encode(rows.Where((_, row) => row % 5 == judged)))!.Value;
    })];

// The mean over the seeds, and the standard deviation between them.
static string Text(double[] scores)
{
    double mean = scores.Average();
    double deviation = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1));
    return string.Create(CultureInfo.InvariantCulture, $"{mean:F4} ± {deviation:F4}");
}
