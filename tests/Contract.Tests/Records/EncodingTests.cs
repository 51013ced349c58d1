using Mlp.Testing;

namespace Contract.Tests.Records;

/// <summary>What columns become, for a row alone and for data sets.</summary>
public class EncodingTests
{
    private static readonly Everything[] Rows = EverythingNet.Rows(200);
    private static readonly EverythingNet Net = Fitted();

    [Fact]
    public void Inputs_AreNamed_InOrderOfDeclaration()
    {
        Everything[] rows =
        [
            new() { Town = "?", Filled = 1, Binned = 1, Code = 7 }, new() { Town = "?", Filled = 2, Binned = 2 }, new() { Town = "b" }, new() { Town = "b" }, new() { Town = "c" },
        ];
        EverythingNet net = new(seed: 1);
        net.Fit(rows);

        // Equally frequent categories are in ordinal order, and c is too rare.
        string[] expected =
        [
            "Filled", "Filled missing", "Raw", "Clipped", "Binned bin 1", "Binned bin 2", "Binned bin 3", "Binned missing", "Flag", "Kind=Small", "Kind=Large", "Kind=Huge",
            "Town unseen", "Town=?", "Town=b", "Town unused 3", "Town unused 4", "Code unseen", "Code=7", "Code unused 2", "Sure unseen", "Sure unused 1", "Sure unused 2",
            "At sin Hour", "At cos Hour", "At sin DayOfWeek", "At cos DayOfWeek",
        ];
        Assert.Equal(expected, net.InputNames);
        Assert.Equal(expected, net.Encode(rows).InputNames);
        Assert.Equal(EverythingNet.InputSize, expected.Length);
    }

    [Fact]
    public void ARowAlone_HasTheBitsOfTheDataSet_AndPredictionsThoseOfItsEncoding()
    {
        Dataset data = Net.Encode(Rows);
        float[] inputs = new float[EverythingNet.InputSize];
        for (int row = 0; row < Rows.Length; row++)
        {
            inputs.AsSpan().Fill(float.NaN);
            Net.Encode(Rows[row], inputs);
            Assert.Equal(data.Inputs.Slice(row * inputs.Length, inputs.Length), inputs);
            Assert.Equal(Net.Predict(inputs.AsSpan()), Net.Predict(Rows[row]));
        }
    }

    [Fact]
    public void ADataSet_HasTargetsWeightsGroupsAndTimes()
    {
        Dataset data = Net.Encode(Rows);
        Assert.Equal(Rows.SelectMany(row => (float[])[(float)row.First, (float)row.Second]), data.Targets.ToArray());
        Assert.Equal(Rows.Select(row => (float)row.Weight), data.Weights.ToArray());
        Assert.Equal(Rows.Select(row => row.Time.UtcTicks), data.Times.ToArray());
        List<string> owners = [.. Rows.Select(row => row.Owner).Distinct()];
        Assert.Equal(Rows.Select(row => owners.IndexOf(row.Owner)), data.Groups.ToArray());
        Assert.Null(data.ClassNames);
    }

    [Fact]
    public void ABool_IsATargetOf0And1_WithNamesOfItsClasses()
    {
        Passenger[] rows = Passengers.Draw(20);
        SurvivalNet net = new(seed: 1);
        net.Fit(rows);
        Assert.Equal(["false", "true"], net.ClassNames);
        Assert.Equal(rows.Select(row => row.Survived ? 1f : 0f), net.Encode(rows).Targets.ToArray());
        Assert.Equal(rows.Select(row => row.Family), net.Encode(rows).Groups.ToArray());

        MarginNet margins = new(seed: 1);
        margins.Train(rows, new TrainingOptions { Epochs = 1 });
        Assert.Equal(rows.Select(row => row.Survived ? 1f : -1f), margins.Encode(rows).Targets.ToArray());
        Assert.Contains(margins.PredictLabel(rows[0]), (string[])["false", "true"]);
    }

