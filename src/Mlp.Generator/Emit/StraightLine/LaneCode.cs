using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Phrases of straight-line code, where a lane is a sample and a vector is a neuron.</summary>
internal static class LaneCode
{
    public const string V = Emitted.Vec8;

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

    /// <summary>
    /// Writes a method that does the same for each of some neurons, in parts where it would hold more multiply-adds than the JIT
    /// inlines.
    /// </summary>
    /// <param name="w">Where to write.</param>
    /// <param name="name">Name of the method.</param>
    /// <param name="parameters">Names of its parameters, all <c>ref float</c>.</param>
    /// <param name="neurons">How many neurons there are.</param>
    /// <param name="cost">Multiply-adds for each of them.</param>
    /// <param name="body">Writes the code for some neurons: the first, and the one behind the last.</param>
    /// <param name="after">Writes what follows when all are done, or null.</param>
    public static void Method(
        SourceWriter w, string name, string[] parameters, int neurons, int cost, Action<int, int> body, Action? after = null)
    {
        int perPart = Math.Max(1, NetworkPlanner.MaxMethodMultiplyAdds / cost);
        int parts = (neurons + perPart - 1) / perPart;
        perPart = (neurons + parts - 1) / parts;
        string list = string.Join(", ", parameters.Select(static parameter => $"ref float {parameter}"));
        string arguments = string.Join(", ", parameters.Select(static parameter => $"ref {parameter}"));
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void {name}({list})"))
        {
            if (parts == 1)
            {
                body(0, neurons);
            }
            else
            {
                w.Lines("// In parts: the JIT inlines only so much into one method.");
                w.Lines(string.Join("\n", Enumerable.Range(1, parts).Select(part => $"{name}Part{part}({arguments});")));
            }

            if (after is not null)
            {
                w.Line();
                after();
            }
        }

        for (int part = 1; parts > 1 && part <= parts; part++)
        {
            w.Line();
            w.Lines(Emitted.Optimized);
            using (w.Block($"private static void {name}Part{part}({list})"))
            {
                body((part - 1) * perPart, Math.Min(part * perPart, neurons));
            }
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
    public static void Sum(SourceWriter w, string local, IReadOnlyList<string> terms)
    {
        for (int i = NetworkPlanner.Lanes; i < terms.Count; i++)
        {
            if (i < 2 * NetworkPlanner.Lanes)
            {
                w.Lines($"{V} {local}{i % 8} = {terms[i % 8]};");
            }

            w.Lines($"{local}{i % 8} += {terms[i]};");
        }

        string[] partials = [.. Enumerable.Range(0, Math.Min(8, terms.Count)).Select(i => i + 8 < terms.Count ? $"{local}{i}" : terms[i])];
        w.Lines($"{V} {local} = {Fold(partials)};");
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
