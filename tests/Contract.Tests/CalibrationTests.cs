namespace Contract.Tests;

/// <summary>Temperature scaling, folded into the last layer.</summary>
public class CalibrationTests
{
    private static readonly Dataset Binary = ReportTests.Labelled(400, 2, seed: 5);
    private static readonly Dataset Three = ReportTests.Labelled(400, 3, seed: 5);

    [Fact]
    public void Probabilities_FitTheDataBest_AndClassesStay()
    {
        AssertCalibrates<ClassesNet>(Three, static net => net.Calibrate(Three), static (net, input) => net.PredictClass(input));
        AssertCalibrates<NormalizedOutputsNet>(Three, static net => net.Calibrate(Three), static (net, input) => net.PredictClass(input));
        AssertCalibrates<ProbabilityNet>(Binary, static net => net.Calibrate(Binary), static (net, input) => net.PredictClass(input));
        AssertCalibrates<TagsNet>(
            ReportTests.Tags(), static net => net.Calibrate(ReportTests.Tags()), static (net, input) => net.Predict(input)[0] >= 0.5f ? 1 : 0);
    }

    /// <summary>So sure of itself that most probabilities are exactly 0 or 1, and logarithms of outputs tell nothing.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(0.05f)]
    public void ExtremeNetworks_AreCalibratedToo(float factor)
    {
        double moderate = Overconfident<ClassesNet>(Three, 1).Calibrate(Three);
        Assert.Equal(moderate * factor, Overconfident<ClassesNet>(Three, factor).Calibrate(Three), moderate * factor * 1e-4);
        moderate = Overconfident<ProbabilityNet>(Binary, 1).Calibrate(Binary);
        Assert.Equal(moderate * factor, Overconfident<ProbabilityNet>(Binary, factor).Calibrate(Binary), moderate * factor * 1e-4);
    }

    [Fact]
    public void ACalibratedNetwork_StaysAsItIs()
    {
        ClassesNet net = Overconfident<ClassesNet>(Three, 3);
        Assert.True(net.Calibrate(Three) > 1);
        Assert.Equal(1, net.Calibrate(Three), 1e-6);
    }

    [Fact]
    public void TheTemperature_IsBounded_WhereTheDataAreSeparated()
    {
        SlopeNet net = new(1);
        net.LoadParameters([1, 0]);
        Assert.Equal(0.01, net.Calibrate(Dataset.FromLabels([-2, -1, 1, 2], [0, 0, 1, 1], 1, 2)));
        net.LoadParameters([1, 0]);
        Assert.Equal(100, net.Calibrate(Dataset.FromLabels([-2, -1, 1, 2], [1, 1, 0, 0], 1, 2)));
    }

    [Fact]
    public void RowsCountByTheirWeights()
    {
        float[] weights = [.. Enumerable.Range(0, 400).Select(static row => (float)(row % 3))];
        int[] rows = [.. Enumerable.Range(0, 400).SelectMany(static row => Enumerable.Repeat(row, row % 3))];
        Dataset repeated = Dataset.FromLabels(
            [.. rows.SelectMany(static row => Three.Inputs.Slice(row * 3, 3).ToArray())], [.. rows.Select(static row => Three.Labels[row])], 3, 3);
        Assert.Equal(
            Overconfident<ClassesNet>(Three, 4).Calibrate(repeated), Overconfident<ClassesNet>(Three, 4).Calibrate(Three.WithWeights(weights)), 1e-9);
    }

    [Fact]
    public void ClassWeights_HaveNoPartInIt()
    {
        Dataset data = Dataset.FromLabels(
            [.. Enumerable.Range(0, 100).Select(static i => i % 2 * 1f)], [.. Enumerable.Range(0, 100).Select(static i => i % 10 < 5 ? i % 2 : 0)], 1, 2);
        RareNet rare = new(1);
        PlainRareNet plain = new(1);
        float[] parameters = [0.5f, -3, 1, 0.25f];
        rare.LoadParameters(parameters);
        plain.LoadParameters(parameters);
        Assert.Equal(plain.Calibrate(data), rare.Calibrate(data));
    }

    [Fact]
    public void TheThreshold_MovesAlong()
    {
        ProbabilityNet net = Overconfident<ProbabilityNet>(Binary, 8);
        net.Threshold = 0.9;
        int[] before = Classes(net);
        double temperature = net.Calibrate(Binary);
        Assert.Equal(1 / (1 + Math.Exp(-Math.Log(9) / temperature)), net.Threshold, 1e-12);
        Assert.Equal(before, Classes(net));

        static int[] Classes(ProbabilityNet net) => [.. Enumerable.Range(0, Binary.Count).Select(row => net.PredictClass(Binary.Inputs.Slice(row * 3, 3)))];
    }

    [Fact]
    public void TheOptimizersState_IsDropped_AndCountersStay()
    {
        ClassesNet net = ReportTests.Trained<ClassesNet>(Three);
        long steps = net.StepsTrained;
        net.Calibrate(Three);
        Assert.Equal(steps, net.StepsTrained);

        ClassesNet fresh = net.Clone();
        net.TrainStep(Three.Inputs[..3], [1, 0, 0], new Adam(0.01f));
        fresh.TrainStep(Three.Inputs[..3], [1, 0, 0], new Adam(0.01f));
        Assert.Equal(Sets.Predictions(fresh, Three), Sets.Predictions(net, Three));
    }

