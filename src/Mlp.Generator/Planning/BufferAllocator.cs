using System.Collections.Immutable;

namespace Mlp.Generator.Planning;

/// <summary>Decides where values lie: those of prediction first, then what training needs besides.</summary>
internal static class BufferAllocator
{
    /// <summary>Rows of buffers behind each other, of each value rows × stride floats.</summary>
    public static (ImmutableArray<BufferPlan> Buffers, int Forward, int Total) Rows(NetworkPlan plan)
    {
        List<Value> values = [];
        if (plan.Model.IsEnsemble)
        {
            // The outputs of all members, of which a prediction is the mean.
            values.Add(plan.Last.Output);
        }

        if (plan.StagesInputs)
        {
            values.Add(plan.Input);
        }

        values.AddRange(plan.Layers.SelectMany(static layer => layer.ForwardValues));

        // Behind all that has whole cache lines in a row.
        values.AddRange(plan.Layers.Where(static layer => layer.Model.Normalization == Normalization.Layer).Select(static layer => layer.Reciprocals));
        if (plan.HasSoftTargets)
        {
            values.Add(plan.SoftTarget);
        }

        int forward = values.Count;
        if (plan.Model.Loss is not null)
        {
            values.AddRange(plan.Noise.SelectMany(static noise => noise.Values));
            values.AddRange(Deltas(plan));
            if (plan.HasInputDelta)
            {
                values.Add(plan.InputDelta);
            }

            if (!plan.Model.IsEnsemble)
            {
                values.Add(plan.Last.Output);
            }

            values.Add(plan.Losses);
        }

        return Place(values, forward, static value => value.Stride);
    }

    /// <summary>Groups of eight rows: of each value a vector of eight lanes for each input, neuron or delta.</summary>
    public static (ImmutableArray<BufferPlan> Buffers, int Forward, int Total) Groups(NetworkPlan plan)
    {
        List<Value> values = [plan.Input, .. plan.Layers.SelectMany(static layer => layer.ForwardValues), plan.Last.Output];
        bool isSoftmax = plan.Last.Model.Activation == Activation.Softmax;
        if (isSoftmax)
        {
            values.Add(Normalizer(plan));
        }

        if (plan.Model.OutputSize > 1 && (isSoftmax || plan.Model.Loss is not null))
        {
            values.Add(Terms(plan));
        }

        int forward = values.Count;
        if (plan.Model.Loss is not null)
        {
            if (plan.HasSoftTargets)
            {
                values.Add(plan.SoftTarget);
            }

            values.Add(plan.Target);
            values.AddRange(plan.Noise.SelectMany(static noise => noise.Kinds.Select(noise.ValuesOf)));
            values.AddRange(plan.Noise.Select(static noise => noise.Result));
            values.AddRange(Deltas(plan));
            if (plan.Model.InputGradients)
            {
                values.Add(plan.InputDelta);
            }
        }

        return Place(values, forward, static value => Limits.Lanes * value.Width);
    }

    /// <summary>Of softmax in straight-line code, two vectors: the largest pre-activation and the sum of the exponentials.</summary>
    public static Value Normalizer(NetworkPlan plan) => new(Role.Normalizer, plan.Layers.Count, 2, 2, Lifetime.Forward);

    /// <summary>Room for a sum over the outputs.</summary>
    public static Value Terms(NetworkPlan plan) => new(Role.Terms, plan.Layers.Count, plan.Model.OutputSize, plan.Model.OutputSize, Lifetime.Forward);

    private static IEnumerable<Value> Deltas(NetworkPlan plan)
    {
        Value[] made = [.. plan.Backward.SelectMany(static operation => operation.Writes)];
        return plan.Layers.SelectMany(static layer => layer.Deltas).Where(delta => made.Contains(delta));
    }

    private static (ImmutableArray<BufferPlan> Buffers, int Forward, int Total) Place(List<Value> values, int forward, Func<Value, int> floats)
    {
        ImmutableArray<BufferPlan>.Builder buffers = ImmutableArray.CreateBuilder<BufferPlan>();
        int offset = 0;
        int forwardFloats = 0;
        for (int i = 0; i < values.Count; i++)
        {
            buffers.Add(new BufferPlan(values[i], offset));
            offset += floats(values[i]);
            forwardFloats = i < forward ? offset : forwardFloats;
        }

        return (buffers.ToImmutable(), forwardFloats, offset);
    }
}
