namespace Mlp;

/// <summary>A matrix of parameters that stand before the first layer, are trained with it, and have no penalties.</summary>
/// <param name="Name">Name of its view, and of its tensor in files.</param>
/// <param name="Offset">Index of the first in the store; a multiple of 8.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Stride">Floats from one row to the next, padding included; a multiple of 8.</param>
internal readonly record struct ParameterMatrix(string Name, int Offset, int Rows, int Columns, int Stride)
{
    /// <summary>Number of parameters, padding excluded.</summary>
    public int Count => Rows * Columns;

    /// <summary>Index behind the last, padding included.</summary>
    public int End => Offset + (Rows * Stride);
}
