using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// A vector of straight-line code, where each lane is a row: eight rows, or sixteen where the processor has such vectors. In memory a group of
/// eight rows is always together, so sixteen are two groups.
/// </summary>
/// <typeparam name="V">The implementing struct.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowVector<V> : IVector<V> where V : struct, IRowVector<V>
{
    /// <summary>Reads eight floats of each group.</summary>
    /// <param name="source">The first group.</param>
    /// <param name="offset">Where in it the vector stands, in floats.</param>
    /// <param name="group">Floats from a group to the next.</param>
    static abstract V LoadRows(ref readonly float source, nuint offset, nuint group);

    /// <summary>Writes eight floats of each group.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="destination">The first group.</param>
    /// <param name="offset">Where in it the vector stands, in floats.</param>
    /// <param name="group">Floats from a group to the next.</param>
    static abstract void StoreRows(V value, ref float destination, nuint offset, nuint group);

    /// <summary><c>sum + x·parameters[index]</c>, rounded once: a step of a neuron's sum in straight-line code.</summary>
    /// <remarks>One call instead of three nested ones: straight-line kernels hold many, and the JIT's budget for inlining is finite.</remarks>
    static abstract V AddProduct(V sum, V x, ref readonly float parameters, nuint index);

    /// <summary>A mask of the first lanes.</summary>
    /// <param name="count">How many, 0 to <see cref="IVector{V}.Count"/>.</param>
    /// <returns>All bits set in lanes 0 to <paramref name="count"/> − 1, none in the others.</returns>
    static abstract V FirstLanes(int count);

    /// <summary>Writes the first lanes next to each other.</summary>
    /// <param name="value">The elements; lanes beyond <paramref name="count"/> are not used.</param>
    /// <param name="destination">Receives <paramref name="count"/> floats; nothing behind them is written.</param>
    /// <param name="count">How many, 1 to <see cref="IVector{V}.Count"/>.</param>
    static abstract void StoreFirst(V value, ref float destination, int count);
}
