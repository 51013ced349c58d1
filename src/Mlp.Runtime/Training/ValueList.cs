using System.Collections;

namespace Mlp;

/// <summary>A list that equals others of equal items, so that records that hold one are values.</summary>
/// <param name="items">The items, which nobody changes any more.</param>
internal sealed class ValueList<T>(params T[] items) : IReadOnlyList<T> where T : IEquatable<T>
{
    /// <summary>No items.</summary>
    public static ValueList<T> Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValueList<T> other && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>The items in brackets.</summary>
    public override string ToString() => $"[{string.Join(", ", items)}]";
}
