namespace Mlp.Runtime.Tests.Training;

public class TrainingOptionsTests
{
    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        TrainingOptions options = new();

        Assert.Equal((10, null, 64), (options.Epochs, options.Steps, options.BatchSize));
        Assert.Equal((0, true, 0), (options.Seed, options.Shuffle, options.Threads));
        Assert.Equal(1e-3f, Assert.IsType<Adam>(options.Optimizer).LearningRate);
        Assert.Equal((1, 0, 0), (options.AccumulationSteps, options.L1, options.L2));
        Assert.Equal((0, 0, 0), (options.ClipValue, options.ClipNorm, options.MaxNorm));
        Assert.Null(options.Validation);
        Assert.Null(options.Progress);
    }

    [Fact]
    public void ValuesOutOfRange_ThrowWithThePropertysName()
    {
        AssertRefused(nameof(TrainingOptions.Epochs), () => new TrainingOptions { Epochs = 0 });
        AssertRefused(nameof(TrainingOptions.Steps), () => new TrainingOptions { Steps = 0 });
        AssertRefused(nameof(TrainingOptions.BatchSize), () => new TrainingOptions { BatchSize = 0 });
        AssertRefused(nameof(TrainingOptions.Threads), () => new TrainingOptions { Threads = -1 });
        AssertRefused(nameof(TrainingOptions.AccumulationSteps), () => new TrainingOptions { AccumulationSteps = 0 });
        foreach (float bad in new[] { -1, float.NaN, float.PositiveInfinity })
        {
            AssertRefused(nameof(TrainingOptions.L1), () => new TrainingOptions { L1 = bad });
            AssertRefused(nameof(TrainingOptions.L2), () => new TrainingOptions { L2 = bad });
            AssertRefused(nameof(TrainingOptions.ClipValue), () => new TrainingOptions { ClipValue = bad });
            AssertRefused(nameof(TrainingOptions.ClipNorm), () => new TrainingOptions { ClipNorm = bad });
            AssertRefused(nameof(TrainingOptions.MaxNorm), () => new TrainingOptions { MaxNorm = bad });
        }

        Assert.Throws<ArgumentNullException>(nameof(TrainingOptions.Optimizer), () => new TrainingOptions { Optimizer = null! });
    }

    private static void AssertRefused(string name, Func<TrainingOptions> make) => Assert.Throws<ArgumentOutOfRangeException>(name, make);
}
