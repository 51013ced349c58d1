namespace Mlp.Runtime.Tests.Training;

/// <summary>Checkpoints are compared with the run by its description.</summary>
public class RunDescriptionTests
{
    /// <summary>Options that may differ between a run and its continuation, or that other entries stand for.</summary>
    private static readonly string[] Others =
    [
        nameof(TrainingOptions.Epochs), nameof(TrainingOptions.Threads), nameof(TrainingOptions.Progress), nameof(TrainingOptions.Callbacks),
        nameof(TrainingOptions.Checkpoints), nameof(TrainingOptions.Shuffle), nameof(TrainingOptions.TimeLimit),
    ];

    [Fact]
    public void EveryOption_IsDescribed_OrMayDiffer()
    {
        Dictionary<string, string> description = RunDescription.Of(new OneLayerNetwork(2, 1, LossFunction.MSE).State, TestData.Linear(4), new TrainingOptions());

        Assert.Equal(
            typeof(TrainingOptions).GetProperties().Select(static property => property.Name).Except(Others).Order(),
            description.Keys.Where(static name => char.IsUpper(name[0])).Order());
    }

    [Fact]
    public void EveryPropertyOfAnOptimizer_IsInItsText()
    {
        Type[] optimizers = [.. typeof(Optimizer).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Optimizer)))];
        Assert.Equal(9, optimizers.Length);
        foreach (Type type in optimizers)
        {
            object?[] defaults = [.. type.GetConstructors()[0].GetParameters().Select(static parameter => parameter.HasDefaultValue ? parameter.DefaultValue : 0.1f)];
            string text = Activator.CreateInstance(type, defaults)!.ToString()!;
            Assert.StartsWith($"{type.Name}(", text);
            Assert.All(type.GetConstructors()[0].GetParameters(), parameter => Assert.Contains($"{parameter.Name}: ", text));
        }
    }

    [Fact]
    public void DataThatDifferAnywhere_HaveOtherFingerprints()
    {
        Dataset labelled = Dataset.FromLabels([1, 2, 3, 4], [0, 1], 2, 2);
        Dataset[] sets =
        [
            labelled,
            Dataset.FromLabels([1, 2, 3, 5], [0, 1], 2, 2),
            Dataset.FromLabels([1, 2, 3, 4], [1, 1], 2, 2),
            Dataset.FromLabels([1, 2, 3, 4], [0, 1], 2, 3),
            Dataset.FromLabels([1, 2, 3, 4], [0, 1, 0, 1], 1, 2),
            Dataset.FromTargets([1, 2, 3, 4], [0, 1], 2, 1),
            Dataset.FromTargets([1, 2, 3, 4], [0, -0f], 2, 1),
            labelled.WithWeights([1, 1]),
            labelled.WithNames(["a", "b"], null),
            labelled.WithNames(["ab", ""], null),
            labelled.WithNames(null, ["a", "b"]),
        ];

        Assert.Equal(sets.Length, sets.Select(DataFingerprint.Of).Distinct().Count());
        Assert.Equal(DataFingerprint.Of(labelled), DataFingerprint.Of(Dataset.FromLabels([1, 2, 3, 4], [0, 1], 2, 2)));
        Assert.Equal("none", DataFingerprint.Of(null));
    }
}
