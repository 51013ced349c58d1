using System.Globalization;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Parsing;

public class NetworkParserTests
{
    [Fact]
    public void Layers_AreRead_InSourceOrder()
    {
        NetworkModel model = Model("""
            [Loss(CrossEntropy)]
            [Input(4, Standardize = true), Dense(20, Relu, Name = "Hidden")]
            [Dropout(0.25)]
            [Dense(10, Tanh, Bias = false), Dense(units: 3, activation: Softmax, Initializer = Initializer.Zeros)]
            public sealed partial class Net;
            """);

        Assert.Equal(
            [
                Layer("Hidden", 4, 20, ModelActivation.Relu, ModelInitializer.GlorotUniform) with { DrawsBiases = true, Noise = new([new NoiseModel(NoiseKind.Dropout, 0.25)]) },
                Layer("Layer2", 20, 10, ModelActivation.Tanh, ModelInitializer.GlorotUniform) with { DrawsBiases = true, HasBias = false },
                Layer("Layer3", 10, 3, ModelActivation.Softmax, ModelInitializer.Zeros),
            ],
            model.Layers);
        Assert.Equal(ModelLoss.CrossEntropy, model.Loss);
        Assert.Equal(4, model.InputSize);
        Assert.Equal(3, model.OutputSize);
        Assert.True(model.Standardize);
        Assert.Null(model.Fault);
    }

    [Fact]
    public void Settings_AreRead()
    {
        NetworkModel model = Model("""
            [Input(4, Gradients = true)]
            [Dense(4, Elu, Alpha = 0.5, Residual = true, Normalization = Normalization.Batch, NormalizationEpsilon = 1e-3, NormalizationMomentum = 1)]
            [Dense(3, Softmax, L1 = 1e-4, L2 = 1, Normalization = Normalization.Layer, Initializer = Initializer.Constant, InitializerScale = 2)]
            [Loss(CrossEntropy, LabelSmoothing = 0.1, ClassWeights = new double[] { 1, 0.5, 0 })]
            public partial class Net;
            """);

        Assert.Equal(
            [
                Layer("Layer1", 4, 4, ModelActivation.Elu, ModelInitializer.LeCunUniform) with
                {
                    DrawsBiases = true,
                    Alpha = 0.5,
                    IsResidual = true,
                    Normalization = ModelNormalization.Batch,
                    NormalizationEpsilon = 1e-3,
                    NormalizationMomentum = 1,
                },
                Layer("Layer2", 4, 3, ModelActivation.Softmax, ModelInitializer.Constant) with
                {
                    InitializerScale = 2,
                    Normalization = ModelNormalization.Layer,
                    L1 = 1e-4,
                    L2 = 1,
                },
            ],
            model.Layers);
        Assert.Equal(new LossOptions { LabelSmoothing = 0.1, ClassWeights = new([1, 0.5, 0]) }, model.LossOptions);
        Assert.True(model.InputGradients);
        Assert.Null(model.Fault);
    }

    [Theory]
    [InlineData("MSE")]
    [InlineData("Huber, Delta = 2", 2.0)]
    [InlineData("BCE, PositiveWeight = 3, LabelSmoothing = 0", 1.0, 3.0)]
    public void LossOptions_AreRead(string loss, double delta = 1, double positiveWeight = 1)
    {
        NetworkModel model = Model($"[Input(2), Dense(1, Sigmoid), Loss({loss})] public partial class Net;");

        Assert.Equal(new LossOptions { Delta = delta, PositiveWeight = positiveWeight }, model.LossOptions);
        Assert.Null(model.Fault);
    }

    [Theory]
    [InlineData("new[] { 1.0, 2 }")]
    [InlineData("new double[2] { 1, Two }")]
    [InlineData("[1, 2.0]")]
    public void ClassWeights_AreRead_HoweverTheyAreWritten(string weights)
    {
        NetworkModel model = Model($$"""
            [Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = {{weights}})]
            public partial class Net { private const int Two = 2; }
            """);

        Assert.Equal([1.0, 2.0], model.LossOptions.ClassWeights);
        Assert.Null(model.Fault);
    }

