using Generator.Tests.Infrastructure;

namespace Generator.Tests.Correctness;

/// <summary>Frozen layers: nothing of theirs is computed or changed in training, and all else is as without them.</summary>
public class FrozenTests
{
    private const int Rows = 21;

    /// <summary>Networks of each strategy, whose middle layers are one for each thing that a layer can have.</summary>
    private static readonly TestNetwork[] Bases =
    [
        Network("Small", 3, LossFunction.MSE, new(5, Activation.Tanh), new(4, Activation.Silu), new(2)),
        Network("SmallSlope", 3, LossFunction.Huber, new(9, Activation.PRelu), new(9, Activation.PRelu), new(2, Activation.PRelu)),
        Network("SmallResidual", 4, LossFunction.MSE, new(4, Activation.Tanh) { Residual = true }, new(4, Activation.Gelu) { Residual = true }, new(4) { Residual = true }),
        Network("SmallFused", 2, LossFunction.BCE, new(8, Activation.Relu), new(3, Activation.Relu), new(1, Activation.Sigmoid)),
        Network("Tiled", 20, LossFunction.MSE, new(40, Activation.Tanh), new(33, Activation.Relu), new(3)),
        Network("TiledSlope", 20, LossFunction.MSE, new(40, Activation.PRelu), new(40, Activation.PRelu) { Residual = true }, new(9, Activation.PRelu)),
        Network("TiledNormalized", 20, LossFunction.MSE,
            new(40, Activation.Tanh) { Normalization = Normalization.Layer }, new(6, Activation.Gelu) { Normalization = Normalization.Layer }, new(3) { Normalization = Normalization.Layer }),
        Network("TiledBias", 20, LossFunction.Poisson, new(40, Activation.Sigmoid, Bias: false), new(5, Activation.Sigmoid, Bias: false), new(3, Activation.Softplus, Bias: false)),
        Network("Classes", 40, LossFunction.CrossEntropy, new(40, Activation.Relu), new(40, Activation.Mish), new(5, Activation.Softmax))
            with { ClassWeights = [1, 2, 0.5, 1, 3] },
        Network("Ensemble", 9, LossFunction.BCE, new(20, Activation.Tanh), new(12, Activation.PRelu), new(3, Activation.Sigmoid)) with { Members = 3 },
    ];

    /// <summary>With what training adds to a step, where frozen layers have it too.</summary>
    private static readonly TestNetwork[] Regularized =
    [
        Network("SmallRegularized", 3, LossFunction.MSE,
            new(6, Activation.Tanh, Dropout: 0.3) { L2 = 0.1, Noise = 0.2 }, new(5, Activation.PRelu, Dropout: 0.3) { L1 = 0.1 }, new(2) { L2 = 0.1 })
            with { InputDropout = 0.1 },
        Network("TiledRegularized", 20, LossFunction.CrossEntropy,
            new(40, Activation.Tanh, Dropout: 0.3) { L2 = 0.1, Normalization = Normalization.Batch },
            new(40, Activation.PRelu) { L2 = 0.1, Noise = 0.1, Residual = true, Normalization = Normalization.Batch },
            new(5, Activation.Softmax) { L1 = 0.1, Normalization = Normalization.Batch }) with { ClassWeights = [1, 2, 0.5, 1, 3] },
        Network("EnsembleRegularized", 10, LossFunction.MSE,
            new(10, Activation.Tanh, Dropout: 0.3) { L2 = 0.1, Residual = true, Normalization = Normalization.Batch },
            new(9, Activation.PRelu) { L2 = 0.1, Noise = 0.1 },
            new(9, Activation.PRelu) { L1 = 0.1, Residual = true, Normalization = Normalization.Batch }) with { Members = 2, InputDropout = 0.1 },
    ];

    /// <summary>Which of three layers are frozen.</summary>
    private static readonly int[][] Choices = [[0], [1], [2], [0, 1], [0, 2], [1, 2]];

