namespace Mlp;

/// <summary>Which part each row of a data set belongs to, for splits and folds, and in which order parts list their rows.</summary>
internal sealed class RowParts
{
    private readonly int[] _order;
    private readonly int[] _partOf;

    private RowParts(int[] order, int[] partOf)
    {
        _order = order;
        _partOf = partOf;
    }

    /// <summary>Cuts a data set into parts of given shares.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="shares">Share of each part but the last, which has what remains; each at least 0, and their sum at most 1.</param>
    /// <param name="splitBy">What stays together.</param>
    /// <param name="seed">Decides the order of rows or groups.</param>
    /// <remarks>
    /// With S the sum of the shares up to a part, it ends after <c>round(S · Count)</c> rows; groups and times end it where that is nearest, and then each
    /// part whose share is above 0 has at least one.
    /// </remarks>
    /// <exception cref="ArgumentException">The data set cannot be cut so.</exception>
    public static RowParts OfSplit(Dataset data, ReadOnlySpan<double> shares, SplitBy splitBy, int seed)
    {
        int[] ends = new int[shares.Length + 1];
        bool[] isWanted = new bool[ends.Length];
        double sum = 0;
        for (int part = 0; part < shares.Length; part++)
        {
            sum += shares[part];
            ends[part] = (int)Math.Round(sum * data.Count, MidpointRounding.AwayFromZero);
            isWanted[part] = shares[part] > 0;
        }

        ends[^1] = data.Count;
        isWanted[^1] = sum < 1;
        int wanted = isWanted.Count(static part => part);
        RowCut cut = new(splitBy, wanted, wanted == 1 ? "one part" : $"a split in {wanted} parts", nameof(splitBy));
        RandomStream random = new(seed, RandomPurpose.Split);
        if (splitBy == SplitBy.Class)
        {
            return Stratified(ClassesOf(data, cut, out int[] counts), random, counts, ends);
        }

        RowUnits units = RowUnits.Of(data, cut, random, new RandomStream(seed, RandomPurpose.Split, b: 1));
        if (splitBy != SplitBy.Row)
        {
            units.CheckCount(cut);
            ends = units.NearestEnds(ends, isWanted);
        }

        return new RowParts(units.Order, units.PartsOfRows(unit => PartAt(ends, unit)));
    }

    /// <summary>Cuts a data set into the folds of a repeat, or by time into one more part than folds.</summary>
    /// <exception cref="ArgumentException">The data set cannot be cut so.</exception>
    public static RowParts OfFolds(Dataset data, Folds folds, int repeat)
    {
        int parts = folds.SplitBy == SplitBy.Time ? folds.Count + 1 : folds.Count;
        RowCut cut = new(folds.SplitBy, parts, $"{folds.Count} folds", nameof(folds));
        cut.CheckCount(data.Count, "row");
        RandomStream random = new(folds.Seed, RandomPurpose.Split, 1 + repeat);
        if (folds.SplitBy == SplitBy.Class)
        {
            return Dealt(ClassesOf(data, cut, out int[] counts), random, counts, parts);
        }

        RowUnits units = RowUnits.Of(data, cut, random, new RandomStream(folds.Seed, RandomPurpose.Split, 1 + repeat, b: 1));
        units.CheckCount(cut);
        if (folds.SplitBy != SplitBy.Time)
        {
            int[] foldOfUnit = units.Balanced(parts);
            return new RowParts(units.Order, units.PartsOfRows(unit => foldOfUnit[unit]));
        }

        int[] ends = new int[parts];
        bool[] isWanted = new bool[parts];
        for (int part = 0; part < parts; part++)
        {
            ends[part] = (int)(((((long)part + 1) * data.Count * 2) + parts) / (2 * (long)parts));
            isWanted[part] = true;
        }

        ends = units.NearestEnds(ends, isWanted);
        return new RowParts(units.Order, units.PartsOfRows(unit => PartAt(ends, unit)));
    }

    /// <summary>Throws for a number that is no member of the enum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static void CheckDefined(SplitBy splitBy)
    {
        if (!Enum.IsDefined(splitBy))
        {
            throw new ArgumentOutOfRangeException(nameof(splitBy), splitBy, "Not one of the values.");
        }
    }