    [Fact]
    public void Noise_IsRead_InSourceOrder()
    {
        NetworkModel model = Model("""
            [GaussianNoise(0.5), Input(4), Dropout(0.25)]
            [Dense(3), Dropout(0.5), GaussianNoise(deviation: 2)]
            [Dense(2), Dropout(0), GaussianNoise(1e-60)]
            [Dense(1)]
            public partial class Net;
            """);

        NoiseModel[][] expected = [[new(NoiseKind.Dropout, 0.5), new(NoiseKind.Gaussian, 2)], [], []];
        Assert.Equal([new(NoiseKind.Gaussian, 0.5), new(NoiseKind.Dropout, 0.25)], model.InputNoise);
        Assert.Equal(expected, model.Layers.Select(static layer => layer.Noise.ToArray()));
        Assert.Null(model.Fault);
    }

    [Theory]
    [InlineData("Linear", 0.0, "GlorotUniform")]
    [InlineData("Relu", 0.0, "HeUniform")]
    [InlineData("LeakyRelu", 0.01, "HeUniform")]
    [InlineData("LeakyRelu, Alpha = 0", 0.0, "HeUniform")]
    [InlineData("LeakyRelu, Alpha = -1e-60", 0.0, "HeUniform")]
    [InlineData("PRelu", 0.25, "HeUniform")]
    [InlineData("PRelu, Alpha = -1", -1.0, "HeUniform")]
    [InlineData("Elu", 1.0, "LeCunUniform")]
    [InlineData("HardSwish", 0.0, "LeCunUniform")]
    [InlineData("Selu", 0.0, "LeCunNormal")]
    [InlineData("Selu, Initializer = Initializer.Zeros", 0.0, "Zeros")]
    [InlineData("Softplus", 0.0, "GlorotUniform")]
    public void AlphaAndInitializer_AreThoseOfTheActivation(string arguments, double alpha, string initializer)
    {
        NetworkModel model = Model($"[Input(2), Dense(1, {arguments})] public partial class Net;");

        Assert.Equal(alpha, model.Layers[0].Alpha);
        Assert.Equal(initializer, $"{model.Layers[0].Initializer}");
        Assert.Null(model.Fault);
    }

    [Theory]
    [InlineData(3, "Relu", "HeUniform", true)]
    [InlineData(4, "Relu", "GlorotUniform", true)]
    [InlineData(4, "Selu", "LeCunNormal", false)]
    [InlineData(2, "Relu, Initializer = Initializer.HeUniform", "HeUniform", false)]
    public void Auto_ChoosesByActivationAndSizes(int units, string arguments, string initializer, bool drawsBiases)
    {
        LayerModel layer = Model($"[Input(3), Dense({units}, {arguments})] public partial class Net;").Layers[0];

        Assert.Equal(initializer, $"{layer.Initializer}");
        Assert.Equal(drawsBiases, layer.DrawsBiases);
        Assert.Equal(double.NaN, layer.InitializerScale);
    }

    [Fact]
    public void Auto_DrawsSmallerNumbers_OnBothSidesOfHiddenSigmoidUnits()
    {
        NetworkModel model = Model("[Input(3), Dense(4, Tanh), Dense(4, Sigmoid), Dense(4, Sigmoid, Initializer = Initializer.GlorotUniform), Dense(4), Dense(1, Sigmoid)] public partial class Net;");

        double small = Math.Sqrt(1 / 3.0);
        Assert.Equal([double.NaN, small, double.NaN, small, double.NaN], model.Layers.Select(static layer => layer.InitializerScale));
    }

    [Fact]
    public void Names_AreCode()
    {
        NetworkModel model = Model(
            "namespace My.@class { partial record struct @struct { partial interface IInner { [Input(2), Dense(1)] partial class @new; } } }",
            "My.class.struct+IInner+new");

        Assert.Equal("My.@class", model.Namespace);
        Assert.Equal(["partial record struct @struct", "partial interface IInner"], model.ContainingTypes);
        Assert.Equal("@new", model.ClassName);
        Assert.Equal("My.class.struct+IInner+new", model.MetadataName);
        Assert.False(model.HasNameTwin);
        Assert.Null(model.Loss);
    }

