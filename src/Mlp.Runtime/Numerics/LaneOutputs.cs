using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Where in a group of eight rows the values of a network's last layer lie, in floats: a vector of eight lanes for each output.</summary>
/// <param name="PreActivations">Pre-activations z.</param>
/// <param name="Outputs">Outputs y.</param>
/// <param name="Count">Number of outputs.</param>
/// <param name="Group">Floats from one group to the next.</param>
/// <param name="Targets">Targets t.</param>
/// <param name="Deltas">The derivative that the output layer begins with.</param>
/// <param name="Terms">Room for a vector for each output, where there are several.</param>
/// <param name="Normalizer">Of softmax, two vectors: max z, and the sum of the exponentials.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LaneOutputPlaces(
    nuint PreActivations, nuint Outputs, nuint Count, nuint Group, nuint Targets = 0, nuint Deltas = 0, nuint Terms = 0, nuint Normalizer = 0);

/// <summary>The end of a straight-line network: softmax, losses and the output layer's delta. A vector is eight or sixteen rows of one output.</summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LaneOutputs
{
    private const MethodImplOptions Kernel = KernelOptions.Optimized;

    /// <summary><c>y = e^(z − max z) / Σ e^(z − max z)</c>: the largest exponent is 0, so nothing overflows. Keeps max z and the sum for the loss.</summary>
    [MethodImpl(Kernel)]
    public static void Softmax<V>(ref float values, scoped in LaneOutputPlaces places, nuint rows) where V : struct, IRowVector<V>
    {
        nuint atZ = places.PreActivations, atY = places.Outputs, outputs = places.Count, atTerms = places.Terms, atNormalizer = places.Normalizer, group = places.Group;
        for (nuint row = 0; row < rows; row += (nuint)V.Count)
        {
            ref float z = ref Unsafe.Add(ref values, atZ);
            ref float y = ref Unsafe.Add(ref values, atY);
            V largest = V.LoadRows(ref z, 0, group);
            for (nuint o = 8; o < 8 * outputs; o += 8)
            {
                V value = V.LoadRows(ref z, o, group);
                largest = V.Select(V.GreaterThan(value, largest), value, largest);
            }

            ref float normalizer = ref Unsafe.Add(ref values, atNormalizer);
            V.StoreRows(largest, ref normalizer, 0, group);
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V.StoreRows(VectorMath.Exp(V.LoadRows(ref z, o, group) - largest), ref y, o, group);
            }

            V total = Sum<V>(ref y, outputs, group, ref Unsafe.Add(ref values, atTerms));
            V.StoreRows(total, ref normalizer, 8, group);
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V.StoreRows(V.LoadRows(ref y, o, group) / total, ref y, o, group);
            }

            values = ref Unsafe.Add(ref values, (nuint)V.Count / 8 * group);
        }
    }

    /// <summary>The loss of each row: the mean over its outputs.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="places">Where they lie.</param>
    /// <param name="settings">What the loss is declared with.</param>
    /// <param name="losses">Receives one loss a row.</param>
    /// <param name="rows">Number of rows.</param>
    [MethodImpl(Kernel)]
    public static void Losses<V, TLoss>(ref float values, scoped in LaneOutputPlaces places, LossSettings settings, ref float losses, nuint rows)
        where V : struct, IRowVector<V>
        where TLoss : struct, IOutputLoss
    {
        nuint atZ = places.PreActivations, atY = places.Outputs, atT = places.Targets, outputs = places.Count, atTerms = places.Terms, group = places.Group;
        V count = V.Create(outputs);
        for (nuint row = 0; row < rows; row += (nuint)V.Count)
        {
            ref float terms = ref Unsafe.Add(ref values, atTerms);
            V loss = V.Zero;
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                loss = TLoss.Loss(
                    V.LoadRows(ref values, atZ + o, group),
                    V.LoadRows(ref values, atY + o, group),
                    V.LoadRows(ref values, atT + o, group),
                    settings);
                if (outputs > 1)
                {
                    V.StoreRows(loss, ref terms, o, group);
                }
            }

            loss = outputs == 1 ? loss : Sum<V>(ref terms, outputs, group, ref terms) / count;
            V.StoreFirst(loss, ref Unsafe.Add(ref losses, row), RowsLeft<V>(row, rows));
            values = ref Unsafe.Add(ref values, (nuint)V.Count / 8 * group);
        }
    }

    /// <summary>Cross-entropy of softmax: <c>Σ t·(ln Σ e^(z − max z) + max z − z)</c>, which no z makes overflow.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="places">Where they lie.</param>
    /// <param name="losses">Receives one loss a row.</param>
    /// <param name="rows">Number of rows.</param>
    [MethodImpl(Kernel)]
    public static void CrossEntropy<V>(ref float values, scoped in LaneOutputPlaces places, ref float losses, nuint rows) where V : struct, IRowVector<V>
    {
        nuint atZ = places.PreActivations, atT = places.Targets, outputs = places.Count, atTerms = places.Terms, atNormalizer = places.Normalizer, group = places.Group;
        for (nuint row = 0; row < rows; row += (nuint)V.Count)
        {
            ref float terms = ref Unsafe.Add(ref values, atTerms);
            V largest = V.LoadRows(ref values, atNormalizer, group);
            V logarithm = VectorMath.Log(V.LoadRows(ref values, atNormalizer + 8, group));
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V t = V.LoadRows(ref values, atT + o, group);
                V.StoreRows(t * (logarithm + (largest - V.LoadRows(ref values, atZ + o, group))), ref terms, o, group);
            }

            V.StoreFirst(Sum<V>(ref terms, outputs, group, ref terms), ref Unsafe.Add(ref losses, row), RowsLeft<V>(row, rows));
            values = ref Unsafe.Add(ref values, (nuint)V.Count / 8 * group);
        }
    }

    /// <summary>The derivative that the output layer begins with; unused lanes: 0.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="places">Where they lie.</param>
    /// <param name="settings">What the loss is declared with.</param>
    /// <param name="weight">What the mean over the rows is over.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alpha">The activation's slope or scale.</param>
    [MethodImpl(Kernel)]
    public static void Delta<V, TLoss>(ref float values, scoped in LaneOutputPlaces places, LossSettings settings, float weight, nuint rows, float alpha = 0)
        where V : struct, IRowVector<V>
        where TLoss : struct, IOutputLoss
    {
        nuint atZ = places.PreActivations, atY = places.Outputs, atT = places.Targets, atD = places.Deltas, outputs = places.Count, group = places.Group;
        V scale = V.Create(TLoss.Factor / (outputs == 1 ? weight : weight * outputs));
        V slope = V.Create(alpha);
        for (nuint row = 0; row < rows; row += (nuint)V.Count)
        {
            V rowMask = V.FirstLanes(RowsLeft<V>(row, rows));
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V delta = TLoss.Delta(
                    V.LoadRows(ref values, atZ + o, group),
                    V.LoadRows(ref values, atY + o, group),
                    V.LoadRows(ref values, atT + o, group),
                    scale,
                    settings,
                    slope);
                V.StoreRows(delta & rowMask, ref values, atD + o, group);
            }

            values = ref Unsafe.Add(ref values, (nuint)V.Count / 8 * group);
        }
    }

    /// <summary>The delta of softmax with cross-entropy: <c>(y·Σt − t) / B</c>. Σt is 1 for classes; with it, any targets have their true gradient.</summary>
    /// <inheritdoc cref="Delta"/>
    [MethodImpl(Kernel)]
    public static void CrossEntropyDelta<V>(ref float values, scoped in LaneOutputPlaces places, float weight, nuint rows) where V : struct, IRowVector<V>
    {
        nuint atY = places.Outputs, atT = places.Targets, atD = places.Deltas, outputs = places.Count, atTerms = places.Terms, group = places.Group;
        V scale = V.Create(1f / weight);
        for (nuint row = 0; row < rows; row += (nuint)V.Count)
        {
            V rowMask = V.FirstLanes(RowsLeft<V>(row, rows));
            V total = Sum<V>(ref Unsafe.Add(ref values, atT), outputs, group, ref Unsafe.Add(ref values, atTerms));
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V y = V.LoadRows(ref values, atY + o, group);
                V t = V.LoadRows(ref values, atT + o, group);
                V.StoreRows((((y * total) - t) * scale) & rowMask, ref values, atD + o, group);
            }

            values = ref Unsafe.Add(ref values, (nuint)V.Count / 8 * group);
        }
    }

    /// <summary>The delta of softmax with another loss: <c>y ⊙ (g − Σ g·y)</c>, g the derivative of the loss with respect to y.</summary>
    /// <inheritdoc cref="Delta"/>
    [MethodImpl(Kernel)]
    public static void SoftmaxDelta<V, TLoss>(ref float values, scoped in LaneOutputPlaces places, LossSettings settings, float weight, nuint rows)
        where V : struct, IRowVector<V>
        where TLoss : struct, IOutputLoss
    {
        nuint atY = places.Outputs, atT = places.Targets, atD = places.Deltas, outputs = places.Count, atTerms = places.Terms, group = places.Group;
        V scale = V.Create(TLoss.Factor / (outputs == 1 ? weight : weight * outputs));
        for (nuint row = 0; row < rows; row += (nuint)V.Count)
        {
            V rowMask = V.FirstLanes(RowsLeft<V>(row, rows));
            ref float terms = ref Unsafe.Add(ref values, atTerms);
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V y = V.LoadRows(ref values, atY + o, group);
                V g = TLoss.Delta(y, y, V.LoadRows(ref values, atT + o, group), scale, settings);
                V.StoreRows(g, ref values, atD + o, group);
                V.StoreRows(g * y, ref terms, o, group);
            }

            V total = Sum<V>(ref terms, outputs, group, ref terms);
            for (nuint o = 0; o < 8 * outputs; o += 8)
            {
                V y = V.LoadRows(ref values, atY + o, group);
                V.StoreRows((y * (V.LoadRows(ref values, atD + o, group) - total)) & rowMask, ref values, atD + o, group);
            }

            values = ref Unsafe.Add(ref values, (nuint)V.Count / 8 * group);
        }
    }

    /// <summary>The derivative of output o with respect to the pre-activations; with <see cref="Activations.Linear"/>, 1 at o and else 0.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="places">Where they lie.</param>
    /// <param name="o">The output.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alpha">The activation's slope or scale.</param>
    [MethodImpl(Kernel)]
    public static void Seed<TActivation>(ref float values, scoped in LaneOutputPlaces places, nuint o, nuint rows, float alpha = 0)
        where TActivation : struct, IActivation
    {
        nuint atZ = places.PreActivations, atY = places.Outputs, atD = places.Deltas, outputs = places.Count, group = places.Group;
        for (nuint row = 0; row < rows; row += 8)
        {
            for (nuint c = 0; c < outputs; c++)
            {
                Vec256 kept = Vec256.Load(ref values, (TActivation.NeedsPreActivations ? atZ : atY) + (8 * c));
                Vec256 seed = TActivation.Backward(Vec256.Create(1f), kept, Vec256.Create(alpha));
                Vec256.Store(c == o ? seed : Vec256.Zero, ref values, atD + (8 * c));
            }

            values = ref Unsafe.Add(ref values, group);
        }
    }

    /// <summary>The derivative of output o of softmax with respect to the pre-activations: <c>y_o ⊙ (e_o − y)</c>.</summary>
    /// <inheritdoc cref="Seed"/>
    [MethodImpl(Kernel)]
    public static void SoftmaxSeed(ref float values, scoped in LaneOutputPlaces places, nuint o, nuint rows)
    {
        nuint atY = places.Outputs, atD = places.Deltas, outputs = places.Count, group = places.Group;
        for (nuint row = 0; row < rows; row += 8)
        {
            Vec256 chosen = Vec256.Load(ref values, atY + (8 * o));
            for (nuint c = 0; c < outputs; c++)
            {
                Vec256 difference = Vec256.Create(c == o ? 1f : 0f) - Vec256.Load(ref values, atY + (8 * c));
                Vec256.Store(chosen * difference, ref values, atD + (8 * c));
            }

            values = ref Unsafe.Add(ref values, group);
        }
    }

    /// <summary>How many of a vector's rows there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RowsLeft<V>(nuint row, nuint rows) where V : struct, IRowVector<V> =>
        rows - row < (nuint)V.Count ? (int)(rows - row) : V.Count;

    /// <summary>Eight partial sums by index mod 8, then the fold <c>((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7))</c>; partial sums without a term are left out.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="count">Their number.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="room">Where the partial sums may lie, up to eight vectors; perhaps in place of the terms.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum<V>(ref float terms, nuint count, nuint group, ref float room) where V : struct, IRowVector<V>
    {
        switch (count)
        {
            case 1:
                return V.LoadRows(ref terms, 0, group);
            case 2:
                return V.LoadRows(ref terms, 0, group) + V.LoadRows(ref terms, 8, group);
            case 3:
                return (V.LoadRows(ref terms, 0, group) + V.LoadRows(ref terms, 16, group)) + V.LoadRows(ref terms, 8, group);
            case 4:
                return (V.LoadRows(ref terms, 0, group) + V.LoadRows(ref terms, 16, group))
                    + (V.LoadRows(ref terms, 8, group) + V.LoadRows(ref terms, 24, group));
        }

        nuint partials = count < 8 ? count : 8;
        for (nuint i = 0; i < partials; i++)
        {
            V sum = V.LoadRows(ref terms, 8 * i, group);
            for (nuint o = i + 8; o < count; o += 8)
            {
                sum += V.LoadRows(ref terms, 8 * o, group);
            }

            V.StoreRows(sum, ref room, 8 * i, group);
        }

        for (nuint half = 4; half > 0; half /= 2)
        {
            for (nuint i = 0; i < half && i + half < partials; i++)
            {
                V.StoreRows(V.LoadRows(ref room, 8 * i, group) + V.LoadRows(ref room, 8 * (i + half), group), ref room, 8 * i, group);
            }

            partials = half;
        }

        return V.LoadRows(ref room, 0, group);
    }
}
