namespace Mlp;

/// <summary>A factor of the learning rate for one layer.</summary>
/// <remarks><c>LayerRates = [new(nameof(CircleNet.Layer1), 0)]</c> freezes the first layer of CircleNet.</remarks>
public sealed record LayerRate
{
    /// <summary>Describes a layer's own rate.</summary>
    /// <param name="layer">The layer's name, that of its view.</param>
    /// <param name="factor">Finite and at least 0; 0 freezes the layer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is negative or not finite.</exception>
    public LayerRate(string layer, double factor)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Layer = layer;
        Factor = Rates.NotNegative(factor);
    }

    /// <summary>The layer's name.</summary>
    public string Layer { get; }

    /// <summary>The factor; 0 freezes the layer.</summary>
    public double Factor { get; }
}
