using System.Text.Json;
using Mlp.Runtime.Tests;

namespace Generator.Tests.Infrastructure;

/// <summary>A network and its reference results, of <c>gradients.json</c> or <c>layers.json</c>.</summary>
internal sealed record GoldenCase(
    string Name,
    int InputSize,
    GoldenLayer[] Layers,
    string Loss,
    double? LossParameter,
    double? LabelSmoothing,
    double[]? ClassWeights,
    double[][][] Weights,
    double[][] Biases,
    double[]?[]? Gains,
    double[]?[]? Shifts,
    double?[]? PreluAlpha,
    JsonElement? Embedding,
    GoldenBatch[]? Batches,
    GoldenBatch? Evaluation)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The parameters in our order.</summary>
    public double[] Parameters => Ordered(Weights, Biases, Gains, Shifts, PreluAlpha);

    /// <summary>All cases of a file. Where a case is its own and only batch, it is read as that too.</summary>
    public static GoldenCase[] Read(string file) =>
    [
        .. SharedFiles.GoldenCases(file).Select(static element =>
        {
            GoldenCase golden = element.Deserialize<GoldenCase>(Json)!;
            return golden.Batches is null ? golden with { Batches = [element.Deserialize<GoldenBatch>(Json)!] } : golden;
        }),
    ];

    /// <summary>The network as it would be declared.</summary>
    public TestNetwork ToNetwork(string name) => new(name, InputSize, [.. Layers.Select(static layer => layer.ToLayer())], LossOf(Loss))
    {
        InputGradients = true,
        Delta = LossParameter ?? 1,
        LabelSmoothing = LabelSmoothing ?? 0,
        ClassWeights = ClassWeights,
    };

    public static LossFunction LossOf(string name) => Enum.Parse<LossFunction>(name.Replace("_", ""), ignoreCase: true);

    /// <summary>Layer by layer weights, biases, gains, shifts, slope.</summary>
    public static double[] Ordered(double[][][] weights, double[][] biases, double[]?[]? gains = null, double[]?[]? shifts = null, double?[]? slopes = null) =>
    [
        .. Enumerable.Range(0, weights.Length).SelectMany(layer => (double[])
        [
            .. weights[layer].SelectMany(static row => row),
            .. biases[layer],
            .. gains?[layer] ?? [],
            .. shifts?[layer] ?? [],
            .. slopes?[layer] is double slope ? [slope] : (double[])[],
        ]),
    ];
}

/// <summary>A layer of a golden case.</summary>
internal sealed record GoldenLayer(
    int Units, string Activation, double? Alpha, bool Bias, string? Normalization, double? Epsilon, double? Momentum, bool Residual)
{
    public TestLayer ToLayer() => new(Units, Enum.Parse<Activation>(Activation.Replace("_", ""), ignoreCase: true), Bias)
    {
        Alpha = Alpha,
        Normalization = Enum.Parse<Normalization>(Normalization ?? "none", ignoreCase: true),
        Epsilon = Epsilon ?? 1e-5,
        Momentum = Momentum ?? 0.1,
        Residual = Residual,
    };
}

/// <summary>A batch and what it leads to.</summary>
internal sealed record GoldenBatch(
    double[][] Inputs,
    double[][] Targets,
    double[][] Outputs,
    double LossValue,
    double[][][] WeightGradients,
    double[][] BiasGradients,
    double[]?[]? GainGradients,
    double[]?[]? ShiftGradients,
    double?[]? PreluAlphaGradient,
    double[][] InputGradients,
    double[]?[]? RunningMeans,
    double[]?[]? RunningVariances)
{
    /// <summary>Gradients of the parameters in our order.</summary>
    public double[] Gradients => GoldenCase.Ordered(WeightGradients, BiasGradients, GainGradients, ShiftGradients, PreluAlphaGradient);
}
