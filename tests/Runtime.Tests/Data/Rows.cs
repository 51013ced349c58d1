namespace Mlp.Runtime.Tests.Data;

/// <summary>Data sets whose rows can be told apart.</summary>
internal static class Rows
{
    /// <summary>Row i has the inputs 2i, 2i + 1 and the target i.</summary>
    public static Dataset Numbered(int count) => Dataset.FromTargets(
        [.. Enumerable.Range(0, 2 * count).Select(value => (float)value)],
        [.. Enumerable.Range(0, count).Select(value => (float)value)],
        inputSize: 2,
        targetSize: 1);
}
