using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Gradients of small networks, eight partial sums a parameter: one for each place that a row may have among eight.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PartialSums
{
    // Inlined layer after layer into one method, vector operations would end as calls.
    private const MethodImplOptions Kernel = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>Folds the partial sums of weights, eight weights at a time, into the sink.</summary>
    /// <param name="partials">Eight floats for each float of the store.</param>
    /// <param name="parameters">The first float of the store.</param>
    /// <param name="start">Index of the first weight in the store.</param>
    /// <param name="length">Number of weights with their padding, a multiple of eight.</param>
    /// <param name="sink">Takes the gradients.</param>
    [MethodImpl(Kernel)]
    public static void FoldWeights<TSink>(ref float partials, ref float parameters, nuint start, nuint length, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        for (nuint i = start; i < start + length; i += 8)
        {
            sink.Weights(Lanes.FoldEight(ref Unsafe.Add(ref partials, 8 * i)), ref Unsafe.Add(ref parameters, i), i);
        }
    }

    /// <summary>The same for biases, and for slopes that are learned.</summary>
    /// <inheritdoc cref="FoldWeights"/>
    [MethodImpl(Kernel)]
    public static void FoldBiases<TSink>(ref float partials, ref float parameters, nuint start, nuint length, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        for (nuint i = start; i < start + length; i += 8)
        {
            sink.Biases(Lanes.FoldEight(ref Unsafe.Add(ref partials, 8 * i)), ref Unsafe.Add(ref parameters, i), i);
        }
    }
}
