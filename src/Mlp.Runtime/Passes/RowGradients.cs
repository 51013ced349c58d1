using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The gradients of a tiled network's weights.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowGradients
{
    /// <summary>The gradients of a share of the rows of a layer's weights, into the sink.</summary>
    /// <param name="pass">All rows of the batch.</param>
    /// <param name="gradient">The matrices; what is not said of them follows from the pass.</param>
    /// <param name="part">Number of the share, from 0.</param>
    /// <param name="parts">Number of shares.</param>
    /// <param name="sink">Takes each tile once it is complete.</param>
    /// <returns>Whether the share has the last rows: it then does the layer's other parameters too.</returns>
    public static bool OfWeights<V, TSink>(scoped in RowPass pass, scoped GradientOperands gradient, int part, int parts, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
        (nuint first, nuint count) = WorkerPool.Range(gradient.Rows, Tiles.Rows, part, parts);
        gradient.First = first;
        gradient.End = first + count;
        gradient.Samples = pass.Rows;
        gradient.Parameters = ref pass.Parameters;

        // The unfinished tiles of a large batch, whole vectors of the widest.
        nuint unfinished = pass.Rows > Tiles.MostSamples ? gradient.Rows * ((gradient.Columns + 15) & ~(nuint)15) : 0;
        gradient.Partial = ref Scratch.BorrowForWeights((int)unfinished);
        Tiles.SumGradients<V, TSink>(gradient, sink);
        return gradient.End == gradient.Rows;
    }
}
