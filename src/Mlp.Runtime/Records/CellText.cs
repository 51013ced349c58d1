using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>Values as files write them: numbers as in code, dates and times in ISO 8601, whatever the machine's culture and time zone.</summary>
internal static class CellText
{
    private static readonly string[] Dates = ["yyyy-MM-dd"];
    private static readonly string[] Times = ["HH:mm:ss.FFFFFFF", "HH:mm"];

    /// <summary>A date with a time, and perhaps with Z or an offset; a blank may stand for the T, and midnight may be left out.</summary>
    private static readonly string[] Instants =
        ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd"];

    /// <summary>Reads a value.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="value">The value.</param>
    public static bool TryParse<T>(ReadOnlySpan<char> text, out T value) where T : struct, ISpanParsable<T>
    {
        if (typeof(T) == typeof(DateOnly))
        {
            return Is(TryDate(text, out DateOnly date), date, out value);
        }

        if (typeof(T) == typeof(TimeOnly))
        {
            return Is(TimeOnly.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time), time, out value);
        }

        if (typeof(T) == typeof(DateTime))
        {
            return Is(TryDateTime(text, out DateTime instant), instant, out value);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            bool isRead = DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant);
            return Is(isRead, instant, out value);
        }

        return TryNumber(text, out value);
    }

    /// <summary>Why a text is no value of a type.</summary>
    public static string WhyNot<T>(ReadOnlySpan<char> text)
    {
        string quoted = QuotedText.Of(text.ToString());
        string type = typeof(T).Name;
        return typeof(T) == typeof(DateTime) && DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? $"'{quoted}' has an offset from UTC, which a DateTime cannot keep; a DateTimeOffset can"
            : IsTime(typeof(T)) ? $"'{quoted}' is no {type} in the form of ISO 8601, such as {(typeof(T) == typeof(TimeOnly) ? "17:30:00" : typeof(T) == typeof(DateOnly) ? "2026-03-01" : "2026-03-01T17:30:00")}"
            : !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || double.IsNaN(number) ? $"'{quoted}' is no {type}"
            : text.ContainsAnyInRange('0', '9') ? $"'{quoted}' is a number that no {type} holds"
            : $"'{quoted}' is no finite number";
    }

    private static bool TryDate(ReadOnlySpan<char> text, out DateOnly date)
    {
        if (DateOnly.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
        {
            return true;
        }

        // A date with midnight, as programs write dates that they keep as points in time.
        bool isDate = TryDateTime(text, out DateTime instant) && instant.TimeOfDay == TimeSpan.Zero;
        date = DateOnly.FromDateTime(instant);
        return isDate;
    }

    /// <summary>A point in time as its own clock shows it. An offset is refused: by it the time would be changed to that of this machine's zone.</summary>
    private static bool TryDateTime(ReadOnlySpan<char> text, out DateTime instant) =>
        DateTime.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out instant) && instant.Kind != DateTimeKind.Local;

    private static bool TryNumber<T>(ReadOnlySpan<char> text, out T value) where T : struct, ISpanParsable<T>
    {
        // Parsers take a comma for a separator of thousands, and NUL behind a number for its end.
        value = default;
        if (text.ContainsAny(',', '\0'))
        {
            return false;
        }

        if (T.TryParse(text, CultureInfo.InvariantCulture, out value))
        {
            return !IsInfinite(value);
        }

        if (typeof(T) == typeof(decimal))
        {
            return Is(decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number), number, out value);
        }

        // Whole numbers as other programs write them: 5.0 in columns that have missing ones, 1e6 where they are large.
        return Int128.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out Int128 whole)
            && T.TryParse(whole.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out value);
    }

    private static bool IsInfinite<T>(T value) => value switch
    {
        float single => float.IsInfinity(single),
        double number => double.IsInfinity(number),
        Half half => Half.IsInfinity(half),
        _ => false,
    };

    private static bool IsTime(Type type) => type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(DateTime) || type == typeof(DateTimeOffset);

    /// <summary>The same value by another name of its type.</summary>
    private static bool Is<TFrom, T>(bool isRead, TFrom read, out T value)
    {
        value = (T)(object)read!;
        return isRead;
    }
}
