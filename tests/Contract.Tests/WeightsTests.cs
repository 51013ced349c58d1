namespace Contract.Tests;

/// <summary>Sample weights and class weights count like repeated rows, at any batch size.</summary>
public class WeightsTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(1000)]
    public void AClassOfWeight99_CountsAsMuch_InBatchesOfAnySize(int batchSize)
    {
        // 1 % positives of weight 99 are half of all there is, so the best answer is nearly ½.
        float[] x = new float[1000];
        int[] labels = [.. Enumerable.Range(0, 1000).Select(static i => i % 100 == 0 ? 1 : 0)];
        RareNet net = new(1);
        net.Train(Dataset.FromLabels(x, labels, 1, 2), new TrainingOptions { Steps = 4000, BatchSize = batchSize, Optimizer = new Sgd(0.01f) });
        net.Train(Dataset.FromLabels(x, labels, 1, 2), new TrainingOptions { Steps = 2000, BatchSize = batchSize, Optimizer = new Sgd(0.001f) });
        Assert.Equal(0.5, net.Predict([0f])[1], 0.06);
    }

    [Fact]
    public void WeightsOfRows_CountAsRepeatedRows_AndTheirScaleDoesNotMatter()
    {
        Dataset data = Sets.Smooth(40, 2);
        float[] weights = [.. Enumerable.Range(0, 40).Select(static i => i % 3f)];
        TrainingOptions options = new() { Epochs = 3, BatchSize = 40, Shuffle = false, Optimizer = new Sgd(0.1f) };
        BatchNet once = new(1), scaled = new(1);

        TrainingHistory history = once.Train(data.WithWeights(weights), options);
        scaled.Train(data.WithWeights([.. weights.Select(static weight => weight * 64)]), options);
        Assert.Equal(Sets.Parameters(once), Sets.Parameters(scaled));

        // The loss that is reported is the weighted mean.
        BatchNet fresh = new(1);
        float step = fresh.TrainStep(data.Inputs, data.Targets, weights, new Sgd(0));
        Assert.Equal(step, history.Epochs[0].Loss, 1e-5);
    }

    [Theory]
    [InlineData(1e38f)]
    [InlineData(1e37f)]
    [InlineData(1e-38f)]
    [InlineData(1e-41f)]
    public void WeightsOfAnySize_TrainAlike(float unit)
    {
        Dataset data = Sets.Smooth(64, 2);
        float[] weights = [.. Enumerable.Range(0, 64).Select(static i => 1f + (i % 3))];
        BatchNet plain = new(1), other = new(1);
        foreach (int batchSize in new[] { 16, 64 })
        {
            TrainingOptions options = new() { Epochs = 3, BatchSize = batchSize, Optimizer = new Sgd(0.1f) };
            double expected = plain.Train(data.WithWeights(weights), options).Epochs[^1].Loss;
            Assert.Equal(expected, other.Train(data.WithWeights([.. weights.Select(weight => weight * unit)]), options).Epochs[^1].Loss, 1e-3);
        }

        Assert.All(Sets.Predictions(plain, data).Zip(Sets.Predictions(other, data)), static pair => Assert.Equal(pair.First, pair.Second, 1e-2f));
    }

    [Fact]
    public void ARowOfWeight0_ChangesNothingAtAll()
    {
        Dataset data = Sets.Smooth(16, 2);
        float[] inputs = [.. data.Inputs, 1e4f, -1e4f];
        float[] targets = [.. data.Targets, 50];
        float[] ones = [.. Enumerable.Repeat(1f, 16)];
        BatchNet without = new(1), with = new(1);
        Sgd sgd = new(0.1f);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(
                without.TrainStep(data.Inputs, data.Targets, ones, sgd), with.TrainStep(inputs, targets, [.. ones, 0], sgd));
        }

        Assert.Equal(Sets.Parameters(without), Sets.Parameters(with));
    }

    [Fact]
    public void StepsThatKnowOnlyTheirBatch_DivideByItsWeights()
    {
        SmallNet one = new(1), other = new(1);
        float[] inputs = [.. Enumerable.Range(0, 128).Select(static i => i / 128f)];
        float[] gradients = new float[SmallNet.ParameterCount], halved = new float[SmallNet.ParameterCount];
        one.ComputeGradients(inputs, [0, 1], [1, 3], gradients);
        other.ComputeGradients(inputs, [0, 1], [2, 6], halved);
        Assert.Equal(gradients, halved);
    }
}
