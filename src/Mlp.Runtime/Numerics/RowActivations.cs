using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Where the values of one layer lie, one row a sample; null references where there are none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ActivationOperands
{
    /// <summary>Units, in whole vectors of eight.</summary>
    public required nuint Columns;

    /// <summary>Floats from one row of every value to the next.</summary>
    public required nuint Stride;

    /// <summary>What a pass begins with: the sums, normalized where the layer is; backward, the derivative with respect to the outputs.</summary>
    public required ref float Source;

    /// <summary>What a pass ends with: the outputs; backward, the derivative with respect to the sums.</summary>
    public required ref float Result;

    /// <summary>Gains γ of normalization, one a unit.</summary>
    public ref float Gains;

    /// <summary>Shifts β of normalization, one a unit.</summary>
    public ref float Shifts;

    /// <summary>Where the pre-activations are kept, or are.</summary>
    public ref float PreActivations;

    /// <summary>Where the activations before the residual is added are kept.</summary>
    public ref float Activations;

    /// <summary>What the residual connection adds to the activations.</summary>
    public ref float Residual;

    /// <summary>Backward: what the slope is computed from.</summary>
    public ref float Kept;

    /// <summary>Backward: where the derivative with respect to the pre-activations is kept, beside that with respect to the sums.</summary>
    public ref float PreActivationDeltas;

    /// <summary>The activation's slope or scale.</summary>
    public float Alpha;
}

/// <summary>Activations of a layer's rows that have a pass of their own: they need more than the sums, or are long.</summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowActivations
{
    private const MethodImplOptions Kernel = KernelOptions.Optimized;

    /// <summary><c>z = n ⊙ γ + β</c> where there are gains, then <c>h = activation(z) (+ residual)</c>; the last layer's result is z itself.</summary>
    [MethodImpl(Kernel)]
    public static void Forward<V, TActivation>(scoped in ActivationOperands values, nuint rows)
        where V : struct, IVector<V>
        where TActivation : struct, IActivation
    {
        V alpha = V.Create(values.Alpha);
        for (nuint row = 0; row < rows; row++)
        {
            for (nuint o = 0; o < values.Columns; o += (nuint)V.Count)
            {
                nuint at = (row * values.Stride) + o;
                V z = V.Load(ref values.Source, at);
                if (!Unsafe.IsNullRef(ref values.Gains))
                {
                    z = V.FusedMultiplyAdd(z, V.Load(ref values.Gains, o), V.Load(ref values.Shifts, o));
                }

                if (!Unsafe.IsNullRef(ref values.PreActivations))
                {
                    V.Store(z, ref values.PreActivations, at);
                }

                V h = TActivation.Forward(z, alpha);
                if (!Unsafe.IsNullRef(ref values.Activations))
                {
                    V.Store(h, ref values.Activations, at);
                }

                V.Store(Unsafe.IsNullRef(ref values.Residual) ? h : h + V.Load(ref values.Residual, at), ref values.Result, at);
            }
        }
    }

    /// <summary><c>p = g ⊙ slope</c>, and with gains <c>p ⊙ γ</c>, what normalization's own backward pass begins with.</summary>
    [MethodImpl(Kernel)]
    public static void Backward<V, TActivation>(scoped in ActivationOperands values, nuint rows)
        where V : struct, IVector<V>
        where TActivation : struct, IActivation
    {
        V alpha = V.Create(values.Alpha);
        for (nuint row = 0; row < rows; row++)
        {
            for (nuint o = 0; o < values.Columns; o += (nuint)V.Count)
            {
                nuint at = (row * values.Stride) + o;
                V delta = V.Load(ref values.Source, at);
                if (!Unsafe.IsNullRef(ref values.Kept))
                {
                    delta = TActivation.Backward(delta, V.Load(ref values.Kept, at), alpha);
                }

                if (!Unsafe.IsNullRef(ref values.Gains))
                {
                    V.Store(delta, ref values.PreActivationDeltas, at);
                    delta *= V.Load(ref values.Gains, o);
                }

                V.Store(delta, ref values.Result, at);
            }
        }
    }
}