    private static readonly Lazy<IReadOnlyDictionary<string, Type>> Types = new(static () =>
    {
        TestNetwork[] networks = [.. Bases.Concat(Regularized).SelectMany(static network => Choices.Append([]).Select(frozen => Frozen(network, frozen)))];
        return networks.Zip(CompiledNetwork.Compile(networks)).ToDictionary(static pair => pair.First.Name, static pair => pair.Second);
    });

    private static readonly Optimizer[] Optimizers =
    [
        new Sgd(0.05f, momentum: 0.9f, nesterov: true, weightDecay: 0.1f), new Adam(0.01f, weightDecay: 0.1f), new Adam(0.01f, amsGrad: true), new AdamW(0.01f),
        new NAdam(0.01f), new RAdam(0.01f), new RmsProp(0.01f, momentum: 0.9f, centered: true, weightDecay: 0.1f), new Adagrad(weightDecay: 0.1f),
        new Adadelta(weightDecay: 0.1f), new Lion(0.01f, weightDecay: 0.1f),
    ];

    public static TheoryData<string, int[]> BasesWithChoices => Cases(Bases);

    public static TheoryData<string, int[]> AllWithChoices => Cases([.. Bases, .. Regularized]);

    [Theory]
    [MemberData(nameof(BasesWithChoices))]
    public void Gradients_AreThoseOfTheUnfrozenNetwork_AndOfFrozenLayers0(string name, int[] frozen)
    {
        TestNetwork network = Find(name);
        foreach (int rows in (int[])[1, 3, 16, 37])
        {
            foreach (float[] weights in (float[][])[[], [.. Enumerable.Range(0, rows).Select(static row => (row + 1) % 3 * 0.5f)]])
            {
                (float loss, float[] gradients) = Gradients(Net(network, frozen), network, rows, weights);
                (float expectedLoss, float[] expected) = Gradients(Net(network, []), network, rows, weights);

                ClearFrozen(network, frozen, expected);
                AssertSameBits([expectedLoss, .. expected], [loss, .. gradients]);
            }
        }
    }

    /// <summary>Optimizers treat each parameter by itself, so gradient 0 is the same as none for those without weight decay.</summary>
    [Theory]
    [MemberData(nameof(BasesWithChoices))]
    public void Steps_AreThoseOfTheUnfrozenNetwork_WithGradients0(string name, int[] frozen)
    {
        TestNetwork network = Find(name);
        CompiledNetwork net = Net(network, frozen);
        CompiledNetwork unfrozen = Net(network, []);
        for (int step = 0; step < 3; step++)
        {
            float[] inputs = Inputs(network, Rows, step);
            float[] targets = Targets(network, Rows, step);
            float loss = net.TrainStep(inputs, targets, new Adam(0.01f));
            float[] gradients = new float[network.ParameterCount];
            float expectedLoss = unfrozen.ComputeGradients(inputs, targets, gradients);
            ClearFrozen(network, frozen, gradients);
            unfrozen.ApplyGradients(gradients, new Adam(0.01f));

            AssertSameBits([expectedLoss, .. unfrozen.Parameters], [loss, .. net.Parameters]);
        }
    }

