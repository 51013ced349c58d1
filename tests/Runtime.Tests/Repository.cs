namespace Mlp.Runtime.Tests;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find()
        ?? throw new DirectoryNotFoundException("The tests run outside the repository: no MlpGen.sln above them.");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MlpGen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
