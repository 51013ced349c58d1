using System.Reflection;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Contract;

/// <summary>The members that every generated class promises.</summary>
public class FaceTests
{
    private static readonly Lazy<Assembly> Compiled = new(static () => GeneratorHarness.Run("""
        [Input(2)] [Dense(20, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Binary;
        [Input(5)] [Dense(8, Tanh, Name = "Hidden", Bias = false)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Classes;
        [Input(5)] [Dense(3)] [Loss(MSE)] public partial class Regression;
        [Input(5)] [Dense(2, Sigmoid)] [Loss(BCE)] public partial class Tags;
        [Input(5)] [Dense(3)] public partial class PredictOnly;
        """).Load());

    [Fact]
    public void Members_AreThoseOfTheContract()
    {
        Assert.Equal(
            [
                "Binary Clone()",
                "Binary Load(Stream stream)",
                "Binary Load(Stream stream, LoadOptions options)",
                "Binary Load(Stream stream, LoadOptions options, LoadReport& report)",
                "Binary Load(String path)",
                "Binary Load(String path, LoadOptions options)",
                "Binary Load(String path, LoadOptions options, LoadReport& report)",
                "Binary+Layer1View",
                "Binary+Layer2View",
                "ClassificationReport Report(Dataset data)",
                "Double Calibrate(Dataset data)",
                "Double LearningRateFactor",
                "Double Threshold",
                "Evaluation Evaluate(Dataset data)",
                "Evaluation Evaluate(Dataset data, IReadOnlyList`1 metrics)",
                "IAsyncEnumerable`1 TrainAsync(Dataset data, TrainingOptions options, CancellationToken cancellationToken)",
                "IReadOnlyList`1 ClassNames",
                "IReadOnlyList`1 InputNames",
                "Int32 EpochsTrained",
                "Int32 InputSize",
                "Int32 OutputSize",
                "Int32 ParameterCount",
                "Int32 PredictClass(ReadOnlySpan`1 input)",
                "Int32 Threads",
                "Int64 StepsTrained",
                "Layer1View Layer1",
                "Layer2View Layer2",
                "Single ComputeGradients(ReadOnlySpan`1 inputs, ReadOnlySpan`1 targets, ReadOnlySpan`1 weights, Span`1 gradients)",
                "Single ComputeGradients(ReadOnlySpan`1 inputs, ReadOnlySpan`1 targets, Span`1 gradients)",
                "Single Predict(ReadOnlySpan`1 input)",
                "Single TrainStep(ReadOnlySpan`1 inputs, ReadOnlySpan`1 targets, Optimizer optimizer)",
                "Single TrainStep(ReadOnlySpan`1 inputs, ReadOnlySpan`1 targets, ReadOnlySpan`1 weights, Optimizer optimizer)",
                "String PredictLabel(ReadOnlySpan`1 input)",
                "String Summary",
                "TrainingHistory Train(Dataset data, TrainingOptions options, CancellationToken cancellationToken)",
                "Void .ctor(Int32 seed)",
                "Void ApplyGradients(ReadOnlySpan`1 gradients, Optimizer optimizer)",
                "Void CopyFrom(Binary other)",
                "Void CopyParametersTo(Span`1 destination)",
                "Void LoadParameters(ReadOnlySpan`1 parameters)",
                "Void Predict(ReadOnlySpan`1 inputs, Span`1 outputs)",
                "Void ReleaseTrainingBuffers()",
                "Void ResetTraining()",
                "Void Save(Stream stream)",
                "Void Save(String path)",
                "Void SaveOnnx(Stream stream)",
                "Void SaveOnnx(String path)",
            ],
            Members("Binary"));
    }

    [Fact]
    public void OptionalParameters_AreOptional()
    {
        Type type = Get("Binary");
        Assert.Equal([null, true, true], type.GetMethod("Train")!.GetParameters().Select(static parameter => parameter.HasDefaultValue ? (bool?)true : null));
        Assert.Equal(0, Assert.Single(type.GetConstructors()).GetParameters()[0].DefaultValue);
    }

    [Fact]
    public void Constants_CountWhatWasDeclared()
    {
        CompiledNetwork net = new(Get("Binary"));
        Assert.Equal((2, 1, 81), (net.Constant("InputSize"), net.Constant("OutputSize"), net.ParameterCount));
        Assert.Equal((5 * 8) + (8 * 3) + 3, new CompiledNetwork(Get("Classes")).ParameterCount);
    }

    [Fact]
    public void WithoutALoss_OnlyPredictionIsWritten()
    {
        string[] members = Members("PredictOnly");
        Assert.Contains("Void Predict(ReadOnlySpan`1 inputs, Span`1 outputs)", members);
        Assert.Contains("Single[] Predict(ReadOnlySpan`1 inputs)", members);
        Assert.Contains("PredictOnly Clone()", members);
        Assert.DoesNotContain(members, static member =>
            member.Contains("Train") || member.Contains("Gradients") || member.Contains("Evaluate") || member.Contains("PredictClass"));
        Assert.Empty(Get("PredictOnly").GetInterfaces());
    }

