namespace Mlp.Runtime.Tests.Training;

/// <summary>Small data sets with something to learn, the same on every machine.</summary>
internal static class TestData
{
    /// <summary>Row i has the inputs (i, i² mod 7), scaled down, and as target a linear function of them.</summary>
    public static Dataset Linear(int count)
    {
        float[] inputs = Inputs(count);
        float[] targets = [.. Enumerable.Range(0, count).Select(row => (0.5f * inputs[2 * row]) - inputs[(2 * row) + 1] + 0.25f)];
        return Dataset.FromTargets(inputs, targets, inputSize: 2, targetSize: 1);
    }

    /// <summary>The same inputs with the labels 0…classes − 1, by the second input.</summary>
    public static Dataset Labelled(int count, int classes)
    {
        int[] labels = [.. Enumerable.Range(0, count).Select(row => row * row % 7 % classes)];
        return Dataset.FromLabels(Inputs(count), labels, inputSize: 2, classes);
    }

    private static float[] Inputs(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(row => new[] { row / (float)count, row * row % 7 / 7f })];
}