    [Fact]
    public void DuringTraining_ItIsRefused_AndOthersMayPredictMeanwhile()
    {
        ProbabilityNet net = ReportTests.Trained<ProbabilityNet>(Binary);
        string? message = null;
        net.Train(Binary, new TrainingOptions
        {
            Steps = 1,
            Progress = new Callback(() => message = Assert.Throws<InvalidOperationException>(() => net.Calibrate(Binary)).Message),
        });
        Assert.Contains("Train runs", message);

        // What others see are the weights from before or after, never those with which pre-activations are found.
        ProbabilityNet sure = Overconfident<ProbabilityNet>(Binary, 8);
        float[] input = Binary.Inputs[..3].ToArray();
        float before = sure.Predict(input);
        List<float> seen = [];
        using ManualResetEventSlim started = new();
        bool isDone = false;
        Thread reader = new(() =>
        {
            started.Set();
            while (!Volatile.Read(ref isDone))
            {
                seen.Add(sure.Predict(input));
            }
        });
        reader.Start();
        started.Wait();
        sure.Calibrate(Binary);
        Volatile.Write(ref isDone, true);
        reader.Join();
        float after = sure.Predict(input);
        Assert.All(seen, value => Assert.InRange(value, Math.Min(before, after) - 0.2f, Math.Max(before, after) + 0.2f));
    }

    [Fact]
    public void InputsThatAreNaN_ChangeNothing()
    {
        ProbabilityNet net = ReportTests.Trained<ProbabilityNet>(Binary);
        float[] before = Sets.Parameters(net);
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            () => net.Calibrate(Dataset.FromLabels([0, 0, 0, 0, float.NaN, 0], [0, 1], 3, 2)));
        Assert.Equal(1, error.Row);
        Assert.Equal(before, Sets.Parameters(net));
        Assert.Throws<ArgumentException>(() => net.Calibrate(Three));
    }

    private static void AssertCalibrates<TNet>(Dataset data, Func<TNet, double> calibrate, Func<TNet, float[], int> classOf) where TNet : class, INetwork<TNet>
    {
        // The same network eight times as sure of itself: its own outputs have lost the digits that tell its pre-activations.
        TNet moderate = Overconfident<TNet>(data, 1);
        TNet net = Overconfident<TNet>(data, 8);
        int[] classes = Classes();
        double temperature = calibrate(net);

        Assert.True(temperature > 1);
        Assert.Equal(classes, Classes());
        double least = LogLoss(moderate, data, 8 / temperature);
        Assert.Equal(least, LogLoss(net, data, 1), 1e-6);
        Assert.All(
            [0.999, 1.001, 0.9, 1.1],
            factor => Assert.True(least <= LogLoss(moderate, data, factor * 8 / temperature), $"{typeof(TNet).Name} {factor}"));

        int[] Classes() => [.. Enumerable.Range(0, data.Count).Select(row => classOf(net, data.Inputs.Slice(row * 3, 3).ToArray()))];
    }

    /// <summary>The mean log loss of a network with scaled pre-activations, in double precision.</summary>
    private static double LogLoss<TNet>(TNet net, Dataset data, double factor) where TNet : class, INetwork<TNet>
    {
        float[] outputs = Sets.Predictions(net, data);
        int width = TNet.OutputSize;
        double sum = 0;
        for (int row = 0; row < data.Count; row++)
        {
            if (net is ClassesNet or NormalizedOutputsNet)
            {
                double[] scaled = [.. outputs.Skip(row * width).Take(width).Select(p => Math.Exp(factor * Math.Log(Math.Max(p, float.Epsilon))))];
                sum -= Math.Log(scaled[data.Labels[row]] / scaled.Sum());
                continue;
            }

            for (int output = 0; output < width; output++)
            {
                double p = Math.Clamp(outputs[(row * width) + output], 1e-9, 1 - 1e-9);
                double z = factor * Math.Log(p / (1 - p));
                double target = data.ClassCount > 0 ? data.Labels[row] : data.Targets[(row * width) + output];
                sum += (Math.Log(1 + Math.Exp(-Math.Abs(z))) + Math.Max(z, 0) - (target * z)) / width;
            }
        }

        return sum / data.Count;
    }

    /// <summary>A trained network whose last pre-activations are multiplied.</summary>
    private static TNet Overconfident<TNet>(Dataset data, float factor) where TNet : class, INetwork<TNet>
    {
        TNet net = ReportTests.Trained<TNet>(data, epochs: 5);
        DenseLayer last = net switch
        {
            ClassesNet classes => classes.Layer2,
            ProbabilityNet probability => probability.Layer2,
            NormalizedOutputsNet normalized => normalized.Layer2,
            TagsNet tags => tags.Layer2,
            _ => throw new ArgumentException(typeof(TNet).Name),
        };
        for (int output = 0; output < TNet.OutputSize; output++)
        {
            if (net is NormalizedOutputsNet)
            {
                last.Gains[output] *= factor;
                last.Shifts[output] *= factor;
                continue;
            }

            for (int input = 0; input < 8; input++)
            {
                last.Weights[input, output] *= factor;
            }

            last.Biases[output] *= factor;
        }

        return net;
    }

    private sealed class Callback(Action action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action();
    }
}

[Input(3)]
[Dense(8, Relu)]
[Dense(3, Softmax, Normalization = Normalization.Batch)]
[Loss(CrossEntropy)]
public partial class NormalizedOutputsNet;

/// <summary><see cref="RareNet"/> without its class weights.</summary>
[Input(1)]
[Dense(2, Softmax)]
[Loss(CrossEntropy)]
public partial class PlainRareNet;
