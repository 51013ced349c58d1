using System.Collections;

namespace Contract.Tests.Records;

/// <summary>A source that can be enumerated once, and may fail on the way.</summary>
internal sealed class Once<T>(IEnumerable<T> rows, int failsAt = -1) : IEnumerable<T>
{
    private bool _isRead;

    public IEnumerator<T> GetEnumerator()
    {
        Assert.False(_isRead, "The source is enumerated a second time.");
        _isRead = true;
        return Read().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<T> Read()
    {
        int number = 0;
        foreach (T row in rows)
        {
            if (number++ == failsAt)
            {
                throw new TimeoutException("The source is gone.");
            }

            yield return row;
        }
    }
}
