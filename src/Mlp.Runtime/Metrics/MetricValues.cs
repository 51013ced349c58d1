using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mlp;

/// <summary>Values of metrics, in the order in which the metrics were given: <c>values[Metric.RocAuc]</c>.</summary>
public sealed class MetricValues : IReadOnlyDictionary<Metric, double?>, IEquatable<MetricValues>
{
    private readonly Metric[] _metrics;
    private readonly double?[] _values;

    /// <summary>Pairs metrics with their values.</summary>
    /// <param name="metrics">The metrics, all different.</param>
    /// <param name="values">As many values.</param>
    internal MetricValues(Metric[] metrics, double?[] values)
    {
        _metrics = metrics;
        _values = values;
    }

    /// <summary>Number of metrics.</summary>
    public int Count => _metrics.Length;

    /// <summary>The metrics.</summary>
    public IEnumerable<Metric> Keys => _metrics;

    /// <summary>Their values.</summary>
    public IEnumerable<double?> Values => _values;

    /// <summary>No metrics.</summary>
    internal static MetricValues None { get; } = new([], []);

    /// <summary>The value of a metric; null where the data leave it undefined, such as the area under the ROC curve of one class.</summary>
    /// <param name="key">The metric, or one that equals it.</param>
    /// <exception cref="KeyNotFoundException">The metric was not computed.</exception>
    public double? this[Metric key] => TryGetValue(key, out double? value)
        ? value
        : throw new KeyNotFoundException(
            $"{key} was not computed; there {(Count == 0 ? "are no metrics" : $"is {string.Join(", ", _metrics.Select(static metric => metric.Name))}")}.");

    /// <inheritdoc/>
    public bool ContainsKey(Metric key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(Metric key, [MaybeNullWhen(false)] out double? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        int index = Array.IndexOf(_metrics, key);
        value = index >= 0 ? _values[index] : null;
        return index >= 0;
    }

    /// <summary>A copy of a list of metrics that can share a table: none is null, and all names differ.</summary>
    /// <exception cref="ArgumentNullException">The list or one of the metrics is null.</exception>
    /// <exception cref="ArgumentException">Two metrics have the same name.</exception>
    internal static IReadOnlyList<Metric> Checked(IReadOnlyList<Metric> metrics, string argument)
    {
        ArgumentNullException.ThrowIfNull(metrics, argument);
        HashSet<string> names = [];
        foreach (Metric metric in metrics)
        {
            ArgumentNullException.ThrowIfNull(metric, argument);
            if (!names.Add(metric.Name))
            {
                throw new ArgumentException($"Two metrics have the name {metric.Name}; all names must differ.", argument);
            }
        }

        return Array.AsReadOnly<Metric>([.. metrics]);
    }

    /// <summary>Whether the other has the same metrics and values in the same order.</summary>
    public bool Equals(MetricValues? other) =>
        other is not null && _metrics.AsSpan().SequenceEqual(other._metrics) && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricValues);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        for (int i = 0; i < _metrics.Length; i++)
        {
            hash.Add(_metrics[i]);
            hash.Add(_values[i]);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Metric, double?>> GetEnumerator()
    {
        for (int i = 0; i < _metrics.Length; i++)
        {
            yield return new(_metrics[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
