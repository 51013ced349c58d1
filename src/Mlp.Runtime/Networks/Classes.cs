using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Classes as networks predict them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Classes
{
    /// <summary>Index of the largest value, the first of equal ones; NaN counts as smallest.</summary>
    public static int LargestOf(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest] || (float.IsNaN(values[largest]) && !float.IsNaN(values[i])))
            {
                largest = i;
            }
        }

        return largest;
    }
}
