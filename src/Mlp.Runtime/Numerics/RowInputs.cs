using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Inputs of a network in rows of its own.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowInputs
{
    /// <summary>Copies raw inputs to padded rows.</summary>
    /// <inheritdoc cref="Stage(ref float, nuint, ref float, nuint, nuint, ref float, ref float)"/>
    public static void Stage(ref float inputs, nuint columns, ref float x, nuint stride, nuint rows) =>
        Stage(ref inputs, columns, ref x, stride, rows, ref Unsafe.NullRef<float>(), ref Unsafe.NullRef<float>());

    /// <summary>Copies raw inputs to padded rows, centred and scaled by the training data's statistics.</summary>
    /// <param name="inputs">rows × columns, without padding.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="x">Receives the rows; their padding up to 16 columns becomes 0.</param>
    /// <param name="stride">Floats from one of these rows to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="means">What is subtracted from each column; a null reference for nothing.</param>
    /// <param name="scales">What each centred column is multiplied by.</param>
    /// <remarks>The caller vouches for the memory behind the references; of means and scales whole vectors are read. Nothing allocates.</remarks>
    [MethodImpl(KernelOptions.Optimized)]
    public static void Stage(ref float inputs, nuint columns, ref float x, nuint stride, nuint rows, ref float means, ref float scales)
    {
        bool isScaled = !Unsafe.IsNullRef(ref means);
        nuint padded = (columns + 15) & ~(nuint)15;
        for (nuint row = 0; row < rows; row++)
        {
            ref float raw = ref Unsafe.Add(ref inputs, row * columns);
            ref float staged = ref Unsafe.Add(ref x, row * stride);
            for (nuint k = 0; k < columns; k += 8)
            {
                Vec256 value = k + 8 <= columns ? Vec256.Load(ref raw, k) : Lanes.LoadFirst(ref Unsafe.Add(ref raw, k), (int)(columns - k));
                value = isScaled ? (value - Vec256.Load(ref means, k)) * Vec256.Load(ref scales, k) : value;
                Vec256.Store(k + 8 <= columns ? value : value & Vec256.FirstLanes((int)(columns - k)), ref staged, k);
            }

            for (nuint k = (columns + 7) & ~(nuint)7; k < padded; k += 8)
            {
                Vec256.Store(Vec256.Zero, ref staged, k);
            }
        }
    }
}