    [Theory]
    [MemberData(nameof(AllWithChoices))]
    public void FrozenParametersAndStatistics_KeepTheirBits_AndTheOthersChange(string name, int[] frozen)
    {
        TestNetwork network = Find(name);
        Dataset data = Data(network);
        TrainingOptions[] ways =
        [
            new() { Epochs = 2, BatchSize = 8 },
            new() { Epochs = 2, BatchSize = 4, AccumulationSteps = 2, L1 = 0.01f, L2 = 0.1f, ClipValue = 0.5f, ClipNorm = 1, MaxNorm = 0.1f },
        ];
        foreach (TrainingOptions options in ways)
        {
            foreach (Optimizer optimizer in Optimizers)
            {
                CompiledNetwork net = Net(network, frozen);
                Disturb(net);
                float[] parameters = net.Parameters;
                float[][] statistics = Statistics(net);
                net.Bind<Func<Dataset, TrainingOptions, CancellationToken, TrainingHistory>>("Train")(data, options with { Optimizer = optimizer }, default);
                net.TrainStep(Inputs(network, Rows, 2), Targets(network, Rows, 2), optimizer);
                net.ApplyGradients([.. Enumerable.Repeat(1f, network.ParameterCount)], optimizer);

                float[] trained = net.Parameters;
                foreach (Tensor tensor in network.Tensors())
                {
                    // Some steps of Lion may lead a single number back to where it was.
                    bool isSame = parameters.AsSpan(tensor.Range).SequenceEqual(trained.AsSpan(tensor.Range));
                    Assert.True(isSame == frozen.Contains(network.Declared(tensor.Layer)) || tensor.Kind == TensorKind.Slope, $"{tensor} with {optimizer}");
                    Assert.True(isSame || !frozen.Contains(network.Declared(tensor.Layer)), $"{tensor} with {optimizer}");
                }

                Assert.All(Enumerable.Range(0, network.Layers.Count).Where(layer => statistics[layer].Length > 0), layer =>
                    Assert.Equal(frozen.Contains(layer), statistics[layer].AsSpan().SequenceEqual(Statistics(net)[layer])));
            }
        }
    }

    /// <summary>Scalar loops, too, ask which layers a run freezes.</summary>
    [Fact]
    public void FrozenForARun_PlainKernelsHaveTheSameBits()
    {
        TestNetwork[] networks = [.. Regularized.Append(Find("SmallFused"))];
        foreach ((TestNetwork network, Type plain) in networks.Zip(CompiledNetwork.Compile(networks, ProjectOptions.Plain)))
        {
            foreach (int[] frozen in Choices)
            {
                TrainingOptions options = new() { Epochs = 2, BatchSize = 8, LayerRates = [.. frozen.Select(layer => new LayerRate($"Layer{layer + 1}", 0))] };
                float[][] trained = [.. ((CompiledNetwork[])[Net(network, []), new(plain, seed: 2)]).Select(net =>
                {
                    Disturb(net);
                    net.Bind<Func<Dataset, TrainingOptions, CancellationToken, TrainingHistory>>("Train")(Data(network), options, default);
                    return (float[])[.. net.Parameters, .. Statistics(net).SelectMany(static values => values)];
                })];
                AssertSameBits(trained[0], trained[1]);
            }
        }
    }

    /// <summary>Layers that a run freezes go the way of those that are declared frozen.</summary>
    [Theory]
    [MemberData(nameof(AllWithChoices))]
    public void FrozenForARun_TrainsToTheBitsOfTheDeclaration(string name, int[] frozen)
    {
        TestNetwork network = Find(name);
        LayerRate[] rates = [.. frozen.Select(layer => new LayerRate($"Layer{layer + 1}", 0))];
        TrainingOptions[] ways =
        [
            new() { Epochs = 2, BatchSize = 8 },
            new() { Epochs = 1, BatchSize = 21 },
            new() { Epochs = 2, BatchSize = 4, AccumulationSteps = 2, L1 = 0.01f, L2 = 0.1f, ClipValue = 0.5f, ClipNorm = 1, MaxNorm = 0.1f },
        ];
        foreach (TrainingOptions way in ways)
        {
            foreach (Optimizer optimizer in Optimizers)
            {
                TrainingOptions options = way with { Optimizer = optimizer, Schedule = new CosineDecay() };
                CompiledNetwork declared = Net(network, frozen);
                CompiledNetwork net = Net(network, []);
                float[] expected = Trained(declared, options);
                float[] actual = Trained(net, options with { LayerRates = rates });
                AssertSameBits(expected, actual);

                // The run over, the network is whole again.
                AssertSameBits(Gradients(Copy(net), network, Rows, []).Gradients, Gradients(net, network, Rows, []).Gradients);
            }
        }

        CompiledNetwork Copy(CompiledNetwork net)
        {
            CompiledNetwork copy = Net(network, []);
            copy.LoadParameters(net.Parameters);
            return copy;
        }

        float[] Trained(CompiledNetwork net, TrainingOptions options)
        {
            Disturb(net);
            TrainingHistory history = net.Bind<Func<Dataset, TrainingOptions, CancellationToken, TrainingHistory>>("Train")(Data(network), options, default);
            return [.. history.Epochs.Select(static epoch => (float)epoch.Loss), .. net.Parameters, .. Statistics(net).SelectMany(static values => values)];
        }
    }

