using Generator.Tests.Infrastructure;
using Mlp.Runtime.Tests;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>Whole trainings: networks of the samples learn what they should from data.</summary>
public class EndToEndTests(ITestOutputHelper output)
{
    private static readonly Lazy<System.Reflection.Assembly> Compiled = new(static () => GeneratorHarness.Run(Gallery.Source).Load());

    [Fact]
    public void LogisticRegression_CannotTellCirclesApart()
    {
        (double _, double accuracy) = MedianOfCircles("LogisticNet");
        Assert.InRange(accuracy, 0.35, 0.65);
    }

    [Fact]
    public void OneHiddenLayer_TellsCirclesApart()
    {
        (double loss, double accuracy) = MedianOfCircles("CirclesNet");
        Assert.InRange(loss, 0, 0.02);
        Assert.InRange(accuracy, 0.999, 1);
    }

    [Fact]
    public void TwoHiddenLayers_TellCirclesApartForSure()
    {
        (double loss, double accuracy) = MedianOfCircles("DeepCirclesNet");
        Assert.InRange(loss, 0, 3e-4);
        Assert.Equal(1, accuracy);
    }

    [SharedFact]
    public void Digits_AreReadFromStandardisedPixels()
    {
        Dataset digits = CsvData.LoadLabels(SharedFiles.PathOf("data", "digits.csv"), target: "digit");
        (Dataset train, Dataset test) = digits.Split(0.8, SplitBy.Class, seed: 1);
        Trainable net = new("DigitsNet", seed: 1);
        net.Train(train, new TrainingOptions { Epochs = 40, BatchSize = 32, Optimizer = new Adam(2e-3f), Seed = 1 });
        Evaluation evaluation = net.Evaluate(test);
        output.WriteLine($"digits: {evaluation}");
        Assert.InRange(evaluation.Accuracy!.Value, 0.97, 1);
    }

    [SharedFact]
    public void Mnist_IsLearnedToSomeExtentIn2000Steps()
    {
        Dataset train = IdxData.Load(SharedFiles.PathOf("mnist", "train-images-idx3-ubyte.gz"), SharedFiles.PathOf("mnist", "train-labels-idx1-ubyte.gz"));
        Dataset test = IdxData.Load(SharedFiles.PathOf("mnist", "t10k-images-idx3-ubyte.gz"), SharedFiles.PathOf("mnist", "t10k-labels-idx1-ubyte.gz"));
        Trainable net = new("MnistNet", seed: 1);
        net.Train(train, new TrainingOptions { Steps = 2000, BatchSize = 50, Optimizer = new Adam(1e-3f), Seed = 1 });
        Evaluation evaluation = net.Evaluate(test);
        output.WriteLine($"MNIST: {evaluation}");
        Assert.InRange(evaluation.Accuracy!.Value, 0.94, 1);
    }

    [Fact]
    public void WithoutShuffling_TrainIsALoopOfTrainingSteps()
    {
        Dataset data = SyntheticData.Circles(150, factor: 0.3, noise: 0.05, seed: 2);
        Trainable trained = new("CirclesNet", seed: 4);
        trained.Train(data, new TrainingOptions { Epochs = 2, BatchSize = 64, Optimizer = new Adam(), Shuffle = false });

        Trainable stepped = new("CirclesNet", seed: 4);
        Optimizer optimizer = new Adam();
        float[] targets = [.. data.Labels.ToArray().Select(static label => (float)label)];
        for (int start = 0; start < 300; start += start % 150 == 128 ? 22 : 64)
        {
            int row = start % 150;
            int rows = Math.Min(64, 150 - row);
            stepped.Net.TrainStep(data.Inputs.Slice(row * 2, rows * 2), targets.AsSpan(row, rows), optimizer);
        }

        Assert.Equal(stepped.Net.Parameters, trained.Net.Parameters);
    }

    /// <summary>Validation loss and accuracy after ten epochs, medians over five seeds.</summary>
    private (double Loss, double Accuracy) MedianOfCircles(string name)
    {
        List<(double Loss, double Accuracy)> results = [];
        for (int seed = 1; seed <= 5; seed++)
        {
            (Dataset train, Dataset validation) = SyntheticData.Circles(5000, factor: 0.3, noise: 0.05, seed: seed).Split(0.8, seed: seed);
            TrainingHistory history = new Trainable(name, seed).Train(
                train, new TrainingOptions { Epochs = 10, BatchSize = 32, Optimizer = new Adam(1e-3f), Validation = validation, Seed = seed });
            EpochResult last = history.Epochs[^1];
            results.Add((last.ValidationLoss!.Value, last.ValidationAccuracy!.Value));
        }

        (double, double) median = (results.Select(static result => result.Loss).Order().ElementAt(2), results.Select(static result => result.Accuracy).Order().ElementAt(2));
        output.WriteLine($"{name}: median loss and accuracy {median}");
        return median;
    }

    /// <summary>A network of the gallery with what trains it.</summary>
    private sealed class Trainable(string name, int seed)
    {
        public CompiledNetwork Net { get; } = new(Compiled.Value.GetType("Gallery." + name, throwOnError: true)!, seed);

        public TrainingHistory Train(Dataset data, TrainingOptions options) =>
            Net.Bind<Func<Dataset, TrainingOptions, CancellationToken, TrainingHistory>>("Train")(data, options, CancellationToken.None);

        public Evaluation Evaluate(Dataset data) => Net.Bind<Func<Dataset, Evaluation>>("Evaluate")(data);
    }
}
