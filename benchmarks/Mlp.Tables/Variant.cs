namespace Mlp.Tables;

/// <summary>How this build encodes numbers that take more than 20 values: attributes take constants alone, so each variant is a build of its own.</summary>
internal static class Variant
{
    /// <summary>Bins of the piecewise-linear encoding; 0 for scaling.</summary>
#if BINS
    public const int Bins = 8;
#else
    public const int Bins = 0;
#endif
}
