using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Element-wise passes of straight-line networks: values lie in groups of eight rows, a vector of eight lanes for each neuron. A vector of sixteen takes
/// two neurons of a group where their number is even, else one neuron of two groups; no lane depends on another, so this does not show in the results.
/// </summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LaneActivations
{
    private const MethodImplOptions Kernel = KernelOptions.Optimized;

    /// <summary><c>h = activation(z) (+ residual)</c>.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="z">Where in a group the pre-activations lie, in floats.</param>
    /// <param name="h">Where the outputs go.</param>
    /// <param name="neurons">Number of neurons.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alpha">The activation's slope or scale.</param>
    /// <param name="activations">Where the activations before the residual is added are kept; −1 for nowhere.</param>
    /// <param name="residual">Where lies what the residual connection adds; −1 for nothing.</param>
    [MethodImpl(Kernel)]
    public static void Forward<V, TActivation>(
        ref float values, nuint z, nuint h, nuint neurons, nuint group, nuint rows, float alpha = 0, nint activations = -1, nint residual = -1)
        where V : struct, IRowVector<V>
        where TActivation : struct, IActivation
    {
        V scale = V.Create(alpha);
        if (TakesPairs<V>(neurons))
        {
            for (nuint row = 0; row < rows; row += 8)
            {
                for (nuint o = 0; o < 8 * neurons; o += (nuint)V.Count)
                {
                    V result = TActivation.Forward(V.Load(ref values, z + o), scale);
                    if (activations >= 0)
                    {
                        V.Store(result, ref values, (nuint)activations + o);
                    }

                    V.Store(residual < 0 ? result : result + V.Load(ref values, (nuint)residual + o), ref values, h + o);
                }

                values = ref Unsafe.Add(ref values, group);
            }

            return;
        }

        for (nuint o = 0; o < 8 * neurons; o += 8)
        {
            ref float first = ref values;
            for (nuint row = 0; row < rows; row += (nuint)V.Count)
            {
                V result = TActivation.Forward(V.LoadRows(ref first, z + o, group), scale);
                if (activations >= 0)
                {
                    V.StoreRows(result, ref first, (nuint)activations + o, group);
                }

                V.StoreRows(residual < 0 ? result : result + V.LoadRows(ref first, (nuint)residual + o, group), ref first, h + o, group);
                first = ref Unsafe.Add(ref first, (nuint)V.Count / 8 * group);
            }
        }
    }

    /// <summary><c>d = g ⊙ slope</c>.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="g">Where in a group the derivative with respect to the outputs lies, in floats.</param>
    /// <param name="kept">Where lies what the slope is computed from.</param>
    /// <param name="d">Where the deltas go.</param>
    /// <param name="neurons">Number of neurons.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="alpha">The activation's slope or scale.</param>
    [MethodImpl(Kernel)]
    public static void Backward<V, TActivation>(
        ref float values, nuint g, nuint kept, nuint d, nuint neurons, nuint group, nuint rows, float alpha = 0)
        where V : struct, IRowVector<V>
        where TActivation : struct, IActivation
    {
        V scale = V.Create(alpha);
        if (TakesPairs<V>(neurons))
        {
            for (nuint row = 0; row < rows; row += 8)
            {
                for (nuint o = 0; o < 8 * neurons; o += (nuint)V.Count)
                {
                    V.Store(TActivation.Backward(V.Load(ref values, g + o), V.Load(ref values, kept + o), scale), ref values, d + o);
                }

                values = ref Unsafe.Add(ref values, group);
            }

            return;
        }

        for (nuint o = 0; o < 8 * neurons; o += 8)
        {
            ref float first = ref values;
            for (nuint row = 0; row < rows; row += (nuint)V.Count)
            {
                V delta = TActivation.Backward(V.LoadRows(ref first, g + o, group), V.LoadRows(ref first, kept + o, group), scale);
                V.StoreRows(delta, ref first, d + o, group);
                first = ref Unsafe.Add(ref first, (nuint)V.Count / 8 * group);
            }
        }
    }

    /// <summary>Centres and scales inputs by the training data's statistics: <c>x = (raw − mean) · scale</c>, in place.</summary>
    [MethodImpl(Kernel)]
    internal static void Standardize(ref float values, nuint x, ref float means, ref float scales, nuint inputs, nuint group, nuint rows)
    {
        for (nuint row = 0; row < rows; row += 8)
        {
            for (nuint i = 0; i < inputs; i++)
            {
                nuint at = x + (8 * i);
                Vec256.Store((Vec256.Load(ref values, at) - Vec256.Broadcast(ref means, i)) * Vec256.Broadcast(ref scales, i), ref values, at);
            }

            values = ref Unsafe.Add(ref values, group);
        }
    }

    /// <summary>Applies dropout's factors: <c>result = source ⊙ mask</c>.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="source">Where in a group the values lie, in floats.</param>
    /// <param name="mask">Where the factors lie.</param>
    /// <param name="result">Where the products go.</param>
    /// <param name="neurons">Number of neurons.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="rows">Number of rows.</param>
    public static void Drop(ref float values, nuint source, nuint mask, nuint result, nuint neurons, nuint group, nuint rows)
    {
        for (nuint at = 0; at < (rows + 7) / 8 * group; at += group)
        {
            DropoutMask.Apply(
                ref Unsafe.Add(ref values, at + source), ref Unsafe.Add(ref values, at + mask), ref Unsafe.Add(ref values, at + result), 8 * neurons);
        }
    }

    /// <summary>Adds noise: <c>result = source + noise</c>.</summary>
    /// <param name="values">The values of the first group.</param>
    /// <param name="source">Where in a group the values lie, in floats.</param>
    /// <param name="noise">Where the summands lie.</param>
    /// <param name="result">Where the sums go.</param>
    /// <param name="neurons">Number of neurons.</param>
    /// <param name="group">Floats from one group to the next.</param>
    /// <param name="rows">Number of rows.</param>
    public static void AddNoise(ref float values, nuint source, nuint noise, nuint result, nuint neurons, nuint group, nuint rows)
    {
        for (nuint at = 0; at < (rows + 7) / 8 * group; at += group)
        {
            GaussianNoise.Add(
                ref Unsafe.Add(ref values, at + source), ref Unsafe.Add(ref values, at + noise), ref Unsafe.Add(ref values, at + result), 8 * neurons);
        }
    }

    /// <summary>Whether vectors hold neurons of one group, which lie next to each other: a vector of sixteen takes two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TakesPairs<V>(nuint neurons) where V : struct, IRowVector<V> => V.Count == 8 || neurons % 2 == 0;
}
