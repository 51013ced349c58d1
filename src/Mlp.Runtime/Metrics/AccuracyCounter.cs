namespace Mlp;

/// <summary>Counts right answers.</summary>
internal static class AccuracyCounter
{
    /// <summary>
    /// How many answers a row has: none for a loss without classes, one where classes exclude each other, else one for each output.
    /// </summary>
    public static int AnswersPerRow(LossFunction loss, int outputSize) => loss switch
    {
        LossFunction.CrossEntropy => 1,
        LossFunction.BCE or LossFunction.Hinge => outputSize,
        _ => 0,
    };

    /// <summary>Adds the right answers of a batch, each with its row's weight, in row order. An output that is NaN is never right.</summary>
    /// <param name="hits">The sum so far.</param>
    /// <param name="loss">A loss with classes.</param>
    /// <param name="outputs">rows × outputSize.</param>
    /// <param name="targets">rows × outputSize.</param>
    /// <param name="weights">One for each row, or none where all count 1.</param>
    /// <param name="outputSize">Columns of outputs and targets.</param>
    /// <param name="threshold">From which on an output with BCE says yes.</param>
    public static void AddHits(
        ref double hits,
        LossFunction loss,
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights,
        int outputSize,
        double threshold)
    {
        if (weights.IsEmpty)
        {
            hits += CountHits(loss, outputs, targets, outputSize, threshold);
            return;
        }

        for (int row = 0; row < weights.Length; row++)
        {
            int start = row * outputSize;
            hits += (double)weights[row] * CountHits(
                loss, outputs.Slice(start, outputSize), targets.Slice(start, outputSize), outputSize, threshold);
        }
    }

    /// <summary>Counts the right answers of a batch. An output that is NaN is never right.</summary>
    /// <param name="loss">A loss with classes.</param>
    /// <param name="outputs">rows × outputSize.</param>
    /// <param name="targets">rows × outputSize.</param>
    /// <param name="outputSize">Columns of both.</param>
    /// <param name="threshold">From which on an output with BCE says yes.</param>
    public static long CountHits(LossFunction loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize, double threshold) => loss switch
    {
        LossFunction.CrossEntropy => CountSameClass(outputs, targets, outputSize),
        LossFunction.Hinge => CountSameSide(outputs, threshold: 0, targets, boundary: 0),
        _ => CountSameSide(outputs, threshold, targets, boundary: 0.5f),
    };

    private static long CountSameClass(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize)
    {
        long hits = 0;
        for (int start = 0; start < outputs.Length; start += outputSize)
        {
            ReadOnlySpan<float> row = outputs.Slice(start, outputSize);
            int answer = IndexOfLargest(row);
            if (answer == IndexOfLargest(targets.Slice(start, outputSize)) && !float.IsNaN(row[answer]))
            {
                hits++;
            }
        }

        return hits;
    }

    /// <summary>Counts outputs on the side of the threshold on which their targets are of the boundary. Both belong to their upper sides.</summary>
    private static long CountSameSide(ReadOnlySpan<float> outputs, double threshold, ReadOnlySpan<float> targets, float boundary)
    {
        long hits = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            // Without short circuits there are no branches to mispredict: early in training every answer is a coin toss.
            bool right = (targets[i] >= boundary & outputs[i] >= threshold) | (targets[i] < boundary & outputs[i] < threshold);
            hits += right ? 1 : 0;
        }

        return hits;
    }

    /// <summary>The first of the largest values; a NaN in front stays.</summary>
    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
            {
                largest = i;
            }
        }

        return largest;
    }
}
