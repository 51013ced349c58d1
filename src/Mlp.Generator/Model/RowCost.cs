namespace Mlp.Generator.Model;

/// <summary>What the prediction of one row costs; activations, normalization and the inputs' preparation are not counted.</summary>
/// <param name="MultiplyAdds">Products of inputs and weights that are added up; each member of an ensemble goes through all layers.</param>
/// <param name="Bytes">Bytes of parameters that are read, four each; of a table of embeddings it is one row.</param>
internal sealed record RowCost(long MultiplyAdds, long Bytes)
{
    /// <summary>That of the whole network.</summary>
    public static RowCost Of(NetworkModel model)
    {
        RowCost[] layers = [.. Enumerable.Range(0, model.Layers.Count).Select(layer => OfLayer(model, layer))];
        long before = model.ScaleCount + model.Embeddings.Sum(static column => (long)column.Embedding);
        return new(layers.Sum(static layer => layer.MultiplyAdds), layers.Sum(static layer => layer.Bytes) + (sizeof(float) * before));
    }

    /// <summary>That of one layer; of an ensemble's last, for all members.</summary>
    public static RowCost OfLayer(NetworkModel model, int index)
    {
        LayerModel layer = model.Layers[index];
        int times = index == model.Layers.Count - 1 ? model.Members : 1;
        return new((long)layer.Inputs * layer.Outputs * model.Members, layer.ParameterCount * sizeof(float) * times);
    }
}
