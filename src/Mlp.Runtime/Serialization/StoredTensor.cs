namespace Mlp;

/// <summary>A tensor of a file as a network holds it: element [i, j] at <c>offset + i·strides[0] + j·strides[1]</c>.</summary>
/// <param name="values">Where the network holds it: its store, or its running statistics.</param>
/// <param name="layer">Name of the tensor's layer.</param>
/// <param name="part">What follows it in the tensor's name.</param>
/// <param name="shape">The tensor's shape in files, one or two dimensions.</param>
/// <param name="offset">Index of the first element in the values.</param>
/// <param name="strides">Floats between neighbours along each dimension; one of them is 1.</param>
internal sealed class StoredTensor(Func<Span<float>> values, string layer, string part, int[] shape, int offset, int[] strides)
{
    /// <summary>The tensor's name in files.</summary>
    public string Name => $"{Prefix}{layer}.{part}";

    /// <summary>What its name begins with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Name of the layer that it belongs to.</summary>
    public string Layer => layer;

    /// <summary>The shape in files.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The least value that an element may have.</summary>
    public float Minimum { get; init; } = float.NegativeInfinity;

    /// <summary>Whether elements may also be infinite or NaN.</summary>
    public bool TakesAnything { get; init; }

    /// <summary>Number of elements.</summary>
    public int Length { get; } = shape.Length == 1 ? shape[0] : shape[0] * shape[1];

    /// <summary>The element with this index in row-major order.</summary>
    public float this[int index]
    {
        get => values()[Position(index)];
        set => values()[Position(index)] = value;
    }

    /// <summary>Elements of the last dimension, which follow each other in files.</summary>
    public int RowLength => shape[^1];

    /// <summary>Replaces elements that follow each other in row-major order.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="elements">Whole rows, or a part of one.</param>
    public void Write(int first, ReadOnlySpan<float> elements)
    {
        int columns = Math.Min(RowLength, elements.Length);
        int rows = elements.Length / columns;
        Span<float> destination = values()[Position(first)..];
        if (strides[^1] == 1)
        {
            for (int row = 0; row < rows; row++)
            {
                elements.Slice(row * columns, columns).CopyTo(destination[(row * strides[0])..]);
            }
        }
        else
        {
            // The network holds the transpose.
            destination = destination[..(((columns - 1) * strides[1]) + rows)];
            Matrix.Transpose(in elements[0], (nuint)rows, (nuint)columns, (nuint)columns, ref destination[0], (nuint)strides[1]);
        }
    }

    /// <summary>A copy of all elements in row-major order.</summary>
    public float[] ToArray()
    {
        float[] copy = new float[Length];
        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = this[i];
        }

        return copy;
    }

    /// <summary>What is wrong with a value, such as <c>which is not a finite float</c>; null where it can be an element.</summary>
    public string? ProblemOf(double value) =>
        TakesAnything ? null
        : !float.IsFinite((float)value) ? "which is not a finite float"
        : value < Minimum ? $"but must be at least {Minimum}"
        : null;

    /// <summary>Whether all values can be elements.</summary>
    public bool Takes(ReadOnlySpan<float> elements) =>
        TakesAnything || (Finiteness.AllFinite(elements) && (Minimum == float.NegativeInfinity || !elements.ToArray().Any(value => value < Minimum)));

    /// <summary>An element's indices as messages show them: <c>[3, 0]</c>.</summary>
    public string IndexText(int index) => shape.Length == 1 ? $"[{index}]" : $"[{index / shape[1]}, {index % shape[1]}]";

    private int Position(int index) => shape.Length == 1
        ? offset + (index * strides[0])
        : offset + (index / shape[1] * strides[0]) + (index % shape[1] * strides[1]);
}
