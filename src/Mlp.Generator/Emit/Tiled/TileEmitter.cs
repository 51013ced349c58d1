namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the register tiles that the passes of a tiled network share: the inner loops where the time goes.</summary>
internal static class TileEmitter
{
    private const string Where = Emitted.WhereV;
    private const string Optimized = Emitted.Optimized;

    /// <summary>Rows × vectors of the tiles of a product. What six rows leave over goes by two rows, then by one.</summary>
    private static readonly (int Rows, int Vectors)[] ProductTiles = [(6, 2), (6, 1), (2, 2), (2, 1), (1, 2), (1, 1)];

    /// <summary>The product that the forward pass and the deltas have in common, with its tiles.</summary>
    public static void EmitProduct(SourceWriter w)
    {
        w.Lines($$"""
            // The product of the passes: sums[r][c] = End(Begin(c) + Σ left[r][k]·right[k][c]), k in index order for every sum.
            // Columns go by two vectors; a block of k keeps these columns of the right matrix in the first-level cache while all rows
            // pass by. A tile of 6 rows × 2 vectors is 12 independent sums: as many as keep two multiply-add units busy, and, with two
            // vectors of the right matrix and one broadcast value of the left, as many as 16 registers hold.
            private static void Multiply<V, TRule>(scoped in {{Emitted.Numerics}}.ProductOperands product, nuint rows, nuint columns, nuint terms, nuint block)
                {{Where}}
                where TRule : struct, {{Emitted.Numerics}}.ISumRule
            {
                nuint n = (nuint)V.Count;
                for (nuint c = 0; c < columns; c += 2 * n)
                {
                    bool isPair = c + n < columns;
                    Begin<V, TRule>(product, rows, c, isPair);
                    for (nuint k = 0; k < terms; k += block)
                    {
                        nuint count = k + block < terms ? block : terms - k;
                        nuint r = 0;
                        for (; r + 6 <= rows; r += 6)
                        {
                            if (isPair)
                            {
                                Tile6x2<V>(product, r, c, k, count);
                            }
                            else
                            {
                                Tile6x1<V>(product, r, c, k, count);
                            }
                        }

                        for (; r + 2 <= rows; r += 2)
                        {
                            if (isPair)
                            {
                                Tile2x2<V>(product, r, c, k, count);
                            }
                            else
                            {
                                Tile2x1<V>(product, r, c, k, count);
                            }
                        }

                        if (r < rows && isPair)
                        {
                            Tile1x2<V>(product, r, c, k, count);
                        }
                        else if (r < rows)
                        {
                            Tile1x1<V>(product, r, c, k, count);
                        }
                    }

                    End<V, TRule>(product, rows, c, isPair);
                }
            }

            // What the sums of two vectors of columns (or of the last one) begin with, in all rows.
            {{Optimized}}
            private static void Begin<V, TRule>(scoped in {{Emitted.Numerics}}.ProductOperands product, nuint rows, nuint c, bool isPair)
                {{Where}}
                where TRule : struct, {{Emitted.Numerics}}.ISumRule
            {
                nuint n = (nuint)V.Count;
                V first = TRule.Begin<V>(ref At(ref product.Biases, c));
                V second = isPair ? TRule.Begin<V>(ref At(ref product.Biases, c + n)) : first;
                ref float sums = ref At(ref product.Sums, c);
                for (nuint r = 0; r < rows; r++)
                {
                    V.Store(first, ref sums);
                    if (isPair)
                    {
                        V.Store(second, ref sums, n);
                    }

                    sums = ref At(ref sums, product.SumsStride);
                }
            }

            // What becomes of the finished sums.
            {{Optimized}}
            private static void End<V, TRule>(scoped in {{Emitted.Numerics}}.ProductOperands product, nuint rows, nuint c, bool isPair)
                {{Where}}
                where TRule : struct, {{Emitted.Numerics}}.ISumRule
            {
                nuint last = isPair ? (nuint)V.Count : 0;
                for (nuint r = 0; r < rows; r++)
                {
                    for (nuint v = 0; v <= last; v += (nuint)V.Count)
                    {
                        nuint at = (r * product.SumsStride) + c + v;
                        ref float sums = ref At(ref product.Sums, at);
                        V.Store(TRule.End(V.Load(ref sums), ref At(ref product.Kept, at), ref At(ref product.Mask, at), ref At(ref product.Bypass, at)), ref sums);
                    }
                }
            }
            """);
        foreach ((int rows, int vectors) in ProductTiles)
        {
            w.Line();
            EmitProductTile(w, rows, vectors);
        }
    }

