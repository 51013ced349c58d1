using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>What the metadata of files holds, in all formats.</summary>
public class StatisticsAndNamesTests
{
    private const string Tensors = """
        "Layer1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}
        """;

    private static readonly NetworkLayout Plain = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);
    private static readonly NetworkLayout Inputs = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], standardize: true);
    private static readonly NetworkLayout Targets = new(2, standardize: false, LossFunction.MSE, Plain.Layers.ToArray()) { StandardizeTargets = true };
    private static readonly LoadOptions WithoutStatistics = new() { WithoutStatistics = true };

    [Fact]
    public void TheDigest_IsThatOfTheDocumentation()
    {
        NetworkState network = Learned(Targets);
        byte[] file = FileBytes.Saved(network);
        JsonElement header = JsonDocument.Parse(FileBytes.HeaderOf(file)).RootElement;
        Dictionary<string, string> metadata = header.GetProperty("__metadata__").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!);
        JsonProperty[] tensors = [.. header.EnumerateObject().Where(item => item.Name != "__metadata__").OrderBy(item => item.Name, StringComparer.Ordinal)];
        using MemoryStream content = new();
        content.Write(BitConverter.GetBytes(metadata.Count - 1L));
        foreach ((string key, string value) in metadata.Where(pair => pair.Key != "sha256").OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Put(key);
            Put(value);
        }

        content.Write(BitConverter.GetBytes((long)tensors.Length));
        byte[] data = file[(8 + (int)BitConverter.ToInt64(file))..];
        foreach (JsonProperty tensor in tensors)
        {
            Put(tensor.Name);
            Put("F32");
            Put(string.Join(',', tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetRawText())));
            int[] place = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            content.Write(SHA256.HashData(data.AsSpan(place[0]..place[1])));
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content.ToArray())), metadata["sha256"]);

        void Put(string text)
        {
            content.Write(BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(text)));
            content.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    [Fact]
    public void AFileThatAnotherProgramWroteAgain_StillFitsItsDigest()
    {
        NetworkState network = Learned(Targets);
        byte[] file = FileBytes.Saved(network);
        JsonElement header = JsonDocument.Parse(FileBytes.HeaderOf(file)).RootElement;
        string metadata = string.Join(" , ", header.GetProperty("__metadata__").EnumerateObject().Reverse().Select(item => item.ToString()));
        string moved = $$"""
            { "Layer1.bias": {"shape":[1],"data_offsets":[0,4],"dtype":"F32"}, "Layer1.weight":{"data_offsets":[4,12],"dtype":"F32","shape":[1,2]}, "__metadata__":{ {{metadata}} } }
            """;
        float[] parameters = FileBytes.ParametersOf(network);

        NetworkState loaded = FileBytes.Load(Targets, FileBytes.Of(moved, parameters[2], parameters[0], parameters[1]));

        Assert.True(FileBytes.AreSame(network, loaded));
    }

    [Fact]
    public void AllThatANetworkLearned_ComesBack()
    {
        foreach (NetworkLayout layout in (NetworkLayout[])[Plain, Inputs, Targets, Both()])
        {
            NetworkState network = Learned(layout);
            network.InputNames = ["age", "\"größe\",\t\u001b 🐈"];

            Assert.True(FileBytes.AreSame(network, FileBytes.Load(layout, FileBytes.Saved(network))));
        }
    }

    [Fact]
    public void ANetworkThatHasNotLearnedItsStatistics_ComesBackAsSuch()
    {
        foreach (NetworkLayout layout in (NetworkLayout[])[Inputs, Targets, Both()])
        {
            NetworkState network = new(layout, seed: 5);

            NetworkState loaded = FileBytes.Load(layout, FileBytes.Saved(network));

            Assert.False(loaded.Standardization.IsLearned);
            Assert.True(FileBytes.AreSame(network, loaded));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "__metadata__":{"format":"pt"},""")]
    public void AForeignFile_NeedsStatistics_OrLeaveToLoadWithout(string metadata)
    {
        byte[] file = FileBytes.Of("{" + metadata + Tensors + "}", 10, 20, 30);
        foreach ((NetworkLayout layout, string part) in ((NetworkLayout, string)[])[(Inputs, "input"), (Targets, "target")])
        {
            string message = Assert.Throws<InvalidDataException>(() => FileBytes.Load(layout, file)).Message;
            Assert.Contains($"no statistics of {part}s ('{part}_means' and '{part}_scales'", message);
            Assert.Contains("LoadOptions.WithoutStatistics", message);
            Assert.Throws<InvalidDataException>(() => FileBytes.Load(layout, file, new LoadOptions(), out _));

            NetworkState loaded = FileBytes.Load(layout, file, WithoutStatistics, out _);

            Assert.Equal([10, 20, 30], FileBytes.ParametersOf(loaded));
            Assert.False(loaded.Standardization.IsLearned);
        }
    }

    [Fact]
    public void AForeignFile_MayHoldStatistics()
    {
        byte[] file = FileBytes.Of(
            """{"__metadata__":{"format":"pt","input_means":"1 -2.5","input_scales":"0.5 1e-3"},""" + Tensors + "}", 10, 20, 30);

        NetworkState loaded = FileBytes.Load(Inputs, file);

        Assert.True(loaded.Standardization.IsLearned);
        Assert.Equal([1, -2.5f], loaded.InputMeans.ToArray());
        Assert.Equal([0.5f, 1e-3f], loaded.InputScales.ToArray());
        Assert.True(FileBytes.Load(Plain, file).Standardization.IsLearned);
    }

    [Fact]
    public void TheFirstFormat_Loads()
    {
        NetworkState loaded = FileBytes.Load(FirstFormat.Layout, FirstFormat.File);

        Assert.Equal(3, loaded.Seed);
        Assert.True(loaded.Standardization.IsLearned);
        Assert.Equal([0.5f, -1f / 3], loaded.InputMeans.ToArray());
        Assert.Equal([0.1f, 2e-3f], loaded.InputScales.ToArray());
        Assert.Equal([.. Enumerable.Range(1, FirstFormat.Layout.ParameterCount).Select(i => i / 7f)], FileBytes.ParametersOf(loaded));
        Assert.Equal([0, -0.3f, 0], loaded.RunningMeans(0).ToArray());
        Assert.Equal([1, 1, 1e-7f], loaded.RunningVariances(0).ToArray());
        Assert.True(FileBytes.AreSame(loaded, FileBytes.Load(FirstFormat.Layout, FileBytes.Saved(loaded))));
    }

    [Theory]
    [InlineData("1 1", "1 1", true)]
    [InlineData("0 0", "1 2", true)]
    [InlineData("0 0", "1 1", false)]
    public void TheFirstFormat_StoredNoStatistics_AsMeansOf0AndScalesOf1(string means, string scales, bool areLearned) =>
        Assert.Equal(areLearned, FileBytes.Load(Inputs, First($""","input_means":"{means}","input_scales":"{scales}" """)).Standardization.IsLearned);

    [Theory]
    [InlineData("", "no statistics of inputs")]
    [InlineData(""","input_means":"1 1" """, "no 'input_scales'")]
    [InlineData(""","input_scales":"1 1" """, "no 'input_means'")]
    [InlineData(""","input_means":"1","input_scales":"1 1" """, "'input_means' holds 1 numbers; the network has 2")]
    [InlineData(""","input_means":"1 1","input_scales":"1 NaN" """, "column 1 of the metadata's 'input_scales' is 'NaN', not a finite number above 0")]
    [InlineData(""","input_means":"1 Infinity","input_scales":"1 1" """, "column 1 of the metadata's 'input_means' is 'Infinity', not a finite number")]
    [InlineData(""","input_means":"1 1","input_scales":"0 1" """, "column 0 of the metadata's 'input_scales' is '0'")]
    [InlineData(""","input_means":"1 1","input_scales":"1 -0" """, "column 1 of the metadata's 'input_scales' is '-0'")]
    [InlineData(""","input_means":"1 1","input_scales":"1 -2" """, "column 1 of the metadata's 'input_scales' is '-2'")]
    [InlineData(""","input_means":"1 1","input_scales":"1 1e-99" """, "column 1 of the metadata's 'input_scales' is '1e-99'")]
    [InlineData(""","input_means":"1 \u0007","input_scales":"1 1" """, "is '\\u0007', not")]
    public void StatisticsThatAreNone_AreRefused(string statistics, string reason) => Assert.Contains(
        reason, Assert.Throws<InvalidDataException>(() => FileBytes.Load(Inputs, First(statistics))).Message);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0f)]
    [InlineData(-1f)]
    public void StatisticsThatCouldNotBeLoaded_AreNotSaved(float value)
    {
        NetworkState network = Learned(Both());
        network.InputScales[1] = value;
        Assert.Contains("input_scales[1] is ", Assert.Throws<InvalidOperationException>(() => FileBytes.Saved(network)).Message);
        network.InputScales[1] = 1;
        network.Standardization.TargetScales[0] = value;
        Assert.Contains("target_scales[0] is ", Assert.Throws<InvalidOperationException>(() => FileBytes.Saved(network)).Message);
        network.Standardization.TargetScales[0] = 1;
        network.Standardization.TargetMeans[0] = value;
        Assert.Equal(!float.IsFinite(value), Record.Exception(() => FileBytes.Saved(network)) is InvalidOperationException);
    }

    [Fact]
    public void StatisticsThatTheNetworkHasNoPlaceFor_AreNotDroppedInSilence()
    {
        byte[] file = FileBytes.Saved(Learned(Targets));

        Assert.Contains("StandardizeTargets", Assert.Throws<InvalidDataException>(() => FileBytes.Load(Plain, file)).Message);
        Assert.True(FileBytes.Load(Plain, file, WithoutStatistics, out _).Standardization.IsLearned);
        Assert.Equal(
            FileBytes.ParametersOf(FileBytes.Load(Targets, file)),
            FileBytes.ParametersOf(FileBytes.Load(Inputs, file, WithoutStatistics, out _)));
    }

    [Fact]
    public void WithoutStatistics_TheNetworkLearnsItsOwn_WhateverTheFileHas()
    {
        NetworkState loaded = FileBytes.Load(Both(), FileBytes.Saved(Learned(Both())), WithoutStatistics, out _);

        Assert.False(loaded.Standardization.IsLearned);
        Assert.Equal([0, 0], loaded.InputMeans.ToArray());
        Assert.Equal([1, 1], loaded.InputScales.ToArray());
        Assert.Equal([0], loaded.Standardization.TargetMeans);
        Assert.Equal([1], loaded.Standardization.TargetScales);
    }

    [Theory]
    [InlineData(LossFunction.CrossEntropy, 3, 3)]
    [InlineData(LossFunction.BCE, 1, 2)]
    [InlineData(LossFunction.Hinge, 1, 2)]
    [InlineData(null, 1, 2)]
    [InlineData(null, 3, 3)]
    [InlineData(LossFunction.MSE, 2, 0)]
    public void NamesOfClasses_AreAsManyAsTheLossTellsApart(LossFunction? loss, int outputs, int classes)
    {
        NetworkLayout layout = Layouts.Of(2, loss, [("Out", outputs, Activation.Linear)]);
        NetworkState network = new(layout, seed: 1) { ClassNames = [.. Enumerable.Range(0, Math.Max(classes, 1)).Select(number => $"class {number}")] };
        byte[] file = FileBytes.Saved(network);

        Assert.Equal(classes == 0 ? null : network.ClassNames, FileBytes.Load(layout, file).ClassNames);
        network.ClassNames = [.. network.ClassNames, "one more"];
        file = FileBytes.Saved(network);
        Exception? error = Record.Exception(() => FileBytes.Load(layout, file));
        Assert.Equal(classes > 0, error is InvalidDataException && error.Message.Contains($"holds {classes + 1} names; the network has {classes}"));
    }

    [Fact]
    public void TheThreshold_IsKept_WhereItIsNotOneHalf()
    {
        NetworkLayout layout = Layouts.Of(2, LossFunction.BCE, [("Layer1", 1, Activation.Sigmoid)]);
        NetworkState network = new(layout, seed: 1);
        Assert.DoesNotContain("threshold", FileBytes.HeaderOf(FileBytes.Saved(network)));
        network.Threshold = 1 / 3.0;
        byte[] file = FileBytes.Saved(network);

        Assert.Equal(1 / 3.0, FileBytes.Load(layout, file).Threshold);
        Assert.Equal(0.5, FileBytes.Load(layout, file, new LoadOptions { Fresh = ["Layer1"] }, out _).Threshold);
        Assert.Equal(1 / 3.0, FileBytes.Load(Layouts.Of(2, null, [("Layer1", 1, Activation.Sigmoid)]), file).Threshold);
    }

    [Theory]
    [InlineData("1.25")]
    [InlineData("-0.5")]
    [InlineData("NaN")]
    [InlineData("half")]
    public void AThresholdThatIsNone_IsRefused(string threshold)
    {
        NetworkLayout layout = Layouts.Of(2, LossFunction.BCE, [("Layer1", 1, Activation.Sigmoid)]);
        string header = FileBytes.HeaderOf(FileBytes.Saved(new NetworkState(layout, seed: 1) { Threshold = 0.25 }));
        byte[] file = FileBytes.Of(header.Replace("\"0.25\"", $"\"{threshold}\"", StringComparison.Ordinal), 10, 20, 30);
        Assert.Contains($"'threshold' is '{threshold}', not a number from 0 to 1", Assert.Throws<InvalidDataException>(() => FileBytes.Load(layout, file)).Message);
    }

    [Fact]
    public void NamesTooLongToBeReadAgain_AreNotSaved()
    {
        NetworkState network = new(Plain, seed: 1) { InputNames = ["x", new string('y', 500_000)] };
        Assert.Equal(network.InputNames, FileBytes.Load(Plain, FileBytes.Saved(network)).InputNames);

        network.InputNames = ["x", new string('y', 5_000_000)];
        Assert.Contains("shorter names", Assert.Throws<InvalidOperationException>(() => FileBytes.Saved(network)).Message);
    }

    [Fact]
    public void Numbers_AreWrittenAlike_InEveryCulture()
    {
        NetworkState network = Learned(Both());
        byte[] file = FileBytes.Saved(network);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(file, FileBytes.Saved(network));
            Assert.True(FileBytes.AreSame(network, FileBytes.Load(Both(), file)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static NetworkLayout Both() => new(2, standardize: true, LossFunction.MSE, Plain.Layers.ToArray()) { StandardizeTargets = true };

    private static byte[] First(string statistics) => FileBytes.Of(
        """{"__metadata__":{"format":"mlpgen","architecture":"Input(2, Standardize) Dense(1, Linear)","seed":"1" """ + statistics + "}," + Tensors + "}", 1, 2, 3);

    private static NetworkState Learned(NetworkLayout layout)
    {
        NetworkState network = new(layout, seed: 9) { Standardization = { IsLearned = true } };
        if (layout.Standardize)
        {
            ((ReadOnlySpan<float>)[0.1f, -1f / 3]).CopyTo(network.InputMeans);
            ((ReadOnlySpan<float>)[1e-38f, float.MaxValue]).CopyTo(network.InputScales);
        }

        if (layout.StandardizeTargets)
        {
            network.Standardization.TargetMeans[0] = -1e6f;
            network.Standardization.TargetScales[0] = 0.7f;
        }

        return network;
    }
}
