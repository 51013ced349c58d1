namespace Contract.Tests.Records;

/// <summary>Training, evaluating and predicting with records.</summary>
public class RecordTrainingTests
{
    private static readonly TrainingOptions Short = new() { Epochs = 3, BatchSize = 32, Optimizer = new Adam(1e-2f), Seed = 4 };

    [Fact]
    public void TrainOnRecords_LearnsThem()
    {
        SurvivalNet net = new(seed: 1);
        TrainingHistory history = net.Train(Passengers.Draw(400), Short with { Epochs = 30 });
        Passenger[] others = Passengers.Draw(300, seed: 2);

        Assert.Equal(30, history.Epochs.Count);
        Assert.True(net.Evaluate(others).Accuracy > 0.9);
        Assert.True(net.Report(others).RocAuc > 0.95);
        int right = others.Count(row => net.PredictLabel(row) == (row.Survived ? "true" : "false") && net.PredictClass(row) == (row.Survived ? 1 : 0));
        Assert.Equal(net.Evaluate(others).Accuracy!.Value, (double)right / others.Length, 1e-12);
    }

    [Fact]
    public void TrainOnRecords_IsFittingAndTrainingOnTheirEncoding()
    {
        Passenger[] rows = Passengers.Draw(200);
        SurvivalNet whole = new(seed: 1);
        whole.Train(rows, Short);
        SurvivalNet parts = new(seed: 1);
        parts.Fit(rows);
        parts.Train(parts.Encode(rows), Short);

        Assert.Equal(Parameters(parts), Parameters(whole));
        Assert.Equal(parts.Encode(rows).Inputs, whole.Encode(rows).Inputs);
    }

    [Fact]
    public void Reports_NameOutputsByTheirTargets()
    {
        Everything[] rows = EverythingNet.Rows(40);
        EverythingNet net = new(seed: 1);
        net.Train(rows, Short);
        Assert.Equal(["First", "Second"], net.Report(rows).Outputs.Select(static output => output.Name));
        Assert.Contains("Second ", $"{net.Report(rows)}", StringComparison.Ordinal);

        AlarmNet alarms = new(seed: 1);
        Alarm[] readings = [.. Enumerable.Range(0, 40).Select(static i => new Alarm(i, i % 2 == 0, i % 3 == 0))];
        alarms.Train(readings, Short);
        Assert.Equal(["Hot", "Loud"], alarms.Report(readings).Outputs.Select(static output => output.Name));
    }

