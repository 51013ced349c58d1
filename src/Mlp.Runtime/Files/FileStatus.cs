using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mlp;

/// <summary>What a path leads to, as far as the framework or Linux tells: whether it is a file, its mode and its owner.</summary>
internal readonly unsafe struct FileStatus
{
    private readonly UnixFileMode? _mode;
    private readonly (uint User, uint Group)? _owner;

    private FileStatus(string? otherKind, UnixFileMode? mode, (uint User, uint Group)? owner)
    {
        Exists = true;
        OtherKind = otherKind;
        _mode = mode;
        _owner = owner;
    }

    /// <summary>Whether there is anything.</summary>
    public bool Exists { get; }

    /// <summary>What it is if it is no regular file: <c>a folder</c>. Systems other than Linux recognise folders only.</summary>
    public string? OtherKind { get; }

    /// <summary>The status of what a path leads to, links followed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="target">The same with its links resolved: on some systems a dangling link looks like a file.</param>
    public static FileStatus Of(string path, string target)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return OfLinux(Path.GetFullPath(path));
            }
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
        }

        return Directory.Exists(target) ? new FileStatus("a folder", null, null)
            : !File.Exists(target) ? default
            : new FileStatus(null, OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(target), null);
    }

    /// <summary>Gives an open file this mode and, where that is allowed, this owner.</summary>
    public void ApplyTo(SafeFileHandle file)
    {
        if (_owner is { } owner)
        {
            // The group first: after giving the file away it can no longer be changed. Refusals are ignored.
            _ = ChangeOwner((int)file.DangerousGetHandle(), uint.MaxValue, owner.Group);
            _ = ChangeOwner((int)file.DangerousGetHandle(), owner.User, uint.MaxValue);
        }

        if (_mode is { } mode && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }
    }

    /// <summary>Makes a folder's entries outlive a loss of power, where the system has a way and the folder may be read.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int CloseOnExecute = 0x80000;
        fixed (byte* path = Terminated(folder))
        {
            using SafeFileHandle handle = new(Open(path, OperatingSystem.IsLinux() ? CloseOnExecute : 0), ownsHandle: true);
            if (!handle.IsInvalid)
            {
                RandomAccess.FlushToDisk(handle);
            }
        }
    }

    private static FileStatus OfLinux(string path)
    {
        const int CurrentFolder = -100;
        const uint BasicFields = 0x7ff;
        const int Regular = 0x8000;
        Span<byte> fields = stackalloc byte[256];
        fixed (byte* name = Terminated(path), start = fields)
        {
            if (StatX(CurrentFolder, name, 0, BasicFields, start) != 0)
            {
                return default;
            }
        }

        int mode = BinaryPrimitives.ReadUInt16LittleEndian(fields[28..]);
        string? otherKind = (mode & 0xf000) switch
        {
            Regular => null,
            0x4000 => "a folder",
            0x2000 or 0x6000 => "a device",
            0x1000 => "a pipe",
            0xc000 => "a socket",
            _ => "no regular file",
        };
        return new FileStatus(
            otherKind, (UnixFileMode)(mode & 0xfff), (BinaryPrimitives.ReadUInt32LittleEndian(fields[20..]), BinaryPrimitives.ReadUInt32LittleEndian(fields[24..])));
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(int folder, byte* path, int flags, uint mask, byte* result);

    [DllImport("libc", EntryPoint = "fchown")]
    private static extern int ChangeOwner(int file, uint user, uint group);

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte* path, int flags);
}
