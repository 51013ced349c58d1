namespace Contract.Tests;

/// <summary>Rates of layers, and layers that a run leaves as they are.</summary>
public class LayerRateTests
{
    private static readonly Dataset Data = Sets.Smooth(100, 6);

    public static TheoryData<string> Optimizers => OptimizersAtRates.Names;

    [Fact]
    public void WrongNames_AreRefused_WithTheNamesThereAre()
    {
        string message = Refusal([new("Layer4", 0.5)]);
        Assert.Contains("'Layer4'", message);
        Assert.Contains("'Layer1', 'Layer2', 'Layer3'", message);
        Assert.Contains("freeze all layers", Refusal([new("Layer1", 0), new("Layer2", 0), new("Layer3", 0)]));
        Assert.Contains("Layer1 twice", Assert.Throws<ArgumentException>(static () => new TrainingOptions { LayerRates = [new("Layer1", 1), new("Layer1", 0)] }).Message);
        Assert.Throws<ArgumentNullException>(static () => new TrainingOptions { LayerRates = null! });
        Assert.Throws<ArgumentNullException>(static () => new TrainingOptions { LayerRates = [null!] });
        Assert.Throws<ArgumentNullException>("layer", static () => new LayerRate(null!, 1));
        ArgumentException error = Assert.Throws<ArgumentException>(
            "options", static () => new FrozenNet(1).Train(Sets.Smooth(9, 2), new TrainingOptions { LayerRates = [new(nameof(FrozenNet.Layer1), 0.5)] }));
        Assert.Contains("Frozen = true", error.Message);
        new FrozenNet(1).Train(Sets.Smooth(9, 2), new TrainingOptions { LayerRates = [new(nameof(FrozenNet.Layer1), 0)] });

        static string Refusal(LayerRate[] rates)
        {
            FullNet net = new(1);
            string message = Assert.Throws<ArgumentException>("options", () => net.Train(Data, new TrainingOptions { LayerRates = rates })).Message;
            Assert.Equal(Sets.Parameters(new FullNet(1)), Sets.Parameters(net));
            return message;
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void AFactor_IsOneOfTheLayersRate(string optimizer)
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 30, Optimizer = OptimizersAtRates.ByName[optimizer](0.0625f) };
        FullNet expected = new(1);
        FullNet net = new(1);

        expected.Train(Data, options);
        net.Train(Data, options with
        {
            Optimizer = OptimizersAtRates.ByName[optimizer](0.125f),
            LayerRates = [new(nameof(FullNet.Layer1), 0.5), new(nameof(FullNet.Layer2), 0.5), new(nameof(FullNet.Layer3), 0.5)],
        });

        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
    }

    [Fact]
    public void OtherLayers_KeepTheirRate()
    {
        TrainingOptions options = new() { Steps = 1, BatchSize = 100, Optimizer = new Sgd(0.125f), Schedule = Schedule.From(static _ => 0.5) };
        PlainNet start = new(1), plain = new(1), net = new(1);
        Dataset data = Sets.Smooth(100, 23, 3);
        plain.Train(data, options);
        net.Train(data, options with { LayerRates = [new(nameof(PlainNet.Layer1), 0.25)] });

        for (int o = 0; o < 3; o++)
        {
            Assert.Equal(plain.Layer2.Biases[o], net.Layer2.Biases[o]);
            Assert.Equal(plain.Layer2.Weights[5, o], net.Layer2.Weights[5, o]);
            Assert.Equal((plain.Layer1.Weights[3, o] - start.Layer1.Weights[3, o]) / 4, net.Layer1.Weights[3, o] - start.Layer1.Weights[3, o], 1e-7f);
            Assert.NotEqual(start.Layer1.Weights[3, o], net.Layer1.Weights[3, o]);
        }
    }

