namespace Mlp.Numerics;

/// <summary>
/// The matrices of one layer's product, for the tiles of generated code: <c>sums[r][c] = End(Begin(c) + Σₖ left[r][k]·right[k][c])</c>.
/// </summary>
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

    /// <summary>The result, one row a sample; holds unfinished sums between two blocks of k.</summary>
    public ref float Sums;

    /// <summary>Floats from one row of the result to the next; <see cref="Kept"/>, <see cref="Mask"/> and <see cref="Bypass"/> have the same.</summary>
    public nuint SumsStride;

    /// <summary>What sums begin with: biases, or anything where they begin with 0.</summary>
    public ref float Biases;

    /// <summary>What the forward pass kept, where the end of a sum needs it.</summary>
    public ref float Kept;

    /// <summary>The dropout mask, where the end of a sum needs it.</summary>
    public ref float Mask;

    /// <summary>The derivative that comes around the next layer through its residual connection, where the end of a sum adds it.</summary>
    public ref float Bypass;
}

/// <summary>How a pass begins and ends the sums of a product; a struct, so that the tiles inline it.</summary>
public interface ISumRule
{
    /// <summary>The value of a vector of sums before their first term.</summary>
    /// <param name="biases">The first of the vector's biases.</param>
    static abstract V Begin<V>(ref readonly float biases) where V : struct, IVector<V>;

    /// <summary>What is stored for a vector of finished sums.</summary>
    /// <param name="sum">The sums.</param>
    /// <param name="kept">The first of the vector's values that the forward pass kept.</param>
    /// <param name="mask">The first of the vector's mask values.</param>
    /// <param name="bypass">The first of the vector's values that come through the residual connection.</param>
    static abstract V End<V>(V sum, ref readonly float kept, ref readonly float mask, ref readonly float bypass) where V : struct, IVector<V>;
}
