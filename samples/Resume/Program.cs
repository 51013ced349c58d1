// A run that survives: kill it (Ctrl+C twice, kill -9, the power switch), start it again, and it goes on to the same end.
using Mlp;

string folder = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "mlpgen-resume");
Dataset spirals = SyntheticData.Spirals(3000, classes: 3, noise: 0.03, seed: 1);
(Dataset train, Dataset validation) = spirals.Split(0.8, seed: 1);

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    // The first Ctrl+C asks the run to end at a step, and to write a last checkpoint.
    key.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

SpiralNet net = new(seed: 1);
TrainingOptions options = new()
{
    Epochs = 60,
    BatchSize = 32,
    Optimizer = new Adam(5e-3f),
    Validation = validation,
    EarlyStopping = new EarlyStopping(patience: 20),
    Checkpoints = new Checkpoints(folder) { Every = Duration.Steps(20) },
    Callbacks = [new CsvLog(Path.Combine(folder, "log.csv")), new Announcement()],
    Progress = new ConsoleProgress(),
};
try
{
    TrainingHistory history = net.Train(train, options, stop.Token);
    Console.WriteLine($"{history.StopReason} after {history.Steps} steps; best epoch {history.BestEpoch}; accuracy {net.Evaluate(validation).Accuracy:P1}");
    Console.WriteLine($"Started again, it only reports this. To begin anew: rm -r {folder}");
}
catch (TrainingCancelledException cancelled)
{
    Console.WriteLine($"Stopped after {cancelled.History.Steps} steps. Start it again.");
}

/// <summary>Says where the run begins.</summary>
internal sealed class Announcement : TrainingCallback
{
    public override void OnStart(TrainingContext context) =>
        Console.WriteLine(context.History.Steps == 0 ? "A new run; kill it and start it again." : $"Going on after {context.History.Steps} steps.");
}
