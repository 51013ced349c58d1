namespace Mlp.CompilerServices;

/// <summary>The numbers of a column that are not missing, part by part, as often as they are wanted.</summary>
internal abstract class NumberSource
{
    /// <summary>How many numbers there are.</summary>
    public abstract int Count { get; }

    /// <summary>How many parts they come in.</summary>
    public abstract int Parts { get; }

    /// <summary>The numbers of a part, valid until the next call.</summary>
    /// <param name="part">The part's number, from 0.</param>
    public abstract ReadOnlySpan<double> Part(int part);
}
