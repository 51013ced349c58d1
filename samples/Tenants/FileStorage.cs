using System.Text.Json;
using Orleans.Storage;

namespace Tenants;

/// <summary>
/// Keeps grains in files of one folder that all silos see. A file is replaced whole, after it is on the disk; a version in it, checked under a lock file, refuses
/// what a second activation of the same grain would write over it.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class FileStorage(string folder) : IGrainStorage
{
    /// <summary>What grains call this storage by.</summary>
    public const string Name = "files";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Stored<T>? stored = await Read<T>(PathOf(stateName, grainId));
        grainState.RecordExists = stored is not null;
        grainState.ETag = stored?.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        grainState.State = stored is null ? Activator.CreateInstance<T>() : stored.State;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string path = PathOf(stateName, grainId);
        await using FileStream held = await Lock(path);
        long version = await CheckVersion(path, grainState) + 1;
        string temporary = path + ".new";
        await using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, new Stored<T>(version, grainState.State!));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        grainState.RecordExists = true;
        grainState.ETag = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string path = PathOf(stateName, grainId);
        await using FileStream held = await Lock(path);
        await CheckVersion(path, grainState);
        File.Delete(path);
        grainState.RecordExists = false;
        grainState.ETag = null;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static async Task<Stored<T>?> Read<T>(string path)
    {
        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return await JsonSerializer.DeserializeAsync<Stored<T>>(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The version in the file, 0 where there is none, if it is the one that the grain has read.</summary>
    private static async Task<long> CheckVersion<T>(string path, IGrainState<T> grainState)
    {
        long version = (await Read<T>(path))?.Version ?? 0;
        string present = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return present == (grainState.ETag ?? "0") ? version : throw new InconsistentStateException("Another activation has written meanwhile.", present, grainState.ETag);
    }

    /// <summary>Holds a file that one process alone can have open.</summary>
    private static async Task<FileStream> Lock(string path)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(10);
            }
        }
    }

    private string PathOf(string stateName, GrainId grainId) => Path.Combine(folder, $"{Uri.EscapeDataString(grainId.ToString())}.{stateName}.json");

    private sealed record Stored<T>(long Version, T State);
}
