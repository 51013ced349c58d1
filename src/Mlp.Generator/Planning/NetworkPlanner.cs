using System.Collections.Immutable;
using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>Decides how a network is computed. Plain data in, plain data out.</summary>
internal static class NetworkPlanner
{
    /// <summary>What the bits follow from: the network's size alone.</summary>
    public static Strategy ChooseStrategy(NetworkModel model)
    {
        if (model.IsEnsemble || model.HasEmbeddings)
        {
            // Its rows are those of all members, more than enough for tiles, and the last layer's parameters change with them.
            return Strategy.Tiled;
        }

        long multiplyAdds = model.Layers.Items.Sum(static layer => (long)layer.Inputs * layer.Outputs);
        bool isNarrowEnough = model.Layers.Items.All(static layer => Math.Max(layer.Inputs, layer.Outputs) <= Limits.MaxStraightLineWidth);

        // Normalization sums over a layer or over the batch, so it has its own passes between the layers' products.
        bool isNormalized = model.Layers.Items.Any(static layer => layer.IsNormalized);
        int most = !HasRowKernel(model) ? Limits.MaxStraightLineMultiplyAddsWithLargeLayer
            : !model.Layers.Items.Any(RowKernelLoops) ? Limits.MaxStraightLineMultiplyAdds
            : model.Layers[model.Layers.Count - 1].Activation == Activation.Softmax ? Limits.MaxStraightLineMultiplyAddsWithLargeLayerAndSoftmax
            : Limits.MaxStraightLineMultiplyAddsWithLargeLayer;
        return isNarrowEnough && !isNormalized && multiplyAdds <= most ? Strategy.StraightLine : Strategy.Tiled;
    }

    /// <summary>Plans a network.</summary>
    /// <param name="model">The network.</param>
    /// <param name="isPlain">Whether its kernels are to be scalar loops.</param>
    public static NetworkPlan Plan(NetworkModel model, bool isPlain = false)
    {
        if (model.Loss is null)
        {
            // Noise belongs to training, of which nothing is written.
            model = model with { InputNoise = default, Layers = model.Layers.Select(static layer => layer with { Noise = default }).ToImmutableArray() };
        }

        // A frozen layer computes as in prediction.
        model = model with { Layers = model.Layers.Select(static layer => layer.IsFrozen ? layer with { Noise = default } : layer).ToImmutableArray() };

        Strategy strategy = ChooseStrategy(model);
        Form form = isPlain ? Form.Plain : strategy == Strategy.StraightLine ? Form.StraightLine : Form.Tiled;
        bool isStraightLine = form == Form.StraightLine;
        bool stages = !isStraightLine && (model.IsEnsemble || model.Standardize || model.InputNoise.Count > 0 || model.Layers[0].IsResidual
            || model.Layers[0].Outputs < Limits.Lanes || model.ExpandedSize % Limits.AliasingStride == 0);
        ImmutableArray<LayerPlan> layers = PlanLayers(model, form, stages, out NoisePlan? inputNoise);
        NetworkPlan plan = new()
        {
            Model = model,
            Strategy = strategy,
            Form = form,
            Layers = layers,
            InputNoise = inputNoise,
            StagesInputs = stages,
            HasRowKernel = isStraightLine && HasRowKernel(model),
            RowKernelIsWhole = model.Layers.Items.Sum(static layer => Limits.RowKernelLocals(layer.Inputs, layer.Outputs, layer.Activation)) <= Limits.MaxRowKernelLocals,
            FusesFirstDelta = isStraightLine && FusesFirstDelta(model, layers),
            Buffers = default,
            Floats = 0,
            ForwardFloats = 0,
            RowBlock = 0,
            Forward = default,
            Backward = default,
            Gradients = default,
        };
        plan = plan with
        {
            Forward = new([.. OperationBuilder.Forward(plan)]),
            Backward = new([.. OperationBuilder.Backward(plan)]),
            Gradients = new([.. OperationBuilder.Gradients(plan)]),
        };
        (ImmutableArray<BufferPlan> buffers, int forward, int total) = isStraightLine ? BufferAllocator.Groups(plan) : BufferAllocator.Rows(plan);
        int rows = isStraightLine ? Limits.Lanes * GroupsAtOnce(layers) : Limits.RowBlock(forward);
        return plan with { Buffers = buffers, ForwardFloats = forward, Floats = total, RowBlock = rows };
    }