    private static void EmitProductTile(SourceWriter w, int rows, int vectors)
    {
        w.Lines($"// {Count(rows, "row")} × {Count(vectors, "vector")} of sums, {(rows * vectors == 1 ? "with" : "each with")} `count` more terms from k on.");
        w.Lines(Optimized);
        w.Lines($"private static void Tile{rows}x{vectors}<V>(scoped in {Emitted.Numerics}.ProductOperands product, nuint r, nuint c, nuint k, nuint count)");
        using (w.Block($"    {Where}"))
        {
            if (vectors > 1)
            {
                w.Lines("nuint n = (nuint)V.Count;");
            }

            w.Lines("""
                nuint leftStride = product.LeftStride;
                nuint rightStride = product.RightStride;
                ref float left0 = ref At(ref product.Left, (r * leftStride) + k);
                """);
            for (int row = 1; row < rows; row++)
            {
                w.Lines($"ref float left{row} = ref At(ref left{row - 1}, leftStride);");
            }

            w.Lines("ref float right = ref At(ref product.Right, (k * rightStride) + c);");
            w.Lines("ref float sums0 = ref At(ref product.Sums, (r * product.SumsStride) + c);");
            for (int row = 1; row < rows; row++)
            {
                w.Lines($"ref float sums{row} = ref At(ref sums{row - 1}, product.SumsStride);");
            }

            ForEach(w, rows, vectors, static (row, v) => $"V s{row}{v} = V.Load(ref sums{row}{Offset(v)});");
            using (w.Block("for (nuint i = 0; i < count; i++)"))
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines($"V right{v} = V.Load(ref right{Offset(v)});");
                }

                for (int row = 0; row < rows; row++)
                {
                    w.Lines($"{(row == 0 ? "V " : "")}x = V.Broadcast(ref left{row}, i);");
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"s{row}{v} = V.FusedMultiplyAdd(x, right{v}, s{row}{v});");
                    }
                }

                w.Lines("right = ref At(ref right, rightStride);");
            }

            w.Line();
            ForEach(w, rows, vectors, static (row, v) => $"V.Store(s{row}{v}, ref sums{row}{Offset(v)});");
        }
    }

    /// <summary>The tiles of the weight gradients, of the given heights.</summary>
    public static void EmitGradientTiles(SourceWriter w, IEnumerable<(int Rows, int Vectors)> shapes)
    {
        w.Line();
        w.Lines($$"""
            // Before a tile of gradients: what the sink will need comes into the cache while the tile is computed.
            {{Optimized}}
            private static void Expect<TSink>(nuint rows, nuint columns, ref float parameters, nuint index, nuint stride, scoped TSink sink)
                {{Emitted.WhereSink}}
            {
                for (nuint r = 0; r < rows; r++)
                {
                    for (nuint c = 0; c < columns; c += 16)
                    {
                        sink.Expect(ref At(ref parameters, index + c), index + c);
                    }

                    index += stride;
                }
            }

            // A tile of finished gradients goes into the sink; an optimizer's rule updates the weights right there. Apart from the tile's
            // own loop, so that the rule's constants take no registers from its sums.
            {{Optimized}}
            private static void Deliver<V, TSink>(ref float tile, nuint rows, nuint columns, ref float parameters, nuint index, nuint stride, scoped TSink sink)
                {{Where}}
                {{Emitted.WhereSink}}
            {
                for (nuint r = 0; r < rows; r++)
                {
                    for (nuint c = 0; c < columns; c += (nuint)V.Count)
                    {
                        sink.Weights(V.Load(ref tile), ref At(ref parameters, index + c), index + c);
                        tile = ref At(ref tile, (nuint)V.Count);
                    }

                    index += stride;
                }
            }
            """);
        foreach ((int rows, int vectors) in shapes)
        {
            w.Line();
            EmitGradientTile(w, rows, vectors);
        }
    }

    private static void EmitGradientTile(SourceWriter w, int rows, int vectors)
    {
        w.Lines($"// {Count(rows, "row")} × {Count(vectors, "vector")} of gradients: Σ left[m][r]·right[m][c] over the samples m in batch order.");
        w.Lines(Optimized);
        w.Lines($"private static void GradientTile{rows}x{vectors}<V>(ref float left, nuint leftStride, ref float right, nuint rightStride, nuint samples, ref float tile)");
        using (w.Block($"    {Where}"))
        {
            if (rows * vectors > 1)
            {
                w.Lines("nuint n = (nuint)V.Count;");
            }

            for (int row = 0; row < rows; row++)
            {
                w.Lines($"V {string.Join(", ", Enumerable.Range(0, vectors).Select(v => $"g{row}{v} = V.Zero"))};");
            }

            using (w.Block("for (nuint m = 0; m < samples; m++)"))
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines($"V right{v} = V.Load(ref right{Offset(v)});");
                }

                for (int row = 0; row < rows; row++)
                {
                    w.Lines($"{(row == 0 ? "V " : "")}x = V.Broadcast(ref left, {row});");
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"g{row}{v} = V.FusedMultiplyAdd(x, right{v}, g{row}{v});");
                    }
                }

                w.Lines("left = ref At(ref left, leftStride);");
                w.Lines("right = ref At(ref right, rightStride);");
            }

            w.Line();
            ForEach(w, rows, vectors, (row, v) => $"V.Store(g{row}{v}, ref tile{Offset((row * vectors) + v)});");
        }
    }

    private static void ForEach(SourceWriter w, int rows, int vectors, Func<int, int, string> line)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int v = 0; v < vectors; v++)
            {
                w.Lines(line(row, v));
            }
        }
    }

    private static string Offset(int vector) => vector == 0 ? "" : vector == 1 ? ", n" : $", {vector} * n";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
