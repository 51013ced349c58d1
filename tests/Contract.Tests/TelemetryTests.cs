using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mlp.Testing;

namespace Contract.Tests;

/// <summary>What tools see of networks: measurements and activities named Mlp. Alone, as listeners hear every network of the process.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
[Collection(nameof(TelemetryTests))]
public class TelemetryTests
{
    private static readonly Dataset Data = Sets.Smooth(100, 6);
    private static readonly TrainingOptions Options = new() { Epochs = 3, BatchSize = 30, Validation = Sets.Smooth(10, 6, seed: 4) };

    [Fact]
    public void TheMeter_CountsRows_AndRecordsEpochs()
    {
        using Measurements measurements = new();
        FullNet net = new(1);
        TrainingHistory history = net.Train(Data, Options);
        net.Predict(Data.Inputs, new float[100]);
        net.Predict(Data.Inputs[..6]);
        new WideNet(1).Predict(new float[23]);
        new SmallNet(1).PredictClass(new float[64]);
        net.Evaluate(Data);

        Assert.Equal(300, measurements.Longs["mlp.train.rows"].Sum());
        Assert.Equal(103, measurements.Longs["mlp.predict.rows"].Sum());
        Assert.Equal(history.Epochs.Select(static epoch => epoch.Loss), measurements.Doubles["mlp.train.loss"]);
        Assert.Equal(history.Epochs.Select(static epoch => epoch.Elapsed.TotalSeconds), measurements.Doubles["mlp.epoch.duration"]);
    }

    [Fact]
    public void Measuring_AllocatesNothing_AndListeningNeither()
    {
        FullNet net = new(1);
        SmallNet small = new(1);
        float[] row = new float[64];
        Assert.Equal(0, AllocatedBytes.Least(Predict));
        using Measurements measurements = new(keeps: false);
        Assert.Equal(0, AllocatedBytes.Least(Predict));
        Assert.True(measurements.Count > 20_000);

        void Predict()
        {
            for (int i = 0; i < 10_000; i++)
            {
                _ = net.Predict(row.AsSpan(0, 6)) + small.Predict(row);
            }
        }
    }

    [Fact]
    public void TheSource_HasAnActivityARun_AndInItOneAnEpoch()
    {
        List<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "Mlp",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        TrainingHistory history = new FullNet(1).Train(Data, Options);
        Assert.Throws<NonFiniteLossException>(() => new FullNet(1).Train(Sets.Smooth(30, 6), new TrainingOptions { Optimizer = new Sgd(1e30f) }));

        Assert.Equal(["mlp.epoch", "mlp.epoch", "mlp.epoch", "mlp.train"], ended.Take(4).Select(static activity => activity.OperationName));
        Assert.All(ended.Take(3), epoch => Assert.Equal(ended[3].SpanId, epoch.ParentSpanId));
        Assert.Equal([1, 2, 3], ended.Take(3).Select(static epoch => epoch.GetTagItem("mlp.epoch")));
        Assert.Equal(history.Epochs[2].Loss, ended[2].GetTagItem("mlp.train.loss"));
        Assert.Equal((12L, "Completed"), (ended[3].GetTagItem("mlp.train.steps"), ended[3].GetTagItem("mlp.train.stop_reason")));
        Assert.Equal(ActivityStatusCode.Error, ended[^1].Status);
        Assert.Null(Activity.Current);
    }

    /// <summary>Listens to the meter.</summary>
    private sealed class Measurements : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Measurements(bool keeps = true)
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Mlp")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Keep(Longs, instrument, value, keeps));
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Keep(Doubles, instrument, value, keeps));
            _listener.Start();
        }

        public Dictionary<string, List<long>> Longs { get; } = [];

        public Dictionary<string, List<double>> Doubles { get; } = [];

        public int Count { get; private set; }

        public void Dispose() => _listener.Dispose();

        private void Keep<T>(Dictionary<string, List<T>> values, Instrument instrument, T value, bool keeps)
        {
            Count++;
            if (keeps)
            {
                (values.TryGetValue(instrument.Name, out List<T>? list) ? list : values[instrument.Name] = []).Add(value);
            }
        }
    }
}
