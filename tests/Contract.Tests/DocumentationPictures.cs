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
            Validation = test,
        });
        return (net, test, history);
    });

    /// <summary>How each is drawn.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new SortedDictionary<string, Func<string>>
    {
        ["activations"] = static () => Pictures.Activations(),
        ["confusion-matrix"] = static () => Pictures.ConfusionMatrix(Confusion(Digits.Value.Net, Digits.Value.Test), Digits.Value.Test.ClassNames),
        ["decision-regions"] = DecisionRegions,
        ["diagram"] = static () => Pictures.Diagram(Digits.Value.Net),
        ["learning-curves"] = static () => Pictures.LearningCurves(Digits.Value.History),
        ["weights"] = static () => Pictures.Weights(Digits.Value.Net, 8, 8),
    };

    private static string DecisionRegions()
    {
        Dataset spirals = SyntheticData.Spirals(600, noise: 0.03, seed: 1, classes: 3).WithNames(["x", "y"], ["amber", "basil", "cobalt"]);
        SpiralNet net = new(seed: 1);
        net.Train(spirals, new TrainingOptions { Epochs = 120, Optimizer = new Adam(0.01f) });
        return Pictures.DecisionRegions(net, spirals);
    }

    private static int[,] Confusion(DigitsNet net, Dataset data)
    {
        int[,] counts = new int[data.ClassCount, data.ClassCount];
        for (int row = 0; row < data.Count; row++)
        {
            counts[data.Labels[row], net.PredictClass(data.Inputs.Slice(row * data.InputSize, data.InputSize))]++;
        }

        return counts;
    }
}
