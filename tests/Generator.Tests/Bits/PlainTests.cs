using System.Reflection;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Bits;

/// <summary>Kernels of <c>MlpGenPlain</c>, scalar loops, compile without a warning and give the bits of the usual ones.</summary>
[Collection(nameof(RandomSample))]
public class PlainTests
{
    private const string Source = """
        [Input(40)] [Dense(50, Relu)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Tiled;
        [Input(2)] [Dense(4, Relu)] [Dense(1)] [Loss(MSE)] public partial class Small;
        """;

    private const int RandomCount = 40;
    private const int Seed = 21;

    [Theory]
    [InlineData(OptimizationLevel.Release, false)]
    [InlineData(OptimizationLevel.Debug, true)]
    public void Gallery_HasTheSameBits(OptimizationLevel optimization, bool checkOverflow)
    {
        Assembly usual = GeneratorHarness.Run(Gallery.Source).Load();
        Assembly plain = GeneratorHarness.Run(Gallery.Source, optimization, checkOverflow, ProjectOptions.Plain).Load();
        foreach (GalleryNetwork network in Gallery.Networks.Concat(Gallery.Largest))
        {
            AssertSameBits(network.Attributes, usual.GetType("Gallery." + network.ClassName)!, plain.GetType("Gallery." + network.ClassName)!);
        }
    }

    /// <summary>Every other network has a frozen layer, where it has several.</summary>
    [Fact]
    public void RandomNetworks_HaveTheSameBits()
    {
        RandomNetworks random = new(Seed);
        TestNetwork[] networks = [.. Enumerable.Range(0, RandomCount).Select(number =>
        {
            TestNetwork network = random.Network($"Random{number}");
            int frozen = number % 2 == 0 && network.Layers.Count > 1 ? number / 2 % network.Layers.Count : -1;
            return network with { Layers = [.. network.Layers.Select((layer, index) => layer with { Frozen = index == frozen })] };
        })];
        IReadOnlyList<Type> usual = CompiledNetwork.Compile(networks);
        IReadOnlyList<Type> plain = CompiledNetwork.Compile(networks, ProjectOptions.Plain);
        for (int number = 0; number < RandomCount; number++)
        {
            AssertSameBits($"{networks[number]}", usual[number], plain[number]);
        }
    }

    /// <summary>A mask stands before all that its layer hands on, and each noise has numbers of its own.</summary>
    [Fact]
    public void NoiseBeforeResidualLayers_HasTheSameBits()
    {
        const string Noisy = """
            [Input(3)] [Dense(5, Tanh)] [Dropout(0.5)] [Dense(5, Tanh, Residual = true)] [Dense(2)] [Loss(MSE)] public partial class Masked;
            [Input(3)] [GaussianNoise(0.1)] [Dense(5, Tanh)] [Dropout(0.25)] [Dense(4, Tanh)] [Dropout(0.5)] [Dense(2)] [Loss(MSE)] public partial class Thrice;
            [Input(3)] [Dense(70, Tanh)] [Dropout(0.5)] [Dense(70, Tanh, Residual = true)] [Dense(2)] [Loss(MSE)] public partial class Wide;
            [Input(3)] [Dense(5, Tanh)] [Dropout(0.5)] [Dense(5, Tanh, Residual = true)] [Loss(MSE)] public partial class Last;
            """;
        Assembly usual = GeneratorHarness.Run(Noisy).Load();
        Assembly plain = GeneratorHarness.Run(Noisy, project: ProjectOptions.Plain).Load();
        foreach (string network in (string[])["Masked", "Thrice", "Wide", "Last"])
        {
            AssertSameBits(network, usual.GetType(network)!, plain.GetType(network)!);
        }
    }

    /// <summary>Small networks compute large batches in blocks; each row has its own noise.</summary>
    [Fact]
    public void NoiseOfManyRows_HasTheSameBits()
    {
        const string Noisy = "[Input(3)] [GaussianNoise(0.1)] [Dense(5, Tanh)] [Dropout(0.5)] [Dense(2)] [Loss(MSE)] public partial class Net;";
        float[] inputs = new RandomNetworks(Seed).Uniform(300 * 3, 1), targets = new RandomNetworks(Seed + 1).Uniform(300 * 2, 1);
        float[][] trained = [.. ((ProjectOptions?[])[null, ProjectOptions.Plain]).Select(project =>
        {
            CompiledNetwork net = new(GeneratorHarness.Run(Noisy, project: project).Load().GetType("Net")!, seed: 3);
            net.TrainStep(inputs, targets, new Sgd(0.1f));
            return net.Parameters;
        })];

        Assert.Equal(trained[0], trained[1]);
    }

