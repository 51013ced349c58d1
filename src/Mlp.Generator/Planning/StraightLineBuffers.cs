namespace Mlp.Generator.Planning;

/// <summary>
/// Where the straight-line form keeps the values of eight samples: one vector of eight floats a neuron, in floats from the start.
/// </summary>
internal sealed class StraightLineBuffers
{
    private readonly Dictionary<string, int> _offsets = [];

    public StraightLineBuffers(NetworkPlan plan)
    {
        Add("x", plan.Model.InputSize);
        foreach (LayerPlan layer in plan.Layers)
        {
            Add(layer.IsLast ? $"z{layer.Number}" : $"h{layer.Number}", layer.Outputs);
        }

        Add("y", plan.Model.OutputSize);
        ForwardFloats = Floats;
        foreach (LayerPlan layer in plan.Layers)
        {
            if (layer.HasDropout)
            {
                Add($"dropped{layer.Number}", layer.Outputs);
            }

            Add($"d{layer.Number}", layer.Outputs);
        }
    }

    /// <summary>Floats that the forward pass needs.</summary>
    public int ForwardFloats { get; }

    /// <summary>Floats of all values.</summary>
    public int Floats { get; private set; }

    /// <summary>Offset of a value's first vector.</summary>
    public int this[string name] => _offsets[name];

    private void Add(string name, int vectors)
    {
        _offsets.Add(name, Floats);
        Floats += vectors * NetworkPlanner.Lanes;
    }
}
