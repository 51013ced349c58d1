namespace Contract.Tests;

/// <summary>Targets out of a loss's range are refused wherever they come in, with row and column, and change nothing.</summary>
public class TargetsTests
{
    [Theory]
    [InlineData(2f)]
    [InlineData(-0.5f)]
    [InlineData(1.0001f)]
    public void ProbabilitiesAreIn0To1(float wrong) => AssertRefused(new ProbabilityNet(1), wrong, "0.5", ProbabilityNet.ParameterCount);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(2f)]
    public void SignsAreMinus1And1(float wrong)
    {
        MarginNet net = new(1);
        AssertWrong(() => net.TrainStep(new float[30], Targets(10, 1, wrong), new Adam()));
        AssertWrong(() => net.ComputeGradients(new float[30], Targets(10, 1, wrong), new float[MarginNet.ParameterCount]));
    }

    [Fact]
    public void SharesOfClassesAndCountsAreAtLeast0()
    {
        ClassesNet classes = new(1);
        CountsNet counts = new(1);
        string message = AssertWrong(() => classes.TrainStep(new float[30], Targets(10, 3, -1f), new Adam()));
        Assert.Contains("row 9, column 2", message);
        AssertWrong(() => classes.ComputeGradients(new float[30], Targets(10, 3, -1f), new float[ClassesNet.ParameterCount]));
        AssertWrong(() => counts.TrainStep(new float[30], Targets(10, 2, -1f), new Adam()));
        counts.TrainStep(new float[30], Targets(10, 2, 1e6f), new Adam());
    }

    private static void AssertRefused(ProbabilityNet net, float wrong, string right, int parameters)
    {
        string before = string.Join(' ', Sets.Parameters(net));
        Action[] uses =
        [
            () => net.TrainStep(new float[30], Targets(10, 1, wrong), new Adam()),
            () => net.TrainStep(new float[30], Targets(10, 1, wrong), new float[10], new Adam()),
            () => net.ComputeGradients(new float[30], Targets(10, 1, wrong), new float[parameters]),
            () => net.InputGradients(new float[30], Targets(10, 1, wrong), new float[30]),
            () => net.Train(Dataset.FromTargets(new float[30], Targets(10, 1, wrong), 3, 1)),
        ];
        Assert.All(uses, use => Assert.Contains("row 9, column 0", AssertWrong(use)));
        Assert.Equal(before, string.Join(' ', Sets.Parameters(net)));
        net.TrainStep(new float[30], Targets(10, 1, float.Parse(right, System.Globalization.CultureInfo.InvariantCulture)), new Adam());
    }

    private static string AssertWrong(Action use) => Assert.Throws<ArgumentException>(use).Message;

    /// <summary>Right targets, but for the last.</summary>
    private static float[] Targets(int rows, int columns, float last) => [.. Enumerable.Repeat(1f, (rows * columns) - 1), last];

    [Fact]
    public void BalancedSampling_TakesTargetsOf0And1AsTwoClasses()
    {
        float[] inputs = [.. Enumerable.Range(0, 300).Select(static i => MathF.Sin(i))];
        int[] labels = [.. Enumerable.Range(0, 100).Select(static row => row % 10 == 3 ? 1 : 0)];
        TrainingOptions options = new() { Epochs = 3, BatchSize = 8, Sampling = Sampling.Balanced };
        ProbabilityNet ofLabels = new(seed: 1), ofTargets = new(seed: 1);
        ofLabels.Train(Dataset.FromLabels(inputs, labels, 3, 2), options);
        ofTargets.Train(Dataset.FromTargets(inputs, [.. labels.Select(static label => (float)label)], 3, 1), options);

        Assert.Equal(Sets.Parameters(ofLabels), Sets.Parameters(ofTargets));
        Assert.Contains("or one target column of 0 and 1", Assert.Throws<ArgumentException>(
            "options", () => ofTargets.Train(Dataset.FromTargets(inputs, new float[100].Select(static _ => 0.5f).ToArray(), 3, 1), options)).Message);
    }
}
