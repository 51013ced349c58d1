using System.Globalization;
using System.Text;

namespace Mlp;

/// <summary>
/// The data of an SVG path, in tenths of a unit. Points are rounded first and their differences written, so that no error adds up and files stay small.
/// </summary>
internal sealed class PathData
{
    private readonly StringBuilder _data = new();
    private (long X, long Y) _at;
    private (long X, long Y) _start;

    /// <summary>Whether nothing has been drawn.</summary>
    public bool IsEmpty => _data.Length == 0;

    /// <summary>Begins a part of the path.</summary>
    public PathData Move(double x, double y)
    {
        (long X, long Y) to = (SvgNumber.Tenths(x), SvgNumber.Tenths(y));
        if (IsEmpty)
        {
            Append('M', to.X, to.Y);
        }
        else
        {
            Append('m', to.X - _at.X, to.Y - _at.Y);
        }

        (_at, _start) = (to, to);
        return this;
    }

    /// <summary>Draws a line to a point; nothing where it is the present one.</summary>
    public PathData Line(double x, double y)
    {
        (long X, long Y) to = (SvgNumber.Tenths(x), SvgNumber.Tenths(y));
        (long right, long down) = (to.X - _at.X, to.Y - _at.Y);
        if (right != 0 && down != 0)
        {
            Append('l', right, down);
        }
        else if (right != 0)
        {
            Append('h', right);
        }
        else if (down != 0)
        {
            Append('v', down);
        }

        _at = to;
        return this;
    }

    /// <summary>Closes the present part.</summary>
    public PathData Close()
    {
        _data.Append('z');
        _at = _start;
        return this;
    }

    /// <summary>A line of no length, which a round or square cap makes visible.</summary>
    public PathData Dot(double x, double y)
    {
        Move(x, y);
        _data.Append("h0");
        return this;
    }

    /// <summary>A closed polygon around a point.</summary>
    /// <param name="x">The point.</param>
    /// <param name="y">The point.</param>
    /// <param name="size">What the corners are multiplied by.</param>
    /// <param name="corners">The corners, relative to the point.</param>
    public PathData Polygon(double x, double y, double size, params ReadOnlySpan<(double X, double Y)> corners)
    {
        Move(x + (size * corners[0].X), y + (size * corners[0].Y));
        foreach ((double cornerX, double cornerY) in corners[1..])
        {
            Line(x + (size * cornerX), y + (size * cornerY));
        }

        return Close();
    }

    /// <summary>The text of the attribute <c>d</c>.</summary>
    public override string ToString() => _data.ToString();

    /// <summary>A sign separates numbers as well as a blank does.</summary>
    private void Append(char command, long first, long? second = null)
    {
        _data.Append(command);
        SvgNumber.AppendTenths(_data, first);
        if (second is long value)
        {
            if (value >= 0)
            {
                _data.Append(' ');
            }

            SvgNumber.AppendTenths(_data, value);
        }
    }
}

/// <summary>Numbers of pictures, with at most one decimal: the same text on every machine, whatever its culture.</summary>
internal static class SvgNumber
{
    /// <summary>A coordinate in tenths.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The coordinate is not finite or absurdly large: a mistake of the drawing code.</exception>
    public static long Tenths(double coordinate) => Math.Abs(coordinate) < 1e9
        ? (long)Math.Round(coordinate * 10)
        : throw new ArgumentOutOfRangeException(nameof(coordinate), coordinate, "A coordinate must lie in the picture.");

    /// <summary>The text of a coordinate.</summary>
    public static string Of(double coordinate)
    {
        StringBuilder text = new();
        AppendTenths(text, Tenths(coordinate));
        return text.ToString();
    }

    /// <summary>Appends a number of tenths.</summary>
    public static void AppendTenths(StringBuilder text, long tenths)
    {
        if (tenths < 0)
        {
            text.Append('-');
        }

        (long whole, long rest) = Math.DivRem(Math.Abs(tenths), 10);
        text.Append(whole.ToString(CultureInfo.InvariantCulture));
        if (rest != 0)
        {
            text.Append('.').Append((char)('0' + rest));
        }
    }
}
