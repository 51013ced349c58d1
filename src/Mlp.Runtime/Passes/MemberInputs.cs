using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>The inputs of an ensemble's members: each has scales of its own, one a column.</summary>
/// <remarks>
/// Rows of a pass are those of the first member, then those of the second and so on; the members see the same raw inputs. Nothing allocates.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MemberInputs
{
    private const MethodImplOptions Kernel = KernelOptions.Optimized;

    /// <summary>
    /// Copies raw inputs to padded rows of every member: centred and scaled by the training data's statistics where there are such, then times the member's
    /// scales.
    /// </summary>
    /// <param name="pass">The rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="x">Receives the rows; their padding up to 16 columns becomes 0.</param>
    /// <param name="stride">Floats from one of these rows to the next.</param>
    [MethodImpl(Kernel)]
    public static void Stage(scoped in RowPass pass, nuint columns, ref float x, nuint stride)
    {
        nuint padded = (columns + 15) & ~(nuint)15;
        for (nuint row = 0; row < pass.Rows; row++)
        {
            (nuint member, nuint rowOfInputs) = Math.DivRem(pass.First + row, pass.BatchRows);
            ref float scales = ref pass.MemberScales(member);
            for (nuint k = 0; k < padded; k += 8)
            {
                Vec256 value = k < columns ? Standardised(pass, rowOfInputs, columns, k) * Vec256.Load(ref scales, k) : Vec256.Zero;
                Vec256.Store(value, ref x, (row * stride) + k);
            }
        }
    }

    /// <summary>
    /// The gradients of the scales, <c>Σ x ⊙ d</c> over the rows of each member in batch order, with x the standardised inputs and d the derivatives with
    /// respect to the scaled ones.
    /// </summary>
    /// <param name="pass">All rows of the batch.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="deltas">The first of the rows d.</param>
    /// <param name="stride">Floats from one of these rows to the next.</param>
    /// <param name="part">Number of the share, from 0.</param>
    /// <param name="parts">Number of shares.</param>
    /// <param name="sink">Takes the gradients.</param>
    [MethodImpl(Kernel)]
    public static void Gradient<TSink>(scoped in RowPass pass, nuint columns, ref float deltas, nuint stride, int part, int parts, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        EnsembleLayout ensemble = pass.Network.Layout.Ensemble!;
        nuint vectors = (nuint)ensemble.ScalesStride / 8;
        (nuint first, nuint count) = WorkerPool.Range((nuint)ensemble.Members * vectors, 1, part, parts);
        for (nuint i = first; i < first + count; i++)
        {
            (nuint member, nuint vector) = Math.DivRem(i, vectors);
            nuint k = 8 * vector;
            Vec256 sum = Vec256.Zero;
            for (nuint row = 0; k < columns && row < pass.BatchRows; row++)
            {
                // Rows of weight 0 are left out, whatever they hold.
                if (pass.Weights.IsEmpty || pass.Weights[(int)row] > 0)
                {
                    Vec256 delta = Vec256.Load(ref deltas, (((member * pass.BatchRows) + row) * stride) + k);
                    sum = Vec256.FusedMultiplyAdd(Standardised(pass, row, columns, k), delta, sum);
                }
            }

            nuint index = (nuint)ensemble.ScalesOffset + (8 * i);
            Vec256 gradient = k >= columns ? Vec256.Zero : columns - k >= 8 ? sum : sum & Vec256.FirstLanes((int)(columns - k));
            sink.Biases(gradient, ref pass.Parameter(index), index);
        }
    }

    /// <summary>Eight columns of a row of inputs as the members see them before they scale; 0 behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec256 Standardised(scoped in RowPass pass, nuint row, nuint columns, nuint k)
    {
        Vec256 value = PaddedRow.Load(ref Unsafe.Add(ref pass.Inputs, row * columns), k, columns, columns);
        return !pass.Network.Layout.Standardize ? value
            : ((value - Vec256.Load(ref pass.Network.InputMean, k)) * Vec256.Load(ref pass.Network.InputScale, k))
                & Vec256.FirstLanes((int)Math.Min(columns - k, 8));
    }
}
