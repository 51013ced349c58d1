using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>Losses and gradients of a network whose values lie row by row.</summary>
/// <typeparam name="TKernels">Its kernels: a struct, so that the passes are compiled for it.</typeparam>
/// <remarks>
/// Rows are independent of each other up to their deltas: each thread takes a range through forward, loss and deltas, then each takes rows of every layer's
/// weights through gradients and the sink. Batch normalization joins the rows, so there one thread does the first half. The caller vouches for the memory
/// behind the references. Nothing allocates once warm.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowTraining<TKernels> where TKernels : struct, IRowTrainingKernels
{
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
    /// One mini-batch: forward, loss, deltas, gradients. The sink takes each gradient once it is complete: an optimizer updates the parameter at once. It
    /// gets nothing before the loss is known to be finite, and before all deltas are there, which need the weights from before the update.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="sink">Takes the gradients.</param>
    /// <returns>The mean loss.</returns>
    public static float Backpropagate<TSink>(NetworkState network, scoped in TrainingBatch batch, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct => VectorWidth.Bits switch
        {
            512 => Backpropagate<Vec512, TSink>(network, batch, sink),
            256 => Backpropagate<Vec256, TSink>(network, batch, sink),
            _ => Backpropagate<Vec128, TSink>(network, batch, sink),
        };

    private static float Backpropagate<V, TSink>(NetworkState network, scoped in TrainingBatch batch, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        int threads = network.ThreadsFor((nuint)batch.Rows, TKernels.Sizes.TrainingCost);
        scoped RowPass pass = Begin(network, batch, network.LearningRates.FirstTrained);
        float loss = Differentiate<V>(pass, batch, threads);
        GradientWork<V, TSink> work = new() { Pass = pass, Sink = sink };
        WorkerPool.Run(ref work, threads);
        return loss;
    }

    /// <summary>The mean loss of a batch, and its derivative with respect to the inputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="gradients">Receives rows × inputs.</param>
    /// <returns>The mean loss.</returns>
    public static float InputGradients(NetworkState network, scoped in TrainingBatch batch, ref float gradients)
    {
        scoped RowPass pass = Begin(network, batch, firstDelta: -1);
        float loss = Differentiate<Vec256>(pass, batch, network.ThreadsFor((nuint)batch.Rows, TKernels.Sizes.TrainingCost));
        StoreInputDeltas(pass, ref gradients, (nuint)network.Layout.InputSize);
        return loss;
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
        RowSizes sizes = TKernels.Sizes;
        nuint inputSize = (nuint)network.Layout.InputSize, outputs = (nuint)network.Layout.OutputSize;
        nuint block = Math.Min(rows, (nuint)sizes.RowBlock);
        scoped RowPass pass = RowPasses<TKernels>.Borrow(network, sizes.TrainingFloats, block);
        pass.Outputs = ref pass.Value((nuint)sizes.Outputs, outputs);
        pass.FirstDelta = -1;
        for (nuint first = 0; first < rows; first += block)
        {
            pass.Rows = Math.Min(rows - first, block);
            pass.Inputs = ref Unsafe.Add(ref inputs, first * inputSize);
            TKernels.FillNoise(pass, network.Seed, step: -1);
            TKernels.Forward<Vec256>(pass);
            TKernels.Output(pass);
            for (nuint o = 0; o < outputs; o++)
            {
                TKernels.OutputSeed(pass, o);
                TKernels.Deltas<Vec256>(pass);
                StoreInputDeltas(pass, ref Unsafe.Add(ref jacobians, ((first * outputs) + o) * inputSize), outputs * inputSize);
            }
        }
    }

    private static RowPass Begin(NetworkState network, scoped in TrainingBatch batch, int firstDelta)
    {
        RowSizes sizes = TKernels.Sizes;
        nuint capacity = ((nuint)batch.Rows + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
        long floats = (long)capacity * sizes.TrainingFloats;
        ref float buffers = ref network.Workspace(floats + RowPasses<TKernels>.BatchStatisticsSize(network));
        return new RowPass
        {
            Network = network,
            Parameters = ref network.Parameters,
            Inputs = ref MemoryMarshal.GetReference(batch.Inputs),
            Buffers = ref buffers,
            Capacity = capacity,
            Statistics = ref Unsafe.Add(ref buffers, (nint)floats),
            Rows = (nuint)batch.Rows,
            Weights = batch.Weights,
            IsTraining = true,
            FirstDelta = firstDelta,
        };
    }

    /// <summary>Forward, the loss, and all deltas. Throws where the loss is not finite.</summary>
    private static float Differentiate<V>(scoped in RowPass pass, scoped in TrainingBatch batch, int threads) where V : struct, IVector<V>
    {
        NetworkState network = pass.Network;
        RowSizes sizes = TKernels.Sizes;
        bool isJoined = network.Layout.StatisticsSize > 0;
        DeltaWork<V> work = new() { Pass = pass, Batch = batch, Weight = LossCheck.Weight(network, batch) };
        WorkerPool.Run(ref work, isJoined ? 1 : threads);
        ReadOnlySpan<float> losses = MemoryMarshal.CreateReadOnlySpan(ref pass.Value((nuint)sizes.Losses, 1), batch.Rows);
        float loss = LossCheck.Mean(network, batch, losses);
        MemoryMarshal.CreateReadOnlySpan(ref pass.Value((nuint)sizes.Outputs, (nuint)network.Layout.OutputSize), batch.Outputs.Length).CopyTo(batch.Outputs);
        if (isJoined && batch.Step >= 0)
        {
            UpdateRunningStatistics(pass, batch);
        }

        return loss;
    }

    private static void UpdateRunningStatistics(scoped in RowPass pass, scoped in TrainingBatch batch)
    {
        for (int l = 0; l < pass.Network.Layout.Layers.Length; l++)
        {
            DenseLayout layer = pass.Network.Layout.Layers[l];
            if (layer.Normalization == Normalization.Batch && pass.Network.Trains(l))
            {
                BatchNormalization.UpdateRunning(
                    ref Unsafe.Add(ref pass.Network.Statistics, layer.StatisticsOffset),
                    ref pass.BatchStatistics((nuint)layer.StatisticsOffset),
                    (nuint)layer.Outputs, (nuint)layer.VectorLength, (nuint)batch.Rows, layer.NormalizationMomentum, batch.Weights);
            }
        }
    }

    /// <summary>The derivatives with respect to the inputs, from padded rows to the caller's, times what the inputs were scaled by.</summary>
    private static void StoreInputDeltas(scoped in RowPass pass, ref float gradients, nuint stride)
    {
        RowSizes sizes = TKernels.Sizes;
        ref float deltas = ref pass.Value((nuint)sizes.InputDelta, (nuint)sizes.InputDeltaStride);
        bool isScaled = pass.Network.Layout.Standardize;
        for (nuint row = 0; row < pass.Rows; row++)
        {
            for (nuint i = 0; i < (nuint)pass.Network.Layout.InputSize; i++)
            {
                float delta = Unsafe.Add(ref deltas, (row * (nuint)sizes.InputDeltaStride) + i);
                Unsafe.Add(ref gradients, (row * stride) + i) = isScaled ? delta * Unsafe.Add(ref pass.Network.InputScale, i) : delta;
            }
        }
    }

    /// <summary>Forward, losses and deltas of some rows. What the mean loss is over, the weight, is known before the losses are.</summary>
    private ref struct DeltaWork<V> : IParallelWork where V : struct, IVector<V>
    {
        public required RowPass Pass;
        public required TrainingBatch Batch;
        public required float Weight;

        public readonly void Run(int part, int parts)
        {
            (nuint start, nuint rows) = WorkerPool.Rows((nuint)Batch.Rows, part, parts);
            if (rows == 0)
            {
                return;
            }

            RowSizes sizes = TKernels.Sizes;
            NetworkLayout layout = Pass.Network.Layout;
            nuint outputs = (nuint)layout.OutputSize;
            scoped RowPass pass = Pass;
            pass.First = start;
            pass.Rows = rows;
            TKernels.FillNoise(pass, Batch.NoiseSeed, Batch.Step);

            // All layers for a block of rows before the next block; the statistics of a batch join all rows.
            nuint block = layout.StatisticsSize > 0 ? rows : (nuint)sizes.RowBlock;
            for (nuint first = start; first < start + rows; first += block)
            {
                pass.First = first;
                pass.Rows = Math.Min(start + rows - first, block);
                pass.Inputs = ref Unsafe.Add(ref Pass.Inputs, first * (nuint)layout.InputSize);
                TKernels.Forward<V>(pass);
            }

            pass.First = start;
            pass.Rows = rows;
            pass.Outputs = ref pass.Value((nuint)sizes.Outputs, outputs);
            pass.Losses = ref pass.Value((nuint)sizes.Losses, 1);
            pass.Targets = ref Unsafe.Add(ref MemoryMarshal.GetReference(Batch.Targets), start * outputs);
            SoftenTargets(ref pass);
            TKernels.Losses(pass);
            TKernels.OutputDelta(pass, Weight);
            if (!Batch.Weights.IsEmpty)
            {
                // Sample weights: B = Σwᵢ; row i is scaled by wᵢ.
                ReadOnlySpan<float> weights = Batch.Weights.Slice((int)start, (int)rows);
                RowWeights.Scale(ref pass.Value((nuint)sizes.OutputDelta, (nuint)sizes.OutputStride), rows, (nuint)sizes.OutputStride, weights);
                RowWeights.ClearRows(ref pass.Buffers, pass.Capacity, start, weights, TKernels.ForwardOffsets);
            }

            TKernels.Deltas<V>(pass);
        }
    }

    /// <summary>Smoothed or weighted targets, where the loss has such, in the pass's own buffer.</summary>
    private static void SoftenTargets(ref RowPass pass)
    {
        int offset = TKernels.Sizes.SoftTargets;
        if (offset >= 0)
        {
            ref float soft = ref pass.Value((nuint)offset, (nuint)pass.Network.Layout.OutputSize);
            TargetSoftening.Soften(pass.Network.Layout, ref pass.Targets, pass.Rows, ref soft);
            pass.Targets = ref soft;
        }
    }

    private ref struct GradientWork<V, TSink> : IParallelWork
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        public required RowPass Pass;
        public required TSink Sink;

        public readonly void Run(int part, int parts) => TKernels.Gradients<V, TSink>(Pass, part, parts, Sink);
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
            switch (VectorWidth.Bits)
            {
                case 512:
                    Compute<Vec512>(start, count);
                    break;
                case 256:
                    Compute<Vec256>(start, count);
                    break;
                default:
                    Compute<Vec128>(start, count);
                    break;
            }
        }

        private readonly void Compute<V>(nuint start, nuint count) where V : struct, IVector<V>
        {
            RowSizes sizes = TKernels.Sizes;
            nuint outputs = (nuint)Network.Layout.OutputSize;
            nuint block = Math.Min(count, (nuint)sizes.RowBlock);
            scoped RowPass pass = RowPasses<TKernels>.Borrow(Network, sizes.ForwardFloats, block);
            for (nuint first = start; first < start + count; first += block)
            {
                pass.Rows = Math.Min(start + count - first, block);
                pass.Inputs = ref Unsafe.Add(ref Inputs, first * (nuint)Network.Layout.InputSize);
                pass.Outputs = ref Unsafe.Add(ref Outputs, first * outputs);
                pass.Targets = ref Unsafe.Add(ref Targets, first * outputs);
                pass.Losses = ref Unsafe.Add(ref Losses, first);
                TKernels.Forward<V>(pass);
                SoftenTargets(ref pass);
                TKernels.Losses(pass);
            }
        }
    }
}