    [Fact]
    public void ASource_IsEnumeratedOnce_AndMayReuseItsObject()
    {
        Passenger[] rows = Passengers.Draw(100);
        SurvivalNet net = new(seed: 1);
        net.Train(new Once<Passenger>(rows), Short);
        Dataset expected = net.Encode(rows);

        Assert.Equal(expected.Inputs, net.Encode(new Once<Passenger>(rows)).Inputs);
        SurvivalNet fitted = new(seed: 1);
        fitted.Fit(new Once<Passenger>(rows));
        Assert.Equal(expected.Inputs, fitted.Encode(rows).Inputs);

        MutableNet mutable = new(seed: 1);
        mutable.Fit(Reused(5));
        Dataset data = mutable.Encode(Reused(5));
        Assert.Equal([0, 1, 2, 3, 4], data.Targets.ToArray());
        Assert.Equal(5, data.Inputs.ToArray().Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(57)]
    public void ASourceThatFails_LeavesTheNetworkAsItWas(int failsAt)
    {
        Passenger[] rows = Passengers.Draw(100);
        SurvivalNet net = new(seed: 1);
        float[] before = Parameters(net);
        Assert.Throws<TimeoutException>(() => net.Train(new Once<Passenger>(rows, failsAt), Short));
        Assert.Throws<TimeoutException>(() => net.Fit(new Once<Passenger>(rows, failsAt)));
        AssertNotFitted(net, rows[0]);
        Assert.Equal(before, Parameters(net));
        Assert.Null(net.InputNames);

        net.Fit(rows);
        float[] inputs = net.Encode(rows).Inputs.ToArray();
        Assert.Throws<TimeoutException>(() => net.Train(new Once<Passenger>(rows, failsAt), Short));
        Assert.Throws<TimeoutException>(() => net.Encode(new Once<Passenger>(rows, failsAt)));
        Assert.Equal(inputs, net.Encode(rows).Inputs);
    }

    [Fact]
    public void ARunThatEndsBeforeItsFirstStep_LeavesTheNetworkUnfitted()
    {
        Passenger[] rows = Passengers.Draw(100);
        SurvivalNet net = new(seed: 1);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<TrainingCancelledException>(() => net.Train(rows, Short, cancelled.Token));
        AssertNotFitted(net, rows[0]);

        Assert.Throws<ArgumentException>(() => net.Train(rows, Short with { EarlyStopping = new EarlyStopping(patience: 2) }));
        AssertNotFitted(net, rows[0]);

        Assert.Throws<ArgumentException>(() => net.Train([], Short));
        AssertNotFitted(net, rows[0]);
    }

    [Fact]
    public void WhatIsFitted_IsFittedOnce()
    {
        Passenger[] rows = Passengers.Draw(100);
        SurvivalNet net = new(seed: 1);
        net.Train(rows, Short);
        float[] inputs = net.Encode(rows).Inputs.ToArray();
        net.Train(Passengers.Draw(50, seed: 9), Short);
        Assert.Equal(inputs, net.Encode(rows).Inputs);

        Assert.Contains("fitted once", Assert.Throws<InvalidOperationException>(() => net.Fit(rows)).Message);
        Assert.Equal(inputs, net.Encode(rows).Inputs);
    }

    [Fact]
    public async Task BeforeFit_WhatEncodes_NamesIt()
    {
        Passenger[] rows = Passengers.Draw(10);
        SurvivalNet net = new(seed: 1);
        AssertNotFitted(net, rows[0]);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => net.Encode(rows)).Message);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => net.Evaluate(rows)).Message);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => net.Report(rows)).Message);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => net.ReadCsv("nowhere.csv")).Message);
        Assert.Contains("Fit", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await net.EncodeAsync(Later(rows)))).Message);
    }

    [Fact]
    public async Task EncodeAsync_IsEncode()
    {
        Passenger[] rows = Passengers.Draw(3000);
        SurvivalNet net = new(seed: 1);
        net.Fit(rows);
        Dataset expected = net.Encode(rows);
        Dataset found = await net.EncodeAsync(Later(rows));
        Assert.Equal(expected.Inputs, found.Inputs);
        Assert.Equal(expected.Targets, found.Targets);

        using CancellationTokenSource source = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await net.EncodeAsync(Cancelling(), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await net.EncodeAsync(EndingEarly(), source.Token));

        async IAsyncEnumerable<Passenger> Cancelling()
        {
            yield return rows[0];
            await source.CancelAsync();
            yield return rows[1];
        }

        async IAsyncEnumerable<Passenger> EndingEarly()
        {
            for (int row = 0; !source.IsCancellationRequested; row++)
            {
                await Task.Yield();
                yield return rows[row];
            }
        }
    }

    [Fact]
    public void ValidationRows_AreEncodedAfterFit()
    {
        Passenger[] rows = Passengers.Draw(300);
        SurvivalNet net = new(seed: 1);
        net.Fit(rows[..200]);
        TrainingHistory history = net.Train(rows[..200], Short with { Validation = net.Encode(rows[200..]), EarlyStopping = new EarlyStopping(patience: 2) });
        Assert.Equal(net.Evaluate(rows[200..]).Loss, history.Epochs[history.BestEpoch!.Value - 1].ValidationLoss);
    }

    [Fact]
    public void WhileItTrains_FittingIsRefused()
    {
        Passenger[] rows = Passengers.Draw(50);
        SurvivalNet net = new(seed: 1);
        Exception? refused = null;
        net.Train(rows, Short with { Callbacks = [new AtStart(() => refused = Record.Exception(() => net.Fit(rows)))] });
        Assert.Contains("Train", Assert.IsType<InvalidOperationException>(refused).Message);
    }

    [Fact]
    public void FittingAndEncoding_AllocateLittleButTheDataSet()
    {
        MutableNet warm = new(seed: 1);
        warm.Fit(Reused(10));
        warm.Encode(Reused(10));
        MutableNet net = new(seed: 1);
        Assert.InRange(Allocated(() => net.Fit(Reused(500_000))), 0, 400_000);
        Assert.InRange(Allocated(() => net.Encode(Reused(500_000))), 500_000 * 2 * sizeof(float), (500_000 * 2 * sizeof(float)) + 200_000);

        static long Allocated(Action action)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static IEnumerable<MutableRow> Reused(int count)
    {
        MutableRow row = new();
        for (int i = 0; i < count; i++)
        {
            (row.Value, row.Target) = (i * i, i);
            yield return row;
        }
    }

    private static void AssertNotFitted(SurvivalNet net, Passenger row)
    {
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => net.Predict(row)).Message);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => net.Encode(row, new float[SurvivalNet.InputSize])).Message);
    }

    private static float[] Parameters(SurvivalNet net)
    {
        float[] parameters = new float[SurvivalNet.ParameterCount];
        net.CopyParametersTo(parameters);
        return parameters;
    }

    private static async IAsyncEnumerable<Passenger> Later(IEnumerable<Passenger> rows)
    {
        foreach (Passenger row in rows)
        {
            await Task.Yield();
            yield return row;
        }
    }

    private sealed class AtStart(Action action) : TrainingCallback
    {
        public override void OnStart(TrainingContext context) => action();
    }
}

public sealed record Alarm([property: Numeric] float Level, [property: Target] bool Hot, [property: Target] bool Loud);

[Input<Alarm>]
[Dense(2, Sigmoid)]
[Loss(BCE)]
public partial class AlarmNet;

public sealed class MutableRow
{
    [Numeric] public float Value { get; set; }

    [Target] public float Target { get; set; }
}

[Input<MutableRow>]
[Dense(1)]
[Loss(MSE)]
public partial class MutableNet;