    /// <summary>Whether the kernel for a single row goes over the layer's inputs in a loop, because the JIT would not inline a statement for each.</summary>
    internal static bool RowKernelLoops(LayerModel layer) =>
        layer.Outputs >= Limits.Lanes && Limits.RowKernelLocals(layer.Inputs, layer.Outputs, layer.Activation) > Limits.MaxRowKernelLocals;

    private static ImmutableArray<LayerPlan> PlanLayers(NetworkModel model, Form form, bool stages, out NoisePlan? inputNoise)
    {
        int start = NetworkPlan.TablesSizeOf(model) + (model.IsEnsemble ? model.Members * NetworkPlan.ScalesStrideOf(model) : 0);
        IReadOnlyList<ParameterPlaces> places = ParameterPlaces.Of(model.Layers, start, form == Form.StraightLine);
        Value input = new(Role.Input, 0, model.ExpandedSize, stages ? Limits.PaddedStride(model.ExpandedSize) : model.ExpandedSize, stages || form == Form.StraightLine ? Lifetime.Forward : Lifetime.Call);
        inputNoise = NoiseOf(input, model.InputNoise);
        NoisePlan? before = inputNoise;
        ImmutableArray<LayerPlan>.Builder layers = ImmutableArray.CreateBuilder<LayerPlan>();
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            bool isLast = i == model.Layers.Count - 1;

            // Not where a pass goes over the deltas row by row, a vector each, which would reach over the rows behind, or begins at any row, as that of a member.
            bool isPlainColumn = isLast && !model.IsEnsemble && layer is { Outputs: 1, IsResidual: false, IsNormalized: false, HasSlope: false };
            LayerPlan plan = new()
            {
                Model = layer,
                Number = i + 1,
                IsLast = isLast,
                Places = places[i],
                OutputStride = isPlainColumn ? 1 : Limits.PaddedStride(layer.Outputs),
                Input = input,
                NoiseBefore = before,
                Noise = null,
                FusesWhatItKeeps = form == Form.StraightLine,
                ClearsPadding = form == Form.Tiled && !isLast && layer.Outputs % Limits.CacheLine != 0 && model.Layers[i + 1].Outputs < Limits.Lanes,
            };
            plan = plan with { Noise = NoiseOf(plan.Output, layer.Noise) };
            layers.Add(plan);
            input = plan.Output;
            before = plan.Noise;
        }

        return layers.ToImmutable();
    }

    private static NoisePlan? NoiseOf(Value source, EquatableArray<NoiseModel> kinds) => kinds.Count == 0 ? null : new NoisePlan(source, kinds);

    private static bool FusesFirstDelta(NetworkModel model, IReadOnlyList<LayerPlan> layers) =>
        layers.Count > 1 && model.Loss is not null && !model.InputGradients && layers[0].IsTrained
        && layers[0].Inputs <= Limits.MostFusedInputs && layers[1].Outputs <= Limits.MostFusedOutputs
        && !layers[0].HasDeltaPass && !layers[1].IsResidual
        && layers.All(static layer => layer.Noise is null && layer.NoiseBefore is null);

    /// <summary>
    /// How many times eight samples go through straight-line passes together, an even number, as a vector may hold two of them: a layer's inputs and
    /// outputs fit into the smallest first-level cache.
    /// </summary>
    private static int GroupsAtOnce(IEnumerable<LayerPlan> layers) =>
        Math.Max(2, Math.Min(Limits.MostGroups, Limits.FirstLevelCache / layers.Max(static layer => Limits.Lanes * (layer.Inputs + layer.Outputs))) & ~1);

    /// <summary>Whether there can be kernels for a single row: the JIT inlines the activation of every layer.</summary>
    private static bool HasRowKernel(NetworkModel model) => model.Layers.Items.All(static layer =>
        layer.Outputs < Limits.Lanes || Limits.RowKernelLocals(inputs: 1, layer.Outputs, layer.Activation) <= Limits.MaxRowKernelLocals);
}