    [Theory]
    [MemberData(nameof(AllWithChoices))]
    public void GradientsThatWereApplied_AreNotReportedLater(string name, int[] frozen)
    {
        TestNetwork network = Find(name);
        CompiledNetwork net = Net(network, frozen);
        net.ApplyGradients([.. Enumerable.Repeat(1f, network.ParameterCount)], new Sgd(0.01f));

        (_, float[] gradients) = Gradients(net, network, Rows, []);

        float[] cleared = [.. gradients];
        ClearFrozen(network, frozen, cleared);
        AssertSameBits(cleared, gradients);
    }

    /// <summary>Of the first three layers, those whose batch normalization a derivative could pass through are frozen.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Gradients_AgreeWithCentralDifferences(params int[] frozen)
    {
        foreach (int size in (int[])[1, 4])
        {
            TestLayer[] layers =
            [
                new(5 * size, Activation.Tanh) { Residual = size == 1, Normalization = frozen.Contains(0) ? Normalization.Batch : Normalization.Layer },
                new(6 * size, Activation.PRelu) { Normalization = size > 1 ? Normalization.Batch : Normalization.None },
                new(6 * size, Activation.Gelu) { Residual = true, Normalization = frozen.Contains(2) ? Normalization.Batch : Normalization.None },
                new(3, Activation.Softmax),
            ];
            TestNetwork network = new("Net", 5, [.. layers.Select((layer, number) => layer with { Frozen = frozen.Contains(number) })], LossFunction.CrossEntropy)
            {
                ClassWeights = [1, 2, 0.5],
            };
            CompiledNetwork net = new(CompiledNetwork.Compile([network])[0], seed: 2);
            Disturb(net);
            float[] inputs = Inputs(network, Rows, 1), targets = Targets(network, Rows, 1), gradients = new float[network.ParameterCount];
            float loss = net.ComputeGradients(inputs, targets, gradients);

            Interpreter interpreter = new(network, RandomNetworks.Doubles(net.Parameters));
            foreach (int layer in network.NormalizedByBatch)
            {
                RandomNetworks.Doubles(net.State.RunningMeans(layer).ToArray()).CopyTo(interpreter.RunningMeans[layer], 0);
                RandomNetworks.Doubles(net.State.RunningVariances(layer).ToArray()).CopyTo(interpreter.RunningVariances[layer], 0);
            }

            Assert.Equal(Loss(), loss, 1e-5);
            foreach (Tensor tensor in network.Tensors().Where(tensor => !frozen.Contains(network.Declared(tensor.Layer))))
            {
                (int start, int length) = tensor.Range.GetOffsetAndLength(network.ParameterCount);
                for (int parameter = start; parameter < start + length; parameter += 1 + (length / 7))
                {
                    Assert.Equal(Interpreter.CentralDifference(interpreter.Parameters, parameter, Loss), gradients[parameter], 1e-5);
                }
            }

            double Loss() => interpreter.Loss(RandomNetworks.Doubles(inputs), RandomNetworks.Doubles(targets), mode: Mode.Evaluation);
        }
    }

