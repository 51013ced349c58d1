using System.Globalization;

namespace Mlp;

/// <summary>The files of a folder of checkpoints.</summary>
/// <param name="folder">The folder.</param>
internal sealed class CheckpointFolder(string folder)
{
    private const string Prefix = "step-";
    private const string Extension = ".safetensors";

    /// <summary>The network of the best epoch.</summary>
    public string BestPath { get; } = Path.Combine(folder, "best" + Extension);

    /// <summary>The checkpoint of a step.</summary>
    public string PathOf(long step) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Extension}"));

    /// <summary>Makes the folder where it does not exist.</summary>
    public void Create() => Directory.CreateDirectory(folder);

    /// <summary>The newest checkpoint that is whole; null where the folder has none at all.</summary>
    /// <param name="layout">The network's architecture.</param>
    /// <exception cref="InvalidDataException">There are some, and none is whole.</exception>
    public (string Path, ReadOnlyMemory<byte> Run)? Newest(NetworkLayout layout)
    {
        List<string> problems = [];
        foreach ((_, string path) in Files())
        {
            try
            {
                return (path, Checkpoint.LoadRun(layout, path));
            }
            catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                problems.Add(error.Message);
            }
        }

        if (problems.Count > 0)
        {
            throw new InvalidDataException(
                $"No checkpoint in '{folder}' is whole, and training does not begin anew by itself: {string.Join(" ", problems)} Put a copy back, or remove them to begin anew.");
        }

        return File.Exists(BestPath)
            ? throw new IOException($"'{folder}' has '{Path.GetFileName(BestPath)}' of another run, which a new one would replace, and no checkpoint; move it, or give another folder.")
            : null;
    }

    /// <summary>Removes checkpoints that are no longer wanted. One that cannot be removed stays, until the next time.</summary>
    /// <param name="newest">The step of the newest that is whole. Later ones are damaged, and will be replaced.</param>
    /// <param name="keep">How many to keep up to that.</param>
    public void RemoveBefore(long newest, int keep) => Remove(Files().Where(file => file.Step <= newest).Skip(keep).Select(static file => file.Path));

    /// <summary>Removes what the folder holds of other runs.</summary>
    /// <param name="step">The step of this one's only checkpoint.</param>
    public void RemoveOthers(long step) => Remove([.. Files().Where(file => file.Step != step).Select(static file => file.Path), BestPath]);

    private static void Remove(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    /// <summary>The checkpoints, newest first.</summary>
    private IEnumerable<(long Step, string Path)> Files() => !Directory.Exists(folder) ? [] :
        from path in Directory.GetFiles(folder, $"{Prefix}*{Extension}")
        let number = Path.GetFileName(path)[Prefix.Length..^Extension.Length]
        let step = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1
        where step >= 0
        orderby step descending
        select (step, path);
}
