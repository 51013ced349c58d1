using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>Where the values of a network's last layer lie, one row a sample.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct OutputOperands
{
    /// <summary>Pre-activations z.</summary>
    public required ref float PreActivations;

    /// <summary>Floats from one row of z, of the activations, residuals and deltas to the next; 1 where one output has no padding.</summary>
    public required nuint Stride;

    /// <summary>Outputs y, without padding.</summary>
    public required ref float Outputs;

    /// <summary>Number of outputs of a row.</summary>
    public required nuint Count;

    /// <summary>Targets t, or soft ones, without padding.</summary>
    public ref float Targets;

    /// <summary>Where the activations before the residual is added are kept; a null reference for nowhere.</summary>
    public ref float Activations;

    /// <summary>What the residual connection adds to the activations; a null reference for nothing.</summary>
    public ref float Residual;

    /// <summary>The loss of each row.</summary>
    public ref float Losses;

    /// <summary>The derivative that the output layer begins with.</summary>
    public ref float Deltas;

    /// <summary>The activation's slope or scale.</summary>
    public float Alpha;

    /// <summary>What the loss is declared with.</summary>
    public LossSettings Settings;
}

/// <summary>The end of a tiled network: outputs, losses and the output layer's delta, row by row with eight lanes; of one output without padding, lanes are rows.</summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowOutputs
{
    private const MethodImplOptions Kernel = KernelOptions.Optimized;

    /// <summary><c>y = activation(z) (+ residual)</c>.</summary>
    [MethodImpl(Kernel)]
    public static void Activate<TActivation>(scoped in OutputOperands values, nuint rows) where TActivation : struct, IActivation
    {
        ref float preActivations = ref values.PreActivations;
        ref float outputs = ref values.Outputs;
        ref float activations = ref values.Activations;
        ref float residual = ref values.Residual;
        (rows, nuint count, nuint stride) = Shape(values, rows);
        Vec256 alpha = Vec256.Create(values.Alpha);
        for (nuint row = 0; row < rows; row++)
        {
            for (nuint o = 0; o < count; o += 8)
            {
                int lanes = Lanes8(count, o);
                Vec256 result = TActivation.Forward(Load(ref preActivations, (row * stride) + o, lanes), alpha);
                if (!Unsafe.IsNullRef(ref activations))
                {
                    Vec256.Store(result & Vec256.FirstLanes(lanes), ref activations, (row * stride) + o);
                }

                if (!Unsafe.IsNullRef(ref residual))
                {
                    result += Vec256.Load(ref residual, (row * stride) + o);
                }

                Store(result, ref outputs, (row * count) + o, lanes);
            }
        }
    }

    /// <summary>The loss of each row: the mean over its outputs.</summary>
    [MethodImpl(Kernel)]
    public static void Losses<TLoss>(scoped in OutputOperands values, nuint rows) where TLoss : struct, IOutputLoss
    {
        ref float preActivations = ref values.PreActivations;
        ref float outputs = ref values.Outputs;
        ref float targets = ref values.Targets;
        ref float losses = ref values.Losses;
        (rows, nuint count, nuint stride) = Shape(values, rows);
        for (nuint row = 0; row < rows; row++)
        {
            Vec256 sum = Vec256.Zero;
            for (nuint o = 0; o < count; o += 8)
            {
                int lanes = Lanes8(count, o);
                Vec256 loss = TLoss.Loss(
                    Load(ref preActivations, (row * stride) + o, lanes),
                    Load(ref outputs, (row * count) + o, lanes),
                    Load(ref targets, (row * count) + o, lanes),
                    values.Settings);
                if (values.Stride == 1)
                {
                    Store(loss, ref losses, o, lanes);
                }
                else
                {
                    sum += lanes == 8 ? loss : loss & Vec256.FirstLanes(lanes);
                }
            }

            if (values.Stride != 1)
            {
                float total = CanonicalSum.Fold(sum);
                Unsafe.Add(ref losses, row) = count == 1 ? total : total / count;
            }
        }
    }

    /// <summary>The derivative that the output layer begins with, with zeros in its padding.</summary>
    /// <param name="values">Where the values lie.</param>
    /// <param name="weight">What the mean over the rows is over.</param>
    /// <param name="rows">Number of rows.</param>
    [MethodImpl(Kernel)]
    public static void Delta<TLoss>(scoped in OutputOperands values, float weight, nuint rows) where TLoss : struct, IOutputLoss
    {
        ref float preActivations = ref values.PreActivations;
        ref float outputs = ref values.Outputs;
        ref float targets = ref values.Targets;
        Vec256 scale = Vec256.Create(TLoss.Factor / (values.Count == 1 ? weight : weight * values.Count));
        Vec256 alpha = Vec256.Create(values.Alpha);
        (rows, nuint count, nuint stride) = Shape(values, rows);
        for (nuint row = 0; row < rows; row++)
        {
            for (nuint o = 0; o < count; o += 8)
            {
                int lanes = Lanes8(count, o);
                Vec256 delta = TLoss.Delta(
                    Load(ref preActivations, (row * stride) + o, lanes),
                    Load(ref outputs, (row * count) + o, lanes),
                    Load(ref targets, (row * count) + o, lanes),
                    scale,
                    values.Settings,
                    alpha);
                StoreDelta(delta, values, (row * stride) + o, lanes);
            }

            ClearPadding(values, row);
        }
    }

    /// <summary><c>y = softmax(z) = e^(z − max z) / Σ e^(z − max z)</c>: the largest exponent is 0, so nothing overflows.</summary>
    [MethodImpl(Kernel)]
    public static void Softmax(scoped in OutputOperands values, nuint rows)
    {
        for (nuint row = 0; row < rows; row++)
        {
            SoftmaxOfRow(values, row, out float _);
        }
    }

    /// <summary>Softmax and its cross-entropy in one pass, as both need the exponentials: <c>Σ t·(ln Σ e^(z − max z) + max z − z)</c>, which no z makes overflow.</summary>
    [MethodImpl(Kernel)]
    public static void CrossEntropy(scoped in OutputOperands values, nuint rows)
    {
        ref float preActivations = ref values.PreActivations;
        ref float targets = ref values.Targets;
        ref float losses = ref values.Losses;
        for (nuint row = 0; row < rows; row++)
        {
            Vec256 logarithm = VectorMath.Log(Vec256.Create(SoftmaxOfRow(values, row, out float max)));
            Vec256 shift = Vec256.Create(max);
            Vec256 loss = Vec256.Zero;
            for (nuint o = 0; o < values.Count; o += 8)
            {
                int lanes = Lanes8(values.Count, o);
                Vec256 t = Load(ref targets, (row * values.Count) + o, lanes);
                Vec256 term = t * (logarithm + (shift - Vec256.Load(ref preActivations, (row * values.Stride) + o)));
                loss += lanes == 8 ? term : term & Vec256.FirstLanes(lanes);
            }

            Unsafe.Add(ref losses, row) = CanonicalSum.Fold(loss);
        }
    }

    /// <summary>The delta of softmax with cross-entropy: <c>(y·Σt − t) / B</c>. Σt is 1 for classes; with it, any targets have their true gradient.</summary>
    /// <inheritdoc cref="Delta"/>
    [MethodImpl(Kernel)]
    public static void CrossEntropyDelta(scoped in OutputOperands values, float weight, nuint rows)
    {
        ref float outputs = ref values.Outputs;
        ref float targets = ref values.Targets;
        Vec256 scale = Vec256.Create(1f / weight);
        for (nuint row = 0; row < rows; row++)
        {
            Vec256 sum = Vec256.Zero;
            for (nuint o = 0; o < values.Count; o += 8)
            {
                sum += Load(ref targets, (row * values.Count) + o, Lanes8(values.Count, o));
            }

            Vec256 total = Vec256.Create(CanonicalSum.Fold(sum));
            for (nuint o = 0; o < values.Count; o += 8)
            {
                int lanes = Lanes8(values.Count, o);
                Vec256 y = Load(ref outputs, (row * values.Count) + o, lanes);
                Vec256 t = Load(ref targets, (row * values.Count) + o, lanes);
                StoreDelta(((y * total) - t) * scale, values, (row * values.Stride) + o, lanes);
            }

            ClearPadding(values, row);
        }
    }

    /// <summary>The delta of softmax with another loss: <c>y ⊙ (g − Σ g·y)</c>, g the derivative of the loss with respect to y.</summary>
    /// <inheritdoc cref="Delta"/>
    [MethodImpl(Kernel)]
    public static void SoftmaxDelta<TLoss>(scoped in OutputOperands values, float weight, nuint rows) where TLoss : struct, IOutputLoss
    {
        ref float outputs = ref values.Outputs;
        ref float targets = ref values.Targets;
        Vec256 scale = Vec256.Create(TLoss.Factor / (values.Count == 1 ? weight : weight * values.Count));
        for (nuint row = 0; row < rows; row++)
        {
            Vec256 sum = Vec256.Zero;
            for (nuint o = 0; o < values.Count; o += 8)
            {
                int lanes = Lanes8(values.Count, o);
                Vec256 y = Load(ref outputs, (row * values.Count) + o, lanes);
                Vec256 t = Load(ref targets, (row * values.Count) + o, lanes);
                Vec256 term = TLoss.Delta(y, y, t, scale, values.Settings) * y;
                sum += lanes == 8 ? term : term & Vec256.FirstLanes(lanes);
            }

            Vec256 total = Vec256.Create(CanonicalSum.Fold(sum));
            for (nuint o = 0; o < values.Count; o += 8)
            {
                int lanes = Lanes8(values.Count, o);
                Vec256 y = Load(ref outputs, (row * values.Count) + o, lanes);
                Vec256 t = Load(ref targets, (row * values.Count) + o, lanes);
                StoreDelta(y * (TLoss.Delta(y, y, t, scale, values.Settings) - total), values, (row * values.Stride) + o, lanes);
            }

            ClearPadding(values, row);
        }
    }

    /// <summary>The derivative of output o with respect to the pre-activations; with <see cref="Activations.Linear"/>, the row that is 1 at o and else 0.</summary>
    /// <param name="values">Where the values lie.</param>
    /// <param name="o">The output.</param>
    /// <param name="rows">Number of rows.</param>
    [MethodImpl(Kernel)]
    public static void Seed<TActivation>(scoped in OutputOperands values, nuint o, nuint rows) where TActivation : struct, IActivation
    {
        MemoryMarshal.CreateSpan(ref values.Deltas, checked((int)(rows * values.Stride))).Clear();
        for (nuint row = 0; row < rows; row++)
        {
            Vec256 kept = TActivation.NeedsPreActivations
                ? Vec256.Broadcast(ref values.PreActivations, (row * values.Stride) + o)
                : Vec256.Broadcast(ref values.Outputs, (row * values.Count) + o);
            Lanes.StoreFirst(
                TActivation.Backward(Vec256.Create(1f), kept, Vec256.Create(values.Alpha)), ref Unsafe.Add(ref values.Deltas, (row * values.Stride) + o), 1);
        }
    }

    /// <summary>The derivative of output o of softmax with respect to the pre-activations: <c>y_o ⊙ (e_o − y)</c>.</summary>
    /// <inheritdoc cref="Seed"/>
    public static void SoftmaxSeed(scoped in OutputOperands values, nuint o, nuint rows)
    {
        MemoryMarshal.CreateSpan(ref values.Deltas, checked((int)(rows * values.Stride))).Clear();
        for (nuint row = 0; row < rows; row++)
        {
            ref float y = ref Unsafe.Add(ref values.Outputs, row * values.Count);
            for (nuint c = 0; c < values.Count; c++)
            {
                Unsafe.Add(ref values.Deltas, (row * values.Stride) + c) = Unsafe.Add(ref y, o) * ((c == o ? 1f : 0f) - Unsafe.Add(ref y, c));
            }
        }
    }

    /// <summary>One output without padding is one row of as many columns as there are rows.</summary>
    private static (nuint Rows, nuint Count, nuint Stride) Shape(scoped in OutputOperands values, nuint rows) =>
        values.Stride == 1 ? (1, rows, rows) : (rows, values.Count, values.Stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lanes8(nuint count, nuint o) => count - o < 8 ? (int)(count - o) : 8;

    // Calls, for the last lanes of a row alone: inlined, their cases would fill the kernels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec256 Load(ref float origin, nuint at, int lanes) =>
        lanes == 8 ? Vec256.Load(ref origin, at)
        : lanes == 1 ? Vec256.Broadcast(ref origin, at) & Vec256.FirstLanes(1)
        : LoadFewer(ref Unsafe.Add(ref origin, at), lanes);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec256 LoadFewer(ref float origin, int lanes) => Lanes.LoadFirst(ref origin, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vec256 value, ref float origin, nuint at, int lanes)
    {
        if (lanes == 8)
        {
            Vec256.Store(value, ref origin, at);
        }
        else if (lanes == 1)
        {
            Vec256.ScatterFirst(value, ref Unsafe.Add(ref origin, at), 1, 1);
        }
        else
        {
            StoreFewer(value, ref Unsafe.Add(ref origin, at), lanes);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreFewer(Vec256 value, ref float origin, int lanes) => Lanes.StoreFirst(value, ref origin, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreDelta(Vec256 delta, scoped in OutputOperands values, nuint at, int lanes)
    {
        if (values.Stride == 1)
        {
            Store(delta, ref values.Deltas, at, lanes);
        }
        else
        {
            Vec256.Store(lanes == 8 ? delta : delta & Vec256.FirstLanes(lanes), ref values.Deltas, at);
        }
    }

    /// <summary>Zeros from the last whole vector of outputs to the stride, for the kernels that read whole tiles.</summary>
    private static void ClearPadding(scoped in OutputOperands values, nuint row)
    {
        for (nuint o = (values.Count + 7) & ~(nuint)7; o < values.Stride; o += 8)
        {
            Vec256.Store(Vec256.Zero, ref values.Deltas, (row * values.Stride) + o);
        }
    }

    /// <summary>Softmax of a row.</summary>
    /// <returns>The sum of the exponentials.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SoftmaxOfRow(scoped in OutputOperands values, nuint row, out float max)
    {
        ref float z = ref Unsafe.Add(ref values.PreActivations, row * values.Stride);
        ref float y = ref Unsafe.Add(ref values.Outputs, row * values.Count);
        Vec256 largest = Vec256.Create(float.NegativeInfinity);
        for (nuint o = 0; o < values.Count; o += 8)
        {
            int lanes = Lanes8(values.Count, o);
            Vec256 value = Vec256.Load(ref z, o);
            value = lanes == 8 ? value : Vec256.Select(Vec256.FirstLanes(lanes), value, largest);
            largest = Vec256.Select(Vec256.GreaterThan(largest, value), largest, value);
        }

        max = Lanes.Max(largest);
        Vec256 shift = Vec256.Create(max);
        Vec256 sum = Vec256.Zero, last = Vec256.Zero;
        nuint whole = values.Count & ~(nuint)7;
        for (nuint o = 0; o < values.Count; o += 8)
        {
            last = VectorMath.Exp(Vec256.Load(ref z, o) - shift);
            if (o < whole)
            {
                Vec256.Store(last, ref y, o);
            }
            else
            {
                last &= Vec256.FirstLanes((int)(values.Count - whole));
            }

            sum += last;
        }

        float total = CanonicalSum.Fold(sum);
        Vec256 divisor = Vec256.Create(total);
        for (nuint o = 0; o < whole; o += 8)
        {
            Vec256.Store(Vec256.Load(ref y, o) / divisor, ref y, o);
        }

        if (whole < values.Count)
        {
            Store(last / divisor, ref y, whole, (int)(values.Count - whole));
        }

        return total;
    }
}
