using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Gradients of small networks whose whole batch is there at once, as groups of eight rows with a vector a neuron. The eight partial sums of a
/// parameter, one for each place that a row may have among eight, need not be kept for further rows: those of weights go from registers into the sink.
/// </summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LaneGradients
{
    // Inlined layer after layer into one method, vector operations would end as calls.
    private const MethodImplOptions Kernel = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    private const int Lanes = 8;
    private const int Block = Lanes * Lanes;

    /// <summary>The gradients of a weight matrix: for row r and column c of it, <c>Σ left[r]·right[c]</c> over the rows of the batch.</summary>
    /// <param name="left">Vectors of the first group, one for each row of the matrix; in the store, each row is padded to whole vectors of eight.</param>
    /// <param name="height">Rows of the matrix.</param>
    /// <param name="right">Vectors of the first group, one for each column. Lanes without a row must be 0 in them or in those on the left, and finite in the other.</param>
    /// <param name="width">Columns of the matrix, without padding.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="parameters">The first float of the store.</param>
    /// <param name="start">Index of the first weight in the store.</param>
    /// <param name="sink">Takes the gradients, eight columns at a time.</param>
    [MethodImpl(Kernel)]
    public static void Weights<TSink>(
        ref float left, nuint height, ref float right, nuint width, nuint group, nuint groups, ref float parameters, nuint start, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        // With lanes for columns, the rows of the batch are eight sums beside each other, and their fold takes no transposition.
        nuint blocks = (width + Lanes - 1) / Lanes;
        ref float columns = ref Scratch.BorrowForWeights(checked((int)(groups * blocks * Block)));
        for (nuint g = 0; g < groups; g++)
        {
            ToColumns(ref Unsafe.Add(ref right, g * group), width, ref Unsafe.Add(ref columns, g * blocks * Block));
        }

        nuint index = start;
        for (nuint r = 0; r < height; r++)
        {
            for (nuint b = 0; b < blocks; b++)
            {
                Vec256 gradient = Sum(ref Unsafe.Add(ref left, Lanes * r), group, ref Unsafe.Add(ref columns, b * Block), blocks * Block, groups);
                sink.Weights(gradient, ref Unsafe.Add(ref parameters, index), index);
                index += Lanes;
            }
        }
    }

    /// <summary>The gradients of biases: the sum of the deltas over the rows of the batch.</summary>
    /// <param name="deltas">Vectors of the first group, one for each bias; 0 in lanes without a row.</param>
    /// <param name="count">Number of biases, without padding.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="parameters">The first float of the store.</param>
    /// <param name="start">Index of the first bias in the store.</param>
    /// <param name="sink">Takes the gradients, eight biases at a time.</param>
    [MethodImpl(Kernel)]
    public static void Biases<TSink>(
        ref float deltas, nuint count, nuint group, nuint groups, ref float parameters, nuint start, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        ref float sums = ref Scratch.BorrowForWeights(Block);
        for (nuint first = 0; first < count; first += Lanes)
        {
            for (nuint lane = 0; lane < Lanes; lane++)
            {
                Vec256 sum = Vec256.Zero;
                for (nuint g = 0; g < groups && first + lane < count; g++)
                {
                    sum += Vec256.Load(ref deltas, (g * group) + (Lanes * (first + lane)));
                }

                Vec256.Store(sum, ref sums, Lanes * lane);
            }

            sink.Biases(CompilerServices.Lanes.FoldEight(ref sums), ref Unsafe.Add(ref parameters, start + first), start + first);
        }
    }

    /// <summary>The gradient of PReLU's slope, onto its eight partial sums: <c>Σ g·min(z, 0)</c> over neurons and samples.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="g">Where in a group the derivatives with respect to the outputs lie, in floats.</param>
    /// <param name="z">Where the pre-activations lie.</param>
    /// <param name="neurons">Number of neurons: of a row, eight partial sums by neuron mod 8, those without a neuron left out; then the fold.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="partials">The slope's partial sums.</param>
    [MethodImpl(Kernel)]
    public static void Slope(ref float values, nuint g, nuint z, nuint neurons, nuint group, nuint groups, ref float partials)
    {
        Span<Vec256> sums = stackalloc Vec256[Lanes];
        for (; groups > 0; groups--)
        {
            for (nuint o = 0; o < neurons; o++)
            {
                Vec256 term = Vec256.Load(ref values, g + (Lanes * o)) * -Activations.Relu.Forward(-Vec256.Load(ref values, z + (Lanes * o)));
                sums[(int)(o % Lanes)] = o < Lanes ? term : sums[(int)(o % Lanes)] + term;
            }

            int count = (int)Math.Min(neurons, Lanes);
            for (int half = Lanes / 2; half > 0; half /= 2)
            {
                for (int i = 0; i < half && i + half < count; i++)
                {
                    sums[i] += sums[i + half];
                }

                count = Math.Min(count, half);
            }

            Vec256.Store(Vec256.Load(ref partials) + sums[0], ref partials);
            values = ref Unsafe.Add(ref values, group);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec256 Sum(ref float left, nuint group, ref float right, nuint rightGroup, nuint groups)
    {
        Vec256 p0 = Vec256.Zero, p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0, p6 = p0, p7 = p0;
        for (nuint g = 0; g < groups; g++)
        {
            Vec256.AddProduct(ref p0, Vec256.Broadcast(ref left, 0), Vec256.Load(ref right, 0));
            Vec256.AddProduct(ref p1, Vec256.Broadcast(ref left, 1), Vec256.Load(ref right, 8));
            Vec256.AddProduct(ref p2, Vec256.Broadcast(ref left, 2), Vec256.Load(ref right, 16));
            Vec256.AddProduct(ref p3, Vec256.Broadcast(ref left, 3), Vec256.Load(ref right, 24));
            Vec256.AddProduct(ref p4, Vec256.Broadcast(ref left, 4), Vec256.Load(ref right, 32));
            Vec256.AddProduct(ref p5, Vec256.Broadcast(ref left, 5), Vec256.Load(ref right, 40));
            Vec256.AddProduct(ref p6, Vec256.Broadcast(ref left, 6), Vec256.Load(ref right, 48));
            Vec256.AddProduct(ref p7, Vec256.Broadcast(ref left, 7), Vec256.Load(ref right, 56));
            left = ref Unsafe.Add(ref left, group);
            right = ref Unsafe.Add(ref right, rightGroup);
        }

        // CanonicalSum's fold.
        return ((p0 + p4) + (p2 + p6)) + ((p1 + p5) + (p3 + p7));
    }

    /// <summary>One group, eight columns at a time as eight rows of eight; columns behind the last are 0.</summary>
    private static void ToColumns(ref float lanes, nuint width, ref float blocks)
    {
        for (; width >= Lanes; width -= Lanes)
        {
            LaneGroups.ToRows(ref lanes, Lanes, Lanes, ref blocks, 0);
            lanes = ref Unsafe.Add(ref lanes, Block);
            blocks = ref Unsafe.Add(ref blocks, Block);
        }

        for (nuint c = 0; width > 0 && c < Lanes; c++)
        {
            Vec256.Scatter(c < width ? Vec256.Load(ref lanes, Lanes * c) : Vec256.Zero, ref Unsafe.Add(ref blocks, c), Lanes);
        }
    }
}
