namespace Contract.Tests;

/// <summary>Weights are finite after every run and in every file.</summary>
public class LastStepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnUpdateThatOverflows_EndsTheRun_AndNamesTheLayer(int batches)
    {
        WideNet net = new(1);
        Dataset smooth = Sets.Smooth(64, 23, 3);
        Dataset data = Dataset.FromTargets(smooth.Inputs.ToArray(), [.. smooth.Targets.ToArray().Select(static target => 1000 * target)], 23, 3);
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            () => net.Train(data, new TrainingOptions { Epochs = 1, BatchSize = 64 / batches, Optimizer = new Sgd(3e38f) }));

        Assert.StartsWith("Layer", error.Layer);
        Assert.Equal((1, batches == 1 ? 1L : 2L), (error.Epoch, error.Step));
        Assert.Throws<InvalidOperationException>(() => net.Save(new MemoryStream()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ACallThatCompletes_KeepsAnInterruptionPending(int threads)
    {
        Dataset data = Sets.Smooth(2000, 23, 3);
        WideNet net = new(1) { Threads = threads };
        WideNet undisturbed = new(1);
        Exception? caught = null;
        Thread trainer = new(() =>
        {
            Thread.CurrentThread.Interrupt();
            net.TrainStep(data.Inputs, data.Targets, new Adam());
            net.Evaluate(data);
            caught = Record.Exception(static () => Thread.Sleep(0));
        });
        trainer.Start();
        trainer.Join();

        Assert.IsType<ThreadInterruptedException>(caught);
        undisturbed.TrainStep(data.Inputs, data.Targets, new Adam());
        Assert.Equal(Sets.Parameters(undisturbed), Sets.Parameters(net));
    }

    [Fact]
    public void AnInterruptedThread_IsToldAtTheEndOfAStep()
    {
        WideNet net = new(1);
        Dataset data = Sets.Smooth(64, 23, 3);
        Exception? caught = null;
        using ManualResetEventSlim begun = new();
        Thread trainer = new(() =>
        {
            begun.Set();
            caught = Record.Exception(() => net.Train(data, new TrainingOptions { Epochs = int.MaxValue, BatchSize = 8 }));
        });
        trainer.Start();
        begun.Wait();
        while (net.StepsTrained == 0)
        {
            Thread.Yield();
        }

        trainer.Interrupt();
        trainer.Join();
        Assert.IsType<ThreadInterruptedException>(caught);

        WideNet expected = new(1);
        expected.Train(data, new TrainingOptions { Steps = (int)net.StepsTrained, BatchSize = 8 });
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
    }
}
