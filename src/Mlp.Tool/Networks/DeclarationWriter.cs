using System.Globalization;
using System.Text;

namespace Mlp.Tool;

/// <summary>Writes the class that a file of weights belongs to, as its user would.</summary>
internal static class DeclarationWriter
{
    private const float DefaultEpsilon = 1e-5f;

    /// <summary>The class's file.</summary>
    /// <param name="layout">The network's layout.</param>
    /// <param name="name">Name of the class.</param>
    /// <param name="space">Its namespace; null for the global one.</param>
    /// <param name="source">What it was imported from, for people.</param>
    public static string Write(NetworkLayout layout, string name, string? space, string source)
    {
        StringBuilder text = new();
        text.Append("using Mlp;\n\n");
        if (space is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {space};\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"/// <summary>Imported from {Escaped(source)}: <c>{name}.Load(\"{name}.safetensors\")</c> has its weights.</summary>\n");
        text.Append(CultureInfo.InvariantCulture, $"[Input({layout.InputSize}{(layout.Standardize ? ", Standardize = true" : "")})]\n");
        foreach (DenseLayout layer in layout.Layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"[Dense({layer.Outputs}{Arguments(layer)})]\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"[Loss({layout.Loss})]\npublic partial class {name};\n");
        return text.ToString();
    }

    private static string Arguments(DenseLayout layer)
    {
        StringBuilder arguments = new();
        if (layer.Activation != Activation.Linear)
        {
            arguments.Append(CultureInfo.InvariantCulture, $", {layer.Activation}");
        }

        if (!IsDefaultName(layer.Name))
        {
            arguments.Append(CultureInfo.InvariantCulture, $", Name = \"{layer.Name}\"");
        }

        if ((layer.Activation, layer.Alpha) is (Activation.LeakyRelu, not 0.01f) or (Activation.Elu, not 1))
        {
            arguments.Append(CultureInfo.InvariantCulture, $", Alpha = {layer.Alpha}");
        }

        arguments.Append(layer.HasBias ? "" : ", Bias = false");
        arguments.Append(layer.IsResidual ? ", Residual = true" : "");
        if (layer.IsNormalized)
        {
            arguments.Append(CultureInfo.InvariantCulture, $", Normalization = Normalization.{layer.Normalization}");
            arguments.Append(layer.NormalizationEpsilon == DefaultEpsilon ? "" : string.Create(CultureInfo.InvariantCulture, $", NormalizationEpsilon = {layer.NormalizationEpsilon}"));
        }

        return arguments.ToString();
    }

    private static bool IsDefaultName(string name) => name.StartsWith("Layer", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out _);

    private static string Escaped(string text) => QuotedText.Of(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
