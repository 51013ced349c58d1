using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>What must hold for every network, whatever its numbers are; no reference is needed.</summary>
[Collection(nameof(RandomSample))]
public class PropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void ABatchsGradient_IsTheMeanOfItsRows()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in RandomNetworkTests.Samples.Value.Where(static sample => !sample.Network.HasBatchNormalization))
        {
            TestNetwork network = sample.Network;
            float[] row = new float[network.ParameterCount];
            double[] mean = new double[row.Length];
            double loss = 0;

            // Where classes have weights, a row counts for as much as its classes.
            double[] shares = sample.Interpreter.Shares(sample.DoubleTargets, weights: null);
            float[][] targets = [.. sample.Targets.Chunk(network.OutputSize)];
            for (int i = 0; i < sample.Rows; i++)
            {
                double share = shares[i] * InterpreterLosses.RowWeight(network, RandomNetworks.Doubles(targets[i]));
                loss += share * sample.Net.ComputeGradients(sample.Inputs.AsSpan(i * network.InputSize, network.InputSize), targets[i], row);
                for (int p = 0; p < row.Length; p++)
                {
                    mean[p] += share * row[p];
                }
            }

            float[] gradients = new float[row.Length];
            report.Compare($"loss of {sample}", [sample.Net.ComputeGradients(sample.Inputs, sample.Targets, gradients)], [loss]);
            RandomNetworkTests.CompareGradients(sample, gradients, mean, report);
        }

        Finish(report);
    }

    /// <summary>Beyond 512 rows, tiles of gradients wait for the next block of rows; small networks have smaller blocks.</summary>
    [Theory]
    [InlineData("[Input(7)] [Dense(45, Tanh)] [Dense(20, Sigmoid)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(21)] [Dense(33, Tanh, Normalization = Normalization.Layer)] [Dense(3, Tanh)] [Loss(LogCosh)]")]
    [InlineData("[Input(2)] [Dense(5, Tanh)] [Dense(2, PRelu)] [Loss(MSE)]")]
    [InlineData("[Input(3)] [Dense(9, Tanh)] [Dense(4, Softmax)] [Loss(CrossEntropy, LabelSmoothing = 0.1)]")]
    public void ALargeBatchsGradient_IsTheMeanOfItsParts(string network)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile($"using Mlp; {network} public partial class Net;", "Net"), seed: 1);
        const int Rows = 1_100;
        int inputSize = net.Constant("InputSize"), outputSize = net.Constant("OutputSize");
        float[] inputs = [.. Enumerable.Range(0, Rows * inputSize).Select(static i => MathF.Sin(i))];
        float[] targets = [.. Enumerable.Range(0, Rows * outputSize).Select(i => i % outputSize == i / outputSize % outputSize ? 1f : 0)];
        float[] weights = [.. Enumerable.Range(0, Rows).Select(static row => 1 + (row % 7))];
        float[] gradients = new float[net.Constant("ParameterCount")];
        double[] mean = new double[gradients.Length];
        double loss = 0;
        for (int start = 0, count; start < Rows; start += count)
        {
            count = Math.Min(Rows - start, 16);
            float[] part = weights[start..(start + count)];
            double share = part.Sum() / weights.Sum();
            loss += share * TrainingSteps.ComputeGradients(
                (INetwork)net.Instance, inputs.AsSpan(start * inputSize, count * inputSize), targets.AsSpan(start * outputSize, count * outputSize), part, gradients);
            for (int p = 0; p < mean.Length; p++)
            {
                mean[p] += share * gradients[p];
            }
        }

        Closeness.Report report = new();
        report.Compare("loss", [TrainingSteps.ComputeGradients((INetwork)net.Instance, inputs, targets, weights, gradients)], [loss]);
        report.Compare("gradients", gradients, mean);
        Finish(report);
    }

    /// <summary>What goes around the last layer has no slope, and what goes through it has one.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(70)]
    public void DerivativesOfAResidualOutput_AreThoseOfItsPredictions(int units)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(
            $"using Mlp; [Input(2, Gradients = true)] [Dense({units}, Tanh)] [Dense({units}, Tanh, Residual = true)] [Loss(MSE)] public partial class Net;", "Net"), seed: 1);
        float[] jacobian = new float[2 * units], above = new float[units], below = new float[units];
        net.Jacobian([0.5f, -0.25f], jacobian);
        for (int i = 0; i < 2; i++)
        {
            const float Step = 1e-2f;
            net.Predict(i == 0 ? [0.5f + Step, -0.25f] : [0.5f, -0.25f + Step], above);
            net.Predict(i == 0 ? [0.5f - Step, -0.25f] : [0.5f, -0.25f - Step], below);
            for (int o = 0; o < units; o++)
            {
                Assert.Equal((above[o] - below[o]) / (2 * Step), jacobian[(2 * o) + i], 1e-3f);
            }
        }
    }

    /// <summary>The variance of all members' rows together is corrected for their number.</summary>
    [Fact]
    public void RunningVariancesOfAnEnsemble_AreUnbiasedOverTheRowsOfAllMembers()
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(
            "using Mlp; [Input(1)] [Ensemble(4)] [Dense(1, Normalization = Normalization.Batch)] [Dense(1)] [Loss(MSE)] public partial class Net;", "Net"));
        net.LoadParameters([.. Enumerable.Repeat(1f, net.ParameterCount)]);

        net.TrainStep([0, 2], [0, 0], new Sgd(0));

        // Each member's sums are 1 and 3: eight rows of variance 1.
        Assert.Equal(2 * 0.1f, net.State.RunningMeans(0)[0], 1e-6f);
        Assert.Equal(0.9f + (0.1f * 8 / 7), net.State.RunningVariances(0)[0], 1e-6f);
    }

    [Theory]
    [InlineData("[Dense(1, Sigmoid)]", "BCE")]
    [InlineData("[Dense(1, PRelu)]", "LogCosh")]
    [InlineData("[Dense(1, Softplus)]", "Poisson")]
    [InlineData("[Dense(1)] [Dense(1, Residual = true)]", "MSE")]
    public void ASingleOutput_KeepsToItsRows(string output, string loss)
    {
        // Rows of one float: a vector stored for one row reaches over the following rows.
        Type type = CompiledNetwork.Compile(
            $"using Mlp; [Input(2)] [Dense(40, Tanh)] [Dense(40, Tanh)] {output} [Loss({loss})] public partial class Net;", "Net");
        for (int rows = 1; rows <= 40; rows++)
        {
            float[] inputs = [.. Enumerable.Range(0, 2 * rows).Select(static i => MathF.Sin(i))];
            float[] targets = [.. Enumerable.Range(0, rows).Select(static i => i % 2f)];
            float[] predicted = new float[rows];
            new CompiledNetwork(type, seed: 1).Predict(inputs, predicted);

            float[] outputs = new float[rows];
            CompiledNetwork net = new(type, seed: 1);
            TrainingPass.Run((INetwork)net.Instance, inputs, targets, new Sgd(0.1f), outputs);

            Assert.Equal(predicted, outputs);
        }
    }

    [Fact]
    public void ARowOfWeightTwo_CountsLikeTwoRows_AndOneOfWeightZeroForNothing()
    {
        Closeness.Report report = new();
        int normalized = 0;
        foreach (RandomSample sample in RandomNetworkTests.Samples.Value.Where(static sample => sample.Rows > 1))
        {
            float[] weights = [.. Enumerable.Range(0, sample.Rows).Select(static row => (float)(row % 3))];
            double[] doubleWeights = RandomNetworks.Doubles(weights);
            if (sample.Network.HasBatchNormalization)
            {
                // These weights may make a batch badly conditioned, with too few rows that count for example.
                if (weights.Count(static weight => weight > 0) < 4
                    || Conditioning.HasFlatUnit(sample.Network, sample.Interpreter, sample.DoubleInputs, doubleWeights)
                    || Conditioning.BadRows(sample.Network, sample.Interpreter, sample.DoubleInputs, sample.DoubleTargets, doubleWeights).Length > 0)
                {
                    continue;
                }

                normalized++;
            }

            float[] gradients = new float[sample.Network.ParameterCount];
            float loss = TrainingSteps.ComputeGradients((INetwork)sample.Net.Instance, sample.Inputs, sample.Targets, weights, gradients);

            float[] repeated = new float[gradients.Length];
            float expected = sample.Net.ComputeGradients(Repeated(sample.Inputs), Repeated(sample.Targets), repeated);
            report.Compare($"loss of {sample}", [loss], [expected]);
            RandomNetworkTests.CompareGradients(sample, gradients, RandomNetworks.Doubles(repeated), report, doubleWeights);

            float[] Repeated(float[] values) =>
                [.. values.Chunk(values.Length / sample.Rows).SelectMany((row, number) => Enumerable.Repeat(row, (int)weights[number])).SelectMany(static row => row)];
        }

        output.WriteLine($"{normalized} networks with batch normalization");
        Assert.True(normalized * 20 > RandomNetworkTests.Count);
        Finish(report);
    }

    [Fact]
    public void RowsOfWeightZeroBehindTheOthers_ChangeNoBit_WhateverTheyHold()
    {
        int number = 0;
        foreach (RandomSample sample in RandomNetworkTests.Samples.Value)
        {
            int more = 1 + (number++ % 19);
            float[] weights = sample.Weights ?? [.. Enumerable.Repeat(1f, sample.Rows)];
            float[] longWeights = [.. weights, .. new float[more]];
            float[] inputs =
            [
                .. sample.Inputs,
                .. Enumerable.Range(0, more * sample.Network.InputSize).Select(i =>
                    IsNumberOfRow(sample.Network, i % sample.Network.InputSize) ? i % 2 : (i % 5) switch { 0 => 3e38f, 1 => -3e38f, 2 => 1e30f, 3 => -1e4f, _ => 0 }),
            ];
            float[] targets = [.. sample.Targets, .. Enumerable.Range(0, more).SelectMany(row => sample.Targets[..sample.Network.OutputSize])];

            Assert.Equal(Results(sample.Inputs, sample.Targets, sample.Weights), Results(inputs, targets, longWeights));

            // The loss and its gradients; then the loss of a step, what it made of the network, and its running statistics.
            float[] Results(float[] inputs, float[] targets, float[]? weights)
            {
                CompiledNetwork net = sample.NewNet();
                float[] gradients = new float[sample.Network.ParameterCount];
                float loss = TrainingSteps.ComputeGradients((INetwork)net.Instance, inputs, targets, weights, gradients);
                float stepLoss = TrainingSteps.TrainStep((INetwork)net.Instance, inputs, targets, weights, new Sgd(0.01f));
                return [loss, .. gradients, stepLoss, .. net.Parameters, .. RunningStatistics(net)];
            }
        }
    }

    [Fact]
    public void RowsThatAllHaveWeightZero_TeachNothing()
    {
        foreach (RandomSample sample in RandomNetworkTests.Samples.Value)
        {
            CompiledNetwork net = sample.NewNet();
            float[] before = [.. net.Parameters, .. RunningStatistics(net)];
            float[] gradients = [.. Enumerable.Repeat(float.NaN, sample.Network.ParameterCount)];
            float[] inputs = [.. sample.Inputs];
            inputs[0] = IsNumberOfRow(sample.Network, 0) ? 1 : 3e38f;

            Assert.Equal(0, TrainingSteps.ComputeGradients((INetwork)net.Instance, inputs, sample.Targets, new float[sample.Rows], gradients));
            Assert.Equal(0, TrainingSteps.TrainStep((INetwork)net.Instance, inputs, sample.Targets, new float[sample.Rows], new Sgd(0.1f)));

            Assert.All(gradients, static gradient => Assert.Equal(0, gradient));
            if (!sample.Network.Layers.Any(static layer => layer.L1 > 0 || layer.L2 > 0))
            {
                float[] after = [.. net.Parameters, .. RunningStatistics(net)];
                Assert.Equal(before, after);
            }
        }
    }

    [Fact]
    public void InputsInAnotherOrder_WithTheirWeights_ChangeNothing()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in RandomNetworkTests.Samples.Value.Where(static sample =>
            sample.Network.InputSize > 1 && sample.Network.Tables.Count == 0 && (sample.Network.Members == 1 || sample.Network.Layers.Count > 1) && !sample.Network.Layers[0].Residual && !sample.Network.Layers.Any(static layer => IsStep(layer.Activation))))
        {
            TestNetwork network = sample.Network;
            int[] order = [.. Enumerable.Range(0, network.InputSize)];
            new Random(network.InputSize).Shuffle(order);
            int units = network.Layers[0].Units;
            float[] gradients = new float[network.ParameterCount];
            float loss = sample.Net.ComputeGradients(sample.Inputs, sample.Targets, gradients);

            CompiledNetwork other = sample.NewNet();
            other.LoadParameters(Permuted(sample.Parameters, order, units, network.Members));
            float[] means = [.. other.State.InputMeans];
            float[] scales = [.. other.State.InputScales];
            for (int i = 0; i < means.Length; i++)
            {
                other.State.InputMeans[i] = means[order[i]];
                other.State.InputScales[i] = scales[order[i]];
            }

            float[] inputs = [.. sample.Inputs.Chunk(network.InputSize).SelectMany(row => order.Select(column => row[column]))];
            float[] outputs = new float[sample.Targets.Length];
            other.Predict(inputs, outputs);
            report.Compare($"outputs of {sample}", outputs, RandomNetworks.Doubles(RandomNetworkTests.PredictRows(sample)));
            float[] otherGradients = new float[gradients.Length];
            report.Compare($"loss of {sample}", [other.ComputeGradients(inputs, sample.Targets, otherGradients)], [loss]);
            RandomNetworkTests.CompareGradients(sample, otherGradients, RandomNetworks.Doubles(Permuted(gradients, order, units, network.Members)), report);
        }

        Finish(report);

        // Scales of an ensemble's members, then rows of the first layer's weights.
        static float[] Permuted(float[] parameters, int[] order, int units, int members)
        {
            float[][] scales = [.. parameters.Take(members == 1 ? 0 : members * order.Length).Chunk(order.Length)];
            float[] rest = parameters[(scales.Length * order.Length)..];
            return
            [
                .. scales.SelectMany(own => order.Select(input => own[input])),
                .. order.SelectMany(input => rest.Skip(input * units).Take(units)),
                .. rest.Skip(order.Length * units),
            ];
        }
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(20, 50)]
    public void TanhLayers_AreSigmoidLayersOfTwiceTheSum(int inputs, int units)
    {
        // tanh z = 2σ(2z) − 1
        IReadOnlyList<Type> types = CompiledNetwork.Compile(
        [
            new TestNetwork("Tanhs", inputs, [new(units, Activation.Tanh), new(2)], LossFunction.MSE),
            new TestNetwork("Sigmoids", inputs, [new(units, Activation.Sigmoid), new(2)], LossFunction.MSE),
        ]);
        CompiledNetwork tanhs = new(types[0], seed: 1);
        CompiledNetwork sigmoids = new(types[1]);
        float[] parameters = tanhs.Parameters;
        Span<float> last = parameters.AsSpan(((inputs + 1) * units)..);
        for (int o = 0; o < 2; o++)
        {
            for (int i = 0; i < units; i++)
            {
                last[(units * 2) + o] -= last[(i * 2) + o];
            }
        }

        foreach (ref float parameter in parameters.AsSpan(..^2))
        {
            parameter *= 2;
        }

        sigmoids.LoadParameters(parameters);
        float[] rows = new RandomNetworks(1).Uniform(9 * inputs, 2);
        float[][] outputs = [new float[18], new float[18]];
        tanhs.Predict(rows, outputs[0]);
        sigmoids.Predict(rows, outputs[1]);
        Assert.InRange(Closeness.RelativeError(outputs[0], RandomNetworks.Doubles(outputs[1])), 0, 1e-5);
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(20, 70)]
    public void Penalties_ActOnTheWeightsOfTheirLayerInUpdatesAlone(int inputs, int units)
    {
        const double L1 = 0.02;
        const double L2 = 0.03;
        const float Rate = 0.5f;
        TestNetwork network = new("Plain", inputs, [new(units, Activation.Tanh), new(2)], LossFunction.MSE);
        TestNetwork penalized = network with { Name = "Penalized", Layers = [network.Layers[0] with { L1 = L1, L2 = L2 }, network.Layers[1]] };
        IReadOnlyList<Type> types = CompiledNetwork.Compile([network, penalized]);
        CompiledNetwork plain = new(types[0], seed: 1);
        CompiledNetwork other = new(types[1], seed: 1);
        float[] start = plain.Parameters;
        start[1] = 0;
        plain.LoadParameters(start);
        other.LoadParameters(start);

        RandomNetworks random = new(1);
        float[] rows = random.Uniform(7 * inputs, 1);
        float[] targets = random.Uniform(14, 1);
        float[][] gradients = [new float[start.Length], new float[start.Length]];
        Assert.Equal(plain.ComputeGradients(rows, targets, gradients[0]), other.ComputeGradients(rows, targets, gradients[1]));
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(plain.TrainStep(rows, targets, new Sgd(Rate)), other.TrainStep(rows, targets, new Sgd(Rate)));
        float[] expected = plain.Parameters;
        float[] actual = other.Parameters;
        for (int i = 0; i < start.Length; i++)
        {
            double penalty = i < inputs * units ? (L1 * Math.Sign(start[i])) + (L2 * start[i]) : 0;
            Assert.Equal(expected[i] - (Rate * penalty), actual[i], 1e-6);
        }
    }

    private static bool IsNumberOfRow(TestNetwork network, int input) => network.Tables.Any(table => table.Slot == input);

    private static float[] RunningStatistics(CompiledNetwork net) => [.. Enumerable.Range(0, net.State.Layout.Layers.Length)
        .SelectMany(layer => (float[])[.. net.State.RunningMeans(layer), .. net.State.RunningVariances(layer)])];

    private static bool IsStep(Activation activation) => activation is Activation.Step or Activation.Sign;

    private void Finish(Closeness.Report report)
    {
        output.WriteLine($"largest error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }
}
