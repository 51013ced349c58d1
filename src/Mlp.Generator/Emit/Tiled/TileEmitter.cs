namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the register tiles that the passes of a tiled network share: the inner loops where the time goes.</summary>
internal static class TileEmitter
{
    private const string Where = Emitted.WhereV;
    private const string Optimized = Emitted.Optimized;

    /// <summary>Rows × vectors of the tiles of a product. Heights divide what remains: six, then three, then one.</summary>
    private static readonly (int Rows, int Vectors)[] ProductTiles = [(6, 2), (6, 1), (3, 2), (3, 1), (1, 4), (1, 1)];

    /// <summary>The product that the forward pass and the deltas have in common, with its tiles.</summary>
    public static void EmitProduct(SourceWriter w)
    {
        w.Lines($$"""
            // The product of the passes: sums[r][c] = End(Begin(c) + Σ left[r][k]·right[k][c]), k in index order for every sum.
            // Columns go by two vectors; a block of k keeps these columns of the right matrix in the first-level cache while all rows
            // pass by. A tile of 6 rows × 2 vectors is 12 independent sums: as many as keep two multiply-add units busy, and, with two
            // vectors of the right matrix and one broadcast value of the left, as many as 16 registers hold.
            private static void Multiply<V, TRule>(scoped in global::Mlp.Numerics.ProductOperands product, nuint rows, nuint columns, nuint terms, nuint block)
                {{Where}}
                where TRule : struct, global::Mlp.Numerics.ISumRule
            {
                nuint n = (nuint)V.Count;
                nuint tiled = rows - (rows % 3);
                nuint c = 0;
                for (; c + (2 * n) <= columns && tiled > 0; c += 2 * n)
                {
                    for (nuint k = 0; k < terms; k += block)
                    {
                        nuint end = k + block < terms ? k + block : terms;
                        nuint r = 0;
                        for (; r + 6 <= tiled; r += 6)
                        {
                            Tile6x2<V, TRule>(product, r, c, k, end, end == terms);
                        }

                        if (r < tiled)
                        {
                            Tile3x2<V, TRule>(product, r, c, k, end, end == terms);
                        }
                    }
                }

                for (; c < columns && tiled > 0; c += n)
                {
                    for (nuint k = 0; k < terms; k += block)
                    {
                        nuint end = k + block < terms ? k + block : terms;
                        nuint r = 0;
                        for (; r + 6 <= tiled; r += 6)
                        {
                            Tile6x1<V, TRule>(product, r, c, k, end, end == terms);
                        }

                        if (r < tiled)
                        {
                            Tile3x1<V, TRule>(product, r, c, k, end, end == terms);
                        }
                    }
                }

                // One or two rows are left, or there is just one: each alone, four vectors of columns at a time.
                for (nuint r = tiled; r < rows; r++)
                {
                    for (c = 0; c + (4 * n) <= columns; c += 4 * n)
                    {
                        Tile1x4<V, TRule>(product, r, c, 0, terms, true);
                    }

                    for (; c < columns; c += n)
                    {
                        Tile1x1<V, TRule>(product, r, c, 0, terms, true);
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
        w.Lines($"// {Count(rows, "row")} × {Count(vectors, "vector")} of sums over k from first to end; unfinished sums wait in memory, exactly.");
        w.Lines(Optimized);
        w.Lines($"private static void Tile{rows}x{vectors}<V, TRule>(scoped in global::Mlp.Numerics.ProductOperands product, nuint r, nuint c, nuint first, nuint end, bool isLast)");
        w.Lines($"    {Where}");
        using (w.Block("    where TRule : struct, global::Mlp.Numerics.ISumRule"))
        {
            if (vectors > 1)
            {
                w.Lines("nuint n = (nuint)V.Count;");
            }

            w.Lines($$"""
                nuint stride = product.SumsStride;
                nuint at = (r * stride) + c;
                ref float sums = ref At(ref product.Sums, at);
                """);
            w.Lines(string.Join("\n", Enumerable.Range(0, rows).Select(row =>
                $"V {string.Join(", ", Enumerable.Range(0, vectors).Select(v => $"s{row}{v}"))};")));
            using (w.Block("if (first == 0)"))
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines(string.Join("", Enumerable.Range(0, rows).Select(row => $"s{row}{v} = "))
                        + $"TRule.Begin<V>(ref At(ref product.Biases, {Plus("c", v)}));");
                }
            }

            using (w.Block("else"))
            {
                ForEach(w, rows, vectors, static (row, v) => $"s{row}{v} = V.Load(ref sums, {Element(row, v)});");
            }

            w.Line();
            w.Lines($$"""
                nuint leftStride = product.LeftStride;
                nuint rightStride = product.RightStride;
                ref float left = ref At(ref product.Left, (r * leftStride) + first);
                ref float right = ref At(ref product.Right, (first * rightStride) + c);
                """);
            for (int row = 1; row < rows; row++)
            {
                w.Lines($"ref float left{row} = ref At(ref left, {row} * leftStride);");
            }

            using (w.Block("for (nuint k = 0; k < end - first; k++)"))
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines($"V right{v} = V.Load(ref right{(v == 0 ? "" : $", {Times(v)}")});");
                }

                for (int row = 0; row < rows; row++)
                {
                    w.Lines($"{(row == 0 ? "V " : "")}x = V.Create(At(ref left{(row == 0 ? "" : row.ToString())}, k));");
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"s{row}{v} = V.FusedMultiplyAdd(x, right{v}, s{row}{v});");
                    }
                }

                w.Lines("right = ref At(ref right, rightStride);");
            }

            w.Line();
            using (w.Block("if (isLast)"))
            {
                w.Lines("ref float kept = ref At(ref product.Kept, at);");
                w.Lines("ref float mask = ref At(ref product.Mask, at);");
                ForEach(w, rows, vectors, static (row, v) =>
                    $"s{row}{v} = TRule.End(s{row}{v}, ref At(ref kept, {Element(row, v)}), ref At(ref mask, {Element(row, v)}));");
            }

            w.Line();
            ForEach(w, rows, vectors, static (row, v) => $"V.Store(s{row}{v}, ref sums, {Element(row, v)});");
        }
    }

    /// <summary>The tiles of the weight gradients, of the given heights.</summary>
    public static void EmitGradientTiles(SourceWriter w, IEnumerable<(int Rows, int Vectors)> shapes)
    {
        foreach ((int rows, int vectors) in shapes)
        {
            w.Line();
            EmitGradientTile(w, rows, vectors);
        }
    }

    private static void EmitGradientTile(SourceWriter w, int rows, int vectors)
    {
        w.Lines($"// {Count(rows, "row")} × {Count(vectors, "vector")} of weights: Σ left[m][r]·right[m][c] over the samples m in batch order, straight into the sink.");
        w.Lines(Optimized);
        w.Lines($"private static void GradientTile{rows}x{vectors}<V, TSink>(ref float left, nuint leftStride, ref float right, nuint rightStride, nuint samples, ref float weights, nuint index, nuint stride, scoped TSink sink)");
        w.Lines($"    {Where}");
        using (w.Block("    where TSink : struct, global::Mlp.IGradientSink, allows ref struct"))
        {
            if (vectors > 1)
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
                    w.Lines($"V right{v} = V.Load(ref right{(v == 0 ? "" : $", {Times(v)}")});");
                }

                for (int row = 0; row < rows; row++)
                {
                    w.Lines($"{(row == 0 ? "V " : "")}x = V.Create({(row == 0 ? "left" : $"At(ref left, {row})")});");
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"g{row}{v} = V.FusedMultiplyAdd(x, right{v}, g{row}{v});");
                    }
                }

                w.Lines("left = ref At(ref left, leftStride);");
                w.Lines("right = ref At(ref right, rightStride);");
            }

            w.Line();
            for (int row = 0; row < rows; row++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    string offset = row == 0 && v == 0 ? "" : " + " + (row == 0 ? Times(v) : $"({row} * stride)" + (v == 0 ? "" : $" + {Times(v)}"));
                    w.Lines($"sink.Weights(g{row}{v}, ref At(ref weights, index{offset}), index{offset});");
                }
            }
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

    private static string Element(int row, int vector) =>
        row == 0 ? (vector == 0 ? "0" : Times(vector))
        : (row == 1 ? "stride" : $"({row} * stride)") + (vector == 0 ? "" : $" + {Times(vector)}");

    private static string Plus(string start, int vector) => vector == 0 ? start : $"{start} + {Times(vector)}";

    private static string Times(int vector) => vector == 1 ? "n" : $"({vector} * n)";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
