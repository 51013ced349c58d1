namespace Mlp;

/// <summary>
/// Translates between the store, laid out as the kernels like it, and parameter order: layer by layer, weights [inputs × outputs]
/// row-major, then biases, gains and shifts of normalization, and the activation's slope, where there are such. What stands before the first layer comes first.
/// </summary>
internal static class ParameterOrder
{
    public static void FromStore(NetworkLayout layout, ReadOnlySpan<float> store, Span<float> ordered)
    {
        foreach (ParameterMatrix matrix in layout.BeforeLayers)
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                store.Slice(matrix.Offset + (row * matrix.Stride), matrix.Columns).CopyTo(ordered);
                ordered = ordered[matrix.Columns..];
            }
        }

        for (int number = 0; number < layout.Layers.Length; number++)
        {
            DenseLayout layer = layout.Layers[number];
            for (int i = 0; i < layer.Inputs; i++)
            {
                int row = layer.WeightsOffset + (i * layer.InputStride);
                for (int o = 0; o < layer.Outputs; o++)
                {
                    ordered[(i * layer.Outputs) + o] = store[row + (o * layer.OutputStride)];
                }
            }

            ordered = ordered[(layer.Inputs * layer.Outputs)..];
            foreach (ParameterVector vector in layout.Vectors(number))
            {
                store.Slice(vector.Offset, vector.Count).CopyTo(ordered);
                ordered = ordered[vector.Count..];
            }
        }
    }

    public static void ToStore(NetworkLayout layout, ReadOnlySpan<float> ordered, Span<float> store)
    {
        foreach (ParameterMatrix matrix in layout.BeforeLayers)
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                ordered[..matrix.Columns].CopyTo(store[(matrix.Offset + (row * matrix.Stride))..]);
                ordered = ordered[matrix.Columns..];
            }
        }

        for (int number = 0; number < layout.Layers.Length; number++)
        {
            DenseLayout layer = layout.Layers[number];
            for (int i = 0; i < layer.Inputs; i++)
            {
                int row = layer.WeightsOffset + (i * layer.InputStride);
                for (int o = 0; o < layer.Outputs; o++)
                {
                    store[row + (o * layer.OutputStride)] = ordered[(i * layer.Outputs) + o];
                }
            }

            ordered = ordered[(layer.Inputs * layer.Outputs)..];
            foreach (ParameterVector vector in layout.Vectors(number))
            {
                ordered[..vector.Count].CopyTo(store[vector.Offset..]);
                ordered = ordered[vector.Count..];
            }
        }
    }
}
