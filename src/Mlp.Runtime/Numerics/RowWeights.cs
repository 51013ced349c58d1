using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>Weights of a batch's rows: their own, and those that class weights give them.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowWeights
{
    /// <summary>The weight that class weights w give a row of targets t: <c>Σ w·t</c>.</summary>
    /// <param name="targets">The row's targets.</param>
    /// <param name="classWeights">As many weights.</param>
    /// <returns>Eight partial sums by class mod 8, folded.</returns>
    internal static float OfClasses(ReadOnlySpan<float> targets, ReadOnlySpan<float> classWeights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(classWeights.Length, targets.Length, nameof(classWeights));
        nuint columns = (nuint)targets.Length;
        ref float row = ref MemoryMarshal.GetReference(targets);
        ref float weights = ref MemoryMarshal.GetReference(classWeights);
        Vec256 partials = Vec256.Zero;
        for (nuint c = 0; c < columns; c += 8)
        {
            Vec256 target = PaddedRow.Load(in row, c, columns, columns);
            partials = Vec256.FusedMultiplyAdd(PaddedRow.Load(in weights, c, columns, columns), target, partials);
        }

        return CanonicalSum.Fold(partials);
    }

    /// <summary>The sum of the rows' own weights in double precision, in order; the number of rows where they have none.</summary>
    internal static double Sum(ReadOnlySpan<float> weights, int rows)
    {
        double sum = weights.IsEmpty ? rows : 0;
        foreach (float weight in weights)
        {
            sum += weight;
        }

        return sum;
    }

    /// <summary>Multiplies every row of deltas by its weight; rows of weight 0 become 0, whatever they held.</summary>
    /// <param name="deltas">The first of <paramref name="rows"/> × <paramref name="stride"/> deltas.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="stride">Floats of a row, padding included.</param>
    /// <param name="weights">At least <paramref name="rows"/> weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer weights.</exception>
    public static void Scale(ref float deltas, nuint rows, nuint stride, ReadOnlySpan<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((nuint)weights.Length, rows, nameof(weights));
        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref deltas, m * stride);
            Vec256 weight = Vec256.Create(weights[(int)m]);
            Vec256 counts = Vec256.GreaterThan(weight, Vec256.Zero);
            for (nuint o = 0; o < stride; o += 8)
            {
                PaddedRow.Store((PaddedRow.Load(in row, o, stride, stride) * weight) & counts, ref row, o, stride, stride);
            }
        }
    }

    /// <summary>Sets to 0 what a pass keeps of rows of weight 0: they add nothing to a gradient, even where a value of theirs is not finite.</summary>
    /// <param name="buffers">The pass's buffers, each with room for <paramref name="capacity"/> rows.</param>
    /// <param name="capacity">Rows for which there is room.</param>
    /// <param name="start">The row of the first weight.</param>
    /// <param name="weights">The rows' weights.</param>
    /// <param name="offsets">Where each buffer begins, in floats for each row; the last is where they end.</param>
    public static void ClearRows(ref float buffers, nuint capacity, nuint start, ReadOnlySpan<float> weights, ReadOnlySpan<int> offsets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + (nuint)weights.Length, capacity, nameof(weights));
        for (int m = 0; m < weights.Length; m++)
        {
            for (int i = 1; i < offsets.Length && weights[m] == 0; i++)
            {
                int stride = offsets[i] - offsets[i - 1];
                nuint row = (start + (nuint)m) * (nuint)stride;
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref buffers, ((nuint)offsets[i - 1] * capacity) + row), stride).Clear();
            }
        }
    }

    /// <summary>The same for values that have a lane for each row.</summary>
    /// <param name="values">The first of <paramref name="floats"/> floats, vectors of eight.</param>
    /// <param name="floats">Number of floats.</param>
    /// <param name="weights">The weights of the batch.</param>
    /// <param name="row">The row of the first lane.</param>
    /// <param name="count">Number of rows, 1 to 8; the lanes beyond may become 0.</param>
    public static void ClearLanes(ref float values, nuint floats, ReadOnlySpan<float> weights, nuint row, int count)
    {
        ReadOnlySpan<float> own = weights.Slice((int)row, count);
        if (own.Contains(0))
        {
            Vec256 counts = Vec256.GreaterThan(Vec256.GatherFirst(in own[0], 1, count), Vec256.Zero);
            for (nuint i = 0; i < floats; i += 8)
            {
                Vec256.Store(Vec256.Load(in values, i) & counts, ref values, i);
            }
        }
    }

    /// <summary>Multiplies the lanes of deltas, each lane a row, by the rows' weights; lanes of weight 0 become 0, whatever they held.</summary>
    /// <param name="deltas">The first of <paramref name="vectors"/> consecutive vectors of eight.</param>
    /// <param name="vectors">Number of vectors.</param>
    /// <param name="weights">The weights of the batch.</param>
    /// <param name="row">The row of the first lane.</param>
    /// <param name="count">Number of rows, 1 to 8; the lanes beyond become 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weights do not reach to the last of these rows, or they are none or more than eight.</exception>
    public static void ScaleLanes(ref float deltas, nuint vectors, ReadOnlySpan<float> weights, nuint row, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(row, (nuint)weights.Length);
        ref float first = ref MemoryMarshal.GetReference(weights.Slice((int)row, count));
        Vec256 weight = Vec256.GatherFirst(in first, 1, count);
        Vec256 counts = Vec256.GreaterThan(weight, Vec256.Zero) & Vec256.FirstLanes(count);
        for (nuint i = 0; i < 8 * vectors; i += 8)
        {
            Vec256.Store((Vec256.Load(in deltas, i) * weight) & counts, ref deltas, i);
        }
    }
}