    [Fact]
    public void EqualSources_GiveEqualModels()
    {
        const string Source =
            "[Input(2, Standardize = true), Dense(8, Relu), Dropout(0.5), Dense(1, Sigmoid), Loss(BCE)] public partial class Net;";

        Assert.Equal(Model(Source), Model(Source));
        Assert.Equal(Model(Source), Model("// A comment.\n\n" + Source.Replace(", ", " ,\n", StringComparison.Ordinal)));
        Assert.NotEqual(Model(Source), Model(Source.Replace("Dense(8", "Dense(9", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(
        "[Input(2)] public partial class Net;",
        "MLP0011: Network 'Net' has no layer; add at least one '[Dense(units)]' after [Input]")]
    [InlineData("[Input(-1), Dense(0)] public partial class Net;", "MLP0015: The network has -1 input columns; it needs at least 1")]
    [InlineData(
        "[Input(2), Dense(3, Name = \"Load\"), Dense(1, (Activation)9)] public partial class Net;",
        "MLP0025: The layer name 'Load' is reserved: it is a generated member; choose another")]
    [InlineData(
        "[Input(9), Dense(4, Relu), Dense(InputSize)] public partial class Net;",
        "MLP0034: 'InputSize' comes from generated code and has no value while the network is generated; write the value itself, or a constant of your own")]
    [InlineData(
        "[Input(Encoder.OutputSize, Standardize = true), Dense(4)] public partial class Net; [Input(1), Dense(2)] public partial class Encoder;",
        "MLP0034: 'Encoder.OutputSize' comes from generated code and has no value while the network is generated; write the value itself, or a constant of your own")]
    [InlineData(
        "[Input(60_000), Dense(60_000), Dense(60_000)] public partial class Net;",
        "MLP0017: With Layer 1 the network has 3600060000 parameters; at most 268435456 are supported, so make a layer smaller")]
    [InlineData(
        "[Input(2), Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = new double[] { 1, InputSize })] public partial class Net;",
        "MLP0034: 'InputSize' comes from generated code and has no value while the network is generated; write the value itself, or a constant of your own")]
    [InlineData(
        "[Input(0), Dense(4, Residual = true), Dense(1)] public partial class Net;",
        "MLP0015: The network has 0 input columns; it needs at least 1")]
    [InlineData(
        "[Input(20), Dense(20, Residual = true), Dense(10, Residual = true)] public partial class Net;",
        "MLP0038: Layer 2 adds its 20 inputs to 10 outputs; give it 20 units, or remove Residual")]
    [InlineData(
        "[Input(20), Dense(10, Relu, Alpha = 0.1)] public partial class Net;",
        "MLP0037: Alpha of Layer 1 has no effect with Relu; remove it, or use LeakyRelu, PRelu or Elu")]
    [InlineData(
        "[Input(20), Dense(10, NormalizationMomentum = 0.1, Normalization = Normalization.Layer)] public partial class Net;",
        "MLP0037: NormalizationMomentum of Layer 1 has no effect with Normalization.Layer; remove it, or use Normalization.Batch")]
    [InlineData(
        "[Input(20), Dense(1), Loss(Huber, Delta = 1e-60)] public partial class Net;",
        "MLP0036: Delta of the loss is 1E-60, as float 0; write a number that is finite and above 0")]
    [InlineData(
        "[Input(20), Dense(10), GaussianNoise(-1), Dense(1)] public partial class Net;",
        "MLP0036: Deviation of [GaussianNoise] is -1; write a number that is finite and at least 0")]
    [InlineData(
        "[Input(20), GaussianNoise(1), GaussianNoise(2), Dense(1)] public partial class Net;",
        "MLP0023: The input has a second [GaussianNoise]; keep one")]
    [InlineData(
        "[Input(20), Dense(2, Sigmoid, Residual = true), Dense(2, Sigmoid, Residual = true), Loss(BCE)] public partial class Net;",
        "MLP0038: Layer 1 adds its 20 inputs to 2 outputs; give it 20 units, or remove Residual")]
    public void Fault_IsTheFirstProblem_AndTheRestCanBeEmitted(string source, string fault)
    {
        NetworkModel model = Model(source);

        Assert.Equal(fault, model.Fault);
        Assert.NotEmpty(model.Layers);
        Assert.InRange(model.InputSize, 1, LayerReader.MaxSize);
        Assert.All(model.Layers, static layer => Assert.InRange(layer.Outputs, 1, LayerReader.MaxSize));
        Assert.All(model.Layers, static layer => Assert.StartsWith("Layer", layer.Name, StringComparison.Ordinal));
        Assert.Equal(
            model.Layers.Select(static layer => layer.Outputs).SkipLast(1), model.Layers.Select(static layer => layer.Inputs).Skip(1));
        Assert.InRange(model.Layers.Sum(static layer => (long)(layer.Inputs + 1) * layer.Outputs), 1, int.MaxValue);
    }

    [Fact]
    public void Fault_IsTheSame_UnderEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "~";
        odd.NumberFormat.NumberDecimalSeparator = "'";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(
                "MLP0020: The dropout rate is -0.5; it is the probability that an output is dropped, at least 0 and less than 1",
                Model("[Input(2), Dense(1), Dropout(-0.5), Dense(1)] public partial class Net;").Fault);
            Assert.Equal(
                "MLP0015: Layer 1 has -5 units; a dense layer needs at least 1",
                Model("[Input(2), Dense(-5, Sigmoid), Loss(BCE)] public partial class Net;").Fault);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("[Input(2), Dense(1)] public class Net;")]
    [InlineData("[Input(2), Dense(1)] public static partial class Net;")]
    [InlineData("[Input(2), Dense(1)] public partial interface Net;")]
    [InlineData("[Input(2), Dense(1)] public record Net;")]
    [InlineData("public partial class Net;")]
    public void WhatCannotGrow_HasNoModel(string source) => Assert.Null(Parse(source).Model);

    [Fact]
    public void Names_ThatClash_AreReplaced()
    {
        NetworkModel model = Model("""
            [Input(2), Dense(1, Name = "Layer2"), Dense(1), Dense(1, Name = "Layer1"), Dense(1, Name = "Layer1"), Dense(1, Name = "no")]
            public partial class Net;
            """);

        Assert.StartsWith("MLP0026: Layers 1 and 2 are both called 'Layer2'", model.Fault, StringComparison.Ordinal);
        Assert.Equal(model.Layers.Count, model.Layers.Select(static layer => layer.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("partial class Net { int Threads; void Save(string path) { } void get_Layer1() { } void Predict() { } }", "Layer1", "Save", "Threads")]
    [InlineData("partial class Net<Load, T>", "Load")]
    [InlineData("partial record Net", "Clone")]
    [InlineData("partial record struct Net(int Size)", ".ctor", "Clone")]
    [InlineData("partial class Net : System.Attribute")]
    public void LeftOut_IsWhatHasNoRoom(string declaration, params string[] names)
    {
        string source = $"[Input(2), Dense(1)] public {declaration}{(declaration.EndsWith('}') ? "" : ";")}";

        Assert.Equal(names, Model(source, declaration.Contains('<') ? "Net`2" : "Net").LeftOut);
    }

    [Fact]
    public void CancelledToken_Throws()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation(["[Input(2), Dense(1)] public partial class Net;"]);
        INamedTypeSymbol type = compilation.GetTypeByMetadataName("Net")!;

        Assert.Throws<OperationCanceledException>(() => NetworkParser.Parse(type, new CancellationToken(canceled: true)));
    }

    private static NetworkModel Model(string source, string name = "Net")
    {
        NetworkModel? model = Parse(source, name).Model;
        Assert.NotNull(model);
        return model;
    }

    private static ParsedNetwork Parse(string source, string name = "Net") =>
        NetworkParser.Parse(GeneratorHarness.CreateCompilation([source]).GetTypeByMetadataName(name)!, default);

    private static LayerModel Layer(string name, int inputs, int outputs, ModelActivation activation, ModelInitializer initializer) => new()
    {
        Name = name,
        Inputs = inputs,
        Outputs = outputs,
        Activation = activation,
        Initializer = initializer,
        HasBias = true,
    };
}
