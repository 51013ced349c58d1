using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>How one dense layer is computed and where its values lie. All sizes are in floats.</summary>
internal sealed record LayerPlan
{
    public required LayerModel Model { get; init; }

    /// <summary>Number of the layer, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// Whether the layer has fewer than eight outputs and is tiled: its lanes then run along the inputs, and its weights are stored
    /// [output][input].
    /// </summary>
    public required bool IsNarrow { get; init; }

    /// <summary>Whether this is the output layer.</summary>
    public required bool IsLast { get; init; }

    public required int WeightsOffset { get; init; }

    /// <summary>Weights with their padding.</summary>
    public required int WeightsLength { get; init; }

    /// <summary>From one row of the stored weight matrix to the next.</summary>
    public required int WeightStride { get; init; }

    public required int BiasesOffset { get; init; }

    /// <summary>Floats of each vector of one parameter a unit, with its padding: biases, gains, shifts.</summary>
    public required int VectorLength { get; init; }

    /// <summary>From one row of the layer's outputs (or its deltas) to the next.</summary>
    public required int OutputStride { get; init; }

    /// <summary>From one row of the layer's inputs to the next.</summary>
    public required int InputStride { get; init; }

    /// <summary>Inputs in one block of the forward pass: a block of 16 columns of weights stays in the first-level cache.</summary>
    public required int InputBlock { get; init; }

    /// <summary>Outputs in one block of the pass that carries deltas back through this layer's weights.</summary>
    public required int OutputBlock { get; init; }

    /// <summary>Whether columns behind the last output must read as 0, because the next layer's lanes run over them.</summary>
    public required bool ClearsPadding { get; init; }

    public bool HasDropout => Model.Dropout > 0;

    public int Inputs => Model.Inputs;

    public int Outputs => Model.Outputs;

    /// <summary>Outputs rounded up to whole vectors of eight: the columns that kernels compute.</summary>
    public int OutputColumns => NetworkPlanner.RoundUp(Outputs, 8);

    /// <summary>Inputs rounded up to whole vectors of eight.</summary>
    public int InputColumns => NetworkPlanner.RoundUp(Inputs, 8);
}
