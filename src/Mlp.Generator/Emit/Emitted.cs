namespace Mlp.Generator.Emit;

/// <summary>Names and phrases that the emitters share.</summary>
internal static class Emitted
{
    /// <summary>Attribute of a kernel: compiled once and fully, without a slow first tier.</summary>
    public const string Optimized = $"[{MethodAlias}(Optimized)]";

    public const string Inlined = $"[{MethodAlias}(Inlined)]";

    /// <summary>Constraint of a kernel's vector.</summary>
    public const string WhereV = $"where V : struct, {Numerics}.IVector<V>";

    /// <summary>Constraint of a gradient's destination.</summary>
    public const string WhereSink = "where TSink : struct, global::Mlp.IGradientSink, allows ref struct";

    /// <summary>The vector of everything that has eight lanes on every machine; an alias in each file.</summary>
    public const string Vec8 = "MlpVec8";

    public const string Numerics = "MlpNumerics";

    private const string MethodAlias = "MlpMethod";

    /// <summary>
    /// The aliases that generated files begin with, each where it is used: short names that no type of the user's is likely to have, as
    /// one in the class's namespace would come first.
    /// </summary>
    private static readonly (string Name, string Target)[] Aliases =
    [
        ("MlpMemory", "global::System.Runtime.InteropServices.MemoryMarshal"),
        (MethodAlias, "global::System.Runtime.CompilerServices.MethodImplAttribute"),
        (Numerics, "global::Mlp.Numerics"),
        (Vec8, "global::Mlp.Numerics.Vec256"),
    ];

    /// <summary>The alias directives that a file with this text needs.</summary>
    public static IEnumerable<string> AliasesIn(string text) =>
        Aliases.Where(alias => text.Contains(alias.Name)).Select(static alias => $"using {alias.Name} = {alias.Target};");

    /// <summary>Calls one of the three widths' instances of a generic kernel.</summary>
    public static void Dispatch(SourceWriter w, string call)
    {
        using (w.Block($"switch ({Numerics}.VectorWidth.Bits)"))
        {
            foreach (int bits in (int[])[512, 256, 128])
            {
                w.Lines(bits == 128 ? "default:" : $"case {bits}:");
                w.Lines($"    {string.Format(call, $"{Numerics}.Vec{bits}")};");
                w.Lines("    break;");
            }
        }
    }
}
