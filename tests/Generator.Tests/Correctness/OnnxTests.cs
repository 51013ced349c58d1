using System.Globalization;
using System.Reflection;
using Generator.Tests.Infrastructure;
using Microsoft.ML.OnnxRuntime;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>ONNX files of networks predict in another runtime what the networks do, and hold to the format's rules.</summary>
[Collection(nameof(RandomSample))]
public class OnnxTests(ITestOutputHelper output)
{
    /// <summary>Of the largest output.</summary>
    private const double Tolerance = 1e-5;

    private const int RandomCount = 200;

    private static readonly int[] RowCounts = [1, 3, 257];

    private static readonly Lazy<Assembly> Compiled = new(static () => GeneratorHarness.Run(Gallery.Source).Load());

    [Fact]
    public void EveryNetworkOfTheGallery_PredictsTheSame()
    {
        Closeness.Report report = new();
        RandomNetworks random = new(seed: 3);
        foreach (GalleryNetwork network in Gallery.Networks.Concat(Gallery.Largest))
        {
            CompiledNetwork net = new(Compiled.Value.GetType($"Gallery.{network.ClassName}", throwOnError: true)!, seed: 1);
            int inputSize = net.Constant("InputSize");
            Compare(report, network.Name, net, rows => net.Instance is INetwork ? random.Inputs(net.State.Layout, rows) : random.Uniform(rows * inputSize, 1.5));
        }

        Finish(report);
    }

