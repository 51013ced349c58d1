using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Vectors of a row whose last one may be partly padding, or reach beyond the row where it has none.</summary>
internal static class PaddedRow
{
    /// <summary>Reads eight units of a row; lanes beyond the last are 0, whatever the padding holds.</summary>
    /// <inheritdoc cref="Load(ref readonly float, nuint, nuint, nuint, Vec256)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Load(ref readonly float row, nuint index, nuint units, nuint stride) => Load(in row, index, units, stride, Vec256.Zero);

    /// <summary>Reads eight units of a row.</summary>
    /// <param name="row">The first unit.</param>
    /// <param name="index">Number of the first unit to read, less than <paramref name="units"/>.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="stride">Floats that may be read from <paramref name="row"/> on, at least <paramref name="units"/>.</param>
    /// <param name="otherwise">What the lanes beyond the last unit get.</param>
    /// <returns>The units.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Load(ref readonly float row, nuint index, nuint units, nuint stride, Vec256 otherwise) => units - index >= 8
        ? Vec256.Load(in row, index)
        : LoadLast(in row, index, units, stride, otherwise);

    /// <summary>Writes eight units of a row, and zeros into the padding of its last vector where there is room for all of it.</summary>
    /// <param name="value">The units; lanes beyond the last may hold anything.</param>
    /// <param name="row">The first unit.</param>
    /// <param name="index">Number of the first unit to write, less than <paramref name="units"/>.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="stride">Floats that may be written from <paramref name="row"/> on, at least <paramref name="units"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec256 value, ref float row, nuint index, nuint units, nuint stride)
    {
        if (units - index >= 8)
        {
            Vec256.Store(value, ref row, index);
        }
        else
        {
            StoreLast(value, ref row, index, units, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec256 LoadLast(ref readonly float row, nuint index, nuint units, nuint stride, Vec256 otherwise)
    {
        int count = (int)(units - index);
        Vec256 value = index + 8 <= stride
            ? Vec256.Load(in row, index)
            : Vec256.GatherFirst(in Unsafe.Add(ref Unsafe.AsRef(in row), index), 1, count);
        return Vec256.Select(Vec256.FirstLanes(count), value, otherwise);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLast(Vec256 value, ref float row, nuint index, nuint units, nuint stride)
    {
        int count = (int)(units - index);
        if (index + 8 <= stride)
        {
            Vec256.Store(value & Vec256.FirstLanes(count), ref row, index);
        }
        else
        {
            Vec256.ScatterFirst(value, ref Unsafe.Add(ref row, index), 1, count);
        }
    }
}
