namespace Contract.Tests;

/// <summary>Reports of how layers train, in the epochs in which they fall due; they change nothing.</summary>
public class LayerStatisticsTests
{
    private static readonly Dataset Data = Sets.Smooth(90, 6);

    [Theory]
    [InlineData(1, 0f)]
    [InlineData(2, 0f)]
    [InlineData(1, 0.5f)]
    public void Reports_ChangeNoBit(int accumulation, float clipNorm)
    {
        TrainingOptions options = new() { Epochs = 4, BatchSize = 20, AccumulationSteps = accumulation, ClipNorm = clipNorm };
        FullNet plain = new(1);
        FullNet reported = new(1);
        plain.Train(Data, options);
        reported.Train(Data, options with { Statistics = Duration.Steps(2) });
        Assert.Equal(Sets.Parameters(plain), Sets.Parameters(reported));
    }

    [Fact]
    public void Reports_ChangeNoBit_OfAveragesLayerRatesAndSchedules()
    {
        TrainingOptions options = new()
        {
            Epochs = 4,
            BatchSize = 20,
            Averaging = new WeightAverage(),
            Schedule = new CosineDecay(),
            LayerRates = [new(nameof(FullNet.Layer1), 0), new(nameof(FullNet.Layer2), 0.5)],
        };
        FullNet plain = new(1);
        FullNet reported = new(1);
        plain.Train(Data, options);
        TrainingHistory history = reported.Train(Data, options with { Statistics = Duration.Steps(2) });
        Assert.Equal(Sets.Parameters(plain), Sets.Parameters(reported));
        Assert.Equal((0, 0), (history.Epochs[^1].Layers[0].GradientNorm, history.Epochs[^1].Layers[0].UpdateRatio));
        Assert.True(history.Epochs[^1].Layers[1].UpdateRatio > 0);

        options = options with { LayerRates = [] };
        plain.Train(Data, options);
        reported.Train(Data, options with { Statistics = Duration.Epochs(1) });
        Assert.Equal(Sets.Parameters(plain), Sets.Parameters(reported));
    }

    [Fact]
    public void Reports_AreInTheEpochsInWhichTheyFallDue()
    {
        Assert.Equal([0, 3, 0, 3, 0], Counts(Duration.Epochs(2)));
        Assert.Equal([3, 3, 3, 3, 3], Counts(Duration.Epochs(0.2)));
        Assert.Equal([0, 0, 0, 0, 3], Counts(Duration.Share(1)));
        Assert.Equal([0, 3, 0, 3, 0], Counts(Duration.Steps(9)));
        Assert.Equal([0, 0, 0, 0, 0], Counts(null));
        Assert.Throws<ArgumentOutOfRangeException>("Statistics", static () => new TrainingOptions { Statistics = Duration.Steps(0) });

        static int[] Counts(Duration? statistics) =>
            [.. new FullNet(1).Train(Data, new TrainingOptions { Epochs = 5, BatchSize = 20, Statistics = statistics }).Epochs.Select(static epoch => epoch.Layers.Count)];
    }

    [Fact]
    public void Norms_AreThoseOfTheLastStep()
    {
        ReluNet net = new(3);
        Dataset data = Sets.Smooth(16, 3, 2);
        float[] gradients = new float[ReluNet.ParameterCount];
        net.ComputeGradients(data.Inputs, data.Targets, gradients);
        float[] before = Weights(net);
        LayerStatistics[] layers = [.. net.Train(data, new TrainingOptions { Epochs = 1, BatchSize = 16, Shuffle = false, Optimizer = new Sgd(0.1f), Statistics = Duration.Epochs(1) }).Epochs[0].Layers];
        float[] after = Weights(net);

        Assert.Equal(["Layer1", "Out"], layers.Select(static layer => layer.Layer));
        (int start, int end)[] ranges = [(0, 3 * 20), (80, 80 + 40)];
        for (int layer = 0; layer < 2; layer++)
        {
            (int start, int end) = ranges[layer];
            Assert.Equal(Norm(after[start..end]), layers[layer].WeightNorm, 1e-6);
            Assert.Equal(Norm(gradients[start..end]), layers[layer].GradientNorm, 1e-6);
            Assert.Equal(0.1 * Norm(gradients[start..end]) / Norm(before[start..end]), layers[layer].UpdateRatio, 1e-6);
        }

        static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(static value => (double)value * value));

        static float[] Weights(ReluNet net)
        {
            float[] parameters = new float[ReluNet.ParameterCount];
            net.CopyParametersTo(parameters);
            return parameters;
        }
    }

    [Fact]
    public void DeadUnits_AreThoseThatNoRowWakes()
    {
        ReluNet net = new(3);
        Dataset data = Sets.Smooth(500, 3, 2);
        for (int unit = 0; unit < 20; unit++)
        {
            net.Layer1.Biases[unit] = unit < 7 ? -100 : 100;
        }

        TrainingOptions options = new() { Epochs = 1, Optimizer = new Sgd(0), Statistics = Duration.Epochs(1) };
        Assert.Equal([7, 0], net.Train(data, options).Epochs[0].Layers.Select(static layer => layer.DeadUnits));

        // In one row of the data the units live.
        float[] inputs = data.Inputs.ToArray();
        net.Layer1.Weights[0, 2] = 1000;
        inputs[0] = 1;
        Assert.Equal(6, net.Train(Dataset.FromTargets(inputs, data.Targets.ToArray(), 3, 2), options).Epochs[0].Layers[0].DeadUnits);
    }

    [Fact]
    public void AResumedRun_HasTheReportsOfOneThatWasNeverStopped()
    {
        string folder = Directory.CreateTempSubdirectory("mlp-test-").FullName;
        try
        {
            TrainingOptions options = new() { Epochs = 4, BatchSize = 20, Statistics = Duration.Steps(3) };
            TrainingHistory whole = new FullNet(1).Train(Data, options);
            TrainingOptions kept = options with { Checkpoints = new Checkpoints(folder) { Every = Duration.Steps(1) } };
            TrainingHistory? resumed = null;
            for (int part = 0; resumed?.StopReason != StopReason.Completed; part++)
            {
                Assert.True(part < 30);
                resumed = new FullNet(1).Train(Data, kept with { TimeLimit = part < 9 ? TimeSpan.FromTicks(1) : null });
            }

            Assert.Equal(whole.Epochs.SelectMany(static epoch => epoch.Layers), resumed.Epochs.SelectMany(static epoch => epoch.Layers));
            Assert.Equal(whole.Epochs.Select(static epoch => epoch.Loss), resumed.Epochs.Select(static epoch => epoch.Loss));
            Assert.Contains("Statistics", Assert.Throws<ArgumentException>(() => new FullNet(1).Train(Data, kept with { Statistics = null })).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
