namespace Mlp;

/// <summary>Draws rows with replacement so that classes are as frequent as each other. Allocates when it is made and nothing afterwards.</summary>
internal sealed class BalancedRows
{
    /// <summary>All rows, one class after the other.</summary>
    private readonly int[] _rows;

    /// <summary>Where the rows of each class that occurs begin, and at the end where the last one's end.</summary>
    private readonly int[] _starts;

    /// <param name="classOfRow">The class of each row, at least one.</param>
    public BalancedRows(ReadOnlySpan<int> classOfRow)
    {
        _rows = new int[classOfRow.Length];
        RowOrder.Identity(_rows);
        int[] classes = classOfRow.ToArray();
        Array.Sort(_rows, (a, b) => (classes[a], a).CompareTo((classes[b], b)));
        List<int> starts = [];
        for (int i = 0; i < _rows.Length; i++)
        {
            if (i == 0 || classes[_rows[i]] != classes[_rows[i - 1]])
            {
                starts.Add(i);
            }
        }

        _starts = [.. starts, _rows.Length];
    }

    /// <summary>Fills <paramref name="rows"/>: every class gets its turn, and which of its rows, and the order of all, is random.</summary>
    /// <param name="rows">As many as have classes.</param>
    /// <param name="random">Numbers 1 to n − 1 order n rows, so others draw them.</param>
    public void Draw(Span<int> rows, RandomStream random)
    {
        // Where the classes do not divide the rows, chance says which of them have one more.
        int classes = _starts.Length - 1;
        int turn = random.Below(classes, 0);
        for (int i = 0; i < rows.Length; i++)
        {
            int start = _starts[turn];
            rows[i] = _rows[start + random.Below(_starts[turn + 1] - start, (ulong)rows.Length + (ulong)i)];
            turn = turn + 1 == classes ? 0 : turn + 1;
        }

        random.Shuffle(rows);
    }
}
