using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

// Gradients: products with the samples as inner loop.
public static partial class Tiles
{
    /// <summary>Samples that gradients sum at once: their columns, 16 floats each, still fit into the first-level cache.</summary>
    internal const int MostSamples = 512;

    // Samples of one block of a larger batch.
    private const int SampleBlock = 256;

    // Floats of the deltas' columns that gradients go over for every tile of rows: 256 KiB of the second-level cache.
    private const int PanelFloats = 65_536;

    /// <summary>
    /// The gradients of a weight matrix: <c>Σₘ left[m][r]·right[m][c]</c> over the samples m in batch order, from 0.
    /// </summary>
    /// <param name="gradient">The matrices, and the rows of weights to do.</param>
    /// <param name="sink">Takes each finished tile from its registers: the rule of an optimizer updates the weights right there.</param>
    /// <remarks>
    /// The loops, from outside: blocks of samples, if the batch is large, between which unfinished tiles wait in <c>Partial</c>; panels of the right
    /// matrix's columns, which stay in the second-level cache; tiles of rows; columns by two vectors, so that the sink goes through memory in order.
    /// What the sink will need for the tile at <c>next</c> comes into the cache meanwhile: rules divide and take roots, and memory would be idle.
    /// </remarks>
    [MethodImpl(Kernel)]
    public static void SumGradients<V, TSink>(scoped in GradientOperands gradient, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count;
        nuint block = gradient.Samples > MostSamples ? SampleBlock : gradient.Samples;
        nuint panel = PanelFloats / block / (2 * n) * (2 * n);
        for (nuint m = 0; m < gradient.Samples; m += block)
        {
            nuint end = m + block < gradient.Samples ? m + block : gradient.Samples;
            ref float partial = ref gradient.Partial;
            for (nuint start = 0; start < gradient.Columns; start += panel)
            {
                nuint behind = start + panel < gradient.Columns ? start + panel : gradient.Columns;
                for (nuint r = gradient.First; r < gradient.End;)
                {
                    nuint rest = gradient.End - r;
                    nuint height = rest is 1 ? 1 : rest is 2 or 3 ? 2 : rest is 4 or 5 or 8 or 9 ? 4 : (nuint)6;
                    for (nuint c = start; c < behind; c += 2 * n)
                    {
                        nuint width = c + n < gradient.Columns ? 2 * n : n;
                        ref float from = ref m > 0 ? ref partial : ref Zeros.First;
                        nuint nextRow = c + (2 * n) < behind ? r : r + height < gradient.End ? r + height : r;
                        nuint nextColumn = c + (2 * n) < behind ? c + (2 * n) : start;
                        nuint next = gradient.Index + (nextRow * gradient.Stride) + nextColumn;
                        if (width > n)
                        {
                            SumTile<V, Pair<V, One<V>, One<V>>, TSink>(gradient, r, height, c, m, end, ref from, ref partial, next, sink);
                        }
                        else
                        {
                            SumTile<V, One<V>, TSink>(gradient, r, height, c, m, end, ref from, ref partial, next, sink);
                        }

                        partial = ref At(ref partial, height * width);
                    }

                    r += height;
                }
            }
        }
    }

    /// <summary>The gradients of biases and shifts: the sums of the deltas over the samples in batch order.</summary>
    /// <param name="deltas">The first delta.</param>
    /// <param name="stride">Floats from one sample to the next; 1 where there is one unit, whose deltas lie next to each other.</param>
    /// <param name="columns">Units.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="parameters">The store.</param>
    /// <param name="index">Index of the first bias in it.</param>
    /// <param name="sink">Takes the gradients.</param>
    [MethodImpl(Kernel)]
    public static void BiasGradient<V, TSink>(
        ref float deltas, nuint stride, nuint columns, nuint samples, ref float parameters, nuint index, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        if (stride == 1)
        {
            float total = 0;
            for (nuint m = 0; m < samples; m++)
            {
                total += At(ref deltas, m);
            }

            sink.Biases(Vec256.Create(total) & Vec256.FirstLanes(1), ref At(ref parameters, index), index);
            return;
        }

        for (nuint c = 0; c < columns; c += (nuint)V.Count)
        {
            V sum = V.Zero;
            for (nuint m = 0; m < samples; m++)
            {
                sum += V.Load(ref deltas, (m * stride) + c);
            }

            sink.Biases(sum, ref At(ref parameters, index + c), index + c);
        }
    }

    /// <summary>The gradients of gains: the sums of the deltas times what the gains multiply, over the samples in batch order.</summary>
    /// <inheritdoc cref="BiasGradient"/>
    [MethodImpl(Kernel)]
    public static void GainGradient<V, TSink>(
        ref float deltas, ref float normalized, nuint stride, nuint columns, nuint samples, ref float parameters, nuint index, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        for (nuint c = 0; c < columns; c += (nuint)V.Count)
        {
            V sum = V.Zero;
            for (nuint m = 0; m < samples; m++)
            {
                sum = V.FusedMultiplyAdd(V.Load(ref deltas, (m * stride) + c), V.Load(ref normalized, (m * stride) + c), sum);
            }

            sink.Biases(sum, ref At(ref parameters, index + c), index + c);
        }
    }

