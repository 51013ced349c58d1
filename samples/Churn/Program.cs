// From a file of customers to one prediction: text, dates, empty cells, and few who leave. The encoder is learned and saved with the network.
using Churn;
using Mlp;

string folder = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "mlpgen-churn");
Directory.CreateDirectory(folder);
string file = Path.Combine(folder, "customers.csv");
CustomerFile.Write(file, rows: 6_000, seed: 1);

// Rows are records from here on. Every fifth is put aside for the verdict, every fifth of the others stops the training.
Customer[] customers = [.. ChurnNet.ReadRows(file)];
Customer[] test = [.. customers.Where(static customer => customer.Id % 5 == 0)];
Customer[] rest = [.. customers.Where(static customer => customer.Id % 5 != 0)];
Customer[] validation = [.. rest.Where(static (_, index) => index % 5 == 0)];
Customer[] train = [.. rest.Where(static (_, index) => index % 5 != 0)];
Console.WriteLine($"{customers.Length} customers, of whom {customers.Count(static customer => customer.Left)} left\n\n{ChurnNet.Summary}\n");

// Means, medians, bins and tariffs come from the training rows alone; validation is encoded with them.
ChurnNet net = new(seed: 1);
net.Fit(train);
TrainingHistory history = net.Train(train, new TrainingOptions
{
    Epochs = 60,
    BatchSize = 64,
    Optimizer = new Adam(1e-3f),
    L2 = 1e-3f,
    Schedule = new CosineDecay(),
    EarlyStopping = new EarlyStopping(patience: 10) { Monitor = Metric.RocAuc },
    Validation = net.Encode(validation),
    Seed = 1,
});
Console.WriteLine($"{history.StopReason} after {history.Epochs.Count} epochs; the weights are those of epoch {history.BestEpoch}");

// Few leave, so a threshold of one half would find hardly any: the best one for F1 is found on the validation rows.
net.Threshold = Thresholds.Best(net, net.Encode(validation), Metric.F1());
ClassificationReport report = net.Report(test);
Console.WriteLine($"\n{report}\nfrom {net.Threshold:F2} on, a customer is taken for one who leaves; test ROC AUC {report.RocAuc:F3}");
report.SaveHtml(Path.Combine(folder, "report.html"));

// What is needed to predict is in one file: weights, encoder, threshold.
string saved = Path.Combine(folder, "churn.safetensors");
net.Save(saved);
ChurnNet loaded = ChurnNet.Load(saved);
Customer asked = new()
{
    MonthlyBill = 44.5,
    Data = 12_000,
    CallsToSupport = 6,
    Payment = Payment.Invoice,
    Tariff = "Made up today",
    ContractSince = new DateOnly(2025, 3, 1),
};
Console.WriteLine($"\na customer of unknown age with six calls, a young contract and an unseen tariff leaves with {loaded.Predict(asked):P1}: {loaded.PredictLabel(asked)}");
Console.WriteLine($"the same bits from the file: {loaded.Predict(asked).Equals(net.Predict(asked))}");

// A number that depends on every bit of the predictions, to compare machines and compilers.
uint bits = test.Aggregate(0u, (hash, customer) => (hash * 31) + BitConverter.SingleToUInt32Bits(net.Predict(customer)));
Console.WriteLine($"bits of {test.Length} predictions: {bits:x8}; report in {folder}");