    [Fact]
    public void MissingAndUnseenValues_HaveTheirInputs()
    {
        float[] missing = Encoded(new Everything());
        Assert.Equal(0f, missing[Input("Filled")], 1e-6f);
        Assert.Equal(1f, missing[Input("Filled missing")]);
        Assert.Equal(1f, missing[Input("Binned missing")]);
        Assert.Equal([0f, 0f, 0f], missing[Input("Kind=Small")..][..3]);
        Assert.Equal([1f, 0f, 0f, 0f, 0f], missing[Input("Town unseen")..][..5]);
        Assert.Equal([1f, 0f, 0f], missing[Input("Code unseen")..][..3]);
        Assert.Equal([1f, 0f, 0f], missing[Input("Sure unseen")..][..3]);
        Assert.Equal([0f, 0f, 0f, 0f], missing[Input("At sin Hour")..][..4]);

        float[] unseen = Encoded(new Everything { Town = "Rom", Code = 99 });
        Assert.Equal([1f, 0f, 0f, 0f, 0f], unseen[Input("Town unseen")..][..5]);
        Assert.Equal([1f, 0f, 0f], unseen[Input("Code unseen")..][..3]);
        Assert.Equal(missing, Encoded(new Everything { Town = "", Filled = float.NaN }));

        float[] seen = Encoded(new Everything { Kind = Kind.Large, Town = "Bern", Filled = 0.5f, Binned = 3 });
        Assert.Equal([0f, 1f, 0f], seen[Input("Kind=Small")..][..3]);
        Assert.Equal(1f, seen[Input("Town=Bern")]);
        Assert.Equal(1f, seen[Input("Town unseen")..][..5].Sum());
        Assert.Equal((0f, 0f), (seen[Input("Filled missing")], seen[Input("Binned missing")]));
    }

    [Fact]
    public void Numbers_AreClippedLoggedAndBinned()
    {
        Everything[] rows = [.. Enumerable.Range(0, 7).Select(i => new Everything { Clipped = i, Binned = i, Filled = i })];
        EverythingNet net = new(seed: 1);
        net.Fit(rows);
        double[] logs = [.. rows.Select(row => Math.Log(1 + (double)row.Clipped))];
        double mean = logs.Average();
        double deviation = Math.Sqrt(logs.Average(log => (log - mean) * (log - mean)));

        AssertInput(-1.5, new Everything { Clipped = -1000 }, "Clipped");
        AssertInput(1.5, new Everything { Clipped = 1_000_000 }, "Clipped");
        AssertInput((Math.Log(4) - mean) / deviation, new Everything { Clipped = 3 }, "Clipped");
        AssertInput((Math.Log(1.5) - mean) / deviation, new Everything { Clipped = 0.5m }, "Clipped");

        // The edges are 0, 2, 4 and 6.
        AssertBins([0, 0, 0], -5);
        AssertBins([0, 0, 0], 0);
        AssertBins([0.5f, 0, 0], 1);
        AssertBins([1, 0.5f, 0], 3);
        AssertBins([1, 1, 0], 4);
        AssertBins([1, 1, 1], 6);
        AssertBins([1, 1, 1], 60);
        AssertBins([1, 0.5f, 0], null);

        void AssertInput(double expected, Everything row, string name) => Assert.Equal(expected, Encoded(row, net)[Input(name, net)], 1e-6);

        void AssertBins(float[] expected, int? value) => Assert.Equal(expected, Encoded(new Everything { Binned = value }, net)[Input("Binned bin 1", net)..][..3]);
    }

