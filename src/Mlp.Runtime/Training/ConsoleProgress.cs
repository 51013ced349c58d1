using System.Diagnostics;
using System.Globalization;

namespace Mlp;

/// <summary>
/// Prints a line an epoch:
/// <c>Epoch 3/10 ━━━━━━ 4000/4000 - 0.2s - loss: 0.2100 - accuracy: 1.0000 - val_loss: 0.1412 - val_accuracy: 1.0000</c>.
/// </summary>
/// <remarks>
/// On a terminal the line of the present epoch is updated in place, at most ten times a second; elsewhere only finished lines are written,
/// without control characters. Numbers are written as in code, whatever the machine's culture. Writes on the thread that reports.
/// </remarks>
public sealed class ConsoleProgress : IProgress<TrainingProgress>
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
        if (!finished && (!_inPlace || Stopwatch.GetElapsedTime(_lastUpdate) < UpdateInterval))
        {
            return;
        }

        _lastUpdate = Stopwatch.GetTimestamp();
        string line = Line(value);
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
        int done = (int)((long)BarWidth * value.Rows / value.RowsInEpoch);
        string bar = new string(_done, done) + new string(_left, BarWidth - done);
        return $"Epoch {value.Epoch}/{value.Epochs} {bar} {value.Rows}/{value.RowsInEpoch} - {Seconds(value.Elapsed.TotalSeconds)}s"
            + Part("loss", value.Loss)
            + Part("accuracy", value.Accuracy)
            + Part("val_loss", value.Result?.ValidationLoss)
            + Part("val_accuracy", value.Result?.ValidationAccuracy);
    }

    /// <summary>Tenths of a second, or for short epochs what would be zeros in them: hundredths, at most thousandths.</summary>
    private static string Seconds(double seconds) =>
        seconds.ToString(seconds >= 0.1 ? "F1" : seconds >= 0.01 ? "F2" : "F3", CultureInfo.InvariantCulture);

    /// <summary>A number with four decimals, or in scientific notation where those would be zeros.</summary>
    private static string Part(string name, double? value) => value is not double number
        ? ""
        : $" - {name}: {number.ToString(number is > 0 and < 1e-3 ? "0.0000e-00" : "F4", CultureInfo.InvariantCulture)}";
}
