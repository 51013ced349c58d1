using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Predictions of a network whose values lie row by row.</summary>
/// <typeparam name="TKernels">Its kernels: a struct, so that the passes are compiled for it.</typeparam>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates once warm.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowPasses<TKernels> where TKernels : struct, IRowKernels
{
    /// <summary>Predicts any number of rows, each thread a range.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    public static void Predict(NetworkState network, ref float inputs, ref float outputs, nuint rows)
    {
        int threads = network.ThreadsForRows(rows, TKernels.Sizes.Cost);
        if (threads == 1)
        {
            PredictRows(network, ref inputs, ref outputs, rows);
        }
        else
        {
            PredictionWork work = new() { Network = network, Inputs = ref inputs, Outputs = ref outputs, Rows = rows };
            WorkerPool.Run(ref work, threads);
        }

        Telemetry.CountPredicted(rows);
    }

    /// <summary>A pass in the mode of prediction over blocks of <paramref name="block"/> rows, with its buffers on the calling thread's scratch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="floats">Floats of the buffers for each row.</param>
    /// <param name="block">Rows of the largest block.</param>
    internal static RowPass Borrow(NetworkState network, int floats, nuint block)
    {
        nuint capacity = (block + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
        int buffers = (int)capacity * floats;
        ref float scratch = ref Scratch.Borrow(buffers + BatchStatisticsSize(network));
        return new RowPass
        {
            Network = network,
            Parameters = ref network.Parameters,
            Capacity = capacity,
            Buffers = ref scratch,
            Statistics = ref Unsafe.Add(ref scratch, buffers),
        };
    }

    /// <summary>Floats of the batch's own statistics: of each unit a mean, a variance and a reciprocal deviation.</summary>
    internal static int BatchStatisticsSize(NetworkState network) => network.Layout.StatisticsSize / 2 * 3;

    /// <summary>The same on the calling thread; the width is chosen here.</summary>
    private static void PredictRows(NetworkState network, ref float inputs, ref float outputs, nuint rows)
    {
        switch (VectorWidth.Bits)
        {
            case 512:
                PredictRows<Vec512>(network, ref inputs, ref outputs, rows);
                break;
            case 256:
                PredictRows<Vec256>(network, ref inputs, ref outputs, rows);
                break;
            default:
                PredictRows<Vec128>(network, ref inputs, ref outputs, rows);
                break;
        }
    }

    private static void PredictRows<V>(NetworkState network, ref float inputs, ref float outputs, nuint rows) where V : struct, IVector<V>
    {
        RowSizes sizes = TKernels.Sizes;
        nuint block = Math.Min(rows, (nuint)sizes.RowBlock);
        scoped RowPass pass = Borrow(network, sizes.ForwardFloats, block);
        for (nuint first = 0; first < rows; first += block)
        {
            pass.Rows = Math.Min(rows - first, block);
            pass.Inputs = ref Unsafe.Add(ref inputs, first * (nuint)network.Layout.InputSize);
            pass.Outputs = ref Unsafe.Add(ref outputs, first * (nuint)network.Layout.OutputSize);
            TKernels.Forward<V>(pass);
            TKernels.Output(pass);
        }
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
            ref float inputs = ref Unsafe.Add(ref Inputs, first * (nuint)Network.Layout.InputSize);
            ref float outputs = ref Unsafe.Add(ref Outputs, first * (nuint)Network.Layout.OutputSize);
            PredictRows(Network, ref inputs, ref outputs, count);
        }
    }
}
