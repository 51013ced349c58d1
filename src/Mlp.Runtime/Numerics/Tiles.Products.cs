using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Register tiles: sums of products that stay in registers while their terms pass by. The inner loops of all tiled networks.</summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Tiles
{
    // Compiled once, fully optimised. Inside a caller, where the JIT may have inlined as much as it will, vector operations could end as calls.
    private const MethodImplOptions Kernel = KernelOptions.Optimized;

    /// <summary>Rows of the largest tile: 6 × 2 vectors are 12 sums; with 2 vectors of the right matrix and one value of the left they fit into 16 registers.</summary>
    internal const int Rows = 6;

    // 96 rows: their sums and their rows of the left matrix stay in the second-level cache.
    private const int LongestRowBlock = 16 * Rows;

    /// <summary>
    /// A product with an epilogue: <c>sums[r][c] = Apply(begin[c] + Σₖ left[r][k]·right[k][c])</c>, k in index order for every sum.
    /// </summary>
    /// <param name="product">The matrices.</param>
    /// <param name="rows">Rows of the left matrix and of the sums.</param>
    /// <param name="columns">Columns of the right matrix and of the sums; lanes run along them, up to whole vectors.</param>
    /// <param name="block">Terms of one block: 16 columns of them stay in the first-level cache.</param>
    /// <remarks>
    /// The loops, from outside: blocks of rows; columns, two vectors at a time, of an odd number the last three together; blocks of k, so that these
    /// columns of the right matrix stay in a near cache while all rows pass by; tiles of rows. 12 independent sums, 6 × 2 or 4 × 3, are more than the
    /// 8 that keep two multiply-add units busy. The others fill gaps: 4 × 2 where 6 rows would leave 2 over, 6 × 2 and 6 × 1 where 4 would.
    /// Columns of a wide matrix are no stream that a processor foresees: each tile fetches, one line with every k, the block that comes next.
    /// </remarks>
    [MethodImpl(Kernel)]
    public static void Multiply<V, TEpilogue>(scoped in ProductOperands product, nuint rows, nuint columns, nuint block)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count;
        nuint even = rows < 4 ? 0 : rows & ~(nuint)1;
        for (nuint first = 0; first < even;)
        {
            nuint behind = even - first < 2 * LongestRowBlock ? even : first + LongestRowBlock;
            for (nuint c = 0, wide = 0; c < columns; c += wide * n)
            {
                nuint vectors = (columns - c + n - 1) / n;
                wide = vectors > 3 ? 2 : vectors;
                for (nuint k = 0; k < product.Terms; k += block)
                {
                    nuint end = k + block < product.Terms ? k + block : product.Terms;

                    // What comes next: the following k of these columns, but as many as here, then the first k of the columns behind.
                    bool isLast = end == product.Terms;
                    nuint nextTerm = isLast ? 0 : Math.Min(end, product.Terms - (end - k));
                    nuint nextColumn = !isLast ? c : vectors > wide ? c + (wide * n) : 0;
                    nuint next = (nextTerm * product.RightStride) + nextColumn;
                    nuint line = 0;
                    for (nuint r = first; r < behind;)
                    {
                        nuint rest = behind - r;
                        nuint height = rest is 4 or 8 || (wide == 3 && rest != 6) ? 4 : (nuint)6;
                        if (c == 0)
                        {
                            ExpectRows(product, r + height, rows, k, end);
                        }

                        MultiplyTile<V, Pair<V, One<V>, One<V>>, TEpilogue>(product, r, height, c, wide, k, end, next + line);
                        r += height;
                        line = line + 16 < wide * n ? line + 16 : 0; // A row of the widest vectors is a line each: tiles take turns.
                    }
                }
            }

            first = behind;
        }

        for (; even < rows; even += rows - even >= 2 ? 2 : (nuint)1)
        {
            MultiplyFew<V, Pair<V, One<V>, One<V>>, TEpilogue>(product, even, rows - even >= 2, columns);
        }
    }

    /// <summary>
    /// A product with fewer than eight columns, whose right matrix is stored transposed: lanes run along k, term k goes into partial sum k mod 8, the
    /// beginning into partial 0; then the fold <c>((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7))</c>.
    /// </summary>
    /// <param name="product">The matrices; one row of <c>Right</c> holds the terms of one column, padded with zeros.</param>
    /// <param name="rows">Rows of the left matrix and of the sums.</param>
    /// <param name="columns">Columns of the sums, 1 to 7; the others, up to 16, become 0 where the stride of the sums is more than 1.</param>
    [MethodImpl(Kernel)]
    public static void MultiplyNarrow<TEpilogue>(scoped in ProductOperands product, nuint rows, nuint columns) where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, sumsStride = product.SumsStride, terms = product.Terms;
        for (nuint c = 0; c < columns; c++)
        {
            Vec256 begin = Vec256.Broadcast(ref product.Begin, c * product.BeginStep) & Vec256.FirstLanes(1);
            ref float right = ref At(ref product.Right, c * product.RightStride);
            ref float left = ref product.Left;
            ref float sums = ref At(ref product.Sums, c);
            nuint r = 0;
            for (; r + 4 <= rows; r += 4)
            {
                Vec256 s0 = begin, s1 = begin, s2 = begin, s3 = begin;
                for (nuint k = 0; k < terms; k += 8)
                {
                    Vec256 w = Vec256.Load(ref right, k);
                    Vec256.AddProduct(ref s0, Vec256.Load(ref left, k), w);
                    Vec256.AddProduct(ref s1, Vec256.Load(ref left, k + leftStride), w);
                    Vec256.AddProduct(ref s2, Vec256.Load(ref left, k + (2 * leftStride)), w);
                    Vec256.AddProduct(ref s3, Vec256.Load(ref left, k + (3 * leftStride)), w);
                }

                sums = CanonicalSum.Fold(s0);
                At(ref sums, sumsStride) = CanonicalSum.Fold(s1);
                At(ref sums, 2 * sumsStride) = CanonicalSum.Fold(s2);
                At(ref sums, 3 * sumsStride) = CanonicalSum.Fold(s3);
                left = ref At(ref left, 4 * leftStride);
                sums = ref At(ref sums, 4 * sumsStride);
            }

            for (; r < rows; r++)
            {
                Vec256 sum = begin;
                for (nuint k = 0; k < terms; k += 8)
                {
                    Vec256.AddProduct(ref sum, Vec256.Load(ref left, k), Vec256.Load(ref right, k));
                }

                sums = CanonicalSum.Fold(sum);
                left = ref At(ref left, leftStride);
                sums = ref At(ref sums, sumsStride);
            }
        }

        for (nuint r = 0; r < rows && product.SumsStride > 1; r++)
        {
            nuint at = r * product.SumsStride;
            ref float sums = ref At(ref product.Sums, at);
            Vec256.Store(TEpilogue.Apply(Vec256.Load(ref sums), product, at) & Vec256.FirstLanes((int)columns), ref sums);
            Vec256.Store(Vec256.Zero, ref sums, 8);
        }
    }

    /// <summary>A tile of four or six rows and up to three vectors; six rows of three vectors are two tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyTile<V, TTwo, TEpilogue>(
        scoped in ProductOperands product, nuint r, nuint height, nuint c, nuint wide, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where TTwo : struct, IColumns<TTwo, V>
        where TEpilogue : struct, IEpilogue
    {
        switch (height, wide)
        {
            case (4, 3):
                Tile4<V, Pair<V, TTwo, One<V>>, TEpilogue>(product, r, c, k, end, next);
                break;
            case (4, 2):
                Tile4<V, TTwo, TEpilogue>(product, r, c, k, end, next);
                break;
            case (4, _):
                Tile4<V, One<V>, TEpilogue>(product, r, c, k, end, next);
                break;
            case (_, 3):
                Tile6<V, TTwo, TEpilogue>(product, r, c, k, end, next);
                Tile6<V, One<V>, TEpilogue>(product, r, c + (2 * (nuint)V.Count), k, end, next);
                break;
            case (_, 2):
                Tile6<V, TTwo, TEpilogue>(product, r, c, k, end, next);
                break;
            default:
                Tile6<V, One<V>, TEpilogue>(product, r, c, k, end, next);
                break;
        }
    }

    /// <summary>Fetches the terms from k up to <paramref name="end"/> of the tile of rows that comes next: the rows of a large batch come from memory.</summary>
    [MethodImpl(Kernel)]
    private static void ExpectRows(scoped in ProductOperands product, nuint r, nuint rows, nuint k, nuint end)
    {
        for (nuint row = r; row < r + Rows && row < rows; row++)
        {
            for (nuint i = k; i < end; i += 16)
            {
                Prefetch.SecondLevel(in At(ref product.Left, (row * product.LeftStride) + i));
            }
        }
    }

    /// <summary>
    /// Two rows, or one: as many columns at a time as give independent sums enough, and all k at once, as the right matrix comes by only once.
    /// Where the last columns are fewer, some of those before are computed again.
    /// </summary>
    [MethodImpl(Kernel)]
    private static void MultiplyFew<V, TTwo, TEpilogue>(scoped in ProductOperands product, nuint r, bool isPair, nuint columns)
        where V : struct, IVector<V>
        where TTwo : struct, IColumns<TTwo, V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count;
        nuint vectors = (columns + n - 1) / n;
        nuint wide = vectors >= 8 && !isPair ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : (nuint)1;
        for (nuint v = 0; v < vectors; v += wide)
        {
            nuint c = (v + wide <= vectors ? v : vectors - wide) * n;
            switch (wide)
            {
                case 8:
                    MultiplyColumns<V, Pair<V, Pair<V, TTwo, TTwo>, Pair<V, TTwo, TTwo>>, TEpilogue>(product, r, isPair, c);
                    break;
                case 4:
                    MultiplyColumns<V, Pair<V, TTwo, TTwo>, TEpilogue>(product, r, isPair, c);
                    break;
                case 2:
                    MultiplyColumns<V, TTwo, TEpilogue>(product, r, isPair, c);
                    break;
                default:
                    MultiplyColumns<V, One<V>, TEpilogue>(product, r, isPair, c);
                    break;
            }
        }
    }

    /// <summary>The same for some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyColumns<V, C, TEpilogue>(scoped in ProductOperands product, nuint r, bool isPair, nuint c)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TEpilogue : struct, IEpilogue
    {
        if (isPair)
        {
            Tile2<V, C, TEpilogue>(product, r, c);
        }
        else
        {
            Tile1<V, C, TEpilogue>(product, r, c);
        }
    }

    // Six rows of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile6<V, C, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float left2 = ref At(ref left1, leftStride);
        ref float left3 = ref At(ref left2, leftStride);
        ref float left4 = ref At(ref left3, leftStride);
        ref float left5 = ref At(ref left4, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        ref float ahead = ref At(ref product.Right, next);
        nuint step = k > 0 ? product.SumsStride : 0;
        C s0 = C.Load(ref from); from = ref At(ref from, step);
        C s1 = C.Load(ref from); from = ref At(ref from, step);
        C s2 = C.Load(ref from); from = ref At(ref from, step);
        C s3 = C.Load(ref from); from = ref At(ref from, step);
        C s4 = C.Load(ref from); from = ref At(ref from, step);
        C s5 = C.Load(ref from);
        for (nuint i = k; i < end; i++)
        {
            C w = C.Load(ref right);
            C.AddProduct(ref s0, V.Broadcast(ref left0, i), w);
            C.AddProduct(ref s1, V.Broadcast(ref left1, i), w);
            C.AddProduct(ref s2, V.Broadcast(ref left2, i), w);
            C.AddProduct(ref s3, V.Broadcast(ref left3, i), w);
            C.AddProduct(ref s4, V.Broadcast(ref left4, i), w);
            C.AddProduct(ref s5, V.Broadcast(ref left5, i), w);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s0 = C.Apply<TEpilogue>(s0, product, at); at += product.SumsStride;
            s1 = C.Apply<TEpilogue>(s1, product, at); at += product.SumsStride;
            s2 = C.Apply<TEpilogue>(s2, product, at); at += product.SumsStride;
            s3 = C.Apply<TEpilogue>(s3, product, at); at += product.SumsStride;
            s4 = C.Apply<TEpilogue>(s4, product, at); at += product.SumsStride;
            s5 = C.Apply<TEpilogue>(s5, product, at);
        }

        C.Store(s0, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s1, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s2, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s3, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s4, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s5, ref sums);
    }

    // Four rows of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile4<V, C, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float left2 = ref At(ref left1, leftStride);
        ref float left3 = ref At(ref left2, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        ref float ahead = ref At(ref product.Right, next);
        nuint step = k > 0 ? product.SumsStride : 0;
        C s0 = C.Load(ref from); from = ref At(ref from, step);
        C s1 = C.Load(ref from); from = ref At(ref from, step);
        C s2 = C.Load(ref from); from = ref At(ref from, step);
        C s3 = C.Load(ref from);
        for (nuint i = k; i < end; i++)
        {
            C w = C.Load(ref right);
            C.AddProduct(ref s0, V.Broadcast(ref left0, i), w);
            C.AddProduct(ref s1, V.Broadcast(ref left1, i), w);
            C.AddProduct(ref s2, V.Broadcast(ref left2, i), w);
            C.AddProduct(ref s3, V.Broadcast(ref left3, i), w);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s0 = C.Apply<TEpilogue>(s0, product, at); at += product.SumsStride;
            s1 = C.Apply<TEpilogue>(s1, product, at); at += product.SumsStride;
            s2 = C.Apply<TEpilogue>(s2, product, at); at += product.SumsStride;
            s3 = C.Apply<TEpilogue>(s3, product, at);
        }

        C.Store(s0, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s1, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s2, ref sums); sums = ref At(ref sums, product.SumsStride);
        C.Store(s3, ref sums);
    }

    // Two rows of sums from row r, column c.
    [MethodImpl(Kernel)]
    private static void Tile2<V, C, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float right = ref At(ref product.Right, c);
        ref float sums = ref At(ref product.Sums, at);
        C s0 = C.Load(ref At(ref product.Begin, c * product.BeginStep)), s1 = s0;
        for (nuint i = 0; i < product.Terms; i++)
        {
            C w = C.Load(ref right);
            C.AddProduct(ref s0, V.Broadcast(ref left0, i), w);
            C.AddProduct(ref s1, V.Broadcast(ref left1, i), w);
            right = ref At(ref right, rightStride);
        }

        C.Store(C.Apply<TEpilogue>(s0, product, at), ref sums);
        C.Store(C.Apply<TEpilogue>(s1, product, at + product.SumsStride), ref At(ref sums, product.SumsStride));
    }

    // A row of sums from row r, column c.
    [MethodImpl(Kernel)]
    private static void Tile1<V, C, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float right = ref At(ref product.Right, c);
        ref float sums = ref At(ref product.Sums, at);
        C s0 = C.Load(ref At(ref product.Begin, c * product.BeginStep));
        for (nuint i = 0; i < product.Terms; i++)
        {
            C w = C.Load(ref right);
            C.AddProduct(ref s0, V.Broadcast(ref left0, i), w);
            right = ref At(ref right, rightStride);
        }

        C.Store(C.Apply<TEpilogue>(s0, product, at), ref sums);
    }

    /// <summary>The float that stands some floats behind another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float At(ref float origin, nuint index) => ref Unsafe.Add(ref origin, index);
}
