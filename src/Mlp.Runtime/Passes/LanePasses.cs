using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Predictions of a straight-line network.</summary>
/// <typeparam name="TKernels">Its kernels: a struct, so that the passes are compiled for it.</typeparam>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates once warm.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LanePasses<TKernels> where TKernels : struct, ILaneKernels
{
    // Rows that are predicted one by one: fewer fill less than half of a group, whose cost is the same.
    private const int MostSingleRows = 4;

    /// <summary>Predicts any number of rows: one by its own kernel, of more each thread a range.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Predict(NetworkState network, ref float inputs, ref float outputs, nuint rows)
    {
        if (TKernels.HasRowKernel && rows == 1)
        {
            TKernels.PredictRow(network, ref inputs, ref outputs);
        }
        else
        {
            PredictMany(network, ref inputs, ref outputs, rows);
        }

        // Last, so that nothing has to be kept for what follows.
        Telemetry.CountPredicted(rows);
    }

    private static void PredictMany(NetworkState network, ref float inputs, ref float outputs, nuint rows)
    {
        int threads = network.ThreadsForRows(rows, TKernels.Sizes.Cost);
        if (threads == 1)
        {
            PredictRows(network, ref inputs, ref outputs, rows);
            return;
        }

        PredictionWork work = new() { Network = network, Inputs = ref inputs, Outputs = ref outputs, Rows = rows };
        WorkerPool.Run(ref work, threads);
    }

    /// <summary>The same on the calling thread.</summary>
    private static void PredictRows(NetworkState network, ref float inputs, ref float outputs, nuint rows)
    {
        if (TKernels.HasRowKernel && rows <= MostSingleRows)
        {
            nuint inputSize = (nuint)TKernels.Sizes.InputSize, outputSize = (nuint)TKernels.Sizes.OutputSize;
            for (nuint row = 0; row < rows; row++)
            {
                TKernels.PredictRow(network, ref Unsafe.Add(ref inputs, row * inputSize), ref Unsafe.Add(ref outputs, row * outputSize));
            }
        }
        else if (VectorWidth.Bits == 512 && rows > 8)
        {
            PredictRows<Vec512>(network, ref inputs, ref outputs, rows);
        }
        else
        {
            PredictRows<Vec256>(network, ref inputs, ref outputs, rows);
        }
    }

    private static void PredictRows<V>(NetworkState network, ref float inputs, ref float outputs, nuint rows) where V : struct, IRowVector<V>
    {
        LaneSizes sizes = TKernels.Sizes;
        ref float values = ref Scratch.Borrow(sizes.RowsAtOnce / 8 * sizes.Group);
        for (nuint first = 0; first < rows; first += (nuint)sizes.RowsAtOnce)
        {
            nuint count = Math.Min(rows - first, (nuint)sizes.RowsAtOnce);
            Forward<V>(network, ref Unsafe.Add(ref inputs, first * (nuint)TKernels.Sizes.InputSize), ref values, count, isTraining: false);
            StoreOutputs(network, ref values, ref Unsafe.Add(ref outputs, first * (nuint)TKernels.Sizes.OutputSize), count);
        }
    }

    /// <summary>From inputs as rows to outputs as lanes; lanes without a row repeat the last.</summary>
    internal static void Forward<V>(NetworkState network, ref float inputs, ref float values, nuint rows, bool isTraining) where V : struct, IRowVector<V>
    {
        nuint columns = (nuint)TKernels.Sizes.InputSize, group = (nuint)TKernels.Sizes.Group;
        LaneGroups.FromRows(ref inputs, columns, rows, ref values, group);
        if (network.Layout.Standardize)
        {
            LaneActivations.Standardize(ref values, 0, ref network.InputMean, ref network.InputScale, columns, group, rows);
        }

        TKernels.Forward<V>(network, ref values, rows, isTraining);
    }

    /// <summary>Outputs from lanes to rows.</summary>
    internal static void StoreOutputs(NetworkState network, ref float values, ref float outputs, nuint rows)
    {
        LaneSizes sizes = TKernels.Sizes;
        LaneGroups.ToRows(ref Unsafe.Add(ref values, sizes.Outputs), (nuint)TKernels.Sizes.OutputSize, rows, ref outputs, (nuint)sizes.Group);
    }

    private ref struct PredictionWork : IParallelWork
    {
        public required NetworkState Network;
        public required ref float Inputs;
        public required ref float Outputs;
        public required nuint Rows;

        public readonly void Run(int part, int parts)
        {
            (nuint first, nuint count) = WorkerPool.Rows(Rows, part, parts);
            PredictRows(
                Network, ref Unsafe.Add(ref Inputs, first * (nuint)TKernels.Sizes.InputSize), ref Unsafe.Add(ref Outputs, first * (nuint)TKernels.Sizes.OutputSize), count);
        }
    }
}
