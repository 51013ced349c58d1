namespace Contract.Tests;

[Input(2, Gradients = true)]
[Dense(4, Tanh)]
[Dense(2)]
[Loss(MSE, StandardizeTargets = true)]
public partial class SlopesNet;

/// <summary>Statistics of inputs and targets are learned once, and belong to the network.</summary>
public class StatisticsTests
{
    [Fact]
    public void BeforeTheyAreLearned_StepsAndGradientsSayHowToLearnThem()
    {
        InputsNet inputs = new(1);
        TargetsNet targets = new(1);
        float[] gradients = new float[Math.Max(InputsNet.ParameterCount, TargetsNet.ParameterCount)];
        Action[] calls =
        [
            () => inputs.TrainStep([1f], [1f], new Adam()),
            () => inputs.ComputeGradients([1f], [1f], gradients.AsSpan(0, InputsNet.ParameterCount)),
            () => targets.TrainStep([1f, 2f], [1f, 2f], new Adam()),
            () => targets.ComputeGradients([1f, 2f], [1f, 2f], gradients.AsSpan(0, TargetsNet.ParameterCount)),
        ];

        Assert.All(calls, static call => Assert.Contains("LearnInputStatistics", Assert.Throws<InvalidOperationException>(call).Message));
        inputs.Predict([1f]);
        inputs.Evaluate(Sets.Smooth(4, 1));
    }

    [Fact]
    public void ALoopOfSteps_LearnsWhatTrainLearns()
    {
        float[] x = [.. Enumerable.Range(0, 200).Select(static i => 1e4f + (5 * i))];
        float[] y = [.. x.Select(static value => MathF.Sin((value - 1e4f) / 200))];
        Dataset data = Dataset.FromTargets(x, y, 1, 1);
        InputsNet stepped = new(1);
        InputsNet trained = new(1);
        Adam adam = new(1e-2f);

        stepped.LearnInputStatistics(data);
        for (int i = 0; i < 50; i++)
        {
            stepped.TrainStep(x, y, adam);
        }

        trained.Train(data, new TrainingOptions { Epochs = 50, BatchSize = 200, Shuffle = false, Optimizer = adam });
        Assert.Equal(Sets.Parameters(trained), Sets.Parameters(stepped));
    }

