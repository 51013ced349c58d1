namespace Contract.Tests.Records;

/// <summary>A data set of records knows the encoder that made it, so that no network takes inputs that mean something else to it.</summary>
public sealed class EncodedDataTests : IDisposable
{
    private static readonly TrainingOptions Short = new() { Epochs = 2, BatchSize = 32, Seed = 4 };

    private readonly string _folder = Directory.CreateTempSubdirectory("mlpgen-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DataOfAnotherEncoder_AreRefused_WhereAllNamesAgree(bool isMapped)
    {
        SurvivalNet net = Fitted(seed: 1);
        Dataset own = Kept(net.Encode(Passengers.Draw(200)), isMapped);
        Dataset other = Kept(Fitted(seed: 2).Encode(Passengers.Draw(200)), isMapped);
        Assert.Equal(own.InputNames, other.InputNames);

        AssertRefused(() => net.Train(other, Short));
        AssertRefused(() => net.Evaluate(other));
        AssertRefused(() => net.Report(other));
        AssertRefused(() => net.Train(own, Short with { Validation = other }));
        AssertRefused(() => net.Train(other.WithNames(own.InputNames).WithWeights(new float[200]).Select([3, 4]), Short));
        AssertRefused(() => new SurvivalNet(seed: 1).Train(own, Short with { Validation = other }));
        Assert.Equal(0, net.StepsTrained);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DataOfTheSameEncoder_AreTaken_WhicheverNetworkHasIt(bool isMapped)
    {
        SurvivalNet net = Fitted(seed: 1);
        Dataset data = Kept(net.Encode(Passengers.Draw(200)), isMapped);
        string file = Path.Combine(_folder, "net.safetensors");
        net.Save(file);

        foreach (SurvivalNet other in (SurvivalNet[])[net, Fitted(seed: 1), net.Clone(), SurvivalNet.Load(file)])
        {
            Assert.Equal(2, other.Train(data, Short with { Validation = data.Select([0, 1, 2]) }).Epochs.Count);
        }

        MarginNet margins = new(seed: 1);
        margins.Fit(Passengers.Draw(400, seed: 1));
        float[] targets = [.. data.Targets.ToArray().Select(static target => (2 * target) - 1)];
        Assert.Equal(data.Inputs, margins.Encode(Passengers.Draw(200)).Inputs);
        Assert.Equal(targets, margins.Encode(Passengers.Draw(200)).Targets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ANetworkThatIsNotFitted_TakesTheEncoderOfItsData(bool isMapped)
    {
        SurvivalNet fitted = Fitted(seed: 1);
        Dataset data = Kept(fitted.Encode(Passengers.Draw(200)), isMapped);
        fitted.Train(data, Short);
        SurvivalNet net = new(seed: 1);
        net.Train(data, Short);

        foreach (Passenger row in Passengers.Draw(20, seed: 5))
        {
            Assert.Equal(fitted.Predict(row), net.Predict(row));
            Assert.Equal(fitted.PredictLabel(row), net.PredictLabel(row));
        }

        Assert.Throws<InvalidOperationException>(() => net.Fit(Passengers.Draw(10)));
    }

    [Fact]
    public void ARunThatFailsBeforeItsFirstStep_TakesNoEncoder()
    {
        SurvivalNet net = new(seed: 1);
        Dataset data = Fitted(seed: 1).Encode(Passengers.Draw(200));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<TrainingCancelledException>(() => net.Train(data, Short, cancelled.Token));
        Assert.Throws<InvalidOperationException>(() => net.Encode(Passengers.Draw(10)));
        net.Fit(Passengers.Draw(10));
    }

    [Fact]
    public void DataOfAnotherRecord_AreRefused_NamingTheProperty()
    {
        FlowerNet flowers = new(seed: 1);
        FlowerRow[] rows = [.. Enumerable.Range(0, 30).Select(static i => new FlowerRow { Size = i, Soil = (Soil)(i % 3), Kind = (Flower)(i % 3) })];
        flowers.Fit(rows);
        Dataset data = flowers.Encode(rows);

        ScaledFlowerNet scaled = new(seed: 1);
        string message = Assert.Throws<ArgumentException>(() => scaled.Train(data, Short)).Message;
        Assert.StartsWith("The data set was made with other records: property Size differs: Scale is Standard there, and Robust here.", message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => scaled.Encode([]));
    }

    [Fact]
    public void ANetworkOfNumbers_TakesDataOfAnyEncoder()
    {
        Dataset data = Fitted(seed: 1).Encode(Passengers.Draw(200));
        EncodedPassengersNet plain = new(seed: 1);
        Assert.Equal(2, plain.Train(data, Short).Epochs.Count);
        Assert.Equal(2, plain.Train(Fitted(seed: 2).Encode(Passengers.Draw(200)), Short).Epochs.Count);
    }

    private static SurvivalNet Fitted(int seed)
    {
        SurvivalNet net = new(seed: 1);
        net.Fit(Passengers.Draw(400, seed));
        return net;
    }

    private static void AssertRefused(Action action)
    {
        string message = Assert.Throws<ArgumentException>(action).Message;
        Assert.Contains("differ in what was fitted to records", message, StringComparison.Ordinal);
        Assert.Contains("Encode the rows with the network that takes them", message, StringComparison.Ordinal);
    }

    private Dataset Kept(Dataset data, bool isMapped)
    {
        if (!isMapped)
        {
            return data;
        }

        string file = Path.Combine(_folder, $"{Guid.NewGuid():N}.mlp");
        data.Save(file);
        return Dataset.Open(file);
    }
}
