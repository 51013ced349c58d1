using System.Reflection;
using System.Runtime.InteropServices;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>Files among an assembly's resources, whose numbers are taken from where the system has mapped them.</summary>
public class EmbeddedFileTests
{
    private const string Name = "net.safetensors";

    /// <summary>Several reads a tensor, of whole rows and of parts of one, wherever the numbers lie.</summary>
    [Theory]
    [InlineData(300, 100)]
    [InlineData(20_000, 3)]
    [InlineData(20_000, 1)]
    [InlineData(3, 5)]
    public void ANetwork_HasTheBitsOfTheFile_LikeOneThatWasLoaded(int inputs, int outputs)
    {
        NetworkLayout layout = Layouts.Of(inputs, LossFunction.MSE, [("Layer1", outputs, Activation.Relu), ("Layer2", 1, Activation.Linear)]);
        NetworkState network = new(layout, seed: 7);
        byte[] file = FileBytes.Saved(network);

        Assert.Equal(Bits(network), Bits(FileBytes.Load(layout, file)));
        for (int shift = 0; shift < 4; shift++)
        {
            Assert.Equal(Bits(network), Bits(Embedded(layout, file, shift)));
        }
    }

    [Fact]
    public void AFileThatIsCutOrTooLong_IsRefused()
    {
        NetworkLayout layout = Layouts.Of(30, LossFunction.MSE, [("Layer1", 20, Activation.Relu), ("Layer2", 1, Activation.Linear)]);
        byte[] file = FileBytes.Saved(new NetworkState(layout, seed: 7));
        int numbers = 4 * layout.ParameterCount;

        Assert.Contains("ends inside tensor 'Layer2.bias', after 3 of 4 bytes", Refused(file[..^1]));
        Assert.Contains("ends inside tensor 'Layer1.weight', after 0 of 2400 bytes", Refused(file[..^numbers]));
        Assert.Contains("more bytes than the header's tensors take", Refused([.. file, 0]));

        string Refused(byte[] other) => Assert.Throws<InvalidDataException>(() => Embedded(layout, other, shift: 0)).Message;
    }

    [Fact]
    public void AResourceThatIsNotThere_IsRefused()
    {
        NetworkLayout layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);
        Assert.Contains(
            "does not hold the weights 'other'",
            Assert.Throws<InvalidOperationException>(() => NetworkFile.LoadEmbedded(layout, typeof(EmbeddedFileTests).Assembly, "other")).Message);
    }

    private static NetworkState Embedded(NetworkLayout layout, byte[] file, int shift)
    {
        byte[] memory = GC.AllocateArray<byte>(shift + file.Length, pinned: true);
        file.CopyTo(memory, shift);
        return NetworkFile.LoadEmbedded(layout, new AssemblyOf(memory, shift), Name);
    }

    private static int[] Bits(NetworkState network) => MemoryMarshal.Cast<float, int>(network.Store).ToArray();

    /// <summary>An assembly with one resource.</summary>
    private sealed class AssemblyOf(byte[] memory, int start) : Assembly
    {
        public override unsafe Stream? GetManifestResourceStream(string name)
        {
            Assert.Equal(NetworkFile.ResourcePrefix + Name, name);
            return new UnmanagedMemoryStream((byte*)Marshal.UnsafeAddrOfPinnedArrayElement(memory, start), memory.Length - start);
        }
    }
}
