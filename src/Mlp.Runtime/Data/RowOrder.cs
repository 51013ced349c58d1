namespace Mlp;

/// <summary>Orders of rows, and rows in that order.</summary>
internal static class RowOrder
{
    /// <summary>Fills <paramref name="rows"/> with 0, 1, 2, …</summary>
    public static void Identity(Span<int> rows) => From(0, rows);

    /// <summary>Fills <paramref name="rows"/> with the numbers from <paramref name="first"/> on.</summary>
    public static void From(int first, Span<int> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            rows[i] = first + i;
    }

    /// <summary>Fills <paramref name="rows"/> with 0, 1, 2, … in the random order of the stream, whatever they held before.</summary>
    public static void Shuffle(Span<int> rows, RandomStream random)
    {
        Identity(rows);
        random.Shuffle(rows);
    }

    /// <summary>The chosen rows of a row-major table, one after the other, in a new array.</summary>
    /// <inheritdoc cref="Gather{T}"/>
    public static T[] Gathered<T>(ReadOnlySpan<T> table, int width, ReadOnlySpan<int> rows)
    {
        T[] gathered = new T[(long)rows.Length * width];
        Gather(table, width, rows, gathered);
        return gathered;
    }

    /// <summary>Copies the chosen rows of a row-major table, one after the other.</summary>
    /// <param name="table">Values, <c>[any × width]</c>.</param>
    /// <param name="width">Columns of both tables.</param>
    /// <param name="rows">Rows of <paramref name="table"/> to copy.</param>
    /// <param name="destination">Receives <c>[rows × width]</c> values at its start.</param>
    public static void Gather<T>(ReadOnlySpan<T> table, int width, ReadOnlySpan<int> rows, Span<T> destination)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<T> source = table.Slice(rows[i] * width, width);
            Span<T> target = destination.Slice(i * width, width);

            // A call to copy a handful of values costs more than the values.
            if (width <= 8)
            {
                for (int column = 0; column < source.Length; column++)
                    target[column] = source[column];
            }
            else
            {
                source.CopyTo(target);
            }
        }
    }
}
