using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the product that the forward pass and the deltas have in common, with its register tiles.</summary>
internal static class ProductEmitter
{
    private const string Where = Emitted.WhereV;
    private const string Optimized = Emitted.Optimized;
    private const string Product = "scoped in Mlp::ProductOperands product";
    private const string WhereRule = "where TRule : struct, Mlp::ISumRule";

    /// <summary>Rows × vectors of the tiles of a product: many rows, then two rows, then one, which are as wide as the columns allow.</summary>
    private static readonly (int Rows, int Vectors)[] Tiles =
        [(NetworkPlanner.TileRows, 2), (NetworkPlanner.TileRows, 1), (4, 3), (4, 2), (4, 1), (2, 4), (2, 2), (2, 1), (1, 8), (1, 4), (1, 2), (1, 1)];

    public static void Emit(SourceWriter w)
    {
        w.Lines($$"""
            // The product of the passes: sums[r][c] = End(Begin(c) + Σ left[r][k]·right[k][c]), k in index order for every sum.
            // The loops, from outside: blocks of rows r, whose sums and left matrix stay in the second-level cache; columns c, two vectors at a time,
            // of an odd number the last three together, a single one alone; blocks of k, so that these columns of the right matrix stay in a near
            // cache while all rows pass by; tiles of rows.
            // A tile of 6 rows × 2 vectors is 12 independent sums: with two vectors of the right matrix and one broadcast value of the left
            // as many as 16 registers hold, and more than the 8 that keep two multiply-add units busy. So are 4 × 3. The others fill gaps: 4 × 2
            // where 6 rows would leave 2 over, 6 × 2 and 6 × 1 where 4 would, and 6 × 1 and 4 × 1 for a single vector.
            // Columns of a wide matrix are no stream that a processor foresees: each tile fetches, one line with every k, the block that comes next.
            {{Optimized}}
            public static void Multiply<V, TRule>({{Product}}, nuint rows, nuint columns, nuint block)
                {{Where}}
                {{WhereRule}}
            {
                nuint n = (nuint)V.Count;
                nuint even = rows < 4 ? 0 : rows & ~(nuint)1;
                for (nuint first = 0; first < even;)
                {
                    nuint behind = even - first < 2 * {{NetworkPlanner.LongestRowBlock}} ? even : first + {{NetworkPlanner.LongestRowBlock}};
                    for (nuint c = 0, wide = 0; c < columns; c += wide * n)
                    {
                        nuint vectors = (columns - c + n - 1) / n;
                        wide = vectors > 3 ? 2 : vectors;
                        for (nuint k = 0; k < product.Terms; k += block)
                        {
                            nuint end = k + block < product.Terms ? k + block : product.Terms;

                            // What comes next: the following k of these columns, but as many as here, then the first k of the columns behind.
                            bool isLast = end == product.Terms;
                            nuint nextTerm = isLast ? 0 : global::System.Math.Min(end, product.Terms - (end - k));
                            nuint nextColumn = !isLast ? c : vectors > wide ? c + (wide * n) : 0;
                            nuint next = (nextTerm * product.RightStride) + nextColumn;
                            nuint line = 0;
                            for (nuint r = first; r < behind;)
                            {
                                nuint rest = behind - r;
                                nuint height = rest is 4 or 8 || (wide == 3 && rest != 6) ? 4 : (nuint)6;
                                if (c == 0)
                                {
                                    ExpectRows(product, r + height, rows, k, end);
                                }

                                MultiplyTile<V, TRule>(product, r, height, c, wide, k, end, next + line);
                                r += height;
                                line = line + 16 < wide * n ? line + 16 : 0; // A row of the widest vectors is a line each: tiles take turns.
                            }
                        }
                    }

                    first = behind;
                }

                for (; even < rows; even += rows - even >= 2 ? 2 : (nuint)1)
                {
                    MultiplyFew<V, TRule>(product, even, rows - even >= 2, columns);
                }
            }

            // A tile of four or six rows and up to three vectors; six rows of three vectors are two tiles.
            {{Emitted.Inlined}}
            private static void MultiplyTile<V, TRule>({{Product}}, nuint r, nuint height, nuint c, nuint wide, nuint k, nuint end, nuint next)
                {{Where}}
                {{WhereRule}}
            {
                switch (height, wide)
                {
                    case (4, 3):
                        Tile4x3<V, TRule>(product, r, c, k, end, next);
                        break;
                    case (4, 2):
                        Tile4x2<V, TRule>(product, r, c, k, end, next);
                        break;
                    case (4, _):
                        Tile4x1<V, TRule>(product, r, c, k, end, next);
                        break;
                    case (_, 3):
                        Tile6x2<V, TRule>(product, r, c, k, end, next);
                        Tile6x1<V, TRule>(product, r, c + (2 * (nuint)V.Count), k, end, next);
                        break;
                    case (_, 2):
                        Tile6x2<V, TRule>(product, r, c, k, end, next);
                        break;
                    default:
                        Tile6x1<V, TRule>(product, r, c, k, end, next);
                        break;
                }
            }

            // The terms from k up to `end` of the tile of rows that comes next: the rows of a large batch come from memory.
            {{Optimized}}
            private static void ExpectRows({{Product}}, nuint r, nuint rows, nuint k, nuint end)
            {
                for (nuint row = r; row < r + {{NetworkPlanner.TileRows}} && row < rows; row++)
                {
                    for (nuint i = k; i < end; i += 16)
                    {
                        Mlp::Prefetch.SecondLevel(in At(ref Row(ref product.Left, row, product.LeftStride), i));
                    }
                }
            }

            // Two rows r and r + 1, or one: as many columns at a time as give independent sums enough, and all k at once, as the right matrix
            // comes by only once. Where the last columns are fewer, some of those before are computed again.
            {{Optimized}}
            private static void MultiplyFew<V, TRule>({{Product}}, nuint r, bool isPair, nuint columns)
                {{Where}}
                {{WhereRule}}
            {
                nuint n = (nuint)V.Count;
                nuint vectors = (columns + n - 1) / n;
                nuint wide = vectors >= 8 && !isPair ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : (nuint)1;
                for (nuint v = 0; v < vectors; v += wide)
                {
                    nuint c = (v + wide <= vectors ? v : vectors - wide) * n;
                    switch ((isPair, wide))
                    {
                        case (false, 8):
                            Tile1x8<V, TRule>(product, r, c, 0, product.Terms);
                            break;
                        case (true, 4):
                            Tile2x4<V, TRule>(product, r, c, 0, product.Terms);
                            break;
                        case (false, 4):
                            Tile1x4<V, TRule>(product, r, c, 0, product.Terms);
                            break;
                        case (true, 2):
                            Tile2x2<V, TRule>(product, r, c, 0, product.Terms);
                            break;
                        case (false, 2):
                            Tile1x2<V, TRule>(product, r, c, 0, product.Terms);
                            break;
                        case (true, _):
                            Tile2x1<V, TRule>(product, r, c, 0, product.Terms);
                            break;
                        default:
                            Tile1x1<V, TRule>(product, r, c, 0, product.Terms);
                            break;
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
        bool fetches = rows >= 4;
        w.Lines($"// {TileText.Count(rows, "row")} × {TileText.Count(vectors, "vector")} of sums from row r, column c: the terms from k up to `end`.");
        w.Lines(Optimized);
        w.Lines($"private static void Tile{rows}x{vectors}<V, TRule>({Product}, nuint r, nuint c, nuint k, nuint end{(fetches ? ", nuint next" : "")})");
        w.Lines($"    {Where}");
        using (w.Block($"    {WhereRule}"))
        {
            if (vectors > 1)
            {
                w.Lines("nuint n = (nuint)V.Count;");
            }

            w.Lines("""
                nuint leftStride = product.LeftStride;
                nuint rightStride = product.RightStride;
                nuint at = (r * product.SumsStride) + c;
                ref float left0 = ref At(ref product.Left, r * leftStride);
                """);
            for (int row = 1; row < rows; row++)
            {
                w.Lines($"ref float left{row} = ref At(ref left{row - 1}, leftStride);");
            }

            string next = rows > 1 ? " from = ref At(ref from, step);" : "";
            w.Lines("""
                ref float right = ref At(ref product.Right, (k * rightStride) + c);
                ref float sums = ref At(ref product.Sums, at);
                ref float from = ref k > 0 ? ref sums : ref At(ref product.Begin, c * product.BeginStep);
                """);
            if (fetches)
            {
                w.Lines("ref float ahead = ref At(ref product.Right, next);");
            }

            if (rows > 1)
            {
                w.Lines("nuint step = k > 0 ? product.SumsStride : 0;");
            }

            TileText.Rows(w, rows, vectors, static (row, v) => $"s{row}{v} = V.Load(ref from{TileText.Offset(v)})", "V ", row => row + 1 < rows ? "from = ref At(ref from, step);" : "");
            using (w.Block("for (nuint i = k; i < end; i++)"))
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines($"V right{v} = V.Load(ref right{TileText.Offset(v)});");
                }

                for (int row = 0; row < rows; row++)
                {
                    w.Lines($"{(row == 0 ? "V " : "")}x = V.Broadcast(ref left{row}, i);");
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"V.AddProduct(ref s{row}{v}, x, right{v});");
                    }
                }

                if (fetches)
                {
                    w.Lines("Mlp::Prefetch.SecondLevel(in ahead);");
                    w.Lines("ahead = ref At(ref ahead, rightStride);");
                }

                w.Lines("right = ref At(ref right, rightStride);");
            }

            using (w.Block("if (end == product.Terms)"))
            {
                for (int row = 0; row < rows; row++)
                {
                    for (int v = 0; v < vectors; v++)
                    {
                        w.Lines($"s{row}{v} = TRule.End(s{row}{v}, product, at{(v == 0 ? "" : v == 1 ? " + n" : $" + ({v} * n)")});");
                    }

                    if (row + 1 < rows)
                    {
                        w.Lines("at += product.SumsStride;");
                    }
                }
            }

            for (int row = 0; row < rows; row++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    w.Lines($"V.Store(s{row}{v}, ref sums{TileText.Offset(v)});");
                }

                if (row + 1 < rows)
                {
                    w.Lines("sums = ref At(ref sums, product.SumsStride);");
                }
            }
        }
    }
}
