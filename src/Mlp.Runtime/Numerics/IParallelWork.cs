namespace Mlp.CompilerServices;

/// <summary>Work that several threads do at once, each its own part.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part. Parts write to places of their own.</summary>
    /// <param name="part">Number of the part, from 0.</param>
    /// <param name="parts">Number of parts, at least 1.</param>
    void Run(int part, int parts);
}