    [Fact]
    public void PredictClass_IsWrittenWhereThereAreClasses()
    {
        Assert.Contains(Members("Classes"), static member => member.Contains("PredictClass"));
        Assert.DoesNotContain(Members("Regression"), static member => member.Contains("PredictClass"));
        Assert.DoesNotContain(Members("Tags"), static member => member.Contains("PredictClass"));
    }

    [Theory]
    [InlineData("Binary", "Classification", true, true)]
    [InlineData("Classes", "Classification", false, true)]
    [InlineData("Tags", "MultiLabel", true, true)]
    [InlineData("Regression", "Regression", false, false)]
    public void TheReport_ThresholdAndCalibration_AreThoseOfTheLoss(string network, string report, bool hasThreshold, bool canBeCalibrated)
    {
        string[] members = Members(network);
        Assert.Contains($"{report}Report Report(Dataset data)", members);
        Assert.Equal(hasThreshold, members.Contains("Double Threshold"));
        Assert.Equal(canBeCalibrated, members.Contains("Double Calibrate(Dataset data)"));
    }

    [Fact]
    public void NamedLayers_AreViewsOfTheParameters()
    {
        CompiledNetwork net = new(Get("Classes"), seed: 2);
        DenseLayer hidden = Layer(net, "Hidden");
        DenseLayer last = Layer(net, "Layer2");
        float[] parameters = net.Parameters;
        Assert.Equal(parameters[(3 * 8) + 6], hidden.Weights[3, 6]);
        Assert.Equal(0, hidden.Biases.Length);
        Assert.Equal(parameters[40 + (6 * 3) + 1], last.Weights[6, 1]);

        last.Biases[2] = 7;
        hidden.Weights[0, 1] = 5;
        Assert.Equal((7, 5), (net.Parameters[^1], net.Parameters[1]));
    }

    /// <summary>A layer's view as that of any layer.</summary>
    private static DenseLayer Layer(CompiledNetwork net, string name)
    {
        object view = net.Type.GetProperty(name)!.GetValue(net.Instance)!;
        return (DenseLayer)view.GetType().GetMethod("op_Implicit")!.Invoke(null, [view])!;
    }

    [Fact]
    public void Summary_ShowsLayersShapesAndParameters()
    {
        string summary = (string)Get("Classes").GetProperty("Summary")!.GetValue(null)!;
        Assert.Contains("Hidden", summary);
        Assert.Contains("Softmax", summary, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("40", summary);
        Assert.Contains("67", summary);
    }

    [Fact]
    public void Seeds_DecideTheInitialWeights()
    {
        Assert.Equal(new CompiledNetwork(Get("Classes"), seed: 3).Parameters, new CompiledNetwork(Get("Classes"), seed: 3).Parameters);
        Assert.NotEqual(new CompiledNetwork(Get("Classes"), seed: 3).Parameters, new CompiledNetwork(Get("Classes"), seed: 4).Parameters);
    }

    [Fact]
    public void Clones_AreIndependent()
    {
        CompiledNetwork net = new(Get("Binary"), seed: 1);
        CompiledNetwork clone = new(net.Type.GetMethod("Clone")!.Invoke(net.Instance, null)!);
        float[] parameters = net.Parameters;
        Assert.Equal(parameters, clone.Parameters);
        clone.TrainStep([1, 2], [1], new Sgd(1));
        Assert.NotEqual(parameters, clone.Parameters);
        Assert.Equal(parameters, net.Parameters);
    }

    [Fact]
    public void SavedNetworks_LoadAsTheyWere()
    {
        CompiledNetwork net = new(Get("Classes"), seed: 1);
        using MemoryStream stream = new();
        net.Bind<Action<Stream>>("Save")(stream);
        stream.Position = 0;
        CompiledNetwork loaded = new(net.Type.GetMethod("Load", [typeof(Stream)])!.Invoke(null, [stream])!);
        Assert.Equal(net.Parameters, loaded.Parameters);
    }

    private static Type Get(string name) => Compiled.Value.GetType(name, throwOnError: true)!;

    /// <summary>Public members declared by the generator, in ordinal order.</summary>
    private static string[] Members(string name) =>
    [
        .. Get(name).GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(static member => member is not MethodInfo { IsSpecialName: true })
            .Select(static member => member switch
            {
                ConstructorInfo constructor => $"Void .ctor({Parameters(constructor)})",
                MethodInfo method => $"{method.ReturnType.Name} {method.Name}({Parameters(method)})",
                PropertyInfo property => $"{property.PropertyType.Name} {property.Name}",
                FieldInfo field => $"{field.FieldType.Name} {field.Name}",
                _ => member.ToString()!,
            })
            .Order(StringComparer.Ordinal),
    ];

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(static parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
}
