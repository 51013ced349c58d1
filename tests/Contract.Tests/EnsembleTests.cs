using Mlp.Testing;

namespace Contract.Tests;

/// <summary>Noise, statistics, a learned slope and a penalty around members that share them.</summary>
[Input(6, Standardize = true)]
[Ensemble(4)]
[GaussianNoise(0.1)]
[Dense(24, Relu, Normalization = Normalization.Batch)]
[Dropout(0.2)]
[Dense(20, PRelu, L2 = 0.001)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class FullEnsemble;

[Input(3, Gradients = true)]
[Ensemble(3)]
[Dense(16, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class ProbabilityEnsemble;

/// <summary>What each member of it is.</summary>
[Input(3, Gradients = true)]
[Dense(16, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class ProbabilityMember;

[Input(3)]
[Ensemble(5)]
[Dense(16, Tanh)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class ClassEnsemble;

/// <summary>Nothing but scales and last layers.</summary>
[Input(2)]
[Ensemble(64)]
[Dense(2)]
[Loss(MSE)]
public partial class LinearEnsemble;

[Input(3)]
[Ensemble(2)]
[Dense(16, Tanh)]
[Dense(1, Sigmoid)]
public partial class PredictingEnsemble;

[Input(2)]
[Ensemble(3)]
[Dense(32, Tanh)]
[Dropout(0.5)]
[Dense(1)]
[Loss(MSE)]
public partial class DroppingEnsemble;

/// <summary>Members that share all layers but the last: what they predict, how far they are apart, and all that training does with them.</summary>
public sealed class EnsembleTests : IDisposable
{
    private static readonly Dataset Binary = ReportTests.Labelled(300, 2);
    private static readonly Dataset Three = ReportTests.Labelled(300, 3);
    private static readonly Dataset Smooth = Sets.Smooth(120, 6);

    private readonly string _folder = Directory.CreateTempSubdirectory("ensembles-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void APrediction_IsTheMeanOfItsMembers_AndTheSpreadTheirDeviation()
    {
        ProbabilityEnsemble net = new(1);
        net.Train(Binary, new TrainingOptions { Epochs = 5 });
        ProbabilityMember[] members = MembersOf(net);
        for (int row = 0; row < 20; row++)
        {
            ReadOnlySpan<float> input = Binary.Inputs.Slice(3 * row, 3);
            double[] outputs = new double[members.Length];
            for (int member = 0; member < members.Length; member++)
            {
                outputs[member] = members[member].Predict(input);
            }

            double mean = outputs.Average();
            Assert.Equal(mean, net.Predict(input), 1e-6);
            Assert.Equal(Math.Sqrt(outputs.Average(output => (output - mean) * (output - mean))), net.PredictSpread(input), 1e-6);
            Assert.Equal(net.Predict(input) >= 0.5f ? 1 : 0, net.PredictClass(input));
        }
    }

    [Fact]
    public void TheSpreadOfSeveralOutputs_IsTheMeanOfTheirDeviations()
    {
        LinearEnsemble net = new(1);
        float[] input = [0.5f, -2];
        double[] deviations = [.. Enumerable.Range(0, 2).Select(output =>
        {
            double[] values = [.. Enumerable.Range(0, net.Layer1.Count).Select(member =>
                (double)net.Layer1[member].Biases[output] + Enumerable.Range(0, 2).Sum(i => (double)net.MemberScales[member, i] * input[i] * net.Layer1[member].Weights[i, output]))];
            double mean = values.Average();
            Assert.Equal(mean, net.Predict(input)[output], 1e-6);
            return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        })];

        Assert.Equal(deviations.Average(), net.PredictSpread(input), 1e-6);
        Assert.Equal(64, net.Layer1.Count);
    }

    [Fact]
    public void TheSpread_IsInTheDataUnits()
    {
        FullEnsemble net = new(1);
        net.Train(Smooth, new TrainingOptions { Epochs = 3 });
        FullEnsemble large = new(1);
        large.Train(Dataset.FromTargets(Smooth.Inputs.ToArray(), [.. Smooth.Targets.ToArray().Select(static target => 1024 * target)], 6, 1), new TrainingOptions { Epochs = 3 });

        ReadOnlySpan<float> input = Smooth.Inputs[..6];
        Assert.Equal(1024 * net.PredictSpread(input), large.PredictSpread(input), 0.01f * large.PredictSpread(input));
        Assert.True(net.PredictSpread(input) > 0);
    }

    [Fact]
    public void MembersThatAgree_HaveNoSpread()
    {
        PredictingEnsemble net = new(1);
        for (int i = 0; i < 3; i++)
        {
            net.MemberScales[1, i] = net.MemberScales[0, i];
        }

        for (int i = 0; i < 16; i++)
        {
            net.Layer2[1].Weights[i, 0] = net.Layer2[0].Weights[i, 0];
        }

        net.Layer2[1].Biases[0] = net.Layer2[0].Biases[0];
        Assert.Equal(0, net.PredictSpread([1, 2, 3]));
        Assert.Equal("input has 2 values; one row of this network has 3. (Parameter 'input')", Assert.Throws<ArgumentException>(() => net.PredictSpread([1, 2])).Message);
    }

    [Fact]
    public void Parameters_AreScales_ThenSharedLayers_ThenLastLayersMemberByMember()
    {
        ProbabilityEnsemble net = new(7);
        ProbabilityMember single = new(7);
        float[] parameters = new float[ProbabilityEnsemble.ParameterCount];
        float[] ofSingle = new float[ProbabilityMember.ParameterCount];
        net.CopyParametersTo(parameters);
        single.CopyParametersTo(ofSingle);

        Assert.Equal((3 * 3) + (4 * 16) + (3 * 17), ProbabilityEnsemble.ParameterCount);
        Assert.All(parameters[..9], static scale => Assert.True(scale is 1 or -1));
        Assert.Contains(1, parameters[..9]);
        Assert.Contains(-1, parameters[..9]);

        // Shared layers and the first member's last begin as a single network's; the other last layers are drawn independently.
        Assert.Equal(ofSingle, parameters[9..(9 + 64 + 17)]);
        Assert.Equal(3, parameters[73..].Chunk(17).Select(static head => head[0]).Distinct().Count());
        for (int member = 0; member < 3; member++)
        {
            Assert.Equal(parameters[(3 * member) + 2], net.MemberScales[member, 2]);
            Assert.Equal(parameters[73 + (17 * member) + 5], net.Layer2[member].Weights[5, 0]);
            Assert.Equal(parameters[73 + (17 * member) + 16], net.Layer2[member].Biases[0]);
        }

        float[] other = [.. parameters.Select(static (_, i) => i / 100f)];
        net.LoadParameters(other);
        net.CopyParametersTo(parameters);
        Assert.Equal(other, parameters);
        net.MemberScales[2, 1] = 5;
        net.CopyParametersTo(parameters);
        Assert.Equal(5, parameters[7]);
    }

    [Fact]
    public void Views_CheckTheirIndices()
    {
        ProbabilityEnsemble net = new(1);
        Assert.Equal((3, 3, 3), (net.MemberScales.Members, net.MemberScales.Inputs, net.Layer2.Count));
        Assert.Throws<ArgumentOutOfRangeException>("member", () => net.Layer2[3]);
        Assert.Throws<ArgumentOutOfRangeException>("member", () => net.MemberScales[-1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("input", () => net.MemberScales[0, 3]);
    }

    [Fact]
    public void TheLossOfTraining_IsTheMembersMean_AndThatOfEvaluationTheMeansLoss()
    {
        ProbabilityEnsemble net = new(1);
        net.Train(Binary, new TrainingOptions { Epochs = 3 });
        float[] targets = [.. Binary.Labels.ToArray().Select(static label => (float)label)];
        double ofMembers = MembersOf(net).Average(member => member.ComputeGradients(Binary.Inputs, targets, new float[ProbabilityMember.ParameterCount]));
        double ofMean = Sets.Predictions(net, Binary).Zip(targets, static (y, t) => -Math.Log(t == 1 ? y : 1 - y)).Average();

        Assert.Equal(ofMembers, net.ComputeGradients(Binary.Inputs, targets, new float[ProbabilityEnsemble.ParameterCount]), 1e-6);
        Evaluation evaluation = net.Evaluate(Binary, [Metric.LogLoss]);
        Assert.Equal(ofMean, evaluation.Loss, 1e-6);
        Assert.Equal(ofMean, evaluation.Metrics[Metric.LogLoss]!.Value, 1e-6);
        Assert.True(evaluation.Loss < ofMembers);
    }

    [Fact]
    public void TheLossOfClasses_IsThatOfTheMeanProbability()
    {
        ClassEnsemble net = new(1);
        net.Train(Three, new TrainingOptions { Epochs = 3 });
        float[] outputs = Sets.Predictions(net, Three);
        double expected = Enumerable.Range(0, Three.Count).Average(row => -Math.Log(outputs[(3 * row) + Three.Labels[row]]));
        Assert.Equal(expected, net.Evaluate(Three).Loss, 1e-6);
        Assert.All(outputs.Chunk(3), static row => Assert.Equal(1, row.Sum(), 1e-5f));
    }

    /// <summary>Probabilities that round to 0 or 1 have finite losses, as those of a single network do.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void AnEvaluation_StaysFinite_WhereProbabilitiesRoundTo0Or1(float bias)
    {
        ProbabilityEnsemble net = new(1);
        for (int member = 0; member < 3; member++)
        {
            net.Layer2[member].Biases[0] = bias - (10 * member);
        }

        float label = bias > 0 ? 0 : 1;
        double loss = net.Evaluate(Dataset.FromTargets([0.1f, 0.2f, 0.3f], [label], 3, 1)).Loss;

        // The mean of three is at most three times, so ln 3, less than its largest.
        double largest = bias > 0 ? 180 : 200;
        Assert.InRange(loss, largest - 5, largest + 5);
    }

    [Fact]
    public void InputGradients_AreTheMeanOfTheMembers()
    {
        ProbabilityEnsemble net = new(1);
        net.Train(Binary, new TrainingOptions { Epochs = 3 });
        ReadOnlySpan<float> inputs = Binary.Inputs[..30];
        float[] targets = [.. Binary.Labels[..10].ToArray().Select(static label => (float)label)];
        float[] gradients = new float[30], jacobian = new float[30], one = new float[30];
        double[] expectedGradients = new double[30], expectedJacobian = new double[30];
        net.InputGradients(inputs, targets, gradients);
        net.InputGradients(inputs, jacobian);
        foreach (ProbabilityMember member in MembersOf(net))
        {
            member.InputGradients(inputs, targets, one);
            Add(expectedGradients);
            member.InputGradients(inputs, one);
            Add(expectedJacobian);
        }

        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(expectedGradients[i], gradients[i], 1e-6);
            Assert.Equal(expectedJacobian[i], jacobian[i], 1e-6);
        }

        void Add(double[] sums)
        {
            for (int i = 0; i < 30; i++)
            {
                sums[i] += one[i] / 3.0;
            }
        }
    }

    [Fact]
    public void Files_HoldAllMembers_UnderNamesThatSayWhose()
    {
        FullEnsemble net = new(1);
        net.Train(Smooth, new TrainingOptions { Epochs = 2 });
        using MemoryStream file = new();
        net.Save(file);
        file.Position = 0;
        FullEnsemble loaded = FullEnsemble.Load(file, new LoadOptions(), out LoadReport report);

        Assert.Equal(Sets.Parameters(net), Sets.Parameters(loaded));
        Assert.Equal(Sets.Predictions(net, Smooth), Sets.Predictions(loaded, Smooth));
        Assert.Equal(["MemberScales.weight", "Layer1.weight", "Layer1.bias"], report.Loaded.Take(3));
        Assert.Equal(["Layer3.3.weight", "Layer3.3.bias"], report.Loaded.TakeLast(2));

        file.Position = 0;
        FullEnsemble fresh = FullEnsemble.Load(file, new LoadOptions { Fresh = ["Layer3", "MemberScales"] }, out report);
        Assert.Equal(9, report.Fresh.Count);
        Assert.Equal(new FullEnsemble(1).Layer3[2].Weights[4, 0], fresh.Layer3[2].Weights[4, 0]);
        Assert.Equal(new FullEnsemble(1).MemberScales[2, 4], fresh.MemberScales[2, 4]);
        Assert.Equal(net.Layer2.Weights[3, 3], fresh.Layer2.Weights[3, 3]);
    }

    [Fact]
    public void AFileOfASingleNetwork_IsAnother()
    {
        using MemoryStream file = new();
        new ProbabilityMember(1).Save(file);
        file.Position = 0;
        string message = Assert.Throws<InvalidDataException>(() => ProbabilityEnsemble.Load(file)).Message;
        Assert.Contains("Input(3) Dense(16, Tanh) Dense(1, Sigmoid)", message);
        Assert.Contains("Input(3) Ensemble(3) Dense(16, Tanh) Dense(1, Sigmoid)", message);
    }

    [Fact]
    public void Copies_AreIndependent()
    {
        ProbabilityEnsemble net = new(1);
        net.Train(Binary, new TrainingOptions { Epochs = 2 });
        ProbabilityEnsemble clone = net.Clone(), copy = new(9);
        copy.CopyFrom(net);
        float[] before = Sets.Predictions(net, Binary);
        net.Train(Binary, new TrainingOptions { Epochs = 1 });

        Assert.Equal(before, Sets.Predictions(clone, Binary));
        Assert.Equal(before, Sets.Predictions(copy, Binary));
        Assert.NotEqual(before, Sets.Predictions(net, Binary));
    }

    [Fact]
    public void Training_IsContinuous_AndTheSameOnAnyNumberOfThreads()
    {
        FullEnsemble whole = new(1), parts = new(1), threads = new(1);
        TrainingOptions options = new() { Epochs = 4, BatchSize = 50, Optimizer = new AdamW(0.01f), Threads = 1 };
        whole.Train(Smooth, options);
        parts.Train(Smooth, options with { Epochs = 2 });
        parts.Train(Smooth, options with { Epochs = 2 });
        threads.Train(Smooth, options with { Threads = 3 });

        Assert.Equal(Sets.Parameters(whole), Sets.Parameters(parts));
        Assert.Equal(Sets.Parameters(whole), Sets.Parameters(threads));
        Assert.True(Sets.R2(whole, Smooth) > 0);
    }

    [Fact]
    public void ARunWithCheckpoints_GoesOnToTheBit()
    {
        TrainingOptions options = new() { Epochs = 4, BatchSize = 50, Averaging = new WeightAverage(0.9), ClipNorm = 1, Statistics = Duration.Epochs(1) };
        FullEnsemble expected = new(1);
        TrainingHistory history = expected.Train(Smooth, options);
        using CancellationTokenSource source = new();
        Assert.Throws<TrainingCancelledException>(() => new FullEnsemble(1).Train(
            Smooth,
            options with { Checkpoints = new Checkpoints(_folder), Callbacks = [new Watcher { Step = (_, step) => Cancel(step.Step, source) }] },
            source.Token));

        FullEnsemble resumed = new(1);
        TrainingHistory rest = resumed.Train(Smooth, options with { Checkpoints = new Checkpoints(_folder) });

        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(resumed));
        Assert.Equal(history.Epochs.Select(static epoch => epoch.Loss), rest.Epochs.Select(static epoch => epoch.Loss));
        Assert.Equal(["Layer1", "Layer2", "Layer3.0", "Layer3.1", "Layer3.2", "Layer3.3"], rest.Epochs[^1].Layers.Select(static layer => layer.Layer));

        static void Cancel(long step, CancellationTokenSource source)
        {
            if (step == 5)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void AFrozenFirstLayer_KeepsTheScales_AndAFrozenLastLayerEveryMembers()
    {
        FullEnsemble start = new(1), first = new(1), last = new(1);
        start.LearnInputStatistics(Smooth);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 50 };
        first.Train(Smooth, options with { LayerRates = [new(nameof(FullEnsemble.Layer1), 0)] });
        last.Train(Smooth, options with { LayerRates = [new(nameof(FullEnsemble.Layer3), 0)] });
        for (int member = 0; member < 4; member++)
        {
            Assert.Equal(start.MemberScales[member, 3], first.MemberScales[member, 3]);
            Assert.NotEqual(start.MemberScales[member, 3], last.MemberScales[member, 3]);
            Assert.Equal(start.Layer3[member].Weights[7, 0], last.Layer3[member].Weights[7, 0]);
            Assert.NotEqual(start.Layer3[member].Weights[7, 0], first.Layer3[member].Weights[7, 0]);
        }

        Assert.Equal(start.Layer1.Weights[2, 2], first.Layer1.Weights[2, 2]);
        Assert.NotEqual(start.Layer1.Weights[2, 2], last.Layer1.Weights[2, 2]);
        string message = Assert.Throws<ArgumentException>(() => start.Train(Smooth, options with { LayerRates = [new("Layer3.1", 0)] })).Message;
        Assert.Contains("'Layer1', 'Layer2', 'Layer3'.", message);
    }

    [Fact]
    public void AFactorOfTheFirstLayersRate_IsThatOfTheScales()
    {
        TrainingOptions options = new() { Steps = 1, BatchSize = 300, Optimizer = new Sgd(0.125f) };
        ProbabilityEnsemble start = new(1), plain = new(1), slow = new(1);
        plain.Train(Binary, options);
        slow.Train(Binary, options with { LayerRates = [new(nameof(ProbabilityEnsemble.Layer1), 0.25)] });

        Assert.Equal((plain.MemberScales[1, 2] - start.MemberScales[1, 2]) / 4, slow.MemberScales[1, 2] - start.MemberScales[1, 2], 1e-7f);
        Assert.Equal(plain.Layer2[2].Weights[3, 0], slow.Layer2[2].Weights[3, 0]);
    }

    [Fact]
    public void ScalesHaveNoDecay()
    {
        ProbabilityEnsemble net = new(1);
        net.ApplyGradients(new float[ProbabilityEnsemble.ParameterCount], new Sgd(0.1f, weightDecay: 0.5f));
        Assert.Equal(new ProbabilityEnsemble(1).MemberScales[1, 1], net.MemberScales[1, 1]);
        Assert.NotEqual(new ProbabilityEnsemble(1).Layer2[1].Weights[1, 0], net.Layer2[1].Weights[1, 0]);
    }

    [Fact]
    public void AnOverflowInOneMember_StopsTheStep_AndIsNamed()
    {
        ProbabilityEnsemble net = new(1);
        net.Layer2[2].Weights[0, 0] = 3e38f;
        net.Layer2[2].Weights[1, 0] = 3e38f;
        net.Layer2[2].Biases[0] = 3e38f;
        net.Layer1.Biases[0] = net.Layer1.Biases[1] = 20;
        float[] before = Sets.Parameters(net);
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => net.TrainStep([1, 2, 3], [0], new Sgd(0.1f)));

        Assert.Equal("Layer2", error.Layer);
        Assert.Equal(before, Sets.Parameters(net));
        error = Assert.Throws<NonFiniteLossException>(() => new ProbabilityEnsemble(1).TrainStep([1, float.NaN, 3], [0], new Sgd(0.1f)));
        Assert.Equal((0, 1), (error.Row, error.Column));
    }

    /// <summary>Members that agree learn something else from the same rows, as each sees units of its own.</summary>
    [Fact]
    public void EachMember_DropsUnitsOfItsOwn()
    {
        DroppingEnsemble net = new(1);
        for (int member = 1; member < 3; member++)
        {
            for (int i = 0; i < 2; i++)
            {
                net.MemberScales[member, i] = net.MemberScales[0, i];
            }

            for (int i = 0; i < 32; i++)
            {
                net.Layer2[member].Weights[i, 0] = net.Layer2[0].Weights[i, 0];
            }
        }

        net.TrainStep([1, 2], [3], new Sgd(0.1f));
        bool[][] moved = [.. Enumerable.Range(0, 3).Select(member => Enumerable.Range(0, 32).Select(i => net.Layer2[member].Weights[i, 0] != new DroppingEnsemble(1).Layer2[0].Weights[i, 0]).ToArray())];
        Assert.All(moved, static units => Assert.InRange(units.Count(static unit => unit), 1, 31));
        Assert.NotEqual(moved[0], moved[1]);
        Assert.NotEqual(moved[1], moved[2]);
    }

    [Fact]
    public void ARowOfWeight0_ChangesNothing()
    {
        float[] inputs = Smooth.Inputs[..60].ToArray(), targets = Smooth.Targets[..10].ToArray();
        FullEnsemble some = new(1), all = new(1);
        some.LearnInputStatistics(Smooth);
        all.LearnInputStatistics(Smooth);
        float loss = some.TrainStep(inputs, targets, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], new Adam());
        Assert.Equal(loss, all.TrainStep([.. inputs, 3e38f, 1, 2, 3, 4, 5], [.. targets, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0], new Adam()));
        Assert.Equal(Sets.Parameters(some), Sets.Parameters(all));
    }

    [Fact]
    public void NothingIsAllocated_OnceWarm()
    {
        FullEnsemble net = new(1);
        net.LearnInputStatistics(Smooth);
        float[] inputs = Smooth.Inputs.ToArray(), targets = Smooth.Targets.ToArray(), outputs = new float[120], weights = [.. Enumerable.Repeat(1f, 120)];
        Adam optimizer = new();
        float sum = 0;
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                sum += net.TrainStep(inputs, targets, optimizer) + net.TrainStep(inputs, targets, weights, optimizer);
                net.Predict(inputs, outputs);
                sum += net.Predict(inputs.AsSpan(..6)) + net.PredictSpread(inputs.AsSpan(..6));
            }
        }));
        Assert.True(float.IsFinite(sum));
    }

    [Fact]
    public void ACalibratedEnsemble_FitsTheDataBest()
    {
        ProbabilityEnsemble binary = new(1);
        binary.Train(Binary, new TrainingOptions { Epochs = 30 });
        binary.Calibrate(Binary);
        double least = binary.Evaluate(Binary).Loss;
        Scale(binary, 4);
        Assert.Equal(4, binary.Calibrate(Binary), 4e-3);
        Assert.Equal(least, binary.Evaluate(Binary).Loss, 1e-6);
        foreach (float factor in (float[])[0.98f, 1.02f])
        {
            ProbabilityEnsemble other = binary.Clone();
            Scale(other, factor);
            Assert.True(other.Evaluate(Binary).Loss > least);
        }

        Assert.Equal(1, binary.Calibrate(Binary), 1e-3);
        ClassEnsemble classes = new(1);
        classes.Train(Three, new TrainingOptions { Epochs = 30 });
        double before = classes.Evaluate(Three).Loss;
        classes.Calibrate(Three);
        Assert.True(classes.Evaluate(Three).Loss <= before);

        static void Scale(ProbabilityEnsemble net, float factor)
        {
            for (int member = 0; member < 3; member++)
            {
                net.Layer2[member].Biases[0] *= factor;
                for (int i = 0; i < 16; i++)
                {
                    net.Layer2[member].Weights[i, 0] *= factor;
                }
            }
        }
    }

    [Fact]
    public void Descriptions_ShowTheMembers()
    {
        string[] rows = [.. ProbabilityEnsemble.Summary.Split('\n').Select(static row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(
            [
                "Input [B×3]", "Ensemble(3), scales of the inputs [3·B×3] 9", "Layer1 · Dense(16, Tanh) [3·B×16] 64", "Layer2 · Dense(1, Sigmoid), 3 times [3·B×1] 51",
                "Mean of the members [B×1]", "Loss(BCE) scalar", "124",
            ],
            rows[1..]);
        string picture = Pictures.Diagram(new ProbabilityEnsemble(1));
        Assert.Contains("Ensemble of 3", picture);
        Assert.Contains("17 parameters for each of 3 members", picture);
    }

    /// <summary>Each member as a network of its own, whose first layer has the scales in its weights.</summary>
    private static ProbabilityMember[] MembersOf(ProbabilityEnsemble net) =>
    [
        .. Enumerable.Range(0, net.Layer2.Count).Select(member =>
        {
            ProbabilityMember single = new(1);
            for (int o = 0; o < 16; o++)
            {
                for (int i = 0; i < 3; i++)
                {
                    single.Layer1.Weights[i, o] = net.MemberScales[member, i] * net.Layer1.Weights[i, o];
                }

                single.Layer1.Biases[o] = net.Layer1.Biases[o];
                single.Layer2.Weights[o, 0] = net.Layer2[member].Weights[o, 0];
            }

            single.Layer2.Biases[0] = net.Layer2[member].Biases[0];
            return single;
        }),
    ];
}
