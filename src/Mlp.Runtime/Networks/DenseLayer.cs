using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>A dense layer's parameters, read and written in place.</summary>
public readonly struct DenseLayer
{
    internal DenseLayer(NetworkState network, DenseLayout layout)
    {
        Weights = new WeightsView(network, layout);
        Biases = new BiasesView(network, layout);
    }

    /// <summary>The weights: <c>Weights[i, o]</c> leads from input i to output o.</summary>
    public WeightsView Weights { get; }

    /// <summary>The biases: <c>Biases[o]</c> belongs to output o. Empty for a layer without biases.</summary>
    public BiasesView Biases { get; }
}

/// <summary>A layer's weights, [inputs × outputs].</summary>
public readonly struct WeightsView
{
    private readonly NetworkState _network;
    private readonly DenseLayout _layout;

    internal WeightsView(NetworkState network, DenseLayout layout) => (_network, _layout) = (network, layout);

    /// <summary>Number of inputs.</summary>
    public int Inputs => _layout.Inputs;

    /// <summary>Number of outputs.</summary>
    public int Outputs => _layout.Outputs;

    /// <summary>The weight from input <paramref name="input"/> to output <paramref name="output"/>; the reference writes through.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or too large.</exception>
    public ref float this[int input, int output]
    {
        get
        {
            LayerIndex.Check(input, _layout.Inputs, nameof(input));
            LayerIndex.Check(output, _layout.Outputs, nameof(output));
            return ref Unsafe.Add(ref _network.Parameters, _layout.WeightsOffset + (input * _layout.InputStride) + (output * _layout.OutputStride));
        }
    }
}

/// <summary>A layer's biases, [outputs].</summary>
public readonly struct BiasesView
{
    private readonly NetworkState _network;
    private readonly DenseLayout _layout;

    internal BiasesView(NetworkState network, DenseLayout layout) => (_network, _layout) = (network, layout);

    /// <summary>Number of biases: that of the outputs, or 0.</summary>
    public int Length => _layout.BiasCount;

    /// <summary>The bias of output <paramref name="output"/>; the reference writes through.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or too large.</exception>
    public ref float this[int output]
    {
        get
        {
            LayerIndex.Check(output, _layout.BiasCount, nameof(output));
            return ref Unsafe.Add(ref _network.Parameters, _layout.BiasesOffset + output);
        }
    }
}

/// <summary>Checks the indices of views.</summary>
internal static class LayerIndex
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int index, int count, string name)
    {
        if ((uint)index >= (uint)count)
        {
            Throw(index, count, name);
        }
    }

    private static void Throw(int index, int count, string name) => throw new ArgumentOutOfRangeException(
        name, index, count == 0 ? "The layer has no biases." : $"{name} must be at least 0 and less than {count}.");
}
