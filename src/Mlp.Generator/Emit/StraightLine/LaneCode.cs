using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Phrases of straight-line code, where a lane is a sample and a vector is a neuron.</summary>
internal static class LaneCode
{
    public const string V = Emitted.Vec8;

    /// <summary>The vector of passes whose steps wait for each other, so that more rows at once are quicker: eight rows, or sixteen.</summary>
    public const string RowsV = "V";

    /// <summary>Sums that a tile keeps in registers: of sixteen, two more hold a value and a weight.</summary>
    public const int MaxSums = 12;

    /// <summary>Multiply-adds that are written one by one rather than in a loop over the terms.</summary>
    private const int MaxUnrolled = 40;

    /// <summary>Reads neuron <paramref name="neuron"/> of a group of vectors.</summary>
    public static string Load(string group, int neuron) =>
        neuron == 0 ? $"{V}.Load(ref {group})" : $"{V}.Load(ref {group}, {neuron * NetworkPlanner.Lanes})";

    /// <summary>Writes a neuron of a group of vectors.</summary>
    public static string Store(string value, string group, int neuron) =>
        neuron == 0 ? $"{V}.Store({value}, ref {group});" : $"{V}.Store({value}, ref {group}, {neuron * NetworkPlanner.Lanes});";

    /// <summary>A constant's name with an index behind it.</summary>
    public static string At(string start, int index) => index == 0 ? start : $"{start} + {index}";

    /// <summary>A loop over the vectors of a group's neurons; <paramref name="body"/> gets what follows <c>ref group</c>. One neuron needs no loop.</summary>
    public static void ForEachNeuron(SourceWriter w, int neurons, Action<string> body)
    {
        if (neurons == 1)
        {
            body("");
            return;
        }

        using (w.Block($"for (nuint o = 0; o < {NetworkPlanner.Lanes * neurons}; o += {NetworkPlanner.Lanes})"))
        {
            body(", o");
        }
    }

    /// <summary>An index: a variable, if there is one, times a factor, plus a constant; empty for 0.</summary>
    public static string Place(string? variable, int factor, int constant)
    {
        string product = variable is null ? "" : factor == 1 ? variable : $"{factor} * {variable}";
        return product.Length == 0 ? (constant == 0 ? "" : $"{constant}")
            : constant == 0 ? product
            : factor == 1 ? $"{product} + {constant}" : $"({product}) + {constant}";
    }

    /// <summary>A constant's name with a place behind it.</summary>
    public static string Plus(string start, string place) => place.Length == 0 ? start : place.Contains('*') && !place.StartsWith("(", StringComparison.Ordinal) ? $"{start} + ({place})" : $"{start} + {place}";

    /// <summary>Whether an activation is a few instructions, for which a sum may wait in its register.</summary>
    public static bool IsLight(Activation activation) => activation is Activation.Linear or Activation.Relu or Activation.LeakyRelu or Activation.PRelu;

    /// <summary>What follows <c>ref group</c> to reach a vector of it: nothing, or a comma and the place.</summary>
    public static string Offset(string? variable, int neuron)
    {
        string place = Place(variable, NetworkPlanner.Lanes, NetworkPlanner.Lanes * neuron);
        return place.Length == 0 ? "" : $", {place}";
    }

    /// <summary>The float some places behind <c>name</c>, as an argument.</summary>
    public static string Ref(string name, string place) => place.Length == 0 ? $"ref {name}" : $"ref At(ref {name}, {place})";

    /// <summary>Opens the class of the passes that are generic over the number of rows in a vector.</summary>
    public static SourceWriter.BlockScope Passes(SourceWriter w)
    {
        w.Lines("""
            // Where each step waits for the one before (exponentials, divisions, the loss), a vector has sixteen lanes if the processor has such
            // registers, and else eight. No lane depends on another, so their number does not show in the results.
            private static partial class Passes<V>
            """);
        return w.Block($"    {Emitted.WhereRowV}");
    }

