using Generator.Tests.Infrastructure;

namespace Generator.Tests.Contract;

/// <summary>Empty batches, spans that do not fit and values that are not finite, for both strategies.</summary>
public class EdgeTests
{
    private const string Source = """
        [Input(3)] [Dense(4, Relu)] [Dense(2, Softmax)] [Loss(CrossEntropy)] public partial class TinyNet;
        [Input(3)] [Dense(50, Relu)] [Dense(60, Relu)] [Dense(2, Softmax)] [Loss(CrossEntropy)] public partial class TiledNet;
        """;

    private static readonly Lazy<System.Reflection.Assembly> Compiled = new(static () => GeneratorHarness.Run(Source).Load());
    private static readonly Optimizer Optimizer = new Adam();

    public static TheoryData<string> Names => ["TinyNet", "TiledNet"];

    [Theory]
    [MemberData(nameof(Names))]
    public void NoRows_PredictNothingAndTrainNothing(string name)
    {
        CompiledNetwork net = Create(name);
        net.Predict([], []);
        Assert.Throws<ArgumentException>(() => net.TrainStep([], [], Optimizer));
        Assert.Throws<ArgumentException>(() => net.ComputeGradients([], [], new float[net.ParameterCount]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SpansThatDoNotFit_AreNamedWithTheirLengths(string name)
    {
        CompiledNetwork net = Create(name);
        float[] parameters = net.Parameters;
        Throws("inputs", "4", () => net.Predict(new float[4], new float[2]));
        Throws("outputs", "3", () => net.Predict(new float[3], new float[3]));
        Throws("outputs", "4", () => net.Predict(new float[9], new float[4]));
        Throws("outputs", "8", () => net.Predict(new float[9], new float[8]));
        Throws("outputs", "2", () => net.Predict([], new float[2]));
        Throws("inputs", "2", () => net.PredictVector(new float[2]));
        Throws("inputs", "6", () => net.PredictVector(new float[6]));
        Throws("input", "0", () => net.PredictClass([]));
        Throws("inputs", "5", () => net.TrainStep(new float[5], new float[2], Optimizer));
        Throws("targets", "3", () => net.TrainStep(new float[6], new float[3], Optimizer));
        Throws("targets", "6", () => net.TrainStep(new float[6], new float[6], Optimizer));
        Throws("gradients", "1", () => net.ComputeGradients(new float[3], new float[2], new float[1]));
        Throws("gradients", $"{net.ParameterCount + 1}", () => net.ApplyGradients(new float[net.ParameterCount + 1], Optimizer));
        Throws("parameters", "7", () => net.LoadParameters(new float[7]));
        Throws("destination", "7", () => net.CopyParametersTo(new float[7]));
        Assert.Throws<ArgumentNullException>("optimizer", () => net.TrainStep(new float[3], [1, 0], null!));
        Assert.Equal(parameters, net.Parameters);

        static void Throws(string argument, string actual, Action call)
        {
            ArgumentException exception = Assert.ThrowsAny<ArgumentException>(call);
            Assert.Equal(argument, exception.ParamName);
            Assert.Contains(actual, exception.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NaN_GoesThroughPredictions(string name)
    {
        CompiledNetwork net = Create(name);
        float[] outputs = new float[4];
        net.Predict([1, float.NaN, 1, 1, 1, 1], outputs);
        Assert.True(float.IsNaN(outputs[0]) && float.IsNaN(outputs[1]));
        Assert.True(float.IsFinite(outputs[2]) && float.IsFinite(outputs[3]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnInputThatIsNotFinite_StopsTheStepBeforeItChangesAnything(string name)
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            CompiledNetwork net = Create(name);
            float[] parameters = net.Parameters;
            float[] inputs = new float[30 * 3];
            float[] targets = [.. Enumerable.Range(0, 60).Select(static i => i % 2 == 0 ? 1f : 0f)];
            inputs[(17 * 3) + 1] = value;
            NonFiniteLossException exception = Assert.Throws<NonFiniteLossException>(() => net.TrainStep(inputs, targets, Optimizer));
            Assert.Equal((17, 1), (exception.Row!.Value, exception.Column!.Value));
            Assert.Throws<NonFiniteLossException>(() => net.ComputeGradients(inputs, targets, new float[net.ParameterCount]));
            Assert.Equal(parameters, net.Parameters);

            // The failed step left no trace: the next one equals a fresh network's first.
            CompiledNetwork fresh = Create(name);
            inputs[(17 * 3) + 1] = 0;
            Assert.Equal(fresh.TrainStep(inputs, targets, Optimizer), net.TrainStep(inputs, targets, Optimizer));
            Assert.Equal(fresh.Parameters, net.Parameters);
        }
    }

    [Theory]
    [InlineData("Batch")]
    [InlineData("Layer")]
    public void AVarianceThatOverflows_StopsTheStepBeforeItChangesAnything(string normalization)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(
            $"[Input(1)] [Dense(2, Normalization = Normalization.{normalization})] [Loss(MSE)] public partial class Net;", "Net"));
        net.LoadParameters([1, -1, 0, 0, 1, 1, 0, 0]);
        float[] inputs = [1e20f, -1e20f, 1e20f, -1e20f];
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => net.TrainStep(inputs, new float[8], new Sgd(0.1f)));
        Assert.Equal("Layer1", error.Layer);
        Assert.Equal([1, -1, 0, 0, 1, 1, 0, 0], net.Parameters);
        Assert.All(net.State.RunningVariances(0).ToArray(), static variance => Assert.Equal(1, variance));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ParametersThatOverflow_NameTheLayer(string name)
    {
        CompiledNetwork net = Create(name);
        float[] parameters = net.Parameters;
        parameters[^1] = float.PositiveInfinity;
        net.LoadParameters(parameters);
        NonFiniteLossException exception = Assert.Throws<NonFiniteLossException>(() => net.TrainStep(new float[3], [1, 0], Optimizer));
        Assert.Equal(name == "TinyNet" ? "Layer2" : "Layer3", exception.Layer);
        Assert.Null(exception.Row);
    }

    private static CompiledNetwork Create(string name) => new(Compiled.Value.GetType(name, throwOnError: true)!, seed: 1);
}
