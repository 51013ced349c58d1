using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

public class NetworkFileTests
{
    private static readonly NetworkLayout Plain = Layouts.Of(
        3, LossFunction.CrossEntropy, [("Hidden", 5, Activation.Relu), ("Layer2", 2, Activation.Softmax)]);

    private static readonly NetworkLayout Standardizing = Layouts.Of(
        2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], standardize: true);

    private static readonly NetworkLayout Linear = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);

    private static readonly NetworkLayout Full = new(2, standardize: false, LossFunction.MSE, Layouts.Full().Layers.ToArray());

    /// <summary>Readers of the format map tensors, whose numbers then lie at multiples of their size.</summary>
    [Fact]
    public void Tensors_BeginAtAMultipleOfEightBytes_WhateverTheHeadersLength()
    {
        for (int length = 1; length <= 8; length++)
        {
            byte[] file = FileBytes.Saved(new NetworkState(Layouts.Of(2, LossFunction.MSE, [(new string('a', length), 1, Activation.Linear)]), seed: 1));
            Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(file) % 8);
        }
    }

    [Fact]
    public void ANetwork_ComesBackWithTheSameBits()
    {
        NetworkState network = new(Plain, seed: 42);
        network.View(0).Biases[3] = float.Epsilon;
        network.View(1).Weights[4, 1] = -0f;

        NetworkState loaded = FileBytes.Load(Plain, FileBytes.Saved(network));

        Assert.Equal(Bits(network.Store), Bits(loaded.Store));
        Assert.Equal(42, loaded.Seed);
    }

    [Fact]
    public void LargeTensors_ComeBack()
    {
        NetworkLayout layout = Layouts.Of(300, LossFunction.MSE, [("Layer1", 200, Activation.Tanh), ("Layer2", 1, Activation.Linear)]);
        NetworkState network = new(layout, seed: 3);

        Assert.Equal(Bits(network.Store), Bits(FileBytes.Load(layout, FileBytes.Saved(network)).Store));
    }

    [Fact]
    public void InputStatistics_ComeBackWithTheSameBits()
    {
        NetworkState network = new(Standardizing, seed: -7) { Standardization = { IsLearned = true } };
        float[] means = [0.1f, -1f / 3];
        float[] scales = [1e-38f, float.MaxValue];
        means.CopyTo(network.InputMeans);
        scales.CopyTo(network.InputScales);

        NetworkState loaded = FileBytes.Load(Standardizing, FileBytes.Saved(network));

        Assert.Equal(means, loaded.InputMeans.ToArray());
        Assert.Equal(scales, loaded.InputScales.ToArray());
        Assert.Equal(-7, loaded.Seed);
    }

    [Fact]
    public void NormalizationAndSlopes_ComeBackWithTheSameBits()
    {
        NetworkState network = new(Layouts.Full(), seed: 3);
        network.LoadParameters([.. Enumerable.Range(1, network.Layout.ParameterCount).Select(value => value / 7f)]);
        network.RunningMeans(0)[1] = -0.3f;
        network.RunningVariances(0)[2] = 1e-7f;

        NetworkState loaded = FileBytes.Load(network.Layout, FileBytes.Saved(network));

        Assert.Equal(Bits(network.Store), Bits(loaded.Store));
        Assert.Equal(Bits(network.RunningStatistics), Bits(loaded.RunningStatistics));
    }

    [Fact]
    public void NormalizationAndSlopes_HavePyTorchsNamesAndShapes()
    {
        string header = FileBytes.HeaderOf(FileBytes.Saved(new NetworkState(Layouts.Full(), seed: 3)));
        Assert.Equal(
            [
                ("Layer1.weight", "[3,2]"), ("Layer1.bias", "[3]"), ("Layer1.norm.weight", "[3]"), ("Layer1.norm.bias", "[3]"),
                ("Layer1.prelu.weight", "[1]"), ("Layer1.norm.running_mean", "[3]"), ("Layer1.norm.running_var", "[3]"),
            ],
            JsonDocument.Parse(header).RootElement.EnumerateObject().Skip(1)
                .Select(item => (item.Name, item.Value.GetProperty("shape").GetRawText())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    public void PyTorchsCountOfBatches_IsPassedOver(int at)
    {
        (string Name, int[] Shape)[] tensors =
        [
            ("weight", [3, 2]), ("bias", [3]), ("norm.weight", [3]), ("norm.bias", [3]), ("prelu.weight", [1]),
            ("norm.running_mean", [3]), ("norm.running_var", [3]),
        ];
        List<string> entries = [];
        List<float> values = [];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (i == at)
            {
                Add("norm.num_batches_tracked", "I64", [], 2);
            }

            Add(tensors[i].Name, "F32", tensors[i].Shape, tensors[i].Shape.Aggregate(1, (product, size) => product * size));
        }

        byte[] file = FileBytes.Of($"{{{string.Join(',', entries)}}}", [.. values]);
        NetworkState network = FileBytes.Load(Full, file);

        Assert.Equal([1, 3, 5, 2, 4, 6, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1], FileBytes.ParametersOf(network));
        Assert.Equal([1, 2, 3], network.RunningVariances(0));
        Assert.Throws<InvalidDataException>(() => FileBytes.Load(Full, file[..^1]));
        Assert.Contains(
            "Layer1.norm.num_batches_tracked",
            Assert.Throws<InvalidDataException>(() => FileBytes.Load(Linear, file)).Message);

        void Add(string name, string type, int[] shape, int floats)
        {
            int begin = 4 * values.Count;
            values.AddRange(Enumerable.Range(1, floats).Select(value => (float)value));
            entries.Add(
                $"\"Layer1.{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{4 * values.Count}]}}");
        }
    }

    [Fact]
    public void TheFile_IsSafetensors_WithPyTorchsShapes()
    {
        NetworkState network = new(Plain, seed: 1);

        byte[] file = FileBytes.Saved(network);

        string text = FileBytes.HeaderOf(file);
        Assert.Equal(0, text.Length % 8);
        JsonElement header = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            ["__metadata__", "Hidden.weight", "Hidden.bias", "Layer2.weight", "Layer2.bias"],
            header.EnumerateObject().Select(item => item.Name));
        JsonElement metadata = header.GetProperty("__metadata__");
        Assert.Equal(
            [("format", "2"), ("producer", "mlpgen"), ("architecture", Plain.Architecture), ("seed", "1")],
            metadata.EnumerateObject().SkipLast(1).Select(item => (item.Name, item.Value.GetString()!)));
        Assert.Equal(64, metadata.GetProperty("sha256").GetString()!.Length);
        JsonElement bias = header.GetProperty("Hidden.bias");
        Assert.Equal("F32", bias.GetProperty("dtype").GetString());
        Assert.Equal("[5]", bias.GetProperty("shape").GetRawText());
        Assert.Equal("[60,80]", bias.GetProperty("data_offsets").GetRawText());
        JsonElement weight = header.GetProperty("Hidden.weight");
        Assert.Equal("[5,3]", weight.GetProperty("shape").GetRawText());
        Assert.Equal(network.View(0).Weights[2, 4], BitConverter.ToSingle(file, 8 + text.Length + (4 * ((4 * 3) + 2))));
        Assert.Equal(8 + text.Length + (4 * Plain.ParameterCount), file.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "__metadata__":{"format":"pt"},""")]
    [InlineData(""" "__metadata__":{"format":"pt","architecture":"MLP"},""")]
    [InlineData(""" "__metadata__":{"architecture":"MLP"},""")]
    public void AFileOfPyTorch_LoadsByNamesAndShapes_InAnyOrder(string metadata)
    {
        byte[] file = FileBytes.Of(
            "{" + metadata + """
                "Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},
                "Layer1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}
                """,
            10, 20, 30);

        Assert.Equal([10, 20, 30], FileBytes.ParametersOf(FileBytes.Load(Linear, file)));
    }

    [Fact]
    public void DoublePrecision_IsRounded()
    {
        string header = """
            {"Layer1.weight":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},
            "Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}
            """;
        byte[] file =
        [
            .. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header),
            .. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-2.0), .. BitConverter.GetBytes(3f),
        ];

        Assert.Equal([0.1f, -2, 3], FileBytes.ParametersOf(FileBytes.Load(Linear, file)));
    }

    [Fact]
    public void SavingToAPath_ReplacesTheFile_AndLeavesNothingElse()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "net.safetensors");
        NetworkFile.Save(new NetworkState(Plain, seed: 1), path);
        NetworkState second = new(Plain, seed: 2);

        NetworkFile.Save(second, path);

        Assert.Equal(Bits(second.Store), Bits(NetworkFile.Load(Plain, path).Store));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WhereSavingFails_TheOldFileIsIntact_AndNothingIsLeftBehind()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "net.safetensors");
        NetworkState network = new(Plain, seed: 1);
        NetworkFile.Save(network, path);
        byte[] before = File.ReadAllBytes(path);
        network.View(0).Weights[2, 1] = float.NaN;

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => NetworkFile.Save(network, path));
        Assert.Contains("Hidden.weight[1, 2] is NaN", error.Message);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void MissingFoldersAndFiles_AreSaidToBeSo()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "net.safetensors");

        Assert.Throws<DirectoryNotFoundException>(() => NetworkFile.Save(new NetworkState(Plain, 1), path));
        Assert.Throws<DirectoryNotFoundException>(() => NetworkFile.Load(Plain, path));
    }

    [Fact]
    public void Messages_NameThePath()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "net.safetensors");
        NetworkFile.Save(new NetworkState(Plain, seed: 1), path);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => NetworkFile.Load(Standardizing, path));

        Assert.StartsWith(path, error.Message);
        Assert.Contains(Plain.Architecture, error.Message);
        Assert.Contains(Standardizing.Architecture, error.Message);
    }

    private static int[] Bits(ReadOnlySpan<float> values) => [.. values.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
