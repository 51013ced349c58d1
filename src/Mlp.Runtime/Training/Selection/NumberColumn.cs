using System.Globalization;

namespace Mlp;

/// <summary>Numbers of one column of a table: all with as many decimals as the largest one needs for five digits.</summary>
internal sealed class NumberColumn
{
    private readonly string _format;

    /// <param name="values">The column's values; undefined ones are null or NaN.</param>
    public NumberColumn(IEnumerable<double?> values)
    {
        double largest = values.Select(static value => Math.Abs(value ?? 0)).Where(double.IsFinite).DefaultIfEmpty().Max();
        int decimals = 4;
        for (double limit = 10; decimals > 0 && largest >= limit; limit *= 10)
        {
            decimals--;
        }

        for (double limit = 0.1; decimals < 9 && largest > 0 && largest < limit; limit /= 10)
        {
            decimals++;
        }

        _format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A number of the column.</summary>
    public string Text(double? value) => value is double number && !double.IsNaN(number)
        ? number.ToString(_format, CultureInfo.InvariantCulture)
        : TextTable.Undefined;
}
