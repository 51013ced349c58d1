namespace Contract.Tests.Records;

public sealed class WordRow
{
    [Category(Capacity = 4)] public string? Word { get; init; }

    [Target] public float Target { get; init; }
}

[Input<WordRow>]
[Dense(1)]
[Loss(MSE)]
public partial class WordNet;

public sealed class ShadeRow
{
    [Category] public Colour Colour { get; init; }

    [Target] public float Target { get; init; }
}

[Input<ShadeRow>]
[Dense(1)]
[Loss(MSE)]
public partial class ShadeNet;

/// <summary>So that the slot of unseen categories is trained, training takes some rows for unseen; nothing else does.</summary>
public class MaskingTests
{
    private static readonly WordRow[] Rows = [.. Enumerable.Range(0, 900).Select(i => new WordRow { Word = "abc"[i % 3].ToString(), Target = (i % 3) - 1 })];
    private static readonly TrainingOptions Options = new() { Epochs = 30, BatchSize = 30, Optimizer = new Sgd(0.1f), Seed = 6 };

    [Fact]
    public void UnseenCategories_LearnTheMean()
    {
        WordNet net = new(seed: 1);
        net.Train(Rows, Options);
        Assert.Equal(-1, net.Predict(Rows[0]), 0.1);
        Assert.Equal(1, net.Predict(Rows[2]), 0.1);
        Assert.Equal(0, net.Predict(new WordRow { Word = "never" }), 0.2);
        Assert.Equal(net.Predict(new WordRow { Word = "never" }), net.Predict(new WordRow()));
    }

    [Theory]
    [InlineData(Sampling.Shuffle)]
    [InlineData(Sampling.InOrder)]
    public void AboutOneRowInCapacity_IsMasked(Sampling sampling)
    {
        // A step of rate 1 from weights of 0 moves the weight of slot 0 by the mean of the masked rows' gradients.
        WordNet net = new(seed: 1);
        WordRow[] rows = [.. Enumerable.Range(0, 4000).Select(_ => new WordRow { Word = "a", Target = -0.5f })];
        net.Fit(rows);
        net.LoadParameters(new float[WordNet.ParameterCount]);
        net.Train(rows, new TrainingOptions { Steps = 1, BatchSize = rows.Length, Optimizer = new Sgd(1), Sampling = sampling });
        float[] parameters = new float[WordNet.ParameterCount];
        net.CopyParametersTo(parameters);
        Assert.InRange(-parameters[0], 0.22f, 0.28f);
        Assert.Equal(-1, parameters[0] + parameters[1], 1e-3);

        // The data set is as it was.
        Assert.DoesNotContain(1f, net.Encode(rows).Inputs.ToArray().Where((_, i) => i % WordNet.InputSize == 0));
    }

    [Fact]
    public void Masks_DependOnTheSeeds_AndNeverRepeat()
    {
        float[] first = Trained(new WordNet(seed: 1), Options with { Epochs = 2 });
        Assert.Equal(first, Trained(new WordNet(seed: 1), Options with { Epochs = 2, Threads = 2 }));
        Assert.NotEqual(first, Trained(new WordNet(seed: 1), Options with { Epochs = 2, Seed = 7, Sampling = Sampling.Shuffle }));
        WordNet twice = new(seed: 1);
        Trained(twice, Options with { Epochs = 1 });
        Assert.Equal(first, Trained(twice, Options with { Epochs = 1 }));
    }

    [Fact]
    public void SingleSteps_TakeRowsAsTheyAre_AndEnumsAreNeverMasked()
    {
        WordNet net = new(seed: 1);
        net.Fit(Rows);
        Dataset data = net.Encode(Rows);
        float[] before = new float[WordNet.ParameterCount];
        net.CopyParametersTo(before);
        float[] after = new float[WordNet.ParameterCount];
        net.TrainStep(data.Inputs, data.Targets, new Sgd(0.1f));
        net.CopyParametersTo(after);
        Assert.Equal(before[0], after[0]);
        net.ComputeGradients(data.Inputs, data.Targets, after);
        Assert.Equal(0, after[0]);

        // A run without masks is a loop of single steps.
        ShadeRow[] shades = [.. Enumerable.Range(0, 60).Select(i => new ShadeRow { Colour = (Colour)(i % 3), Target = i % 3 })];
        ShadeNet whole = new(seed: 1);
        whole.Train(shades, new TrainingOptions { Epochs = 1, BatchSize = 20, Optimizer = new Sgd(0.1f), Sampling = Sampling.InOrder });
        ShadeNet steps = new(seed: 1);
        steps.Fit(shades);
        Dataset encoded = steps.Encode(shades);
        for (int row = 0; row < 60; row += 20)
        {
            steps.TrainStep(encoded.Inputs.Slice(row * ShadeNet.InputSize, 20 * ShadeNet.InputSize), encoded.Targets.Slice(row, 20), new Sgd(0.1f));
        }

        Assert.Equal(whole.Predict(shades[0]), steps.Predict(shades[0]));
    }

    [Fact]
    public void Steps_AllocateNothing()
    {
        WordNet net = new(seed: 1);
        Counter counter = new();
        net.Train(Rows, Options with { Epochs = 3, Callbacks = [counter], Threads = 1 });
        Assert.Equal(0, counter.Least);
    }

    private static float[] Trained(WordNet net, TrainingOptions options)
    {
        net.Train(Rows, options);
        float[] parameters = new float[WordNet.ParameterCount];
        net.CopyParametersTo(parameters);
        return parameters;
    }

    /// <summary>The fewest bytes that a step allocated.</summary>
    private sealed class Counter : TrainingCallback
    {
        private long _last = -1;

        public long Least { get; private set; } = long.MaxValue;

        public override void OnStep(TrainingContext context, in StepResult result)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            Least = _last < 0 ? Least : Math.Min(Least, now - _last);
            _last = now;
        }
    }
}
