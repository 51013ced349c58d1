namespace Contract.Tests;

/// <summary>Schedules in runs, and the factor of the rate in loops of one's own.</summary>
public class ScheduleTests
{
    private static readonly Dataset Data = Sets.Smooth(100, 23, 3);

    public static TheoryData<string> Optimizers => OptimizersAtRates.Names;

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void ARun_HasTheBitsOfALoopThatSetsTheFactor(string optimizer)
    {
        Optimizer adam = OptimizersAtRates.ByName[optimizer](0.01f);
        Schedule schedule = new CosineDecay(0.01) { WarmUp = Duration.Epochs(0.5) };
        WideNet trained = new(1);
        WideNet stepped = new(1);

        TrainingHistory history = trained.Train(Data, new TrainingOptions { Epochs = 3, BatchSize = 30, Sampling = Sampling.InOrder, Optimizer = adam, Schedule = schedule });
        DataLoader loader = new(Data, 30, shuffle: false);
        List<double> rates = [];
        for (int step = 0, epoch = 0; epoch < 3; epoch++)
        {
            foreach (Batch batch in loader.Epoch(epoch))
            {
                stepped.LearningRateFactor = schedule.FactorAt(new SchedulePoint(step++, TotalSteps: 12, StepsPerEpoch: 4));
                stepped.TrainStep(batch.Inputs, batch.Targets, adam);
            }

            rates.Add(stepped.LearningRateFactor * (optimizer == "Adadelta" ? 1 : 0.01));
        }

        Assert.Equal(Sets.Parameters(stepped), Sets.Parameters(trained));
        Assert.Equal(rates, history.Epochs.Select(static epoch => epoch.LearningRate));
    }

    /// <summary>Decoupled weight decay is scaled too. Powers of two are exact.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void AFactor_IsOneOfTheOptimizersRate(string optimizer)
    {
        WideNet halved = new(1);
        WideNet slow = new(1);
        halved.LearningRateFactor = 0.5;
        float[] gradients = [.. Enumerable.Range(0, WideNet.ParameterCount).Select(static i => MathF.Sin(i))];
        for (int step = 0; step < 5; step++)
        {
            halved.TrainStep(Data.Inputs, Data.Targets, OptimizersAtRates.ByName[optimizer](0.125f));
            slow.TrainStep(Data.Inputs, Data.Targets, OptimizersAtRates.ByName[optimizer](0.0625f));
            halved.ApplyGradients(gradients, OptimizersAtRates.ByName[optimizer](0.125f));
            slow.ApplyGradients(gradients, OptimizersAtRates.ByName[optimizer](0.0625f));
        }

        Assert.Equal(Sets.Parameters(slow), Sets.Parameters(halved));
        float[] before = [.. Sets.Predictions(halved, Data)];
        halved.LearningRateFactor = 0;
        halved.TrainStep(Data.Inputs, Data.Targets, OptimizersAtRates.ByName[optimizer](0.125f));
        Assert.Equal(before, Sets.Predictions(halved, Data));
    }

    [Fact]
    public void TheFactor_IsOneOfTheNetwork_AndRunsDoWithoutIt()
    {
        WideNet net = new(1);
        Assert.Equal(1, net.LearningRateFactor);
        foreach (double bad in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>("LearningRateFactor", () => net.LearningRateFactor = bad);
        }

        net.LearningRateFactor = 0.25;
        Assert.Equal(0.25, net.Clone().LearningRateFactor);
        WideNet other = new(1);
        net.Train(Data, new TrainingOptions { Epochs = 1 });
        other.Train(Data, new TrainingOptions { Epochs = 1 });
        Assert.Equal(Sets.Parameters(other), Sets.Parameters(net));
        Assert.Equal(0.25, net.LearningRateFactor);
    }