    /// <summary>A method that calls that of the passes of the same name, by the widest vectors that the processor has.</summary>
    public static void Dispatch(SourceWriter w, string name, IReadOnlyList<(string Declaration, string Argument)> parameters)
    {
        string arguments = string.Join(", ", parameters.Select(static parameter => parameter.Argument));
        using (w.Block($"private static void {name}({string.Join(", ", parameters.Select(static parameter => parameter.Declaration))})"))
        {
            w.Lines($$"""
                if (Mlp::VectorWidth.Bits == 512 && rows > 8)
                {
                    Passes<Mlp::Vec512>.{{name}}({{arguments}});
                }
                else
                {
                    Passes<{{V}}>.{{name}}({{arguments}});
                }
                """);
        }
    }

    /// <summary>Reads a neuron of a vector's rows.</summary>
    public static string LoadRows(string group, int neuron) => $"{RowsV}.LoadRows(ref {group}{Rows(Offset(null, neuron))})";

    /// <summary>What follows <c>ref group</c> in <c>LoadRows</c> and <c>StoreRows</c>, from what follows it in <c>Load</c> and <c>Store</c>.</summary>
    public static string Rows(string at) => $"{(at.Length == 0 ? ", 0" : at)}, Group";

    /// <summary>Writes a method of the passes, like <see cref="Kernel"/>: it does the same for each vector of rows.</summary>
    public static void RowsKernel(SourceWriter w, string name, IReadOnlyList<string> groups, IReadOnlyList<string> others, Action body, Action? before = null)
    {
        w.Lines(Emitted.Optimized);
        using (w.Block($"public static void {name}({string.Join(", ", [.. groups.Select(static group => $"ref float {group}"), .. others, "nuint rows"])})"))
        {
            w.Lines("nuint lanes = (nuint)V.Count;");
            before?.Invoke();
            using (w.Block("for (nuint row = 0; row < rows; row += lanes)"))
            {
                body();
                Advance(w, groups, static group => $"ref Row(ref {group}, lanes, Group / 8)");
            }
        }
    }

