using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Mlp.Hosting;

/// <summary>What tells one state of a file from another, without reading all of it.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was written last.</param>
/// <param name="Beginning">
/// A hash of its first bytes. The header of a network's file has the digest of all weights, so files of the same length and time differ here.
/// </param>
internal readonly record struct FileStamp(long Length, DateTime Written, string Beginning)
{
    private const int BytesOfBeginning = 64 * 1024;

    /// <summary>The stamp of what a path leads to, through links.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The stamp; null where there is no such file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileStamp? Of(string path)
    {
        try
        {
            // By its handle: a path's own times are those of a link where it is one.
            using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            byte[] beginning = new byte[Math.Min(length, BytesOfBeginning)];
            int read = RandomAccess.Read(file, beginning, 0);
            return new FileStamp(length, File.GetLastWriteTimeUtc(file), Convert.ToHexString(SHA256.HashData(beginning.AsSpan(0, read))));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