    [Fact]
    public void FrozenBatchNormalization_AnswersInTrainingAsInPrediction()
    {
        TestNetwork network = Frozen(Network(
            "Net", 20, LossFunction.MSE, new(24, Activation.Tanh) { Normalization = Normalization.Batch }, new(9, Activation.Relu) { Normalization = Normalization.Batch }, new(3)), [0, 1]);
        CompiledNetwork net = new(CompiledNetwork.Compile([network])[0], seed: 2);
        Disturb(net);
        float[] inputs = Inputs(network, Rows, 1), outputs = new float[Rows * 3], expected = new float[Rows * 3];
        net.Predict(inputs, expected);

        TrainingPass.Run((INetwork)net.Instance, inputs, Targets(network, Rows, 1), new Sgd(0.1f), outputs);

        AssertSameBits(expected, outputs);
    }

    [Theory]
    [InlineData("[Input(3)] [Dense(5, Tanh, Frozen = true)] {0} [Dense(2)] [Loss(MSE)] public partial class Net;")]
    [InlineData("[Input(20)] [Dense(40, Tanh, Frozen = true)] {0} [Dense(2)] [Loss(MSE)] public partial class Net;")]
    public void NoiseBehindAFrozenLayer_LeavesNoCodeBehind(string source)
    {
        Assert.Equal(Kernels(""), Kernels("[GaussianNoise(0.1)] [Dropout(0.5)]"));

        // The table above them lists what is declared.
        string[] Kernels(string noise) =>
        [
            .. GeneratorHarness.Run(source.Replace("{0}", noise)).AssertClean().Files.Where(static file => file.Key != "Net.g.cs")
                .SelectMany(static file => file.Value.Split('\n').SkipWhile(static line => line.StartsWith("//", StringComparison.Ordinal))),
        ];
    }

    /// <summary>The random numbers of noise elsewhere are those of the same place without frozen layers.</summary>
    [Theory]
    [InlineData("[Input(3)] {0} [Dense(5, Tanh, Frozen = true)] [Dense(5, Tanh)] {0} [Dense(2)] [Loss(MSE)] public partial class Net;")]
    [InlineData("[Input(20)] {0} [Dense(40, Tanh, Frozen = true)] [Dense(40, Tanh)] {0} [Dense(2)] [Loss(MSE)] public partial class Net;")]
    public void NoiseElsewhere_IsThatOfTheUnfrozenNetwork(string source)
    {
        source = source.Replace("{0}", "[GaussianNoise(0.1)] [Dropout(0.5)]");
        AssertSameBits(Outputs(source.Replace(", Frozen = true", "")), Outputs(source));

        static float[] Outputs(string source)
        {
            CompiledNetwork net = new(CompiledNetwork.Compile(source, "Net"), seed: 2);
            float[] outputs = new float[Rows * 2];
            RandomNetworks random = new(1);
            TrainingPass.Run((INetwork)net.Instance, random.Uniform(Rows * net.Constant("InputSize"), 1), new float[Rows * 2], new Sgd(0.1f), outputs);
            return outputs;
        }
    }

