using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Pieces that the texts of all register tiles have in common.</summary>
internal static class TileText
{
    /// <summary>One declaration or statement a row of the tile, with a part for each vector, and what goes on to the next row.</summary>
    public static void Rows(SourceWriter w, int rows, int vectors, Func<int, int, string> part, string head, Func<int, string> next)
    {
        for (int row = 0; row < rows; row++)
        {
            w.Lines($"{head}{string.Join(", ", Enumerable.Range(0, vectors).Select(v => part(row, v)))};");
            if (next(row) is { Length: > 0 } step)
            {
                w.Lines(step);
            }
        }
    }

    /// <summary>What Planning chose for each layer, a line each.</summary>
    public static IEnumerable<string> Choices(NetworkPlan plan) => plan.Layers.Select(layer =>
        $"Layer {layer.Number}: "
        + (layer.IsNarrow ? "eight partial sums an output" : $"tiles of {NetworkPlanner.TileRows} rows × 2 vectors (4 × 3 for the last three of an odd number)")
        + (!layer.IsNarrow && layer.Inputs > layer.InputBlock ? $", inputs in blocks of {layer.InputBlock}" : "")
        + $", weights {layer.WeightStride} floats apart from {(layer.IsNarrow ? "output" : "input")} to {(layer.IsNarrow ? "output" : "input")}"
        + (layer.HasActivationPass ? ", activation in a pass of its own" : ""));

    /// <summary>The further argument that reaches a row's vector of this number.</summary>
    public static string Offset(int vector) => vector == 0 ? "" : vector == 1 ? ", n" : $", {vector} * n";

    /// <summary><c>1 row</c>, <c>6 rows</c></summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
