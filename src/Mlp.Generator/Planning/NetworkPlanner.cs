using System.Collections.Immutable;
using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>Decides how a network is computed. Plain data in, plain data out.</summary>
internal static class NetworkPlanner
{
    /// <summary>Up to here the straight-line form wins: its vectors are full whatever the layers' widths, and tiles of these sizes are mostly beginnings and ends.</summary>
    internal const int MaxStraightLineMultiplyAdds = 2048;

    /// <summary>Up to here it wins with a large layer too, at which tiles are good, and without a kernel for single rows.</summary>
    internal const int MaxStraightLineMultiplyAddsWithLargeLayer = 768;

    /// <summary>Up to here it wins with a large layer and a softmax at the end: tiled networks compute that row by row.</summary>
    internal const int MaxStraightLineMultiplyAddsWithLargeLayerAndSoftmax = 1280;

    /// <summary>Inputs and outputs that a straight-line layer may have: each is a local of its kernels.</summary>
    internal const int MaxStraightLineWidth = 64;

    /// <summary>
    /// Locals of a kernel for a single row. The JIT inlines until a method has 512; behind that every vector operation would be a call.
    /// </summary>
    internal const int MaxRowKernelLocals = 480;

    /// <summary>Lanes of every canonical partial sum.</summary>
    internal const int Lanes = 8;

    /// <summary>Rows of stored matrices start on a cache line.</summary>
    private const int CacheLine = 16;

    /// <summary>A stride that is a multiple of 1 KiB puts the rows of a column into the same few cache sets; one more line avoids it.</summary>
    private const int AliasingStride = 256;

    /// <summary>256 rows of a 512-bit vector are 16 KiB, half of the smallest first-level cache; longer blocks for tiles of two and three were no quicker.</summary>
    private const int LongestBlock = 256;

    /// <summary>Activations of a block of rows may take this many floats (256 KiB) of the second-level cache.</summary>
    private const int RowBlockFloats = 65_536;

    /// <summary>Rows of a register tile.</summary>
    internal const int TileRows = 6;

    /// <summary>Rows of one block of a product.</summary>
    internal const int LongestRowBlock = 16 * TileRows;

    /// <summary>Samples that gradients sum at once: their columns, 16 floats each, still fit into the first-level cache.</summary>
    internal const int MaxSamples = 512;

    /// <summary>Floats of the deltas' columns that gradients go over for every tile of rows: 256 KiB of the second-level cache.</summary>
    internal const int GradientPanelFloats = 65_536;

    /// <summary>Samples of one block of a larger batch.</summary>
    internal const int SampleBlock = 256;

    /// <summary>How the network is computed.</summary>
    public static Strategy ChooseStrategy(NetworkModel model)
    {
        long multiplyAdds = model.Layers.Items.Sum(static layer => (long)layer.Inputs * layer.Outputs);
        bool isNarrowEnough = model.Layers.Items.All(static layer => Math.Max(layer.Inputs, layer.Outputs) <= MaxStraightLineWidth);

        // Normalization sums over a layer or over the batch, so it has its own passes between the layers' products.
        bool isNormalized = model.Layers.Items.Any(static layer => layer.IsNormalized);
        int most = !HasRowKernel(model) ? MaxStraightLineMultiplyAddsWithLargeLayer
            : !model.Layers.Items.Any(RowKernelLoops) ? MaxStraightLineMultiplyAdds
            : model.Layers[model.Layers.Count - 1].Activation == Activation.Softmax ? MaxStraightLineMultiplyAddsWithLargeLayerAndSoftmax
            : MaxStraightLineMultiplyAddsWithLargeLayer;
        return isNarrowEnough && !isNormalized && multiplyAdds <= most ? Strategy.StraightLine : Strategy.Tiled;
    }