    [Theory]
    [MemberData(nameof(AllWithChoices))]
    public void GeneratedText_HasNoGradientOfFrozenLayers_AndNoDeltaBelowTheFirstTrainedOne(string name, int[] frozen)
    {
        TestNetwork network = Find(name);
        int firstTrained = Enumerable.Range(0, 3).First(layer => !frozen.Contains(layer));
        foreach (ProjectOptions? project in (ProjectOptions?[])[null, ProjectOptions.Plain])
        {
            TestNetwork declared = Frozen(network, frozen);
            string backward = GeneratorHarness.Run(declared.ToSource(), project: project).AssertClean().Files[$"{declared.Name}.Backward.g.cs"];
            for (int layer = 0; layer < 3; layer++)
            {
                bool isTrained = !frozen.Contains(layer);
                Assert.Equal(isTrained, backward.Contains($"dW{layer + 1} = ", StringComparison.Ordinal));
                Assert.Equal(layer >= firstTrained, backward.Contains($"δ{layer + 1} = ", StringComparison.Ordinal) || backward.Contains($"g{layer + 1} = ", StringComparison.Ordinal));
                if (!isTrained)
                {
                    Assert.DoesNotContain($"Gradient{layer + 1}<", backward, StringComparison.Ordinal);
                    Assert.DoesNotContain($"Index = W{layer + 1},", backward, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void SummaryAndDocumentation_SayWhatIsFrozen()
    {
        GeneratorRun run = GeneratorHarness.Run("[Input(2)] [Dense(3, Tanh, Frozen = true)] [Dense(1, Frozen = false)] [Loss(MSE)] public partial class Net;").AssertClean();
        Type type = run.Load().GetType("Net", throwOnError: true)!;

        Assert.Contains("Dense(3, Tanh, Frozen = true)", (string)type.GetProperty("Summary")!.GetValue(null)!, StringComparison.Ordinal);
        Assert.All(run.Files.Values, static file => Assert.Contains("Dense(3, Tanh, Frozen = true)", file, StringComparison.Ordinal));
        Assert.All(run.Files.Values, static file => Assert.DoesNotContain("Dense(1, Linear, Frozen", file, StringComparison.Ordinal));
    }

    /// <summary>A base is trained and saved, and a declaration that freezes its layers loads the file; and the other way round.</summary>
    [Fact]
    public void Files_DoNotDependOnWhatIsFrozen()
    {
        TestNetwork network = Regularized[1];
        CompiledNetwork trained = Net(network, []);
        CompiledNetwork frozen = Net(network, [0, 1]);
        trained.TrainStep(Inputs(network, Rows, 1), Targets(network, Rows, 1), new Adam());
        Assert.Equal(trained.State.Layout.Architecture, frozen.State.Layout.Architecture);

        string path = Path.GetTempFileName();
        try
        {
            foreach ((CompiledNetwork from, CompiledNetwork to) in (ReadOnlySpan<(CompiledNetwork, CompiledNetwork)>)[(trained, frozen), (frozen, trained)])
            {
                NetworkFile.Save(from.State, path);
                NetworkState loaded = NetworkFile.Load(to.State.Layout, path);
                AssertSameBits(from.State.Store, loaded.Store);
                AssertSameBits(from.State.RunningStatistics, loaded.RunningStatistics);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("[Input(3, Gradients = true)] [Dense(5, Tanh)] [Dense(4, PRelu)] [Dense(2)] [Loss(MSE)] public partial class Net;")]
    [InlineData("[Input(20, Gradients = true)] [Dense(40, Tanh)] [Dense(40, PRelu, Residual = true)] [Dense(2)] [Loss(MSE)] public partial class Net;")]
    public void InputGradients_PassThroughFrozenLayers(string source)
    {
        AssertSameBits(Slopes(source), Slopes(source.Replace("Tanh)", "Tanh, Frozen = true)")));
        AssertSameBits(Slopes(source), Slopes(source.Replace("[Dense(2)]", "[Dense(2, Frozen = true)]").Replace("Tanh)", "Tanh, Frozen = true)")));

        static float[] Slopes(string source)
        {
            CompiledNetwork net = new(CompiledNetwork.Compile(source, "Net"), seed: 2);
            RandomNetworks random = new(1);
            float[] inputs = random.Uniform(Rows * net.Constant("InputSize"), 1);
            float[] gradients = new float[inputs.Length], jacobian = new float[inputs.Length * 2];
            float loss = net.InputGradients(inputs, random.Uniform(Rows * 2, 1), gradients);
            net.Jacobian(inputs, jacobian);
            return [loss, .. gradients, .. jacobian];
        }
    }

    /// <summary>What the layer makes of the batch's statistics would be finite.</summary>
    [Fact]
    public void OverflowOfAFrozenLayer_IsFoundThere()
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(
            "[Input(4)] [Dense(8, Normalization = Normalization.Batch, Frozen = true)] [Dense(1)] [Loss(MSE)] public partial class Net;", "Net"), seed: 2);
        net.State.RunningMeans(0).Fill(float.MaxValue);
        net.State.RunningVariances(0).Clear();

        NonFiniteLossException exception = Assert.Throws<NonFiniteLossException>(() => net.TrainStep(new RandomNetworks(1).Uniform(12, 1), new float[3], new Sgd(0.1f)));

        Assert.Equal("Layer1", exception.Layer);
    }

    private static TheoryData<string, int[]> Cases(TestNetwork[] networks)
    {
        TheoryData<string, int[]> cases = [];
        foreach (TestNetwork network in networks)
        {
            foreach (int[] frozen in Choices)
            {
                cases.Add(network.Name, frozen);
            }
        }

        return cases;
    }

    private static TestNetwork Network(string name, int inputSize, LossFunction loss, params TestLayer[] layers) => new(name, inputSize, layers, loss);

    private static TestNetwork Find(string name) => Bases.Concat(Regularized).Single(network => network.Name == name);

    private static TestNetwork Frozen(TestNetwork network, int[] frozen) => network with
    {
        Name = $"{network.Name}{string.Concat(frozen)}",
        Layers = [.. network.Layers.Select((layer, number) => layer with { Frozen = frozen.Contains(number) })],
    };

    private static CompiledNetwork Net(TestNetwork network, int[] frozen) => new(Types.Value[Frozen(network, frozen).Name], seed: 2);

    private static (float Loss, float[] Gradients) Gradients(CompiledNetwork net, TestNetwork network, int rows, float[] weights)
    {
        float[] gradients = [.. Enumerable.Repeat(float.NaN, network.ParameterCount)];
        return (TrainingSteps.ComputeGradients((INetwork)net.Instance, Inputs(network, rows, 1), Targets(network, rows, 1), weights, gradients), gradients);
    }

    private static Dataset Data(TestNetwork network) => network.Loss == LossFunction.CrossEntropy
        ? Dataset.FromLabels(Inputs(network, Rows, 1), [.. Enumerable.Range(0, Rows).Select(row => row % network.OutputSize)], network.InputSize, network.OutputSize)
        : Dataset.FromTargets(Inputs(network, Rows, 1), Targets(network, Rows, 1), network.InputSize, network.OutputSize);

    private static float[] Inputs(TestNetwork network, int rows, int seed) => new RandomNetworks(seed).Uniform(rows * network.InputSize, 1.5);

    private static float[] Targets(TestNetwork network, int rows, int seed) => new RandomNetworks(seed + 100).Targets(network, rows);

    private static void ClearFrozen(TestNetwork network, int[] frozen, float[] gradients)
    {
        foreach (Tensor tensor in network.Tensors().Where(tensor => frozen.Contains(network.Declared(tensor.Layer))))
        {
            gradients.AsSpan(tensor.Range).Clear();
        }
    }

    /// <summary>Gives parameters and running statistics other values than those of a new network.</summary>
    private static void Disturb(CompiledNetwork net)
    {
        RandomNetworks random = new(9);
        net.LoadParameters([.. net.Parameters.Zip(random.Uniform(net.ParameterCount, 0.2), static (parameter, change) => parameter + change)]);
        for (int layer = 0; layer < net.State.Layout.Layers.Length; layer++)
        {
            Span<float> means = net.State.RunningMeans(layer), variances = net.State.RunningVariances(layer);
            random.Uniform(means.Length, 0.5).CopyTo(means);
            float[] changes = random.Uniform(variances.Length, 0.5);
            changes.Select(static change => 1 + change).ToArray().CopyTo(variances);
        }
    }

    private static float[][] Statistics(CompiledNetwork net) =>
        [.. Enumerable.Range(0, net.State.Layout.Layers.Length).Select(layer => (float[])[.. net.State.RunningMeans(layer), .. net.State.RunningVariances(layer)])];

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]), $"Value {i} is {actual[i]:g9} instead of {expected[i]:g9}.");
        }
    }
}
