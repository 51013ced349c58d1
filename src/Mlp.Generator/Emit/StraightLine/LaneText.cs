using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Some neurons of a layer: a loop's variable, if they are in a loop, plus a constant.</summary>
internal sealed record LaneTile(string? Variable, int First, int Count)
{
    /// <summary>What the loop adds to an index at a distance of <paramref name="stride"/> a neuron.</summary>
    public string Loop(int stride) => Variable is null ? "" : stride == 1 ? $" + {Variable}" : $" + ({stride} * {Variable})";

    /// <summary>An index: what neuron <paramref name="j"/> of the tile has at a distance of <paramref name="stride"/> a neuron behind <paramref name="start"/>.</summary>
    public string Index(string start, int stride, int j) => LaneText.Plus(start + Loop(stride), (First + j) * stride);
}

/// <summary>The sums of a tile of neurons: each takes the terms in order, a multiply-add each.</summary>
/// <param name="Local">What the sums' names begin with.</param>
/// <param name="Term">What the terms' names begin with.</param>
/// <param name="Values">Where in a group the terms lie.</param>
/// <param name="Weights">Where the weights begin.</param>
/// <param name="Terms">How many terms a sum has.</param>
/// <param name="NeuronStride">From a weight to that of the next neuron.</param>
/// <param name="TermStride">From a weight to that of the next term.</param>
internal sealed record LaneSums(string Local, string Term, string Values, string Weights, int Terms, int NeuronStride, int TermStride)
{
    /// <summary>What the sum of a neuron of the tile begins with; null for 0.</summary>
    public Func<int, string>? Begin { get; init; }

    /// <summary>The statement that takes a neuron's finished sum; null where others do it.</summary>
    public Func<int, string, string>? End { get; init; }
}

/// <summary>Phrases of straight-line code, where a lane is a sample and a vector is a neuron.</summary>
internal static class LaneText
{
    /// <summary>An index with a constant behind it.</summary>
    public static string Plus(string start, int constant) => constant == 0 ? start : $"{start} + {constant}";

    /// <summary>An index as part of a product.</summary>
    public static string Factor(string index) => index.Contains(' ') ? $"({index})" : index;

    /// <summary>Parts of a declaration, or statements, as many on a line as have room.</summary>
    public static string Packed(string begin, string between, string end, IEnumerable<string> parts)
    {
        const int Room = 140;
        List<string> lines = [];
        foreach (string part in parts)
        {
            if (lines.Count > 0 && lines[lines.Count - 1].Length + part.Length <= Room)
            {
                lines[lines.Count - 1] += between + part;
            }
            else
            {
                lines.Add(begin + part);
            }
        }

        return string.Join("\n", lines.Select(line => line + end));
    }

    /// <summary>Writes the code for tiles of neurons: a loop over those of full size, and another piece for what is left.</summary>
    public static void Tiles(SourceWriter w, string variable, int neurons, int largest, Action<LaneTile> body)
    {
        int tile = Limits.Tile(neurons, largest);
        int whole = neurons / tile * tile;
        if (whole == tile && whole == neurons)
        {
            body(new(null, 0, tile));
            return;
        }

        using (w.Block(whole == tile ? "" : $"for (nuint {variable} = 0; {variable} < {whole}; {(tile == 1 ? $"{variable}++" : $"{variable} += {tile}")})"))
        {
            body(new(whole == tile ? null : variable, 0, tile));
        }

        if (whole < neurons)
        {
            using (w.Block(""))
            {
                body(new(null, whole, neurons - whole));
            }
        }
    }

    /// <summary>Writes the sums of a tile: few multiply-adds one by one, the first with what the sum begins with, else a loop over the terms.</summary>
    public static void Sums(SourceWriter w, LaneTile tile, LaneSums sums)
    {
        int[] neurons = [.. Enumerable.Range(0, tile.Count)];
        string Begin(int j) => sums.Begin?.Invoke(j) ?? "V.Zero";
        string Add(string sum, string term, int place) => $"V.AddProduct({sum}, {term}, ref w, {place})";
        w.Lines($"ref float w = ref At(ref parameters, {tile.Index(sums.Weights, sums.NeuronStride, 0)});");
        if (sums.Terms * tile.Count <= Limits.MostUnrolled)
        {
            for (int t = 0; t < sums.Terms; t++)
            {
                string term = $"{sums.Term}_{t}";
                w.Lines($"V {term} = V.Load(ref values, {Plus(sums.Values, Limits.Lanes * t)});");
                foreach (int j in neurons)
                {
                    string sum = Add(t == 0 ? Begin(j) : $"{sums.Local}_{j}", term, (j * sums.NeuronStride) + (t * sums.TermStride));
                    if (sums.Terms == 1 && sums.End is not null)
                    {
                        // The neuron as its formula: its slope where its sum is.
                        w.Lines(sums.End(j, sum));
                        continue;
                    }

                    w.Lines($"{(t == 0 ? "V " : "")}{sums.Local}_{j} = {sum};");
                }
            }
        }
        else
        {
            w.Lines(string.Join("\n", neurons.Select(j => $"V {sums.Local}_{j} = {Begin(j)};")));
            using (w.Block($"for (nuint k = 0; k < {Limits.Lanes * sums.Terms}; k += {Limits.Lanes})"))
            {
                w.Lines($"V {sums.Term}_k = V.Load(ref values, {sums.Values} + k);");
                w.Lines(string.Join("\n", neurons.Select(j => $"{sums.Local}_{j} = {Add($"{sums.Local}_{j}", $"{sums.Term}_k", j * sums.NeuronStride)};")));
                w.Lines($"w = ref At(ref w, {sums.TermStride});");
            }
        }

        if (sums.End is not null && (sums.Terms > 1 || sums.Terms * tile.Count > Limits.MostUnrolled))
        {
            w.Lines(string.Join("\n", neurons.Select(j => sums.End(j, $"{sums.Local}_{j}"))));
        }
    }

    /// <summary>The sum of eight-way partial sums in the order of the fold; partials beyond the list have no terms and are left out.</summary>
    public static string Fold(IReadOnlyList<string> partials)
    {
        string? At(int index) => index < partials.Count ? partials[index] : null;
        static string? Add(string? left, string? right) => right is null ? left : left is null ? right : $"({left} + {right})";
        string? even = Add(Add(At(0), At(4)), Add(At(2), At(6)));
        string? odd = Add(Add(At(1), At(5)), Add(At(3), At(7)));
        return odd is null ? even! : $"{even} + {odd}";
    }
}
