using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Layer normalization without gains and shifts: each row gets mean 0 and population variance 1 over its own units.</summary>
/// <remarks>
/// Ba, Kiros and Hinton (2016). Every sum over a row goes into eight partial sums, unit o into partial o mod 8; then the fold. Rows begin
/// <c>stride</c> floats apart; padding behind their units may hold anything before, and is 0 afterwards up to the next multiple of eight
/// where the stride has room for it. Nothing allocates. The caller vouches for the memory behind the references.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LayerNormalization
{
    /// <summary>Replaces each row z by <c>n = (z − mean)·r</c>, with <c>r = 1/√(variance + ε)</c>.</summary>
    /// <param name="sums">The first of <paramref name="rows"/> rows z; they become n.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="reciprocals">Receives r, one a row.</param>
    /// <remarks>
    /// The mean is the row's first value plus the mean difference from it, so that a row of equal values has variance 0 to the bit, however
    /// large they are; the variance is that of the differences from the mean.
    /// </remarks>
    public static void Forward(ref float sums, nuint rows, nuint units, nuint stride, float epsilon, ref float reciprocals)
    {
        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref sums, m * stride);
            Vec256 first = Vec256.Create(row);
            Vec256 partials = Vec256.Zero;
            for (nuint o = 0; o < units; o += 8)
            {
                partials += PaddedRow.Load(in row, o, units, stride, first) - first;
            }

            Vec256 mean = Vec256.Create(row + (CanonicalSum.Fold(partials) / units));
            partials = Vec256.Zero;
            for (nuint o = 0; o < units; o += 8)
            {
                Vec256 difference = PaddedRow.Load(in row, o, units, stride, mean) - mean;
                partials = Vec256.FusedMultiplyAdd(difference, difference, partials);
            }

            float variance = (CanonicalSum.Fold(partials) / units) + epsilon;

            // A variance that overflowed makes the row NaN, by ∞ − ∞, so that the step fails visibly.
            float reciprocal = (1f / MathF.Sqrt(variance)) + (variance - variance);
            Unsafe.Add(ref reciprocals, m) = reciprocal;
            for (nuint o = 0; o < units; o += 8)
            {
                Vec256 difference = PaddedRow.Load(in row, o, units, stride) - mean;
                PaddedRow.Store(difference * Vec256.Create(reciprocal), ref row, o, units, stride);
            }
        }
    }

    /// <summary>Backward pass: replaces each row d = ∂L/∂n by ∂L/∂z = <c>r·(d − mean(d) − n·mean(d⊙n))</c>.</summary>
    /// <param name="deltas">The first of <paramref name="rows"/> rows d; they become ∂L/∂z.</param>
    /// <param name="normalized">The rows n of <see cref="Forward"/>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, of deltas and of n, at least <paramref name="units"/>.</param>
    /// <param name="reciprocals">r of <see cref="Forward"/>, one a row.</param>
    public static void Backward(
        ref float deltas, ref readonly float normalized, nuint rows, nuint units, nuint stride, ref readonly float reciprocals)
    {
        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref deltas, m * stride);
            ref float n = ref Unsafe.Add(ref Unsafe.AsRef(in normalized), m * stride);
            Vec256 deltaPartials = Vec256.Zero;
            Vec256 productPartials = Vec256.Zero;
            for (nuint o = 0; o < units; o += 8)
            {
                Vec256 delta = PaddedRow.Load(in row, o, units, stride);
                deltaPartials += delta;
                productPartials = Vec256.FusedMultiplyAdd(delta, PaddedRow.Load(in n, o, units, stride), productPartials);
            }

            Vec256 meanDelta = Vec256.Create(CanonicalSum.Fold(deltaPartials) / units);
            Vec256 meanProduct = Vec256.Create(CanonicalSum.Fold(productPartials) / units);
            Vec256 reciprocal = Vec256.Broadcast(in reciprocals, m);
            for (nuint o = 0; o < units; o += 8)
            {
                Vec256 delta = PaddedRow.Load(in row, o, units, stride);
                Vec256 rest = Vec256.FusedMultiplyAdd(-PaddedRow.Load(in n, o, units, stride), meanProduct, delta - meanDelta);
                PaddedRow.Store(rest * reciprocal, ref row, o, units, stride);
            }
        }
    }
}
