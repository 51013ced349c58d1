using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>The arithmetic of plain generated code, one number at a time, with the bits of the vectors.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Plain
{
    /// <summary><c>a·b + c</c>, rounded once.</summary>
    /// <param name="a">A factor.</param>
    /// <param name="b">The other factor.</param>
    /// <param name="c">What is added to the product.</param>
    public static float MultiplyAdd(float a, float b, float c) => First(Vec128.FusedMultiplyAdd(Vec128.Create(a), Vec128.Create(b), Vec128.Create(c)));

    /// <summary>The output of an activation.</summary>
    /// <param name="z">The pre-activation.</param>
    /// <param name="alpha">The slope or scale, where there is one.</param>
    public static float Forward<TActivation>(float z, float alpha = 0) where TActivation : struct, IActivation =>
        First(TActivation.Forward(Vec128.Create(z), Vec128.Create(alpha)));

    /// <summary>The delta behind an activation.</summary>
    /// <param name="delta">The derivative of the loss with respect to the output.</param>
    /// <param name="kept">What the slope is computed from: the output, or the pre-activation.</param>
    /// <param name="alpha">The slope or scale, where there is one.</param>
    public static float Backward<TActivation>(float delta, float kept, float alpha = 0) where TActivation : struct, IActivation =>
        First(TActivation.Backward(Vec128.Create(delta), Vec128.Create(kept), Vec128.Create(alpha)));

    /// <summary>Gives a row of gradients to the sink.</summary>
    /// <param name="gradients">The gradients, in whole vectors of eight.</param>
    /// <param name="parameters">The store.</param>
    /// <param name="index">Index of the first parameter in it.</param>
    /// <param name="isWeights">Whether they are weights; else biases, or other parameters that are no weights.</param>
    /// <param name="sink">Takes the gradients.</param>
    public static void Give<TSink>(ReadOnlySpan<float> gradients, ref float parameters, int index, bool isWeights, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        for (int i = 0; i + 8 <= gradients.Length; i += 8)
        {
            Vec256 gradient = Vec256.Load(in gradients[i]);
            ref float parameter = ref Unsafe.Add(ref parameters, index + i);
            if (isWeights)
            {
                sink.Weights(gradient, ref parameter, (nuint)(index + i));
            }
            else
            {
                sink.Biases(gradient, ref parameter, (nuint)(index + i));
            }
        }
    }

    /// <summary>A row of zeros that belongs to the calling thread until it asks for the next.</summary>
    /// <param name="length">Number of floats.</param>
    public static Span<float> Row(int length)
    {
        Span<float> row = MemoryMarshal.CreateSpan(ref Scratch.BorrowForWeights(length), length);
        row.Clear();
        return row;
    }

    private static float First(Vec128 value) => Unsafe.As<Vec128, float>(ref value);
}

/// <summary>Eight partial sums, term i into partial i mod 8, and their fold: the order of sums that do not take their terms one after the other.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct EightSums
{
    private Vec256 _partials;

    /// <summary>Begins with 0, or with another value in the first partial sum.</summary>
    /// <param name="start">What the first partial sum begins with.</param>
    /// <param name="terms">How many terms will come, where partial sums without one are left out: they are −0, which changes no sum.</param>
    public EightSums(float start, int terms = 8) => _partials = Lanes.Partials(start, terms);

    /// <summary>Adds <c>a·b</c>, rounded once, as term i.</summary>
    /// <param name="i">Number of the term, from 0.</param>
    /// <param name="a">A factor.</param>
    /// <param name="b">The other factor.</param>
    public void AddProduct(nuint i, float a, float b)
    {
        ref float partial = ref Unsafe.Add(ref Unsafe.As<Vec256, float>(ref _partials), i & 7);
        partial = Plain.MultiplyAdd(a, b, partial);
    }

    /// <summary>Adds term i.</summary>
    /// <param name="i">Number of the term, from 0.</param>
    /// <param name="term">The term.</param>
    public void Add(nuint i, float term) => Unsafe.Add(ref Unsafe.As<Vec256, float>(ref _partials), i & 7) += term;

    /// <summary><c>((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7))</c>.</summary>
    public readonly float Fold() => CanonicalSum.Fold(_partials);
}
