namespace Mlp;

/// <summary>Checks that a data set fits a network, once, before anything is computed with it.</summary>
internal static class DataFit
{
    /// <summary>
    /// Checks sizes, names, the ranges of targets, and that some row counts. Values that are not finite pass here; the step that meets them reports
    /// their place.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data set.</param>
    /// <param name="what">What messages call the data set, with a capital letter.</param>
    /// <param name="argument">Name of the argument that the data set came in.</param>
    /// <returns>The network's loss.</returns>
    /// <exception cref="ArgumentException">The data set does not fit.</exception>
    public static LossFunction Check(NetworkState network, Dataset data, string what, string argument)
    {
        NetworkLayout layout = network.Layout;
        LossFunction loss = layout.Loss ?? throw new InvalidOperationException("A network without a loss can only predict.");

        // Names first: data with another number of columns or classes has other names too, and these say which.
        DataNames.Check(network, data, what, argument);
        CheckInputs(layout, data, what, argument);
        CheckTargets(layout, loss, data, what, argument);
        if (!AnyRowCounts(data, layout.ClassWeights))
        {
            throw new ArgumentException(
                $"{what} has no row that counts: of all {data.Count}, the weight or that of its class is 0.", argument);
        }

        return loss;
    }

    /// <summary>Checks that rows can be drawn as the options say.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public static void CheckSampling(Dataset data, Sampling sampling, string argument)
    {
        if (sampling == Sampling.Balanced && !data.HasClasses)
        {
            throw new ArgumentException(
                "Sampling.Balanced needs labels, or one target column of 0 and 1, but the data set has other target values. Make it by Dataset.FromLabels.", argument);
        }
    }

    /// <summary>
    /// Checks that a network can learn its statistics from a data set: sizes, classes where there are any, names, and that some row counts.
    /// </summary>
    /// <exception cref="ArgumentException">The data set does not fit.</exception>
    public static void CheckStatistics(NetworkState network, Dataset data, string argument)
    {
        const string What = "The data set";
        DataNames.Check(network, data, What, argument);
        CheckInputs(network.Layout, data, What, argument);
        if (network.Layout.Loss is LossFunction loss && (network.Layout.StandardizeTargets || data.ClassCount > 0))
        {
            CheckTargets(network.Layout, loss, data, What, argument);
        }

        if (!AnyRowCounts(data, classWeights: []))
        {
            throw new ArgumentException($"{What} has no row that counts: the weight of all {data.Count} is 0.", argument);
        }
    }

    private static void CheckInputs(NetworkLayout layout, Dataset data, string what, string argument)
    {
        if (data.Count == 0)
        {
            throw new ArgumentException($"{what} has no rows; at least 1 is needed.", argument);
        }

        if (data.InputSize != layout.InputSize)
        {
            throw new ArgumentException($"{what} has {data.InputSize} input columns; the network has {layout.InputSize}.", argument);
        }

        EmbeddedInputs.Check(layout, data.Values.Inputs, argument);
    }

    private static void CheckTargets(NetworkLayout layout, LossFunction loss, Dataset data, string what, string argument)
    {
        if (data.ClassCount > 0)
        {
            CheckLabels(layout, loss, data, what, argument);
        }
        else if (data.TargetSize != layout.OutputSize)
        {
            throw new ArgumentException(
                $"{what} has {data.TargetSize} target columns; the network has {layout.OutputSize} outputs.", argument);
        }
        else if (TargetRange.IndexOutside(loss, data.Values.Targets) is int index and >= 0)
        {
            throw new ArgumentException(TargetRange.Message(layout, data.Values.Targets, index, what), argument);
        }
    }

    private static void CheckLabels(NetworkLayout layout, LossFunction loss, Dataset data, string what, string argument)
    {
        string? problem = loss switch
        {
            LossFunction.CrossEntropy when data.ClassCount == layout.OutputSize => null,
            LossFunction.CrossEntropy => $"the network has {layout.OutputSize} outputs, one for each of {layout.OutputSize} classes",
            LossFunction.BCE or LossFunction.Hinge when layout.OutputSize == 1 && data.ClassCount == 2 => null,
            LossFunction.BCE or LossFunction.Hinge when layout.OutputSize == 1 => $"one output with {loss} tells 2 classes apart",
            LossFunction.BCE or LossFunction.Hinge =>
                $"{layout.OutputSize} outputs with {loss} are independent answers and need {layout.OutputSize} target columns",
            _ => $"{loss} needs target values, {layout.OutputSize} a row",
        };
        if (problem is not null)
        {
            throw new ArgumentException($"{what} has labels of {data.ClassCount} classes; {problem}.", argument);
        }
    }

    private static bool AnyRowCounts(Dataset data, ReadOnlySpan<float> classWeights)
    {
        for (int row = 0; row < data.Count; row++)
        {
            if ((data.Values.Weights.IsEmpty || data.Values.Weights[row] > 0) && (classWeights.IsEmpty || ClassCounts(data, row, classWeights)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ClassCounts(Dataset data, int row, ReadOnlySpan<float> classWeights)
    {
        if (data.ClassCount > 0)
        {
            return classWeights[data.Values.Labels[row]] > 0;
        }

        ReadOnlySpan<float> targets = data.Values.Targets.Slice(row * classWeights.Length, classWeights.Length);
        for (int i = 0; i < targets.Length; i++)
        {
            if (classWeights[i] > 0 && targets[i] != 0)
            {
                return true;
            }
        }

        return false;
    }
}
