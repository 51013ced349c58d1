using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The matrices of one layer's product: <c>sums[r][c] = Apply(begin[c] + Σₖ left[r][k]·right[k][c])</c>.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ProductOperands
{
    /// <summary>Rows of the left matrix: activations or deltas, one row a sample.</summary>
    public required ref float Left;

    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public required nuint LeftStride;

    /// <summary>The right matrix: weights, or their transpose; lanes run along its rows.</summary>
    public required ref float Right;

    /// <summary>Floats from one row of the right matrix to the next.</summary>
    public required nuint RightStride;

    /// <summary>Columns of the left matrix and rows of the right one: the terms of each sum.</summary>
    public required nuint Terms;

    /// <summary>The result, one row a sample; holds unfinished sums between two blocks of k.</summary>
    public required ref float Sums;

    /// <summary>Floats from one row of the result to the next; <see cref="Kept"/>, <see cref="Mask"/> and <see cref="Residual"/> have the same.</summary>
    public required nuint SumsStride;

    /// <summary>What the sums of every row begin with: biases, or <see cref="Zeros"/>.</summary>
    public required ref float Begin;

    /// <summary>Floats from a column's beginning to the next one's: 1, or 0 where <see cref="Begin"/> is one vector for all columns.</summary>
    public nuint BeginStep;

    /// <summary>The activation's slope or scale, where the epilogue needs it.</summary>
    public float Alpha;

    /// <summary>What the forward pass kept, where the epilogue needs it.</summary>
    public ref float Kept;

    /// <summary>The dropout mask, where the epilogue needs it.</summary>
    public ref float Mask;

    /// <summary>The derivative with respect to the next layer's outputs, where the epilogue adds it: that layer's residual connection.</summary>
    public ref float Residual;
}

/// <summary>What happens to a product's finished sums before they leave their registers; a struct, so that the tiles inline it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IEpilogue
{
    /// <summary>What is stored for a vector of finished sums.</summary>
    /// <param name="sum">The sums.</param>
    /// <param name="product">The product that they belong to.</param>
    /// <param name="at">Index of the first of them in the result, and in all that has its shape.</param>
    static abstract V Apply<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V>;
}
