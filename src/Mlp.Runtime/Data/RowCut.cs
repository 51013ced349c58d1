namespace Mlp;

/// <summary>What a data set is to be cut into, and the messages where it cannot be.</summary>
/// <param name="SplitBy">What stays together, or is spread evenly.</param>
/// <param name="Parts">How many parts have at least one row, group or time.</param>
/// <param name="What">What messages call it, such as <c>5 folds</c>.</param>
/// <param name="Argument">The argument that asks for it.</param>
internal readonly record struct RowCut(SplitBy SplitBy, int Parts, string What, string Argument)
{
    /// <summary>Throws where there are fewer of something than parts.</summary>
    /// <exception cref="ArgumentException">There are.</exception>
    public void CheckCount(int count, string thing)
    {
        if (count < Parts)
        {
            throw new ArgumentException($"The data set has {Counted(count, thing)}; at least {Parts} are needed for {Purpose}.", Argument);
        }
    }

    /// <summary>Throws where the data set lacks what it is to be cut by.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void CheckPresent(bool isThere, string things, string remedy)
    {
        if (!isThere)
        {
            throw new ArgumentException($"SplitBy.{SplitBy} needs {things}, but the data set has none. {remedy}", Argument);
        }
    }

    /// <summary>Throws where a class that occurs has fewer rows than there are parts.</summary>
    /// <exception cref="ArgumentException">One has.</exception>
    public void CheckClasses(Dataset data, int[] counts)
    {
        int parts = Parts;
        int rare = Array.FindIndex(counts, count => count > 0 && count < parts);
        if (rare >= 0)
        {
            string name = data.ClassNames is null ? $"{rare}" : $"'{QuotedText.Of(data.ClassNames[rare])}'";
            throw new ArgumentException(
                $"Class {name} has {Counted(counts[rare], "row")}; at least {Parts} of each class are needed for {Purpose}. Take fewer parts, leave the class out, or use SplitBy.Row.", Argument);
        }
    }

    private string Purpose => $"{What} by {SplitBy.ToString().ToLowerInvariant()}";

    private static string Counted(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
