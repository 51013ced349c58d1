extern alias generator;

using generator::Mlp.Generator.Planning;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;

namespace Generator.Tests.Bits;

/// <summary>Small networks take the first layer's deltas straight into the gradients; with input gradients they are stored.</summary>
public class FirstDeltaTests
{
    private static readonly string[] Shapes =
    [
        "[Dense(20, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]",
        "[Dense(7, Tanh)] [Dense(4, Softmax)] [Loss(CrossEntropy)]",
        "[Dense(9, Sigmoid, Bias = false)] [Dense(3, LeakyRelu)] [Dense(2)] [Loss(MSE)]",
        "[Dense(5, Elu)] [Dense(2, Softsign)] [Dense(8, Relu)] [Dense(1)] [Loss(Huber)]",
        "[Dense(12)] [Dense(4, Selu)] [Dense(1, Exp)] [Loss(Poisson)]",
        "[Dense(3, Step)] [Dense(1, HardSigmoid)] [Loss(MAE)]",
    ];

    [Fact]
    public void Gradients_AreTheSameBits_WhetherTheFirstDeltasAreKeptOrNot()
    {
        (int Inputs, string Shape)[] networks = [.. from inputs in (int[])[1, 2, 3] from shape in Shapes select (inputs, shape)];
        string source = string.Concat(networks.Select(static (network, i) => $"""
            [Input({network.Inputs})] {network.Shape} public partial class Fused{i};
            [Input({network.Inputs}, Gradients = true)] {network.Shape} public partial class Kept{i};

            """));
        GeneratorRun run = GeneratorHarness.Run(source);
        System.Reflection.Assembly assembly = run.Load();
        IReadOnlyDictionary<string, NetworkPlan> plans = Plans.Of(source);
        for (int i = 0; i < networks.Length; i++)
        {
            Assert.False(KeepsFirstDelta(plans[$"Fused{i}"]));
            Assert.True(KeepsFirstDelta(plans[$"Kept{i}"]));
            foreach (int rows in (int[])[1, 7, 8, 9, 16, 17, 100])
            {
                Assert.Equal(Gradients(assembly, $"Kept{i}", rows), Gradients(assembly, $"Fused{i}", rows));
            }
        }
    }

    /// <summary>What goes around the second layer is part of the first one's delta.</summary>
    [Fact]
    public void BeforeAResidualLayer_TheFirstDeltasAreKept()
    {
        const string Shape = "[Dense(4, Relu)] [Dense(4, Tanh, Residual = true)] [Dense(1)] [Loss(MSE)]";
        System.Reflection.Assembly assembly = GeneratorHarness.Run($"""
            [Input(2)] {Shape} public partial class Usual;
            [Input(2, Gradients = true)] {Shape} public partial class Kept;
            """).Load();
        Assert.Equal(Gradients(assembly, "Kept", rows: 17), Gradients(assembly, "Usual", rows: 17));
    }

    private static bool KeepsFirstDelta(NetworkPlan plan)
    {
        bool isWritten = plan.Backward.Any(operation => operation.Writes.Contains(plan.First.Delta));
        Assert.Equal(isWritten, plan.Buffers.Any(buffer => buffer.Value == plan.First.Delta));
        Assert.Equal(!isWritten, plan.Gradients.Any(static operation => operation.IsFused));
        return isWritten;
    }

    private static int[] Gradients(System.Reflection.Assembly assembly, string name, int rows)
    {
        CompiledNetwork net = new(assembly.GetType(name)!, seed: 3);
        Random random = new(rows);
        float[] inputs = [.. Enumerable.Range(0, rows * net.Constant("InputSize")).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] targets = [.. Enumerable.Range(0, rows * net.Constant("OutputSize")).Select(_ => random.NextSingle())];
        float[] gradients = new float[net.ParameterCount];
        net.ComputeGradients(inputs, targets, gradients);
        return [.. gradients.Select(BitConverter.SingleToInt32Bits)];
    }
}
