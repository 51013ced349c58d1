using System.Text;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

public class DamagedFileTests
{
    private const string Weight = """ "Layer1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}""";
    private const string Bias = """ "Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}""";
    private const string Architecture = "Input(2, Standardize) Dense(1, Linear)";

    private static readonly NetworkLayout Layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], standardize: true);

    [Fact]
    public void TheHandMadeFile_IsInOrder()
    {
        Assert.Equal(Architecture, Layout.Architecture);
        Assert.Equal([1, 2, 3], FileBytes.ParametersOf(FileBytes.Load(Layout, Of("{<weight>,<bias>}", 1, 2, 3))));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "the header is not an object")]
    [InlineData("nonsense", "not valid JSON")]
    [InlineData("{<weight>,<bias>} {}", "not valid JSON")]
    [InlineData("{<weight>,<bias>,}", "not valid JSON")]
    [InlineData("""{"\ud800":{}}""", "not valid JSON")]
    [InlineData("{<weight>}", "missing: Layer1.bias")]
    [InlineData("{}", "missing: Layer1.weight, Layer1.bias")]
    [InlineData("""{<weight>,<bias>,"other":{"dtype":"F32","shape":[0],"data_offsets":[12,12]}}""", "unknown: other")]
    [InlineData("{<weight>,<bias>,<bias>}", "'Layer1.bias' appears twice")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", "'dtype' appears twice in tensor 'Layer1.bias'")]
    [InlineData("""{<weight>,"Layer1.bias":{"shape":[1],"data_offsets":[8,12]}}""", "lacks dtype")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","data_offsets":[8,12]}}""", "lacks shape")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1]}}""", "lacks data_offsets")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12],"more":1}}""", "'more' of tensor 'Layer1.bias'")]
    [InlineData("""{<weight>,"Layer1.bias":[]}""", "tensor 'Layer1.bias' is not an object")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F16","shape":[1],"data_offsets":[8,10]}}""", "type F16")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":7,"shape":[1],"data_offsets":[8,12]}}""", "is not a text")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,12]}}""", "'Layer1.bias' has shape [2]; the network needs [1]")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}""", "has shape []")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":7,"data_offsets":[8,12]}}""", "is not a list")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[-1],"data_offsets":[8,12]}}""", "whole number")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1.5],"data_offsets":[8,12]}}""", "whole number")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[8,12]}}""", "whole number")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":["1"],"data_offsets":[8,12]}}""", "whole number")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8]}}""", "not a first byte and an end")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[12,8]}}""", "not a first byte and an end")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,16]}}""", "8 bytes of data; its shape and type F32 take 4")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at byte 4")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", "begins at byte 12")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", "begins at byte 9223372036854775803")]
    [InlineData("""{"__metadata__":7,<weight>,<bias>}""", "__metadata__ is not an object")]
    [InlineData("""{"__metadata__":{"seed":7},<weight>,<bias>}""", "'seed' of the metadata is not a text")]
    [InlineData("""{"__metadata__":{"a":"b","a":"c"},<weight>,<bias>}""", "'a' appears twice in __metadata__")]
    [InlineData("""{"__metadata__":{},"__metadata__":{},<weight>,<bias>}""", "'__metadata__' appears twice")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"Input(3) Dense(1, Linear)"},<weight>,<bias>}""", "Input(3) Dense(1, Linear). This one is Input(2, Standardize)")]
    [InlineData("""{"__metadata__":{"format":"mlpgen"},<weight>,<bias>}""", "no 'architecture'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>"},<weight>,<bias>}""", "no 'seed'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":"1.5"},<weight>,<bias>}""", "'seed' is '1.5'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":"1"},<weight>,<bias>}""", "no 'input_means'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":"1","input_means":"1","input_scales":"1 1"},<weight>,<bias>}""", "'input_means' holds 1 numbers; the network has 2")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":"1","input_means":"1 1","input_scales":"1 NaN"},<weight>,<bias>}""", "column 1 of the metadata's 'input_scales' is 'NaN'")]
    public void AHeaderThatDoesNotFit_IsRefused(string header, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FileBytes.Load(Layout, Of(header, 1, 2, 3)));

        Assert.StartsWith("The stream", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void TrailingData_IsRefused() => AssertRefused(Of("{<weight>,<bias>}", 1, 2, 3, 4), "more bytes");

    [Fact]
    public void MissingData_IsRefused() => AssertRefused(Of("{<weight>,<bias>}", 1), "inside tensor 'Layer1.weight', after 4 of 8 bytes");

    [Theory]
    [InlineData(float.NaN, "Layer1.weight[0, 1] is NaN")]
    [InlineData(float.PositiveInfinity, "Layer1.weight[0, 1] is Infinity")]
    public void ParametersThatAreNotFinite_AreRefused(float value, string reason) =>
        AssertRefused(Of("{<weight>,<bias>}", 1, value, 3), reason);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(100_000_001)]
    public void AnAbsurdHeaderLength_IsRefused(long length) =>
        AssertRefused([.. BitConverter.GetBytes(length), 1, 2, 3], "more than the 100000000");

    [Fact]
    public void AHeaderLongerThanTheFile_IsRefused_WithoutTakingItsMemory()
    {
        byte[] file = [.. BitConverter.GetBytes(100_000_000L), .. Encoding.UTF8.GetBytes("{}")];
        FileBytes.Load(Layout, Of("{<weight>,<bias>}", 1, 2, 3));

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(file, "only 2 follow");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryTruncation_IsRefused(bool full)
    {
        NetworkLayout layout = full ? Layouts.Full() : Layout;
        byte[] file = FileBytes.Saved(new NetworkState(layout, seed: 1));
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => FileBytes.Load(layout, file[..length]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryFlippedBit_IsRefusedOrLeavesFiniteParameters(bool full)
    {
        NetworkLayout layout = full ? Layouts.Full() : Layout;
        byte[] file = FileBytes.Saved(new NetworkState(layout, seed: 1));
        int refused = 0;
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                NetworkState network = FileBytes.Load(layout, damaged);
                Assert.True(Finiteness.AllFinite(network.Store));
                Assert.True(Finiteness.AllFinite(network.InputMeans) && Finiteness.AllFinite(network.InputScales));
                Assert.True(Finiteness.AllFinite(network.RunningStatistics));
                Assert.DoesNotContain(network.RunningVariances(0).ToArray(), float.IsNegative);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 4 * file.Length, $"{refused} of {8 * file.Length} were refused.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryByteReplaced_IsRefusedOrLoads(bool full)
    {
        NetworkLayout layout = full ? Layouts.Full() : Layout;
        byte[] file = FileBytes.Saved(new NetworkState(layout, seed: 1));
        foreach (byte replacement in (byte[])[0, (byte)'"', (byte)'}', (byte)'9', (byte)'\\', 0x80, 0xff])
        {
            for (int i = 0; i < file.Length; i++)
            {
                byte[] damaged = [.. file];
                damaged[i] = replacement;
                try
                {
                    FileBytes.Load(layout, damaged);
                }
                catch (InvalidDataException)
                {
                }
            }
        }
    }

    [Fact]
    public void ThousandsOfDamagedFiles_AreRefusedOrLoad()
    {
        NetworkLayout layout = Layouts.Full();
        byte[] file = FileBytes.Saved(new NetworkState(layout, seed: 1));
        Random random = new(3);
        for (int i = 0; i < 4000; i++)
        {
            byte[] damaged = Mutations.Of(file, random);
            try
            {
                FileBytes.Load(layout, damaged);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    /// <summary>A file with this header, in which short names stand for the parts that are in order.</summary>
    private static byte[] Of(string header, params float[] values) => FileBytes.Of(
        header.Replace("<weight>", Weight).Replace("<bias>", Bias).Replace("<architecture>", Architecture), values);

    private static void AssertRefused(byte[] file, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => FileBytes.Load(Layout, file)).Message);
}
