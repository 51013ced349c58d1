using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The matrices of the gradient of one layer's weights: <c>Σₘ left[m][r]·right[m][c]</c> over the samples m.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct GradientOperands
{
    /// <summary>One row a sample; its columns are the rows of the gradient.</summary>
    public required ref float Left;

    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public required nuint LeftStride;

    /// <summary>One row a sample; its columns are those of the gradient, and lanes run along them.</summary>
    public required ref float Right;

    /// <summary>Floats from one row of the right matrix to the next.</summary>
    public required nuint RightStride;

    /// <summary>Rows of the gradient.</summary>
    public required nuint Rows;

    /// <summary>Number of samples.</summary>
    public nuint Samples;

    /// <summary>The first row of the gradient that is computed here.</summary>
    public nuint First;

    /// <summary>The row behind the last that is computed here.</summary>
    public nuint End;

    /// <summary>Columns of the gradient.</summary>
    public required nuint Columns;

    /// <summary>The network's parameters.</summary>
    public ref float Parameters;

    /// <summary>Index among them of the weight in the first row and column.</summary>
    public required nuint Index;

    /// <summary>Floats from one row of weights to the next.</summary>
    public required nuint Stride;

    /// <summary>Room for all unfinished tiles, where the samples come in several blocks; else not used.</summary>
    public ref float Partial;
}
