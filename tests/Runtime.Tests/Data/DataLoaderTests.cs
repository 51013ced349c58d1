namespace Mlp.Runtime.Tests.Data;

public class DataLoaderTests
{
    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(9, 3, 3)]
    [InlineData(2, 5, 1)]
    [InlineData(7, 1, 7)]
    [InlineData(3, int.MaxValue, 1)]
    public void Epoch_VisitsEveryRowOnce(int count, int batchSize, int batches)
    {
        Dataset data = Rows.Numbered(count);
        foreach (bool shuffle in (bool[])[true, false])
        {
            DataLoader loader = new(data, batchSize, shuffle: shuffle);
            Assert.Equal(batches, loader.BatchesPerEpoch);

            List<int> rows = [];
            int index = 0;
            foreach (Batch batch in loader.Epoch(0))
            {
                Assert.Equal(index++, batch.Index);
                Assert.Equal(index < batches ? batchSize : count - (batches - 1) * batchSize, batch.Count);
                Assert.Equal(batch.Count * 2, batch.Inputs.Length);
                Assert.Equal(batch.Count, batch.Targets.Length);
                for (int i = 0; i < batch.Count; i++)
                {
                    int row = batch.RowIndices[i];
                    rows.Add(row);
                    Assert.Equal([row * 2, row * 2 + 1], batch.Inputs.Slice(i * 2, 2));
                    Assert.Equal(row, batch.Targets[i]);
                }
            }

            Assert.Equal(batches, index);
            Assert.Equal(Enumerable.Range(0, count), shuffle ? rows.Order() : rows);
        }
    }

    [Fact]
    public void Epochs_DifferAndDependOnSeedAndNumberAlone()
    {
        Dataset data = Rows.Numbered(40);
        DataLoader inOrder = new(data, 7, seed: 1);
        int[][] orders = [Order(inOrder, 0), Order(inOrder, 1), Order(inOrder, 2)];
        Assert.NotEqual(orders[0], orders[1]);
        Assert.NotEqual(orders[1], orders[2]);

        Assert.Equal(orders[2], Order(new DataLoader(data, 11, seed: 1), 2));
        Assert.NotEqual(orders[2], Order(new DataLoader(data, 7, seed: 2), 2));
        Assert.Equal(orders[0], Order(inOrder, 0));
    }

    [Fact]
    public void WideRows_AreCopiedWhole()
    {
        const int Width = 37;
        float[] inputs = [.. Enumerable.Range(0, 20 * Width).Select(value => (float)value)];
        DataLoader loader = new(Dataset.FromLabels(inputs, new int[20], Width, 2), 6);
        foreach (Batch batch in loader.Epoch(0))
        {
            for (int i = 0; i < batch.Count; i++)
                Assert.Equal(inputs.AsSpan(batch.RowIndices[i] * Width, Width), batch.Inputs.Slice(i * Width, Width));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Labels_BecomeOneHotRows(bool shuffle)
    {
        int[] labels = [0, 2, 1, 1, 2];
        DataLoader loader = new(Dataset.FromLabels(new float[5], labels, 1, 3), batchSize: 2, shuffle: shuffle);
        Assert.Equal(3, loader.TargetSize);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach (Batch batch in loader.Epoch(epoch))
            {
                float[] expected = new float[batch.Count * 3];
                for (int i = 0; i < batch.Count; i++)
                    expected[i * 3 + labels[batch.RowIndices[i]]] = 1;
                Assert.Equal(expected, batch.Targets);
            }
        }
    }

    [Fact]
    public void LabelsOfTwoClasses_BecomeOneColumnOnDemand()
    {
        int[] labels = [0, 1, 1, 0, 1];
        DataLoader loader = new(Dataset.FromLabels(new float[5], labels, 1, 2), batchSize: 2, targetSize: 1);
        Assert.Equal(1, loader.TargetSize);
        foreach (Batch batch in loader.Epoch(0))
        {
            for (int i = 0; i < batch.Count; i++)
                Assert.Equal(labels[batch.RowIndices[i]], batch.Targets[i]);
            Assert.Equal(batch.Count, batch.Targets.Length);
        }
    }

    [Fact]
    public void Labels_AreMinusOneAndOne_ForHinge()
    {
        int[] labels = [0, 1, 1, 0, 1];
        Dataset data = Dataset.FromLabels(new float[5], labels, 1, 2);
        foreach (Batch batch in new DataLoader(data, 2, targetSize: 1, loss: LossFunction.Hinge).Epoch(0))
        {
            for (int i = 0; i < batch.Count; i++)
                Assert.Equal(labels[batch.RowIndices[i]] == 1 ? 1 : -1, batch.Targets[i]);
        }

        foreach (Batch batch in new DataLoader(data, 2, loss: LossFunction.Hinge).Epoch(0))
        {
            for (int i = 0; i < batch.Count; i++)
                Assert.Equal(labels[batch.RowIndices[i]] == 1 ? [-1, 1] : [1, -1], batch.Targets.Slice(2 * i, 2));
        }
    }

    [Fact]
    public void Unshuffled_PointsIntoTheDataset()
    {
        Dataset data = Rows.Numbered(5);
        foreach (Batch batch in new DataLoader(data, 2, shuffle: false).Epoch(3))
        {
            Assert.True(batch.Inputs == data.Inputs.Slice(batch.Index * 4, batch.Count * 2));
            Assert.True(batch.Targets == data.Targets.Slice(batch.Index * 2, batch.Count));
        }
    }

    [Fact]
    public void WarmEpochs_AllocateNothing()
    {
        DataLoader loader = new(SyntheticData.Circles(500), 32);
        float sum = Visit(loader, 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        sum += Visit(loader, 10);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(float.IsFinite(sum));

        static float Visit(DataLoader loader, int epochs)
        {
            float sum = 0;
            for (int epoch = 0; epoch < epochs; epoch++)
            {
                foreach (Batch batch in loader.Epoch(epoch))
                    sum += batch.Inputs[0] + batch.Targets[0] + batch.RowIndices[0];
            }

            return sum;
        }
    }

    [Fact]
    public void AnEpochBegunWithinAnother_EndsTheOuterOne()
    {
        DataLoader loader = new(Rows.Numbered(5), 2);
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (Batch _ in loader.Epoch(0))
                Order(loader, 1);
        });
        Assert.Contains("one can be visited at a time", error.Message);
    }

    [Fact]
    public void WrongArguments_Throw()
    {
        Dataset data = Rows.Numbered(3);
        Assert.Throws<ArgumentNullException>("data", () => new DataLoader(null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => new DataLoader(data, 0));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => new DataLoader(data, -1));
        Assert.Throws<ArgumentException>("data", () => new DataLoader(Rows.Numbered(0), 1));
        Assert.Throws<ArgumentOutOfRangeException>("epoch", () => new DataLoader(data, 1).Epoch(-1));
    }

    [Theory]
    [InlineData(0, 2, "1 target columns, not 2")]
    [InlineData(2, 3, "2 target columns, or 1, not 3")]
    [InlineData(3, 1, "3 target columns, not 1")]
    public void ATargetSizeThatDoesNotFit_ThrowsWithBothSizes(int classCount, int targetSize, string message)
    {
        Dataset data = classCount == 0 ? Rows.Numbered(1) : Dataset.FromLabels([1], [0], 1, classCount);
        var error = Assert.Throws<ArgumentException>("targetSize", () => new DataLoader(data, 1, targetSize: targetSize));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void ABatchBeyondAnArray_ThrowsWithItsSize()
    {
        Dataset data = Dataset.FromLabels([1, 2], [0, int.MaxValue - 1], 1, int.MaxValue);
        var error = Assert.Throws<ArgumentException>("batchSize", () => new DataLoader(data, 2));
        Assert.Contains("2 × 2147483647 targets is more than an array holds", error.Message);
    }

    private static int[] Order(DataLoader loader, int epoch)
    {
        List<int> rows = [];
        foreach (Batch batch in loader.Epoch(epoch))
            rows.AddRange(batch.RowIndices);
        return [.. rows];
    }
}
