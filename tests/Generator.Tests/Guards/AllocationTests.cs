using Generator.Tests.Infrastructure;
using Mlp.Testing;

namespace Generator.Tests.Guards;

public class AllocationTests
{
    private const int Calls = 1000;

    private delegate float WeightedGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients);

    public static TheoryData<string, string> Networks => new()
    {
        { "tiny", "[Input(2)] [Dense(20, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Net;" },
        { "medium", "[Input(30, Standardize = true)] [Dense(40, Tanh)] [Dense(33, Relu)] [Dense(5, Softmax)] [Loss(CrossEntropy)] public partial class Net;" },
        { "dropout", "[Input(30)] [Dense(64, Relu)] [Dropout(0.5)] [Dense(3)] [Loss(MSE)] public partial class Net;" },
        { "tiny with dropout", "[Input(2)] [Dense(8, Relu)] [Dropout(0.5)] [Dense(1)] [Loss(MSE)] public partial class Net;" },
        { "normalized", "[Input(9, Gradients = true)] [GaussianNoise(0.1)] [Dense(20, Gelu, Normalization = Normalization.Batch)] [Dense(20, PRelu, Residual = true, Normalization = Normalization.Layer, L2 = 1e-4)] [Dense(3, Softmax)] [Loss(CrossEntropy, LabelSmoothing = 0.1, ClassWeights = new[] { 1.0, 2.0, 3.0 })] public partial class Net;" },
        { "embedded", "[Input<Row>(Gradients = true)] [Ensemble(2)] [Dropout(0.1)] [Dense(20, Gelu)] [Dense(2, Softmax)] [Loss(CrossEntropy)] public partial class Net; public class Row { [Category(Capacity = 30, Embedding = 5)] public string A { get; set; } = \"\"; [Numeric] public float B { get; set; } [Category(Embedding = 3)] public bool? C { get; set; } [Target] public string D { get; set; } = \"\"; }" },
        { "tiny with a slope", "[Input(3, Gradients = true)] [Dropout(0.1)] [Dense(3, PRelu, Residual = true)] [Dense(2, Sigmoid)] [Loss(BCE, LabelSmoothing = 0.1)] public partial class Net;" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void WarmCalls_AllocateNothing(string name, string source)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(source, "Net"));
        const int Rows = 21;
        float[] inputs = new float[Rows * net.Constant("InputSize")];
        float[] outputs = new float[Rows * net.Constant("OutputSize")];
        float[] gradients = new float[net.ParameterCount];
        Optimizer[] optimizers =
        [
            new Sgd(1e-3f), new Sgd(1e-3f, momentum: 0.9f), new Adam(), new Adam(amsGrad: true), new AdamW(), new NAdam(), new RAdam(), new RmsProp(),
            new Adagrad(), new Adadelta(), new Lion(),
        ];

        AssertNothing($"Predict of {name}", () => net.Predict(inputs, outputs));
        AssertNothing($"Predict of one row of {name}", () => net.Predict(inputs.AsSpan(0, inputs.Length / Rows), outputs.AsSpan(0, outputs.Length / Rows)));
        AssertNothing($"ComputeGradients of {name}", () => net.ComputeGradients(inputs, outputs, gradients));
        if (net.Type.GetMethods().Any(static method => method.Name == "InputGradients"))
        {
            float[] weights = [.. Enumerable.Repeat(1f, Rows)];
            WeightedGradients weighted = net.Bind<WeightedGradients>("ComputeGradients");
            float[] derivatives = new float[outputs.Length * inputs.Length / Rows];
            AssertNothing($"ComputeGradients of weighted rows of {name}", () => weighted(inputs, outputs, weights, gradients));
            AssertNothing($"InputGradients of {name}", () => net.InputGradients(inputs, outputs, derivatives.AsSpan(0, inputs.Length)));
            AssertNothing($"Jacobians of {name}", () => net.Jacobian(inputs, derivatives));
        }

        foreach (Optimizer optimizer in optimizers)
        {
            AssertNothing($"TrainStep of {name} with {optimizer.GetType().Name}", () => net.TrainStep(inputs, outputs, optimizer));
            AssertNothing($"ApplyGradients of {name} with {optimizer.GetType().Name}", () => net.ApplyGradients(gradients, optimizer));
        }
    }

    private static void AssertNothing(string what, Action call)
    {
        long allocated = AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < Calls; i++)
            {
                call();
            }
        });
        Assert.True(allocated == 0, $"{Calls} calls of {what} allocated {allocated} bytes.");
    }
}
