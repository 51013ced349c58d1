using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        if (TKernels.HasEmbeddings)
        {
            EmbeddedInputs.Check(network.Layout, MemoryMarshal.CreateReadOnlySpan(ref inputs, (int)rows * network.Layout.InputSize));
        }

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

    /// <summary>How far the members of an ensemble are apart for a row: the population deviation of their outputs, of several outputs its mean.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">The row.</param>
    /// <returns>The deviation, in the data's units where the network standardises targets.</returns>
    public static float Spread(NetworkState network, ref float input)
    {
        scoped RowPass pass = Borrow(network, TKernels.Sizes.ForwardFloats, 1);
        if (TKernels.HasEmbeddings)
        {
            EmbeddedInputs.Check(network.Layout, MemoryMarshal.CreateReadOnlySpan(ref input, network.Layout.InputSize));
        }

        pass.BatchRows = 1;
        pass.Inputs = ref Expanded(pass, ref input);
        PredictMembers<Vec256>(ref pass);
        int outputs = network.Layout.OutputSize;
        double sum = 0;
        for (int output = 0; output < outputs; output++)
        {
            double deviation = MemberMeans.Deviation(ref Unsafe.Add(ref pass.Value((nuint)TKernels.Sizes.Outputs, 1), output), TKernels.Members, outputs);
            sum += deviation * (network.Layout.StandardizeTargets ? network.Standardization.TargetScales[output] : 1);
        }

        Telemetry.CountPredicted(1);
        return (float)(sum / outputs);
    }

    /// <summary>A pass in the mode of prediction over blocks of <paramref name="block"/> rows, with its buffers on the calling thread's scratch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="floats">Floats of the buffers for each row.</param>
    /// <param name="block">Rows of the batch in the largest block.</param>
    internal static RowPass Borrow(NetworkState network, int floats, nuint block)
    {
        nuint capacity = ((block * (nuint)TKernels.Members) + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
        int buffers = (int)capacity * floats;
        int expanded = TKernels.HasEmbeddings ? (int)block * network.Layout.ExpandedSize : 0;
        ref float scratch = ref Scratch.Borrow(buffers + BatchStatisticsSize(network) + expanded);
        return new RowPass
        {
            Network = network,
            Parameters = ref network.Parameters,
            Capacity = capacity,
            Buffers = ref scratch,
            Statistics = ref Unsafe.Add(ref scratch, buffers),
        };
    }

    /// <summary>The inputs of a borrowed pass, with rows of tables in the place of their numbers where there are such.</summary>
    /// <param name="pass">The pass, with its number of rows of the batch.</param>
    /// <param name="inputs">The first of its inputs.</param>
    internal static ref float Expanded(scoped in RowPass pass, ref float inputs)
    {
        if (!TKernels.HasEmbeddings)
        {
            return ref inputs;
        }

        ref float expanded = ref Unsafe.Add(ref pass.Statistics, BatchStatisticsSize(pass.Network));
        EmbeddedInputs.Expand(pass.Network, ref inputs, pass.BatchRows, ref expanded);
        return ref expanded;
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
        nuint block = Block(rows);
        scoped RowPass pass = Borrow(network, sizes.ForwardFloats, block);
        for (nuint first = 0; first < rows; first += block)
        {
            pass.BatchRows = Math.Min(rows - first, block);
            pass.Inputs = ref Expanded(pass, ref Unsafe.Add(ref inputs, first * (nuint)network.Layout.InputSize));
            pass.Outputs = ref Unsafe.Add(ref outputs, first * (nuint)network.Layout.OutputSize);
            Predict<V>(ref pass);
        }
    }

    /// <summary>Rows of the batch that go through all layers together.</summary>
    /// <param name="rows">Rows of the batch.</param>
    internal static nuint Block(nuint rows) => Math.Min(rows, Math.Max(1, (nuint)TKernels.Sizes.RowBlock / (nuint)TKernels.Members));

    /// <summary>Predicts a block of rows: of an ensemble, what the members' outputs are on average.</summary>
    /// <param name="pass">The pass, with its inputs, the place of its outputs, and its number of rows of the batch.</param>
    internal static void Predict<V>(ref RowPass pass) where V : struct, IVector<V>
    {
        if (TKernels.Members > 1)
        {
            PredictMembers<V>(ref pass);
            nuint count = pass.BatchRows * (nuint)pass.Network.Layout.OutputSize;
            MemberMeans.Compute(ref pass.Value((nuint)TKernels.Sizes.Outputs, 1), (nuint)TKernels.Members, count, ref pass.Outputs);
        }
        else
        {
            pass.Rows = pass.BatchRows;
            TKernels.Forward<V>(pass);
            TKernels.Output(pass);
        }
    }

    /// <summary>Predicts a block of rows with every member of an ensemble; the outputs of one lie behind those of another.</summary>
    private static void PredictMembers<V>(ref RowPass pass) where V : struct, IVector<V>
    {
        pass.Rows = pass.BatchRows * (nuint)TKernels.Members;
        TKernels.Forward<V>(pass);
        for (int member = 0; member < TKernels.Members; member++)
        {
            RowPass own = pass.OfRows(member);
            own.Outputs = ref own.Value((nuint)TKernels.Sizes.Outputs, (nuint)pass.Network.Layout.OutputSize);
            TKernels.Head<V>(own);
            TKernels.Output(own);
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
