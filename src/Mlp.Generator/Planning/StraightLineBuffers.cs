namespace Mlp.Generator.Planning;

/// <summary>
/// Where the straight-line form keeps the values of eight samples: one vector of eight floats a neuron, in floats from the start.
/// </summary>
internal sealed class StraightLineBuffers
{
    /// <summary>32 KiB.</summary>
    private const int FirstLevelCache = 8192;

    private readonly List<(string Name, int Offset, int Vectors)> _groups = [];
    private readonly int _largestPass;

    public StraightLineBuffers(NetworkPlan plan)
    {
        _largestPass = NetworkPlanner.Lanes * plan.Layers.Max(static layer => layer.Inputs + layer.Outputs);
        Add("x", plan.Model.InputSize);
        foreach (LayerPlan layer in plan.Layers)
        {
            foreach (string value in layer.ForwardValues)
            {
                Add(value, layer.Outputs);
            }
        }

        Add("y", plan.Model.OutputSize);
        if (plan.Last.Model.Activation == Activation.Softmax)
        {
            Add("s", 2);
        }

        if (plan.Model.Loss is null)
        {
            return;
        }

        if (plan.HasSoftTargets)
        {
            Add("tau", plan.Model.OutputSize);
        }

        Add("t", plan.Model.OutputSize);
        Add("terms", plan.Model.OutputSize);
        if (plan.HasNoise)
        {
            Add("noise", plan.Noise.Sum(static noise => noise.Kinds.Count * noise.Units));
        }

        foreach (NoisePlan noise in plan.Noise)
        {
            Add(noise.Result, noise.Units);
        }

        foreach (LayerPlan layer in plan.Layers.Skip(plan.FusesFirstDelta ? 1 : 0))
        {
            foreach (string delta in layer.Deltas)
            {
                Add(delta, layer.Outputs);
            }
        }

        if (plan.Model.InputGradients)
        {
            Add("d0", plan.Model.InputSize);
        }
    }

    /// <summary>Floats of all values of eight samples.</summary>
    public int Floats { get; private set; }

    /// <summary>
    /// How many times eight samples go through the passes together, an even number, as a vector may hold two of them, at most sixteen: a layer's inputs and
    /// outputs fit into the smallest first-level cache. Fewer would take the gradients' partial sums from memory more often.
    /// </summary>
    public int GroupsAtOnce => Math.Max(2, Math.Min(16, FirstLevelCache / _largestPass) & ~1);

    /// <summary>The groups of vectors in order, each with the offset of its first.</summary>
    public IReadOnlyList<(string Name, int Offset, int Vectors)> Groups => _groups;

    /// <summary>Name of the constant that holds a group's offset in generated code: <c>H1</c>.</summary>
    public static string Constant(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    private void Add(string name, int vectors)
    {
        _groups.Add((name, Floats, vectors));
        Floats += vectors * NetworkPlanner.Lanes;
    }
}
