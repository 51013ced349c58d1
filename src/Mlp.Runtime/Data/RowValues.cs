using System.Globalization;
using System.Runtime.InteropServices;

namespace Mlp;

/// <summary>The values of a data set's rows, in arrays or in a mapped file.</summary>
/// <remarks>
/// The runtime reads them here, and keeps the data set alive (<see cref="GC.KeepAlive"/>) as long as it uses a span of them: a file that nothing refers to is
/// no longer mapped. The spans of <see cref="Dataset"/> are for all others.
/// </remarks>
internal sealed record RowValues
{
    /// <summary>Inputs, row-major.</summary>
    public ReadOnlySpan<float> Inputs => InputMemory.Span;

    /// <summary>Targets, row-major; empty where there are labels, or none.</summary>
    public ReadOnlySpan<float> Targets => TargetMemory.Span;

    /// <summary>One label a row; empty where there are none.</summary>
    public ReadOnlySpan<int> Labels => LabelMemory.Span;

    /// <summary>One weight a row; empty where there are none.</summary>
    public ReadOnlySpan<float> Weights => WeightMemory.Span;

    /// <summary>One group a row; empty where there are none.</summary>
    public ReadOnlySpan<int> Groups => GroupMemory.Span;

    /// <summary>One time a row; empty where there are none.</summary>
    public ReadOnlySpan<long> Times => TimeMemory.Span;

    /// <summary>Where the inputs lie.</summary>
    public ReadOnlyMemory<float> InputMemory { get; init; }

    /// <summary>Where the targets lie.</summary>
    public ReadOnlyMemory<float> TargetMemory { get; init; }

    /// <summary>Where the labels lie.</summary>
    public ReadOnlyMemory<int> LabelMemory { get; init; }

    /// <summary>Where the weights lie.</summary>
    public ReadOnlyMemory<float> WeightMemory { get; init; }

    /// <summary>Where the groups lie.</summary>
    public ReadOnlyMemory<int> GroupMemory { get; init; }

    /// <summary>Where the times lie.</summary>
    public ReadOnlyMemory<long> TimeMemory { get; init; }

    /// <summary>The class of each row, where rows have classes: its label, or its only target, which is 0 or 1.</summary>
    public ReadOnlySpan<int> Classes()
    {
        if (Targets.IsEmpty)
        {
            return Labels;
        }

        int[] classes = new int[Targets.Length];
        for (int row = 0; row < classes.Length; row++)
        {
            classes[row] = (int)Targets[row];
        }

        return classes;
    }

    /// <summary>Whether inputs lie in a mapped file.</summary>
    public bool AreMapped => MemoryMarshal.TryGetMemoryManager<float, MappedValues<float>>(InputMemory, out _);

    /// <summary>A span for whoever asks. As it does not say how long it is used, a mapped file is kept from now on.</summary>
    public static ReadOnlySpan<T> Lasting<T>(ReadOnlyMemory<T> values) where T : unmanaged
    {
        if (MemoryMarshal.TryGetMemoryManager(values, out MappedValues<T>? mapped))
        {
            mapped.File.KeepForever();
        }

        return values.Span;
    }

    /// <summary>The first row whose label is none of the classes, and what is wrong with it; null where there is none.</summary>
    public static (int Row, string Problem)? WrongLabel(ReadOnlySpan<int> labels, int classCount)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classCount)
            {
                return (row, $"Row {row} has label {labels[row]}; labels of {classCount} classes are 0…{classCount - 1}.");
            }
        }

        return null;
    }

    /// <summary>What is wrong with the first weight that is negative or not finite; null where there is none.</summary>
    public static string? WrongWeight(ReadOnlySpan<float> weights)
    {
        for (int row = 0; row < weights.Length; row++)
        {
            if (!(weights[row] >= 0 && float.IsFinite(weights[row])))
            {
                return $"Row {row} has the weight {weights[row].ToString(CultureInfo.InvariantCulture)}; weights are finite and at least 0.";
            }
        }

        return null;
    }
}