    public static NetworkPlan Plan(NetworkModel model)
    {
        if (model.Loss is null)
        {
            // Noise belongs to training, of which nothing is written.
            model = model with { InputNoise = default, Layers = model.Layers.Select(static layer => layer with { Noise = default }).ToImmutableArray() };
        }

        Strategy strategy = ChooseStrategy(model);
        bool isTiled = strategy == Strategy.Tiled;
        bool stages = isTiled && (model.Standardize || model.InputNoise.Count > 0 || model.Layers[0].IsResidual
            || IsNarrow(model.Layers[0]) || model.InputSize % AliasingStride == 0);

        ImmutableArray<LayerPlan>.Builder layers = ImmutableArray.CreateBuilder<LayerPlan>();
        int offset = 0;
        int statistics = 0;
        int inputStride = stages ? PaddedStride(model.InputSize) : model.InputSize;
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            bool isLast = i == model.Layers.Count - 1;
            bool isNarrow = IsNarrow(layer);
            int lanes = isNarrow ? layer.Inputs : layer.Outputs;
            int weightStride = isTiled ? PaddedStride(lanes) : RoundUp(lanes, Lanes);
            int weightsLength = weightStride * (isNarrow ? layer.Outputs : layer.Inputs);
            int vectorLength = RoundUp(layer.Outputs, isTiled ? CacheLine : Lanes);

            // Not where a pass goes over the deltas row by row, a vector each, which would reach over the rows behind.
            bool isPlainColumn = isLast && layer is { Outputs: 1, IsResidual: false, IsNormalized: false, HasSlope: false };
            int outputStride = isPlainColumn ? 1 : PaddedStride(layer.Outputs);
            LayerPlan plan = new()
            {
                Model = layer,
                Number = i + 1,
                IsNarrow = isNarrow,
                IsLast = isLast,
                WeightsOffset = offset,
                WeightsLength = weightsLength,
                WeightStride = weightStride,
                BiasesOffset = offset + weightsLength,
                VectorLength = vectorLength,
                StatisticsOffset = statistics,
                OutputStride = outputStride,
                InputStride = inputStride,
                InputBlock = Block(layer.Inputs),
                OutputBlock = Block(layer.Outputs),
                ClearsPadding = isTiled && !isLast && layer.Outputs % CacheLine != 0 && IsNarrow(model.Layers[i + 1]),
                Noise = layer.Noise.Count == 0 ? null : new NoisePlan(i + 1, layer.Outputs, outputStride, layer.Noise),
            };
            layers.Add(plan);
            offset = plan.End;
            statistics += plan.IsBatchNormalized ? 2 * vectorLength : 0;
            inputStride = outputStride;
        }

