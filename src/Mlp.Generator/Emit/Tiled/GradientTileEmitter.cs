using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the weight gradients of a layer as a product with the samples as inner loop, with its register tiles.</summary>
internal static class GradientTileEmitter
{
    private const string Where = Emitted.WhereV;
    private const string WhereSink = Emitted.WhereSink;
    private const string Optimized = Emitted.Optimized;
    private const string Gradient = "scoped in Mlp::GradientOperands gradient";

    /// <summary>Rows × vectors.</summary>
    private static readonly (int Rows, int Vectors)[] Tiles =
        [(NetworkPlanner.TileRows, 2), (NetworkPlanner.TileRows, 1), (4, 2), (4, 1), (2, 2), (2, 1), (1, 2), (1, 1)];

    public static void Emit(SourceWriter w)
    {
        EmitBiasGradient(w);
        w.Line();
        EmitGainGradient(w);
        w.Line();
        w.Lines($$"""
            // The gradients of a weight matrix: Σ left[m][r]·right[m][c] over the samples m in batch order, from 0.
            // The loops, from outside: blocks of samples, if the batch has more than {{NetworkPlanner.MaxSamples}}, between which unfinished tiles wait in `Partial`; panels of
            // the right matrix's columns, which stay in the second-level cache; tiles of rows r; columns c by two vectors, so that the sink
            // goes through memory in order. Each finished tile goes from its registers into the sink: an optimizer's rule updates the weights right
            // there. What it will need for the tile at `next` comes into the cache meanwhile: rules divide and take roots, and memory would be idle.
            {{Optimized}}
            public static void SumGradients<V, TSink>({{Gradient}}, scoped TSink sink)
                {{Where}}
                {{WhereSink}}
            {
                nuint n = (nuint)V.Count;
                nuint block = gradient.Samples > {{NetworkPlanner.MaxSamples}} ? {{NetworkPlanner.SampleBlock}} : gradient.Samples;
                nuint panel = {{NetworkPlanner.GradientPanelFloats}} / block / (2 * n) * (2 * n);
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
                                ref float from = ref m > 0 ? ref partial : ref Mlp::Zeros.First;
                                nuint nextRow = c + (2 * n) < behind ? r : r + height < gradient.End ? r + height : r;
                                nuint nextColumn = c + (2 * n) < behind ? c + (2 * n) : start;
                                nuint next = gradient.Index + (nextRow * gradient.Stride) + nextColumn;
                                switch (width > n ? height : height + 8)
                                {
            """);
        foreach ((int rows, int vectors) in Tiles)
        {
            w.Lines($"""
                                        {(vectors == 1 && rows == 1 ? "default" : $"case {(vectors == 2 ? rows : rows + 8)}")}:
                                            GradientTile{rows}x{vectors}<V, TSink>(gradient, r, c, m, end, ref from, ref partial, next, sink);
                                            break;
                """);
        }

        w.Lines($$"""
                                }

                                partial = ref At(ref partial, height * width);
                            }

                            r += height;
                        }
                    }
                }
            }
            """);
        foreach ((int rows, int vectors) in Tiles)
        {
            w.Line();
            EmitTile(w, rows, vectors);
        }
    }

