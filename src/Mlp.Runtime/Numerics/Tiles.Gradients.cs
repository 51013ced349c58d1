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
                        switch (width > n ? height : height + 8)
                        {
                            case 6:
                                GradientTile6x2<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            case 14:
                                GradientTile6x1<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            case 4:
                                GradientTile4x2<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            case 12:
                                GradientTile4x1<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            case 2:
                                GradientTile2x2<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            case 10:
                                GradientTile2x1<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            case 1:
                                GradientTile1x2<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
                            default:
                                GradientTile1x1<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                break;
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

    // A finished tile's rows move up into the first one after each other: rules are long, and the JIT inlines no more than a few into a method.

    // 6 rows × 2 vectors of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile6x2<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from), g01 = V.Load(ref from, n);
        V g10 = V.Load(ref from, 2 * n), g11 = V.Load(ref from, 3 * n);
        V g20 = V.Load(ref from, 4 * n), g21 = V.Load(ref from, 5 * n);
        V g30 = V.Load(ref from, 6 * n), g31 = V.Load(ref from, 7 * n);
        V g40 = V.Load(ref from, 8 * n), g41 = V.Load(ref from, 9 * n);
        V g50 = V.Load(ref from, 10 * n), g51 = V.Load(ref from, 11 * n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0); V.AddProduct(ref g01, x, right1);
            x = V.Broadcast(ref left, 1); V.AddProduct(ref g10, x, right0); V.AddProduct(ref g11, x, right1);
            x = V.Broadcast(ref left, 2); V.AddProduct(ref g20, x, right0); V.AddProduct(ref g21, x, right1);
            x = V.Broadcast(ref left, 3); V.AddProduct(ref g30, x, right0); V.AddProduct(ref g31, x, right1);
            x = V.Broadcast(ref left, 4); V.AddProduct(ref g40, x, right0); V.AddProduct(ref g41, x, right1);
            x = V.Broadcast(ref left, 5); V.AddProduct(ref g50, x, right0); V.AddProduct(ref g51, x, right1);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial); V.Store(g01, ref partial, n);
            V.Store(g10, ref partial, 2 * n); V.Store(g11, ref partial, 3 * n);
            V.Store(g20, ref partial, 4 * n); V.Store(g21, ref partial, 5 * n);
            V.Store(g30, ref partial, 6 * n); V.Store(g31, ref partial, 7 * n);
            V.Store(g40, ref partial, 8 * n); V.Store(g41, ref partial, 9 * n);
            V.Store(g50, ref partial, 10 * n); V.Store(g51, ref partial, 11 * n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 6; row++, index += gradient.Stride, next += gradient.Stride)
        {
            sink.Weights(g00, ref At(ref parameters, index), index);
            sink.Expect(ref At(ref parameters, next), next);
            sink.Weights(g01, ref At(ref parameters, index + n), index + n);
            if (V.Count == 16)
            {
                sink.Expect(ref At(ref parameters, next + n), next + n); // The second cache line.
            }

            g00 = g10; g01 = g11;
            g10 = g20; g11 = g21;
            g20 = g30; g21 = g31;
            g30 = g40; g31 = g41;
            g40 = g50; g41 = g51;
        }
    }

    // 6 rows × 1 vector of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile6x1<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from);
        V g10 = V.Load(ref from, n);
        V g20 = V.Load(ref from, 2 * n);
        V g30 = V.Load(ref from, 3 * n);
        V g40 = V.Load(ref from, 4 * n);
        V g50 = V.Load(ref from, 5 * n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0);
            x = V.Broadcast(ref left, 1); V.AddProduct(ref g10, x, right0);
            x = V.Broadcast(ref left, 2); V.AddProduct(ref g20, x, right0);
            x = V.Broadcast(ref left, 3); V.AddProduct(ref g30, x, right0);
            x = V.Broadcast(ref left, 4); V.AddProduct(ref g40, x, right0);
            x = V.Broadcast(ref left, 5); V.AddProduct(ref g50, x, right0);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial);
            V.Store(g10, ref partial, n);
            V.Store(g20, ref partial, 2 * n);
            V.Store(g30, ref partial, 3 * n);
            V.Store(g40, ref partial, 4 * n);
            V.Store(g50, ref partial, 5 * n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 6; row++, index += gradient.Stride, next += gradient.Stride)
        {
            sink.Weights(g00, ref At(ref parameters, index), index);
            sink.Expect(ref At(ref parameters, next), next);
            g00 = g10;
            g10 = g20;
            g20 = g30;
            g30 = g40;
            g40 = g50;
        }
    }

    // 4 rows × 2 vectors of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile4x2<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from), g01 = V.Load(ref from, n);
        V g10 = V.Load(ref from, 2 * n), g11 = V.Load(ref from, 3 * n);
        V g20 = V.Load(ref from, 4 * n), g21 = V.Load(ref from, 5 * n);
        V g30 = V.Load(ref from, 6 * n), g31 = V.Load(ref from, 7 * n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0); V.AddProduct(ref g01, x, right1);
            x = V.Broadcast(ref left, 1); V.AddProduct(ref g10, x, right0); V.AddProduct(ref g11, x, right1);
            x = V.Broadcast(ref left, 2); V.AddProduct(ref g20, x, right0); V.AddProduct(ref g21, x, right1);
            x = V.Broadcast(ref left, 3); V.AddProduct(ref g30, x, right0); V.AddProduct(ref g31, x, right1);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial); V.Store(g01, ref partial, n);
            V.Store(g10, ref partial, 2 * n); V.Store(g11, ref partial, 3 * n);
            V.Store(g20, ref partial, 4 * n); V.Store(g21, ref partial, 5 * n);
            V.Store(g30, ref partial, 6 * n); V.Store(g31, ref partial, 7 * n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 4; row++, index += gradient.Stride, next += gradient.Stride)
        {
            sink.Weights(g00, ref At(ref parameters, index), index);
            sink.Expect(ref At(ref parameters, next), next);
            sink.Weights(g01, ref At(ref parameters, index + n), index + n);
            if (V.Count == 16)
            {
                sink.Expect(ref At(ref parameters, next + n), next + n); // The second cache line.
            }

            g00 = g10; g01 = g11;
            g10 = g20; g11 = g21;
            g20 = g30; g21 = g31;
        }
    }

    // 4 rows × 1 vector of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile4x1<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from);
        V g10 = V.Load(ref from, n);
        V g20 = V.Load(ref from, 2 * n);
        V g30 = V.Load(ref from, 3 * n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0);
            x = V.Broadcast(ref left, 1); V.AddProduct(ref g10, x, right0);
            x = V.Broadcast(ref left, 2); V.AddProduct(ref g20, x, right0);
            x = V.Broadcast(ref left, 3); V.AddProduct(ref g30, x, right0);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial);
            V.Store(g10, ref partial, n);
            V.Store(g20, ref partial, 2 * n);
            V.Store(g30, ref partial, 3 * n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 4; row++, index += gradient.Stride, next += gradient.Stride)
        {
            sink.Weights(g00, ref At(ref parameters, index), index);
            sink.Expect(ref At(ref parameters, next), next);
            g00 = g10;
            g10 = g20;
            g20 = g30;
        }
    }

    // 2 rows × 2 vectors of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile2x2<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from), g01 = V.Load(ref from, n);
        V g10 = V.Load(ref from, 2 * n), g11 = V.Load(ref from, 3 * n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0); V.AddProduct(ref g01, x, right1);
            x = V.Broadcast(ref left, 1); V.AddProduct(ref g10, x, right0); V.AddProduct(ref g11, x, right1);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial); V.Store(g01, ref partial, n);
            V.Store(g10, ref partial, 2 * n); V.Store(g11, ref partial, 3 * n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 2; row++, index += gradient.Stride, next += gradient.Stride)
        {
            sink.Weights(g00, ref At(ref parameters, index), index);
            sink.Expect(ref At(ref parameters, next), next);
            sink.Weights(g01, ref At(ref parameters, index + n), index + n);
            if (V.Count == 16)
            {
                sink.Expect(ref At(ref parameters, next + n), next + n); // The second cache line.
            }

            g00 = g10; g01 = g11;
        }
    }

    // 2 rows × 1 vector of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile2x1<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from);
        V g10 = V.Load(ref from, n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0);
            x = V.Broadcast(ref left, 1); V.AddProduct(ref g10, x, right0);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial);
            V.Store(g10, ref partial, n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        for (nuint row = 0; row < 2; row++, index += gradient.Stride, next += gradient.Stride)
        {
            sink.Weights(g00, ref At(ref parameters, index), index);
            sink.Expect(ref At(ref parameters, next), next);
            g00 = g10;
        }
    }

    // 1 row × 2 vectors of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile1x2<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint n = (nuint)V.Count, leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from), g01 = V.Load(ref from, n);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right), right1 = V.Load(ref right, n);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0); V.AddProduct(ref g01, x, right1);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial); V.Store(g01, ref partial, n);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        sink.Weights(g00, ref At(ref parameters, index), index);
        sink.Expect(ref At(ref parameters, next), next);
        sink.Weights(g01, ref At(ref parameters, index + n), index + n);
        if (V.Count == 16)
        {
            sink.Expect(ref At(ref parameters, next + n), next + n); // The second cache line.
        }
    }

    // 1 row × 1 vector of gradients from row r, column c: the samples from m up to `end`.
    [MethodImpl(Kernel)]
    private static void GradientTile1x1<V, TSink>(
        scoped in GradientOperands gradient, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        nuint leftStride = gradient.LeftStride, rightStride = gradient.RightStride;
        ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
        ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
        V g00 = V.Load(ref from);
        for (; m < end; m++)
        {
            V right0 = V.Load(ref right);
            V x = V.Broadcast(ref left, 0); V.AddProduct(ref g00, x, right0);
            left = ref At(ref left, leftStride);
            right = ref At(ref right, rightStride);
        }

        if (end < gradient.Samples)
        {
            V.Store(g00, ref partial);
            return;
        }

        ref float parameters = ref gradient.Parameters;
        nuint index = gradient.Index + (r * gradient.Stride) + c;
        sink.Weights(g00, ref At(ref parameters, index), index);
        sink.Expect(ref At(ref parameters, next), next);
    }
}
