using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>Files of networks with gains, shifts, slopes and running statistics.</summary>
public class NormalizedNetworkFileTests
{
    private static readonly NetworkLayout Layout = Layouts.Of(
        3,
        LossFunction.MSE,
        [("Hidden", 5, Activation.PRelu), ("Layer2", 9, Activation.Tanh), ("Layer3", 2, Activation.Linear)],
        declare: static layer => layer.Name switch
        {
            "Hidden" => Normalized(layer, Normalization.Batch) with { Alpha = 0.25f, HasBias = false },
            "Layer2" => Normalized(layer, Normalization.Layer),
            _ => Normalized(layer, Normalization.Batch),
        });

    private static readonly NetworkLayout Small = Layouts.Of(
        1, LossFunction.MSE, [("Out", 1, Activation.Linear)], declare: static layer => Normalized(layer, Normalization.Batch) with { HasBias = false });

    [Fact]
    public void EverythingLearned_ComesBackWithTheSameBits_FromFilesAndClones()
    {
        NetworkState network = Filled();

        foreach (NetworkState copy in (NetworkState[])[FileBytes.Load(Layout, FileBytes.Saved(network)), network.Clone()])
        {
            Assert.Equal(FileBytes.ParametersOf(network), FileBytes.ParametersOf(copy));
            Assert.Equal([-10, -11, -12, -13, -14], copy.RunningMeans(0).ToArray());
            Assert.Equal([0, 1, 2, 3, 4], copy.RunningVariances(0).ToArray());
            Assert.Equal([-10, -11], copy.RunningMeans(2).ToArray());
            Assert.Equal([0, 1], copy.RunningVariances(2).ToArray());
            copy.RunningMeans(0)[0] = 7;
            Assert.Equal(-10, network.RunningMeans(0)[0]);
        }
    }

    [Fact]
    public void AFileThatEndsInsideItsCountOfBatches_IsRefused()
    {
        byte[] file = File(1, 2, 3, 4, 5);

        Assert.Contains(
            "ends inside tensor 'Out.norm.num_batches_tracked', after 5 of 8 bytes",
            Assert.Throws<InvalidDataException>(() => FileBytes.Load(Small, file[..^3])).Message);
    }

    [Theory]
    [InlineData(-1f, "-1, but must be at least 0")]
    [InlineData(float.PositiveInfinity, "Infinity, which is not a finite float")]
    [InlineData(float.NaN, "NaN, which is not a finite float")]
    public void VariancesThatAreNone_AreNeitherLoadedNorSaved(float variance, string problem)
    {
        Assert.Contains(
            $"Out.norm.running_var[0] is {problem}",
            Assert.Throws<InvalidDataException>(() => FileBytes.Load(Small, File(1, 2, 3, 4, variance))).Message);
        NetworkState network = Filled();
        network.RunningVariances(2)[1] = variance;
        Assert.Contains(
            $"Layer3.norm.running_var[1] is {problem}",
            Assert.Throws<InvalidOperationException>(() => FileBytes.Saved(network)).Message);
    }

    private const string Tensors = """
        "Out.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},
        "Out.norm.weight":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
        "Out.norm.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},
        "Out.norm.running_mean":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},
        "Out.norm.running_var":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},
        "Out.norm.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[20,28]}
        """;

    /// <summary>A file of <see cref="Small"/>, as PyTorch would write it.</summary>
    private static byte[] File(params float[] values) => FileBytes.Of("{" + Tensors + "}", [.. values, 0, 0]);

    private static DenseLayout Normalized(DenseLayout layer, Normalization normalization) =>
        layer with { Normalization = normalization, NormalizationEpsilon = 1e-5f, NormalizationMomentum = 0.1f };

    private static NetworkState Filled()
    {
        NetworkState network = new(Layout, seed: 5);
        network.LoadParameters([.. Enumerable.Range(1, Layout.ParameterCount).Select(i => 1f / i)]);
        for (int number = 0; number < Layout.Layers.Length; number++)
        {
            for (int o = 0; o < network.RunningMeans(number).Length; o++)
            {
                network.RunningMeans(number)[o] = -10 - o;
                network.RunningVariances(number)[o] = o;
            }
        }

        return network;
    }
}
