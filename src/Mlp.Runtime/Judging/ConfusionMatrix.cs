namespace Mlp;

/// <summary>How often rows of each class get each class as their answer, by weight: <c>matrix[truth, predicted]</c>.</summary>
public sealed class ConfusionMatrix
{
    private readonly double[] _counts;
    private readonly string[] _names;

    internal ConfusionMatrix(in Predictions predictions, string[] names)
    {
        _names = names;
        _counts = new double[names.Length * names.Length];
        for (int row = 0; row < predictions.Count; row++)
        {
            _counts[(predictions.TrueClass(row) * names.Length) + predictions.PredictedClass(row)] += predictions.Weight(row);
        }
    }

    /// <summary>Number of classes.</summary>
    public int Count => _names.Length;

    /// <summary>The classes' names by index.</summary>
    public IReadOnlyList<string> ClassNames => Array.AsReadOnly(_names);

    /// <summary>The weight of rows of one class whose answer is another, or the same: their number, where rows have no weights.</summary>
    /// <param name="truth">Index of the class that rows have.</param>
    /// <param name="predicted">Index of the class that they get.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int truth, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)truth, (uint)Count, nameof(truth));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Count, nameof(predicted));
            return _counts[(truth * Count) + predicted];
        }
    }

    /// <summary>A table with a line for each class that rows have, and a column for each that they get.</summary>
    public override string ToString()
    {
        string[] names = [.. _names.Select(TextTable.Name)];
        TextTable table = new([@"truth \ predicted", .. names]);
        for (int truth = 0; truth < Count; truth++)
        {
            table.Add([names[truth], .. _counts.AsSpan(truth * Count, Count).ToArray().Select(TextTable.Weight)]);
        }

        return table.ToString();
    }
}
