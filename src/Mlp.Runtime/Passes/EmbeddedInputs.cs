using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Inputs in which the number of a table's row is replaced by the row: what the first layer sees of a network with embeddings. The tables are trained with
/// that layer.
/// </summary>
/// <remarks>
/// Every row of a table has a gradient in each step, 0 where no row of the batch uses it, so that all optimizers treat tables as they do weights (as PyTorch's
/// nn.Embedding with dense gradients). Nothing allocates but <see cref="Expand(NetworkState, ReadOnlySpan{float})"/>.
/// </remarks>
internal static class EmbeddedInputs
{
    /// <summary>Checks that all numbers of rows are whole and in their tables.</summary>
    /// <param name="layout">The network's layout.</param>
    /// <param name="inputs">The inputs, whole rows.</param>
    /// <param name="argument">Name of the caller's argument.</param>
    /// <exception cref="ArgumentException">One is not.</exception>
    public static void Check(NetworkLayout layout, ReadOnlySpan<float> inputs, string argument = "inputs")
    {
        foreach (EmbeddingLayout table in layout.Embeddings)
        {
            for (int at = table.Slot; at < inputs.Length; at += layout.InputSize)
            {
                if (!(inputs[at] >= 0 && inputs[at] < table.Rows && inputs[at] == MathF.Truncate(inputs[at])))
                {
                    throw new ArgumentException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Input {table.Slot} of row {at / layout.InputSize} is {inputs[at]}; it is the number of a row of {table.Name}, whole and from 0 to {table.Rows - 1}."),
                        argument);
                }
            }
        }
    }

    /// <summary>Puts rows of tables in the place of their numbers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">rows × InputSize, checked.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="expanded">Receives rows × ExpandedSize.</param>
    public static void Expand(NetworkState network, ref float inputs, nuint rows, ref float expanded)
    {
        NetworkLayout layout = network.Layout;
        for (nuint row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> from = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref inputs, row * (nuint)layout.InputSize), layout.InputSize);
            Span<float> to = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref expanded, row * (nuint)layout.ExpandedSize), layout.ExpandedSize);
            int taken = 0;
            foreach (EmbeddingLayout table in layout.Embeddings)
            {
                from[taken..table.Slot].CopyTo(to);
                to = to[(table.Slot - taken)..];
                network.Store.Slice(table.Offset + (RowOf(from, table) * table.Stride), table.Length).CopyTo(to);
                to = to[table.Length..];
                taken = table.Slot + 1;
            }

            from[taken..].CopyTo(to);
        }
    }

    /// <summary>The same into a new array.</summary>
    public static float[] Expand(NetworkState network, ReadOnlySpan<float> inputs)
    {
        float[] expanded = new float[checked(inputs.Length / network.Layout.InputSize * network.Layout.ExpandedSize)];
        Expand(network, ref MemoryMarshal.GetReference(inputs), (nuint)(inputs.Length / network.Layout.InputSize), ref MemoryMarshal.GetArrayDataReference(expanded));
        return expanded;
    }

    /// <summary>Adds up the gradients of all tables: of each row those of the batch's rows that use it, in their order.</summary>
    /// <param name="pass">All rows of the batch, deltas done.</param>
    /// <param name="inputs">The batch's inputs, not expanded.</param>
    /// <param name="deltas">The derivatives with respect to what the first layer sees; of an ensemble those of all members, before their scales.</param>
    /// <param name="stride">Floats from one row of them to the next.</param>
    /// <param name="gradients">Receives the gradients, where the store has the tables.</param>
    public static void Accumulate(scoped in RowPass pass, ReadOnlySpan<float> inputs, ref float deltas, int stride, Span<float> gradients)
    {
        NetworkLayout layout = pass.Network.Layout;
        gradients.Clear();
        int before = 0;
        foreach (EmbeddingLayout table in layout.Embeddings)
        {
            int column = table.Slot + before;
            before += table.Length - 1;
            for (int row = 0; row < (int)pass.BatchRows; row++)
            {
                // Rows of weight 0 are left out, whatever they hold.
                if (!pass.Weights.IsEmpty && pass.Weights[row] == 0)
                {
                    continue;
                }

                int used = RowOf(inputs.Slice(row * layout.InputSize, layout.InputSize), table);
                Span<float> sum = gradients.Slice(table.Offset + (used * table.Stride), table.Length);
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += Delta(pass, ref deltas, ((nint)row * stride) + column + i, (nint)pass.BatchRows * stride, column + i);
                }
            }
        }
    }

    /// <summary>Gives a share of the tables' gradients.</summary>
    /// <param name="network">The network.</param>
    /// <param name="gradients">The gradients, where the store has the tables.</param>
    /// <param name="part">Number of the share, from 0.</param>
    /// <param name="parts">Number of shares.</param>
    /// <param name="sink">Takes the gradients.</param>
    public static void Give<TSink>(NetworkState network, ref float gradients, int part, int parts, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        (nuint first, nuint count) = WorkerPool.Range((nuint)network.Layout.TablesSize / 8, 1, part, parts);
        for (nuint at = 8 * first; at < 8 * (first + count); at += 8)
        {
            sink.Biases(Vec256.Load(ref gradients, at), ref Unsafe.Add(ref network.Parameters, at), at);
        }
    }

    /// <summary>The number of a row, in its table whatever another thread has made of the inputs since they were checked.</summary>
    private static int RowOf(ReadOnlySpan<float> row, EmbeddingLayout table) => Math.Clamp((int)row[table.Slot], 0, table.Rows - 1);

    /// <summary>The derivative with respect to an expanded input: of an ensemble the members' by way of their scales.</summary>
    private static float Delta(scoped in RowPass pass, ref float deltas, nint at, nint member, int column)
    {
        if (pass.Network.Layout.Members == 1)
        {
            return Unsafe.Add(ref deltas, at);
        }

        float sum = 0;
        for (int m = 0; m < pass.Network.Layout.Members; m++)
        {
            sum += Unsafe.Add(ref deltas, at + (m * member)) * Unsafe.Add(ref pass.MemberScales((nuint)m), column);
        }

        return sum;
    }
}
