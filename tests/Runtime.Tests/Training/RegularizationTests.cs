namespace Mlp.Runtime.Tests.Training;

public class RegularizationTests
{
    private const int Inputs = 2;
    private const int Outputs = 3;
    private const int WeightCount = Inputs * Outputs;

    private static readonly Dataset Data = TestData.Labelled(20, Outputs);

    [Theory]
    [InlineData(0.25f, 0)]
    [InlineData(0, 0.5f)]
    [InlineData(0.25f, 0.5f)]
    public void PenaltiesOfALayer_ActInStepsAppliedGradientsAndTrainAlike(float l1, float l2)
    {
        OneLayerNetwork stepped = Network(l1, l2);
        OneLayerNetwork applied = Network(l1, l2);
        OneLayerNetwork trained = Network(l1, l2);
        OneLayerNetwork plain = Network();
        Adam adam = new(0.1f);
        float[] gradients = new float[stepped.Parameters.Length];
        float[] data = new float[gradients.Length];
        foreach (Batch batch in new DataLoader(Data, 8, shuffle: false, targetSize: Outputs).Epoch(0))
        {
            plain.State.LoadParameters(applied.Parameters);
            float loss = stepped.TrainStep(batch.Inputs, batch.Targets, adam);
            Assert.Equal(loss, TrainingSteps.ComputeGradients(applied, batch.Inputs, batch.Targets, gradients));
            Assert.Equal(loss, TrainingSteps.ComputeGradients(plain, batch.Inputs, batch.Targets, data));
            Assert.Equal(data, gradients);
            TrainingSteps.ApplyGradients(applied.State, gradients, adam);
            Assert.Equal(stepped.Parameters, applied.Parameters);
        }

        Trainer.Train(trained, Data, new TrainingOptions { Epochs = 1, BatchSize = 8, Optimizer = adam, Shuffle = false });
        Assert.Equal(stepped.Parameters, trained.Parameters);
        Trainer.Train(plain, Data, new TrainingOptions { Epochs = 1, BatchSize = 8, Optimizer = adam, Shuffle = false });
        Assert.NotEqual(plain.Parameters, trained.Parameters);
    }

