extern alias generator;

using generator::Mlp.Generator.Planning;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;

namespace Generator.Tests.Bits;

/// <summary>Small networks sum the gradients of few rows in registers, and those of more rows in memory.</summary>
public class FewRowsTests
{
    private const int ManyRows = 40;

    private static readonly string[] Networks =
    [
        "[Input(2)] [Dense(20, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]",
        "[Input(3)] [Dense(64, Relu)] [Dense(10, Softmax)] [Loss(CrossEntropy)]",
        "[Input(9, Standardize = true)] [Dense(17, Tanh, Bias = false)] [Dense(8, PRelu)] [Dense(3)] [Loss(MSE)]",
        "[Input(64)] [Dense(7, Sigmoid)] [Loss(BCE)]",
        "[Input(5)] [Dense(1, PRelu)] [Dense(1)] [Loss(Huber)]",
        "[Input(11)] [GaussianNoise(0.1)] [Dense(16, Gelu)] [Dropout(0.3)] [Dense(9, Softmax)] [Loss(CrossEntropy, LabelSmoothing = 0.1)]",
        "[Input(8, Gradients = true)] [Dense(8, Silu, Residual = true)] [Dense(2, Exp)] [Loss(Poisson)]",
    ];

    /// <summary>Rows of weight 0 add nothing, so that a batch of few rows can be made into one of many.</summary>
    [Fact]
    public void Gradients_AreTheSameBits_AsThoseOfMoreRowsThatDoNotCount()
    {
        string source = string.Concat(Networks.Select(static (network, i) => $"{network} public partial class Net{i};\n"));
        IReadOnlyDictionary<string, NetworkPlan> plans = Plans.Of(source);
        System.Reflection.Assembly assembly = GeneratorHarness.Run(source).Load();
        for (int i = 0; i < Networks.Length; i++)
        {
            Assert.Equal(Form.StraightLine, plans[$"Net{i}"].Form);
            Type type = assembly.GetType($"Net{i}")!;
            for (int rows = 1; rows <= 17; rows++)
            {
                Assert.Equal(Gradients(type, rows, ManyRows), Gradients(type, rows, rows));
            }
        }
    }

    /// <summary>A batch of few rows begins with no sum of one of many before it.</summary>
    [Fact]
    public void Gradients_AreTheSameBits_WhateverBatchCameBefore()
    {
        Type type = CompiledNetwork.Compile("[Input(9)] [Dense(17, Tanh)] [Dense(8, PRelu)] [Dense(3, PRelu)] [Loss(MSE)] public partial class Net;", "Net");
        CompiledNetwork net = new(type, seed: 3);
        Gradients(net, ManyRows, ManyRows);

        Assert.Equal(Gradients(type, 3, 3), Gradients(net, 3, 3));
    }

    private static int[] Gradients(Type type, int counting, int rows) => Gradients(new CompiledNetwork(type, seed: 3), counting, rows);

    private static int[] Gradients(CompiledNetwork net, int counting, int rows)
    {
        Random random = new(5);
        float[] inputs = [.. Enumerable.Range(0, rows * net.Constant("InputSize")).Select(_ => (2 * random.NextSingle()) - 1)];
        random = new(6);
        float[] targets = [.. Enumerable.Range(0, rows * net.Constant("OutputSize")).Select(_ => random.NextSingle())];
        float[] weights = [.. Enumerable.Range(0, rows).Select(row => row < counting ? 1f + row : 0f)];
        float[] gradients = new float[net.ParameterCount];
        TrainingSteps.ComputeGradients((INetwork)net.Instance, inputs, targets, weights, gradients);
        Assert.Contains(gradients, static gradient => gradient != 0);
        return [.. gradients.Select(BitConverter.SingleToInt32Bits)];
    }
}