    /// <summary>Parameters, running statistics and dropout: what is behind the frozen layers sees the outputs of prediction.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void AFrozenLayer_StaysAsItIs_AndComputesAsInPredict(string optimizer)
    {
        FullNet net = new(1);
        net.Train(Data, new TrainingOptions { Epochs = 2 });
        FullNet before = net.Clone();

        net.Train(Data, new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 30,
            Optimizer = OptimizersAtRates.ByName[optimizer](0.01f),
            LayerRates = [new(nameof(FullNet.Layer1), 0), new(nameof(FullNet.Layer2), 0)],
        });

        // Its running statistics are in files, and in predictions once the other layers are the same again.
        Assert.NotEqual(Sets.Predictions(before, Data), Sets.Predictions(net, Data));
        Assert.NotEqual(before.Layer3.Weights[0, 0], net.Layer3.Weights[0, 0]);
        net.Layer3.Biases[0] = before.Layer3.Biases[0];
        for (int i = 0; i < 48; i++)
        {
            net.Layer3.Weights[i, 0] = before.Layer3.Weights[i, 0];
        }

        Assert.Equal(Sets.Parameters(before), Sets.Parameters(net));
    }

    [Fact]
    public void ALayerThatIsTrainedAgain_BeginsWithANewStateOfTheOptimizer()
    {
        TrainingOptions all = new() { Epochs = 2, BatchSize = 30 };
        TrainingOptions part = all with { LayerRates = [new(nameof(FullNet.Layer1), 0)] };

        Assert.True(DropsTheState(part, all));
        Assert.False(DropsTheState(part, part));
        Assert.False(DropsTheState(all, part));
        Assert.False(DropsTheState(all, all with { LayerRates = [new(nameof(FullNet.Layer1), 0.5)] }));

        static bool DropsTheState(TrainingOptions first, TrainingOptions second)
        {
            FullNet net = new(1), dropped = new(1);
            net.Train(Data, first);
            dropped.Train(Data, first);
            dropped.CopyFrom(dropped.Clone());
            net.Train(Data, second);
            dropped.Train(Data, second);
            return Sets.Parameters(net).SequenceEqual(Sets.Parameters(dropped));
        }
    }

    [Fact]
    public void TheRunOver_StepsTrainAllLayers()
    {
        PlainNet net = new(1);
        Dataset data = Sets.Smooth(100, 23, 3);
        net.Train(data, new TrainingOptions { Epochs = 1, LayerRates = [new(nameof(PlainNet.Layer1), 0)] });
        Assert.Equal(new PlainNet(1).Layer1.Weights[0, 0], net.Layer1.Weights[0, 0]);
        Assert.Throws<NotSupportedException>(() => net.Train(data, new TrainingOptions
        {
            LayerRates = [new(nameof(PlainNet.Layer1), 0)],
            Callbacks = [new Watcher { Step = static (_, _) => throw new NotSupportedException() }],
        }));

        net.TrainStep(data.Inputs, data.Targets, new Sgd(0.1f));
        Assert.NotEqual(new PlainNet(1).Layer1.Weights[0, 0], net.Layer1.Weights[0, 0]);
    }

    /// <summary>Derivatives of outputs pass through frozen layers, also while another thread trains.</summary>
    [Fact]
    public void DerivativesOfOutputs_AreThoseOfThePresentWeights_InTheMidstOfARun()
    {
        ProbabilityNet net = new(1);
        float[] inputs = [0.1f, 0.2f, 0.3f], inside = new float[3], outside = new float[3];
        net.Train(Dataset.FromTargets(Sets.Smooth(50, 3).Inputs.ToArray(), [.. Enumerable.Range(0, 50).Select(static i => i % 2f)], 3, 1), new TrainingOptions
        {
            Epochs = 1,
            LayerRates = [new(nameof(ProbabilityNet.Layer1), 0)],
            Callbacks = [new Watcher { Epoch = (_, _) => net.InputGradients(inputs, inside) }],
        });

        net.InputGradients(inputs, outside);
        Assert.Equal(outside, inside);
        Assert.DoesNotContain(0, inside);
    }
}
