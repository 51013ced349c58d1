namespace Mlp.CompilerServices;

/// <summary>Reads rows by what was fitted before.</summary>
/// <param name="fitted">What was fitted.</param>
internal sealed class EncodingReading(FittedEncoder fitted) : DataReading(fitted.Layout, FittedEncoder.SlotsOfMembers(fitted.Layout, fitted.Fits))
{
    private protected override int SlotOf(int column, string text) => fitted.Slot(column, text);

    private protected override int SlotOf(int column, long value) => fitted.Slot(column, value);

    private protected override int LabelOf(int column, string text) =>
        fitted.Label(column, text) is int label and >= 0 ? label : throw Refused(column, fitted.WhyNoClass(column, text));
}
