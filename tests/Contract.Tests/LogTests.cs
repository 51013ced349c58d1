using System.Globalization;
using System.Text.Json;

namespace Contract.Tests;

/// <summary>Logs of epochs.</summary>
public sealed class LogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AMetricWithASeparatorInItsName_IsOneColumn()
    {
        Dataset data = Sets.Smooth(40, 6);
        TrainingHistory history = new FullNet(1).Train(data, new TrainingOptions { Epochs = 1, Validation = data, Metrics = [new Within()] });
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        history.SaveCsv(path);

        string[] lines = File.ReadAllLines(path);
        File.Delete(path);
        Assert.EndsWith(",seconds,\"within 1, or so\"", lines[0]);
        Assert.EndsWith(",0.5", lines[1]);
    }

    private sealed class Within() : Metric("within 1, or so", higherIsBetter: true)
    {
        protected override double? Compute(in Predictions predictions) => 0.5;
    }

    [Fact]
    public void CsvAndJsonLines_HoldTheHistory_WhateverTheCulture()
    {
        string csv = Path.Combine(_folder, "run.csv");
        string json = Path.Combine(_folder, "run.jsonl");
        string saved = Path.Combine(_folder, "history.csv");
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            TrainingOptions options = new() { Epochs = 3, Validation = Sets.Smooth(20, 6, seed: 2), Callbacks = [new CsvLog(csv), new JsonLinesLog(json)] };
            new FullNet(1).Train(Sets.Smooth(50, 6), options);
            TrainingHistory history = new FullNet(2).Train(Sets.Smooth(50, 6), options);
            history.SaveCsv(saved);

            string[] lines = File.ReadAllLines(csv);
            Assert.Equal(lines, File.ReadAllLines(saved));
            Assert.Equal(4, lines.Length);
            Assert.StartsWith("epoch,loss,accuracy,validation_loss,validation_accuracy,", lines[0]);
            int number = 0;
            foreach (EpochResult epoch in history.Epochs)
            {
                string[] values = lines[++number].Split(',');
                Assert.Equal(lines[0].Split(',').Length, values.Length);
                Assert.Equal(epoch.Epoch, int.Parse(values[0], CultureInfo.InvariantCulture));
                Assert.Equal(epoch.Loss, double.Parse(values[1], CultureInfo.InvariantCulture));
                Assert.Equal(("", ""), (values[2], values[4]));
                Assert.Equal(epoch.ValidationLoss, double.Parse(values[3], CultureInfo.InvariantCulture));
                JsonElement line = JsonDocument.Parse(File.ReadAllLines(json)[number - 1]).RootElement;
                Assert.Equal(epoch.Loss, line.GetProperty("loss").GetDouble());
                Assert.Equal(JsonValueKind.Null, line.GetProperty("accuracy").ValueKind);
                Assert.Equal(lines[0].Split(','), line.EnumerateObject().Select(static property => property.Name));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void ALog_GrowsByALineAnEpoch_AndHoldsNoFile()
    {
        string csv = Path.Combine(_folder, "run.csv");
        List<int> lines = [];

        new ProbabilityNet(1).Train(
            Dataset.FromLabels(new float[30], [.. Enumerable.Range(0, 10).Select(static row => row % 2)], 3, 2),
            new TrainingOptions { Epochs = 3, Callbacks = [new CsvLog(csv), new LineCounter(csv, lines)] });

        Assert.Equal([2, 3, 4], lines);
        Assert.NotEqual("", File.ReadAllLines(csv)[1].Split(',')[2]);
    }

    [Fact]
    public void TheCsvLogOfARunWithoutAnEpoch_HasItsColumns()
    {
        string csv = Path.Combine(_folder, "run.csv");
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<TrainingCancelledException>(() => new FullNet(1).Train(Sets.Smooth(50, 6), new TrainingOptions { Callbacks = [new CsvLog(csv)] }, source.Token));

        Assert.Equal(["epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds"], File.ReadAllLines(csv));
    }

    [Fact]
    public void ALogThatCannotBeWritten_EndsTheRunBeforeItsFirstStep()
    {
        FullNet net = new(1);

        Assert.ThrowsAny<IOException>(() => net.Train(Sets.Smooth(50, 6), new TrainingOptions { Callbacks = [new CsvLog(Path.Combine(_folder, "none", "run.csv"))] }));

        Assert.Equal(0, net.StepsTrained);
    }

    [Fact]
    public void WithoutEpochs_AHistoryIsItsHeader()
    {
        string path = Path.Combine(_folder, "history.csv");
        new FullNet(1).Train(Sets.Smooth(50, 6), new TrainingOptions { Callbacks = [new StopAtOnce()] }).SaveCsv(path);

        Assert.StartsWith("epoch,loss,", Assert.Single(File.ReadAllLines(path)));
    }

    private sealed class LineCounter(string path, List<int> lines) : TrainingCallback
    {
        public override void OnEpoch(TrainingContext context, EpochResult epoch)
        {
            lines.Add(File.ReadAllLines(path).Length);
            using FileStream alone = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    private sealed class StopAtOnce : TrainingCallback
    {
        public override void OnStart(TrainingContext context) => context.Stop("at once");
    }
}