    [Fact]
    public void Times_AreSineAndCosineOfTheirOwnClock()
    {
        // A Wednesday, at a quarter of the day.
        float[] inputs = Encoded(new Everything { At = new DateTime(2024, 2, 28, 6, 0, 0, DateTimeKind.Utc) });
        double angle = 2 * Math.PI * 2 / 7;
        Assert.Equal(1, inputs[Input("At sin Hour")], 1e-6);
        Assert.Equal(0, inputs[Input("At cos Hour")], 1e-6);
        Assert.Equal(Math.Sin(angle), inputs[Input("At sin DayOfWeek")], 1e-6);
        Assert.Equal(Math.Cos(angle), inputs[Input("At cos DayOfWeek")], 1e-6);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.NaN)]
    public void WhatANumberCannotBe_IsRefused_NamingPropertyAndRow(double value)
    {
        Everything[] rows = EverythingNet.Rows(5);
        rows[3].Raw = value;
        Assert.Contains("Raw ", Assert.Throws<ArgumentException>(() => Net.Predict(rows[3])).Message);
        Assert.Contains("Row 3: Raw ", Assert.Throws<ArgumentException>(() => Net.Encode(rows)).Message);
        Assert.Contains("Row 3: Raw ", Assert.Throws<ArgumentException>(() => new EverythingNet(1).Fit(rows)).Message);
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(-1e39)]
    public void ANumberWhoseInputIsInfinite_IsRefused_WhereverItIsEncoded(double value)
    {
        const string Message = "Raw is so large that its input is infinite in single precision";
        Everything[] rows = EverythingNet.Rows(5);
        rows[3].Raw = value;
        Assert.StartsWith(Message, Assert.Throws<ArgumentException>(() => Net.Predict(rows[3])).Message, StringComparison.Ordinal);
        Assert.StartsWith(Message, Assert.Throws<ArgumentException>(() => Net.Encode(rows[3], new float[EverythingNet.InputSize])).Message, StringComparison.Ordinal);
        Assert.StartsWith($"Row 3: {Message}", Assert.Throws<ArgumentException>(() => Net.Encode(rows)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"Row 3: {Message}", Assert.Throws<ArgumentException>(() => Net.Evaluate(rows)).Message, StringComparison.Ordinal);
        EverythingNet fresh = new(seed: 1);
        Assert.StartsWith($"Row 3: {Message}", Assert.Throws<ArgumentException>(() => fresh.Train(rows)).Message, StringComparison.Ordinal);
        fresh.Fit(rows);
    }

    [Fact]
    public void OtherWrongValues_AreRefused_NamingPropertyAndRow()
    {
        AssertRefused("Row 1: Filled is Infinity", row => row.Filled = float.PositiveInfinity);
        AssertRefused("Row 1: Kind is 7, which is no member; there are 'Small', 'Large', 'Huge'", row => row.Kind = (Kind)7);
        AssertRefused("Row 1: Weight is -1", row => row.Weight = -1);
        AssertRefused("Row 1: Weight is missing", row => row.Weight = double.NaN);
        AssertRefused("Row 1: First is Infinity", row => row.First = double.PositiveInfinity);
        AssertRefused("Row 1: First is 1E+300; numbers must be finite in single precision", row => row.First = 1e300);
        AssertRefused("Row 1: Weight is 1E+300; weights must be at least 0, and no larger than a float", row => row.Weight = 1e300);
        AssertRefused("Row 1: Second is missing", row => row.Second = Half.NaN);
        AssertRefused("Row 1: Owner is missing", row => row.Owner = null!);
        Assert.Contains("Row 1 is null", Assert.Throws<ArgumentException>(() => Net.Encode([new Everything(), null!])).Message);
        Assert.Throws<ArgumentNullException>(() => Net.Predict((Everything)null!));

        // Whoever predicts has no target.
        Net.Predict(new Everything { First = double.NaN, Owner = null!, Weight = -1 });

        static void AssertRefused(string message, Action<Everything> change)
        {
            Everything[] rows = EverythingNet.Rows(3);
            change(rows[1]);
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => Net.Encode(rows)).Message);
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => new EverythingNet(1).Fit(rows)).Message);
        }
    }

    [Fact]
    public void OfAColumnWithoutValues_NothingIsLearned_AndNothingIsLetIn()
    {
        EverythingNet net = new(seed: 1);
        net.Fit([new Everything(), new Everything()]);
        Everything seen = new() { Filled = 4e9f, Binned = int.MaxValue, Flag = true, Kind = Kind.Huge, Town = "Rom", Code = 3, Sure = true };
        float[] inputs = Encoded(seen, net);
        Assert.Equal([0f, 0f], inputs[Input("Filled", net)..][..2]);
        Assert.Equal([0f, 0f, 0f, 0f], inputs[Input("Binned bin 1", net)..][..4]);
        Assert.Equal(0f, inputs[Input("Flag", net)]);
        Assert.Equal(1f, inputs[Input("Town unseen", net)]);
        Assert.Equal([0f, 1f], Encoded(new Everything(), net)[Input("Filled", net)..][..2]);
    }

    [Fact]
    public void Encode_ChecksTheSpan_AndAllocatesNothing()
    {
        float[] inputs = new float[EverythingNet.InputSize];
        Assert.Throws<ArgumentException>("inputs", () => Net.Encode(Rows[0], inputs.AsSpan(1)));
        Everything row = Rows.First(row => row is { Town: not null, Code: not null, At: not null });
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Net.Encode(row, inputs);
            }
        }));
    }

    private static float[] Encoded(Everything row, EverythingNet? net = null)
    {
        float[] inputs = new float[EverythingNet.InputSize];
        (net ?? Net).Encode(row, inputs);
        return inputs;
    }

    private static int Input(string name, EverythingNet? net = null)
    {
        int index = (net ?? Net).InputNames!.ToList().IndexOf(name);
        Assert.True(index >= 0, name);
        return index;
    }

    private static EverythingNet Fitted()
    {
        EverythingNet net = new(seed: 1);
        net.Fit(Rows);
        return net;
    }
}
