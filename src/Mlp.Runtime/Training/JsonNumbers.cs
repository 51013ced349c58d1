using System.Globalization;
using System.Text.Json;

namespace Mlp;

/// <summary>Numbers in JSON that keep all their bits, infinities and NaN as text.</summary>
internal static class JsonNumbers
{
    /// <summary>Writes a number.</summary>
    public static void WriteDouble(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Writes a number, or null.</summary>
    public static void WriteDouble(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number)
        {
            json.WriteDouble(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Reads a number.</summary>
    public static double Double(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? double.Parse(element.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
        : element.GetDouble();

    /// <summary>Reads a number that may be null.</summary>
    public static double? NullableDouble(this JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.Double();
}
