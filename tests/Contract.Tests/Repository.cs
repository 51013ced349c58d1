using System.Runtime.CompilerServices;

namespace Contract.Tests;

internal static class Repository
{
    /// <summary>The lines of a file beside this one.</summary>
    public static string[] Lines(string name, [CallerFilePath] string path = "") => File.ReadAllLines(Path.Combine(Path.GetDirectoryName(path)!, name));
}
