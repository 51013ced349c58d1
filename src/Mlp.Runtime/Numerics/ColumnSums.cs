using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Sums over rows of eight columns at once: in each lane eight partial sums, row m into partial m mod 8; then the fold.</summary>
[InlineArray(8)]
internal struct ColumnSums
{
    private Vec256 _first;

    /// <summary>Adds <paramref name="term"/> to the partial sums of row <paramref name="row"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(nuint row, Vec256 term) => Partial(row) += term;

    /// <summary>Adds <c>a·b</c>, rounded once, to the partial sums of row <paramref name="row"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(nuint row, Vec256 a, Vec256 b)
    {
        ref Vec256 partial = ref Partial(row);
        partial = Vec256.FusedMultiplyAdd(a, b, partial);
    }

    /// <summary>The sums, one a lane.</summary>
    public readonly Vec256 Fold() => ((this[0] + this[4]) + (this[2] + this[6])) + ((this[1] + this[5]) + (this[3] + this[7]));

    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Vec256 Partial(nuint row) => ref Unsafe.Add(ref _first, row & 7);
}
