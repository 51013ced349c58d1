using Generator.Tests.Infrastructure;

namespace Contract.Tests;

/// <summary>The pictures of <c>docs/pictures.md</c>, by the names of their files.</summary>
internal static class DocumentationPictures
{
    private static readonly Lazy<(DigitsNet Net, Dataset Test, TrainingHistory History)> Digits = new(static () =>
    {
        Dataset digits = CsvData.LoadLabels(Repository.PathOf("samples", "Digits", "digits.csv"), target: "digit");
        (Dataset train, Dataset test) = digits.Split(0.8, SplitBy.Class, seed: 1);
        DigitsNet net = new(seed: 1);
        TrainingHistory history = net.Train(train, new TrainingOptions
        {
            Epochs = 40,
            BatchSize = 32,
            Optimizer = new Adam(3e-3f),
            Schedule = new OneCycle(),
            Validation = test,
        });
        return (net, test, history);
    });

    private static readonly Lazy<ClassificationReport> Moons = new(static () =>
    {
        (Dataset train, Dataset test) = SyntheticData.Moons(1500, noise: 0.3, seed: 1).WithNames(["x", "y"], ["upper moon", "lower moon"]).Split(0.6, seed: 1);
        PlaneNet net = new(seed: 1);
        net.Train(train, new TrainingOptions { Epochs = 60, Optimizer = new Adam(0.01f) });
        return net.Report(test);
    });

    /// <summary>How each is drawn.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new SortedDictionary<string, Func<string>>
    {
        ["activations"] = static () => Pictures.Activations(),
        ["calibration"] = static () => Pictures.Calibration(Moons.Value),
        ["confusion-matrix"] = static () => Pictures.ConfusionMatrix(Digits.Value.Net.Report(Digits.Value.Test)),
        ["decision-regions"] = DecisionRegions,
        ["diagram"] = static () => Pictures.Diagram(Digits.Value.Net),
        ["learning-curves"] = static () => Pictures.LearningCurves(Digits.Value.History),
        ["precision-recall-curve"] = static () => Pictures.PrecisionRecallCurve(Moons.Value),
        ["residuals"] = Residuals,
        ["roc-curve"] = static () => Pictures.RocCurve(Moons.Value),
        ["weights"] = static () => Pictures.Weights(Digits.Value.Net, 8, 8),
    };

    private static string DecisionRegions()
    {
        Dataset spirals = SyntheticData.Spirals(600, noise: 0.03, seed: 1, classes: 3).WithNames(["x", "y"], ["amber", "basil", "cobalt"]);
        SpiralNet net = new(seed: 1);
        net.Train(spirals, new TrainingOptions { Epochs = 120, Optimizer = new Adam(0.01f) });
        return Pictures.DecisionRegions(net, spirals);
    }

    /// <summary>Rows of x² + noise, which is larger for larger x.</summary>
    private static string Residuals()
    {
        Random random = new(1);
        float[] inputs = new float[600], targets = new float[600];
        for (int row = 0; row < inputs.Length; row++)
        {
            inputs[row] = (float)((6 * random.NextDouble()) - 2);
            targets[row] = (inputs[row] * inputs[row]) + (inputs[row] * (float)(random.NextDouble() + random.NextDouble() - 1));
        }

        Dataset data = Dataset.FromTargets(inputs, targets, inputSize: 1, targetSize: 1);
        SquareNet net = new(seed: 1);
        net.Train(data, new TrainingOptions { Epochs = 100, Optimizer = new Adam(0.01f) });
        return Pictures.Residuals(net.Report(data));
    }
}

[Input(1, Standardize = true)]
[Dense(24, Tanh)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class SquareNet;
