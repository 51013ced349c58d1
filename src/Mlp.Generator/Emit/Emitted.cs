using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>Names and phrases that the emitters share.</summary>
internal static class Emitted
{
    /// <summary>Declaration of the type that has the kernels: as a type argument, a struct has code of its own in the runtime's generic methods.</summary>
    public const string KernelsHead = $"private readonly partial struct {MemberNames.KernelsType}";

    /// <summary>Attribute of a kernel: compiled once and fully, without a slow first tier.</summary>
    public const string Optimized = "[Compiler::MethodImpl(Optimized)]";

    public const string Inlined = "[Compiler::MethodImpl(Inlined)]";

    /// <summary>Constraint of a kernel's vector.</summary>
    public const string WhereV = "where V : struct, Mlp::IVector<V>";

    /// <summary>Constraint of a vector whose lanes are rows.</summary>
    public const string WhereRowV = "where V : struct, Mlp::IRowVector<V>";

    /// <summary>Constraint of a gradient's destination.</summary>
    public const string WhereSink = "where TSink : struct, Mlp::IGradientSink, allows ref struct";

    /// <summary>The vector of everything that has eight lanes on every machine.</summary>
    public const string Vec8 = "Mlp::Vec256";

    /// <summary>What every type of kernels begins with.</summary>
    public static void KernelMembers(SourceWriter w) => w.Lines($"""
        private const Compiler::MethodImplOptions Inlined = Compiler::MethodImplOptions.AggressiveInlining;

        // Kernels skip the slow first tier of the JIT: they are compiled once, fully optimised. Inside a caller, where the JIT may have inlined
        // as much as it will, their vector operations could end as calls.
        private const Compiler::MethodImplOptions Optimized = Compiler::MethodImplOptions.AggressiveOptimization | Compiler::MethodImplOptions.NoInlining;

        // The float that stands `index` floats behind `origin`.
        {Inlined}
        private static ref float At(ref float origin, nuint index) => ref Compiler::Unsafe.Add(ref origin, index);

        // The float that stands `row` times `length` floats behind `origin`: the first of a row, or of a buffer behind others.
        {Inlined}
        private static ref float Row(ref float origin, nuint row, nuint length) => ref Compiler::Unsafe.Add(ref origin, row * length);
        """);

    /// <summary>Calls one of the three widths' instances of a generic kernel.</summary>
    public static void Dispatch(SourceWriter w, string call)
    {
        using (w.Block("switch (Mlp::VectorWidth.Bits)"))
        {
            foreach (int bits in (int[])[512, 256, 128])
            {
                w.Lines(bits == 128 ? "default:" : $"case {bits}:");
                w.Lines($"    {string.Format(call, $"Mlp::Vec{bits}")};");
                w.Lines("    break;");
            }
        }
    }
}
