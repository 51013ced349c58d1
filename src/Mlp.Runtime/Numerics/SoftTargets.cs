using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Targets after label smoothing and class weights.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SoftTargets
{
    /// <summary>Computes <c>τ = w·(t·(1 − ε) + ε/K)</c> for every target t.</summary>
    /// <param name="targets">The first of <paramref name="rows"/> × <paramref name="columns"/> targets, row-major, without padding.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Targets of a row.</param>
    /// <param name="smoothing">ε, in [0, 1).</param>
    /// <param name="classes">K: the number of columns, or 2 where each column is a probability of its own.</param>
    /// <param name="classWeights">w, one a column; empty where all are 1.</param>
    /// <param name="results">Receives as many τ; may be the targets' own memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are class weights, but not one a column.</exception>
    /// <remarks>Label smoothing: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016). Allocates nothing.</remarks>
    public static void Compute(
        ref readonly float targets, nuint rows, nuint columns, float smoothing, nuint classes, ReadOnlySpan<float> classWeights, ref float results)
    {
        if (!classWeights.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual((nuint)classWeights.Length, columns, nameof(classWeights));
        }

        Vec256 kept = Vec256.Create(1f - smoothing);
        Vec256 share = Vec256.Create(smoothing / classes);
        ref float weights = ref MemoryMarshal.GetReference(classWeights);
        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref Unsafe.AsRef(in targets), m * columns);
            ref float result = ref Unsafe.Add(ref results, m * columns);
            for (nuint c = 0; c < columns; c += 8)
            {
                Vec256 target = Vec256.FusedMultiplyAdd(PaddedRow.Load(in row, c, columns, columns), kept, share);
                target = classWeights.IsEmpty ? target : target * PaddedRow.Load(in weights, c, columns, columns);
                PaddedRow.Store(target, ref result, c, columns, columns);
            }
        }
    }
}
