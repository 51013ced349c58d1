using Generator.Tests.Infrastructure;

namespace Contract.Tests.Trained;

/// <summary>
/// Networks of weights in the assembly: shared, read-only, and otherwise as any other. The files were written by <c>Save</c> of networks trained on
/// <see cref="Samples"/>; they stay as they are, as files of older versions do.
/// </summary>
public class TrainedTests
{
    private static readonly float[] Row = [0.5f, -1, 2, 0.25f];

    private static readonly Dictionary<string, Action> Changes = new()
    {
        ["Train"] = static () => TrainedClassesNet.Trained.Train(Samples.Classes),
        ["TrainStep"] = static () => TrainedClassesNet.Trained.TrainStep(Row, [1f, 0, 0], new Adam()),
        ["weighted TrainStep"] = static () => TrainedClassesNet.Trained.TrainStep(Row, [1f, 0, 0], [1f], new Adam()),
        ["ComputeGradients"] = static () => TrainedClassesNet.Trained.ComputeGradients(Row, [1f, 0, 0], new float[TrainedClassesNet.ParameterCount]),
        ["InputGradients"] = static () => TrainedClassesNet.Trained.InputGradients(Row, [1f, 0, 0], new float[4]),
        ["ApplyGradients"] = static () => TrainedClassesNet.Trained.ApplyGradients(new float[TrainedClassesNet.ParameterCount], new Adam()),
        ["LoadParameters"] = static () => TrainedClassesNet.Trained.LoadParameters(new float[TrainedClassesNet.ParameterCount]),
        ["CopyFrom"] = static () => TrainedClassesNet.Trained.CopyFrom(new TrainedClassesNet(1)),
        ["CopyFrom of itself"] = static () => TrainedClassesNet.Trained.CopyFrom(TrainedClassesNet.Trained),
        ["LearnInputStatistics"] = static () => TrainedClassesNet.Trained.LearnInputStatistics(Samples.Classes),
        ["Calibrate"] = static () => TrainedClassesNet.Trained.Calibrate(Samples.Classes),
        ["ResetTraining"] = static () => TrainedClassesNet.Trained.ResetTraining(),
        ["ReleaseTrainingBuffers"] = static () => TrainedClassesNet.Trained.ReleaseTrainingBuffers(),
        ["Threads"] = static () => TrainedClassesNet.Trained.Threads = 2,
        ["LearningRateFactor"] = static () => TrainedClassesNet.Trained.LearningRateFactor = 2,
        ["Threshold"] = static () => TrainedCirclesNet.Trained.Threshold = 0.9,
        ["Weights"] = static () => TrainedClassesNet.Trained.Layer1.Weights[0, 0] = 1,
        ["Biases"] = static () => TrainedClassesNet.Trained.Layer1.Biases[0] = 1,
        ["Gains"] = static () => TrainedClassesNet.Trained.Layer1.Gains[0] = 1,
        ["Shifts"] = static () => TrainedClassesNet.Trained.Layer1.Shifts[0] = 1,
        ["Slope"] = static () => TrainedClassesNet.Trained.Layer1.Slope = 1,
        ["a member's weights"] = static () => TrainedCirclesNet.Trained.Layer2[1].Weights[0, 0] = 1,
        ["MemberScales"] = static () => TrainedCirclesNet.Trained.MemberScales[0, 0] = 1,
        ["a table"] = static () => TrainedShopsNet.Trained.Town[0, 0] = 1,
        ["Fit"] = static () => TrainedShopsNet.Trained.Fit(Samples.Shops),
        ["Train on records"] = static () => TrainedShopsNet.Trained.Train(Unread()),
        ["TrainStep on records"] = static () => TrainedShopsNet.Trained.TrainStep(Samples.Shops[..2], new Adam()),
    };

