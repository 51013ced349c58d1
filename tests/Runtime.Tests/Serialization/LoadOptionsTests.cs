using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>Files of other networks.</summary>
public class LoadOptionsTests
{
    private static readonly NetworkLayout Two = Classifier(4, 3);
    private static readonly NetworkLayout Other = Classifier(4, 2);

    [Fact]
    public void NamesOfAnotherProgram_CanBeRenamed()
    {
        byte[] file = FileBytes.Of(
            """
            {"body.0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
            "body.0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},
            "head.weight":{"dtype":"I64","shape":[1],"data_offsets":[12,20]}}
            """,
            1, 2, 3, 4, 5);
        NetworkLayout layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);

        NetworkState loaded = FileBytes.Load(layout, file, new LoadOptions { Rename = name => name.Replace("body.0", "Layer1") }, out LoadReport report);

        Assert.Equal([1, 2, 3], FileBytes.ParametersOf(loaded));
        Assert.Equal(["Layer1.weight", "Layer1.bias"], report.Loaded);
        Assert.Equal([], report.Fresh);
        Assert.Equal(["head.weight"], report.Unused);
        Assert.Contains("missing: Layer1.weight, Layer1.bias", Refusal(layout, file, new LoadOptions()));
        Assert.Contains(
            "'body.0.weight' and 'body.0.bias' are both renamed to Layer1.weight",
            Refusal(layout, file, new LoadOptions { Rename = name => "Layer1.weight" }));
        Assert.Contains("missing: Layer1.weight", Refusal(layout, file, new LoadOptions { Rename = name => name == "body.0.bias" ? "Layer1.bias" : null! }));
    }

    [Theory]
    [InlineData("Layer2")]
    [InlineData("Layer2.weight", "Layer2.bias")]
    public void FreshLayers_AreThoseOfANewNetwork_WhateverTheFileHas(params string[] fresh)
    {
        NetworkState source = Filled(Two, seed: 8);

        NetworkState loaded = FileBytes.Load(Other, FileBytes.Saved(source), new LoadOptions { Fresh = fresh }, out LoadReport report);

        NetworkState blank = new(Other, loaded.Seed);
        Assert.Equal(8, loaded.Seed);
        Assert.Equal(source.View(0).Weights[1, 2], loaded.View(0).Weights[1, 2]);
        Assert.Equal(blank.View(1).Weights[3, 1], loaded.View(1).Weights[3, 1]);
        Assert.NotEqual(0, loaded.View(1).Weights[3, 1]);
        Assert.Equal(["Layer1.weight", "Layer1.bias"], report.Loaded);
        Assert.Equal(["Layer2.weight", "Layer2.bias"], report.Fresh);
        Assert.Equal(["Layer2.weight", "Layer2.bias"], report.Unused);
    }

    [Fact]
    public void OneTensorAlone_CanBeFresh()
    {
        NetworkState source = Filled(Two, seed: 8);

        NetworkState loaded = FileBytes.Load(Two, FileBytes.Saved(source), new LoadOptions { Fresh = ["Layer1.weight"] }, out LoadReport report);

        Assert.Equal(["Layer1.weight"], report.Fresh);
        Assert.Equal(new NetworkState(Two, 8).View(0).Weights[0, 0], loaded.View(0).Weights[0, 0]);
        Assert.Equal(source.View(0).Biases[0], loaded.View(0).Biases[0]);
    }

    [Fact]
    public void FreshNormalization_BeginsAnew()
    {
        NetworkState loaded = FileBytes.Load(
            FirstFormat.Layout, FirstFormat.File, new LoadOptions { Fresh = ["Layer1"], WithoutStatistics = true }, out LoadReport report);

        Assert.True(FileBytes.AreSame(new NetworkState(FirstFormat.Layout, 3), loaded));
        Assert.Equal([], report.Loaded);
        Assert.Equal(7, report.Unused.Count);
    }

    [Fact]
    public void WhatIsFresh_MustExist()
    {
        byte[] file = FileBytes.Saved(new NetworkState(Two, 1));

        string message = Assert.Throws<ArgumentException>("options", () => FileBytes.Load(Two, file, new LoadOptions { Fresh = ["Layer3"] }, out _)).Message;

        Assert.Contains("'Layer3', which is neither a tensor nor a layer", message);
        Assert.Contains("layers: Layer1, Layer2; tensors: Layer1.weight, Layer1.bias", message);
        Assert.Throws<ArgumentNullException>(() => new LoadOptions { Fresh = null! });
        Assert.Throws<ArgumentException>(() => new LoadOptions { Fresh = ["Layer1", null!] });
    }

    [Fact]
    public void AnotherArchitecture_IsTaken_OnlyWhereOptionsSaySo()
    {
        byte[] file = FileBytes.Saved(new NetworkState(Two, 1));

        Assert.Contains("LoadOptions.Rename and Fresh", Refusal(Other, file, new LoadOptions()));
        Assert.Contains("has shape [3, 4]; the network needs [2, 4]", Refusal(Other, file, new LoadOptions { Rename = name => name }));
    }

    [Fact]
    public void DamageIsNoticed_InTensorsThatNobodyTakesToo()
    {
        byte[] file = FileBytes.Saved(new NetworkState(Two, 1));
        file[^1] ^= 1;

        Assert.Contains("SHA-256", Refusal(Other, file, new LoadOptions { Fresh = ["Layer2"] }));
    }

    [Fact]
    public void NamesAndStatistics_ComeWithTheirLayers()
    {
        NetworkState source = new(Classifier(4, 3, standardize: true), seed: 1) { InputNames = ["a", "b"], ClassNames = ["x", "y", "z"], Standardization = { IsLearned = true } };
        source.InputMeans.Fill(5);
        byte[] file = FileBytes.Saved(source);

        NetworkState head = FileBytes.Load(Classifier(4, 2, standardize: true), file, new LoadOptions { Fresh = ["Layer2"] }, out _);
        NetworkState foot = FileBytes.Load(Classifier(4, 3, standardize: true, inputs: 7), file, new LoadOptions { Fresh = ["Layer1"] }, out _);

        Assert.Equal(["a", "b"], head.InputNames!);
        Assert.Null(head.ClassNames);
        Assert.True(head.Standardization.IsLearned);
        Assert.Equal([5, 5], head.InputMeans.ToArray());
        Assert.Null(foot.InputNames);
        Assert.Equal(["x", "y", "z"], foot.ClassNames!);
        Assert.False(foot.Standardization.IsLearned);
        Assert.Equal(0, foot.InputMeans[0]);
    }

    [Fact]
    public void TheCountOfBatches_IsUnused() => Assert.Equal(
        ["Out.norm.num_batches_tracked"],
        Report("""
            {"Out.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"Out.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
            "Out.norm.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}
            """).Unused);

    private static LoadReport Report(string header)
    {
        FileBytes.Load(Layouts.Of(1, LossFunction.MSE, [("Out", 1, Activation.Linear)]), FileBytes.Of(header, 1, 2, 3, 4), new LoadOptions(), out LoadReport report);
        return report;
    }

    private static string Refusal(NetworkLayout layout, byte[] file, LoadOptions options) =>
        Assert.Throws<InvalidDataException>(() => FileBytes.Load(layout, file, options, out _)).Message;

    private static NetworkLayout Classifier(int hidden, int classes, bool standardize = false, int inputs = 2) => Layouts.Of(
        inputs, LossFunction.CrossEntropy, [("Layer1", hidden, Activation.Relu), ("Layer2", classes, Activation.Softmax)], standardize);

    private static NetworkState Filled(NetworkLayout layout, int seed)
    {
        NetworkState network = new(layout, seed);
        network.LoadParameters([.. Enumerable.Range(1, layout.ParameterCount).Select(i => i / 7f)]);
        return network;
    }
}
