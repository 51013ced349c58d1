using System.Diagnostics;
using System.Globalization;

namespace Mlp;

/// <summary>
/// Prints a line an epoch:
/// <c>Epoch 3/10 ━━━━━━ 4000/4000 - 0.2s - loss: 0.2100 - accuracy: 1.0000 - val_loss: 0.1412 - val_accuracy: 1.0000 - lr: 0.0010 - best</c>.
/// Of a cross-validation or a search, a line a network: <c>Network 3/15 ━───── - 2.1s - 8.4s left - loss: 0.2100 - accuracy: 0.9561</c>.
/// </summary>
/// <remarks>
/// Metrics of validation follow its accuracy. The best epoch so far by validation is marked. While there is more to do, the time that it may take is shown.
/// On a terminal the line of the present epoch is updated in place, at most ten times a second; elsewhere only finished lines are written,
/// without control characters. Numbers are written as in code, whatever the machine's culture. Writes on the thread that reports.
/// </remarks>
public sealed class ConsoleProgress : IProgress<TrainingProgress>, IProgress<FoldProgress>
{
    private const int BarWidth = 6;
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromSeconds(0.1);

    private readonly TextWriter _output;
    private readonly bool _inPlace;
    private readonly char _done;
    private readonly char _left;
    private long _lastUpdate;
    private int _lastLength;

    /// <summary>Prints to a writer, or to the console.</summary>
    /// <param name="output">Receives finished lines only; where null, the console, updated in place if it is a terminal.</param>
    public ConsoleProgress(TextWriter? output = null)
        : this(output ?? Console.Out, inPlace: output is null && !Console.IsOutputRedirected)
    {
    }

    internal ConsoleProgress(TextWriter output, bool inPlace)
    {
        _output = output;
        _inPlace = inPlace;

        // An encoding that lacks the line would write a question mark of one byte.
        (_done, _left) = output.Encoding.GetByteCount("━") > 1 ? ('━', '─') : ('=', '-');
    }

    /// <summary>Updates the line of the present epoch, or finishes it.</summary>
    /// <param name="value">How far the run is.</param>
    public void Report(TrainingProgress value)
    {
        bool finished = value.Result is not null;
        if (finished || (_inPlace && Stopwatch.GetElapsedTime(_lastUpdate) >= UpdateInterval))
        {
            Write(Line(value), finished);
        }
    }

    /// <summary>Writes the line of a network that was trained and judged.</summary>
    /// <param name="value">How far the cross-validation or search is.</param>
    public void Report(FoldProgress value)
    {
        string line = $"Network {value.Completed}/{value.Total} {Bar(value.Completed, value.Total)} - {Seconds(value.Elapsed)}{Left(value.Remaining)}";
        Write(value.Result is null ? $"{line} - overflowed" : line + Parts("", value.Result.Metrics), finished: true);
    }

    private void Write(string line, bool finished)
    {
        _lastUpdate = Stopwatch.GetTimestamp();
        if (!_inPlace)
        {
            _output.WriteLine(line);
            return;
        }

        // Blanks cover what a longer line left behind.
        _output.Write('\r' + line.PadRight(_lastLength));
        _lastLength = finished ? 0 : line.Length;
        if (finished)
        {
            _output.WriteLine();
        }

        _output.Flush();
    }

    private string Line(TrainingProgress value)
    {
        // On a terminal a finished line stays as it is, and what was left then says nothing any more.
        string line = $"Epoch {value.Epoch}/{value.Epochs} {Bar(value.Rows, value.RowsInEpoch)} {value.Rows}/{value.RowsInEpoch} - {Seconds(value.Elapsed)}"
            + (_inPlace && value.Result is not null ? "" : Left(value.Remaining))
            + Part("loss", value.Loss)
            + Part("accuracy", value.Accuracy);
        return value.Result is not EpochResult result ? line : line
            + Part("val_loss", result.ValidationLoss)
            + Part("val_accuracy", result.ValidationAccuracy)
            + Parts("val_", result.Metrics)
            + (result.LearningRate > 0 ? Part("lr", result.LearningRate) : "")
            + (value.IsBest ? " - best" : "");
    }

    private string Bar(long done, long total)
    {
        int width = (int)(BarWidth * done / total);
        return new string(_done, width) + new string(_left, BarWidth - width);
    }

    private static string Left(TimeSpan remaining) => remaining > TimeSpan.Zero ? $" - {Seconds(remaining)} left" : "";

    /// <summary>
    /// Tenths of a second, or for short times what would be zeros in them: hundredths, at most thousandths; from a minute on minutes and seconds.
    /// </summary>
    private static string Seconds(TimeSpan time)
    {
        double seconds = time.TotalSeconds;
        return seconds < 60 ? seconds.ToString(seconds >= 0.1 ? "F1" : seconds >= 0.01 ? "F2" : "F3", CultureInfo.InvariantCulture) + "s"
            : seconds < 3600 ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}");
    }

    private static string Parts(string prefix, MetricValues metrics) => string.Concat(metrics.Select(metric => Part(prefix + metric.Key.Name, metric.Value)));

    /// <summary>A number with four decimals, or in scientific notation where those would be zeros.</summary>
    private static string Part(string name, double? value) => value is not double number
        ? ""
        : $" - {name}: {number.ToString(number is > 0 and < 1e-3 ? "0.0000e-00" : "F4", CultureInfo.InvariantCulture)}";
}
