using System.Runtime.CompilerServices;
using Mlp.Testing;

namespace Contract.Tests;

/// <summary>Data sets that are mapped from a file are to networks what the same rows in memory are.</summary>
public sealed class MappedDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlpgen-test-").FullName;

    public static TheoryData<Sampling, int> Runs => new()
    {
        { Sampling.Shuffle, 1 },
        { Sampling.Shuffle, 2 },
        { Sampling.InOrder, 1 },
        { Sampling.InOrder, 2 },
        { Sampling.Balanced, 1 },
        { Sampling.Balanced, 2 },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Runs))]
    public void ClassifiersTrainToTheSameBits(Sampling sampling, int threads) => AssertTrainAlike<ScaledClassesNet>(Classes(500), sampling, threads);

    [Theory]
    [MemberData(nameof(Runs))]
    public void LargeRegressionsTrainToTheSameBits(Sampling sampling, int threads)
    {
        if (sampling != Sampling.Balanced)
        {
            AssertTrainAlike<FullNet>(Sets.Smooth(700, inputs: 6).WithWeights([.. Enumerable.Range(0, 700).Select(static row => row % 3 / 2f)]), sampling, threads);
        }
    }

    [Fact]
    public void LoadersGiveTheSameBatches_InEveryOrder()
    {
        Dataset data = Classes(50);
        Dataset mapped = Mapped(data);
        foreach (bool shuffle in new[] { true, false })
        {
            DataLoader expected = new(data, 8, seed: 3, shuffle);
            DataLoader actual = new(mapped, 8, seed: 3, shuffle);
            for (int epoch = 0; epoch < 2; epoch++)
            {
                DataLoader.EpochBatches.Enumerator batches = actual.Epoch(epoch).GetEnumerator();
                foreach (Batch batch in expected.Epoch(epoch))
                {
                    Assert.True(batches.MoveNext());
                    Assert.True(batch.Inputs.SequenceEqual(batches.Current.Inputs));
                    Assert.True(batch.Targets.SequenceEqual(batches.Current.Targets));
                    Assert.True(batch.Weights.SequenceEqual(batches.Current.Weights));
                    Assert.True(batch.RowIndices.SequenceEqual(batches.Current.RowIndices));
                }

                Assert.False(batches.MoveNext());
            }
        }
    }

    [Fact]
    public void JudgedByThem_ANetworkIsTheSame()
    {
        Dataset data = Classes(200);
        Dataset mapped = Mapped(data);
        ScaledClassesNet net = new(seed: 1);
        net.Train(data, new TrainingOptions { Epochs = 3, BatchSize = 16 });

        Assert.Equal(net.Evaluate(data), net.Evaluate(mapped));
        Assert.Equal(net.Report(data).ToString(), net.Report(mapped).ToString());
        Assert.Equal(
            FeatureImportance.Permutation(net, data, Metric.Accuracy).ToString(), FeatureImportance.Permutation(net, mapped, Metric.Accuracy).ToString());
        Assert.Equal(
            CrossValidation.Run<ScaledClassesNet>(data, Folds.K(3, SplitBy.Class)).ToString(),
            CrossValidation.Run<ScaledClassesNet>(mapped, Folds.K(3, SplitBy.Class)).ToString());
    }

    [Fact]
    public void ARunOfMemory_ResumesFromTheSameRowsInAFile()
    {
        Dataset data = Classes(100);
        TrainingOptions options = new() { Epochs = 4, BatchSize = 16, Checkpoints = new Checkpoints(Path.Combine(_folder, "run")) };
        ScaledClassesNet whole = new(seed: 1);
        whole.Train(data, options with { Checkpoints = null });
        Assert.Throws<TrainingCancelledException>(() => Cancelled(new ScaledClassesNet(seed: 1), data, options));

        ScaledClassesNet resumed = new(seed: 1);
        resumed.Train(Mapped(data), options);
        Assert.Equal(Sets.Parameters(whole), Sets.Parameters(resumed));
    }

    [Fact]
    public void NothingIsReleasedWhileItIsUsed()
    {
        string path = Path.Combine(_folder, "rows");
        Classes(20_000).Save(path);
        using CancellationTokenSource end = new();
        Thread collector = new(() =>
        {
            while (!end.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            TrainingOptions options = new() { Epochs = 1, BatchSize = 512, Metrics = [Metric.F1(Average.Macro)] };
            for (int round = 0; round < 10; round++)
            {
                ScaledClassesNet net = new(round);
                net.LearnInputStatistics(Dataset.Open(path));
                net.Train(Dataset.Open(path), options with { Validation = Dataset.Open(path), Sampling = round % 2 == 0 ? Sampling.Balanced : Sampling.InOrder });
                _ = net.Evaluate(Dataset.Open(path));
                _ = net.Evaluate(Dataset.Open(path), [Metric.F1(Average.Macro)]);
                _ = net.Report(Dataset.Open(path));
                _ = net.Calibrate(Dataset.Open(path));
                _ = Dataset.Open(path).Split(0.5, SplitBy.Class);
                Dataset.Open(path).WithNames(null).Save(Path.Combine(_folder, "copy"));
                Assert.Equal(20_000 * 3, Sum(Dataset.Open(path).Weights));
            }
        }
        finally
        {
            end.Cancel();
            collector.Join();
        }

        static double Sum(ReadOnlySpan<float> weights)
        {
            double sum = 0;
            foreach (float weight in weights)
            {
                sum += weight;
            }

            return sum;
        }
    }

    [Fact]
    public void AWarmEpoch_AllocatesNoMoreThanOneInMemory()
    {
        Dataset mapped = Mapped(Classes(2000));
        DataLoader loader = new(mapped, 16, targetSize: ClassesNet.OutputSize);
        ClassesNet net = new(seed: 1);
        Adam adam = new();
        int epoch = 0;
        Assert.Equal(0, AllocatedBytes.Least(() => Epoch(epoch++)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Epoch(int number)
        {
            foreach (Batch batch in loader.Epoch(number))
            {
                net.TrainStep(batch.Inputs, batch.Targets, adam);
            }
        }
    }

    private static void Cancelled(ScaledClassesNet net, Dataset data, TrainingOptions options)
    {
        using CancellationTokenSource source = new();
        net.Train(data, options with { Progress = new Canceller(source) }, source.Token);
    }

    private void AssertTrainAlike<TNet>(Dataset data, Sampling sampling, int threads) where TNet : class, INetwork<TNet>
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 48, Sampling = sampling, Threads = threads, Seed = 3 };
        TNet expected = TNet.Create(1);
        TNet actual = TNet.Create(1);
        TrainingHistory ofMemory = expected.Train(data, options with { Validation = data });
        TrainingHistory ofFile = actual.Train(Mapped(data), options with { Validation = Mapped(data) });

        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(actual));
        Assert.Equal(
            ofMemory.Epochs.Select(static epoch => (epoch.Loss, epoch.Accuracy, epoch.ValidationLoss)),
            ofFile.Epochs.Select(static epoch => (epoch.Loss, epoch.Accuracy, epoch.ValidationLoss)));
    }

    /// <summary>Three uneven classes, with weights, groups, times and names.</summary>
    private static Dataset Classes(int rows)
    {
        Random random = new(1);
        float[] inputs = [.. Enumerable.Range(0, 3 * rows).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 10 == 0 ? 2 : inputs[3 * row] > 0.4f ? 1 : 0)];
        return Dataset.FromLabels(inputs, labels, 3, 3)
            .WithWeights([.. Enumerable.Range(0, rows).Select(static row => row % 2 == 0 ? 2f : 4f)])
            .WithGroups([.. Enumerable.Range(0, rows).Select(static row => row / 4)])
            .WithTimes([.. Enumerable.Range(0, rows).Select(static row => (long)row)])
            .WithNames(["a", "b", "c"], ["x", "y", "z"]);
    }

    private Dataset Mapped(Dataset data)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        data.Save(path);
        return Dataset.Open(path);
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
