namespace Contract.Tests.Records;

/// <summary>What is fitted is part of the network: copied, saved and loaded with it, and compared with the declaration.</summary>
public sealed class RecordFileTests : IDisposable
{
    private static readonly Everything[] Rows = EverythingNet.Rows(200);
    private static readonly TrainingOptions Short = new() { Epochs = 2, BatchSize = 16, Optimizer = new Adam(0.01f), Seed = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("de")]
    [InlineData("fa")]
    [InlineData("tr")]
    public void AFile_HasTheEncoder_WhateverTheCulture(string culture)
    {
        EverythingNet net = new(seed: 1);
        net.Train(Rows, Short);
        using MemoryStream file = new();
        using (new Culture(culture))
        {
            net.Save(file);
        }

        file.Position = 0;
        EverythingNet loaded = EverythingNet.Load(file);
        AssertSame(net, loaded);
        Assert.Throws<InvalidOperationException>(() => loaded.Fit(Rows));
        using (new Culture(culture))
        {
            file.Position = 0;
            AssertSame(net, EverythingNet.Load(file));
        }
    }

    [Fact]
    public void CloneAndCopyFrom_TakeTheEncoder()
    {
        EverythingNet net = new(seed: 1);
        net.Train(Rows, Short);
        AssertSame(net, net.Clone());
        EverythingNet other = new(seed: 2);
        other.Fit(Rows[..20]);
        other.CopyFrom(net);
        AssertSame(net, other);
    }

