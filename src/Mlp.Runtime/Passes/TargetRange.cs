using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mlp;

/// <summary>Which targets a loss takes. Values that are not finite pass here; the step that meets them reports their place.</summary>
internal static class TargetRange
{
    /// <summary>Checks targets of a batch.</summary>
    /// <param name="layout">A network with a loss.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <exception cref="ArgumentException">A target is out of the loss's range.</exception>
    public static void Check(NetworkLayout layout, ReadOnlySpan<float> targets)
    {
        if (IndexOutside(layout.Loss, targets) is int index and >= 0)
        {
            throw new ArgumentException(Message(layout, targets, index, "The batch"), nameof(targets));
        }
    }

    /// <summary>What is wrong with a target, and where it is.</summary>
    /// <param name="layout">A network with a loss.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="index">Index of the target.</param>
    /// <param name="what">What the message calls the rows, with a capital letter.</param>
    public static string Message(NetworkLayout layout, ReadOnlySpan<float> targets, int index, string what)
    {
        string value = targets[index].ToString(CultureInfo.InvariantCulture);
        string place = $"row {index / layout.OutputSize}, column {index % layout.OutputSize}, counted from 0";
        string range = layout.Loss switch
        {
            LossFunction.BCE => "in [0, 1]",
            LossFunction.Hinge => "-1 or 1",
            _ => "at least 0",
        };
        return $"{what} has the target {value} in {place}; targets of {layout.Loss} are {range}.";
    }

    /// <summary>Index of the first target that is out of the loss's range; −1 where there is none.</summary>
    public static int IndexOutside(LossFunction? loss, ReadOnlySpan<float> targets)
    {
        if (loss is not (LossFunction.BCE or LossFunction.CrossEntropy or LossFunction.Poisson or LossFunction.Hinge))
        {
            return -1;
        }

        // Every training step comes here, so the good case is vectors; whatever they cannot say is looked at one by one.
        for (int index = loss == LossFunction.Hinge ? CountOfSigns(targets) : CountInside(targets, loss == LossFunction.BCE ? 1 : float.PositiveInfinity);
            index < targets.Length;
            index++)
        {
            if (float.IsFinite(targets[index]) && IsOutside(loss.Value, targets[index]))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>How many targets, in whole vectors from the first on, are at least 0 and at most <paramref name="largest"/>.</summary>
    private static int CountInside(ReadOnlySpan<float> targets, float largest)
    {
        ref float first = ref MemoryMarshal.GetReference(targets);
        Vector256<float> most = Vector256.Create(largest);
        int index = 0;
        while (index <= targets.Length - 8 && IsInside(Vector256.LoadUnsafe(ref first, (nuint)index), most))
        {
            index += 8;
        }

        return index;
    }

    private static bool IsInside(Vector256<float> targets, Vector256<float> most) =>
        (Vector256.GreaterThanOrEqual(targets, Vector256<float>.Zero) & Vector256.LessThanOrEqual(targets, most)).AsInt32() == Vector256<int>.AllBitsSet;

    /// <summary>How many targets, in whole vectors from the first on, are −1 or 1.</summary>
    private static int CountOfSigns(ReadOnlySpan<float> targets)
    {
        ref float first = ref MemoryMarshal.GetReference(targets);
        int index = 0;
        while (index <= targets.Length - 8 && Vector256.EqualsAll(Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)index)), Vector256<float>.One))
        {
            index += 8;
        }

        return index;
    }

    private static bool IsOutside(LossFunction loss, float target) => loss switch
    {
        LossFunction.Hinge => target is not (-1 or 1),
        LossFunction.BCE => target is < 0 or > 1,
        _ => target < 0,
    };
}