    [Fact]
    public void L2_IsTheOptimizersWeightDecayToTheBit()
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, Optimizer = new Sgd(0.1f, momentum: 0.9f) };
        float[] expected = Trained(Network(), options with { Optimizer = new Sgd(0.1f, momentum: 0.9f, weightDecay: 0.125f) });

        Assert.Equal(expected, Trained(Network(), options with { L2 = 0.125f }));
        Assert.Equal(expected, Trained(Network(l2: 0.125f), options));
        Assert.Equal(expected, Trained(Network(l2: 0.0625f), options with { L2 = 0.0625f }));
        Assert.NotEqual(expected, Trained(Network(), options));
    }

    [Fact]
    public void L1_PullsWeightsTowardsZero_AndLeavesZeroAndBiases()
    {
        OneLayerNetwork network = Network(l1: 0.25f);
        network.State.LoadParameters([1, -1, 0, -2, 0, 2, 3, -3, 0]);

        TrainingSteps.ApplyGradients(network.State, new float[9], new Sgd(1));

        Assert.Equal([0.75f, -0.75f, 0, -1.75f, 0, 1.75f, 3, -3, 0], network.Parameters);
    }

    [Fact]
    public void ClipValue_LimitsEachGradient()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);
        network.State.LoadParameters([0, 0, 0]);

        // δ = 2·(0 − 4): gradients are (−8, 2, −8).
        Train(network, [1, -0.25f], [4], new TrainingOptions { ClipValue = 3, Optimizer = new Sgd(1), Steps = 1 });

        Assert.Equal([3, -2, 3], network.Parameters);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(0.125f)]
    [InlineData(20)]
    public void ClipNorm_ScalesAllGradientsDownToIt(float limit)
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);
        network.State.LoadParameters([0, 0, 0]);

        // δ = 2·(0 − 4): gradients are (−8, 8, −8), and their norm 13.86.
        Train(network, [1, -1], [4], new TrainingOptions { ClipNorm = limit, Optimizer = new Sgd(1), Steps = 1 });

        float expected = limit > 13 ? 8 : limit / MathF.Sqrt(3);
        Assert.Equal([expected, -expected, expected], network.Parameters, (x, y) => Math.Abs(x - y) <= 1e-6f * Math.Abs(x));
    }

    [Fact]
    public void LimitsThatNothingReaches_ChangeNoBit()
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = 8, Optimizer = new Adam(0.1f) };
        float[] expected = Trained(Network(), options);

        Assert.Equal(expected, Trained(Network(), options with { ClipValue = 1e6f, ClipNorm = 1e6f, MaxNorm = 1e6f }));
        Assert.Equal(expected, Trained(Network(), options with { L1 = 0, L2 = 0, ClipValue = 0, ClipNorm = 0, MaxNorm = 0, AccumulationSteps = 1 }));
    }

    [Fact]
    public void MaxNorm_BoundsTheWeightsIntoEachUnit()
    {
        OneLayerNetwork network = Network();
        network.State.LoadParameters([3, 0.25f, -6, 4, -0.25f, 8, 5, 6, 7]);

        Trainer.Train(network, Data, new TrainingOptions { Steps = 1, Optimizer = new Sgd(0), MaxNorm = 2.5f });

        // The norms were 5, 0.35 and 10.
        Assert.Equal([1.5f, 0.25f, -1.5f, 2, -0.25f, 2, 5, 6, 7], network.Parameters);
    }

    [Fact]
    public void MaxNorm_HoldsAfterEveryStep()
    {
        OneLayerNetwork network = Network();
        RecordedProgress progress = new(_ =>
        {
            for (int o = 0; o < Outputs; o++)
            {
                float[] weights = [.. Enumerable.Range(0, Inputs).Select(i => network.Parameters[(i * Outputs) + o])];
                Assert.True(Math.Sqrt(weights.Sum(weight => (double)weight * weight)) <= 0.5 * (1 + 1e-6));
            }
        });

        Trainer.Train(network, Data, new TrainingOptions { Epochs = 5, BatchSize = 4, Optimizer = new Sgd(1), MaxNorm = 0.5f, Progress = progress });
    }

    [Fact]
    public void AllTogether_ActInTheStatedOrder()
    {
        const double Rate = 0.5;
        TrainingOptions options = new()
        {
            L1 = 0.01f,
            L2 = 0.1f,
            ClipValue = 0.15f,
            ClipNorm = 0.2f,
            MaxNorm = 0.7f,
            AccumulationSteps = 2,
            BatchSize = 5,
            Shuffle = false,
            Optimizer = new Sgd((float)Rate),
        };
        OneLayerNetwork network = Network(l1: 0.02f, l2: 0.05f);
        OneLayerNetwork reference = Network();
        (int valueClips, int normClips, int limits) = (0, 0, 0);
        for (int step = 0; step < 12; step++)
        {
            double[] parameters = [.. reference.Parameters.Select(value => (double)value)];
            float[] computed = new float[parameters.Length];
            int row = step % 2 * 10;
            TrainingSteps.ComputeGradients(reference, Data.Inputs.Slice(row * Inputs, 10 * Inputs), OneHot().AsSpan(row * Outputs, 10 * Outputs), computed);
            double[] g = [.. computed.Select((value, i) => value + (i < WeightCount ? (0.15 * parameters[i]) + (0.03 * Math.Sign(parameters[i])) : 0))];
            valueClips += g.Count(value => Math.Abs(value) > 0.15);
            g = [.. g.Select(value => Math.Clamp(value, -0.15, 0.15))];
            double norm = Math.Sqrt(g.Sum(value => value * value));
            normClips += norm > 0.2 ? 1 : 0;
            parameters = [.. parameters.Zip(g, (p, value) => p - (Rate * value * Math.Min(1, 0.2 / norm)))];
            for (int o = 0; o < Outputs; o++)
            {
                double length = Math.Sqrt(Enumerable.Range(0, Inputs).Sum(i => parameters[(i * Outputs) + o] * parameters[(i * Outputs) + o]));
                limits += length > 0.7 ? 1 : 0;
                for (int i = 0; i < Inputs; i++)
                {
                    parameters[(i * Outputs) + o] *= Math.Min(1, 0.7 / length);
                }
            }

            reference.State.LoadParameters([.. parameters.Select(value => (float)value)]);
        }

        Trainer.Train(network, Data, options with { Epochs = 6 });

        Assert.True(valueClips > 0 && normClips > 0 && limits > 0, $"{valueClips}, {normClips} and {limits} limits were reached.");
        Assert.All(reference.Parameters.Zip(network.Parameters), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    }

    [Fact]
    public void ReportedLosses_AreThoseOfTheData()
    {
        TrainingOptions options = new() { Steps = 1, BatchSize = 20, Shuffle = false, Validation = Data, Optimizer = new Sgd(0) };

        EpochResult plain = Trainer.Train(Network(), Data, options).Epochs[0];
        EpochResult penalised = Trainer.Train(Network(l1: 1, l2: 1), Data, options with { L1 = 1, L2 = 1 }).Epochs[0];

        Assert.Equal((plain.Loss, plain.ValidationLoss), (penalised.Loss, penalised.ValidationLoss));
    }

    [Fact]
    public void ANormThatIsNotFinite_StopsTheRun_AndUpdatesNothing()
    {
        // The loss is 1e38, the gradient of the weight 2e49.
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        network.State.LoadParameters([0, 0]);
        Dataset data = Dataset.FromTargets([1, 1e30f], [0, 1e19f], 1, 1);
        TrainingOptions options = new() { BatchSize = 1, Shuffle = false, ClipNorm = 1, Optimizer = new Adam() };

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => Trainer.Train(network, data, options));

        Assert.Equal(("Layer1", 1, 2L), (error.Layer, error.Epoch, error.Step));
        Assert.Contains("Epoch 1, step 2", error.Message);
        Assert.Contains("gradients of layer Layer1 are not finite", error.Message);
        Assert.Equal([0, 0], network.Parameters);
        Assert.Equal(1, network.State.Training.OptimizerState!.StepCount);
    }

    private static OneLayerNetwork Network(float l1 = 0, float l2 = 0) => new(Inputs, Outputs, LossFunction.CrossEntropy, l1: l1, l2: l2);

    private static float[] Trained(OneLayerNetwork network, TrainingOptions options)
    {
        Trainer.Train(network, Data, options);
        return network.Parameters;
    }

    private static void Train(OneLayerNetwork network, float[] inputs, float[] targets, TrainingOptions options) =>
        Trainer.Train(network, Dataset.FromTargets(inputs, targets, Inputs, targetSize: 1), options);

    private static float[] OneHot()
    {
        float[] targets = new float[Data.Count * Outputs];
        for (int row = 0; row < Data.Count; row++)
        {
            targets[(row * Outputs) + Data.Labels[row]] = 1;
        }

        return targets;
    }
}