    /// <summary>A tile of gradients from row r, column c: the samples from m up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumTile<V, C, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint height, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next,
        scoped TSink sink)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        switch (height)
        {
            case 6:
                SumTile6<V, C, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                break;
            case 4:
                SumTile4<V, C, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                break;
            case 2:
                SumTile2<V, C, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                break;
            default:
                SumTile1<V, C, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                break;
        }
    }

    // A finished tile's rows move up into the first one after each other: rules are long, and the JIT inlines no more than a few into a method.

    [MethodImpl(Kernel)]
    private static void SumTile6<V, C, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        C g0 = C.Load(ref from);
        C g1 = C.Load(ref At(ref from, C.Count));
        C g2 = C.Load(ref At(ref from, 2 * C.Count));
        C g3 = C.Load(ref At(ref from, 3 * C.Count));
        C g4 = C.Load(ref At(ref from, 4 * C.Count));
        C g5 = C.Load(ref At(ref from, 5 * C.Count));
        for (; m < end; m++)
        {
            C deltas = C.Load(ref right);
            C.AddProduct(ref g0, V.Broadcast(ref left, 0), deltas);
            C.AddProduct(ref g1, V.Broadcast(ref left, 1), deltas);
            C.AddProduct(ref g2, V.Broadcast(ref left, 2), deltas);
            C.AddProduct(ref g3, V.Broadcast(ref left, 3), deltas);
            C.AddProduct(ref g4, V.Broadcast(ref left, 4), deltas);
            C.AddProduct(ref g5, V.Broadcast(ref left, 5), deltas);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            C.Store(g0, ref partial);
            C.Store(g1, ref At(ref partial, C.Count));
            C.Store(g2, ref At(ref partial, 2 * C.Count));
            C.Store(g3, ref At(ref partial, 3 * C.Count));
            C.Store(g4, ref At(ref partial, 4 * C.Count));
            C.Store(g5, ref At(ref partial, 5 * C.Count));
            return;
        }

        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 6; row++, index += gradient.Stride, next += gradient.Stride)
        {
            C.Give(g0, sink, gradient, index, next, column: 0);
            g0 = g1;
            g1 = g2;
            g2 = g3;
            g3 = g4;
            g4 = g5;
        }
    }

    [MethodImpl(Kernel)]
    private static void SumTile4<V, C, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        C g0 = C.Load(ref from);
        C g1 = C.Load(ref At(ref from, C.Count));
        C g2 = C.Load(ref At(ref from, 2 * C.Count));
        C g3 = C.Load(ref At(ref from, 3 * C.Count));
        for (; m < end; m++)
        {
            C deltas = C.Load(ref right);
            C.AddProduct(ref g0, V.Broadcast(ref left, 0), deltas);
            C.AddProduct(ref g1, V.Broadcast(ref left, 1), deltas);
            C.AddProduct(ref g2, V.Broadcast(ref left, 2), deltas);
            C.AddProduct(ref g3, V.Broadcast(ref left, 3), deltas);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            C.Store(g0, ref partial);
            C.Store(g1, ref At(ref partial, C.Count));
            C.Store(g2, ref At(ref partial, 2 * C.Count));
            C.Store(g3, ref At(ref partial, 3 * C.Count));
            return;
        }

        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 4; row++, index += gradient.Stride, next += gradient.Stride)
        {
            C.Give(g0, sink, gradient, index, next, column: 0);
            g0 = g1;
            g1 = g2;
            g2 = g3;
        }
    }

    [MethodImpl(Kernel)]
    private static void SumTile2<V, C, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        C g0 = C.Load(ref from);
        C g1 = C.Load(ref At(ref from, C.Count));
        for (; m < end; m++)
        {
            C deltas = C.Load(ref right);
            C.AddProduct(ref g0, V.Broadcast(ref left, 0), deltas);
            C.AddProduct(ref g1, V.Broadcast(ref left, 1), deltas);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            C.Store(g0, ref partial);
            C.Store(g1, ref At(ref partial, C.Count));
            return;
        }

        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 2; row++, index += gradient.Stride, next += gradient.Stride)
        {
            C.Give(g0, sink, gradient, index, next, column: 0);
            g0 = g1;
        }
    }

    [MethodImpl(Kernel)]
    private static void SumTile1<V, C, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where C : struct, IColumns<C, V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        C g0 = C.Load(ref from);
        for (; m < end; m++)
        {
            C deltas = C.Load(ref right);
            C.AddProduct(ref g0, V.Broadcast(ref left, 0), deltas);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            C.Store(g0, ref partial);
            return;
        }

        nuint index = gradient.Index + (r * gradient.Stride) + c;
        C.Give(g0, sink, gradient, index, next, column: 0);
    }
}
