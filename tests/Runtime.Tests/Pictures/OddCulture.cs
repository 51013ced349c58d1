using System.Globalization;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>While it lasts, numbers are written as in cultures with other signs than the invariant one: those of German and of Arabic, and odder ones.</summary>
internal sealed class OddCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public OddCulture(string decimalSeparator, string negativeSign) => CultureInfo.CurrentCulture = new CultureInfo("")
    {
        NumberFormat =
        {
            NumberDecimalSeparator = decimalSeparator,
            PercentDecimalSeparator = decimalSeparator,
            NumberGroupSeparator = "'",
            NegativeSign = negativeSign,
            NaNSymbol = "nothing",
        },
    };

    public static TheoryData<string, string> All => new()
    {
        { ",", "-" }, // German.
        { "٫", "\u061C-" }, // Arabic: a mark of direction before the sign.
        { "_", "minus" },
    };

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
