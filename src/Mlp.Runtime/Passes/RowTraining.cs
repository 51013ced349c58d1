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
        if (TKernels.HasEmbeddings)
        {
            EmbeddedInputs.Check(network.Layout, inputs);
        }

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
        // The scales of an ensemble's members, and tables of embeddings, are trained with the first layer.
        int firstTrained = network.LearningRates.FirstTrained;
        scoped RowPass pass = Begin(network, batch, firstDelta: (TKernels.Members > 1 || TKernels.HasEmbeddings) && firstTrained == 0 ? -1 : firstTrained);
        float loss = Differentiate<V>(pass, batch, threads);
        GradientWork<V, TSink> work = new() { Pass = pass, Sink = sink, Tables = ref TableGradients(pass) };
        if (TKernels.HasEmbeddings && firstTrained == 0)
        {
            // Before the scales are updated, through which they go.
            ref float deltas = ref pass.Value((nuint)TKernels.Sizes.InputDelta, (nuint)TKernels.Sizes.InputDeltaStride);
            EmbeddedInputs.Accumulate(
                pass, batch.Inputs, ref deltas, TKernels.Sizes.InputDeltaStride, MemoryMarshal.CreateSpan(ref work.Tables, network.Layout.TablesSize));
        }

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
        StoreInputDeltas(pass, ref gradients, (nuint)network.Layout.InputSize, divisor: 1);
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
        if (TKernels.HasEmbeddings)
        {
            EmbeddedInputs.Check(network.Layout, MemoryMarshal.CreateReadOnlySpan(ref inputs, (int)(rows * inputSize)));
        }

        nuint block = RowPasses<TKernels>.Block(rows);
        scoped RowPass pass = RowPasses<TKernels>.Borrow(network, sizes.TrainingFloats, block);
        pass.Outputs = ref pass.Value((nuint)sizes.Outputs, outputs);
        pass.FirstDelta = -1;
        for (nuint first = 0; first < rows; first += block)
        {
            pass.BatchRows = Math.Min(rows - first, block);
            pass.Rows = pass.BatchRows * (nuint)TKernels.Members;
            pass.Inputs = ref RowPasses<TKernels>.Expanded(pass, ref Unsafe.Add(ref inputs, first * inputSize));
            TKernels.FillNoise(pass, network.Seed, step: -1);
            TKernels.Forward<Vec256>(pass);
            for (int member = 0; member < TKernels.Members; member++)
            {
                RowPass own = OfOutputs(pass, member);
                TKernels.Head<Vec256>(own);
                TKernels.Output(own);
            }

            for (nuint o = 0; o < outputs; o++)
            {
                for (int member = 0; member < TKernels.Members; member++)
                {
                    RowPass own = OfOutputs(pass, member);
                    TKernels.OutputSeed(own, o);
                    TKernels.HeadDeltas<Vec256>(own);
                }

                TKernels.Deltas<Vec256>(pass);
                StoreInputDeltas(pass, ref Unsafe.Add(ref jacobians, ((first * outputs) + o) * inputSize), outputs * inputSize, TKernels.Members);
            }
        }
    }

    /// <summary>Those of the rows that are a member's, with the place of their outputs.</summary>
    private static RowPass OfOutputs(scoped in RowPass pass, int member)
    {
        RowPass own = pass.OfRows(member);
        own.Outputs = ref own.Value((nuint)TKernels.Sizes.Outputs, (nuint)pass.Network.Layout.OutputSize);
        return own;
    }

    private static RowPass Begin(NetworkState network, scoped in TrainingBatch batch, int firstDelta)
    {
        RowSizes sizes = TKernels.Sizes;
        nuint rows = (nuint)batch.Rows * (nuint)TKernels.Members;
        nuint capacity = (rows + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
        long floats = (long)capacity * sizes.TrainingFloats;
        int statistics = RowPasses<TKernels>.BatchStatisticsSize(network);

        // Statistics of a batch join the rows of all members of an ensemble, which then need their weights.
        bool repeatsWeights = TKernels.Members > 1 && statistics > 0 && !batch.Weights.IsEmpty;
        long weights = repeatsWeights ? (long)rows : 0;
        long expanded = TKernels.HasEmbeddings ? (long)batch.Rows * network.Layout.ExpandedSize : 0;
        ref float buffers = ref network.Workspace(floats + statistics + weights + expanded + network.Layout.TablesSize);
        ref float inputs = ref MemoryMarshal.GetReference(batch.Inputs);
        if (TKernels.HasEmbeddings)
        {
            EmbeddedInputs.Check(network.Layout, batch.Inputs);
            ref float places = ref Unsafe.Add(ref buffers, (nint)(floats + statistics + weights));
            EmbeddedInputs.Expand(network, ref inputs, (nuint)batch.Rows, ref places);
            inputs = ref places;
        }

        return new RowPass
        {
            Network = network,
            Parameters = ref network.Parameters,
            Inputs = ref inputs,
            Buffers = ref buffers,
            Capacity = capacity,
            Statistics = ref Unsafe.Add(ref buffers, (nint)floats),
            BatchRows = (nuint)batch.Rows,
            Rows = rows,
            Weights = repeatsWeights ? Repeated(batch.Weights, ref Unsafe.Add(ref buffers, (nint)floats + statistics)) : batch.Weights,
            IsTraining = true,
            FirstDelta = firstDelta,
        };
    }

    /// <summary>Where the gradients of tables lie: behind the expanded inputs.</summary>
    private static ref float TableGradients(scoped in RowPass pass) =>
        ref TKernels.HasEmbeddings ? ref Unsafe.Add(ref pass.Inputs, pass.BatchRows * (nuint)pass.Network.Layout.ExpandedSize) : ref pass.Inputs;

    /// <summary>The weights once for each member.</summary>
    private static ReadOnlySpan<float> Repeated(ReadOnlySpan<float> weights, ref float destination)
    {
        Span<float> repeated = MemoryMarshal.CreateSpan(ref destination, weights.Length * TKernels.Members);
        for (int start = 0; start < repeated.Length; start += weights.Length)
        {
            weights.CopyTo(repeated[start..]);
        }

        return repeated;
    }

    /// <summary>Forward, the loss, and all deltas. Throws where the loss is not finite.</summary>
    private static float Differentiate<V>(scoped in RowPass pass, scoped in TrainingBatch batch, int threads) where V : struct, IVector<V>
    {
        NetworkState network = pass.Network;
        RowSizes sizes = TKernels.Sizes;
        bool isJoined = network.Layout.StatisticsSize > 0;
        DeltaWork<V> work = new() { Pass = pass, Batch = batch, Weight = LossCheck.Weight(network, batch) * TKernels.Members };
        WorkerPool.Run(ref work, isJoined ? 1 : threads);
        ref float losses = ref pass.Value((nuint)sizes.Losses, 1);
        ref float outputs = ref pass.Value((nuint)sizes.Outputs, 1);
        if (TKernels.Members > 1)
        {
            nuint members = (nuint)TKernels.Members;
            MemberMeans.Compute(ref losses, members, pass.BatchRows, ref losses);
            MemberMeans.Compute(ref outputs, members, pass.BatchRows * (nuint)network.Layout.OutputSize, ref outputs);
        }

        float loss = LossCheck.Mean(network, batch, MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));
        MemoryMarshal.CreateReadOnlySpan(ref outputs, batch.Outputs.Length).CopyTo(batch.Outputs);
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
                bool isOfAll = layer.Member is null;
                BatchNormalization.UpdateRunning(
                    ref Unsafe.Add(ref pass.Network.Statistics, layer.StatisticsOffset),
                    ref pass.BatchStatistics((nuint)layer.StatisticsOffset),
                    (nuint)layer.Outputs, (nuint)layer.VectorLength, isOfAll ? pass.Rows : pass.BatchRows, layer.NormalizationMomentum,
                    isOfAll ? pass.Weights : batch.Weights);
            }
        }
    }

    /// <summary>
    /// The derivatives with respect to the inputs, from padded rows to the caller's, times what the inputs were scaled by; of an ensemble the sum over its
    /// members, in their order.
    /// </summary>
    private static void StoreInputDeltas(scoped in RowPass pass, ref float gradients, nuint stride, float divisor)
    {
        RowSizes sizes = TKernels.Sizes;
        ref float deltas = ref pass.Value((nuint)sizes.InputDelta, (nuint)sizes.InputDeltaStride);
        bool isScaled = pass.Network.Layout.Standardize;
        for (nuint row = 0; row < pass.BatchRows; row++)
        {
            for (nuint i = 0; i < (nuint)pass.Network.Layout.InputSize; i++)
            {
                int column = TKernels.HasEmbeddings ? pass.Network.Layout.ExpandedColumn((int)i) : (int)i;
                if (column < 0)
                {
                    // The number of a table's row has no slope.
                    Unsafe.Add(ref gradients, (row * stride) + i) = 0;
                    continue;
                }

                float delta = Unsafe.Add(ref deltas, (row * (nuint)sizes.InputDeltaStride) + (nuint)column);
                if (TKernels.Members > 1)
                {
                    delta *= Unsafe.Add(ref pass.MemberScales(0), column);
                    for (nuint member = 1; member < (nuint)TKernels.Members; member++)
                    {
                        nuint at = (((member * pass.BatchRows) + row) * (nuint)sizes.InputDeltaStride) + (nuint)column;
                        delta += Unsafe.Add(ref deltas, at) * Unsafe.Add(ref pass.MemberScales(member), column);
                    }

                    delta /= divisor;
                }

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
            (nuint start, nuint rows) = WorkerPool.Rows(Pass.Rows, part, parts);
            if (rows == 0)
            {
                return;
            }

            RowSizes sizes = TKernels.Sizes;
            NetworkLayout layout = Pass.Network.Layout;
            scoped RowPass pass = Pass;
            pass.First = start;
            pass.Rows = rows;
            for (int member = 0; member < TKernels.Members; member++)
            {
                TKernels.FillNoise(pass.OfRows(member), Batch.NoiseSeed, Batch.Step);
            }

            // All layers for a block of rows before the next block; the statistics of a batch join all rows.
            nuint block = layout.StatisticsSize > 0 ? rows : (nuint)sizes.RowBlock;
            for (nuint first = start; first < start + rows; first += block)
            {
                pass.First = first;
                pass.Rows = Math.Min(start + rows - first, block);
                pass.Inputs = ref Unsafe.Add(ref Pass.Inputs, TKernels.Members > 1 ? 0 : first * (nuint)layout.ExpandedSize);
                TKernels.Forward<V>(pass);
                for (int member = 0; TKernels.Members > 1 && member < TKernels.Members; member++)
                {
                    RowPass own = pass.OfRows(member);
                    if (own.Rows > 0)
                    {
                        TKernels.Head<V>(own);
                    }
                }
            }

            pass.First = start;
            pass.Rows = rows;
            pass.Outputs = ref pass.Value((nuint)sizes.Outputs, (nuint)layout.OutputSize);
            for (int member = 0; member < TKernels.Members; member++)
            {
                RowPass own = OfOutputs(pass, member);
                if (own.Rows > 0)
                {
                    ComputeOutputDelta(ref own);
                    TKernels.HeadDeltas<V>(own);
                }
            }

            TKernels.Deltas<V>(pass);
        }

        /// <summary>Losses of rows of one member, and the derivatives that their output layer begins with.</summary>
        private readonly void ComputeOutputDelta(scoped ref RowPass pass)
        {
            RowSizes sizes = TKernels.Sizes;
            nuint row = pass.RowOfBatch;
            pass.Losses = ref pass.Value((nuint)sizes.Losses, 1);
            pass.Targets = ref Unsafe.Add(ref MemoryMarshal.GetReference(Batch.Targets), row * (nuint)pass.Network.Layout.OutputSize);
            SoftenTargets(ref pass);
            TKernels.Losses(pass);
            TKernels.OutputDelta(pass, Weight);
            if (!Batch.Weights.IsEmpty)
            {
                // Sample weights: B = Σwᵢ; row i is scaled by wᵢ.
                ReadOnlySpan<float> weights = Batch.Weights.Slice((int)row, (int)pass.Rows);
                RowWeights.Scale(ref pass.Value((nuint)sizes.OutputDelta, (nuint)sizes.OutputStride), pass.Rows, (nuint)sizes.OutputStride, weights);
                RowWeights.ClearRows(ref pass.Buffers, pass.Capacity, pass.First, weights, TKernels.ForwardOffsets);
            }
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

        /// <summary>The gradients of the tables of embeddings, where there are such.</summary>
        public required ref float Tables;

        public readonly void Run(int part, int parts)
        {
            if (TKernels.HasEmbeddings && Pass.Network.Trains(0))
            {
                EmbeddedInputs.Give(Pass.Network, ref Tables, part, parts, Sink);
            }

            TKernels.Gradients<V, TSink>(Pass, part, parts, Sink);
            for (int member = 0; TKernels.Members > 1 && member < TKernels.Members; member++)
            {
                TKernels.HeadGradients<V, TSink>(Pass.OfRows(member), part, parts, Sink);
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
            nuint block = RowPasses<TKernels>.Block(count);
            scoped RowPass pass = RowPasses<TKernels>.Borrow(Network, sizes.ForwardFloats, block);
            for (nuint first = start; first < start + count; first += block)
            {
                pass.BatchRows = Math.Min(start + count - first, block);
                pass.Rows = pass.BatchRows;
                pass.Inputs = ref RowPasses<TKernels>.Expanded(pass, ref Unsafe.Add(ref Inputs, first * (nuint)Network.Layout.InputSize));
                pass.Outputs = ref Unsafe.Add(ref Outputs, first * outputs);
                pass.Targets = ref Unsafe.Add(ref Targets, first * outputs);
                pass.Losses = ref Unsafe.Add(ref Losses, first);
                if (TKernels.Members > 1)
                {
                    RowPasses<TKernels>.Predict<V>(ref pass);
                    pass.Rows = pass.BatchRows;
                    SoftenTargets(ref pass);
                    ComputeLossesOfMeans(pass);
                }
                else
                {
                    TKernels.Forward<V>(pass);
                    SoftenTargets(ref pass);
                    TKernels.Losses(pass);
                }
            }
        }

        /// <summary>The losses of an ensemble's averaged outputs.</summary>
        private readonly void ComputeLossesOfMeans(scoped in RowPass pass)
        {
            NetworkLayout layout = Network.Layout;
            MeanOutputLoss loss = new()
            {
                Loss = layout.Loss!.Value,
                Settings = layout.LossSettings,
                Activation = layout.Layers[^1].Activation,
                Members = TKernels.Members,
                Count = layout.OutputSize,
                PreActivations = ref pass.Value((nuint)TKernels.Sizes.PreActivations, 1),
                Stride = TKernels.Sizes.OutputStride,
                Outputs = ref pass.Outputs,
                Targets = ref pass.Targets,
            };
            loss.Compute((int)pass.BatchRows, ref pass.Losses);
        }
    }
}
