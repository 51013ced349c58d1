using System.Globalization;
using System.Text;

namespace Mlp.Runtime.Tests.Training;

public class ConsoleProgressTests
{
    private const string FinishedLine =
        "Epoch 3/10 ━━━━━━ 4000/4000 - 0.2s - loss: 0.2100 - accuracy: 1.0000 - val_loss: 0.1412 - val_accuracy: 1.0000";

    [Fact]
    public void ARedirectedOutput_GetsOnePlainLineAnEpoch()
    {
        StringWriter output = new();
        ConsoleProgress progress = new(output);

        progress.Report(Running(2000));
        progress.Report(Finished());

        Assert.Equal(FinishedLine + output.NewLine, output.ToString());
    }

    [Fact]
    public void ATerminal_IsUpdatedInPlace_AndNotTooOften()
    {
        StringWriter output = new();
        ConsoleProgress progress = new(output, inPlace: true);

        progress.Report(Running(2000));
        progress.Report(Running(2032));
        progress.Report(Finished());

        Assert.Equal(
            $"\rEpoch 3/10 ━━━─── 2000/4000 - 0.2s - loss: 0.3000 - accuracy: 0.5000\r{FinishedLine}{output.NewLine}",
            output.ToString());
    }

    [Fact]
    public void WhatIsLeft_TheMetrics_TheRate_AndTheBestEpoch_AreShown()
    {
        StringWriter output = new();
        ConsoleProgress progress = new(output);
        EpochResult result = new(3, 0.21, 1, 0.1412, null, TimeSpan.FromSeconds(0.2))
        {
            LearningRate = 5e-4,
            Metrics = new MetricValues([Metric.RocAuc, Metric.R2], [0.99, null]),
        };
        progress.Report(Finished() with { Result = result, Remaining = TimeSpan.FromSeconds(75), IsBest = true });

        Assert.Equal(
            "Epoch 3/10 ━━━━━━ 4000/4000 - 0.2s - 1:15 left - loss: 0.2100 - accuracy: 1.0000 - val_loss: 0.1412 - val_roc_auc: 0.9900 - lr: 5.0000e-04 - best"
            + output.NewLine,
            output.ToString());
    }

    [Fact]
    public void OnATerminal_WhatIsLeftStandsInUnfinishedLinesAlone()
    {
        StringWriter output = new();
        ConsoleProgress progress = new(output, inPlace: true);
        progress.Report(Running(2000) with { Remaining = TimeSpan.FromHours(30) });
        progress.Report(Finished() with { Remaining = TimeSpan.FromHours(30) });

        Assert.Contains("- 30:00:00 left -", output.ToString());
        Assert.Single(output.ToString().Split("left").Skip(1));
    }

    [Fact]
    public void OfFolds_EachNetworkHasALine()
    {
        StringWriter output = new();
        ConsoleProgress progress = new(output);
        FoldResult result = new()
        {
            Number = 0,
            TrainRows = 1,
            TestRows = 1,
            Metrics = new MetricValues([Metric.Loss, Metric.Accuracy], [0.5, 0.75]),
            Options = new TrainingOptions(),
            History = new TrainingHistory([]),
        };
        progress.Report(new FoldProgress { Completed = 5, Total = 15, Elapsed = TimeSpan.FromSeconds(2), Result = result });
        progress.Report(new FoldProgress { Completed = 15, Total = 15, Elapsed = TimeSpan.FromSeconds(6), Result = null });

        Assert.Equal(
            ["Network 5/15 ━━──── - 2.0s - 4.0s left - loss: 0.5000 - accuracy: 0.7500", "Network 15/15 ━━━━━━ - 6.0s - overflowed", ""],
            output.ToString().Split(output.NewLine));
    }

    [Fact]
    public void AShorterLine_CoversALongerOne()
    {
        StringWriter output = new();
        ConsoleProgress progress = new(output, inPlace: true);

        progress.Report(Running(2000) with { Loss = 12345.6 });
        progress.Report(Finished() with { Loss = 1, Accuracy = null, Result = new EpochResult(3, 1, null, null, null, TimeSpan.Zero) });

        string[] lines = output.ToString().TrimEnd('\r', '\n').Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines[0].Length, lines[1].Length);
    }

    [Fact]
    public void RegressionWithoutValidation_ShowsTheLossAlone_AndSmallOnesInScientificNotation()
    {
        StringWriter output = new();

        new ConsoleProgress(output).Report(Finished() with
        {
            Loss = 1.234e-5,
            Accuracy = null,
            Result = new EpochResult(3, 1.234e-5, null, null, null, TimeSpan.Zero),
        });

        Assert.Equal("Epoch 3/10 ━━━━━━ 4000/4000 - 0.2s - loss: 1.2340e-05" + output.NewLine, output.ToString());
    }

    [Theory]
    [InlineData(12.34, "12.3s")]
    [InlineData(0.24, "0.2s")]
    [InlineData(0.1, "0.1s")]
    [InlineData(0.099, "0.10s")]
    [InlineData(0.0312, "0.03s")]
    [InlineData(0.0042, "0.004s")]
    [InlineData(0, "0.000s")]
    public void ShortEpochs_ShowMoreDecimals(double seconds, string text)
    {
        StringWriter output = new();

        new ConsoleProgress(output).Report(Finished() with { Elapsed = TimeSpan.FromSeconds(seconds) });

        Assert.Contains($" 4000/4000 - {text} - loss", output.ToString());
    }

    [Fact]
    public void NumbersAreInvariant_AndTheBarFitsTheEncoding()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        using MemoryStream stream = new();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            using StreamWriter output = new(stream, Encoding.ASCII);
            new ConsoleProgress(output).Report(Finished());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.StartsWith("Epoch 3/10 ====== 4000/4000 - 0.2s - loss: 0.2100", Encoding.ASCII.GetString(stream.ToArray()));
    }

    private static TrainingProgress Running(int rows) => new()
    {
        Epoch = 3,
        Epochs = 10,
        Step = 300,
        Rows = rows,
        RowsInEpoch = 4000,
        Loss = 0.3,
        Accuracy = 0.5,
        Elapsed = TimeSpan.FromSeconds(0.2),
    };

    private static TrainingProgress Finished() => Running(4000) with
    {
        Loss = 0.21,
        Accuracy = 1,
        Result = new EpochResult(3, 0.21, 1, 0.1412, 1, TimeSpan.FromSeconds(0.2)),
    };
}
