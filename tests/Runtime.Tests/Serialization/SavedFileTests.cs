using System.Diagnostics;
using System.Net.Sockets;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>What saving does to the file at the path, and to files beside it.</summary>
public sealed class SavedFileTests : IDisposable
{
    private static readonly NetworkLayout Layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 3, Activation.Tanh), ("Layer2", 1, Activation.Linear)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Links_AreFollowed_ToTheirEnd()
    {
        string target = At("target");
        Save(1, target);
        File.CreateSymbolicLink(At("link"), "target");
        File.CreateSymbolicLink(At("second"), At("link"));

        Save(2, At("second"));

        AssertSeed(2, target);
        Assert.Equal("target", new FileInfo(At("link")).LinkTarget);
        Assert.Equal(At("link"), new FileInfo(At("second")).LinkTarget);
        Assert.Equal([At("link"), At("second"), target], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void ALinkToNothing_MakesItsTarget()
    {
        Directory.CreateDirectory(At("models"));
        File.CreateSymbolicLink(At("link"), "models/new");

        Save(3, At("link"));

        AssertSeed(3, At("models/new"));
        Assert.Equal("models/new", new FileInfo(At("link")).LinkTarget);
    }

    [Fact]
    public void ALinkThroughALinkedFolder_MeansWhatTheSystemMeans()
    {
        Directory.CreateDirectory(At("deep/inner"));
        File.CreateSymbolicLink(At("folder"), "deep/inner");
        File.CreateSymbolicLink(At("deep/inner/link"), "../file");

        Save(4, At("folder/link"));

        AssertSeed(4, At("deep/file"));
        AssertSeed(4, At("folder/link"));
        Assert.False(File.Exists(At("file")));
    }

    [Fact]
    public void LinksInACircle_AreRefused()
    {
        File.CreateSymbolicLink(At("a"), At("b"));
        File.CreateSymbolicLink(At("b"), At("a"));

        Assert.Contains(At("a"), Assert.Throws<IOException>(() => Save(1, At("a"))).Message);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead)]
    public void TheModeOfWhatIsReplaced_IsKept(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Save(1, At("file"));
        File.SetUnixFileMode(At("file"), mode);
        File.CreateSymbolicLink(At("link"), "file");

        Save(2, At("link"));

        Assert.Equal(mode, File.GetUnixFileMode(At("file")));
        AssertSeed(2, At("file"));
    }

    [Fact]
    public void ANewFile_HasTheModeOfAnyNewFile()
    {
        File.WriteAllText(At("other"), "");

        Save(1, At("file"));

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(At("other")) == File.GetUnixFileMode(At("file")));
    }

    [Fact]
    public void TheOwnerOfWhatIsReplaced_IsKept_WhereThatIsAllowed()
    {
        Save(1, At("file"));
        if (!Run("chown", "12345:23456", At("file")))
        {
            return;
        }

        Save(2, At("file"));

        Assert.True(Run("sh", "-c", $"[ $(stat -c %u:%g '{At("file")}') = 12345:23456 ]"));
    }

    [Fact]
    public void WhatIsNoFile_IsRefused_AndStays()
    {
        Directory.CreateDirectory(At("occupied"));
        AssertRefused(At("occupied"), "a folder");
        AssertRefused(At("new") + Path.DirectorySeparatorChar, "a folder");
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At("socket")));
        AssertRefused(At("socket"), "a socket");
        if (Run("mkfifo", At("pipe")))
        {
            File.CreateSymbolicLink(At("linked pipe"), "pipe");
            AssertRefused(At("pipe"), "a pipe");
            AssertRefused(At("linked pipe"), "a pipe");
        }

        if (Run("mknod", At("null"), "c", "1", "3"))
        {
            AssertRefused(At("null"), "a device");
            Assert.True(Run("test", "-c", At("null")));
        }
    }

    [Fact]
    public void WhatKilledProcessesLeft_IsSwept_WhateverFileItWasFor_AndNothingElse()
    {
        string left = Leftover("net");
        string others = Leftover("other");
        File.WriteAllText(At(left), "half a network");
        File.WriteAllText(At(others), "half of another");
        File.WriteAllText(At("notes.tmp"), "not ours");

        Save(1, At("net"));

        Assert.Equal([At("net"), At("notes.tmp")], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void WhatALivingProcessWrites_IsNotSwept()
    {
        string left = Leftover("net");
        using (new FileStream(At(left), FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete))
        {
            Save(1, At("net"));
            Assert.True(File.Exists(At(left)));
        }

        Save(2, At("net"));
        Assert.False(File.Exists(At(left)));
    }

    [Fact]
    public void Errors_NameThePathAlone()
    {
        foreach (string path in (string[])[At("missing/net"), At(new string('n', 400))])
        {
            string text = Assert.ThrowsAny<IOException>(() => Save(1, path)).ToString();
            Assert.Contains(path, text);
            Assert.DoesNotContain(".mlpgen-", text);
        }

        // Names of 255 bytes are the longest of most systems.
        Save(1, At(new string('n', 255)));
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return;
        }

        Directory.CreateDirectory(At("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string denied = Assert.Throws<UnauthorizedAccessException>(() => Save(1, At("closed/net"))).ToString();
        Assert.Contains(At("closed/net"), denied);
        Assert.DoesNotContain(".mlpgen-", denied);
    }

    [Fact]
    public void SavesAtOnce_LeaveOneWholeFile()
    {
        Save(0, At("net"));
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, part =>
        {
            for (int i = 0; i < 25; i++)
            {
                Save(part, At("net"));
                NetworkState loaded = NetworkFile.Load(Layout, At("net"));
                Assert.True(FileBytes.AreSame(new NetworkState(Layout, loaded.Seed), loaded));
            }
        });

        Assert.Equal([At("net")], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void AStream_IsFlushed()
    {
        using MemoryStream end = new();
        BufferedStream buffered = new(end, 1 << 20);

        NetworkFile.Save(new NetworkState(Layout, 1), buffered);

        Assert.Equal(FileBytes.Saved(new NetworkState(Layout, 1)), end.ToArray());
    }

    [Fact]
    public void ANetworkThatIsTrainedOnMeanwhile_IsSavedWhole()
    {
        NetworkState network = new(Layouts.Of(300, LossFunction.MSE, [("Layer1", 100, Activation.Tanh)]), seed: 1);
        bool ends = false;
        Thread training = new(() =>
        {
            for (int i = 1; !Volatile.Read(ref ends); i++)
            {
                network.Store.Fill(i % 1000);
            }
        });
        training.Start();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                FileBytes.Load(network.Layout, FileBytes.Saved(network));
            }
        }
        finally
        {
            Volatile.Write(ref ends, true);
            training.Join();
        }
    }

    private string At(string name) => _folder.PathOf(name);

    /// <summary>Name of the file under which a network is written before it is called by this one.</summary>
    private string Leftover(string name)
    {
        using FileSystemWatcher watcher = new(_folder.Path) { NotifyFilter = NotifyFilters.FileName };
        TaskCompletionSource<string> seen = new();
        watcher.Created += (_, change) => seen.TrySetResult(change.Name!);
        watcher.EnableRaisingEvents = true;
        Save(9, At(name));
        string temporary = seen.Task.WaitAsync(TimeSpan.FromMinutes(1)).Result;
        File.Delete(At(name));
        return temporary;
    }

    private void AssertRefused(string path, string kind)
    {
        string[] before = Directory.GetFileSystemEntries(_folder.Path);
        string message = Assert.Throws<IOException>(() => Save(1, path)).Message;
        Assert.StartsWith($"'{path}' is {kind}", message);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
    }

    private static void Save(int seed, string path) => NetworkFile.Save(new NetworkState(Layout, seed), path);

    private static void AssertSeed(int seed, string path) => Assert.Equal(seed, NetworkFile.Load(Layout, path).Seed);

    /// <summary>Whether a command succeeds.</summary>
    private static bool Run(string command, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
