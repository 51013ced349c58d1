using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>A dense layer's parameters, read and written in place.</summary>
/// <remarks>
/// <c>Weights[i, o]</c>, <c>Biases[o]</c> and the like, of input i and output o, are read and written in place. They may be read at any time; what is
/// written during training may be lost.
/// </remarks>
public readonly struct DenseLayer
{
    private readonly NetworkState _network;
    private readonly DenseLayout _layout;

    internal DenseLayer(NetworkState network, DenseLayout layout) => (_network, _layout) = (network, layout);

    /// <summary>The weights: <c>Weights[i, o]</c> leads from input i to output o.</summary>
    public WeightsView Weights => new(_network, _layout);

    /// <summary>The biases: <c>Biases[o]</c> belongs to output o. Empty for a layer without biases.</summary>
    public ParameterVectorView Biases => new(_network, _layout.BiasesOffset, _layout.BiasCount, "biases");

    /// <summary>What the normalized sums are multiplied by: <c>Gains[o]</c> belongs to output o. Empty for a layer without normalization.</summary>
    public ParameterVectorView Gains => new(_network, _layout.GainsOffset, NormalizedCount, "gains");

    /// <summary>What is added to the normalized sums after that: <c>Shifts[o]</c> belongs to output o. Empty for a layer without normalization.</summary>
    public ParameterVectorView Shifts => new(_network, _layout.ShiftsOffset, NormalizedCount, "shifts");

    /// <summary>The slope of PRelu below 0; the reference writes through.</summary>
    /// <exception cref="InvalidOperationException">
    /// The layer's activation has no learned slope, or the network is the <c>Trained</c> of its class, which is read-only.
    /// </exception>
    public ref float Slope
    {
        get
        {
            if (!_layout.HasSlope)
            {
                throw new InvalidOperationException($"{_layout.Name} has no learned slope: its activation is {_layout.Activation}, and only PRelu has one.");
            }

            return ref Unsafe.Add(ref _network.ViewedParameters, _layout.SlopeOffset);
        }
    }

    private int NormalizedCount => _layout.IsNormalized ? _layout.Outputs : 0;
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
    /// <exception cref="InvalidOperationException">The network is the <c>Trained</c> of its class, which is read-only.</exception>
    public ref float this[int input, int output]
    {
        get
        {
            LayerIndex.Check(input, _layout.Inputs, nameof(input), "weights");
            LayerIndex.Check(output, _layout.Outputs, nameof(output), "weights");
            return ref Unsafe.Add(ref _network.ViewedParameters, _layout.WeightsOffset + (input * _layout.InputStride) + (output * _layout.OutputStride));
        }
    }
}

/// <summary>A layer's biases, or its gains or shifts, [outputs].</summary>
public readonly struct ParameterVectorView
{
    private readonly NetworkState _network;
    private readonly int _offset;
    private readonly string _name;

    internal ParameterVectorView(NetworkState network, int offset, int length, string name) => (_network, _offset, Length, _name) = (network, offset, length, name);

    /// <summary>Their number: that of the outputs, or 0 where the layer has none.</summary>
    public int Length { get; }

    /// <summary>The one of output <paramref name="output"/>; the reference writes through.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or too large.</exception>
    /// <exception cref="InvalidOperationException">The network is the <c>Trained</c> of its class, which is read-only.</exception>
    public ref float this[int output]
    {
        get
        {
            LayerIndex.Check(output, Length, nameof(output), _name);
            return ref Unsafe.Add(ref _network.ViewedParameters, _offset + output);
        }
    }
}

/// <summary>Checks the indices of views.</summary>
internal static class LayerIndex
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int index, int count, string name, string what)
    {
        if ((uint)index >= (uint)count)
        {
            Throw(index, count, name, what);
        }
    }

    private static void Throw(int index, int count, string name, string what) => throw new ArgumentOutOfRangeException(
        name, index, count == 0 ? $"The layer has no {what}." : $"{name} must be at least 0 and less than {count}.");
}