        NoisePlan? inputNoise = model.InputNoise.Count == 0 ? null : new NoisePlan(0, model.InputSize, layers[0].InputStride, model.InputNoise);
        (ImmutableArray<BufferPlan> buffers, int forward, int training) = isTiled
            ? PlanBuffers(model, layers, inputNoise, stages)
            : ([], 0, 0);
        return new NetworkPlan
        {
            Model = model,
            Strategy = strategy,
            Layers = layers.ToImmutable(),
            InputNoise = inputNoise,
            StagesInputs = stages,
            RowBlock = RowBlock(forward),
            Buffers = buffers,
            ForwardFloats = forward,
            TrainingFloats = training,
            TransposedFloats = layers.Where(layer => NeedsTransposedWeights(layer, model.InputGradients)).Select(static layer => layer.Outputs * layer.TransposedStride).DefaultIfEmpty().Max(),
            PartialFloats = layers.Max(static layer => layer.GradientRows * RoundUp(layer.GradientColumns, CacheLine)),
            StatisticsFloats = statistics / 2 * 3,
            HasRowKernel = !isTiled && HasRowKernel(model),
            RowKernelIsWhole = model.Layers.Items.Sum(static layer => RowKernelLocals(layer, layer.Inputs)) <= MaxRowKernelLocals,
            StoreSize = offset,
            ParameterCount = (int)model.ParameterCount,
        };
    }

    /// <summary>
    /// Whether deltas go back through a transposed copy of the layer's weights: not where they are stored that way, and for the first layer only if
    /// gradients of the inputs are wanted.
    /// </summary>
    public static bool NeedsTransposedWeights(LayerPlan layer, bool inputGradients) => !layer.IsNarrow && (layer.Number > 1 || inputGradients);

    /// <summary>Whether lanes run along the layer's inputs, as its outputs fill no vector.</summary>
    private static bool IsNarrow(LayerModel layer) => layer.Outputs < Lanes;

    /// <summary>
    /// About how many locals a layer takes in the kernel for a single row, vector by vector: those of its products, with this number of inputs that have
    /// statements of their own, and those of its activation as the JIT inlines it.
    /// </summary>
    private static int RowKernelLocals(LayerModel layer, int inputs)
    {
        int vectors = RoundUp(layer.Outputs, Lanes) / Lanes;
        int products = IsNarrow(layer) ? layer.Outputs * RoundUp(inputs, Lanes) / Lanes : inputs * vectors;
        int activation = layer.Activation switch
        {
            Activation.Linear or Activation.Relu or Activation.LeakyRelu or Activation.PRelu => 5,
            Activation.Gelu or Activation.Softplus => 100,
            Activation.Tanh or Activation.GeluTanh or Activation.Mish => 80,
            _ => 60,
        };
        return (4 * products) + (vectors * activation);
    }

    /// <summary>Whether the kernel for a single row goes over the layer's inputs in a loop, because the JIT would not inline a statement for each.</summary>
    internal static bool RowKernelLoops(LayerModel layer) => !IsNarrow(layer) && RowKernelLocals(layer, layer.Inputs) > MaxRowKernelLocals;

    /// <summary>Whether there can be kernels for a single row: the JIT inlines the activation of every layer.</summary>
    private static bool HasRowKernel(NetworkModel model) => model.Layers.Items.All(static layer => IsNarrow(layer) || RowKernelLocals(layer, inputs: 1) <= MaxRowKernelLocals);

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>Whole cache lines, but no multiple of 1 KiB.</summary>
    internal static int PaddedStride(int columns)
    {
        int stride = RoundUp(columns, CacheLine);
        return stride % AliasingStride == 0 ? stride + CacheLine : stride;
    }

    /// <summary>The fewest blocks of at most 256, of nearly equal length, so that no short block is left over.</summary>
    internal static int Block(int length)
    {
        int blocks = (length + LongestBlock - 1) / LongestBlock;
        return (length + blocks - 1) / blocks;
    }

    /// <summary>Whole tiles of rows, at least two tiles.</summary>
    private static int RowBlock(int forwardFloats) =>
        Math.Max(2, Math.Min(16, RowBlockFloats / Math.Max(1, forwardFloats) / TileRows)) * TileRows;

    private static (ImmutableArray<BufferPlan> Buffers, int Forward, int Training) PlanBuffers(
        NetworkModel model, IReadOnlyList<LayerPlan> layers, NoisePlan? inputNoise, bool stages)
    {
        ImmutableArray<BufferPlan>.Builder buffers = ImmutableArray.CreateBuilder<BufferPlan>();
        int offset = 0;
        void Add(int stride, params IEnumerable<string> names)
        {
            foreach (string name in names)
            {
                buffers.Add(new BufferPlan(name, offset, stride));
                offset += stride;
            }
        }

        LayerPlan last = layers[layers.Count - 1];
        if (stages)
        {
            Add(layers[0].InputStride, "x");
        }

        foreach (LayerPlan layer in layers)
        {
            Add(layer.OutputStride, layer.ForwardValues);
        }

        // Behind all that has whole cache lines in a row.
        foreach (LayerPlan layer in layers.Where(static layer => layer.Model.Normalization == Normalization.Layer))
        {
            Add(1, $"r{layer.Number}");
        }

        if (NetworkPlan.SoftensTargets(model))
        {
            Add(last.Outputs, "tau");
        }

        int forward = offset;
        foreach (NoisePlan noise in layers.Select(static layer => layer.Noise).Prepend(inputNoise).OfType<NoisePlan>())
        {
            Add(noise.Stride, noise.Buffers);
        }

        foreach (LayerPlan layer in layers)
        {
            Add(layer.OutputStride, layer.Deltas);
        }

        if (model.InputGradients)
        {
            Add(PaddedStride(model.InputSize), "d0");
        }

        Add(last.Outputs, "y");
        Add(1, "losses");
        return (buffers.ToImmutable(), forward, offset);
    }
}
