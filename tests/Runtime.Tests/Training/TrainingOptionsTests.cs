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
        Assert.Throws<ArgumentNullException>(nameof(TrainingOptions.Optimizer), () => new TrainingOptions { Optimizer = null! });
    }

    private static void AssertRefused(string name, Func<TrainingOptions> make) => Assert.Throws<ArgumentOutOfRangeException>(name, make);
}
