using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Measures register tiles with vectors of 256 and of 512 bits. Some processors lower their clock for the wider ones, and some have half as many units for
/// them; .NET prefers 256 bits on all of their kind, although tiles are often faster with 512.
/// </summary>
internal static class WidthTrial
{
    // A product whose matrices, 28 KiB, lie in the first-level cache: arithmetic alone decides.
    private const int Rows = 24, Terms = 64, Columns = 64;

    // About 20 µs: short beside the time slices of an operating system, long beside the resolution of its clock.
    private const int ProductsAtOnce = 16;

    private const int Measurements = 50;

    // A processor takes up to about 0.7 ms to settle at another clock rate.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether 512 bits are faster by a tenth at least: the lower clock rate also slows what else runs on the processor.</summary>
    /// <remarks>Takes some milliseconds, and some more to compile the tiles. Allocates nothing.</remarks>
    internal static bool WiderIsFaster()
    {
        // Narrow ones first: the clock rate that wide ones ask for stays a while.
        long narrow = Time<Vec256>();
        return Time<Vec512>() < narrow * 9 / 10;
    }

    /// <summary>The shortest time of the products, in ticks of <see cref="Stopwatch"/>.</summary>
    internal static long Time<V>() where V : struct, IVector<V>
    {
        Span<float> matrices = stackalloc float[(Rows * Terms) + (Terms * Columns) + (Rows * Columns)];
        matrices.Fill(0.5f);
        ProductOperands product = new()
        {
            Left = ref MemoryMarshal.GetReference(matrices),
            LeftStride = Terms,
            Right = ref matrices[Rows * Terms],
            RightStride = Columns,
            Terms = Terms,
            Sums = ref matrices[(Rows * Terms) + (Terms * Columns)],
            SumsStride = Columns,
            Begin = ref Zeros.First,
        };
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Settling;)
        {
            Multiply<V>(product);
        }

        long shortest = long.MaxValue;
        for (int i = 0; i < Measurements; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Multiply<V>(product);
            shortest = Math.Min(shortest, Stopwatch.GetTimestamp() - start);
        }

        return shortest;
    }

    private static void Multiply<V>(scoped in ProductOperands product) where V : struct, IVector<V>
    {
        for (int i = 0; i < ProductsAtOnce; i++)
        {
            Tiles.Multiply<V, AsIs>(product, Rows, Columns, Terms);
        }
    }
}
