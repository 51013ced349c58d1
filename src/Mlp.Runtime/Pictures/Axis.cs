using System.Globalization;

namespace Mlp;

/// <summary>An axis with ticks at 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    /// <summary>Values beyond it are held at it, so that nothing overflows on the way to a coordinate.</summary>
    private const double Largest = 1e200;

    /// <summary>Smaller ranges, relative to the values in them, have no ticks that doubles tell apart.</summary>
    private const double SmallestShare = 1e-11;

    private readonly double _low;
    private readonly double _span;
    private readonly bool _isLogarithmic;

    private Axis(double low, double high, bool isLogarithmic, IReadOnlyList<(double Value, string Label)> ticks)
    {
        _isLogarithmic = isLogarithmic;
        _low = Scaled(low);
        _span = Scaled(high) - _low;
        Ticks = [.. ticks.Where(tick => tick.Value >= low && tick.Value <= high)];
    }

    /// <summary>Values to mark, ascending, with their text.</summary>
    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic => _isLogarithmic;

    /// <summary>An axis of equal steps.</summary>
    /// <param name="values">What it should show; values that are not finite do not count.</param>
    /// <param name="ticks">About how many ticks there should be.</param>
    /// <param name="fromZero">Whether 0 is shown in any case.</param>
    /// <param name="exact">Whether it ends at the outermost values; else at the ticks around them.</param>
    public static Axis Linear(IEnumerable<double> values, int ticks, bool fromZero = false, bool exact = false)
    {
        (double low, double high) = Range(values);
        if (fromZero)
        {
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        }

        double least = Math.Max(SmallestShare * Math.Max(Math.Abs(low), Math.Abs(high)), 1 / Largest);
        if (!(high - low > least))
        {
            double half = low == 0 ? 0.5 : Math.Max(Math.Abs(low) * 0.1, 10 / Largest);
            (low, high) = (low - half, low + half);
        }

        (int factor, int exponent) = Step((high - low) / ticks);
        double step = Times(factor, exponent);
        long first = (long)Math.Floor(low / step);
        long last = (long)Math.Ceiling(high / step);

        // A quotient that rounding lifted over a whole number would add an empty step.
        first += Times((first + 1) * factor, exponent) <= low ? 1 : 0;
        last -= Times((last - 1) * factor, exponent) >= high ? 1 : 0;
        List<(double, string)> marks = [];
        for (long index = first; index <= last; index++)
        {
            marks.Add((Times(index * factor, exponent), Label(index * factor, exponent)));
        }

        return exact ? new(low, high, false, marks) : new(Times(first * factor, exponent), Times(last * factor, exponent), false, marks);
    }

    /// <summary>An axis of whole numbers, which ends at the outermost ones.</summary>
    public static Axis Whole(long low, long high, int ticks)
    {
        (int factor, int exponent) = Step(Math.Max((high - low) / (double)ticks, 1));
        double step = Times(factor, exponent);
        List<(double, string)> marks = [];
        for (long index = (long)Math.Ceiling(low / step); index * step <= high; index++)
        {
            marks.Add((index * step, Label(index * factor, exponent)));
        }

        // A range of one number has room on both sides.
        return low == high ? new(low - 1, high + 1, false, marks) : new(low, high, false, marks);
    }

    /// <summary>An axis of equal ratios, between 1, 2 or 5 times powers of ten.</summary>
    /// <param name="values">What it should show; only those that are finite and above 0 count.</param>
    public static Axis Logarithmic(IEnumerable<double> values)
    {
        (double low, double high) = Range(values.Where(static value => value > 0));
        if (!(low > 0))
        {
            (low, high) = (0.1, 1);
        }

        low = Math.Max(low, 1 / Largest);
        high = Math.Max(high, low);
        (int first, int last) = (Exponent(low), Exponent(high));
        int every = Math.Max((last - first + 5) / 6, 1);
        List<(double Value, string Label)> marks = [];
        List<double> ends = [];
        for (int exponent = first; exponent <= last + 1; exponent++)
        {
            foreach (int factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                ends.Add(Times(factor, exponent));
                if (last - first <= 2 || (factor == 1 && (exponent - first) % every == 0))
                {
                    marks.Add((ends[^1], Label(factor, exponent)));
                }
            }
        }

        double bottom = ends.Last(end => end <= low);
        return new(bottom, ends.First(end => end >= high && end > bottom), true, marks);
    }

    /// <summary>Where a value lies: 0 at the beginning of the axis, 1 at its end.</summary>
    public double Share(double value) => (Scaled(Math.Clamp(value, -10 * Largest, 10 * Largest)) - _low) / _span;

    /// <summary>The value at a share of an axis of equal steps.</summary>
    public double At(double share) => _low + (share * _span);

    /// <summary>Whether a value lies on the axis.</summary>
    public bool Shows(double value)
    {
        const double Rounding = 1e-9;
        return double.IsFinite(value) && (!_isLogarithmic || value > 0) && Share(value) is >= -Rounding and <= 1 + Rounding;
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                double held = Math.Clamp(value, -Largest, Largest);
                (low, high) = (Math.Min(low, held), Math.Max(high, held));
            }
        }

        return low <= high ? (low, high) : (0, 1);
    }

    /// <summary>The smallest 1, 2 or 5 times a power of ten that is at least the given step.</summary>
    private static (int Factor, int Exponent) Step(double least)
    {
        int exponent = Exponent(least);
        foreach (int factor in (ReadOnlySpan<int>)[1, 2, 5])
        {
            if (Times(factor, exponent) >= least * (1 - SmallestShare))
            {
                return (factor, exponent);
            }
        }

        return (1, exponent + 1);
    }

    /// <summary>The exponent of the largest power of ten that is at most the value.</summary>
    private static int Exponent(double value)
    {
        int exponent = (int)Math.Floor(ScalarMath.Log(value) / 2.302585092994046);
        return Times(1, exponent + 1) <= value ? exponent + 1 : Times(1, exponent) > value ? exponent - 1 : exponent;
    }

    /// <summary><c>number·10^exponent</c>, rounded once.</summary>
    private static double Times(long number, int exponent) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"{number}e{exponent}"), CultureInfo.InvariantCulture);

    /// <summary>The text of <c>number·10^exponent</c>: <c>0.05</c>, <c>20,000</c>, or <c>1.5e−7</c> for the very small and the very large.</summary>
    private static string Label(long number, int exponent)
    {
        if (number == 0)
        {
            return "0";
        }

        while (number % 10 == 0)
        {
            (number, exponent) = (number / 10, exponent + 1);
        }

        string digits = Math.Abs(number).ToString(CultureInfo.InvariantCulture);
        string sign = number < 0 ? "−" : "";
        int leading = digits.Length - 1 + exponent;
        if (leading is < -4 or > 5)
        {
            string fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return $"{sign}{digits[0]}{fraction}e{PictureText.WithMinus(leading.ToString(CultureInfo.InvariantCulture))}";
        }

        return exponent >= 0
            ? PictureText.WithMinus(PictureText.Count((long)Times(number, exponent)))
            : sign + (leading < 0 ? $"0.{new string('0', -leading - 1)}{digits}" : $"{digits[..(leading + 1)]}.{digits[(leading + 1)..]}");
    }

    private double Scaled(double value) => _isLogarithmic ? ScalarMath.Log(value) : value;
}
