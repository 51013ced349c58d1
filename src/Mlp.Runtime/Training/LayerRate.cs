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

    /// <summary>A factor for each layer of a network.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="rates">Those of some layers, at most one of each; others have 1.</param>
    /// <param name="argument">Name of the argument that they came in.</param>
    /// <exception cref="ArgumentException">A name is none of the layers', or a layer that is declared frozen is to learn, or no layer would.</exception>
    internal static double[] OfLayers(NetworkLayout layout, IReadOnlyList<LayerRate> rates, string argument)
    {
        // The members of an ensemble have their last layers under one name.
        string[] names = [.. layout.Layers.ToArray().Select(static layer => layer.Name)];
        double[] factors = new double[names.Length];
        Array.Fill(factors, 1);
        foreach (LayerRate rate in rates)
        {
            int layer = Array.IndexOf(names, rate.Layer);
            if (layer < 0)
            {
                throw new ArgumentException(
                    $"{nameof(TrainingOptions.LayerRates)} names '{QuotedText.Of(rate.Layer)}', and the network's layers are {QuotedText.List([.. names.Distinct()])}.", argument);
            }

            if (layout.Layers[layer].IsFrozen && rate.Factor > 0)
            {
                throw new ArgumentException(
                    $"{nameof(TrainingOptions.LayerRates)} gives {rate.Layer} a rate, and its declaration says Frozen = true; leave out one of the two.", argument);
            }

            Array.Fill(factors, rate.Factor, layer, names.Count(name => name == rate.Layer));
        }

        return factors.Where((factor, layer) => factor > 0 && !layout.Layers[layer].IsFrozen).Any() ? factors : throw new ArgumentException(
            $"{nameof(TrainingOptions.LayerRates)} and the declaration freeze all layers, so that training would change nothing.", argument);
    }
}
