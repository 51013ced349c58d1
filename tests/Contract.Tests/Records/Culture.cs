using System.Globalization;

namespace Contract.Tests.Records;

/// <summary>While it lasts, numbers and dates are written as in another language, also where the machine has no culture but the invariant one.</summary>
internal sealed class Culture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    /// <param name="language">de, fa or tr; anything else is the invariant culture.</param>
    public Culture(string language)
    {
        CultureInfo culture = new("");
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = language switch
        {
            "de" or "tr" => (",", ".", "-"),
            "fa" => ("\u066B", "\u066C", "\u200E\u2212"),
            _ => (".", ",", "-"),
        };
        culture.DateTimeFormat.ShortDatePattern = language == "fa" ? "yyyy/M/d" : "dd.MM.yyyy";
        culture.DateTimeFormat.DateSeparator = language == "fa" ? "/" : ".";
        culture.DateTimeFormat.TimeSeparator = language == "tr" ? "." : ":";
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
