namespace Mlp;

/// <summary>
/// Collects values one by one into an array; without a copy if there are as many as expected. Values beyond that number go to blocks, which are
/// copied once, at the end.
/// </summary>
internal sealed class ValueBuffer<T>(long expected)
{
    private const int SmallestBlock = 1 << 10;

    private readonly List<T[]> _full = [];
    private T[] _last = new T[expected];
    private int _lastCount;
    private long _fullCount;

    public void Add(T value)
    {
        if (_lastCount == _last.Length)
            Grow();
        _last[_lastCount++] = value;
    }

    /// <summary>All values; the buffer gives its array away.</summary>
    /// <exception cref="OutOfMemoryException">No array holds so many.</exception>
    public T[] ToArray()
    {
        if (_full.Count == 0 && _lastCount == _last.Length)
            return _last;

        T[] all = GC.AllocateUninitializedArray<T>(checked((int)(_fullCount + _lastCount)));
        int position = 0;
        foreach (T[] block in _full)
        {
            block.CopyTo(all, position);
            position += block.Length;
        }

        _last.AsSpan(0, _lastCount).CopyTo(all.AsSpan(position));
        return all;
    }

    private void Grow()
    {
        // An eighth of all: neither many blocks nor much room that stays empty.
        if (_lastCount > 0)
            _full.Add(_last);
        _fullCount += _lastCount;
        _last = new T[Math.Clamp(_fullCount / 8, SmallestBlock, Array.MaxLength)];
        _lastCount = 0;
    }
}
