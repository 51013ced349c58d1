namespace Mlp.Generator.Emit;

/// <summary>Names and phrases that the emitters share.</summary>
internal static class Emitted
{
    /// <summary>Attribute of a kernel: compiled once and fully, without a slow first tier.</summary>
    public const string Optimized =
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]";

    public const string Inlined =
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]";

    /// <summary>Constraint of a kernel's vector.</summary>
    public const string WhereV = "where V : struct, global::Mlp.Numerics.IVector<V>";

    /// <summary>Constraint of a gradient's destination.</summary>
    public const string WhereSink = "where TSink : struct, global::Mlp.IGradientSink, allows ref struct";

    /// <summary>The vector of everything that has eight lanes on every machine; an alias in each file.</summary>
    public const string Vec8 = "MlpVec8";

    public const string Numerics = "global::Mlp.Numerics";

    /// <summary>Calls one of the three widths' instances of a generic kernel.</summary>
    public static void Dispatch(SourceWriter w, string call, bool returns)
    {
        string result = returns ? "return " : "";
        using (w.Block($"switch ({Numerics}.VectorWidth.Bits)"))
        {
            foreach (int bits in (int[])[512, 256, 128])
            {
                w.Lines(bits == 128 ? "default:" : $"case {bits}:");
                w.Lines($"    {result}{string.Format(call, $"{Numerics}.Vec{bits}")};");
                if (!returns)
                {
                    w.Lines("    break;");
                }
            }
        }
    }
}
