using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>Generated networks of random architectures against the interpreter. MLPGEN_RANDOM_NETWORKS says how many, MLPGEN_RANDOM_SEED which.</summary>
[Collection(nameof(RandomSample))]
public class RandomNetworkTests(ITestOutputHelper output)
{
    internal static readonly int Count = Setting("MLPGEN_RANDOM_NETWORKS", 500);
    internal static readonly int Seed = Setting("MLPGEN_RANDOM_SEED", 1);
    internal static readonly Lazy<IReadOnlyList<RandomSample>> Samples = new(static () => RandomSample.Draw(Count, Seed, out _refused));

    // The interpreter is slow for wide ones.
    private const int JacobianRows = 3;

    private static int _refused;

    [Fact]
    public void Predictions_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value)
        {
            report.Compare($"{sample}", PredictRows(sample), sample.Interpreter.Predict(sample.DoubleInputs));
        }

        Finish(report);
    }

    [Fact]
    public void LossesAndGradients_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value)
        {
            float[] gradients = NaNs(sample.Network.ParameterCount);
            float loss = sample.Weights is null
                ? sample.Net.ComputeGradients(sample.Inputs, sample.Targets, gradients)
                : TrainingSteps.ComputeGradients((INetwork)sample.Net.Instance, sample.Inputs, sample.Targets, sample.Weights, gradients);
            report.Compare($"loss of {sample}", [loss], [sample.Interpreter.Loss(sample.DoubleInputs, sample.DoubleTargets, sample.DoubleWeights)]);
            CompareGradients(sample, gradients, sample.Interpreter.Gradients(sample.DoubleInputs, sample.DoubleTargets, sample.DoubleWeights), report);
        }

        Finish(report);
    }

    [Fact]
    public void InputGradients_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value.Where(static sample => sample.Network.InputGradients))
        {
            float[] gradients = NaNs(sample.Inputs.Length);
            float loss = sample.Net.InputGradients(sample.Inputs, sample.Targets, gradients);
            AssertSameBits([sample.Net.ComputeGradients(sample.Inputs, sample.Targets, new float[sample.Network.ParameterCount])], [loss], sample.Network);
            report.Compare(
                $"inputs of {sample}", gradients, sample.Interpreter.InputGradients(sample.DoubleInputs, sample.DoubleTargets),
                () => sample.Movement((interpreter, inputs) => interpreter.InputGradients(inputs, sample.DoubleTargets)));
        }

        Finish(report);
    }

    [Fact]
    public void Jacobians_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value.Where(static sample => sample.Network.InputGradients))
        {
            // The rows are independent: all of them are computed, some are compared.
            int size = sample.Network.OutputSize * sample.Network.InputSize;
            float[] jacobian = NaNs(sample.Rows * size);
            sample.Net.Jacobian(sample.Inputs, jacobian);
            int rows = Math.Min(sample.Rows, JacobianRows);
            double[] last = sample.DoubleInputs[^(rows * sample.Network.InputSize)..];
            report.Compare($"output derivatives of {sample}", jacobian.AsSpan(^(rows * size)..), sample.Interpreter.Jacobian(last));
        }

        Finish(report);
    }

    [Fact]
    public void RunningStatistics_FollowTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value.Where(static sample => sample.Network.HasBatchNormalization && !sample.Network.IsRandomInTraining))
        {
            CompiledNetwork net = sample.NewNet();
            Interpreter interpreter = sample.NewInterpreter();
            for (int step = 0; step < 2; step++)
            {
                float[] outputs = NaNs(sample.Targets.Length);
                TrainingPass.Run((INetwork)net.Instance, sample.Inputs, sample.Targets, sample.Weights, new Sgd(0), outputs);
                List<LayerValues> values = interpreter.Forward(sample.DoubleInputs, Mode.Training, sample.DoubleWeights);
                report.Compare($"training outputs of {sample}", outputs, [.. Interpreter.Outputs(sample.Network, values).SelectMany(static row => row)]);
                interpreter.UpdateRunningStatistics(sample.DoubleInputs, sample.DoubleWeights);
            }

            foreach (int layer in sample.Network.NormalizedByBatch)
            {
                report.Compare($"running means of layer {layer + 1}, {sample}", net.State.RunningMeans(layer), interpreter.RunningMeans[layer]);
                report.Compare($"running variances of layer {layer + 1}, {sample}", net.State.RunningVariances(layer), interpreter.RunningVariances[layer]);
            }
        }

        Finish(report);
    }

    [Fact]
    public void OneRow_PredictsTheBitsOfManyRows()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            int inputSize = sample.Network.InputSize;
            int outputSize = sample.Network.OutputSize;
            float[] outputs = PredictRows(sample);
            for (int row = 0; row < sample.Rows; row++)
            {
                ReadOnlySpan<float> input = sample.Inputs.AsSpan(row * inputSize, inputSize);
                ReadOnlySpan<float> expected = outputs.AsSpan(row * outputSize, outputSize);
                float[] single = NaNs(outputSize);
                sample.Net.Predict(input, single);
                AssertSameBits(expected, single, sample.Network);
                AssertSameBits(expected, outputSize == 1 ? [sample.Net.PredictValue(input)] : sample.Net.PredictVector(input), sample.Network);
            }
        }
    }

    [Fact]
    public void AnyPartOfABatch_PredictsTheBitsOfTheWhole()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            float[] outputs = PredictRows(sample);
            for (int rows = 0; rows <= sample.Rows; rows += 1 + (rows / 4))
            {
                float[] part = NaNs(rows * sample.Network.OutputSize);
                sample.Net.Predict(sample.Inputs.AsSpan(0, rows * sample.Network.InputSize), part);
                AssertSameBits(outputs.AsSpan(0, part.Length), part, sample.Network);
            }
        }
    }

    [Fact]
    public void PredictClass_IsTheLargestOrTheLikelierOutput()
    {
        foreach (RandomSample sample in Samples.Value.Where(static sample =>
            sample.Network.Loss == LossFunction.CrossEntropy
            || (sample.Network.Loss is LossFunction.BCE or LossFunction.Hinge && sample.Network.OutputSize == 1)))
        {
            float threshold = sample.Network.Loss == LossFunction.BCE ? 0.5f : 0;
            float[][] predictions = [.. PredictRows(sample).Chunk(sample.Network.OutputSize)];
            for (int row = 0; row < sample.Rows; row++)
            {
                int expected = sample.Network.Loss == LossFunction.CrossEntropy
                    ? Array.IndexOf(predictions[row], predictions[row].Max())
                    : predictions[row][0] >= threshold ? 1 : 0;
                Assert.Equal(expected, sample.Net.PredictClass(sample.Inputs.AsSpan(row * sample.Network.InputSize, sample.Network.InputSize)));
            }
        }
    }

    [Fact]
    public void ATrainingStep_IsItsGradientsAppliedBitForBit()
    {
        Optimizer[] optimizers =
        [
            new Sgd(0.05f), new Sgd(0.05f, momentum: 0.9f), new Sgd(0.05f, momentum: 0.9f, nesterov: true, weightDecay: 0.01f),
            new Adam(0.01f), new Adam(0.01f, weightDecay: 0.01f), new Adam(0.01f, amsGrad: true), new AdamW(0.01f), new NAdam(0.01f),
            new RAdam(0.01f), new RmsProp(), new RmsProp(momentum: 0.9f, weightDecay: 0.01f), new RmsProp(momentum: 0.9f, centered: true),
            new Adagrad(), new Adadelta(weightDecay: 0.01f), new Lion(0.001f, weightDecay: 0.01f),
        ];
        int number = 0;
        foreach (RandomSample sample in Samples.Value.Where(static sample => !sample.Network.IsRandomInTraining))
        {
            // Each optimizer starts its own state; two networks of the same class take the two ways.
            Optimizer optimizer = optimizers[number++ % optimizers.Length];
            CompiledNetwork fused = sample.NewNet();
            CompiledNetwork unfused = sample.NewNet();
            float[] gradients = new float[sample.Network.ParameterCount];
            for (int rows = sample.Rows; rows >= (sample.Network.HasBatchNormalization ? 4 : 1); rows /= 2)
            {
                ReadOnlySpan<float> inputs = sample.Inputs.AsSpan(0, rows * sample.Network.InputSize);
                ReadOnlySpan<float> targets = sample.Targets.AsSpan(0, rows * sample.Network.OutputSize);
                ReadOnlySpan<float> weights = sample.Weights.AsSpan(0, sample.Weights is null ? 0 : rows);
                float expected;
                try
                {
                    expected = TrainingSteps.ComputeGradients((INetwork)unfused.Instance, inputs, targets, weights, gradients);
                }
                catch (NonFiniteLossException)
                {
                    // Steps of this size may overflow a network; then both ways stop before the same step.
                    float[] rowWeights = [.. weights];
                    float[] rowInputs = [.. inputs];
                    float[] rowTargets = [.. targets];
                    Assert.Throws<NonFiniteLossException>(() => TrainingSteps.TrainStep((INetwork)fused.Instance, rowInputs, rowTargets, rowWeights, optimizer));
                    break;
                }

                unfused.ApplyGradients(gradients, optimizer);
                float actual = TrainingSteps.TrainStep((INetwork)fused.Instance, inputs, targets, weights, optimizer);
                AssertSameBits([expected], [actual], sample.Network);
                AssertSameBits(unfused.Parameters, fused.Parameters, sample.Network);
            }
        }
    }

    [Fact]
    public void AnyNumberOfThreads_GivesTheSameBits()
    {
        WorkerPool.Limit = Math.Max(WorkerPool.Limit, 5);
        int number = 0;
        foreach (RandomSample sample in Samples.Value)
        {
            CompiledNetwork alone = sample.NewNet();
            CompiledNetwork together = sample.NewNet();
            alone.State.Threads = 1;
            together.State.Threads = 2 + (number++ % 4);
            Adam optimizer = new();
            for (int step = 0; step < 2; step++)
            {
                float[] losses = [Step(alone), Step(together)];
                AssertSameBits([losses[0]], [losses[1]], sample.Network);
                if (!float.IsFinite(losses[0]))
                {
                    break;
                }
            }

            AssertSameBits(alone.Parameters, together.Parameters, sample.Network);
            AssertSameBits(Outputs(alone), Outputs(together), sample.Network);

            // NaN where the step overflowed.
            float Step(CompiledNetwork net)
            {
                try
                {
                    return TrainingSteps.TrainStep((INetwork)net.Instance, sample.Inputs, sample.Targets, sample.Weights, optimizer);
                }
                catch (NonFiniteLossException)
                {
                    return float.NaN;
                }
            }

            float[] Outputs(CompiledNetwork net)
            {
                float[] predicted = NaNs(sample.Targets.Length);
                float[] evaluated = NaNs(sample.Targets.Length);
                float[] losses = NaNs(sample.Rows);
                net.Predict(sample.Inputs, predicted);
                ((INetwork)net.Instance).ComputeLosses(sample.Inputs, sample.Targets, evaluated, losses);
                return [.. predicted, .. evaluated, .. losses];
            }
        }
    }

    [Fact]
    public void OutputsOfATrainingStep_AreThePredictions()
    {
        foreach (RandomSample sample in Samples.Value.Where(static sample => !sample.Network.IsRandomInTraining && !sample.Network.HasBatchNormalization))
        {
            CompiledNetwork net = sample.NewNet();
            float[] outputs = NaNs(sample.Targets.Length);
            TrainingPass.Run((INetwork)net.Instance, sample.Inputs, sample.Targets, new Sgd(0.1f), outputs);
            AssertSameBits(PredictRows(sample), outputs, sample.Network);
        }
    }

    [Fact]
    public void Gradients_ChangeNothing()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            CompiledNetwork net = sample.NewNet();
            float[] before = [.. net.Parameters, .. Statistics(net)];
            net.ComputeGradients(sample.Inputs, sample.Targets, new float[sample.Network.ParameterCount]);
            if (sample.Network.InputGradients)
            {
                net.InputGradients(sample.Inputs, sample.Targets, new float[sample.Inputs.Length]);
                net.Jacobian(sample.Inputs, new float[sample.Inputs.Length * sample.Network.OutputSize]);
            }

            AssertSameBits(before, [.. net.Parameters, .. Statistics(net)], sample.Network);
        }

        static IEnumerable<float> Statistics(CompiledNetwork net) => Enumerable.Range(0, net.State.Layout.Layers.Length)
            .SelectMany(layer => (float[])[.. net.State.RunningMeans(layer), .. net.State.RunningVariances(layer)]);
    }

    [Fact]
    public void LossesOfRows_AgreeWithTheInterpreter_AndOutputsAreThoseOfPredict()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value)
        {
            float[] outputs = NaNs(sample.Targets.Length);
            float[] losses = NaNs(sample.Rows);
            ((INetwork)sample.Net.Instance).ComputeLosses(sample.Inputs, sample.Targets, outputs, losses);
            AssertSameBits(PredictRows(sample), outputs, sample.Network);
            report.Compare($"losses of {sample}", losses, sample.Interpreter.RowLosses(sample.DoubleInputs, sample.DoubleTargets, Mode.Evaluation));
        }

        Finish(report);
    }

    [Fact]
    public void LossesOfRows_AreThoseOfTheirGradients()
    {
        // With class weights the loss of a batch of one is the row's loss over its weight; that of an ensemble is its members' in training, its average output's else.
        foreach (RandomSample sample in Samples.Value.Where(static sample =>
            !sample.Network.HasBatchNormalization && sample.Network.ClassWeights is null && sample.Network.Members == 1))
        {
            float[] losses = NaNs(sample.Rows);
            ((INetwork)sample.Net.Instance).ComputeLosses(sample.Inputs, sample.Targets, new float[sample.Targets.Length], losses);
            float[] gradients = new float[sample.Network.ParameterCount];
            for (int row = 0; row < sample.Rows; row++)
            {
                float loss = sample.Net.ComputeGradients(
                    sample.Inputs.AsSpan(row * sample.Network.InputSize, sample.Network.InputSize),
                    sample.Targets.AsSpan(row * sample.Network.OutputSize, sample.Network.OutputSize),
                    gradients);
                AssertSameBits([losses[row]], [loss], sample.Network);
            }
        }
    }

    internal static float[] PredictRows(RandomSample sample)
    {
        float[] outputs = NaNs(sample.Rows * sample.Network.OutputSize);
        sample.Net.Predict(sample.Inputs, outputs);
        return outputs;
    }

    /// <summary>Compares gradients of the sample's batch, tensor by tensor; with the given sample weights instead of its own.</summary>
    internal static void CompareGradients(RandomSample sample, float[] actual, double[] expected, Closeness.Report report, double[]? weights = null)
    {
        // Batch normalization removes a common shift and scale: gradients along these are sums that cancel out, as accurate as their terms.
        double[] terms = sample.Network.HasBatchNormalization
            ? sample.Interpreter.GradientTerms(sample.DoubleInputs, sample.DoubleTargets, weights ?? sample.DoubleWeights)
            : expected;
        foreach (Tensor tensor in sample.Network.Tensors())
        {
            report.Compare($"{tensor}, {sample}", actual[tensor.Range], expected[tensor.Range], terms[tensor.Range].Max(Math.Abs));
        }
    }

    private static float[] NaNs(int count) => [.. Enumerable.Repeat(float.NaN, count)];

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, TestNetwork network)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"Value {i} is {actual[i]:g9} instead of {expected[i]:g9}: {network}");
        }
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : fallback;

    private void Finish(Closeness.Report report)
    {
        output.WriteLine($"{Count} networks, seed {Seed}, {_refused} replaced as badly conditioned; largest error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }
}
