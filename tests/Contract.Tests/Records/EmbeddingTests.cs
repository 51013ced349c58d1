using Mlp.Testing;

namespace Contract.Tests.Records;

/// <summary>Learned vectors that stand for categories.</summary>
public sealed class EmbeddingTests : IDisposable
{
    private static readonly Trip[] Rows = Trips.Draw(400);
    private static readonly TrainingOptions Short = new() { Epochs = 2, BatchSize = 32, Optimizer = new Adam(0.01f), Seed = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("embeddings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ACategory_IsOneInput_ItsRow()
    {
        TripNet net = Fitted();
        Assert.Equal(3, TripNet.InputSize);
        Assert.Equal((6 * 3) + (4 * 2) + (7 * 300) + 301, TripNet.ParameterCount);
        Assert.Equal((6, 3, 4, 2), (net.Port.Rows, net.Port.Length, net.Season.Rows, net.Season.Length));
        Assert.Equal(["Port", "Distance", "Season"], net.InputNames);

        // By how often they were seen; unseen and missing ones are row 0, a season that is missing the last.
        Assert.Equal((1, 2), Encoded(net, "Oslo", Season.Summer));
        Assert.Equal((2, 0), Encoded(net, "Turku", Season.Winter));
        Assert.Equal((0, 3), Encoded(net, "Riga", null));
        Assert.Equal((0, 1), Encoded(net, null, Season.Spring));
        Assert.Equal([null, "Oslo", "Turku", "Gdynia", null, null], net.Port.Categories);
        Assert.Equal(["Winter", "Spring", "Summer", null], net.Season.Categories);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => new TripNet().Port.Categories).Message);

        static (float Port, float Season) Encoded(TripNet net, string? port, Season? season)
        {
            float[] inputs = new float[3];
            net.Encode(new Trip { Port = port, Season = season }, inputs);
            return (inputs[0], inputs[2]);
        }
    }