    public static TheoryData<string> Members => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Members))]
    public void WhatWouldChangeIt_IsRefused_AndChangesNothing(string member)
    {
        string message = Assert.Throws<InvalidOperationException>(Changes[member]).Message;

        Assert.Contains("Trained", message, StringComparison.Ordinal);
        Assert.Contains("Clone()", message, StringComparison.Ordinal);
        AssertIsItsFile(TrainedClassesNet.Trained, "classes");
        AssertIsItsFile(TrainedCirclesNet.Trained, "circles");
        AssertIsItsFile(TrainedShopsNet.Trained, "shops");
    }

    [Fact]
    public async Task TrainAsync_IsRefused() => await Assert.ThrowsAsync<InvalidOperationException>(static async () =>
    {
        await foreach (EpochResult epoch in TrainedClassesNet.Trained.TrainAsync(Samples.Classes))
        {
            Assert.Fail($"Epoch {epoch.Epoch} ended.");
        }
    });

    [Fact]
    public void ItIsOneObject_WhateverThreadAsksFirst()
    {
        PredictingCirclesNet[] seen = new PredictingCirclesNet[16];
        using Barrier barrier = new(seen.Length);
        Thread[] threads =
        [
            .. Enumerable.Range(0, seen.Length).Select(i => new Thread(() =>
            {
                barrier.SignalAndWait();
                seen[i] = PredictingCirclesNet.Trained;
            })),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.All(seen, network => Assert.Same(PredictingCirclesNet.Trained, network));
        Assert.Equal(TrainedCirclesNet.Trained.Predict([0.1f, 0.2f]), PredictingCirclesNet.Trained.Predict([0.1f, 0.2f]));
    }

    [Fact]
    public void EverythingThatReads_Works()
    {
        TrainedClassesNet net = TrainedClassesNet.Trained;
        Assert.Equal(["north", "east", "south", "west"], net.InputNames);
        Assert.Equal(["calm", "windy", "stormy"], net.ClassNames);
        Assert.Contains(net.PredictLabel(Row), net.ClassNames!);
        Assert.True(net.Evaluate(Samples.Classes).Loss > 0);
        Assert.NotNull(net.Evaluate(Samples.Classes, [Metric.LogLoss]).Metrics[Metric.LogLoss]);
        Assert.Equal(3, net.Report(Samples.Classes).Classes.Count);
        Assert.Equal((70, 4), (net.Layer1.Weights.Outputs, net.Layer1.Weights.Inputs));
        Assert.Equal((0, 0L), (net.EpochsTrained, net.StepsTrained));
        net.CopyParametersTo(new float[TrainedClassesNet.ParameterCount]);
        net.InputGradients(Row, new float[12]);
        Assert.Equal(4, FeatureImportance.Permutation(net, Samples.Classes, Metric.LogLoss, repeats: 1).Count);
        Assert.Equal(0.25, TrainedCirclesNet.Trained.Threshold);
        Assert.Equal(0.25, TrainedCirclesNet.Trained.Clone().Threshold);
        Assert.InRange(Thresholds.Best(TrainedCirclesNet.Trained, Samples.Circles, Metric.F1()), 0, 1);
        Assert.True(TrainedCirclesNet.Trained.PredictSpread([0.1f, 0.2f]) > 0);
        Assert.Equal([null, "Ulm", "Jena", "Kiel", null, null], TrainedShopsNet.Trained.Town.Categories);
        Assert.InRange(TrainedShopsNet.Trained.Predict(new Shop { Town = "Ulm", Area = 110 }), 900, 1900);
    }

    [Fact]
    public void CopiesOfIt_AreTrained_ToTheBitsOfItsFile()
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 16 };
        TrainedClassesNet loaded = TrainedClassesNet.Load(PathOf("classes"));
        TrainedClassesNet clone = TrainedClassesNet.Trained.Clone();
        TrainedClassesNet copy = new(1);
        copy.CopyFrom(TrainedClassesNet.Trained);
        foreach (TrainedClassesNet net in (TrainedClassesNet[])[loaded, clone, copy])
        {
            net.Train(Samples.Classes, options);
            net.Layer1.Weights[0, 0] += 1;
            net.Threads = 1;
        }

        Assert.Equal(Sets.Parameters(loaded), Sets.Parameters(clone));
        Assert.Equal(Sets.Predictions(loaded, Samples.Classes), Sets.Predictions(copy, Samples.Classes));
        AssertIsItsFile(TrainedClassesNet.Trained, "classes");
    }

    [Fact]
    public void RecordsCopies_AreTrained()
    {
        TrainedShopsNet copy = TrainedShopsNet.Trained.Clone();
        copy.Train(Samples.Shops, new TrainingOptions { Epochs = 1 });
        copy.TrainStep(Samples.Shops, new Adam());

        Assert.NotEqual(TrainedShopsNet.Trained.Predict(Samples.Shops[1]), copy.Predict(Samples.Shops[1]));
        AssertIsItsFile(TrainedShopsNet.Trained, "shops");
    }

    [Fact]
    public void ManyThreads_PredictAndCopyAtOnce()
    {
        float[] expected = Sets.Predictions(TrainedClassesNet.Load(PathOf("classes")), Samples.Classes);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            TrainedClassesNet net = (i % 4) switch
            {
                0 => TrainedClassesNet.Trained.Clone(),
                1 => CopyOf(TrainedClassesNet.Trained),
                _ => TrainedClassesNet.Trained,
            };
            Assert.Equal(expected, Sets.Predictions(net, Samples.Classes));
        });
    }

    /// <summary>The file's bytes come back, whatever made them part of the assembly.</summary>
    private static void AssertIsItsFile<TNet>(TNet network, string name) where TNet : class, INetwork<TNet>
    {
        using MemoryStream saved = new();
        network.Save(saved);
        Assert.Equal(File.ReadAllBytes(PathOf(name)), saved.ToArray());
    }

    private static TrainedClassesNet CopyOf(TrainedClassesNet network)
    {
        TrainedClassesNet copy = new(1);
        copy.CopyFrom(network);
        return copy;
    }

    private static IEnumerable<Shop> Unread()
    {
        Assert.Fail("Rows were read.");
        yield break;
    }

    private static string PathOf(string name) => Path.Combine(Repository.Root, "tests", "Contract.Tests", "Trained", name + ".safetensors");
}
