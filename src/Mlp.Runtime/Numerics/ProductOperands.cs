using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// The matrices of one layer's product, for the tiles of generated code: <c>sums[r][c] = End(Begin[c] + Σₖ left[r][k]·right[k][c])</c>.
/// </summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ProductOperands
{
    /// <summary>Rows of the left matrix: activations or deltas, one row a sample.</summary>
    public ref float Left;

    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public nuint LeftStride;

    /// <summary>The right matrix: weights, or their transpose; lanes run along its rows.</summary>
    public ref float Right;

    /// <summary>Floats from one row of the right matrix to the next.</summary>
    public nuint RightStride;

    /// <summary>Columns of the left matrix and rows of the right one: the terms of each sum.</summary>
    public nuint Terms;

    /// <summary>The result, one row a sample; holds unfinished sums between two blocks of k.</summary>
    public ref float Sums;

    /// <summary>Floats from one row of the result to the next; <see cref="Kept"/>, <see cref="Mask"/> and <see cref="Bypass"/> have the same.</summary>
    public nuint SumsStride;

    /// <summary>What the sums of every row begin with: biases, or <see cref="Zeros"/>.</summary>
    public ref float Begin;

    /// <summary>Floats from a column's beginning to the next one's: 1, or 0 where <see cref="Begin"/> is one vector for all columns.</summary>
    public nuint BeginStep;

    /// <summary>What the forward pass kept, where the end of a sum needs it.</summary>
    public ref float Kept;

    /// <summary>The dropout mask, where the end of a sum needs it.</summary>
    public ref float Mask;

    /// <summary>The derivative that comes around the next layer through its residual connection, where the end of a sum adds it.</summary>
    public ref float Bypass;
}

/// <summary>How a pass ends the sums of a product; a struct, so that the tiles inline it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISumRule
{
    /// <summary>What is stored for a vector of finished sums.</summary>
    /// <param name="sum">The sums.</param>
    /// <param name="product">The product that they belong to.</param>
    /// <param name="at">Index of the first of them in the result, and in all that has its shape.</param>
    static abstract V End<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V>;
}
