using System.Text.Json;

namespace Mlp.Runtime.Tests;

/// <summary>Files that several projects share: the folder <c>shared</c> beside the repository's own, where there is one.</summary>
internal static class SharedFiles
{
    /// <summary>The folder, or <see langword="null"/> where it is missing.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of a shared file, given by its parts below the folder.</summary>
    public static string PathOf(params string[] parts) =>
        Path.Combine([Folder ?? throw new DirectoryNotFoundException("There is no folder 'shared' beside the repository."), .. parts]);

    /// <summary>The cases of a file of golden reference vectors.</summary>
    public static IEnumerable<JsonElement> GoldenCases(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf("golden", file)));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(item => item.Clone())];
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "MlpGen.sln")))
                continue;

            string shared = Path.Combine(folder.Parent?.FullName ?? folder.FullName, "shared");
            return Directory.Exists(shared) ? shared : null;
        }

        return null;
    }
}

/// <summary>A test that reads <see cref="SharedFiles"/>, and is skipped where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedFiles.Folder is null)
            Skip = "Needs the folder 'shared' beside the repository.";
    }
}