    /// <summary>Writes a method that does the same for each group of eight rows.</summary>
    /// <param name="w">Where to write.</param>
    /// <param name="name">Name of the method.</param>
    /// <param name="groups">Names of the groups of vectors that it reads and writes, all <c>ref float</c>; they advance from eight rows to the next.</param>
    /// <param name="others">Its other parameters, with their types.</param>
    /// <param name="body">Writes the code for eight rows.</param>
    /// <param name="before">Writes what all rows share, or null.</param>
    public static void Kernel(SourceWriter w, string name, IReadOnlyList<string> groups, IReadOnlyList<string> others, Action body, Action? before = null)
    {
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void {name}({string.Join(", ", [.. groups.Select(static group => $"ref float {group}"), .. others, "nuint rows"])})"))
        {
            before?.Invoke();
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                body();
                Advance(w, groups);
            }
        }
    }

    /// <summary>Goes on to the next rows: those of the next group, or by another rule.</summary>
    public static void Advance(SourceWriter w, IEnumerable<string> groups, Func<string, string>? next = null)
    {
        next ??= static group => $"ref At(ref {group}, Group)";
        w.Line();
        w.Lines(string.Join("\n", groups.Select(group => $"{group} = {next(group)};")));
    }

    /// <summary>
    /// Writes the code for tiles of neurons: a loop over those of full size, and another piece for what is left. A tile's place is a variable, if
    /// it is in the loop, plus a constant.
    /// </summary>
    public static void Tiles(SourceWriter w, string variable, int neurons, int largest, Action<string?, int, int> body)
    {
        int tile = Tile(neurons, largest);
        int whole = neurons / tile * tile;
        if (whole == tile && whole == neurons)
        {
            body(null, 0, tile);
            return;
        }

        using (w.Block(whole == tile ? "" : $"for (nuint {variable} = 0; {variable} < {whole}; {(tile == 1 ? $"{variable}++" : $"{variable} += {tile}")})"))
        {
            body(whole == tile ? null : variable, 0, tile);
        }

        if (whole < neurons)
        {
            using (w.Block(""))
            {
                body(null, whole, neurons - whole);
            }
        }
    }

    /// <summary>The size of tiles: the largest that leaves nothing over, if it is not much smaller than it may be; else tiles of nearly the same size.</summary>
    internal static int Tile(int neurons, int largest)
    {
        for (int tile = Math.Min(neurons, largest); 3 * tile >= 2 * Math.Min(neurons, largest); tile--)
        {
            if (neurons % tile == 0)
            {
                return tile;
            }
        }

        int tiles = (neurons + largest - 1) / largest;
        return (neurons + tiles - 1) / tiles;
    }

    /// <summary>
    /// Writes the sums of a tile of neurons, <c>local_0</c> and so on: each begins with a value of its own and takes the terms in order, a multiply-add
    /// each.
    /// </summary>
    /// <param name="w">Where to write.</param>
    /// <param name="local">What the sums' names begin with.</param>
    /// <param name="neurons">How many neurons the tile has.</param>
    /// <param name="begin">What the sum of a neuron of the tile begins with.</param>
    /// <param name="term">Name of the index of terms.</param>
    /// <param name="terms">How many terms a sum has.</param>
    /// <param name="source">The group of vectors that are multiplied by weights.</param>
    /// <param name="weights">Where the tile's first weight stands in the store.</param>
    /// <param name="neuronStride">From a weight to that of the next neuron.</param>
    /// <param name="termStride">From a weight to that of the next term.</param>
    public static void Sums(
        SourceWriter w, string local, int neurons, Func<int, string> begin, string term, int terms, string source, string weights, int neuronStride, int termStride)
    {
        for (int j = 0; j < neurons; j++)
        {
            w.Lines($"{V} {local}_{j} = {begin(j)};");
        }

        w.Lines($"ref float w = ref At(ref parameters, {weights});");
        string Add(int j, string value, string place) => $"{local}_{j} = {V}.AddProduct({local}_{j}, {value}, ref w, {place});";
        if (terms * neurons <= MaxUnrolled)
        {
            for (int t = 0; t < terms; t++)
            {
                w.Lines($"{V} {source}_{t} = {Load(source, t)};");
                w.Lines(string.Join("\n", Enumerable.Range(0, neurons).Select(j => Add(j, $"{source}_{t}", $"{(j * neuronStride) + (t * termStride)}"))));
            }

            return;
        }

        using (w.Block($"for (nuint {term} = 0; {term} < {NetworkPlanner.Lanes * terms}; {term} += {NetworkPlanner.Lanes})"))
        {
            w.Lines($"{V} {source}_{term} = {V}.Load(ref {source}, {term});");
            w.Lines(string.Join("\n", Enumerable.Range(0, neurons).Select(j => Add(j, $"{source}_{term}", $"{j * neuronStride}"))));
            w.Lines($"w = ref At(ref w, {termStride});");
        }
    }

    /// <summary>The sum of eight-way partial sums in the order of the fold; partials beyond the list have no terms and are left out.</summary>
    public static string Fold(IReadOnlyList<string> partials)
    {
        string? At(int index) => index < partials.Count ? partials[index] : null;
        static string? Add(string? left, string? right) => left is null ? right : right is null ? left : $"({left} + {right})";
        string sum = Add(Add(Add(At(0), At(4)), Add(At(2), At(6))), Add(Add(At(1), At(5)), Add(At(3), At(7))))!;
        return sum.StartsWith("(", StringComparison.Ordinal) && sum.EndsWith(")", StringComparison.Ordinal) && Encloses(sum) ? sum.Substring(1, sum.Length - 2) : sum;
    }

    /// <summary>Writes the canonical eight-way sum of the terms into a new local.</summary>
    public static void Sum(SourceWriter w, string v, string local, IReadOnlyList<string> terms)
    {
        for (int i = NetworkPlanner.Lanes; i < terms.Count; i++)
        {
            if (i < 2 * NetworkPlanner.Lanes)
            {
                w.Lines($"{v} {local}{i % 8} = {terms[i % 8]};");
            }

            w.Lines($"{local}{i % 8} += {terms[i]};");
        }

        string[] partials = [.. Enumerable.Range(0, Math.Min(8, terms.Count)).Select(i => i + 8 < terms.Count ? $"{local}{i}" : terms[i])];
        w.Lines($"{v} {local} = {Fold(partials)};");
    }

    /// <summary>Whether the first bracket closes with the last.</summary>
    private static bool Encloses(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length - 1; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }
        }

        return true;
    }
}
