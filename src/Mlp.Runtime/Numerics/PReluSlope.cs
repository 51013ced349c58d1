using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>The gradient of PReLU's learned slope.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PReluSlope
{
    /// <summary>The derivative of the loss with respect to the slope α of <c>h = max(z, 0) + α·min(z, 0)</c>: <c>Σ d·min(z, 0)</c> over rows and units.</summary>
    /// <param name="deltas">The first of <paramref name="rows"/> rows d, its derivative with respect to h.</param>
    /// <param name="sums">The rows z.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, of deltas and of z, at least <paramref name="units"/>; padding may hold anything.</param>
    /// <param name="batchRows">Of an ensemble, rows of each member; 0 where all rows are one batch.</param>
    /// <returns>The derivative.</returns>
    /// <remarks>
    /// He, Zhang, Ren and Sun (2015). A row's products go into eight partial sums by unit mod 8; then the fold. The rows' sums go into
    /// eight partial sums by row of the batch mod 8, one member after the other; then the fold. Allocates nothing.
    /// </remarks>
    public static float Gradient(ref readonly float deltas, ref readonly float sums, nuint rows, nuint units, nuint stride, nuint batchRows = 0)
    {
        Vec256 rowPartials = Vec256.Zero;
        nuint row = 0;
        for (nuint m = 0; m < rows; m++)
        {
            ref float d = ref Unsafe.Add(ref Unsafe.AsRef(in deltas), m * stride);
            ref float z = ref Unsafe.Add(ref Unsafe.AsRef(in sums), m * stride);
            Vec256 partials = Vec256.Zero;
            for (nuint o = 0; o < units; o += 8)
            {
                // NaN is not above 0 and stays.
                Vec256 sum = PaddedRow.Load(in z, o, units, stride);
                Vec256 below = Vec256.Select(Vec256.GreaterThan(sum, Vec256.Zero), Vec256.Zero, sum);
                partials = Vec256.FusedMultiplyAdd(PaddedRow.Load(in d, o, units, stride), below, partials);
            }

            Unsafe.Add(ref Unsafe.As<Vec256, float>(ref rowPartials), row & 7) += CanonicalSum.Fold(partials);
            row = row + 1 == batchRows ? 0 : row + 1;
        }

        return CanonicalSum.Fold(rowPartials);
    }

    /// <summary>Gives the gradient of the slope to the sink.</summary>
    /// <param name="deltas">The first of the derivatives with respect to the outputs.</param>
    /// <param name="sums">The first of the pre-activations.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="parameters">The store.</param>
    /// <param name="index">Index of the slope in it.</param>
    /// <param name="sink">Takes the gradient.</param>
    /// <param name="batchRows">Of an ensemble, rows of each member; 0 where all rows are one batch.</param>
    public static void Give<TSink>(
        ref readonly float deltas,
        ref readonly float sums,
        nuint rows,
        nuint units,
        nuint stride,
        ref float parameters,
        nuint index,
        scoped TSink sink,
        nuint batchRows = 0)
        where TSink : struct, IGradientSink, allows ref struct
    {
        Vec256 gradient = Vec256.Create(Gradient(in deltas, in sums, rows, units, stride, batchRows)) & Vec256.FirstLanes(1);
        sink.Biases(gradient, ref Unsafe.Add(ref parameters, index), index);
    }
}
