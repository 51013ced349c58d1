using System.Diagnostics;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Guards;

/// <summary>Checkpoints on a disk that becomes full, or may not be written.</summary>
public class FullDiskTests
{
    private const string Source = """
        string disk = System.IO.Path.Combine(args[0], "disk");
        string sealedDisk = System.IO.Path.Combine(args[0], "sealed");
        Dataset data = SyntheticData.Circles(300, factor: 0.5, noise: 0.1, seed: 1);
        TrainingOptions options = new() { Epochs = 6, BatchSize = 30 };
        Net whole = new(1);
        whole.Train(data, options);

        Net net = new(1);
        try
        {
            net.Train(data, options with { Checkpoints = new Checkpoints(disk), Callbacks = [new Filler(System.IO.Path.Combine(disk, "ballast"))] });
            System.Console.WriteLine("no exception");
        }
        catch (System.IO.IOException error)
        {
            System.Console.WriteLine(error.Message.Replace(args[0], ""));
        }

        // The network is as of its last step, and what is on the disk is as it was.
        Net expected = new(1);
        expected.Train(data, options with { Steps = (int)net.StepsTrained });
        System.Console.WriteLine($"{net.StepsTrained} {net.EpochsTrained} {Bits(expected) == Bits(net)}");
        System.Console.WriteLine(string.Join(' ', System.Linq.Enumerable.Order(System.Linq.Enumerable.Select(System.IO.Directory.GetFiles(disk), System.IO.Path.GetFileName))));

        // With room again, both the network and another process go on.
        System.IO.File.Delete(System.IO.Path.Combine(disk, "ballast"));
        net.Train(data, options with { Epochs = 3 });
        Net resumed = new(1);
        resumed.Train(data, options with { Checkpoints = new Checkpoints(disk) });
        System.Console.WriteLine($"{Bits(whole) == Bits(net)} {Bits(whole) == Bits(resumed)}");

        Net untouched = new(1);
        try
        {
            untouched.Train(data, options with { Checkpoints = new Checkpoints(sealedDisk) });
            System.Console.WriteLine("no exception");
        }
        catch (System.IO.IOException error)
        {
            System.Console.WriteLine(error.Message.Replace(args[0], ""));
        }

        System.Console.WriteLine($"{untouched.StepsTrained} {Bits(new Net(1)) == Bits(untouched)}");

        static string Bits(Net net)
        {
            using System.IO.MemoryStream stream = new();
            net.Save(stream);
            return System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream.ToArray()));
        }

        class Filler(string path) : TrainingCallback
        {
            public override void OnEpoch(TrainingContext context, EpochResult epoch)
            {
                if (epoch.Epoch != 3)
                    return;

                using System.IO.FileStream ballast = new(path, System.IO.FileMode.Create, System.IO.FileAccess.Write, System.IO.FileShare.None, 0);
                try
                {
                    while (true)
                        ballast.Write(new byte[1024]);
                }
                catch (System.IO.IOException)
                {
                }
            }
        }

        [Input(2)]
        [Dense(64, Relu, Normalization = Normalization.Batch)]
        [Dropout(0.2)]
        [Dense(1, Sigmoid)]
        [Loss(BCE)]
        public partial class Net;
        """;

    [SmallDiskFact]
    public void AFullOrSealedDisk_IsSaid_AndNothingIsLost()
    {
        using ChildProgram program = new(Source);
        string[] lines = program.RunAfter(
            "mkdir $0/disk $0/sealed && mount -t tmpfs -o size=1m tmpfs $0/disk && mount -t tmpfs -o ro tmpfs $0/sealed").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(6, lines.Length);
        Assert.Contains("'/disk/step-000000030.safetensors' could not be saved", lines[0]);
        Assert.Equal("30 3 True", lines[1]);
        Assert.Equal("ballast step-000000010.safetensors step-000000020.safetensors", lines[2]);
        Assert.Equal("True True", lines[3]);
        Assert.Contains("'/sealed/step-000000000.safetensors' could not be saved", lines[4]);
        Assert.Equal("0 True", lines[5]);
    }

    /// <summary>A test that mounts file systems of its own, and is skipped where that is not allowed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SmallDiskFactAttribute : FactAttribute
    {
        public SmallDiskFactAttribute() => Skip = MayMount() ? null : "Needs Linux, and to mount small file systems in a namespace of its own.";

        private static bool MayMount()
        {
            if (!OperatingSystem.IsLinux())
            {
                return false;
            }

            try
            {
                using Process process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", Path.GetTempPath()]) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
