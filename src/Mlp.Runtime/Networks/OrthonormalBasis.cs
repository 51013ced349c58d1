using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mlp;

/// <summary>Vectors that are made orthogonal to each other and of length 1, in double precision and with the same bits on any machine.</summary>
internal sealed class OrthonormalBasis
{
    private readonly Vector256<double>[] _values;
    private readonly int _stride;
    private readonly int _count;

    /// <summary>Makes a set of vectors, all zeros.</summary>
    /// <param name="count">Number of vectors.</param>
    /// <param name="length">Elements of each, at least <paramref name="count"/>.</param>
    public OrthonormalBasis(int count, int length)
    {
        _count = count;
        _stride = (length + 3) / 4;
        _values = new Vector256<double>[count * _stride];
    }

    /// <summary>An element of a vector.</summary>
    public ref double this[int vector, int element] =>
        ref MemoryMarshal.Cast<Vector256<double>, double>(Vector(vector))[element];

    /// <summary>
    /// Replaces the vectors by those that the Gram–Schmidt process makes of them: Q of a QR decomposition with R's diagonal positive.
    /// </summary>
    /// <remarks>
    /// The modified process, applied twice to each vector, which leaves nothing but rounding errors of its projections on earlier ones
    /// (Giraud, Langou and Rozložník, 2005). The vectors must be linearly independent, as random ones are.
    /// </remarks>
    public void Orthonormalize()
    {
        for (int vector = 0; vector < _count; vector++)
        {
            Span<Vector256<double>> values = Vector(vector);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int earlier = 0; earlier < vector; earlier++)
                {
                    SubtractProjection(values, Vector(earlier));
                }
            }

            Scale(values, 1 / Math.Sqrt(Dot(values, values)));
        }
    }

    private Span<Vector256<double>> Vector(int vector) => _values.AsSpan(vector * _stride, _stride);

    /// <summary>Four partial sums by index mod 4, then their fold.</summary>
    private static double Dot(ReadOnlySpan<Vector256<double>> x, ReadOnlySpan<Vector256<double>> y)
    {
        Vector256<double> sum = Vector256<double>.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return (sum[0] + sum[2]) + (sum[1] + sum[3]);
    }

    private static void SubtractProjection(Span<Vector256<double>> vector, ReadOnlySpan<Vector256<double>> unit)
    {
        Vector256<double> length = Vector256.Create(Dot(vector, unit));
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] -= length * unit[i];
        }
    }

    private static void Scale(Span<Vector256<double>> vector, double factor)
    {
        Vector256<double> factors = Vector256.Create(factor);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= factors;
        }
    }
}