    [Theory]
    [InlineData("Tiled", "tiled")]
    [InlineData("Small", "straight-line")]
    public void Kernels_AreLoops_AndSayWhatTheyReplace(string network, string form)
    {
        GeneratorRun plain = GeneratorHarness.Run(Source, project: ProjectOptions.Plain).AssertClean();
        Assert.Contains($"Plain loops, one number at a time, with the bits of the {form} form.", plain.Files[$"{network}.Forward.g.cs"], StringComparison.Ordinal);
        Assert.All((string[])[$"{network}.Forward.g.cs", $"{network}.Backward.g.cs"], file =>
        {
            Assert.Contains("for (nuint m = 0; m < pass.Rows; m++)", plain.Files[file], StringComparison.Ordinal);
            Assert.DoesNotContain("Mlp::Tiles", plain.Files[file], StringComparison.Ordinal);
            Assert.DoesNotContain("Mlp::Lane", plain.Files[file], StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("false")]
    [InlineData("")]
    [InlineData("yes")]
    public void OtherValuesOfTheProperty_ChangeNothing(string value) => Assert.Equal(
        GeneratorHarness.Run(Source).Files,
        GeneratorHarness.Run(Source, project: new ProjectOptions("build_property.MlpGenPlain", value)).Files);

    [Fact]
    public void AProject_AsksForThemByAProperty()
    {
        using ProjectFolder folder = new();
        folder.Write("Net.cs", "[Mlp.Input(40)] [Mlp.Dense(50, Relu)] [Mlp.Dense(1)] [Mlp.Loss(MSE)] public partial class Net;");
        folder.Write("Plain.csproj", ProjectFolder.Project("""
            <MlpGenPlain>true</MlpGenPlain>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
            """));

        string output = folder.Build("Plain.csproj", "-restore");

        string[] files = Directory.GetFiles(folder.PathOf("obj"), "Net.Forward.g.cs", SearchOption.AllDirectories);
        Assert.True(files.Length == 1, output);
        Assert.Contains("Plain loops", File.ReadAllText(files[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("error", output, StringComparison.Ordinal);
    }

    private static void AssertSameBits(string network, Type usual, Type plain)
    {
        IReadOnlyList<(string Name, float[] Values)> expected = Results(usual, threads: 1);
        foreach (int threads in (int[])[1, 2])
        {
            IReadOnlyList<(string Name, float[] Values)> actual = Results(plain, threads);
            Assert.Equal(expected.Count, actual.Count);
            foreach ((var one, var other) in expected.Zip(actual))
            {
                int wrong = Enumerable.Range(0, one.Values.Length)
                    .FirstOrDefault(i => BitConverter.SingleToInt32Bits(one.Values[i]) != BitConverter.SingleToInt32Bits(other.Values[i]), defaultValue: -1);
                Assert.True(wrong < 0, wrong < 0 ? "" : $"{one.Name}, on {threads} threads: value {wrong} is {other.Values[wrong]:g9} instead of {one.Values[wrong]:g9}: {network}");
            }
        }
    }

    /// <summary>All that a network computes, with names.</summary>
    private static List<(string Name, float[] Values)> Results(Type type, int threads)
    {
        WorkerPool.Limit = Math.Max(WorkerPool.Limit, threads);
        CompiledNetwork net = new(type, seed: 3);
        int inputSize = net.Constant("InputSize"), outputSize = net.Constant("OutputSize");
        RandomNetworks random = new(Seed);
        List<(string, float[])> results = [];
        if (net.Instance is not INetwork network)
        {
            Predict("");
            return results;
        }

        network.State.Threads = threads;
        NetworkLayout layout = network.State.Layout;
        Predict("");
        foreach (int rows in (int[])[3, 37])
        {
            float[] inputs = random.Inputs(layout, rows);
            float[] targets = Targets(layout, rows, random);
            foreach (float[] weights in (float[][])[[], Weights(rows)])
            {
                float[] gradients = [.. Enumerable.Repeat(float.NaN, layout.ParameterCount)];
                float loss = TrainingSteps.ComputeGradients(network, inputs, targets, weights, gradients);
                results.Add(($"gradients of {rows} rows{(weights.Length > 0 ? " with weights" : "")}", [loss, .. gradients]));
            }

            if (type.GetMethods().Any(static method => method.Name == "InputGradients"))
            {
                float[] slopes = [.. Enumerable.Repeat(float.NaN, inputs.Length)];
                float loss = net.InputGradients(inputs, targets, slopes);
                float[] jacobian = [.. Enumerable.Repeat(float.NaN, inputs.Length * outputSize)];
                net.Jacobian(inputs, jacobian);
                results.Add(($"input gradients of {rows} rows", [loss, .. slopes, .. jacobian]));
            }
        }

        for (int step = 0; step < 3; step++)
        {
            int rows = step == 1 ? 5 : 21;
            float[] targets = Targets(layout, rows, random);
            float loss = TrainingSteps.TrainStep(network, random.Inputs(layout, rows), targets, step == 2 ? Weights(rows) : [], new Adam(1e-2f));
            results.Add(($"step {step + 1}", [loss, .. net.Parameters, .. net.State.RunningStatistics]));
        }

        Predict(" after training");
        CompiledNetwork copy = new(type);
        copy.LoadParameters(net.Parameters);
        Assert.Equal(copy.State.Store.ToArray(), network.State.Store.ToArray()); // Padding stays 0.
        return results;

        void Predict(string when)
        {
            foreach (int rows in (int[])[1, 5, 17])
            {
                float[] outputs = [.. Enumerable.Repeat(float.NaN, rows * outputSize)];
                net.Predict(net.Instance is INetwork network ? random.Inputs(network.State.Layout, rows) : random.Uniform(rows * inputSize, 1.5), outputs);
                results.Add(($"prediction of {rows} rows{when}", outputs));
            }
        }
    }

    /// <summary>Some rows of weight 0 among them.</summary>
    private static float[] Weights(int rows) => [.. Enumerable.Range(0, rows).Select(static row => row % 5 * 0.5f)];

    /// <summary>Targets that fit any loss but one for classes or signs, and those.</summary>
    private static float[] Targets(NetworkLayout layout, int rows, RandomNetworks random) => layout.Loss switch
    {
        LossFunction.CrossEntropy => [.. Enumerable.Range(0, rows * layout.OutputSize).Select(i => i % layout.OutputSize == i / layout.OutputSize * 7 % layout.OutputSize ? 1f : 0)],
        LossFunction.Hinge => [.. random.Uniform(rows * layout.OutputSize, 1).Select(static value => value < 0 ? -1f : 1)],
        _ => [.. random.Uniform(rows * layout.OutputSize, 0.5).Select(static value => value + 0.5f)],
    };
}
