namespace Mlp.Runtime.Tests.Training;

public class SamplingTests
{
    [Fact]
    public void Shuffle_IsTheDefault_AndItsAbsenceIsInOrder()
    {
        Assert.Equal((Sampling.Shuffle, true), (new TrainingOptions().Sampling, new TrainingOptions().Shuffle));
        Assert.Equal(Sampling.InOrder, new TrainingOptions { Shuffle = false }.Sampling);
        Assert.False(new TrainingOptions { Sampling = Sampling.InOrder }.Shuffle);
        Assert.True(new TrainingOptions { Sampling = Sampling.Balanced }.Shuffle);
        Assert.Equal(Sampling.Shuffle, (new TrainingOptions { Shuffle = false } with { Shuffle = true }).Sampling);
        Assert.Equal(Sampling.InOrder, new TrainingOptions { Shuffle = false, Sampling = Sampling.InOrder }.Sampling);
    }

    [Fact]
    public void ContradictingValues_Throw()
    {
        Assert.Contains(
            "Shuffle = false contradicts Sampling.Balanced",
            Assert.Throws<ArgumentOutOfRangeException>("Sampling", static () => new TrainingOptions { Shuffle = false, Sampling = Sampling.Balanced }).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Shuffle", static () => new TrainingOptions { Sampling = Sampling.Shuffle, Shuffle = false });
        Assert.Throws<ArgumentOutOfRangeException>("Shuffle", static () => new TrainingOptions { Sampling = Sampling.InOrder, Shuffle = true });
        Assert.Throws<ArgumentOutOfRangeException>("Sampling", static () => new TrainingOptions { Shuffle = false } with { Sampling = Sampling.Shuffle });
        Assert.Throws<ArgumentOutOfRangeException>("Sampling", static () => new TrainingOptions { Sampling = (Sampling)3 });
    }

    [Fact]
    public void InOrder_TakesTheRowsAsTheyLie()
    {
        Assert.Equal(Enumerable.Range(0, 10), Epochs(Rare(10, 2), Sampling.InOrder, epochs: 1)[0]);
        Assert.Equal(
            Epochs(Rare(10, 2), new TrainingOptions { Shuffle = false }),
            Epochs(Rare(10, 2), new TrainingOptions { Sampling = Sampling.InOrder }));
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 30)]
    public void Balanced_DrawsClassesEquallyOften_AndEveryEpochAnew(int count, int rare)
    {
        int[][] epochs = Epochs(Rare(count, rare), Sampling.Balanced, epochs: 40);
        Assert.All(epochs, epoch =>
        {
            Assert.Equal(count, epoch.Length);
            Assert.InRange(epoch.Count(row => row < rare), count / 2, (count + 1) / 2);
            Assert.NotEqual(epoch.Order(), epoch);
        });
        Assert.Equal(40, epochs.Select(static epoch => string.Join(' ', epoch)).Distinct().Count());

        // With replacement: an epoch lacks rows, and all of them together have every one.
        Assert.True(epochs[0].Distinct().Count() < count);
        Assert.Equal(Enumerable.Range(0, count), epochs.SelectMany(static epoch => epoch).Distinct().Order());
    }

    [Fact]
    public void Balanced_LeavesOutClassesThatDoNotOccur_AndTakesWeightsAlong()
    {
        Dataset data = Dataset.FromLabels([0, 1, 2, 3], [1, 3, 3, 3], 1, 5).WithWeights([0, 1, 2, 3]);
        DataLoader loader = new(data, 3, 0, Sampling.Balanced, targetSize: null, loss: null);
        int rare = 0;
        foreach (Batch batch in loader.Epoch(0))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                int row = (int)batch.Inputs[i];
                Assert.Equal((row, 1f), (batch.RowIndices[i], batch.Targets[(i * 5) + data.Labels[row]]));
                Assert.Equal(data.Weights[row], batch.Weights[i]);
                rare += row == 0 ? 1 : 0;
            }
        }

        Assert.Equal(2, rare);
    }

    [Fact]
    public void Balanced_WithoutLabels_IsRefused_AndNothingIsChanged()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        Dataset data = Dataset.FromTargets([1, 2], [1, 2], 1, 1);
        Assert.Contains(
            "Sampling.Balanced needs labels",
            Assert.Throws<ArgumentException>("options", () => Trainer.Train(network, data, new TrainingOptions { Sampling = Sampling.Balanced })).Message);
        Assert.Equal(0, network.State.StepsTrained);
    }

    /// <summary>Rows numbered by their input, in 1024ths, the first ones of class 1.</summary>
    private static Dataset Rare(int count, int rare) => Dataset.FromLabels(
        [.. Enumerable.Range(0, count).Select(static row => row / 1024f)], [.. Enumerable.Range(0, count).Select(row => row < rare ? 1 : 0)], 1, 2);

    private static int[][] Epochs(Dataset data, Sampling sampling, int epochs) =>
        Epochs(data, new TrainingOptions { Sampling = sampling, Epochs = epochs });

    /// <summary>The rows of each epoch, in the order in which a run trains on them.</summary>
    private static int[][] Epochs(Dataset data, TrainingOptions options)
    {
        OneLayerNetwork network = new(1, 1, LossFunction.BCE) { Seen = [] };
        Trainer.Train(network, data, options with { BatchSize = 7, Optimizer = new Sgd(0) });
        return [.. network.Seen.SelectMany(static batch => batch).Select(static input => (int)(1024 * input)).Chunk(data.Count)];
    }
}
