using System.Text;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

public class DamagedFileTests
{
    private const string Weight = """ "Layer1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}""";
    private const string Bias = """ "Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}""";
    private const string Architecture = "Input(2) Dense(1, Linear)";

    private static readonly NetworkLayout Layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);

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
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"Input(3) Dense(1, Linear)"},<weight>,<bias>}""", "Input(3) Dense(1, Linear). This one is Input(2)")]
    [InlineData("""{"__metadata__":{"format":"mlpgen"},<weight>,<bias>}""", "no 'architecture'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>"},<weight>,<bias>}""", "no 'seed'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":"1.5"},<weight>,<bias>}""", "'seed' is '1.5'")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":"1","input_means":"1 1"},<weight>,<bias>}""", "holds statistics of inputs")]
    [InlineData("""{"__metadata__":{"format":"mlpgem"},<weight>,<bias>}""", "'format' is 'mlpgem', which is unknown")]
    [InlineData("""{"__metadata__":{"format":"3","producer":"mlpgen"},<weight>,<bias>}""", "'format' is '3', which is unknown")]
    [InlineData("""{"__metadata__":{"format":"mlpgen","producer":"mlpgen"},<weight>,<bias>}""", "'format' is 'mlpgen', which is unknown")]
    [InlineData("""{"__metadata__":{"producer":"mlpgen"},<weight>,<bias>}""", "'format' is missing")]
    [InlineData("""{"__metadata__":{"format":"2"},<weight>,<bias>}""", "its 'producer' is not 'mlpgen'")]
    [InlineData("""{"__metadata__":{"format":"2","producer":"mlpgen"},<weight>,<bias>}""", "no 'sha256'")]
    [InlineData("""{"__metadata__":{"format":"2","producer":"mlpgen","architecture":"<architecture>","seed":"1","sha256":""},<weight>,<bias>}""", "SHA-256")]
    [InlineData("""{<weight>,"Layer1.bias":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[8,12]}}""", "holds more than 8 numbers")]
    public void AHeaderThatDoesNotFit_IsRefused(string header, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FileBytes.Load(Layout, Of(header, 1, 2, 3)));

        Assert.StartsWith("The stream", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotMatch(@"[?!.,;:]\.$", error.Message);
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
    [InlineData(90_000_000)]
    [InlineData(2_000_000)]
    public void AnAbsurdHeaderLength_IsRefused(long length) =>
        AssertRefused([.. BitConverter.GetBytes(length), 1, 2, 3], "has at most 105");

    [Fact]
    public void AHeaderLongerThanTheFile_IsRefused_WithoutTakingItsMemory()
    {
        byte[] file = [.. BitConverter.GetBytes(1_000_000L), .. Encoding.UTF8.GetBytes("{}")];
        FileBytes.Load(Layout, Of("{<weight>,<bias>}", 1, 2, 3));

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(file, "only 2 follow");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    /// <summary>Damage is done to networks that hold each thing that a file can hold.</summary>
    public static TheoryData<string> Kinds => ["plain", "everything", "nothing learned", "classes"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryTruncation_IsRefused(string kind)
    {
        NetworkState network = Network(kind);
        byte[] file = FileBytes.Saved(network);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => FileBytes.Load(network.Layout, file[..length]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryFlippedBit_IsRefused_OrChangesNothing(string kind)
    {
        NetworkState network = Network(kind);
        byte[] file = FileBytes.Saved(network);
        int refused = 0;
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += IsRefused(network, damaged) ? 1 : 0;
        }

        // Blanks behind the header may become line feeds, and nothing else.
        Assert.InRange(refused, (8 * file.Length) - 8, 8 * file.Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryByteReplaced_IsRefused_OrChangesNothing(string kind)
    {
        NetworkState network = Network(kind);
        byte[] file = FileBytes.Saved(network);
        foreach (byte replacement in (byte[])[0, .. "\"}{][:,\\ 9019eE+-.tmF\n"u8, 0x7f, 0x80, 0xff])
        {
            for (int i = 0; i < file.Length; i++)
            {
                byte[] damaged = [.. file];
                damaged[i] = replacement;
                Assert.Equal(!IsRefused(network, damaged), damaged[i] == file[i] || (file[i] == ' ' && replacement == '\n' && IsBehindHeader(file, i)));
            }
        }
    }

    [Fact]
    public void ThousandsOfDamagedFiles_AreRefused_OrChangeNothing()
    {
        NetworkState network = Network("everything");
        byte[] file = FileBytes.Saved(network);
        Random random = new(3);
        for (int i = 0; i < 4000; i++)
        {
            IsRefused(network, Mutations.Of(file, random));
        }
    }

    [Fact]
    public void ABitFlippedInTheFormatOfTheFirstFormat_LoadsNoNetworkThatLacksStatistics()
    {
        byte[] file = FirstFormat.File;
        NetworkState network = FileBytes.Load(FirstFormat.Layout, file);
        int format = Encoding.Latin1.GetString(file).IndexOf("\"format\":\"mlpgen\"", StringComparison.Ordinal);
        for (int bit = 8 * format; bit < 8 * (format + 17); bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                NetworkState loaded = FileBytes.Load(FirstFormat.Layout, damaged);
                Assert.Equal(network.InputMeans, loaded.InputMeans);
                Assert.Equal(network.InputScales, loaded.InputScales);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void TextOfTheFile_IsQuotedShort_AndWithoutControlCharacters()
    {
        string name = "evil\u001b[31m\r\n" + new string('x', 50_000);
        string json = System.Text.Json.JsonSerializer.Serialize(name);
        const string Entry = """{"dtype":"F32","shape":[1],"data_offsets":[8,12]}""";
        foreach (string header in (string[])
        [
            """{<weight>,<long>:<entry>}""",
            """{<weight>,<bias>,<long>:{}}""",
            """{<weight>,<bias>,<long>:[]}""",
            """{<weight>,<long>:<entry>,<long>:<entry>}""",
            """{<weight>,<bias>,<long>:{<long>:1}}""",
            """{<weight>,<bias>,<long>:{"dtype":1}}""",
            """{<weight>,<bias>,<long>:{"shape":[-1]}}""",
            """{<weight>,"Layer1.bias":{"dtype":<long>,"shape":[1],"data_offsets":[8,12]}}""",
            """{"__metadata__":{<long>:1},<weight>,<bias>}""",
            """{"__metadata__":{"format":<long>},<weight>,<bias>}""",
            """{"__metadata__":{"format":"mlpgen","architecture":<long>},<weight>,<bias>}""",
            """{"__metadata__":{"format":"mlpgen","architecture":"<architecture>","seed":<long>},<weight>,<bias>}""",
            """{<weight>,<bias>,"a":true<long>}""",
        ])
        {
            byte[] file = Of(header.Replace("<long>", json).Replace("<entry>", Entry), 1, 2, 3);
            string message = Assert.Throws<InvalidDataException>(() => FileBytes.Load(Layout, file)).Message;

            Assert.InRange(message.Length, 20, 700);
            Assert.DoesNotContain(message, char.IsControl);
        }
    }

    [Fact]
    public void AHeaderLongerThanTheNetworkNeeds_IsRefusedUnread()
    {
        using MemoryStream stream = new([.. BitConverter.GetBytes(90_000_000L), .. new byte[1000]]);

        Assert.Throws<InvalidDataException>(() => NetworkFile.Load(Layout, stream));
        Assert.Equal(8, stream.Position);
    }

    private static bool IsRefused(NetworkState network, byte[] damaged)
    {
        try
        {
            Assert.True(FileBytes.AreSame(network, FileBytes.Load(network.Layout, damaged)), "Another network was loaded.");
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private static bool IsBehindHeader(byte[] file, int at)
    {
        int end = 8 + (int)BitConverter.ToInt64(file);
        return at < end && file.AsSpan(at..end).IndexOfAnyExcept((byte)' ') < 0;
    }

    private static NetworkState Network(string kind)
    {
        NetworkState network = kind switch
        {
            "plain" => new NetworkState(Layout, seed: 12),
            "classes" => new NetworkState(Layouts.Of(2, LossFunction.CrossEntropy, [("Out", 2, Activation.Softmax)]), seed: 7) { ClassNames = ["cat", "dög \"1\""] },
            "everything" => new NetworkState(Everything, seed: -3) { Standardization = { IsLearned = true }, InputNames = ["age", "größe"] },
            _ => new NetworkState(Everything, seed: 1),
        };
        if (kind == "everything")
        {
            ((ReadOnlySpan<float>)[0.1f, -3]).CopyTo(network.InputMeans);
            ((ReadOnlySpan<float>)[1.5f, 2]).CopyTo(network.InputScales);
            ((ReadOnlySpan<float>)[100, 0.5f, 7]).CopyTo(network.Standardization.TargetMeans);
            ((ReadOnlySpan<float>)[10, 20, 0.3f]).CopyTo(network.Standardization.TargetScales);
            network.RunningMeans(0)[1] = 0.25f;
        }

        return network;
    }

    private static NetworkLayout Everything { get; } =
        new(2, standardize: true, LossFunction.MSE, Layouts.Full().Layers.ToArray()) { StandardizeTargets = true };

    /// <summary>A file with this header, in which short names stand for the parts that are in order.</summary>
    private static byte[] Of(string header, params float[] values) => FileBytes.Of(
        header.Replace("<weight>", Weight).Replace("<bias>", Bias).Replace("<architecture>", Architecture), values);

    private static void AssertRefused(byte[] file, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => FileBytes.Load(Layout, file)).Message);
}