    [Fact]
    public void ANetworkThatIsNotFitted_IsNotFittedInItsFile()
    {
        using MemoryStream file = new();
        new EverythingNet(seed: 1).Save(file);
        file.Position = 0;
        EverythingNet loaded = EverythingNet.Load(file);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => loaded.Predict(Rows[0])).Message);
        loaded.Fit(Rows);
    }

    [Fact]
    public void ARunOnRecords_IsResumedToTheBit()
    {
        string folder = Path.Combine(_folder, "run");
        EverythingNet whole = new(seed: 1);
        whole.Train(Rows, Short with { Epochs = 4 });
        using CancellationTokenSource source = new();
        EverythingNet stopped = new(seed: 1);
        Assert.Throws<TrainingCancelledException>(
            () => stopped.Train(Rows, Short with { Epochs = 4, Checkpoints = new Checkpoints(folder), Callbacks = [new Canceller(source, step: 19)] }, source.Token));

        EverythingNet resumed = new(seed: 1);
        resumed.Train(Rows, Short with { Epochs = 4, Checkpoints = new Checkpoints(folder) });
        AssertSame(whole, resumed);

        // With other rows it is another run, and the network stays as it was.
        EverythingNet other = new(seed: 1);
        Assert.Throws<ArgumentException>(() => other.Train(Rows[1..], Short with { Epochs = 4, Checkpoints = new Checkpoints(folder) }));
        Assert.Throws<InvalidOperationException>(() => other.Predict(Rows[0]));
    }

    [Fact]
    public void AnEnumInAnotherOrder_MeansTheSame()
    {
        FlowerNet net = new(seed: 1);
        FlowerRow[] rows = [.. Enumerable.Range(0, 90).Select(i => new FlowerRow { Soil = (Soil)(i % 3), Size = i % 3, Kind = (Flower)(i % 3) })];
        net.Train(rows, Short with { Epochs = 60 });
        Assert.Equal(["Rose", "Tulip", "Lily"], rows[..3].Select(net.PredictLabel));
        ReorderedFlowerNet loaded = ReorderedFlowerNet.Load(Saved(net));

        Assert.Equal(net.ClassNames, loaded.ClassNames);
        Assert.Equal(net.InputNames, loaded.InputNames);
        FlowerRow<ReorderedSoil, ReorderedFlower>[] same = [.. rows.Select(row => new FlowerRow<ReorderedSoil, ReorderedFlower>
        {
            Soil = Enum.Parse<ReorderedSoil>(row.Soil.ToString()),
            Size = row.Size,
            Kind = Enum.Parse<ReorderedFlower>(row.Kind.ToString()),
        })];
        Assert.Equal(net.Encode(rows).Inputs, loaded.Encode(same).Inputs);
        Assert.Equal(net.Encode(rows).Labels, loaded.Encode(same).Labels);
        Assert.Equal(rows.Select(net.PredictLabel), same.Select(loaded.PredictLabel));
        Assert.Equal(net.Evaluate(rows).Loss, loaded.Evaluate(same).Loss);

        // Saved again, it is still the first one's.
        FlowerNet back = FlowerNet.Load(Saved(loaded));
        Assert.Equal(rows.Select(net.PredictLabel), rows.Select(back.PredictLabel));
    }

    [Fact]
    public void OtherDeclarations_AreRefused_NamingTheProperty()
    {
        FlowerNet net = new(seed: 1);
        net.Fit([new FlowerRow { Size = 1 }, new FlowerRow { Size = 2 }]);
        string path = Saved(net);
        AssertRefused("property Soil differs: 'Sand' is a member of the enum here, and none there", () => MoreFlowerNet.Load(path));
        AssertRefused("property Size differs: Scale is Standard there, and Robust here", () => ScaledFlowerNet.Load(path));
        AssertRefused("property Size differs: Inputs is 1 there, and 4 here", () => BinnedFlowerNet.Load(path));
        AssertRefused("property Weight is a column of this record, and none there", () => LongerFlowerNet.Load(path));
        AssertRefused("property Size is a column there, and none of this record", () => ShorterFlowerNet.Load(path));
        AssertRefused("property Size is in another place among the columns there, 'Soil', 'Kind', 'Size'", () => TurnedFlowerNet.Load(path));
        AssertRefused("and this network takes numbers", () => PlainFlowerNet.Load(path));
        AssertRefused("has no encoder of records", () => FlowerNet.Load(Saved(new PlainFlowerNet(seed: 1))));

        BloomNet bloom = new(seed: 1);
        bloom.Fit([new(1, true), new(2, false)]);
        AssertRefused("property Blooms differs: it is a bool there, and a number here", () => BloomShareNet.Load(Saved(bloom)));
        BloomShareNet share = new(seed: 1);
        share.Fit([new(1, 0.2f), new(2, 0.8f)]);
        AssertRefused("property Blooms differs: it is a number there, and a bool here", () => BloomNet.Load(Saved(share)));

        void AssertRefused(string problem, Action load)
        {
            string message = Assert.Throws<InvalidDataException>(load).Message;
            Assert.Contains(problem, message);
            Assert.StartsWith(_folder, message);
        }
    }

    [Fact]
    public void WithoutStatistics_AFileLoadsWithoutItsEncoder()
    {
        FlowerNet net = new(seed: 1);
        FlowerRow[] rows = [new() { Size = 1 }, new() { Size = 2, Kind = Flower.Lily }];
        net.Train(rows, Short);
        FlowerNet loaded = FlowerNet.Load(Saved(net), new LoadOptions { WithoutStatistics = true }, out _);
        Assert.Equal(Parameters(net), Parameters(loaded));
        Assert.Throws<InvalidOperationException>(() => loaded.Predict(rows[0]));
        loaded.Fit(rows);
        Assert.Equal(net.Predict(rows[0]), loaded.Predict(rows[0]));
        Assert.Equal(Parameters(net), Parameters(FlowerNet.Load(Saved(PlainFlowerNet.Load(Saved(net), new LoadOptions { WithoutStatistics = true }, out _)), new LoadOptions { WithoutStatistics = true }, out _)));

        static float[] Parameters(FlowerNet net)
        {
            float[] parameters = new float[FlowerNet.ParameterCount];
            net.CopyParametersTo(parameters);
            return parameters;
        }
    }

    [Fact]
    public void LongCategories_AreSavedAndLoaded()
    {
        TextNet net = new(seed: 1);
        TextRow[] rows = [.. Enumerable.Range(0, 300).Select(i => new TextRow { Word = new string((char)('ａ' + (i % 26)), 300) + i, Kind = $"kind \"{i % 3}\" 😀" })];
        net.Fit(rows);
        TextNet loaded = TextNet.Load(Saved(net));
        Assert.Equal(net.Encode(rows).Inputs, loaded.Encode(rows).Inputs);
        Assert.Equal(["kind \"0\" 😀", "kind \"1\" 😀", "kind \"2\" 😀"], loaded.ClassNames);
        Assert.Contains("half a surrogate pair", Assert.Throws<ArgumentException>(() => new TextNet(1).Fit([new TextRow { Word = "\ud800", Kind = "a" }])).Message);
        Assert.Contains(
            "Kind has 2 classes in these rows, 'a', 'b'; the network has 3 outputs",
            Assert.Throws<ArgumentException>(() => new TextNet(1).Fit([new TextRow { Kind = "b" }, new TextRow { Kind = "a" }])).Message);
        Assert.Contains(
            "Row 0: Kind is 'other', which is none of the classes that were fitted",
            Assert.Throws<ArgumentException>(() => net.Evaluate([new TextRow { Kind = "other" }])).Message);
    }

    private static void AssertSame(EverythingNet expected, EverythingNet found)
    {
        Assert.Equal(expected.InputNames, found.InputNames);
        Dataset data = expected.Encode(Rows);
        Dataset same = found.Encode(Rows);
        Assert.Equal(data.Inputs, same.Inputs);
        Assert.Equal(Rows.Select(row => expected.Predict(row)[1]), Rows.Select(row => found.Predict(row)[1]));
    }

    private string Saved<TNet>(TNet net) where TNet : class, INetwork<TNet>
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        using FileStream file = File.Create(path);
        net.Save(file);
        return path;
    }

    private sealed class Canceller(CancellationTokenSource source, int step) : TrainingCallback
    {
        public override void OnStep(TrainingContext context, in StepResult result)
        {
            if (result.Step == step)
            {
                source.Cancel();
            }
        }
    }
}
