using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Register tiles: sums of products that stay in registers while their terms pass by. The inner loops of all tiled networks.</summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Tiles
{
    // Compiled once, fully optimised. Inside a caller, where the JIT may have inlined as much as it will, vector operations could end as calls.
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

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

                        MultiplyTile<V, TEpilogue>(product, r, height, c, wide, k, end, next + line);
                        r += height;
                        line = line + 16 < wide * n ? line + 16 : 0; // A row of the widest vectors is a line each: tiles take turns.
                    }
                }
            }

            first = behind;
        }

        for (; even < rows; even += rows - even >= 2 ? 2 : (nuint)1)
        {
            MultiplyFew<V, TEpilogue>(product, even, rows - even >= 2, columns);
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
    private static void MultiplyTile<V, TEpilogue>(
        scoped in ProductOperands product, nuint r, nuint height, nuint c, nuint wide, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        switch (height, wide)
        {
            case (4, 3):
                Tile4x3<V, TEpilogue>(product, r, c, k, end, next);
                break;
            case (4, 2):
                Tile4x2<V, TEpilogue>(product, r, c, k, end, next);
                break;
            case (4, _):
                Tile4x1<V, TEpilogue>(product, r, c, k, end, next);
                break;
            case (_, 3):
                Tile6x2<V, TEpilogue>(product, r, c, k, end, next);
                Tile6x1<V, TEpilogue>(product, r, c + (2 * (nuint)V.Count), k, end, next);
                break;
            case (_, 2):
                Tile6x2<V, TEpilogue>(product, r, c, k, end, next);
                break;
            default:
                Tile6x1<V, TEpilogue>(product, r, c, k, end, next);
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
    private static void MultiplyFew<V, TEpilogue>(scoped in ProductOperands product, nuint r, bool isPair, nuint columns)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count;
        nuint vectors = (columns + n - 1) / n;
        nuint wide = vectors >= 8 && !isPair ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : (nuint)1;
        for (nuint v = 0; v < vectors; v += wide)
        {
            nuint c = (v + wide <= vectors ? v : vectors - wide) * n;
            switch ((isPair, wide))
            {
                case (false, 8):
                    Tile1x8<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
                case (true, 4):
                    Tile2x4<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
                case (false, 4):
                    Tile1x4<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
                case (true, 2):
                    Tile2x2<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
                case (false, 2):
                    Tile1x2<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
                case (true, _):
                    Tile2x1<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
                default:
                    Tile1x1<V, TEpilogue>(product, r, c, 0, product.Terms);
                    break;
            }
        }
    }

    // 6 rows × 2 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile6x2<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
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
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n); from = ref At(ref from, step);
        V s10 = V.Load(ref from), s11 = V.Load(ref from, n); from = ref At(ref from, step);
        V s20 = V.Load(ref from), s21 = V.Load(ref from, n); from = ref At(ref from, step);
        V s30 = V.Load(ref from), s31 = V.Load(ref from, n); from = ref At(ref from, step);
        V s40 = V.Load(ref from), s41 = V.Load(ref from, n); from = ref At(ref from, step);
        V s50 = V.Load(ref from), s51 = V.Load(ref from, n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0); V.AddProduct(ref s11, x, right1);
            x = V.Broadcast(ref left2, i); V.AddProduct(ref s20, x, right0); V.AddProduct(ref s21, x, right1);
            x = V.Broadcast(ref left3, i); V.AddProduct(ref s30, x, right0); V.AddProduct(ref s31, x, right1);
            x = V.Broadcast(ref left4, i); V.AddProduct(ref s40, x, right0); V.AddProduct(ref s41, x, right1);
            x = V.Broadcast(ref left5, i); V.AddProduct(ref s50, x, right0); V.AddProduct(ref s51, x, right1);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); s11 = TEpilogue.Apply(s11, product, at + n); at += product.SumsStride;
            s20 = TEpilogue.Apply(s20, product, at); s21 = TEpilogue.Apply(s21, product, at + n); at += product.SumsStride;
            s30 = TEpilogue.Apply(s30, product, at); s31 = TEpilogue.Apply(s31, product, at + n); at += product.SumsStride;
            s40 = TEpilogue.Apply(s40, product, at); s41 = TEpilogue.Apply(s41, product, at + n); at += product.SumsStride;
            s50 = TEpilogue.Apply(s50, product, at); s51 = TEpilogue.Apply(s51, product, at + n);
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); V.Store(s11, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s20, ref sums); V.Store(s21, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s30, ref sums); V.Store(s31, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s40, ref sums); V.Store(s41, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s50, ref sums); V.Store(s51, ref sums, n);
    }

    // 6 rows × 1 vector of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile6x1<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
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
        V s00 = V.Load(ref from); from = ref At(ref from, step);
        V s10 = V.Load(ref from); from = ref At(ref from, step);
        V s20 = V.Load(ref from); from = ref At(ref from, step);
        V s30 = V.Load(ref from); from = ref At(ref from, step);
        V s40 = V.Load(ref from); from = ref At(ref from, step);
        V s50 = V.Load(ref from);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0);
            x = V.Broadcast(ref left2, i); V.AddProduct(ref s20, x, right0);
            x = V.Broadcast(ref left3, i); V.AddProduct(ref s30, x, right0);
            x = V.Broadcast(ref left4, i); V.AddProduct(ref s40, x, right0);
            x = V.Broadcast(ref left5, i); V.AddProduct(ref s50, x, right0);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); at += product.SumsStride;
            s20 = TEpilogue.Apply(s20, product, at); at += product.SumsStride;
            s30 = TEpilogue.Apply(s30, product, at); at += product.SumsStride;
            s40 = TEpilogue.Apply(s40, product, at); at += product.SumsStride;
            s50 = TEpilogue.Apply(s50, product, at);
        }

        V.Store(s00, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s20, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s30, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s40, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s50, ref sums);
    }

    // 4 rows × 3 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile4x3<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float left2 = ref At(ref left1, leftStride);
        ref float left3 = ref At(ref left2, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        ref float ahead = ref At(ref product.Right, next);
        nuint step = k > 0 ? product.SumsStride : 0;
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n), s02 = V.Load(ref from, 2 * n); from = ref At(ref from, step);
        V s10 = V.Load(ref from), s11 = V.Load(ref from, n), s12 = V.Load(ref from, 2 * n); from = ref At(ref from, step);
        V s20 = V.Load(ref from), s21 = V.Load(ref from, n), s22 = V.Load(ref from, 2 * n); from = ref At(ref from, step);
        V s30 = V.Load(ref from), s31 = V.Load(ref from, n), s32 = V.Load(ref from, 2 * n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n), right2 = V.Load(ref right, 2 * n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1); V.AddProduct(ref s02, x, right2);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0); V.AddProduct(ref s11, x, right1); V.AddProduct(ref s12, x, right2);
            x = V.Broadcast(ref left2, i); V.AddProduct(ref s20, x, right0); V.AddProduct(ref s21, x, right1); V.AddProduct(ref s22, x, right2);
            x = V.Broadcast(ref left3, i); V.AddProduct(ref s30, x, right0); V.AddProduct(ref s31, x, right1); V.AddProduct(ref s32, x, right2);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); s02 = TEpilogue.Apply(s02, product, at + (2 * n));
            at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); s11 = TEpilogue.Apply(s11, product, at + n); s12 = TEpilogue.Apply(s12, product, at + (2 * n));
            at += product.SumsStride;
            s20 = TEpilogue.Apply(s20, product, at); s21 = TEpilogue.Apply(s21, product, at + n); s22 = TEpilogue.Apply(s22, product, at + (2 * n));
            at += product.SumsStride;
            s30 = TEpilogue.Apply(s30, product, at); s31 = TEpilogue.Apply(s31, product, at + n); s32 = TEpilogue.Apply(s32, product, at + (2 * n));
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); V.Store(s02, ref sums, 2 * n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); V.Store(s11, ref sums, n); V.Store(s12, ref sums, 2 * n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s20, ref sums); V.Store(s21, ref sums, n); V.Store(s22, ref sums, 2 * n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s30, ref sums); V.Store(s31, ref sums, n); V.Store(s32, ref sums, 2 * n);
    }

    // 4 rows × 2 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile4x2<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float left2 = ref At(ref left1, leftStride);
        ref float left3 = ref At(ref left2, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        ref float ahead = ref At(ref product.Right, next);
        nuint step = k > 0 ? product.SumsStride : 0;
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n); from = ref At(ref from, step);
        V s10 = V.Load(ref from), s11 = V.Load(ref from, n); from = ref At(ref from, step);
        V s20 = V.Load(ref from), s21 = V.Load(ref from, n); from = ref At(ref from, step);
        V s30 = V.Load(ref from), s31 = V.Load(ref from, n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0); V.AddProduct(ref s11, x, right1);
            x = V.Broadcast(ref left2, i); V.AddProduct(ref s20, x, right0); V.AddProduct(ref s21, x, right1);
            x = V.Broadcast(ref left3, i); V.AddProduct(ref s30, x, right0); V.AddProduct(ref s31, x, right1);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); s11 = TEpilogue.Apply(s11, product, at + n); at += product.SumsStride;
            s20 = TEpilogue.Apply(s20, product, at); s21 = TEpilogue.Apply(s21, product, at + n); at += product.SumsStride;
            s30 = TEpilogue.Apply(s30, product, at); s31 = TEpilogue.Apply(s31, product, at + n);
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); V.Store(s11, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s20, ref sums); V.Store(s21, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s30, ref sums); V.Store(s31, ref sums, n);
    }

    // 4 rows × 1 vector of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile4x1<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end, nuint next)
        where V : struct, IVector<V>
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
        V s00 = V.Load(ref from); from = ref At(ref from, step);
        V s10 = V.Load(ref from); from = ref At(ref from, step);
        V s20 = V.Load(ref from); from = ref At(ref from, step);
        V s30 = V.Load(ref from);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0);
            x = V.Broadcast(ref left2, i); V.AddProduct(ref s20, x, right0);
            x = V.Broadcast(ref left3, i); V.AddProduct(ref s30, x, right0);
            Prefetch.SecondLevel(in ahead);
            ahead = ref At(ref ahead, rightStride);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); at += product.SumsStride;
            s20 = TEpilogue.Apply(s20, product, at); at += product.SumsStride;
            s30 = TEpilogue.Apply(s30, product, at);
        }

        V.Store(s00, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s20, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s30, ref sums);
    }

    // 2 rows × 4 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile2x4<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        nuint step = k > 0 ? product.SumsStride : 0;
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n), s02 = V.Load(ref from, 2 * n), s03 = V.Load(ref from, 3 * n); from = ref At(ref from, step);
        V s10 = V.Load(ref from), s11 = V.Load(ref from, n), s12 = V.Load(ref from, 2 * n), s13 = V.Load(ref from, 3 * n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n), right2 = V.Load(ref right, 2 * n), right3 = V.Load(ref right, 3 * n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1); V.AddProduct(ref s02, x, right2);
            V.AddProduct(ref s03, x, right3);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0); V.AddProduct(ref s11, x, right1); V.AddProduct(ref s12, x, right2);
            V.AddProduct(ref s13, x, right3);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); s02 = TEpilogue.Apply(s02, product, at + (2 * n)); s03 = TEpilogue.Apply(s03, product, at + (3 * n));
            at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); s11 = TEpilogue.Apply(s11, product, at + n); s12 = TEpilogue.Apply(s12, product, at + (2 * n)); s13 = TEpilogue.Apply(s13, product, at + (3 * n));
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); V.Store(s02, ref sums, 2 * n); V.Store(s03, ref sums, 3 * n);
        sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); V.Store(s11, ref sums, n); V.Store(s12, ref sums, 2 * n); V.Store(s13, ref sums, 3 * n);
    }

    // 2 rows × 2 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile2x2<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        nuint step = k > 0 ? product.SumsStride : 0;
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n); from = ref At(ref from, step);
        V s10 = V.Load(ref from), s11 = V.Load(ref from, n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0); V.AddProduct(ref s11, x, right1);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at); s11 = TEpilogue.Apply(s11, product, at + n);
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums); V.Store(s11, ref sums, n);
    }

    // 2 rows × 1 vector of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile2x1<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float left1 = ref At(ref left0, leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        nuint step = k > 0 ? product.SumsStride : 0;
        V s00 = V.Load(ref from); from = ref At(ref from, step);
        V s10 = V.Load(ref from);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0);
            x = V.Broadcast(ref left1, i); V.AddProduct(ref s10, x, right0);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); at += product.SumsStride;
            s10 = TEpilogue.Apply(s10, product, at);
        }

        V.Store(s00, ref sums); sums = ref At(ref sums, product.SumsStride);
        V.Store(s10, ref sums);
    }

    // 1 row × 8 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile1x8<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n), s02 = V.Load(ref from, 2 * n), s03 = V.Load(ref from, 3 * n), s04 = V.Load(ref from, 4 * n), s05 = V.Load(ref from, 5 * n), s06 = V.Load(ref from, 6 * n), s07 = V.Load(ref from, 7 * n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n), right2 = V.Load(ref right, 2 * n), right3 = V.Load(ref right, 3 * n), right4 = V.Load(ref right, 4 * n), right5 = V.Load(ref right, 5 * n), right6 = V.Load(ref right, 6 * n), right7 = V.Load(ref right, 7 * n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1); V.AddProduct(ref s02, x, right2);
            V.AddProduct(ref s03, x, right3); V.AddProduct(ref s04, x, right4); V.AddProduct(ref s05, x, right5); V.AddProduct(ref s06, x, right6);
            V.AddProduct(ref s07, x, right7);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); s02 = TEpilogue.Apply(s02, product, at + (2 * n)); s03 = TEpilogue.Apply(s03, product, at + (3 * n)); s04 = TEpilogue.Apply(s04, product, at + (4 * n)); s05 = TEpilogue.Apply(s05, product, at + (5 * n)); s06 = TEpilogue.Apply(s06, product, at + (6 * n)); s07 = TEpilogue.Apply(s07, product, at + (7 * n));
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); V.Store(s02, ref sums, 2 * n); V.Store(s03, ref sums, 3 * n); V.Store(s04, ref sums, 4 * n); V.Store(s05, ref sums, 5 * n); V.Store(s06, ref sums, 6 * n); V.Store(s07, ref sums, 7 * n);
    }

    // 1 row × 4 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile1x4<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n), s02 = V.Load(ref from, 2 * n), s03 = V.Load(ref from, 3 * n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n), right2 = V.Load(ref right, 2 * n), right3 = V.Load(ref right, 3 * n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1); V.AddProduct(ref s02, x, right2);
            V.AddProduct(ref s03, x, right3);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n); s02 = TEpilogue.Apply(s02, product, at + (2 * n)); s03 = TEpilogue.Apply(s03, product, at + (3 * n));
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n); V.Store(s02, ref sums, 2 * n); V.Store(s03, ref sums, 3 * n);
    }

    // 1 row × 2 vectors of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile1x2<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint n = (nuint)V.Count, leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        V s00 = V.Load(ref from), s01 = V.Load(ref from, n);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0); V.AddProduct(ref s01, x, right1);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at); s01 = TEpilogue.Apply(s01, product, at + n);
        }

        V.Store(s00, ref sums); V.Store(s01, ref sums, n);
    }

    // 1 row × 1 vector of sums from row r, column c: the terms from k up to `end`.
    [MethodImpl(Kernel)]
    private static void Tile1x1<V, TEpilogue>(scoped in ProductOperands product, nuint r, nuint c, nuint k, nuint end)
        where V : struct, IVector<V>
        where TEpilogue : struct, IEpilogue
    {
        nuint leftStride = product.LeftStride, rightStride = product.RightStride, at = (r * product.SumsStride) + c;
        ref float left0 = ref At(ref product.Left, r * leftStride);
        ref float right = ref At(ref product.Right, (k * rightStride) + c);
        ref float sums = ref At(ref product.Sums, at);
        ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
        V s00 = V.Load(ref from);
        for (nuint i = k; i < end; i++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left0, i); V.AddProduct(ref s00, x, right0);
            right = ref At(ref right, rightStride);
        }

        if (end == product.Terms)
        {
            s00 = TEpilogue.Apply(s00, product, at);
        }

        V.Store(s00, ref sums);
    }

    /// <summary>The float that stands some floats behind another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float At(ref float origin, nuint index) => ref Unsafe.Add(ref origin, index);
}
