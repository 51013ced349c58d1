using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Pictures of weights, activations and layers.</summary>
public class NetworkPictureTests
{
    [Theory]
    [InlineData(8, 8, 1, null)]
    [InlineData(8, 8, 64, 8)]
    [InlineData(28, 28, 300, null)]
    [InlineData(1, 1, 3, null)]
    [InlineData(50, 2, 3, 2)]
    public void Weights_AreImages_AndSmallFiles(int width, int height, int units, int? columns)
    {
        NetworkState network = new(Layouts.Of(width * height, LossFunction.CrossEntropy, [("Layer1", units, Activation.Relu), ("Layer2", 2, Activation.Softmax)]), seed: 1);
        Drawn drawn = Drawn.Check(WeightsPicture.Draw(network, width, height, columns, "Weights").ToString());
        Assert.Equal(2, drawn.Elements("image").Count());
        Assert.InRange(drawn.Text.Length, 1000, 100_000);
        Assert.Contains($"each as an image of {width} by {height} pixels", drawn.Description);
        Assert.Equal(units > 100, drawn.Texts.Contains("The first 100 of 300 units."));
    }

    [Fact]
    public void OddWeights_AreDrawn()
    {
        NetworkState network = new(Layouts.Of(4, LossFunction.MSE, [("Layer1", 3, Activation.Linear)]), seed: 1);
        foreach (float odd in (float[])[float.NaN, float.PositiveInfinity, 0, float.MaxValue])
        {
            network.LoadParameters([.. Enumerable.Repeat(0f, 14), odd]);
            Drawn.Check(WeightsPicture.Draw(network, 2, 2, null, "Weights").ToString());
            network.LoadParameters([odd, .. Enumerable.Repeat(0f, 14)]);
            Drawn.Check(WeightsPicture.Draw(network, 2, 2, null, "Weights").ToString());
        }
    }

    [Fact]
    public void AllActivations_AreThere_WithTheirSlopes()
    {
        Drawn drawn = Drawn.Check(Mlp.Pictures.Activations());
        string[] names = [.. Enum.GetNames<Activation>().Where(static name => name != nameof(Activation.Softmax))];
        drawn.AssertShows([.. names]);
        Assert.Equal(2 * names.Length, drawn.WithClasses("line").Count() - 2);
        Assert.InRange(drawn.Text.Length, 1000, 60_000);
    }

    [Fact]
    public void ASlope_IsThatOfBackpropagation()
    {
        Assert.All(Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax), static activation =>
        {
            const float Step = 1f / 128;
            foreach (float z in (float[])[-2.3f, -0.4f, 0.6f, 1.9f])
            {
                float Output(float at) => Mlp.CompilerServices.Activations.Apply(activation, Vec256.Create(at), Vec256.Create(0.25f)).Value[0];
                float difference = activation is Activation.Step or Activation.Sign ? 1 : (Output(z + Step) - Output(z - Step)) / (2 * Step);
                Assert.Equal(difference, Mlp.CompilerServices.Activations.Slope(activation, Vec256.Create(z), Vec256.Create(0.25f)).Value[0], 1e-3f);
            }
        });
    }

    [Fact]
    public void ChosenActivations_AreDrawn_AndSoftmaxIsRefused()
    {
        Drawn.Check(Mlp.Pictures.Activations(Activation.Relu, Activation.LeakyRelu)).AssertShows(["Relu", "LeakyRelu", "α = 0.01"]);
        Assert.Equal("activations", Assert.Throws<ArgumentException>(() => Mlp.Pictures.Activations(Activation.Softmax)).ParamName);
        Assert.Equal("activations", Assert.Throws<ArgumentException>(() => Mlp.Pictures.Activations((Activation)99)).ParamName);
    }

    [Fact]
    public void ADiagram_NamesLayersShapesAndParameters()
    {
        NetworkLayout layout = Layouts.Of(
            784, LossFunction.CrossEntropy, [("Hidden", 300, Activation.Gelu), ("Layer2", 300, Activation.Relu), ("Layer3", 10, Activation.Softmax)], standardize: true,
            declare: static layer => layer.Name == "Layer2" ? layer with { IsResidual = true, HasBias = false, IsFrozen = true, Normalization = Normalization.Batch } : layer);
        Drawn drawn = Drawn.Check(DiagramPicture.Draw(layout, "DigitsNet").ToString());
        drawn.AssertShows([
                "DigitsNet", "784", "784 × 300", "300 × 300", "300 × 10", "Hidden · Dense, Gelu", "235,500 parameters", "Layer2 · Dense, batch normalization, Relu",
                "90,600 parameters, no biases, residual, frozen", "Loss(CrossEntropy)", "329,110 parameters",
            ]);
        Assert.StartsWith("784 inputs, centred and scaled. Hidden: Dense, Gelu, 784 inputs, 300 outputs, 235,500 parameters. ", drawn.Description);
        Assert.EndsWith("loss: CrossEntropy. 329,110 parameters in all.", drawn.Description);
    }

    [Fact]
    public void ADiagram_HasDropoutAndNoiseOnTheWayWhereTheyAct()
    {
        (string, int, Activation)[] layers = [("Layer1", 8, Activation.Relu), ("Layer10", 8, Activation.Relu), ("Layer2", 1, Activation.Linear)];
        NetworkLayout layout = Layouts.Of(5, LossFunction.MSE, layers, noise: "inputs: GaussianNoise(0.1); Layer10: Dropout(0.25), GaussianNoise(2)");
        Drawn drawn = Drawn.Check(DiagramPicture.Draw(layout, "Net").ToString());

        drawn.AssertShows(["GaussianNoise(0.1) · 5 × 8", "8 × 8", "Dropout(0.25) · GaussianNoise(2) · 8 × 1"]);
        Assert.StartsWith("5 inputs, GaussianNoise(0.1). Layer1: Dense, Relu, 5 inputs, 8 outputs, 48 parameters. ", drawn.Description);
        Assert.Contains("72 parameters, Dropout(0.25), GaussianNoise(2). Layer2", drawn.Description);
    }

    [Fact]
    public void DeepAndWideNetworks_FitIntoADiagram() => Drawn.Check(DiagramPicture.Draw(
        Layouts.Of(100_000, loss: null, [.. Enumerable.Range(1, 40).Select(static i => ($"Layer{i}{new string('x', i)}", i * i, Activation.LeakyRelu))]),
        "A name that is very long, so long that it would never fit into the line that a title has, not even on wide paper").ToString());

    [Theory]
    [MemberData(nameof(OddCulture.All), MemberType = typeof(OddCulture))]
    public void TheFiles_DoNotFollowTheCulture(string decimalSeparator, string negativeSign)
    {
        NetworkLayout layout = Layouts.Of(64, LossFunction.MSE, [("Layer1", 70, Activation.LeakyRelu), ("Layer2", 1, Activation.Linear)], declare: static layer => layer with { Alpha = 0.01f });
        string[] usual = DrawAll();
        using OddCulture culture = new(decimalSeparator, negativeSign);
        Assert.Equal(usual, DrawAll());

        string[] DrawAll() =>
        [
            WeightsPicture.Draw(new NetworkState(layout, seed: 1), 8, 8, null, "Weights").ToString(),
            Mlp.Pictures.Activations(),
            DiagramPicture.Draw(layout, "Net").ToString(),
            Mlp.Pictures.ConfusionMatrix(new[,] { { 12_345, 1 }, { 2, 1_234_567 } }),
        ];
    }
}
