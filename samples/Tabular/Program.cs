// Two tables from CSV files: how good will the network be (cross-validation), then one network, its report, and pictures.
using Mlp;

string folder = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "mlpgen-tabular");
Directory.CreateDirectory(folder);
TrainingOptions options = new()
{
    Epochs = 100,
    BatchSize = 64,
    Optimizer = new Adam(1e-3f),
    L2 = 1e-3f,
    Schedule = new CosineDecay(),
    EarlyStopping = new EarlyStopping(patience: 20),
    Seed = 1,
};

(WineNet wine, Dataset wines, TrainingHistory wineHistory) = Learn<WineNet>("wine.csv");
Show(wine.Report(wines), wineHistory, "wine");
(TumourNet tumour, Dataset tumours, TrainingHistory tumourHistory) = Learn<TumourNet>("breast_cancer.csv");
Show(tumour.Report(tumours), tumourHistory, "breast_cancer");
Console.WriteLine(FeatureImportance.Permutation(tumour, tumours, Metric.RocAuc));

// Any network implements INetwork<TSelf>, so that a method can be written for all of them.
(TNet Net, Dataset Test, TrainingHistory History) Learn<TNet>(string file)
    where TNet : class, INetwork<TNet>
{
    Dataset data = CsvData.LoadLabels(Path.Combine(AppContext.BaseDirectory, file), target: "class");
    (Dataset rest, Dataset test) = data.Split(0.8, SplitBy.Class, seed: 1);
    Console.WriteLine($"\n== {file}: {data.Count} rows, {data.InputSize} columns, classes {string.Join(", ", data.ClassNames!)}\n");

    // Five networks, each tested on a fifth of the rows that it has not seen: what to expect of new rows.
    Console.WriteLine(CrossValidation.Run<TNet>(rest, Folds.K(5, SplitBy.Class, seed: 1), options));

    // One network for use. Its test rows have had no part in any decision.
    (Dataset train, Dataset validation) = rest.Split(0.85, SplitBy.Class, seed: 2);
    TNet net = TNet.Create(seed: 1);
    TrainingHistory history = net.Train(train, options with { Validation = validation });
    Console.WriteLine($"{history.StopReason} after {history.Epochs.Count} epochs; the weights are those of epoch {history.BestEpoch}\n");
    return (net, test, history);
}

void Show(ClassificationReport report, TrainingHistory history, string name)
{
    Console.WriteLine(report);
    history.SaveSvg(Path.Combine(folder, $"{name}-curves.svg"));
    report.SaveHtml(Path.Combine(folder, $"{name}-report.html"));
    Console.WriteLine($"test accuracy {report.Accuracy:P1}; curves and report in {folder}");
}
