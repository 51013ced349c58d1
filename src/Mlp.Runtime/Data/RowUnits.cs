namespace Mlp;

/// <summary>What stays together when a data set is cut: single rows or groups in a random order, or the rows of a time in the order of times.</summary>
internal sealed class RowUnits
{
    private readonly int[] _unitOf;
    private readonly int[] _sizes;
    private readonly string _unit;

    private RowUnits(int[] order, int[] unitOf, int[] sizes, string unit)
    {
        Order = order;
        _unitOf = unitOf;
        _sizes = sizes;
        _unit = unit;
    }

    /// <summary>All rows, in the order in which parts list them.</summary>
    public int[] Order { get; }

    /// <summary>The units of a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="cut">What it is cut by: rows, groups or times.</param>
    /// <param name="rows">Random numbers for the order of rows.</param>
    /// <param name="groups">Random numbers for the order of groups.</param>
    /// <exception cref="ArgumentException">The data set has no groups or times.</exception>
    public static RowUnits Of(Dataset data, RowCut cut, RandomStream rows, RandomStream groups)
    {
        int[] order = new int[data.Count];
        int[] unitOf = new int[data.Count];
        if (cut.SplitBy == SplitBy.Time)
        {
            cut.CheckPresent(data.Values.Times.Length == data.Count, "times", "Give them by Dataset.WithTimes.");
            return OfTimes(data, order, unitOf);
        }

        RowOrder.Shuffle(order, rows);
        if (cut.SplitBy == SplitBy.Group)
        {
            cut.CheckPresent(data.Values.Groups.Length == data.Count, "groups", "Give them by Dataset.WithGroups.");
            return OfGroups(data, order, unitOf, groups);
        }

        int[] sizes = new int[data.Count];
        Array.Fill(sizes, 1);
        for (int i = 0; i < order.Length; i++)
        {
            unitOf[order[i]] = i;
        }

        return new RowUnits(order, unitOf, sizes, "row");
    }

    /// <summary>Throws where there are fewer units than parts.</summary>
    /// <exception cref="ArgumentException">There are.</exception>
    public void CheckCount(RowCut cut) => cut.CheckCount(_sizes.Length, _unit);

    /// <summary>The part of each row, given that of each unit.</summary>
    public int[] PartsOfRows(Func<int, int> partOfUnit) => Array.ConvertAll(_unitOf, unit => partOfUnit(unit));

    /// <summary>Where parts end that are to end after given numbers of rows: as near as whole units allow.</summary>
    /// <param name="ends">The number of rows after which each part should end.</param>
    /// <param name="isWanted">Whether each part has at least one unit; others have none.</param>
    /// <returns>The number of units after which each part ends.</returns>
    public int[] NearestEnds(int[] ends, bool[] isWanted)
    {
        int[] nearest = new int[ends.Length];
        int stillWanted = isWanted.Count(static part => part);
        int units = 0;
        long rows = 0;
        for (int part = 0; part < ends.Length; part++)
        {
            if (isWanted[part])
            {
                stillWanted--;
                int last = _sizes.Length - stillWanted;
                int first = units;
                while (units < last && (units == first || stillWanted == 0 || IsNearer(rows + _sizes[units], rows, ends[part])))
                {
                    rows += _sizes[units++];
                }
            }

            nearest[part] = units;
        }

        return nearest;

        static bool IsNearer(long rows, long before, int end) => Math.Abs(rows - end) < Math.Abs(before - end);
    }

    /// <summary>Gives each unit in turn to the part that has the fewest rows so far, the first of equals.</summary>
    /// <returns>The part of each unit; none is empty where there are enough units.</returns>
    public int[] Balanced(int parts)
    {
        PriorityQueue<int, (long Rows, int Part)> lightest = new(parts);
        for (int part = 0; part < parts; part++)
        {
            lightest.Enqueue(part, (0, part));
        }

        int[] partOfUnit = new int[_sizes.Length];
        for (int unit = 0; unit < partOfUnit.Length; unit++)
        {
            _ = lightest.TryDequeue(out int part, out (long Rows, int Part) load);
            lightest.Enqueue(part, (load.Rows + _sizes[unit], part));
            partOfUnit[unit] = part;
        }

        return partOfUnit;
    }

    private static RowUnits OfGroups(Dataset data, int[] order, int[] unitOf, RandomStream random)
    {
        ReadOnlySpan<int> groups = data.Values.Groups;
        Dictionary<int, int> numbers = [];
        for (int row = 0; row < unitOf.Length; row++)
        {
            _ = numbers.TryAdd(groups[row], numbers.Count);
        }

        int[] places = new int[numbers.Count];
        int[] sizes = new int[numbers.Count];
        RowOrder.Shuffle(places, random);
        for (int row = 0; row < unitOf.Length; row++)
        {
            unitOf[row] = places[numbers[groups[row]]];
            sizes[unitOf[row]]++;
        }

        return new RowUnits(order, unitOf, sizes, "group");
    }

    private static RowUnits OfTimes(Dataset data, int[] order, int[] unitOf)
    {
        long[] times = data.Values.Times.ToArray();
        RowOrder.Identity(order);
        Array.Sort(order, (a, b) => (times[a], a).CompareTo((times[b], b)));
        List<int> sizes = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || times[order[i]] != times[order[i - 1]])
            {
                sizes.Add(0);
            }

            unitOf[order[i]] = sizes.Count - 1;
            sizes[^1]++;
        }

        return new RowUnits(order, unitOf, [.. sizes], "different time");
    }
}
