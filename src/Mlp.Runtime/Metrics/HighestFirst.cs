namespace Mlp;

/// <summary>Orders rows by the falling score of one output, equal ones by number, so that there is one order only.</summary>
/// <param name="scores">rows × outputs, none of those compared NaN.</param>
/// <param name="stride">Number of outputs.</param>
/// <param name="output">The output, from 0.</param>
internal readonly struct HighestFirst(float[] scores, int stride, int output) : IComparer<int>
{
    /// <inheritdoc/>
    public int Compare(int left, int right)
    {
        float a = scores[(left * stride) + output];
        float b = scores[(right * stride) + output];
        return a > b ? -1 : a < b ? 1 : left.CompareTo(right);
    }
}
