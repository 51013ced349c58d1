using Mlp.Generator.Emit.Tiled;
using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>Names and phrases that the emitters share.</summary>
internal static class Emitted
{
    /// <summary>Declaration of the type that has the kernels: as a type argument, a struct has code of its own in the runtime's generic methods.</summary>
    public const string KernelsHead = $"private readonly partial struct {MemberNames.KernelsType}";

    /// <summary>Attribute of a kernel: compiled once and fully, without a slow first tier.</summary>
    public const string Optimized = $"[{MethodAlias}(Optimized)]";

    public const string Inlined = $"[{MethodAlias}(Inlined)]";

    /// <summary>Constraint of a kernel's vector.</summary>
    public const string WhereV = $"where V : struct, {Numerics}.IVector<V>";

    /// <summary>Constraint of a vector whose lanes are rows.</summary>
    public const string WhereRowV = $"where V : struct, {Numerics}.IRowVector<V>";

    /// <summary>Constraint of a gradient's destination.</summary>
    public const string WhereSink = "where TSink : struct, global::Mlp.CompilerServices.IGradientSink, allows ref struct";

    /// <summary>The vector of everything that has eight lanes on every machine; an alias in each file.</summary>
    public const string Vec8 = "MlpVec8";

    public const string Numerics = "MlpNumerics";

    /// <summary>The class of the tiles that the project's networks share.</summary>
    public const string Tiles = "MlpTiles";

    private const string MethodAlias = "MlpMethod";

    /// <summary>
    /// The aliases that generated files begin with, each where it is used: short names that no type of the user's is likely to have, as
    /// one in the class's namespace would come first.
    /// </summary>
    private static readonly (string Name, string Target)[] Aliases =
    [
        ("MlpMemory", "global::System.Runtime.InteropServices.MemoryMarshal"),
        (MethodAlias, "global::System.Runtime.CompilerServices.MethodImplAttribute"),
        (Numerics, "global::Mlp.CompilerServices"),
        (Tiles, $"global::{TilesFile.Namespace}.{TilesFile.ClassName}"),
        (Vec8, "global::Mlp.CompilerServices.Vec256"),
    ];

    /// <summary>The alias directives that a file with this text needs.</summary>
    public static IEnumerable<string> AliasesIn(string text) =>
        Aliases.Where(alias => text.Contains(alias.Name)).Select(static alias => $"using {alias.Name} = {alias.Target};");

    /// <summary>What every type of kernels begins with.</summary>
    public static void KernelMembers(SourceWriter w) => w.Lines($"""
        private const global::System.Runtime.CompilerServices.MethodImplOptions Inlined = global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining;

        // Kernels skip the slow first tier of the JIT: they are compiled once, fully optimised. Inside a caller, where the JIT may have inlined
        // as much as it will, their vector operations could end as calls.
        private const global::System.Runtime.CompilerServices.MethodImplOptions Optimized =
            global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization | global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining;

        // The float that stands `index` floats behind `origin`.
        {Inlined}
        private static ref float At(ref float origin, nuint index) => ref global::System.Runtime.CompilerServices.Unsafe.Add(ref origin, index);

        // The float that stands `row` times `length` floats behind `origin`: the first of a row, or of a buffer behind others.
        {Inlined}
        private static ref float Row(ref float origin, nuint row, nuint length) => ref global::System.Runtime.CompilerServices.Unsafe.Add(ref origin, row * length);
        """);

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