    /// <summary>The rows of some parts.</summary>
    public int[] Rows(Predicate<int> isChosen) => Array.FindAll(_order, row => isChosen(_partOf[row]));

    private static int PartAt(int[] ends, int unit)
    {
        int part = 0;
        while (unit >= ends[part])
        {
            part++;
        }

        return part;
    }

    /// <summary>Each part takes its number of rows, and of each class its share of them.</summary>
    private static RowParts Stratified(ReadOnlySpan<int> classes, RandomStream random, int[] counts, int[] ends)
    {
        int[][] wanted = new int[ends.Length][];
        int[] left = [.. counts];
        for (int part = 0; part < ends.Length; part++)
        {
            int start = part == 0 ? 0 : ends[part - 1];
            wanted[part] = Shares(left, ends[part] - start, classes.Length - start);
            for (int label = 0; label < left.Length; label++)
            {
                left[label] -= wanted[part][label];
            }
        }

        int[] order = Shuffled(classes.Length, random);
        int[] partOf = new int[order.Length];
        foreach (int row in order)
        {
            int part = 0;
            while (wanted[part][classes[row]] == 0)
            {
                part++;
            }

            wanted[part][classes[row]]--;
            partOf[row] = part;
        }

        return new RowParts(order, partOf);
    }

    /// <summary>Deals the rows of one class after the other to the folds in turn, so that neither a class nor all rows differ by more than one.</summary>
    private static RowParts Dealt(ReadOnlySpan<int> classes, RandomStream random, int[] counts, int folds)
    {
        int[] next = new int[counts.Length];
        for (int label = 1; label < next.Length; label++)
        {
            next[label] = next[label - 1] + counts[label - 1];
        }

        int[] order = Shuffled(classes.Length, random);
        int[] foldOf = new int[order.Length];
        foreach (int row in order)
        {
            foldOf[row] = next[classes[row]]++ % folds;
        }

        return new RowParts(order, foldOf);
    }

    private static int[] Shuffled(int count, RandomStream random)
    {
        int[] rows = new int[count];
        RowOrder.Shuffle(rows, random);
        return rows;
    }

    /// <summary>
    /// How many of <paramref name="taken"/> of <paramref name="total"/> rows are of each class: <c>count · taken / total</c>, rounded up for the largest
    /// remainders, on ties for the lower label, and else down.
    /// </summary>
    private static int[] Shares(int[] counts, int taken, int total)
    {
        int[] shares = new int[counts.Length];
        if (total == 0)
        {
            return shares;
        }

        long[] remainders = new long[counts.Length];
        int[] byRemainder = new int[counts.Length];
        int missing = taken;
        for (int label = 0; label < counts.Length; label++)
        {
            (long share, remainders[label]) = Math.DivRem((long)counts[label] * taken, total);
            shares[label] = (int)share;
            missing -= shares[label];
            byRemainder[label] = label;
        }

        Array.Sort(byRemainder, (a, b) => (-remainders[a], a).CompareTo((-remainders[b], b)));
        foreach (int label in byRemainder.AsSpan(0, missing))
        {
            shares[label]++;
        }

        return shares;
    }

    /// <summary>The class of each row, and the number of rows of each.</summary>
    /// <exception cref="ArgumentException">Rows have no classes, or a class that occurs has fewer rows than parts.</exception>
    private static ReadOnlySpan<int> ClassesOf(Dataset data, RowCut cut, out int[] counts)
    {
        cut.CheckPresent(data.HasClasses, "labels or one target column of 0 and 1", "Use SplitBy.Row.");
        ReadOnlySpan<int> classes = data.Values.Classes();

        // Memory follows the labels that there are, not the number of classes that there could be.
        int largest = -1;
        foreach (int label in classes)
        {
            largest = Math.Max(largest, label);
        }

        counts = new int[largest + 1];
        foreach (int label in classes)
        {
            counts[label]++;
        }

        cut.CheckClasses(data, counts);
        return classes;
    }
}
