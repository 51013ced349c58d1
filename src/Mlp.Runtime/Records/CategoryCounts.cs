namespace Mlp.CompilerServices;

/// <summary>Counts the values of a column, which are numbered from 1 as they appear.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <param name="order">The order of equally frequent ones, and of classes.</param>
internal sealed class CategoryCounts<T>(IComparer<T> order) where T : notnull
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly List<T> _values = [];
    private readonly List<long> _counts = [];

    /// <summary>Counts a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isNew">Whether it is the first of its kind.</param>
    /// <returns>Its number.</returns>
    public int Add(T value, out bool isNew)
    {
        isNew = !_numbers.TryGetValue(value, out int number);
        if (isNew)
        {
            _values.Add(value);
            _counts.Add(0);
            number = _values.Count;
            _numbers.Add(value, number);
        }

        _counts[number - 1]++;
        return number;
    }

    /// <summary>The most frequent values, most frequent first, and equally frequent ones in order. They have slots from 1, all others slot 0.</summary>
    /// <param name="most">How many to take at most.</param>
    /// <param name="minimumCount">How often each must occur.</param>
    /// <returns>The values, and the slot of each number; 0 is slot 0.</returns>
    public (T[] Values, int[] Slots) MostFrequent(int most, int minimumCount)
    {
        int[] chosen =
        [
            .. Enumerable.Range(0, _values.Count)
                .Where(index => _counts[index] >= minimumCount)
                .OrderByDescending(index => _counts[index])
                .ThenBy(index => _values[index], order)
                .Take(most),
        ];
        return Numbered(chosen, first: 1);
    }

    /// <summary>All values in order. They have labels from 0.</summary>
    /// <returns>The values, and the label of each number.</returns>
    public (T[] Values, int[] Labels) InOrder() => Numbered([.. Enumerable.Range(0, _values.Count).OrderBy(index => _values[index], order)], first: 0);

    private (T[] Values, int[] Numbers) Numbered(int[] chosen, int first)
    {
        int[] numbers = new int[_values.Count + 1];
        for (int i = 0; i < chosen.Length; i++)
        {
            numbers[chosen[i] + 1] = first + i;
        }

        return ([.. chosen.Select(index => _values[index])], numbers);
    }
}
