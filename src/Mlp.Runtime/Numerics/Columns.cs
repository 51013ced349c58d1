using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>The sums of a row of a register tile, or what they are made of: one vector, or several beside each other.</summary>
/// <typeparam name="TSelf">The implementing struct: the text of a tile is the same for all of them, and the JIT keeps each vector in a register.</typeparam>
/// <typeparam name="V">A vector.</typeparam>
internal interface IColumns<TSelf, V>
    where TSelf : struct, IColumns<TSelf, V>
    where V : struct, IVector<V>
{
    /// <summary>Columns: lanes of all vectors.</summary>
    static abstract nuint Count { get; }

    static abstract TSelf Load(ref float source);

    static abstract void Store(TSelf value, ref float destination);

    /// <summary>Adds <paramref name="x"/> times each column of the right matrix.</summary>
    static abstract void AddProduct(ref TSelf sums, V x, TSelf right);

    /// <summary>A product's epilogue.</summary>
    /// <param name="sums">Finished sums.</param>
    /// <param name="product">The product.</param>
    /// <param name="at">Where they will stand: index behind the first sum of the product.</param>
    static abstract TSelf Apply<TEpilogue>(TSelf sums, scoped in ProductOperands product, nuint at) where TEpilogue : struct, IEpilogue;

    /// <summary>Gives finished gradients to a sink, and tells it which parameters come next, a cache line each time.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="sink">The sink.</param>
    /// <param name="gradient">The matrices.</param>
    /// <param name="index">Index of the first parameter in the store.</param>
    /// <param name="next">Index of the one that comes next.</param>
    /// <param name="column">Columns of the row that stand before these.</param>
    static abstract void Give<TSink>(TSelf gradients, scoped TSink sink, scoped in GradientOperands gradient, nuint index, nuint next, nuint column)
        where TSink : struct, IGradientSink, allows ref struct;
}

/// <summary>One vector.</summary>
internal struct One<V> : IColumns<One<V>, V>
    where V : struct, IVector<V>
{
    private V _vector;

    /// <inheritdoc/>
    public static nuint Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nuint)V.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<V> Load(ref float source) => new() { _vector = V.Load(ref source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(One<V> value, ref float destination) => V.Store(value._vector, ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref One<V> sums, V x, One<V> right) => V.AddProduct(ref sums._vector, x, right._vector);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<V> Apply<TEpilogue>(One<V> sums, scoped in ProductOperands product, nuint at) where TEpilogue : struct, IEpilogue =>
        new() { _vector = TEpilogue.Apply(sums._vector, product, at) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Give<TSink>(One<V> gradients, scoped TSink sink, scoped in GradientOperands gradient, nuint index, nuint next, nuint column)
        where TSink : struct, IGradientSink, allows ref struct
    {
        sink.Weights(gradients._vector, ref Unsafe.Add(ref gradient.Parameters, index), index);
        if (column % 16 == 0)
        {
            sink.Expect(ref Unsafe.Add(ref gradient.Parameters, next), next);
        }
    }
}

/// <summary>Vectors beside each other.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="TFirst">The first of them.</typeparam>
/// <typeparam name="TRest">The others.</typeparam>
internal struct Pair<V, TFirst, TRest> : IColumns<Pair<V, TFirst, TRest>, V>
    where V : struct, IVector<V>
    where TFirst : struct, IColumns<TFirst, V>
    where TRest : struct, IColumns<TRest, V>
{
    private TFirst _first;
    private TRest _rest;

    /// <inheritdoc/>
    public static nuint Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFirst.Count + TRest.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V, TFirst, TRest> Load(ref float source) =>
        new() { _first = TFirst.Load(ref source), _rest = TRest.Load(ref Unsafe.Add(ref source, TFirst.Count)) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<V, TFirst, TRest> value, ref float destination)
    {
        TFirst.Store(value._first, ref destination);
        TRest.Store(value._rest, ref Unsafe.Add(ref destination, TFirst.Count));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Pair<V, TFirst, TRest> sums, V x, Pair<V, TFirst, TRest> right)
    {
        TFirst.AddProduct(ref sums._first, x, right._first);
        TRest.AddProduct(ref sums._rest, x, right._rest);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V, TFirst, TRest> Apply<TEpilogue>(Pair<V, TFirst, TRest> sums, scoped in ProductOperands product, nuint at)
        where TEpilogue : struct, IEpilogue => new()
        {
            _first = TFirst.Apply<TEpilogue>(sums._first, product, at),
            _rest = TRest.Apply<TEpilogue>(sums._rest, product, at + TFirst.Count),
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Give<TSink>(
        Pair<V, TFirst, TRest> gradients, scoped TSink sink, scoped in GradientOperands gradient, nuint index, nuint next, nuint column)
        where TSink : struct, IGradientSink, allows ref struct
    {
        TFirst.Give(gradients._first, sink, gradient, index, next, column);
        TRest.Give(gradients._rest, sink, gradient, index + TFirst.Count, next + TFirst.Count, column + TFirst.Count);
    }
}
