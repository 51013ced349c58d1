namespace Mlp;

/// <summary>Counts right answers.</summary>
internal static class Accuracy
{
    /// <summary>
    /// How many answers a row has: none for a loss without classes, one where classes exclude each other, else one for each output.
    /// </summary>
    public static int AnswersPerRow(LossFunction loss, int outputSize) => loss switch
    {
        LossFunction.CrossEntropy => 1,
        LossFunction.BCE => outputSize,
        _ => 0,
    };

    /// <summary>Counts the right answers of a batch. An output that is NaN is never right.</summary>
    /// <param name="loss">A loss with classes.</param>
    /// <param name="outputs">rows × outputSize.</param>
    /// <param name="targets">rows × outputSize.</param>
    /// <param name="outputSize">Columns of both.</param>
    public static long CountHits(LossFunction loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize) =>
        loss == LossFunction.CrossEntropy
            ? CountSameClass(outputs, targets, outputSize)
            : CountSameSide(outputs, targets);

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

    private static long CountSameSide(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        long hits = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            // Without short circuits there are no branches to mispredict: early in training every answer is a coin toss.
            bool right = (targets[i] >= 0.5f & outputs[i] >= 0.5f) | (targets[i] < 0.5f & outputs[i] < 0.5f);
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
