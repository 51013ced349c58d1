namespace Mlp;

/// <summary>
/// Writes files that appear complete or not at all, even if the process is killed: under a temporary name beside their place, then moved there.
/// </summary>
internal static class AtomicFile
{
    private const string TemporaryPrefix = ".mlpgen-";
    private const int MostLinks = 40;
    private const int MostAttempts = 10;

    /// <summary>Writes a file, following links, with the mode and owner of the one that it replaces.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">The path is no regular file, or it cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string destination = Resolve(path);
        FileStatus replaced = FileStatus.Of(path, destination);
        if ((Path.EndsInDirectorySeparator(path) ? "a folder" : replaced.OtherKind) is string kind)
        {
            throw new IOException($"'{path}' is {kind}, which a file cannot replace; give the path of a file.");
        }

        string folder = Path.GetDirectoryName(destination)!;
        string temporary = "";
        try
        {
            Sweep(folder);
            using FileStream stream = Create(folder, replaced.Exists, out temporary);
            try
            {
                write(stream);
                replaced.ApplyTo(stream.SafeFileHandle);
                stream.Flush(flushToDisk: true);

                // Moved while open, and so locked, which keeps sweeps from removing it as a leftover.
                File.Move(temporary, destination, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }

            FileStatus.SyncFolder(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The exception itself names the temporary file, which the caller does not know.
            string message = $"'{path}' could not be saved: {(temporary.Length > 0 ? error.Message.Replace(temporary, path, StringComparison.Ordinal) : error.Message)}";
            throw error switch
            {
                UnauthorizedAccessException => new UnauthorizedAccessException(message),
                DirectoryNotFoundException => new DirectoryNotFoundException(message),
                _ => new IOException(message, error.HResult),
            };
        }
    }

    /// <summary>
    /// The file that a path means, once all links in it are followed, including a link to a file that does not exist yet. Links of folders are
    /// resolved here too, because a target's <c>..</c> means a different folder once the link is followed.
    /// </summary>
    private static string Resolve(string path)
    {
        string resolved = Path.GetFullPath(path);
        string root = Path.GetPathRoot(resolved)!;
        Stack<string> rest = new(Parts(resolved[root.Length..]));
        resolved = root;
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            string reached = part == ".." ? Path.GetDirectoryName(resolved) ?? resolved : Path.Combine(resolved, part);
            if (part == ".." || new FileInfo(reached).LinkTarget is not string target)
            {
                resolved = reached;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"'{path}' could not be saved: its symbolic links lead in a circle, or through more than {MostLinks}.");
            }

            root = Path.GetPathRoot(target)!;
            resolved = root.Length > 0 ? root : resolved;
            foreach (string next in Parts(target[root.Length..]))
            {
                rest.Push(next);
            }
        }

        return resolved;
    }

    /// <summary>A file to be moved, locked as long as it is open.</summary>
    private static FileStream Create(string folder, bool isPrivate, out string path)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,

            // A shared lock: it keeps sweeps off, and lets readers in once the file is moved.
            Share = FileShare.Read | FileShare.Delete,
        };
        if (isPrivate && !OperatingSystem.IsWindows())
        {
            // Private until it has its final mode.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (int attempt = 1; ; attempt++)
        {
            path = Path.Combine(folder, $"{TemporaryPrefix}{Path.GetRandomFileName()}.tmp");
            try
            {
                FileStream stream = new(path, options);
                if (File.Exists(path) || attempt == MostAttempts)
                {
                    return stream;
                }

                stream.Dispose();
            }
            catch (IOException error) when (attempt < MostAttempts && error is not DirectoryNotFoundException)
            {
            }

            // A sweep came between its creation and its lock, and takes or has taken it for a leftover.
        }
    }

    /// <summary>Removes what killed processes left in the folder: nobody holds its lock. What cannot be removed stays.</summary>
    private static void Sweep(string folder)
    {
        try
        {
            foreach (string leftover in Directory.EnumerateFiles(folder, $"{TemporaryPrefix}*.tmp"))
            {
                try
                {
                    new FileStream(leftover, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The names that a path consists of, the last one first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".").Reverse();
}
