using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mlp.CompilerServices;

/// <summary>Sums in one order on every machine: eight partial sums, value i into partial i mod 8; then the fold.</summary>
/// <remarks>The fold is <c>((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7))</c>. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CanonicalSum
{
    /// <summary>The fold of eight partial sums.</summary>
    /// <param name="partials">The partial sums, p0 in the first lane.</param>
    /// <returns><c>((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7))</c>, every sum rounded to single precision.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fold(Vec256 partials)
    {
        Vector128<float> four = partials.Value.GetLower() + partials.Value.GetUpper();
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>The sum in single precision.</summary>
    /// <param name="values">Any number of values.</param>
    /// <returns>The fold of the eight partial sums; 0 for no values.</returns>
    internal static float Sum(ReadOnlySpan<float> values)
    {
        ref readonly float source = ref MemoryMarshal.GetReference(values);
        Vec256 partials = Vec256.Zero;
        int i = 0;
        for (; i <= values.Length - Vec256.Count; i += Vec256.Count)
        {
            partials += Vec256.Load(in source, (nuint)i);
        }

        int left = values.Length - i;
        if (left > 0)
        {
            Vec256 tail = Vec256.GatherFirst(in Unsafe.Add(ref Unsafe.AsRef(in source), i), 1, left);
            partials += tail & Vec256.FirstLanes(left);
        }

        return Fold(partials);
    }

    /// <summary>The sum in double precision.</summary>
    /// <param name="values">Any number of values.</param>
    /// <returns>The fold of the eight partial sums; 0 for no values.</returns>
    internal static double Sum(ReadOnlySpan<double> values)
    {
        Partials partials = default;
        for (int i = 0; i < values.Length; i++)
        {
            partials[i & 7] += values[i];
        }

        return Fold(in partials);
    }

    /// <summary>The mean of one value a row, such as a batch's losses, accumulated in double precision.</summary>
    /// <param name="rows">One value a row.</param>
    /// <returns>The sum in the canonical order, divided by the number of rows; NaN for no rows.</returns>
    internal static double Mean(ReadOnlySpan<float> rows)
    {
        Vector256<double> lower = Vector256<double>.Zero;
        Vector256<double> upper = Vector256<double>.Zero;
        int i = 0;
        for (; i <= rows.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.LoadUnsafe(in rows[i]));
            lower += first;
            upper += second;
        }

        Partials partials = PartialsOf(lower, upper);
        for (int k = 0; i < rows.Length; i++, k++)
        {
            partials[k] += rows[i];
        }

        return Fold(in partials) / rows.Length;
    }

    /// <summary>The sum of squares in double precision, in which the square of every finite float is exact.</summary>
    /// <param name="values">Any number of values.</param>
    /// <returns>The fold of the eight partial sums; 0 for no values, never infinite for finite ones.</returns>
    internal static double OfSquares(ReadOnlySpan<float> values)
    {
        Vector256<double> lower = Vector256<double>.Zero;
        Vector256<double> upper = Vector256<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.LoadUnsafe(in values[i]));
            lower += first * first;
            upper += second * second;
        }

        Partials partials = PartialsOf(lower, upper);
        for (int k = 0; i < values.Length; i++, k++)
        {
            partials[k] += (double)values[i] * values[i];
        }

        return Fold(in partials);
    }

    private static Partials PartialsOf(Vector256<double> lower, Vector256<double> upper)
    {
        Partials partials = default;
        for (int k = 0; k < Vector256<double>.Count; k++)
        {
            partials[k] = lower[k];
            partials[k + Vector256<double>.Count] = upper[k];
        }

        return partials;
    }

    /// <summary>The fold of eight partial sums in double precision.</summary>
    internal static double Fold(in Partials p) => ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));

    /// <summary>Eight partial sums in double precision.</summary>
    [InlineArray(8)]
    internal struct Partials
    {
        private double _first;
    }
}
