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

    /// <summary>One parameter in every lane.</summary>
    public static string Parameter(string start, int index) => $"Parameter(ref parameters, {start}{(index == 0 ? "" : $" + {index}")})";

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
