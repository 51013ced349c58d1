using System.Globalization;
using System.Text;
using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>
/// Names of generated files: <c>My.App.Outer+Net.g.cs</c>, <c>My.App.Outer+Net.Backward.g.cs</c>. They differ by more than case, whatever the classes
/// are called, and fit a disk.
/// </summary>
internal static class HintName
{
    /// <summary>Bytes in UTF-8 of the longest name: some disks take 255, and some systems no more than 260 characters for the whole path.</summary>
    public const int MaxBytes = 120;

    private const string Extension = ".g.cs";

    /// <summary>What is left for the class, before a hash and the longest stage.</summary>
    private static readonly int MaxClassBytes = MaxBytes - Hash("").Length - ".Backward".Length - Extension.Length;

    /// <param name="model">Its full metadata name keeps nested and same-named classes apart.</param>
    /// <param name="stage">What the file holds, or empty for the face of the class.</param>
    public static string Of(NetworkModel model, string stage = "")
    {
        StringBuilder name = new();
        foreach (char c in model.MetadataName)
        {
            // Never '-' itself, which no C# name contains, so that different names stay different.
            name.Append(char.IsLetterOrDigit(c) || c is '.' or '_' or '+' ? $"{c}" : "-" + ((uint)c).ToString("X4", CultureInfo.InvariantCulture));
        }

        bool isTooLong = Encoding.UTF8.GetByteCount(name.ToString()) > MaxClassBytes;
        while (isTooLong && Encoding.UTF8.GetByteCount(name.ToString()) > MaxClassBytes)
        {
            name.Length--;
        }

        if (isTooLong || model.HasNameTwin)
        {
            name.Append(Hash(model.MetadataName));
        }

        return name.Append(stage.Length == 0 ? "" : ".").Append(stage).Append(Extension).ToString();
    }

    /// <summary>FNV-1a with 64 bits: unlike <see cref="string.GetHashCode()"/> the same in every process. No escaped name has two '-' in a row.</summary>
    private static string Hash(string text) =>
        "--" + text.Aggregate(14695981039346656037UL, static (hash, c) => unchecked((hash ^ c) * 1099511628211UL)).ToString("x16", CultureInfo.InvariantCulture);
}
