using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Batch normalization without gains and shifts: each unit gets mean 0 and population variance 1 over the rows of the batch.</summary>
/// <remarks>
/// Ioffe and Szegedy (2015). Every sum over rows goes into eight partial sums a unit, row m into partial m mod 8; then the fold. Rows begin
/// <c>stride</c> floats apart; padding behind their units may hold anything before, and is 0 afterwards up to the next multiple of eight
/// where the stride has room for it. Statistics are three vectors of <c>length</c> floats, a multiple of eight and at least the number of
/// units: means, population variances, and r = 1/√(variance + ε); behind the units they are 0. Nothing allocates.
/// The caller vouches for the memory behind the references.
/// </remarks>
public static class BatchNormalization
{
    /// <summary>Training: replaces each row z by <c>n = (z − mean)·r</c>, with the batch's own mean and variance of every unit.</summary>
    /// <param name="sums">The first of <paramref name="rows"/> rows z; they become n.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="statistics">Receives means at 0, variances at <paramref name="length"/> and r at twice that.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    /// <remarks>
    /// A mean is the first row's value plus the mean difference from it, so that a unit of equal values has variance 0 to the bit, however
    /// large they are; the variance is that of the differences from the mean.
    /// </remarks>
    public static void Forward(ref float sums, nuint rows, nuint units, nuint stride, float epsilon, ref float statistics, nuint length)
    {
        Vec256 count = Vec256.Create(rows);
        for (nuint o = 0; o < units; o += 8)
        {
            Vec256 first = PaddedRow.Load(in sums, o, units, stride);
            ColumnSums differences = default;
            for (nuint m = 0; m < rows; m++)
            {
                differences.Add(m, PaddedRow.Load(in Unsafe.Add(ref sums, m * stride), o, units, stride) - first);
            }

            Vec256 mean = first + (differences.Fold() / count);
            ColumnSums squares = default;
            for (nuint m = 0; m < rows; m++)
            {
                Vec256 difference = PaddedRow.Load(in Unsafe.Add(ref sums, m * stride), o, units, stride) - mean;
                squares.AddProduct(m, difference, difference);
            }

            Vec256 variance = squares.Fold() / count;
            Vec256.Store(mean, ref statistics, o);
            Vec256.Store(variance, ref statistics, length + o);
            NormalizeColumns(ref sums, rows, o, units, stride, mean, Reciprocal(variance, epsilon, o, units, ref statistics, length));
        }

        ClearPadding(ref statistics, units, length);
        ClearPadding(ref Unsafe.Add(ref statistics, length), units, length);
        ClearPadding(ref Unsafe.Add(ref statistics, 2 * length), units, length);
    }

