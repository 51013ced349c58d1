using System.Globalization;
using System.Text;
using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>Names of generated files: <c>My.App.Outer+Net.g.cs</c>, <c>My.App.Outer+Net.Backward.g.cs</c>.</summary>
internal static class HintName
{
    /// <param name="model">Its full metadata name keeps nested and same-named classes apart.</param>
    /// <param name="stage">What the file holds, or empty for the face of the class.</param>
    public static string Of(NetworkModel model, string stage = "")
    {
        StringBuilder name = new();
        foreach (char c in model.MetadataName)
        {
            // Never '-' itself, which no C# name contains, so that different names stay different.
            name.Append(char.IsLetterOrDigit(c) || c is '.' or '_' or '+' ? $"{c}" : Escape(c, "X4"));
        }

        if (model.HasNameTwin)
        {
            name.Append(Escape(Hash(model.MetadataName), "x8"));
        }

        return name.Append(stage.Length == 0 ? "" : ".").Append(stage).Append(".g.cs").ToString();
    }

    private static string Escape(uint value, string format) => "-" + value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>FNV-1a with 32 bits: unlike <see cref="string.GetHashCode()"/> the same in every process.</summary>
    private static uint Hash(string text) => text.Aggregate(2166136261u, static (hash, c) => unchecked((hash ^ c) * 16777619u));
}
