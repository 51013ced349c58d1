namespace Mlp;

/// <summary>How a data set is cut for cross-validation: how many folds, what stays together, and how often. A value, for any number of data sets.</summary>
/// <remarks>
/// Of k folds by row, class or group, each is judged by once and the others are trained on. By time, rows are cut into k + 1 parts from the first to the
/// last, and fold i judges by part i + 1 after training on all parts before it, counted from 0: the past stays with training.
/// </remarks>
public sealed record Folds
{
    private Folds(int count, SplitBy splitBy, int repeats, int seed)
    {
        Count = count;
        SplitBy = splitBy;
        Repeats = repeats;
        Seed = seed;
    }

    /// <summary>Folds of each repeat, at least 2.</summary>
    public int Count { get; }

    /// <summary>What stays together, or is spread evenly.</summary>
    public SplitBy SplitBy { get; }

    /// <summary>How often the data set is cut, each time in another random order; at least 1.</summary>
    public int Repeats { get; }

    /// <summary>Decides the random orders; the same seed gives the same folds on any machine.</summary>
    public int Seed { get; }

    /// <summary>All folds of all repeats.</summary>
    internal int Total => Count * Repeats;

    /// <summary>Describes k folds.</summary>
    /// <param name="k">Folds of each repeat, at least 2; a data set needs as many rows, groups, rows of each class, or one more different times.</param>
    /// <param name="splitBy">What stays together, or is spread evenly.</param>
    /// <param name="repeats">How often the data set is cut, at least 1. By time there is one way to cut, so it must be 1 there.</param>
    /// <param name="seed">Decides the random orders.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there would be 2³¹ folds or more.</exception>
    public static Folds K(int k, SplitBy splitBy = SplitBy.Row, int repeats = 1, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        RowParts.CheckDefined(splitBy);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        if (repeats > 1 && splitBy == SplitBy.Time)
        {
            throw new ArgumentOutOfRangeException(nameof(repeats), repeats, "Folds by time are the same in every repeat; repeats must be 1.");
        }

        // Each repeat is a label of a stream of random numbers.
        if ((long)k * repeats > int.MaxValue || repeats >= RandomStream.LargestA)
        {
            throw new ArgumentOutOfRangeException(nameof(repeats), repeats, $"{k} folds cannot be repeated so often.");
        }

        return new Folds(k, splitBy, repeats, seed);
    }
}
