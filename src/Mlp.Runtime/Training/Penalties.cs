namespace Mlp;

/// <summary>Penalties on the weights of layers: L1·Σ|w| and L2/2·Σw². Biases and other vectors have none, and frozen layers neither.</summary>
internal static class Penalties
{
    /// <summary>Adds the penalties' gradients: <c>g + L2·w + L1·sign(w)</c>.</summary>
    /// <param name="network">The network, whose layers have penalties of their own.</param>
    /// <param name="store">The parameters.</param>
    /// <param name="gradients">Their gradients, laid out likewise.</param>
    /// <param name="l1">A penalty on all layers' weights, added to each layer's own.</param>
    /// <param name="l2">Likewise.</param>
    public static void Add(NetworkState network, ReadOnlySpan<float> store, Span<float> gradients, float l1 = 0, float l2 = 0)
    {
        for (int l = 0; l < network.Layout.Layers.Length; l++)
        {
            if (network.Trains(l))
            {
                DenseLayout layer = network.Layout.Layers[l];
                ReadOnlySpan<float> weights = store.Slice(layer.WeightsOffset, layer.WeightsLength);
                Add(weights, gradients.Slice(layer.WeightsOffset, layer.WeightsLength), layer.L1 + l1, layer.L2 + l2);
            }
        }
    }

    /// <summary>The same for one layer; the padding's weights are 0.</summary>
    private static void Add(ReadOnlySpan<float> weights, Span<float> gradients, float l1, float l2)
    {
        if (l1 == 0 && l2 == 0)
        {
            return;
        }

        Vec256 scale = Vec256.Create(l1);
        for (int i = 0; i < weights.Length; i += Vec256.Count)
        {
            ref readonly float weight = ref weights[i];
            Vec256 gradient = Rates.Decayed(Vec256.Load(ref gradients[i]), in weight, l2);
            Vec256.Store(l1 == 0 ? gradient : gradient + (scale * Rates.Sign(Vec256.Load(in weight))), ref gradients[i]);
        }
    }
}