    /// <summary>Prediction and evaluation: replaces each row z by <c>n = (z − mean)·r</c>, with running means and variances.</summary>
    /// <param name="sums">The first of <paramref name="rows"/> rows z; they become n.</param>
    /// <param name="rows">Number of rows; a row's result does not depend on it, nor on the other rows.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="running">Running means at 0, running variances at <paramref name="length"/>.</param>
    /// <param name="statistics">Receives r at twice <paramref name="length"/>; the rest stays as it is.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    public static void Normalize(
        ref float sums, nuint rows, nuint units, nuint stride, float epsilon, ref readonly float running, ref float statistics, nuint length)
    {
        for (nuint o = 0; o < units; o += 8)
        {
            Vec256 mean = Vec256.Load(in running, o);
            Vec256 variance = Vec256.Load(in running, length + o);
            NormalizeColumns(ref sums, rows, o, units, stride, mean, Reciprocal(variance, epsilon, o, units, ref statistics, length));
        }

        ClearPadding(ref Unsafe.Add(ref statistics, 2 * length), units, length);
    }

    /// <summary>
    /// Replaces each row d, the loss's derivative by the n of <see cref="Forward"/>, by that by z: <c>r·(d − mean(d) − n·mean(d⊙n))</c>, the
    /// means over the rows.
    /// </summary>
    /// <param name="deltas">The first of <paramref name="rows"/> rows d; they become the derivative by z.</param>
    /// <param name="normalized">The rows n.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, of deltas and of n, at least <paramref name="units"/>.</param>
    /// <param name="statistics">What <see cref="Forward"/> wrote.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    public static void Backward(
        ref float deltas, ref readonly float normalized, nuint rows, nuint units, nuint stride, ref readonly float statistics, nuint length)
    {
        Vec256 count = Vec256.Create(rows);
        ref float n = ref Unsafe.AsRef(in normalized);
        for (nuint o = 0; o < units; o += 8)
        {
            ColumnSums sums = default;
            ColumnSums products = default;
            for (nuint m = 0; m < rows; m++)
            {
                Vec256 delta = PaddedRow.Load(in Unsafe.Add(ref deltas, m * stride), o, units, stride);
                sums.Add(m, delta);
                products.AddProduct(m, delta, PaddedRow.Load(in Unsafe.Add(ref n, m * stride), o, units, stride));
            }

            Vec256 meanDelta = sums.Fold() / count;
            Vec256 meanProduct = products.Fold() / count;
            Vec256 reciprocal = Vec256.Load(in statistics, (2 * length) + o);
            for (nuint m = 0; m < rows; m++)
            {
                ref float row = ref Unsafe.Add(ref deltas, m * stride);
                Vec256 delta = PaddedRow.Load(in row, o, units, stride);
                Vec256 normal = PaddedRow.Load(in Unsafe.Add(ref n, m * stride), o, units, stride);
                Vec256 rest = Vec256.FusedMultiplyAdd(-normal, meanProduct, delta - meanDelta);
                PaddedRow.Store(rest * reciprocal, ref row, o, units, stride);
            }
        }
    }

    /// <summary>Replaces each row d, the loss's derivative by the n of <see cref="Normalize"/>, by that by z: <c>r·d</c>.</summary>
    /// <param name="deltas">The first of <paramref name="rows"/> rows d; they become the derivative by z.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>.</param>
    /// <param name="statistics">What <see cref="Normalize"/> wrote.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    public static void BackwardOfEvaluation(
        ref float deltas, nuint rows, nuint units, nuint stride, ref readonly float statistics, nuint length)
    {
        for (nuint o = 0; o < units; o += 8)
        {
            Vec256 reciprocal = Vec256.Load(in statistics, (2 * length) + o);
            for (nuint m = 0; m < rows; m++)
            {
                ref float row = ref Unsafe.Add(ref deltas, m * stride);
                PaddedRow.Store(PaddedRow.Load(in row, o, units, stride) * reciprocal, ref row, o, units, stride);
            }
        }
    }

    /// <summary>Moves running statistics towards those of a batch: <c>(1 − momentum)·old + momentum·new</c>.</summary>
    /// <param name="running">Running means at 0, running variances at <paramref name="length"/>; both are updated.</param>
    /// <param name="statistics">What <see cref="Forward"/> wrote.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    /// <param name="rows">Rows of the batch. A single one has no variance to learn from: both statistics stay as they are.</param>
    /// <param name="momentum">Share of the batch, in (0, 1].</param>
    /// <remarks>The new variance is the unbiased estimate, the population variance times <c>rows/(rows − 1)</c>, as in the paper.</remarks>
    public static void UpdateRunning(
        ref float running, ref readonly float statistics, nuint units, nuint length, nuint rows, float momentum)
    {
        if (rows < 2)
        {
            return;
        }

        Vec256 unbiased = Vec256.Create((float)((double)rows / (rows - 1)));
        Vec256 share = Vec256.Create(momentum);
        Vec256 kept = Vec256.Create(1f - momentum);
        for (nuint o = 0; o < units; o += 8)
        {
            Vec256 mean = Vec256.Load(in statistics, o);
            Vec256 variance = Vec256.Load(in statistics, length + o) * unbiased;
            Vec256.Store((kept * Vec256.Load(in running, o)) + (share * mean), ref running, o);
            Vec256.Store((kept * Vec256.Load(in running, length + o)) + (share * variance), ref running, length + o);
        }
    }

    /// <summary>r of eight units, also into the statistics; 0 behind the last unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec256 Reciprocal(Vec256 variance, float epsilon, nuint index, nuint units, ref float statistics, nuint length)
    {
        // A variance that overflowed must not pass for an answer: ∞ − ∞ makes the unit NaN.
        Vec256 shifted = variance + Vec256.Create(epsilon);
        Vec256 reciprocal = ((Vec256.Create(1f) / Vec256.Sqrt(shifted)) + (shifted - shifted)) & Vec256.FirstLanes((int)nuint.Min(units - index, 8));
        Vec256.Store(reciprocal, ref statistics, (2 * length) + index);
        return reciprocal;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NormalizeColumns(
        ref float sums, nuint rows, nuint index, nuint units, nuint stride, Vec256 mean, Vec256 reciprocal)
    {
        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref sums, m * stride);
            PaddedRow.Store((PaddedRow.Load(in row, index, units, stride) - mean) * reciprocal, ref row, index, units, stride);
        }
    }

    /// <summary>Zeros behind the last vector that holds units.</summary>
    private static void ClearPadding(ref float values, nuint units, nuint length)
    {
        for (nuint o = (units + 7) & ~(nuint)7; o < length; o += 8)
        {
            Vec256.Store(Vec256.Zero, ref values, o);
        }
    }
}
