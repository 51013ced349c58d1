using System.Globalization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Networks;

public class NetworkStateTests
{
    private static readonly NetworkLayout Layout = Layouts.Of(2, LossFunction.BCE, [("Layer1", 1, Activation.Sigmoid)]);

    [Fact]
    public void TargetsThatDoNotFitTheInputs_AreRefused_WithTheSizes()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.BCE);

        ArgumentException error = Assert.Throws<ArgumentException>("targets", () => network.TrainStep(new float[2], new float[2], new Adam()));

        Assert.Contains("inputs holds 1 × 2 values, so targets must hold 1 × 1 = 1; it holds 2", error.Message);
        Assert.Contains("targetSize: 1", error.Message);
    }

    [Fact]
    public void ParametersOfAnotherNumber_AreRefused()
    {
        NetworkState network = new(Layout, seed: 1);

        ArgumentException error = Assert.Throws<ArgumentException>("parameters", () => network.LoadParameters(new float[5]));

        Assert.Contains("parameters holds 5 values; the network has 3 parameters.", error.Message);
    }

    [Fact]
    public void OutputsOfPlainTargets_AreInTheDatasUnits()
    {
        float[] outputs = [1, 2, 3];
        new NetworkState(Layout, seed: 1).Standardization.ToDataUnits(outputs);
        Assert.Equal([1, 2, 3], outputs);
    }

    [Fact]
    public void AGradientThatIsNotFinite_IsRefused_InTheSameWordsInAnyCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NaNSymbol = "not a number" } };
        try
        {
            ArgumentException error = Assert.Throws<ArgumentException>(
                "gradients", () => TrainingSteps.ApplyGradients(new NetworkState(Layout, seed: 1), [0, float.NaN, 0], new Sgd(1)));
            Assert.Contains("Gradient 1 is NaN;", error.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(-1, 0, "input", "input must be at least 0 and less than 2.")]
    [InlineData(2, 0, "input", "input must be at least 0 and less than 2.")]
    [InlineData(0, -1, "output", "output must be at least 0 and less than 1.")]
    [InlineData(0, 1, "output", "output must be at least 0 and less than 1.")]
    public void WeightsOutOfRange_AreRefused_WithTheIndexAsWritten(int input, int output, string name, string message)
    {
        DenseLayer layer = new NetworkState(Layout, seed: 1).View(0);

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(name, () => layer.Weights[input, output]);

        Assert.Contains(message, error.Message);
        Assert.Equal(name == "input" ? input : output, error.ActualValue);
    }

    [Fact]
    public void BiasesOutOfRange_AreRefused_AndMissingOnesAreSaidToBeSo()
    {
        NetworkState network = new(Layout, seed: 1);
        DenseLayout[] without = [.. Layout.Layers.ToArray().Select(layer => layer with { HasBias = false })];
        DenseLayer bare = new(new NetworkState(new NetworkLayout(2, false, LossFunction.BCE, without), seed: 1), without[0]);

        Assert.Contains(
            "output must be at least 0 and less than 1.",
            Assert.Throws<ArgumentOutOfRangeException>("output", () => network.View(0).Biases[-1]).Message);
        Assert.Contains("The layer has no biases.", Assert.Throws<ArgumentOutOfRangeException>("output", () => bare.Biases[0]).Message);
    }

    [Fact]
    public void NegativeThreads_AreRefusedByName() =>
        Assert.Throws<ArgumentOutOfRangeException>("Threads", () => new NetworkState(Layout, seed: 1).Threads = -1);

    [Fact]
    public void AnUnknownInitializer_IsRefused()
    {
        DenseLayout[] layers = [.. Layout.Layers.ToArray().Select(layer => layer with { Initializer = (Initializer)99 })];

        Assert.Throws<NotSupportedException>(() => new NetworkState(new NetworkLayout(2, false, LossFunction.BCE, layers), seed: 1));
    }
}
