// Three networks learn to tell the inner of two circles from the outer one. A straight line cannot.
// With `--picture FILE`, the middle one is drawn as an SVG while it learns: the picture of the repository's README.
using System.Text;
using Mlp;
using Spectre.Console;

const int PictureColumns = 22;
const int PictureRows = 11;

(Dataset train, Dataset test) = SyntheticData.Circles(5000, factor: 0.3, noise: 0.05, seed: 1).Split(0.8, seed: 1);
if (args is ["--picture", string file])
{
    Draw(file);
    return;
}

Table results = new Table().AddColumns("network", "parameters", "loss", "val_loss", "val_accuracy", "seconds");

Logistic logistic = new(seed: 1);
Report("logistic", Logistic.ParameterCount, logistic.Train(train, Options("Logistic regression")));

Shallow shallow = new(seed: 1);
Report("2-128-1", Shallow.ParameterCount, shallow.Train(train, Options("2-128-1")));

Deep deep = new(seed: 1);
Report("2-128-128-1", Deep.ParameterCount, deep.Train(train, Options("2-128-128-1")));

AnsiConsole.Write(results);
Console.WriteLine("The square from -1.2 to 1.2, the fuller the likelier on the inner circle:");
AnsiConsole.Write(new Table()
    .AddColumns("logistic", "2-128-1", "2-128-128-1")
    .AddRow(Picture(logistic.Predict), Picture(shallow.Predict), Picture(deep.Predict)));

TrainingOptions Options(string title)
{
    Console.WriteLine(title);
    return new() { Epochs = 10, BatchSize = 32, Optimizer = new Adam(1e-3f), Validation = test, Progress = new ConsoleProgress() };
}

void Report(string name, int parameters, TrainingHistory history)
{
    EpochResult last = history.Epochs[^1];
    double seconds = history.Epochs.Sum(epoch => epoch.Elapsed.TotalSeconds);
    results.AddRow(name, $"{parameters}", $"{last.Loss:F5}", $"{last.ValidationLoss:F5}", $"{last.ValidationAccuracy:P1}", $"{seconds:F2}");
}

void Draw(string file)
{
    Shallow net = new(seed: 1);
    List<(string, Shallow)> states = [("before training", net.Clone())];
    for (int epoch = 1; epoch <= 10; epoch++)
    {
        net.Train(train, new() { Epochs = 1, BatchSize = 32, Optimizer = new Adam(1e-3f) });
        if (epoch is 1 or 10)
            states.Add((epoch == 1 ? "after 1 epoch" : $"after {epoch} epochs", net.Clone()));
    }

    Dataset named = test.WithNames(["x", "y"], ["outer circle", "inner circle"]);
    File.WriteAllText(file, Pictures.DecisionRegions(states, named, "A network learns to tell two circles apart"));
}

static string Picture(Func<ReadOnlySpan<float>, float> predict)
{
    StringBuilder picture = new();
    for (int row = 0; row < PictureRows; row++)
    {
        for (int column = 0; column < PictureColumns; column++)
        {
            float x = 2.4f * (column + 0.5f) / PictureColumns - 1.2f;
            float y = 1.2f - 2.4f * (row + 0.5f) / PictureRows;
            picture.Append(" ░▒▓█"[(int)(predict([x, y]) * 4.999f)]);
        }

        picture.Append('\n');
    }

    return picture.ToString().TrimEnd('\n');
}
