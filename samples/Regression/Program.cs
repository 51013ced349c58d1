// A regression: targets in their own units, and a search among learning rates and penalties that never looks at the test rows.
using Mlp;

Dataset data = CsvData.LoadTargets(Path.Combine(AppContext.BaseDirectory, "diabetes.csv"), "progression");
(Dataset train, Dataset test) = data.Split(0.8, seed: 1);

// A query is the grid: 3 × 3 candidates, each judged by five folds.
IEnumerable<TrainingOptions> candidates =
    from rate in new[] { 3e-4f, 1e-3f, 3e-3f }
    from decay in new[] { 0f, 1e-3f, 1e-2f }
    select new TrainingOptions
    {
        Epochs = 100,
        BatchSize = 64,
        Optimizer = new Adam(rate),
        L2 = decay,
        Schedule = new CosineDecay(),
        EarlyStopping = new EarlyStopping(patience: 20),
        Seed = 1,
    };
SearchResult search = HyperparameterSearch.Run<DiabetesNet>(train, Folds.K(5, seed: 1), candidates, by: Metric.Rmse);
Console.WriteLine(search);

(Dataset learn, Dataset validation) = train.Split(0.85, seed: 2);
DiabetesNet net = new(seed: 1);
net.Train(learn, search.Best with { Validation = validation });
RegressionReport report = net.Report(test);
Console.WriteLine(report);
Console.WriteLine($"test R² {report.R2:F3}: an error of {report.Rmse:F0} where the progression is between {Lowest(test):F0} and {Highest(test):F0}");

static float Lowest(Dataset data) => data.Targets.ToArray().Min();

static float Highest(Dataset data) => data.Targets.ToArray().Max();
