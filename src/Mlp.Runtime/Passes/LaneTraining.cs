using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>Losses and gradients of a straight-line network, on one thread but for evaluation.</summary>
/// <typeparam name="TKernels">Its kernels: a struct, so that the passes are compiled for it.</typeparam>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates once warm.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LaneTraining<TKernels> where TKernels : struct, ILaneTrainingKernels
{
    // Two groups of eight: every block holds as many. From three on, tiles of several neurons, which use each loaded value several times, are quicker.
    private const int FewRows = 16;

    /// <summary>Outputs and the loss of each row, as in prediction: each thread takes a range.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="targets">rows × outputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="losses">Receives one loss a row.</param>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows.</exception>
    public static void ComputeLosses(
        NetworkState network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs, Span<float> losses)
    {
        Arguments.CheckLosses(inputs.Length, targets.Length, outputs.Length, losses.Length, network.Layout.InputSize, network.Layout.OutputSize);
        LossWork work = new()
        {
            Network = network,
            Inputs = ref MemoryMarshal.GetReference(inputs),
            Targets = ref MemoryMarshal.GetReference(targets),
            Outputs = ref MemoryMarshal.GetReference(outputs),
            Losses = ref MemoryMarshal.GetReference(losses),
            Rows = (nuint)losses.Length,
        };
        WorkerPool.Run(ref work, network.ThreadsForRows(work.Rows, TKernels.Sizes.Cost));
    }

    /// <summary>
    /// One mini-batch, a block of rows at a time: forward, loss, deltas, and the gradients into eight partial sums a parameter, whose folds go into the
    /// sink. It gets nothing before the loss is known to be finite.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="sink">Takes each gradient once it is complete.</param>
    /// <returns>The mean loss.</returns>
    public static float Backpropagate<TSink>(NetworkState network, scoped in TrainingBatch batch, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct =>
        VectorWidth.Bits == 512 && batch.Rows > 8 ? Backpropagate<Vec512, TSink>(network, batch, sink) : Backpropagate<Vec256, TSink>(network, batch, sink);

    private static float Backpropagate<V, TSink>(NetworkState network, scoped in TrainingBatch batch, scoped TSink sink)
        where V : struct, IRowVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        LaneSizes sizes = TKernels.Sizes;
        nuint rows = (nuint)batch.Rows;
        int store = network.Layout.StoreSize;
        nuint beforePartials = (nuint)(sizes.RowsAtOnce / 8 * sizes.Group);
        nuint beforeLosses = beforePartials + (8 * (nuint)store);
        ref float values = ref network.Workspace((long)(beforeLosses + (rows * (1 + NoiseUnits))));
        ref float partials = ref Unsafe.Add(ref values, beforePartials);
        ref float losses = ref Unsafe.Add(ref values, beforeLosses);
        ref float noise = ref Unsafe.Add(ref losses, rows);
        TKernels.FillNoise(network, ref noise, rows, batch.NoiseSeed, batch.Step);
        float weight = LossCheck.Weight(network, batch);
        int firstDelta = network.LearningRates.FirstTrained;
        float loss;
        if (rows <= FewRows)
        {
            // A single block: its gradients need no partial sums in memory, which would cost more to clear and to fold.
            GatherNoise(ref noise, rows, 0, ref values, rows);
            Differentiate<V>(network, batch, 0, rows, weight, ref values, ref losses, firstDelta);
            loss = LossCheck.Mean(network, batch, MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));
            GiveFew(network, ref values, ref partials, rows, sink);
            return loss;
        }

        MemoryMarshal.CreateSpan(ref partials, 8 * store).Clear();
        for (nuint first = 0; first < rows; first += (nuint)sizes.RowsAtOnce)
        {
            nuint count = Math.Min(rows - first, (nuint)sizes.RowsAtOnce);
            GatherNoise(ref noise, rows, first, ref values, count);
            Differentiate<V>(network, batch, first, count, weight, ref values, ref Unsafe.Add(ref losses, first), firstDelta);
            TKernels.Gradients(network, ref values, ref partials, count);
        }

        loss = LossCheck.Mean(network, batch, MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));
        for (int l = 0; l < network.Layout.Layers.Length; l++)
        {
            if (network.Trains(l))
            {
                Fold(network, network.Layout.Layers[l], ref partials, sink);
            }
        }

        return loss;
    }

    /// <summary>The mean loss of a batch, and its derivative with respect to the inputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="gradients">Receives rows × inputs.</param>
    /// <returns>The mean loss.</returns>
    public static float InputGradients(NetworkState network, scoped in TrainingBatch batch, ref float gradients)
    {
        LaneSizes sizes = TKernels.Sizes;
        nuint rows = (nuint)batch.Rows, inputs = (nuint)TKernels.Sizes.InputSize;
        nuint block = (nuint)(sizes.RowsAtOnce / 8 * sizes.Group);
        ref float values = ref network.Workspace((long)(block + (rows * (1 + NoiseUnits))));
        ref float losses = ref Unsafe.Add(ref values, block);
        ref float noise = ref Unsafe.Add(ref losses, rows);
        TKernels.FillNoise(network, ref noise, rows, batch.NoiseSeed, batch.Step);
        float weight = LossCheck.Weight(network, batch);
        for (nuint first = 0; first < rows; first += (nuint)sizes.RowsAtOnce)
        {
            nuint count = Math.Min(rows - first, (nuint)sizes.RowsAtOnce);
            GatherNoise(ref noise, rows, first, ref values, count);
            Differentiate<Vec256>(network, batch, first, count, weight, ref values, ref Unsafe.Add(ref losses, first), firstDelta: -1);
            StoreInputDeltas(network, ref values, ref Unsafe.Add(ref gradients, first * inputs), inputs, count);
        }

        return LossCheck.Mean(network, batch, MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));
    }

    /// <summary>
    /// The derivatives of every output with respect to every input, in the mode of prediction: the forward pass once, then for each output the deltas
    /// that begin with 1 at it.
    /// </summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="jacobians">Receives rows × outputs × inputs.</param>
    /// <param name="rows">Number of rows.</param>
    public static void Jacobians(NetworkState network, ref float inputs, ref float jacobians, nuint rows)
    {
        LaneSizes sizes = TKernels.Sizes;
        nuint inputSize = (nuint)TKernels.Sizes.InputSize, outputs = (nuint)TKernels.Sizes.OutputSize;
        ref float values = ref Scratch.Borrow(sizes.RowsAtOnce / 8 * sizes.Group);
        FillMasks(ref values);
        for (nuint first = 0; first < rows; first += (nuint)sizes.RowsAtOnce)
        {
            nuint count = Math.Min(rows - first, (nuint)sizes.RowsAtOnce);
            LanePasses<TKernels>.Forward<Vec256>(network, ref Unsafe.Add(ref inputs, first * inputSize), ref values, count, isTraining: false);
            for (nuint o = 0; o < outputs; o++)
            {
                TKernels.OutputSeed(network, ref values, o, count);
                TKernels.Deltas<Vec256>(network, ref values, count, firstDelta: -1);
                StoreInputDeltas(network, ref values, ref Unsafe.Add(ref jacobians, ((first * outputs) + o) * inputSize), outputs * inputSize, count);
            }
        }
    }

    private static nuint NoiseUnits
    {
        get
        {
            nuint sum = 0;
            foreach (int units in TKernels.NoiseUnits)
            {
                sum += (nuint)units;
            }

            return sum;
        }
    }

    /// <summary>A block of rows forward, their losses, and all deltas.</summary>
    private static void Differentiate<V>(
        NetworkState network, scoped in TrainingBatch batch, nuint first, nuint rows, float weight, ref float values, ref float losses, int firstDelta)
        where V : struct, IRowVector<V>
    {
        LaneSizes sizes = TKernels.Sizes;
        nuint inputs = (nuint)TKernels.Sizes.InputSize, outputs = (nuint)TKernels.Sizes.OutputSize;
        LanePasses<TKernels>.Forward<V>(
            network, ref Unsafe.Add(ref MemoryMarshal.GetReference(batch.Inputs), first * inputs), ref values, rows, isTraining: true);
        StoreTargets(network, ref Unsafe.Add(ref MemoryMarshal.GetReference(batch.Targets), first * outputs), ref values, rows);
        TKernels.Losses<V>(network, ref values, ref losses, rows);
        if (!batch.Outputs.IsEmpty)
        {
            LanePasses<TKernels>.StoreOutputs(network, ref values, ref Unsafe.Add(ref MemoryMarshal.GetReference(batch.Outputs), first * outputs), rows);
        }

        TKernels.OutputDelta<V>(network, ref values, weight, rows);
        for (nuint row = 0; row < rows && !batch.Weights.IsEmpty; row += 8)
        {
            // Sample weights: B = Σwᵢ; row i is scaled by wᵢ.
            int count = (int)Math.Min(rows - row, 8);
            ref float group = ref Unsafe.Add(ref values, row / 8 * (nuint)sizes.Group);
            RowWeights.ScaleLanes(ref Unsafe.Add(ref group, sizes.OutputDelta), outputs, batch.Weights, first + row, count);
            RowWeights.ClearLanes(ref group, (nuint)sizes.FirstDelta, batch.Weights, first + row, count);
        }

        TKernels.Deltas<V>(network, ref values, rows, firstDelta);
    }

    /// <summary>Targets from rows to lanes, with what the loss makes of them.</summary>
    private static void StoreTargets(NetworkState network, ref float targets, ref float values, nuint rows)
    {
        LaneSizes sizes = TKernels.Sizes;
        nuint outputs = (nuint)TKernels.Sizes.OutputSize, group = (nuint)sizes.Group;
        if (sizes.SoftTargets == 0)
        {
            LaneGroups.FromRows(ref targets, outputs, rows, ref Unsafe.Add(ref values, sizes.Targets), group);
            return;
        }

        ref float soft = ref Unsafe.Add(ref values, sizes.SoftTargets);
        for (nuint row = 0; row < rows; row += 8)
        {
            nuint count = Math.Min(rows - row, 8);
            TargetSoftening.Soften(network.Layout, ref Unsafe.Add(ref targets, row * outputs), count, ref soft);
            LaneGroups.FromRows(ref soft, outputs, count, ref Unsafe.Add(ref values, (row / 8 * group) + (nuint)sizes.Targets), group);
        }
    }

    /// <summary>The gradients of few rows, from their lanes into the sink.</summary>
    private static void GiveFew<TSink>(NetworkState network, ref float values, ref float partials, nuint rows, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint group = (nuint)TKernels.Sizes.Group, groups = (rows + 7) / 8;
        ref float parameters = ref network.Parameters;
        ReadOnlySpan<int> operands = TKernels.GradientOperands;
        for (int l = 0; l < network.Layout.Layers.Length; l++)
        {
            if (!network.Trains(l))
            {
                continue;
            }

            DenseLayout layer = network.Layout.Layers[l];

            if (operands[(4 * l) + 1] < 0)
            {
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref partials, 8 * layer.WeightsOffset), 8 * (layer.End - layer.WeightsOffset)).Clear();
                TKernels.FirstGradient<Vec256>(ref parameters, ref values, ref partials, rows);
                Fold(network, layer, ref partials, sink);
                continue;
            }

            ref float seen = ref Unsafe.Add(ref values, operands[4 * l]);
            ref float deltas = ref Unsafe.Add(ref values, operands[(4 * l) + 1]);
            if (layer.OutputStride == 1)
            {
                LaneGradients.Weights(
                    ref seen, (nuint)layer.Inputs, ref deltas, (nuint)layer.Outputs, group, groups, ref parameters, (nuint)layer.WeightsOffset, sink);
            }
            else
            {
                LaneGradients.Weights(
                    ref deltas, (nuint)layer.Outputs, ref seen, (nuint)layer.Inputs, group, groups, ref parameters, (nuint)layer.WeightsOffset, sink);
            }

            if (layer.HasBias)
            {
                LaneGradients.Biases(ref deltas, (nuint)layer.Outputs, group, groups, ref parameters, (nuint)layer.BiasesOffset, sink);
            }

            if (layer.HasSlope)
            {
                nuint slope = (nuint)layer.SlopeOffset, length = (nuint)(layer.End - layer.SlopeOffset);
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref partials, 8 * slope), (int)(8 * length)).Clear();
                LaneGradients.Slope(
                    ref values, (nuint)operands[(4 * l) + 2], (nuint)operands[(4 * l) + 3], (nuint)layer.Outputs, group, groups, ref Unsafe.Add(ref partials, 8 * slope));
                PartialSums.FoldBiases(ref partials, ref parameters, slope, length, sink);
            }
        }
    }

    /// <summary>The folds of a layer's partial sums, into the sink.</summary>
    private static void Fold<TSink>(NetworkState network, DenseLayout layer, ref float partials, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        PartialSums.FoldWeights(ref partials, ref network.Parameters, (nuint)layer.WeightsOffset, (nuint)layer.WeightsLength, sink);
        PartialSums.FoldBiases(ref partials, ref network.Parameters, (nuint)layer.BiasesOffset, (nuint)(layer.End - layer.BiasesOffset), sink);
    }

    /// <summary>The noise of a block of rows, from rows to lanes.</summary>
    private static void GatherNoise(ref float noise, nuint rows, nuint first, ref float values, nuint count)
    {
        LaneSizes sizes = TKernels.Sizes;
        ref float lanes = ref Unsafe.Add(ref values, sizes.Noise);
        foreach (int units in TKernels.NoiseUnits)
        {
            LaneGroups.FromRows(ref Unsafe.Add(ref noise, first * (nuint)units), (nuint)units, count, ref lanes, (nuint)sizes.Group);
            noise = ref Unsafe.Add(ref noise, rows * (nuint)units);
            lanes = ref Unsafe.Add(ref lanes, 8 * units);
        }
    }

    /// <summary>Factors of 1 in all groups, as deltas are multiplied by dropout's.</summary>
    private static void FillMasks(ref float values)
    {
        LaneSizes sizes = TKernels.Sizes;
        int floats = 8 * (int)NoiseUnits;
        for (int group = 0; floats > 0 && group < sizes.RowsAtOnce / 8; group++)
        {
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref values, (group * sizes.Group) + sizes.Noise), floats).Fill(1);
        }
    }

    /// <summary>The derivatives with respect to the inputs, from lanes to rows, times what the inputs were scaled by.</summary>
    private static void StoreInputDeltas(NetworkState network, ref float values, ref float gradients, nuint stride, nuint rows)
    {
        LaneSizes sizes = TKernels.Sizes;
        bool isScaled = network.Layout.Standardize;
        for (nuint row = 0; row < rows; row += 8)
        {
            ref float deltas = ref Unsafe.Add(ref values, (row / 8 * (nuint)sizes.Group) + (nuint)sizes.InputDelta);
            for (nuint i = 0; i < (nuint)TKernels.Sizes.InputSize; i++)
            {
                Vec256 value = Vec256.Load(ref deltas, 8 * i);
                value = isScaled ? value * Vec256.Broadcast(ref network.InputScale, i) : value;
                Vec256.ScatterFirst(value, ref Unsafe.Add(ref gradients, (row * stride) + i), stride, (int)Math.Min(rows - row, 8));
            }
        }
    }

    private ref struct LossWork : IParallelWork
    {
        public required NetworkState Network;
        public required ref float Inputs;
        public required ref float Targets;
        public required ref float Outputs;
        public required ref float Losses;
        public required nuint Rows;

        public readonly void Run(int part, int parts)
        {
            (nuint start, nuint count) = WorkerPool.Rows(Rows, part, parts);
            LaneSizes sizes = TKernels.Sizes;
            nuint inputs = (nuint)TKernels.Sizes.InputSize, outputs = (nuint)TKernels.Sizes.OutputSize;
            ref float values = ref Scratch.Borrow(sizes.RowsAtOnce / 8 * sizes.Group);
            for (nuint first = start; first < start + count; first += (nuint)sizes.RowsAtOnce)
            {
                nuint rows = Math.Min(start + count - first, (nuint)sizes.RowsAtOnce);
                LanePasses<TKernels>.Forward<Vec256>(Network, ref Unsafe.Add(ref Inputs, first * inputs), ref values, rows, isTraining: false);
                LanePasses<TKernels>.StoreOutputs(Network, ref values, ref Unsafe.Add(ref Outputs, first * outputs), rows);
                StoreTargets(Network, ref Unsafe.Add(ref Targets, first * outputs), ref values, rows);
                TKernels.Losses<Vec256>(Network, ref values, ref Unsafe.Add(ref Losses, first), rows);
            }
        }
    }
}
