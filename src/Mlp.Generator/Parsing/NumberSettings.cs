using System.Globalization;
using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;

namespace Mlp.Generator.Parsing;

/// <summary>Reads the optional numbers of an attribute.</summary>
/// <param name="attribute">Where they are properties.</param>
/// <param name="owner">What has them, as messages call it: <c>Layer 2</c>.</param>
/// <param name="problems">Receives what is wrong.</param>
internal sealed class NumberSettings(NetworkAttribute attribute, string owner, ProblemList problems)
{
    /// <summary>A number as messages write it, under every culture.</summary>
    public static string Format(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A property's value; null where it is not set or, which is reported, out of range.</summary>
    public double? Read(string name, NumberRange range) =>
        attribute.Property<double>(name) is double value ? Check(value, range, name, attribute.PlaceOfProperty(name)) : null;

    /// <summary>A property's value; null where it is not set or, which is reported, out of range or of no use for what was chosen.</summary>
    /// <param name="name">The property.</param>
    /// <param name="range">What it can be.</param>
    /// <param name="choice">What the attribute chooses; null where that is not known.</param>
    /// <param name="users">The choices that read the property.</param>
    public double? ReadFor<T>(string name, NumberRange range, T? choice, params T[] users) where T : struct, Enum =>
        HasUse(name, choice, users) ? Read(name, range) : null;

    /// <summary>Whether a property is of use for what was chosen, or not set; if not, it is reported.</summary>
    public bool HasUse<T>(string name, T? choice, params T[] users) where T : struct, Enum
    {
        if (choice is not T chosen || users.Contains(chosen) || !attribute.HasValue(name))
        {
            return true;
        }

        string others = string.Join(", ", users.Take(users.Length - 1).Select(Name));
        string last = Name(users[users.Length - 1]);
        problems.Add(
            Descriptors.UnusedSetting, attribute.PlaceOfProperty(name), name, owner, Name(chosen), others == "" ? last : $"{others} or {last}");
        return false;
    }

    /// <summary>The value, of which nothing is left where it is 0 as float; null where it is out of range, which is reported.</summary>
    public double? Check(double value, NumberRange range, string name, Location place)
    {
        float rounded = (float)value;
        if (range.Contains(rounded))
        {
            return rounded == 0 ? 0 : value;
        }

        string becomes = rounded == value || double.IsNaN(value) ? "" : $", as float {Format(rounded)}";
        problems.Add(Descriptors.NumberOutOfRange, place, name, owner, Format(value) + becomes, range.Text);
        return null;
    }

    /// <summary>As a declaration writes it; activations and losses are static usings.</summary>
    private static string Name<T>(T value) where T : struct, Enum =>
        value is Activation or LossFunction ? $"{value}" : $"{typeof(T).Name}.{value}";
}
