using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>Transposes rows of a matrix to groups of eight rows, in which a vector is a column and a lane is a row, and back.</summary>
/// <remarks>Copies bits; nothing allocates. The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LaneGroups
{
    private const int Lanes = 8;

    /// <summary>
    /// From rows to lanes: column i of the g-th eight rows becomes the vector at <c>g·stride + 8·i</c>. Unused lanes repeat the last row.
    /// </summary>
    /// <param name="rows">The first element of count × columns, row-major.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="count">Number of rows, at least 1.</param>
    /// <param name="lanes">Where the first group goes.</param>
    /// <param name="stride">Floats from one group to the next.</param>
    public static void FromRows(ref readonly float rows, nuint columns, nuint count, ref float lanes, nuint stride)
    {
        ref float source = ref Unsafe.AsRef(in rows);
        for (; count >= Lanes; count -= Lanes)
        {
            FromEight(ref source, columns, ref lanes);
            source = ref Unsafe.Add(ref source, Lanes * columns);
            lanes = ref Unsafe.Add(ref lanes, stride);
        }

        if (count > 0)
        {
            FromFewer(ref source, columns, count, ref lanes);
        }
    }

    /// <summary>From lanes to rows, the inverse of <see cref="FromRows"/>; unused lanes are left out.</summary>
    /// <param name="lanes">The first group.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="rows">Receives count × columns, row-major.</param>
    /// <param name="stride">Floats from one group to the next.</param>
    public static void ToRows(ref readonly float lanes, nuint columns, nuint count, ref float rows, nuint stride)
    {
        ref float source = ref Unsafe.AsRef(in lanes);
        for (; count >= Lanes; count -= Lanes)
        {
            ToEight(ref source, columns, ref rows);
            source = ref Unsafe.Add(ref source, stride);
            rows = ref Unsafe.Add(ref rows, Lanes * columns);
        }

        for (nuint i = 0; count > 0 && i < columns; i++)
        {
            Vec256.ScatterFirst(Vec256.Load(in source, Lanes * i), ref Unsafe.Add(ref rows, i), columns, (int)count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FromEight(ref float rows, nuint columns, ref float lanes)
    {
        if (columns >= 4 && Avx.IsSupported)
        {
            // Four columns at a time; the last four may overlap those before.
            for (nuint i = 0; i < columns; i += 4)
            {
                nuint first = Math.Min(i, columns - 4);
                ref float block = ref Unsafe.Add(ref rows, first);
                (Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) = Transpose4(
                    Pair(ref block, 0, columns), Pair(ref block, columns, columns), Pair(ref block, 2 * columns, columns), Pair(ref block, 3 * columns, columns));
                ref float destination = ref Unsafe.Add(ref lanes, Lanes * first);
                a.StoreUnsafe(ref destination);
                b.StoreUnsafe(ref destination, 8);
                c.StoreUnsafe(ref destination, 16);
                d.StoreUnsafe(ref destination, 24);
            }
        }
        else if (columns == 2 && Avx.IsSupported)
        {
            // Rows 0, 1, 4, 5 and 2, 3, 6, 7.
            Vector256<float> even = Vector256.Create(Vector128.LoadUnsafe(ref rows), Vector128.LoadUnsafe(ref rows, 8));
            Vector256<float> odd = Vector256.Create(Vector128.LoadUnsafe(ref rows, 4), Vector128.LoadUnsafe(ref rows, 12));
            Avx.Shuffle(even, odd, 0b10_00_10_00).StoreUnsafe(ref lanes);
            Avx.Shuffle(even, odd, 0b11_01_11_01).StoreUnsafe(ref lanes, 8);
        }
        else if (columns == 1)
        {
            Vec256.Store(Vec256.Load(in rows), ref lanes);
        }
        else
        {
            for (nuint i = 0; i < columns; i++)
            {
                Vec256.Store(Vec256.Gather(in Unsafe.Add(ref rows, i), columns), ref lanes, Lanes * i);
            }
        }
    }

    /// <summary>The same with fewer than eight rows; the last one is repeated.</summary>
    private static void FromFewer(ref float rows, nuint columns, nuint count, ref float lanes)
    {
        if (columns < 4 || !Avx.IsSupported)
        {
            for (nuint i = 0; i < columns; i++)
            {
                Vec256.Store(Vec256.GatherFirst(in Unsafe.Add(ref rows, i), columns, (int)count), ref lanes, Lanes * i);
            }

            return;
        }

        nuint last = (count - 1) * columns;
        nuint second = Math.Min(columns, last), third = Math.Min(2 * columns, last), fourth = Math.Min(3 * columns, last), fifth = Math.Min(4 * columns, last);
        nuint sixth = Math.Min(5 * columns, last), seventh = Math.Min(6 * columns, last);
        for (nuint i = 0; i < columns; i += 4)
        {
            nuint first = Math.Min(i, columns - 4);
            ref float block = ref Unsafe.Add(ref rows, first);
            (Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) = Transpose4(
                Halves(ref block, 0, fifth), Halves(ref block, second, sixth), Halves(ref block, third, seventh), Halves(ref block, fourth, last));
            ref float destination = ref Unsafe.Add(ref lanes, Lanes * first);
            a.StoreUnsafe(ref destination);
            b.StoreUnsafe(ref destination, 8);
            c.StoreUnsafe(ref destination, 16);
            d.StoreUnsafe(ref destination, 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToEight(ref float lanes, nuint columns, ref float rows)
    {
        if (columns >= 4 && Avx.IsSupported)
        {
            for (nuint i = 0; i < columns; i += 4)
            {
                nuint first = Math.Min(i, columns - 4);
                ref float block = ref Unsafe.Add(ref lanes, Lanes * first);
                (Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) = Transpose4(
                    Vector256.LoadUnsafe(ref block), Vector256.LoadUnsafe(ref block, 8), Vector256.LoadUnsafe(ref block, 16), Vector256.LoadUnsafe(ref block, 24));
                ref float destination = ref Unsafe.Add(ref rows, first);
                StorePair(a, ref destination, 0, columns);
                StorePair(b, ref destination, columns, columns);
                StorePair(c, ref destination, 2 * columns, columns);
                StorePair(d, ref destination, 3 * columns, columns);
            }
        }
        else if (columns == 2 && Avx.IsSupported)
        {
            Vector256<float> first = Vector256.LoadUnsafe(ref lanes);
            Vector256<float> second = Vector256.LoadUnsafe(ref lanes, 8);
            Vector256<float> even = Avx.UnpackLow(first, second);
            Vector256<float> odd = Avx.UnpackHigh(first, second);
            even.GetLower().StoreUnsafe(ref rows);
            odd.GetLower().StoreUnsafe(ref rows, 4);
            even.GetUpper().StoreUnsafe(ref rows, 8);
            odd.GetUpper().StoreUnsafe(ref rows, 12);
        }
        else if (columns == 1)
        {
            Vec256.Store(Vec256.Load(in lanes), ref rows);
        }
        else
        {
            for (nuint i = 0; i < columns; i++)
            {
                Vec256.Scatter(Vec256.Load(in lanes, Lanes * i), ref Unsafe.Add(ref rows, i), columns);
            }
        }
    }

    /// <summary>Four floats of a row, and four of the row that comes four rows later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(ref float block, nuint offset, nuint columns) => Halves(ref block, offset, offset + (4 * columns));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref float block, nuint lower, nuint upper) =>
        Vector256.Create(Vector128.LoadUnsafe(ref block, lower), Vector128.LoadUnsafe(ref block, upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector256<float> value, ref float block, nuint offset, nuint columns)
    {
        value.GetLower().StoreUnsafe(ref block, offset);
        value.GetUpper().StoreUnsafe(ref block, offset + (4 * columns));
    }

    /// <summary>Transposes two blocks of 4 × 4, the lower halves and the upper ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) Transpose4(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        Vector256<float> lowAC = Avx.UnpackLow(a, c);
        Vector256<float> highAC = Avx.UnpackHigh(a, c);
        Vector256<float> lowBD = Avx.UnpackLow(b, d);
        Vector256<float> highBD = Avx.UnpackHigh(b, d);
        return (Avx.UnpackLow(lowAC, lowBD), Avx.UnpackHigh(lowAC, lowBD), Avx.UnpackLow(highAC, highBD), Avx.UnpackHigh(highAC, highBD));
    }
}