    [Fact]
    public void Tables_ComeFirstInParameterOrder_AndAreWrittenInPlace()
    {
        TripNet net = Fitted();
        net.Port[5, 2] = 17;
        net.Season[0, 1] = -4;
        float[] parameters = Parameters(net);
        Assert.Equal(17, parameters[(5 * 3) + 2]);
        Assert.Equal(-4, parameters[18 + 1]);
        Assert.Equal(net.Layer1.Weights[0, 0], parameters[26]);
        parameters[3] = 0.5f;
        parameters[25] = 0.25f;
        net.LoadParameters(parameters);
        Assert.Equal((0.5f, 0.25f), (net.Port[1, 0], net.Season[3, 1]));

        Assert.Contains("less than 6", Assert.Throws<ArgumentOutOfRangeException>(() => net.Port[6, 0]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Port[-1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Port[0, 3]);
    }

    [Fact]
    public void TheirGradients_AreTheSame_WhetherThoseOfInputsAreDeclaredOrNot()
    {
        AssertSteps<TripNet, PlainTripNet>();
        AssertSteps<TripEnsemble, PlainTripEnsemble>();

        static void AssertSteps<TNet, TPlain>()
            where TNet : class, INetwork<TNet, Trip>
            where TPlain : class, INetwork<TPlain, Trip>
        {
            TNet net = TNet.Create(1);
            TPlain plain = TPlain.Create(1);
            net.Train(Rows, Short);
            plain.Train(Rows, Short);
            Assert.Equal(net.Evaluate(Rows), plain.Evaluate(Rows));
        }
    }

    [Fact]
    public void TheirValues_HaveADeviationOfOneOverTheRootOfTheLength()
    {
        LongTableNet net = new(seed: 1), same = new(seed: 1), other = new(seed: 2);
        double sum = 0, squares = 0;
        for (int row = 0; row < net.Product.Rows; row++)
        {
            for (int i = 0; i < net.Product.Length; i++)
            {
                sum += net.Product[row, i];
                squares += net.Product[row, i] * (double)net.Product[row, i];
            }
        }

        Assert.Equal(0, sum / 160_000, 0.003);
        Assert.Equal(0.25, Math.Sqrt(squares / 160_000), 0.002);
        Assert.Equal(net.Product[9999, 15], same.Product[9999, 15]);
        Assert.NotEqual(net.Product[9999, 15], other.Product[9999, 15]);
        Assert.NotEqual(new TripNet(1).Port[0, 0] * MathF.Sqrt(3), new TripNet(1).Season[0, 0] * MathF.Sqrt(2), 1e-6f);
    }

    [Fact]
    public void ANetwork_SeesTheRowsInThePlaceOfTheirNumbers()
    {
        TripNet net = Fitted();
        ExpandedTripNet behind = new();
        behind.LoadParameters(Parameters(net).AsSpan(26..));
        Dataset data = net.Encode(Rows);
        float[] expanded = [.. data.Inputs.ToArray().Chunk(3).SelectMany(row => Expanded(net, row))];
        float[] outputs = new float[Rows.Length], expected = new float[Rows.Length];
        net.Predict(data.Inputs, outputs);
        behind.Predict(expanded, expected);
        Assert.Equal(expected, outputs);
        Assert.Equal(expected[7], net.Predict(Rows[7]));
        Assert.Equal(expected[7], net.Predict(data.Inputs.Slice(21, 3)));

        float[] gradients = new float[TripNet.ParameterCount], expectedGradients = new float[ExpandedTripNet.ParameterCount];
        Assert.Equal(behind.ComputeGradients(expanded, data.Targets, expectedGradients), net.ComputeGradients(data.Inputs, data.Targets, gradients));
        Assert.Equal(expectedGradients, gradients[26..]);

        // That of a row of a table is the sum over the rows that use it, in their order.
        float[] byExpanded = new float[expanded.Length], ofTables = new float[26], byInputs = new float[3 * Rows.Length];
        behind.InputGradients(expanded, data.Targets, byExpanded);
        net.InputGradients(data.Inputs, data.Targets, byInputs);
        for (int row = 0; row < Rows.Length; row++)
        {
            for (int i = 0; i < 3; i++)
            {
                ofTables[((int)data.Inputs[3 * row] * 3) + i] += byExpanded[(6 * row) + i];
            }

            for (int i = 0; i < 2; i++)
            {
                ofTables[18 + ((int)data.Inputs[(3 * row) + 2] * 2) + i] += byExpanded[(6 * row) + 4 + i];
            }

            Assert.Equal([0, byExpanded[(6 * row) + 3], 0], byInputs.AsSpan(3 * row, 3));
        }

        Assert.Equal(ofTables, gradients[..26]);
        Assert.All(gradients[12..18], static gradient => Assert.Equal(0, gradient));
    }

    [Fact]
    public void Training_LearnsTheCategories()
    {
        TripNet net = new(seed: 1);
        net.Train(Rows, Short with { Epochs = 40 });
        Trip[] others = Trips.Draw(200, seed: 2);
        Assert.True(net.Evaluate(others).Loss < 0.1);

        // Masked rows train the row of those that were never seen: they are taken for what is usual.
        float unseen = net.Predict(new Trip { Port = "Riga", Distance = 0.5, Season = Season.Winter });
        Assert.InRange(unseen, net.Predict(new Trip { Port = "Turku", Distance = 0.5, Season = Season.Winter }), net.Predict(new Trip { Port = "Oslo", Distance = 0.5, Season = Season.Winter }));
        Assert.Equal(unseen, net.Predict(new Trip { Distance = 0.5, Season = Season.Winter }));
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(6f)]
    [InlineData(1.5f)]
    [InlineData(1e30f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void ANumberThatIsNoRow_IsRefused_NamingTableAndValue(float number)
    {
        TripNet net = Fitted();
        TripEnsemble ensemble = new(1);
        ensemble.LearnInputStatistics(net.Encode(Rows));
        float[] inputs = [1, 0.5f, 2, number, 0.25f, 1], targets = [1, 2], outputs = new float[2], wide = new float[6];
        Dataset data = Dataset.FromTargets(inputs, targets, 3, 1);
        float[] before = Sets.Parameters(net), ofEnsemble = Sets.Parameters(ensemble);
        Action[] calls =
        [
            () => net.Predict(inputs, outputs), () => net.Predict(inputs.AsSpan(3)), () => net.TrainStep(inputs, targets, new Sgd(0.1f)),
            () => net.TrainStep(inputs, targets, [1, 0], new Sgd(0.1f)), () => net.ComputeGradients(inputs, targets, new float[TripNet.ParameterCount]),
            () => net.InputGradients(inputs, targets, wide), () => net.InputGradients(inputs, wide), () => net.Train(data, Short), () => net.Evaluate(data),
            () => net.Report(data), () => ensemble.Predict(inputs, outputs), () => ensemble.PredictSpread(inputs.AsSpan(3)), () => ensemble.Evaluate(data),
            () => ensemble.Train(data, Short),
        ];
        foreach (Action call in calls)
        {
            string message = Assert.Throws<ArgumentException>(call).Message;
            Assert.Contains("Port", message);
            Assert.Contains(number.ToString(System.Globalization.CultureInfo.InvariantCulture), message);
            Assert.Contains("from 0 to 5", message);
        }

        Assert.Equal(before, Sets.Parameters(net));
        Assert.Equal(ofEnsemble, Sets.Parameters(ensemble));
        Assert.True(float.IsFinite(net.TrainStep([1, 0.5f, 2, -0f, 0.25f, 3], targets, new Sgd(0.1f))));
        Assert.Contains("Season", Assert.Throws<ArgumentException>(() => net.Predict([0, 0, 4])).Message);
    }

    [Fact]
    public void OtherInputsThatAreNotFinite_AreNamedByTheirColumn()
    {
        TripNet net = Fitted();
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => net.TrainStep([1, 0, 0, 1, float.NaN, 0], [1, 1], new Sgd(0.1f)));
        Assert.Equal((1, 1), (error.Row, error.Column));
        Assert.True(float.IsNaN(net.Predict([1, float.NaN, 0])));

        // A table that is not finite: the first layer is, whose inputs it is.
        net.Port[2, 1] = float.NaN;
        Assert.True(float.IsFinite(net.TrainStep([1, 0, 0], [1], new Sgd(0.1f))));
        error = Assert.Throws<NonFiniteLossException>(() => net.TrainStep([2, 0, 0], [1], new Sgd(0.1f)));
        Assert.Equal("Layer1", error.Layer);
    }

    [Fact]
    public void RowsThatABatchDoesNotUse_HaveGradient0_AndMoveByTheirMomentsAlone()
    {
        TripNet net = Fitted();
        float[] start = Parameters(net);
        net.TrainStep([1, 0.5f, 0], [1], new Sgd(0.1f));
        Assert.Equal(start[..3], Parameters(net)[..3]);
        Assert.NotEqual(start[3..6], Parameters(net)[3..6]);
        Assert.Equal(start[6..18], Parameters(net)[6..18]);

        Adam adam = new(0.01f);
        net.TrainStep([1, 0.5f, 0], [1], adam);
        float[] one = Parameters(net);
        net.TrainStep([2, 0.5f, 0], [1], adam);
        Assert.NotEqual(one[3..6], Parameters(net)[3..6]);
        Assert.NotEqual(one[6..9], Parameters(net)[6..9]);
        Assert.Equal(one[9..18], Parameters(net)[9..18]);
    }

    [Fact]
    public void TablesHaveNoDecay()
    {
        TripNet net = Fitted();
        float[] start = Parameters(net), zeros = new float[TripNet.ParameterCount];
        net.ApplyGradients(zeros, new Sgd(0.1f, weightDecay: 0.5f));
        net.ApplyGradients(zeros, new AdamW(0.1f, weightDecay: 0.5f));
        Assert.Equal(start[..26], Parameters(net)[..26]);
        Assert.NotEqual(start[26], Parameters(net)[26]);

        TripNet decayed = Fitted(), plain = Fitted();
        plain.Train(Rows, Short with { Steps = 1, Optimizer = new Sgd(0.1f) });
        decayed.Train(Rows, Short with { Steps = 1, Optimizer = new Sgd(0.1f), L1 = 0.1f, L2 = 0.1f });
        Assert.Equal(Parameters(plain)[..26], Parameters(decayed)[..26]);
    }

    [Fact]
    public void ARowOfWeight0_ChangesNothing()
    {
        TripNet some = Fitted(), all = Fitted();
        float[] inputs = [1, 0.5f, 2, 0, 0.25f, 1];
        float loss = some.TrainStep(inputs, [1, 2], [3, 1], new Adam());
        Assert.Equal(loss, all.TrainStep([.. inputs, 4, 3e38f, 0], [1, 2, 3], [3, 1, 0], new Adam()));
        Assert.Equal(Parameters(some), Parameters(all));
    }

    [Fact]
    public void AnyNumberOfThreads_GivesTheSameBits()
    {
        TrainingOptions options = Short with
        {
            BatchSize = 100,
            Threads = 1,
            ClipNorm = 1,
            Averaging = new WeightAverage(0.9),
            AccumulationSteps = 2,
            Statistics = Duration.Epochs(1),
            Optimizer = new AdamW(0.01f),
        };
        TripNet one = new(1), three = new(1);
        TripEnsemble ensemble = new(1), ofThree = new(1);
        TrainingHistory history = one.Train(Rows, options);
        three.Train(Rows, options with { Threads = 3 });
        ensemble.Train(Rows, options);
        ofThree.Train(Rows, options with { Threads = 3 });
        Assert.Equal(Sets.Parameters(one), Sets.Parameters(three));
        Assert.Equal(Sets.Parameters(ensemble), Sets.Parameters(ofThree));
        Assert.Equal(["Layer1", "Layer2"], history.Epochs[^1].Layers.Select(static layer => layer.Layer));

        Dataset data = ensemble.Encode(Rows);
        ofThree.Threads = 3;
        Assert.Equal(Sets.Predictions(ensemble, data), Sets.Predictions(ofThree, data));
        Assert.Equal(ensemble.Evaluate(data).Loss, ofThree.Evaluate(data).Loss);
    }

    [Fact]
    public void AnEnsemble_LearnsItsTables_ForAllMembers()
    {
        TripEnsemble net = new(seed: 1);
        float first = net.Port[1, 0];
        net.Train(Rows, Short with { Epochs = 30 });
        Assert.NotEqual(first, net.Port[1, 0]);
        Assert.Equal(6, net.MemberScales.Inputs);
        Assert.True(net.Evaluate(Trips.Draw(200, seed: 2)).Loss < 0.3);
        Assert.True(net.PredictSpread(Rows[0]) > 0);
        float[] slopes = new float[3];
        net.InputGradients(net.Encode(Rows).Inputs[..3], [1], slopes);
        Assert.Equal((0, 0), (slopes[0], slopes[2]));
        Assert.NotEqual(0, slopes[1]);
    }

    [Fact]
    public void Files_HoldTables_UnderTheNamesOfTheirProperties()
    {
        TripEnsemble net = new(seed: 1);
        net.Train(Rows, Short);
        TripEnsemble loaded = TripEnsemble.Load(Saved(net), new LoadOptions(), out LoadReport report);
        Assert.Equal(["Port.weight", "Season.weight", "MemberScales.weight", "Layer1.weight"], report.Loaded.Take(4));
        Assert.Equal(Sets.Parameters(net), Sets.Parameters(loaded));
        Assert.Equal(net.Predict(Rows[3]), loaded.Predict(Rows[3]));
        Assert.Equal(net.Port.Categories, loaded.Port.Categories);

        TripEnsemble fresh = TripEnsemble.Load(Saved(net), new LoadOptions { Fresh = ["Port"] }, out report);
        Assert.Equal(["Port.weight"], report.Fresh);
        Assert.Equal(new TripEnsemble(1).Port[2, 1], fresh.Port[2, 1]);
        Assert.Equal(net.Season[2, 1], fresh.Season[2, 1]);
    }

    [Fact]
    public void FilesOfOtherTables_AreRefused()
    {
        TripNet net = Fitted();
        string message = Assert.Throws<InvalidDataException>(() => OtherTripNet.Load(Saved(net))).Message;
        Assert.Contains("Port", message);
        using MemoryStream file = new();
        new ExpandedTripNet().Save(file);
        file.Position = 0;
        message = Assert.Throws<InvalidDataException>(() => TripNet.Load(file, new LoadOptions { WithoutStatistics = true })).Message;
        Assert.Contains("Input(3) Embedding(Port, 6, 3) Embedding(Season, 4, 2) Dense(300, Tanh) Dense(1", message);
    }

    [Fact]
    public void Copies_AreIndependent()
    {
        TripNet net = new(seed: 1);
        net.Train(Rows, Short);
        TripNet clone = net.Clone(), copy = new(seed: 9);
        copy.CopyFrom(net);
        float before = net.Predict(Rows[0]);
        net.Train(Rows, Short with { Epochs = 1 });
        Assert.Equal(before, clone.Predict(Rows[0]));
        Assert.Equal(before, copy.Predict(Rows[0]));
        Assert.NotEqual(before, net.Predict(Rows[0]));
    }

    [Fact]
    public void ARunWithCheckpoints_GoesOnToTheBit()
    {
        TrainingOptions options = Short with { Epochs = 3, Averaging = new WeightAverage(0.9) };
        TripEnsemble expected = new(seed: 1), stopped = new(seed: 1), resumed = new(seed: 1);
        expected.Train(Rows, options);
        using CancellationTokenSource source = new();
        Watcher watcher = new() { Step = (_, step) => CancelAt(step.Step, source) };
        Assert.Throws<TrainingCancelledException>(() => stopped.Train(Rows, options with { Checkpoints = new Checkpoints(_folder), Callbacks = [watcher] }, source.Token));
        resumed.Train(Rows, options with { Checkpoints = new Checkpoints(_folder) });
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(resumed));

        static void CancelAt(long step, CancellationTokenSource source)
        {
            if (step == 17)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void AFrozenFirstLayer_KeepsItsTables()
    {
        FrozenTripNet declared = new(seed: 1), start = new(seed: 1);
        declared.Train(Rows, Short);
        Assert.Equal(start.Port[1, 1], declared.Port[1, 1]);
        Assert.Equal(start.Layer1.Weights[3, 3], declared.Layer1.Weights[3, 3]);
        Assert.NotEqual(start.Layer2.Weights[3, 0], declared.Layer2.Weights[3, 0]);
        float[] gradients = new float[FrozenTripNet.ParameterCount];
        declared.ComputeGradients(declared.Encode(Rows).Inputs, declared.Encode(Rows).Targets, gradients);
        Assert.All(gradients[..26], static gradient => Assert.Equal(0, gradient));

        TripNet first = Fitted(), last = Fitted(), before = Fitted();
        first.Train(Rows, Short with { LayerRates = [new(nameof(TripNet.Layer1), 0)] });
        last.Train(Rows, Short with { LayerRates = [new(nameof(TripNet.Layer2), 0)] });
        Assert.Equal(Parameters(before)[..26], Parameters(first)[..26]);
        Assert.NotEqual(before.Port[1, 1], last.Port[1, 1]);
        Assert.Equal(before.Layer2.Weights[9, 0], last.Layer2.Weights[9, 0]);
        string message = Assert.Throws<ArgumentException>(() => before.Train(Rows, Short with { LayerRates = [new("Port", 0)] })).Message;
        Assert.Contains("'Layer1', 'Layer2'", message);
    }

    [Fact]
    public void AFactorOfTheFirstLayersRate_IsThatOfItsTables()
    {
        TripNet start = Fitted(), plain = Fitted(), slow = Fitted();
        TrainingOptions options = new() { Steps = 1, BatchSize = 400, Optimizer = new Sgd(0.125f) };
        plain.Train(start.Encode(Rows), options);
        slow.Train(start.Encode(Rows), options with { LayerRates = [new(nameof(TripNet.Layer1), 0.25)] });
        Assert.NotEqual(0, plain.Port[1, 1] - start.Port[1, 1]);
        Assert.Equal((plain.Port[1, 1] - start.Port[1, 1]) / 4, slow.Port[1, 1] - start.Port[1, 1], 1e-7f);
        Assert.Equal((plain.Season[1, 1] - start.Season[1, 1]) / 4, slow.Season[1, 1] - start.Season[1, 1], 1e-7f);
    }

    [Fact]
    public void ANetworkWithoutALoss_PredictsWithTablesToo()
    {
        TripNet trained = Fitted();
        PredictingTripNet net = new(seed: 1);
        net.Fit(Rows);
        float[] parameters = Parameters(trained);
        net.LoadParameters(parameters);
        Assert.Equal(trained.Predict(Rows[5]), net.Predict(Rows[5]));
        Assert.Equal(trained.Season[1, 1], net.Season[1, 1]);
        Assert.Contains("Port", Assert.Throws<ArgumentException>(() => net.Predict([7, 0, 0])).Message);
    }

    [Fact]
    public void NamesThatAreTaken_HaveTableBehindThem()
    {
        TakenNamesNet net = new(seed: 1);
        Assert.Equal(3, net.SeedTable.Rows);
        Assert.NotEqual(net.Layer1TableTable[0, 0], net.Layer1Table[0, 0]);
        Assert.Equal(2, net.@event.Length);
        float[] parameters = new float[TakenNamesNet.ParameterCount];
        net.CopyParametersTo(parameters);
        Assert.Equal([net.SeedTable[0, 0], net.Layer1TableTable[0, 0], net.Layer1Table[0, 0], net.@event[0, 0], net.Layer1.Weights[0, 0]],
            [parameters[0], parameters[6], parameters[12], parameters[18], parameters[24]]);
        using MemoryStream file = new();
        net.Save(file);
        file.Position = 0;
        TakenNamesNet.Load(file, new LoadOptions(), out LoadReport report);
        Assert.Equal(["SeedTable.weight", "Layer1TableTable.weight", "Layer1Table.weight", "event.weight", "Layer1.weight", "Layer1.bias"], report.Loaded);
    }

    [Fact]
    public void NothingIsAllocated_OnceWarm()
    {
        TripEnsemble ensemble = new(seed: 1);
        ensemble.Fit(Rows);
        TripNet net = Fitted();
        Dataset data = net.Encode(Rows);
        ensemble.LearnInputStatistics(data);
        float[] inputs = data.Inputs.ToArray(), targets = data.Targets.ToArray(), outputs = new float[Rows.Length];
        Adam optimizer = new();
        float sum = 0;
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                sum += net.TrainStep(inputs, targets, optimizer) + ensemble.TrainStep(inputs, targets, optimizer) + net.Predict(Rows[i]) + ensemble.Predict(Rows[i]);
                net.Predict(inputs, outputs);
                sum += ensemble.PredictSpread(Rows[i]) + net.Port[1, 1];
            }
        }));
        Assert.True(float.IsFinite(sum));
    }

