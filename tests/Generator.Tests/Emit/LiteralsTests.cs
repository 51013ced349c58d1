using System.Globalization;

namespace Generator.Tests.Emit;

public class LiteralsTests
{
    [Theory]
    [InlineData(0f, "0f")]
    [InlineData(0.1f, "0.1f")]
    [InlineData(-2.5f, "-2.5f")]
    [InlineData(1f / 3f, "0.33333334f")]
    [InlineData(16_777_216f, "16777216f")]
    [InlineData(1e-8f, "1E-08f")]
    [InlineData(float.MaxValue, "3.4028235E+38f")]
    [InlineData(float.Epsilon, "1.4013E-45f")]
    [InlineData(float.NaN, "float.NaN")]
    [InlineData(float.PositiveInfinity, "float.PositiveInfinity")]
    [InlineData(float.NegativeInfinity, "float.NegativeInfinity")]
    public void Single_IsItsShortestLiteral(float value, string expected) => Assert.Equal(expected, Literals.Of(value));

    [Fact]
    public void EverySingle_ReadsBackAsItself()
    {
        for (uint bits = 1; bits < 0x7F800000; bits += 999_983)
        {
            float value = BitConverter.UInt32BitsToSingle(bits);
            string literal = Literals.Of(value);

            Assert.EndsWith("f", literal, StringComparison.Ordinal);
            Assert.Equal(value, float.Parse(literal.AsSpan(..^1), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Numbers_DoNotFollowTheCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "minus ";
        odd.NumberFormat.NumberDecimalSeparator = "_";
        odd.NumberFormat.NumberGroupSeparator = "'";
        odd.NumberFormat.NaNSymbol = "nothing";
        try
        {
            CultureInfo.CurrentCulture = odd;

            Assert.Equal("-0.5f", Literals.Of(-0.5f));
            Assert.Equal("-12", Literals.Of(-12));
            Assert.Equal("float.NaN", Literals.Of(float.NaN));
            Assert.Equal("266,610", Literals.Grouped(266_610));
            Assert.Equal("0.25", Literals.Short(0.25));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