    [Fact]
    public void Steps_AreCountedByTheOptimizers_FromTheRunsFirst()
    {
        List<SchedulePoint> points = [];
        TrainingOptions options = new()
        {
            Epochs = 2,
            BatchSize = 10,
            AccumulationSteps = 4,
            Optimizer = new Sgd(0.1f),
            Schedule = Schedule.From(point =>
            {
                points.Add(point);
                return point.Step;
            }),
        };
        WideNet net = new(1);
        for (int run = 0; run < 2; run++)
        {
            TrainingHistory history = net.Train(Data, options);
            Assert.Equal([0.1 * 2, 0.1 * 5], history.Epochs.Select(static epoch => epoch.LearningRate));
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], points.Select(static point => point.Step).Distinct());
        Assert.All(points, static point => Assert.Equal((6, 3), (point.TotalSteps, point.StepsPerEpoch)));
        points.Clear();
        net.Train(Data, options with { Steps = 4 });
        Assert.All(points, static point => Assert.Equal((4, 3), (point.TotalSteps, point.StepsPerEpoch)));
    }

    [Fact]
    public void AFactorThatIsNone_EndsTheRunAtItsStep()
    {
        WideNet net = new(1);
        WideNet expected = new(1);
        TrainingOptions options = new() { Optimizer = new Sgd(0.1f) };

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => net.Train(Data, options with { Schedule = Schedule.From(static point => point.Step < 3 ? 1 : double.NaN) }));
        expected.Train(Data, options with { Steps = 3 });

        Assert.Contains("step 3", error.Message);
        Assert.Equal(3, net.StepsTrained);
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void APlateau_LowersTheRate_InEachRunAnew(bool hasValidation)
    {
        // So small a rate moves nothing: no epoch is better than the first.
        TrainingOptions options = new()
        {
            Epochs = 8,
            BatchSize = 100,
            Sampling = Sampling.InOrder,
            Optimizer = new Sgd(1e-14f),
            Schedule = new ReduceOnPlateau(factor: 0.5, patience: 1, cooldown: 1) { WarmUp = Duration.Epochs(2) },
            Validation = hasValidation ? Data : null,
        };
        PlainNet net = new(1);
        for (int run = 0; run < 2; run++)
        {
            // Behind the warm-up: the best, two bad ones, a cooldown, two bad ones.
            double[] factors = [0.5, 1, 1, 1, 1, 0.5, 0.5, 0.5];
            Assert.Equal(factors.Select(static factor => 1e-14 * factor), net.Train(Data, options).Epochs.Select(static epoch => epoch.LearningRate));
        }
    }

    [Fact]
    public void APlateau_WatchesOtherMetrics_OfValidationAlone()
    {
        TrainingOptions options = new()
        {
            Epochs = 6,
            Optimizer = new Sgd(1e-14f),
            Schedule = new ReduceOnPlateau(factor: 0.5, patience: 1) { Monitor = Metric.R2 },
        };

        ArgumentException error = Assert.Throws<ArgumentException>("options", () => new PlainNet(1).Train(Data, options));
        Assert.Contains("r2", error.Message);
        Assert.Contains("Validation", error.Message);
        Assert.Equal(0.25, new PlainNet(1).Train(Data, options with { Validation = Data }).Epochs[^1].LearningRate * 1e14, 1e-12);
    }

    /// <summary>More is better of R², which grows here; watched as a loss, it would be bad in every epoch.</summary>
    [Fact]
    public void APlateau_KnowsTheDirectionOfItsMetric()
    {
        TrainingHistory history = new PlainNet(1).Train(Data, new TrainingOptions
        {
            Epochs = 6,
            Optimizer = new Adam(1e-3f),
            Schedule = new ReduceOnPlateau(patience: 0) { Monitor = Metric.R2 },
            Metrics = [Metric.R2],
            Validation = Data,
        });

        double?[] values = [.. history.Epochs.Select(static epoch => epoch.Metrics[Metric.R2])];
        Assert.Equal(values.Order(), values);
        Assert.All(history.Epochs, static epoch => Assert.Equal(1e-3, epoch.LearningRate));
    }
}