    [Fact]
    public void LaterRuns_KeepThem_UnlessToldOtherwise()
    {
        InputsNet net = new(1);
        Dataset first = Sets.Smooth(50, 1);
        Dataset second = Dataset.FromTargets([.. first.Inputs.ToArray().Select(static x => (10 * x) + 7)], first.Targets.ToArray(), 1, 1);
        TrainingOptions still = new() { Epochs = 1, Optimizer = new Sgd(0) };
        net.Train(first, new TrainingOptions { Epochs = 5 });
        float before = net.Predict([0.5f]);

        net.Train(second, still);
        Assert.Equal(before, net.Predict([0.5f]));

        net.Train(second, new TrainingOptions { Epochs = 1, Optimizer = new Sgd(0), InputStatistics = InputStatistics.Relearn });
        Assert.NotEqual(before, net.Predict([0.5f]));
        Assert.Equal(before, net.Predict([(10 * 0.5f) + 7]), 1e-4f);

        net.LearnInputStatistics(first);
        Assert.Equal(before, net.Predict([0.5f]));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new TrainingOptions { InputStatistics = (InputStatistics)2 });
    }

    [Fact]
    public void LaterRuns_KeepThoseOfTargets_UnlessToldOtherwise()
    {
        Dataset first = Sets.Smooth(50, 2, 2);
        Dataset second = Dataset.FromTargets(first.Inputs.ToArray(), [.. first.Targets.ToArray().Select(static y => (10 * y) + 7)], 2, 2);
        TargetsNet net = new(1);
        float[] parameters = new float[TargetsNet.ParameterCount], after = new float[TargetsNet.ParameterCount];
        net.Train(first);
        net.CopyParametersTo(parameters);
        float before = net.Predict([0.5f, 0.5f])[0];

        net.Train(second, new TrainingOptions { Epochs = 1, Optimizer = new Sgd(0) });
        Assert.Equal(before, net.Predict([0.5f, 0.5f])[0]);

        net.Train(second, new TrainingOptions { Epochs = 1, Optimizer = new Sgd(0), InputStatistics = InputStatistics.Relearn });
        Assert.Equal((10 * before) + 7, net.Predict([0.5f, 0.5f])[0], 1e-3f);

        net.LearnInputStatistics(first);
        Assert.Equal(before, net.Predict([0.5f, 0.5f])[0]);
        net.CopyParametersTo(after);
        Assert.Equal(parameters, after);
    }

    [Theory]
    [InlineData(typeof(InputsNet), true)]
    [InlineData(typeof(HuberNet), true)]
    [InlineData(typeof(FullNet), true)]
    [InlineData(typeof(AnswersNet), true)]
    [InlineData(typeof(ClassesNet), false)]
    public void LearnInputStatistics_IsThereWhereThereIsSomethingToLearn(Type network, bool isThere) =>
        Assert.Equal(isThere, network.GetMethod("LearnInputStatistics") is not null);

    [Fact]
    public void Derivatives_AreInTheUnitsOfTheirOwnOutputs()
    {
        SlopesNet net = new(1);
        net.LearnInputStatistics(Dataset.FromTargets([1, 2, 3, 4], [10, 1000, 20, 5000], 2, 2));
        float[] jacobians = new float[8];
        net.InputGradients([0.5f, -0.25f, 1, 2], jacobians);
        for (int row = 0; row < 2; row++)
        {
            float[] inputs = row == 0 ? [0.5f, -0.25f] : [1, 2];
            for (int i = 0; i < 2; i++)
            {
                const float Step = 1e-2f;
                float[] above = net.Predict([.. inputs.Select((x, column) => column == i ? x + Step : x)]);
                float[] below = net.Predict([.. inputs.Select((x, column) => column == i ? x - Step : x)]);
                for (int o = 0; o < 2; o++)
                {
                    double slope = ((double)above[o] - below[o]) / (2 * Step);
                    Assert.Equal(slope, jacobians[(row * 4) + (o * 2) + i], 2e-2 * Math.Max(Math.Abs(slope), o == 0 ? 1 : 100));
                }
            }
        }
    }

    [Fact]
    public void TargetsThatAreAllEqual_KeepTheirUnit()
    {
        SlopesNet net = new(1);
        net.LearnInputStatistics(Dataset.FromTargets([1, 2, 3, 4], [10, 7, 20, 7], 2, 2));

        Assert.True(float.IsFinite(net.TrainStep([1, 2], [10, 7], new Sgd(0.1f))));
        Assert.Equal(7, net.Predict([1, 2])[1], 10f);
    }

    [Fact]
    public void RowsCountByTheirWeights()
    {
        float[] x = [1, 2, 3, 1000];
        float[] y = [1, 2, 3, 4];
        InputsNet weighted = new(1);
        InputsNet repeated = new(1);
        weighted.LearnInputStatistics(Dataset.FromTargets(x, y, 1, 1).WithWeights([2, 1, 1, 0]));
        repeated.LearnInputStatistics(Dataset.FromTargets([1, 1, 2, 3], [1, 1, 2, 3], 1, 1));
        Assert.Equal(repeated.Predict([2f]), weighted.Predict([2f]));

        Assert.Contains("weight", Assert.Throws<ArgumentException>(
            () => weighted.LearnInputStatistics(Dataset.FromTargets(x, y, 1, 1).WithWeights(new float[4]))).Message);
    }

    [Fact]
    public void AValueThatIsNotFinite_IsNamed_AndNothingIsLearned()
    {
        PricesNet net = new(1);
        string message = Refusal([1, 2, 3, float.NaN], [1, 2]);
        Assert.Contains("statistics were not learned", message);
        Assert.Contains("input row 1, column 1 of the data set, counted from 0, is NaN", message);
        Assert.Contains("target row 0, column 0", Refusal([1, 2, 3, 4], [float.PositiveInfinity, 2]));
        Assert.Throws<InvalidOperationException>(() => net.TrainStep([1, 2], [1], new Adam()));

        string Refusal(float[] inputs, float[] targets)
        {
            NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
                () => net.LearnInputStatistics(Dataset.FromTargets(inputs, targets, 2, 1)));
            Assert.Null(error.Epoch);
            return error.Message;
        }
    }

    [Fact]
    public void TargetsByAMillion_ChangeNothingThatMatters()
    {
        Dataset data = Sets.Smooth(300, 2, 2);
        Dataset large = Dataset.FromTargets(data.Inputs.ToArray(), [.. data.Targets.ToArray().Select(static t => t * 1e6f)], 2, 2);
        TrainingOptions options = new() { Epochs = 60, BatchSize = 32, Optimizer = new Adam(1e-2f) };
        TargetsNet net = new(1);
        TargetsNet other = new(1);

        TrainingHistory history = net.Train(data, options);
        other.Train(large, options);

        double r2 = Sets.R2(net, data);
        Assert.True(r2 > 0.9, $"R² is {r2}.");
        Assert.Equal(r2, Sets.R2(other, large), 1e-3);

        // Evaluations are in the data's units, what training reports in units of the deviation.
        double variance = Variance(data, 0) / Variance(data, 1);
        Assert.Equal(MeanSquare(net, data), net.Evaluate(data).Loss, 1e-6);
        Assert.Equal(1e12, other.Evaluate(large).Loss / net.Evaluate(data).Loss, 1e11);
        Assert.InRange(history.Epochs[0].Loss, 0.01, 3);
        Assert.True(variance > 0);
    }

    [Fact]
    public void EvaluationsOfScaledTargets_AreThePlainFormulas()
    {
        Dataset data = Dataset.FromTargets([0, 1, 2, 3], [250, 100, 300, 50], 1, 1);
        TrainingOptions options = new() { Epochs = 2, Validation = data };
        AssertLoss(new HuberNet(1), static error => error <= 0.5 ? error * error / 2 : 0.5 * (error - 0.25));
        AssertLoss(new MaeNet(1), static error => error);
        AssertLoss(new LogCoshNet(1), static error => error + Math.Log((1 + Math.Exp(-2 * error)) / 2));

        void AssertLoss<TNet>(TNet net, Func<double, double> loss) where TNet : class, INetwork<TNet>
        {
            TrainingHistory history = net.Train(data, options);
            float[] predictions = Sets.Predictions(net, data);
            double expected = predictions.Zip(data.Targets.ToArray(), (y, t) => loss(Math.Abs((double)y - t))).Average();
            Assert.Equal(expected, net.Evaluate(data).Loss, 1e-4 * expected);
            Assert.InRange(history.Epochs[^1].ValidationLoss!.Value, 0, 5);
        }
    }

    [Theory]
    [InlineData(1e-25f)]
    [InlineData(1e25f)]
    public void EvaluationsOfTargetsOfAnySize_AreNeitherInfiniteNorNothing(float unit)
    {
        Dataset data = Sets.Smooth(50, 2, 2);
        TargetsNet net = new(1);
        TargetsNet scaled = new(1);
        TrainingOptions options = new() { Epochs = 5 };
        net.Train(data, options);
        Dataset inUnits = Dataset.FromTargets(data.Inputs.ToArray(), [.. data.Targets.ToArray().Select(target => target * unit)], 2, 2);
        scaled.Train(inUnits, options);
        Assert.Equal(1, scaled.Evaluate(inUnits).Loss / net.Evaluate(data).Loss / unit / unit, 1e-3);
    }

    [Fact]
    public void GradientsOfScaledTargets_AreThoseOfTheScaledLoss()
    {
        Dataset data = Sets.Smooth(20, 2, 2);
        TargetsNet net = new(1);
        net.LearnInputStatistics(data);
        float[] gradients = new float[TargetsNet.ParameterCount];
        float[] parameters = new float[TargetsNet.ParameterCount];
        net.CopyParametersTo(parameters);
        net.ComputeGradients(data.Inputs, data.Targets, gradients);

        for (int i = 0; i < parameters.Length; i += 7)
        {
            const float Step = 1e-2f;
            float value = parameters[i];
            parameters[i] = value + Step;
            net.LoadParameters(parameters);
            float up = net.ComputeGradients(data.Inputs, data.Targets, new float[parameters.Length]);
            parameters[i] = value - Step;
            net.LoadParameters(parameters);
            float down = net.ComputeGradients(data.Inputs, data.Targets, new float[parameters.Length]);
            parameters[i] = value;
            Assert.Equal((up - down) / (2 * Step), gradients[i], 2e-3f);
        }
    }

    private static double MeanSquare(TargetsNet net, Dataset data) =>
        Sets.Predictions(net, data).Zip(data.Targets.ToArray(), static (y, t) => ((double)y - t) * ((double)y - t)).Average();

    private static double Variance(Dataset data, int column)
    {
        double[] values = [.. data.Targets.ToArray().Where((_, i) => i % data.TargetSize == column).Select(static t => (double)t)];
        double mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