    [Fact]
    public void Descriptions_ShowTheTables()
    {
        string[] rows = [.. TripEnsemble.Summary.Split('\n').Select(static row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(
            [
                "Input<Trip> [B×3]", "Table of Port, 6 × 3 [B×3] 18", "Table of Season, 4 × 2 [B×2] 8", "Ensemble(3), scales of the inputs [3·B×6] 18",
            ],
            rows[4..8]);
        Assert.Contains("embeddings: Port 6 × 3, Season 4 × 2, 26 parameters", Pictures.Diagram(new TripEnsemble(1)));
    }

    private static TripNet Fitted()
    {
        TripNet net = new(seed: 1);
        net.Fit(Rows);
        return net;
    }

    private static float[] Parameters(TripNet net)
    {
        float[] parameters = new float[TripNet.ParameterCount];
        net.CopyParametersTo(parameters);
        return parameters;
    }

    private static IEnumerable<float> Expanded(TripNet net, float[] row) =>
    [
        .. Enumerable.Range(0, 3).Select(i => net.Port[(int)row[0], i]),
        row[1],
        .. Enumerable.Range(0, 2).Select(i => net.Season[(int)row[2], i]),
    ];

    private string Saved<TNet>(TNet net) where TNet : class, INetwork<TNet>
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        using FileStream file = File.Create(path);
        net.Save(file);
        return path;
    }
}