    [Fact]
    public void RandomNetworks_PredictTheSame()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in RandomNetworkTests.Samples.Value.Take(RandomCount))
        {
            // The rows of the sample again and again: others may lie where rounding decides.
            int size = sample.Network.InputSize;
            Compare(report, $"{sample}", sample.Net, rows => [.. Enumerable.Range(0, rows * size).Select(i => sample.Inputs[i % sample.Inputs.Length])]);
        }

        Finish(report);
    }

    /// <summary>Where runtimes approximate or overflow: sums of up to some hundreds. Exp is left out, whose outputs are then beyond floats.</summary>
    [Fact]
    public void SaturatedActivations_PredictTheSame()
    {
        Closeness.Report report = new();
        foreach (Activation activation in Enum.GetValues<Activation>().Where(static activation => activation is not Activation.Exp))
        {
            CompiledNetwork net = Compile($"[Input(2)] [Dense(8, {activation})] [Loss({(activation == Activation.Softmax ? "CrossEntropy" : "MSE")})]");
            Compare(report, $"{activation}", net, rows => [.. Enumerable.Range(0, 2 * rows).Select(static i => 300 * MathF.Sin(i))]);
        }

        Finish(report);
    }

    /// <summary>Folded into weights and biases, means of this size would leave no digit of the inputs.</summary>
    [Fact]
    public void LargeMeans_AreSubtractedBeforeAnythingElse()
    {
        Closeness.Report report = new();
        CompiledNetwork net = Compile("[Input(3, Standardize = true)] [Dense(16, Tanh)] [Dense(2)] [Loss(MSE, StandardizeTargets = true)]");
        float[] means = [1e6f, -3e7f, 2e9f], scales = [1 / 3f, 1e-3f, 1e-4f];
        means.CopyTo(net.State.InputMeans);
        scales.CopyTo(net.State.InputScales);
        ((float[])[1e6f, -5]).CopyTo(net.State.Standardization.TargetMeans.AsSpan());
        ((float[])[2e4f, 1e-3f]).CopyTo(net.State.Standardization.TargetScales.AsSpan());
        Compare(report, "large means", net, rows => [.. Enumerable.Range(0, 3 * rows).Select(i => means[i % 3] + (MathF.Sin(i) / scales[i % 3]))]);
        Finish(report);

        OnnxModel model = OnnxModel.Read(OnnxPrediction.FileOf(net));
        Assert.Equal(["Sub", "Mul", "MatMul", "Add", "Tanh", "MatMul", "Add", "Mul", "Add"], model.Nodes.Select(static node => node.Operator));
        Assert.Equal("input", model.Nodes[0].Inputs[0]);
        Assert.Equal(means, Constant(model, model.Nodes[0]));
        Assert.Equal(scales, Constant(model, model.Nodes[1]));
        Assert.Equal([2e4f, 1e-3f], Constant(model, model.Nodes[^2]));
        Assert.Equal([1e6f, -5], Constant(model, model.Nodes[^1]));
    }

    /// <summary>Beside variances of about 1, the usual ε would show nowhere.</summary>
    [Theory]
    [InlineData("Layer")]
    [InlineData("Batch")]
    public void TheEpsilonOfANormalization_IsTheNetworks(string normalization)
    {
        Closeness.Report report = new();
        CompiledNetwork net = Compile($"[Input(3)] [Dense(9, Tanh, Normalization = Normalization.{normalization}, NormalizationEpsilon = 0.5)] [Dense(2)] [Loss(MSE)]");
        Compare(report, normalization, net, rows => new RandomNetworks(seed: 1).Uniform(3 * rows, 1));
        Finish(report);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(0.5f)]
    [InlineData(20f)]
    [InlineData(1e10f)]
    [InlineData(9.2233720e18f)]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void NumbersThatAreNoRows_AreRefused(float number)
    {
        CompiledNetwork net = new(Compiled.Value.GetType("Gallery.TinyEmbeddedNet", throwOnError: true)!, seed: 1);
        using OnnxPrediction onnx = new(OnnxPrediction.FileOf(net));
        float[] outputs = new float[4];
        net.Predict([19, 0], outputs);
        Assert.InRange(Closeness.AbsoluteError(onnx.Predict([19, 0], rows: 2), RandomNetworks.Doubles(outputs)), 0, Tolerance);

        Assert.Throws<ArgumentException>(() => net.Predict([19, number], outputs));
        Assert.Throws<OnnxRuntimeException>(() => onnx.Predict([19, number], rows: 2));
    }

    /// <summary>Names of layers meet those of everything else in the graph.</summary>
    [Fact]
    public void AnyNamesOfLayers_KeepNamesApart()
    {
        Closeness.Report report = new();
        CompiledNetwork net = Compile("""
            [Input(3, Standardize = true)]
            [Dense(3, Gelu, Name = "input")]
            [Dense(3, Gelu, Name = "output")]
            [Dense(3, Gelu, Name = "half")]
            [Dense(3, Name = "standardize", Normalization = Normalization.Layer)]
            [Dense(3, Name = "half_Mul")]
            [Dense(3, Name = "Größe")]
            [Dense(2, Name = "targets")]
            [Loss(MSE, StandardizeTargets = true)]
            """);
        Compare(report, "names", net, rows => new RandomNetworks(seed: 1).Uniform(3 * rows, 1));
        Finish(report);
    }

    [Fact]
    public void TheSameNetwork_GivesTheSameBytes_InAnyCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (GalleryNetwork network in Gallery.Read)
            {
                Type type = Compiled.Value.GetType($"Gallery.{network.ClassName}", throwOnError: true)!;
                CultureInfo.CurrentCulture = before;
                byte[] expected = OnnxPrediction.FileOf(new CompiledNetwork(type, seed: 1));
                CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NegativeSign = "minus", NumberDecimalSeparator = "," } };
                Assert.Equal(expected, OnnxPrediction.FileOf(new CompiledNetwork(type, seed: 1)));
                Assert.NotEqual(expected, OnnxPrediction.FileOf(new CompiledNetwork(type, seed: 2)));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CompiledNetwork Compile(string attributes) => new(CompiledNetwork.Compile($"using Mlp; {attributes} public partial class Net;", "Net"), seed: 1);

    private static float[] Constant(OnnxModel model, OnnxNode node) => model.Constants.Single(constant => constant.Name == node.Inputs[1]).Floats;

    private static void Compare(Closeness.Report report, string name, CompiledNetwork net, Func<int, float[]> inputsOf)
    {
        byte[] file = OnnxPrediction.FileOf(net);
        int outputSize = net.Constant("OutputSize");
        OnnxRules.Check(file, net.Constant("InputSize"), outputSize);
        using OnnxPrediction onnx = new(file);
        foreach (int rows in RowCounts)
        {
            float[] inputs = inputsOf(rows);
            float[] expected = new float[rows * outputSize];
            net.Predict(inputs, expected);
            double largest = expected.Max(Math.Abs);
            report.Add($"{rows} rows of {name}", Closeness.AbsoluteError(onnx.Predict(inputs, rows), RandomNetworks.Doubles(expected)) / Math.Max(largest, float.Epsilon), Tolerance);
        }
    }

    private void Finish(Closeness.Report report)
    {
        output.WriteLine($"Worst: {report.Worst:g3} of {report.WorstName}");
        report.AssertAllClose();
    }
}