    private static void EmitTile(SourceWriter w, int rows, int vectors)
    {
        w.Lines($"// {TileText.Count(rows, "row")} × {TileText.Count(vectors, "vector")} of gradients from row r, column c: the samples from m up to `end`.");
        w.Lines(Optimized);
        w.Lines($"private static void GradientTile{rows}x{vectors}<V, TSink>({Gradient}, nuint r, nuint c, nuint m, nuint end, ref float from, ref float partial, nuint next, scoped TSink sink)");
        w.Lines($"    {Where}");
        using (w.Block($"    {WhereSink}"))
        {
            if (rows * vectors > 1)
            {
                w.Lines("nuint n = (nuint)V.Count;");
            }

            w.Lines("""
                nuint leftStride = gradient.LeftStride;
                nuint rightStride = gradient.RightStride;
                ref float left = ref At(ref gradient.Left, (m * leftStride) + r);
                ref float right = ref At(ref gradient.Right, (m * rightStride) + c);
                """);
            TileText.Rows(w, rows, vectors, (row, v) => $"g{row}{v} = V.Load(ref from{TileText.Offset((row * vectors) + v)})", "V ", static _ => "");
            using (w.Block("for (; m < end; m++)"))
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines($"V right{v} = V.Load(ref right{TileText.Offset(v)});");
                }

                for (int row = 0; row < rows; row++)
                {
                    w.Lines($"{(row == 0 ? "V " : "")}x = V.Broadcast(ref left, {row});");
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"V.AddProduct(ref g{row}{v}, x, right{v});");
                    }
                }

                w.Lines("left = ref At(ref left, leftStride);");
                w.Lines("right = ref At(ref right, rightStride);");
            }

            using (w.Block("if (end < gradient.Samples)"))
            {
                for (int i = 0; i < rows * vectors; i++)
                {
                    w.Lines($"V.Store(g{i / vectors}{i % vectors}, ref partial{TileText.Offset(i)});");
                }

                w.Lines("return;");
            }

            w.Line();
            EmitDelivery(w, rows, vectors);
        }
    }

    /// <summary>The rows move up into the first one after each other: rules are long, and the JIT inlines no more than a few of them into a method.</summary>
    private static void EmitDelivery(SourceWriter w, int rows, int vectors)
    {
        w.Lines("""
            ref float parameters = ref gradient.Parameters;
            nuint index = gradient.Index + (r * gradient.Stride) + c;
            """);
        if (rows == 1)
        {
            EmitRowDelivery(w, vectors);
            return;
        }

        using (w.Block($"for (nuint row = 0; row < {rows}; row++)"))
        {
            EmitRowDelivery(w, vectors);
            for (int row = 1; row < rows; row++)
            {
                w.Lines(string.Join(" ", Enumerable.Range(0, vectors).Select(v => $"g{row - 1}{v} = g{row}{v};")));
            }

            w.Lines("index += gradient.Stride;");
            w.Lines("next += gradient.Stride;");
        }
    }

    private static void EmitRowDelivery(SourceWriter w, int vectors)
    {
        w.Lines("sink.Weights(g00, ref At(ref parameters, index), index);");
        w.Lines("sink.Expect(ref At(ref parameters, next), next);");
        if (vectors == 2)
        {
            w.Lines("sink.Weights(g01, ref At(ref parameters, index + n), index + n);");
            using (w.Block("if (V.Count == 16)"))
            {
                w.Lines("sink.Expect(ref At(ref parameters, next + n), next + n); // The second cache line.");
            }
        }
    }

    private static void EmitBiasGradient(SourceWriter w)
    {
        w.Lines("// The gradient of biases and shifts: the sum of the deltas over the samples in batch order.");
        w.Lines(Emitted.Optimized);
        w.Lines("public static void BiasGradient<V, TSink>(ref float d, nuint stride, nuint columns, nuint samples, ref float parameters, nuint index, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("""
                for (nuint c = 0; c < columns; c += (nuint)V.Count)
                {
                    V sum = V.Zero;
                    for (nuint m = 0; m < samples; m++)
                    {
                        sum += V.Load(ref d, (m * stride) + c);
                    }

                    sink.Biases(sum, ref At(ref parameters, index + c), index + c);
                }
                """);
        }
    }

    private static void EmitGainGradient(SourceWriter w)
    {
        w.Lines("// The gradient of gains: the sum of the deltas times what the gains multiply, over the samples in batch order.");
        w.Lines(Emitted.Optimized);
        w.Lines("public static void GainGradient<V, TSink>(ref float d, ref float normalized, nuint stride, nuint columns, nuint samples, ref float parameters, nuint index, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("""
                for (nuint c = 0; c < columns; c += (nuint)V.Count)
                {
                    V sum = V.Zero;
                    for (nuint m = 0; m < samples; m++)
                    {
                        sum = V.FusedMultiplyAdd(V.Load(ref d, (m * stride) + c), V.Load(ref normalized, (m * stride) + c), sum);
                    }

                    sink.Biases(sum, ref At(ref parameters, index + c), index + c);
                }
                """);
        }
    }
}
