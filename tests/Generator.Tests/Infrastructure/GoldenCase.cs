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
    GoldenEmbedding? Embedding,
    double[][]? EmbeddingTable,
    GoldenBatch[]? Batches,
    GoldenBatch? Evaluation)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The parameters in our order.</summary>
    public double[] Parameters => [.. EmbeddingTable?.SelectMany(static row => row) ?? [], .. Ordered(Weights, Biases, Gains, Shifts, PreluAlpha)];

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
    public TestNetwork ToNetwork(string name) =>
        new(name, InputSize + (Embedding is null ? 0 : 1), [.. Layers.Select(static layer => layer.ToLayer())], LossOf(Loss))
        {
            Tables = Embedding is null ? [] : [new TestTable(InputSize, Embedding.Cardinality, Embedding.Dimensions)],
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

/// <summary>The table whose rows follow the numeric inputs.</summary>
internal sealed record GoldenEmbedding(int Cardinality, int Dimensions);

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
    int[]? Categories,
    double[][] Targets,
    double[][] Outputs,
    double LossValue,
    double[][][] WeightGradients,
    double[][] BiasGradients,
    double[]?[]? GainGradients,
    double[]?[]? ShiftGradients,
    double?[]? PreluAlphaGradient,
    double[][]? EmbeddingGradient,
    double[][] InputGradients,
    double[]?[]? RunningMeans,
    double[]?[]? RunningVariances)
{
    /// <summary>Gradients of the parameters in our order.</summary>
    public double[] Gradients =>
    [
        .. EmbeddingGradient?.SelectMany(static row => row) ?? [],
        .. GoldenCase.Ordered(WeightGradients, BiasGradients, GainGradients, ShiftGradients, PreluAlphaGradient),
    ];

    /// <summary>The inputs of all rows, the number of a table's row last.</summary>
    public double[] AllInputs => [.. Inputs.SelectMany((row, index) => Categories is null ? row : [.. row, Categories[index]])];

    /// <summary>Derivatives with respect to them, 0 for numbers of rows.</summary>
    public double[] AllInputGradients => [.. InputGradients.SelectMany(row => Categories is null ? row : [.. row, 0])];
}
