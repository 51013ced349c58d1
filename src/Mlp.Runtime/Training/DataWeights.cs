namespace Mlp;

/// <summary>The weights of a data set's rows, each times that of its class, as a training run takes them.</summary>
internal static class DataWeights
{
    /// <summary>Their mean; 0 where neither rows nor classes have any.</summary>
    public static double Mean(NetworkLayout layout, Dataset data)
    {
        ReadOnlySpan<float> ofClasses = layout.ClassWeights;
        ReadOnlySpan<float> weights = data.Values.Weights;
        ReadOnlySpan<int> labels = data.Values.Labels;
        ReadOnlySpan<float> targets = data.Values.Targets;
        if (weights.IsEmpty && ofClasses.IsEmpty)
        {
            return 0;
        }

        double sum = 0;
        for (int row = 0; row < data.Count; row++)
        {
            double own = weights.IsEmpty ? 1 : weights[row];
            sum += own * (ofClasses.IsEmpty ? 1
                : data.ClassCount > 0 ? ofClasses[labels[row]]
                : RowWeights.OfClasses(targets.Slice(row * ofClasses.Length, ofClasses.Length), ofClasses));
        }

        return sum / data.Count;
    }

    /// <summary>
    /// The data with weights that single precision can add up and divide by. A power of two times all of them changes no bit of a step.
    /// </summary>
    public static Dataset MadeOrdinary(NetworkLayout layout, Dataset data)
    {
        double mean = Mean(layout, data);
        if (data.Values.Weights.IsEmpty || mean is >= 1e-20 and <= 1e20)
        {
            return data;
        }

        double factor = Math.ScaleB(1, -Math.ILogB(mean));
        float[] weights = data.Values.Weights.ToArray();
        foreach (ref float weight in weights.AsSpan())
        {
            weight = (float)Math.Min(weight * factor, float.MaxValue);
        }

        return data.WithWeights(weights);
    }
}
