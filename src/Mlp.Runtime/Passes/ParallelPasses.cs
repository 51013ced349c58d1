using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>How the passes of a network are shared among threads: rows up to their deltas, then rows of the weights.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ParallelPasses
{
    /// <summary>Predicts any number of rows, each thread a range.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="cost">Multiply-adds of a row.</param>
    public static void Predict<TKernels>(NetworkState network, ref float inputs, ref float outputs, nuint rows, long cost)
        where TKernels : struct, IRowKernels
    {
        int threads = network.ThreadsForRows(rows, cost);
        if (threads == 1)
        {
            TKernels.PredictRows(network, ref inputs, ref outputs, rows);
            return;
        }

        PredictionWork<TKernels> work = new() { Network = network, Inputs = ref inputs, Outputs = ref outputs, Rows = rows };
        WorkerPool.Run(ref work, threads);
    }

    /// <summary>Outputs and the loss of each row, each thread a range.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="targets">rows × outputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="losses">Receives one loss a row.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="cost">Multiply-adds of a row.</param>
    public static void ComputeLosses<TKernels>(
        NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows, long cost)
        where TKernels : struct, ILossKernels
    {
        LossWork<TKernels> work = new() { Network = network, Inputs = ref inputs, Targets = ref targets, Outputs = ref outputs, Losses = ref losses, Rows = rows };
        WorkerPool.Run(ref work, network.ThreadsForRows(rows, cost));
    }

    /// <summary>Forward, losses and deltas of a batch, each thread a range of its rows.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="batch">The batch, of at least one row.</param>
    /// <param name="buffers">Where the batch's values lie.</param>
    /// <param name="capacity">Rows that each buffer has room for.</param>
    /// <param name="weight">What the mean loss is over.</param>
    /// <param name="threads">Number of threads.</param>
    public static void Differentiate<TKernels>(
        NetworkState network, scoped in TrainingBatch batch, ref float buffers, nuint capacity, float weight, int threads)
        where TKernels : struct, ITrainingKernels
    {
        DeltaWork<TKernels> work = new() { Network = network, Batch = batch, Buffers = ref buffers, Capacity = capacity, Weight = weight };
        WorkerPool.Run(ref work, threads);
    }

    /// <summary>All gradients of a batch, each thread those of some rows of every layer's weights, whatever the sink does with them.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="buffers">Where the batch's values lie.</param>
    /// <param name="capacity">Rows that each buffer has room for.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="sink">Takes each gradient once it is complete.</param>
    public static void Gradients<TKernels, TSink>(
        NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows, int threads, scoped TSink sink)
        where TKernels : struct, ITrainingKernels
        where TSink : struct, IGradientSink, allows ref struct
    {
        GradientWork<TKernels, TSink> work = new() { Network = network, Inputs = ref inputs, Buffers = ref buffers, Capacity = capacity, Rows = rows, Sink = sink };
        WorkerPool.Run(ref work, threads);
    }

    private ref struct PredictionWork<TKernels> : IParallelWork where TKernels : struct, IRowKernels
    {
        public required NetworkState Network;
        public required ref float Inputs;
        public required ref float Outputs;
        public required nuint Rows;

        public void Run(int part, int parts)
        {
            (nuint first, nuint count) = WorkerPool.Rows(Rows, part, parts);
            NetworkLayout layout = Network.Layout;
            TKernels.PredictRows(Network, ref Row(ref Inputs, first, layout.InputSize), ref Row(ref Outputs, first, layout.OutputSize), count);
        }
    }

    private ref struct LossWork<TKernels> : IParallelWork where TKernels : struct, ILossKernels
    {
        public required NetworkState Network;
        public required ref float Inputs;
        public required ref float Targets;
        public required ref float Outputs;
        public required ref float Losses;
        public required nuint Rows;

        public void Run(int part, int parts)
        {
            (nuint first, nuint count) = WorkerPool.Rows(Rows, part, parts);
            NetworkLayout layout = Network.Layout;
            TKernels.ComputeRowLosses(
                Network,
                ref Row(ref Inputs, first, layout.InputSize),
                ref Row(ref Targets, first, layout.OutputSize),
                ref Row(ref Outputs, first, layout.OutputSize),
                ref Row(ref Losses, first, 1),
                count);
        }
    }

    private ref struct DeltaWork<TKernels> : IParallelWork where TKernels : struct, ITrainingKernels
    {
        public required NetworkState Network;
        public required TrainingBatch Batch;
        public required ref float Buffers;
        public required nuint Capacity;
        public required float Weight;

        public void Run(int part, int parts)
        {
            (nuint start, nuint rows) = WorkerPool.Rows((nuint)Batch.Rows, part, parts);
            if (rows > 0)
            {
                TKernels.DifferentiateRows(Network, Batch, ref Buffers, Capacity, start, rows, Weight);
            }
        }
    }

    private ref struct GradientWork<TKernels, TSink> : IParallelWork
        where TKernels : struct, ITrainingKernels
        where TSink : struct, IGradientSink, allows ref struct
    {
        public required NetworkState Network;
        public required ref float Inputs;
        public required ref float Buffers;
        public required nuint Capacity;
        public required nuint Rows;
        public required TSink Sink;

        public void Run(int part, int parts)
        {
            switch (VectorWidth.Bits)
            {
                case 512:
                    TKernels.Gradients<Vec512, TSink>(Network, ref Inputs, ref Buffers, Capacity, Rows, part, parts, Sink);
                    break;
                case 256:
                    TKernels.Gradients<Vec256, TSink>(Network, ref Inputs, ref Buffers, Capacity, Rows, part, parts, Sink);
                    break;
                default:
                    TKernels.Gradients<Vec128, TSink>(Network, ref Inputs, ref Buffers, Capacity, Rows, part, parts, Sink);
                    break;
            }
        }
    }

    private static ref float Row(ref float origin, nuint row, int length) => ref Unsafe.Add(ref origin, row * (nuint)length);
}
