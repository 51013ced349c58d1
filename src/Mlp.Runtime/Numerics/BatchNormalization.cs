using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Batch normalization without gains and shifts: each unit gets mean 0 and population variance 1 over the rows of the batch, weighted where these
/// have weights.
/// </summary>
/// <remarks>
/// <para>
/// Ioffe and Szegedy (2015). Every sum over rows goes into eight partial sums a unit, row m into partial m mod 8; then the fold. Rows begin
/// <c>stride</c> floats apart; padding behind their units may hold anything before, and is 0 afterwards up to the next multiple of eight
/// where the stride has room for it. Statistics are three vectors of <c>length</c> floats, a multiple of eight and at least the number of
/// units: means, population variances, and r = 1/√(variance + ε); behind the units they are 0. Nothing allocates.
/// The caller vouches for the memory behind the references.
/// </para>
/// <para>
/// Sample weights are one for each row, finite and at least 0, or none where all rows count alike; too few throw
/// <see cref="ArgumentOutOfRangeException"/>. Their scale does not matter: a mean is <c>Σ w·z / Σ w</c>, a variance <c>Σ w·(z − mean)² / Σ w</c>.
/// Rows of weight 0 are left out, whatever they hold, and m does not count them. Equal weights that are a power of two, such as 1, give
/// the same bits as no weights.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BatchNormalization
{
    /// <summary>Largest ratio of unbiased to population variance; beyond it, one row has nearly all the weight.</summary>
    private const double LargestCorrection = 1 << 24;

    /// <summary>Sample weights of a batch. Kernels are generic over it, so that a batch without weights costs nothing extra.</summary>
    private interface IRowShares
    {
        /// <summary>The first row that counts, 0 if none does.</summary>
        nuint First { get; }

        /// <summary>Denominator of the means, in every lane; above 0.</summary>
        Vec256 Total { get; }

        /// <summary>Factor from the population variance to the unbiased one; +∞ where fewer than two rows count.</summary>
        double Correction { get; }

        /// <summary>Whether a row counts at all.</summary>
        bool Counts(nuint row);

        /// <summary>A value of a row times its weight.</summary>
        Vec256 Of(nuint row, Vec256 value);
    }

    /// <summary>Training: replaces each row z by <c>n = (z − mean)·r</c>, with the batch's own mean and variance of every unit.</summary>
    /// <param name="sums">The first of <paramref name="rows"/> rows z; they become n.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="statistics">Receives means at 0, variances at <paramref name="length"/> and r at twice that.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    /// <param name="weights">The rows' weights. Where all are 0, r is 1/√ε, and the first row's values are the means.</param>
    /// <remarks>
    /// A mean is the value of the first row that counts plus the mean difference from it, so that a unit of equal values has variance 0 to the
    /// bit, however large they are; the variance is that of the differences from the mean.
    /// </remarks>
    public static void Forward(
        ref float sums,
        nuint rows,
        nuint units,
        nuint stride,
        float epsilon,
        ref float statistics,
        nuint length,
        scoped ReadOnlySpan<float> weights = default)
    {
        if (weights.IsEmpty)
        {
            Forward(ref sums, rows, units, stride, epsilon, ref statistics, length, new EqualShares(rows));
        }
        else
        {
            Forward(ref sums, rows, units, stride, epsilon, ref statistics, length, new WeightedShares(weights, rows));
        }
    }

    private static void Forward<TShares>(
        ref float sums, nuint rows, nuint units, nuint stride, float epsilon, ref float statistics, nuint length, scoped TShares shares)
        where TShares : struct, IRowShares, allows ref struct
    {
        Vec256 total = shares.Total;
        for (nuint o = 0; o < units; o += 8)
        {
            Vec256 first = PaddedRow.Load(in Unsafe.Add(ref sums, shares.First * stride), o, units, stride);
            ColumnSums differences = default;
            nuint number = 0;
            for (nuint m = 0; m < rows; m++)
            {
                if (shares.Counts(m))
                {
                    differences.Add(number++, shares.Of(m, PaddedRow.Load(in Unsafe.Add(ref sums, m * stride), o, units, stride) - first));
                }
            }

            Vec256 mean = first + (differences.Fold() / total);
            ColumnSums squares = default;
            number = 0;
            for (nuint m = 0; m < rows; m++)
            {
                if (shares.Counts(m))
                {
                    Vec256 difference = PaddedRow.Load(in Unsafe.Add(ref sums, m * stride), o, units, stride) - mean;
                    squares.AddProduct(number++, shares.Of(m, difference), difference);
                }
            }

            Vec256 variance = squares.Fold() / total;
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
    /// Backward pass of training: replaces each row d = ∂L/∂n by ∂L/∂z = <c>r·(d − w·(mean(d) + n·mean(d⊙n)))</c>. The means are
    /// <c>Σ d / Σ w</c> over the rows: the d of a row already contains its weight w.
    /// </summary>
    /// <param name="deltas">The first of <paramref name="rows"/> rows d; they become ∂L/∂z, 0 in rows of weight 0.</param>
    /// <param name="normalized">The rows n.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="units">Units of a row, at least 1.</param>
    /// <param name="stride">Floats from one row to the next, of deltas and of n, at least <paramref name="units"/>.</param>
    /// <param name="statistics">What <c>Forward</c> wrote.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    /// <param name="weights">What <c>Forward</c> got.</param>
    public static void Backward(
        ref float deltas,
        ref readonly float normalized,
        nuint rows,
        nuint units,
        nuint stride,
        ref readonly float statistics,
        nuint length,
        scoped ReadOnlySpan<float> weights = default)
    {
        if (weights.IsEmpty)
        {
            Backward(ref deltas, in normalized, rows, units, stride, in statistics, length, new EqualShares(rows));
        }
        else
        {
            Backward(ref deltas, in normalized, rows, units, stride, in statistics, length, new WeightedShares(weights, rows));
        }
    }

    private static void Backward<TShares>(
        ref float deltas,
        ref readonly float normalized,
        nuint rows,
        nuint units,
        nuint stride,
        ref readonly float statistics,
        nuint length,
        scoped TShares shares)
        where TShares : struct, IRowShares, allows ref struct
    {
        Vec256 total = shares.Total;
        ref float n = ref Unsafe.AsRef(in normalized);
        for (nuint o = 0; o < units; o += 8)
        {
            ColumnSums sums = default;
            ColumnSums products = default;
            nuint number = 0;
            for (nuint m = 0; m < rows; m++)
            {
                if (shares.Counts(m))
                {
                    Vec256 delta = PaddedRow.Load(in Unsafe.Add(ref deltas, m * stride), o, units, stride);
                    sums.Add(number, delta);
                    products.AddProduct(number++, delta, PaddedRow.Load(in Unsafe.Add(ref n, m * stride), o, units, stride));
                }
            }

            Vec256 meanDelta = sums.Fold() / total;
            Vec256 meanProduct = products.Fold() / total;
            Vec256 reciprocal = Vec256.Load(in statistics, (2 * length) + o);
            for (nuint m = 0; m < rows; m++)
            {
                ref float row = ref Unsafe.Add(ref deltas, m * stride);
                Vec256 rest = Vec256.Zero;
                if (shares.Counts(m))
                {
                    Vec256 delta = PaddedRow.Load(in row, o, units, stride);
                    Vec256 normal = PaddedRow.Load(in Unsafe.Add(ref n, m * stride), o, units, stride);
                    rest = Vec256.FusedMultiplyAdd(-shares.Of(m, normal), meanProduct, delta - shares.Of(m, meanDelta)) * reciprocal;
                }

                PaddedRow.Store(rest, ref row, o, units, stride);
            }
        }
    }

    /// <summary>Backward pass of <see cref="Normalize"/>: replaces each row d = ∂L/∂n by ∂L/∂z = <c>r·d</c>.</summary>
    /// <param name="deltas">The first of <paramref name="rows"/> rows d; they become ∂L/∂z.</param>
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
    /// <param name="statistics">What <c>Forward</c> wrote.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="length">Floats of each vector of statistics.</param>
    /// <param name="rows">
    /// Rows of the batch. Both statistics stay as they are where fewer than two rows count, or where all rows but one together have less than 2⁻²⁴
    /// of the total weight: one row has no variance.
    /// </param>
    /// <param name="momentum">Share of the batch, in (0, 1].</param>
    /// <param name="weights">What <c>Forward</c> got.</param>
    /// <remarks>
    /// The new variance is the unbiased estimate, the population variance times <c>rows/(rows − 1)</c>, as in the paper; with weights times
    /// <c>W/(W − Σ w²/W)</c>, where <c>W = Σ w</c>.
    /// </remarks>
    public static void UpdateRunning(
        ref float running,
        ref readonly float statistics,
        nuint units,
        nuint length,
        nuint rows,
        float momentum,
        scoped ReadOnlySpan<float> weights = default)
    {
        double correction = weights.IsEmpty ? new EqualShares(rows).Correction : new WeightedShares(weights, rows).Correction;
        if (correction > LargestCorrection)
        {
            return;
        }

        Vec256 unbiased = Vec256.Create((float)correction);
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
        // A variance that overflowed makes the unit NaN, by ∞ − ∞, so that the step fails visibly.
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

    /// <summary>Rows that all count 1.</summary>
    private readonly struct EqualShares(nuint rows) : IRowShares
    {
        public nuint First => 0;

        public Vec256 Total => Vec256.Create(rows);

        public double Correction => (double)rows / (rows - 1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Counts(nuint row) => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vec256 Of(nuint row, Vec256 value) => value;
    }

    /// <summary>
    /// Rows with sample weights. All of them are multiplied by one power of two, so that the largest is in [1, 4): products with a weight neither
    /// overflow nor lose digits because of the weights' scale.
    /// </summary>
    private readonly ref struct WeightedShares : IRowShares
    {
        private readonly ReadOnlySpan<float> _weights;
        private readonly float _scale;
        private readonly double _total;
        private readonly double _pairs;

        public WeightedShares(ReadOnlySpan<float> weights, nuint rows)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan((nuint)weights.Length, rows, nameof(weights));
            _weights = weights[..(int)rows];
            float largest = 0;
            for (int row = _weights.Length - 1; row >= 0; row--)
            {
                largest = _weights[row] > largest ? _weights[row] : largest;
                First = _weights[row] > 0 ? (nuint)row : First;
            }

            // One over the power of two in the largest, which is the float with the opposite exponent.
            int exponent = Math.Clamp(BitConverter.SingleToInt32Bits(largest) >> 23, 1, 253);
            _scale = BitConverter.Int32BitsToSingle((254 - exponent) << 23);
            foreach (float weight in _weights)
            {
                // The sum of wᵢ·wⱼ over all pairs is half of W² − Σ w², but nothing cancels out.
                double share = weight * _scale;
                _pairs += _total * share;
                _total += share;
            }
        }

        public nuint First { get; }

        public Vec256 Total => Vec256.Create(_total > 0 ? (float)_total : 1);

        // Weights whose sum is below the smallest normal float count as nothing, as in the mean loss.
        public double Correction => _total >= 1 ? _total * _total / (2 * _pairs) : double.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Counts(nuint row) => _weights[(int)row] > 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vec256 Of(nuint row, Vec256 value) => Vec256.Create(_weights[(int)row] * _scale) * value;
    }
}
