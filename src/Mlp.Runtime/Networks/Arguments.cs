using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Checks the lengths of spans that a network is called with. Messages name the arguments of the generated members.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Arguments
{
    /// <summary>Checks the spans of a prediction.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the outputs do not fit the inputs.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CheckPrediction(int inputsLength, int outputsLength, int inputSize, int outputSize) =>
        CheckRows(inputsLength, outputsLength, inputSize, outputSize, "outputs");

    /// <summary>Checks the input of a single-row prediction.</summary>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckRow(int length, int inputSize, string name)
    {
        if (length != inputSize)
        {
            ThrowWrongRow(length, inputSize, name);
        }
    }

    /// <summary>Checks the spans of predictions with a loss for each row.</summary>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows.</exception>
    internal static void CheckLosses(int inputsLength, int targetsLength, int outputsLength, int lossesLength, int inputSize, int outputSize)
    {
        int rows = CheckRows(inputsLength, targetsLength, inputSize, outputSize, "targets");
        CheckPrediction(inputsLength, outputsLength, inputSize, outputSize);
        if (lossesLength != rows)
        {
            throw new ArgumentException($"There is one loss for each of the {rows} rows; losses holds {lossesLength}.", "losses");
        }
    }

    /// <summary>Checks the spans of the outputs' derivatives with respect to the inputs.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the results do not fit the inputs.</exception>
    public static int CheckJacobian(int inputsLength, int jacobianLength, int inputSize, int outputSize)
    {
        CheckWholeRows(inputsLength, inputSize, "inputs");
        int rows = inputsLength / inputSize;
        long needed = (long)rows * inputSize * outputSize;
        return needed == jacobianLength ? rows : throw new ArgumentException(
            $"inputs holds {rows} × {inputSize} values, so jacobian must hold {rows} × {outputSize} × {inputSize} = {needed}; it holds {jacobianLength}.", "jacobian");
    }

    /// <summary>Checks that a span holds one value of every parameter.</summary>
    internal static void CheckParameterCount(int length, NetworkLayout layout, string name)
    {
        if (length != layout.ParameterCount)
        {
            throw new ArgumentException($"{name} holds {length} values; the network has {layout.ParameterCount} parameters.", name);
        }
    }

    /// <summary>Checks that inputs and the named span hold the same number of whole rows.</summary>
    /// <returns>The number of rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int CheckRows(int inputsLength, int otherLength, int inputSize, int outputSize, string otherName)
    {
        int rows = inputsLength / inputSize;
        if (rows * inputSize != inputsLength || (long)rows * outputSize != otherLength)
        {
            ThrowWrongSpans(inputsLength, otherLength, inputSize, outputSize, otherName);
        }

        return rows;
    }

    internal static void CheckWholeRows(int length, int rowSize, string name)
    {
        if (length % rowSize != 0)
        {
            throw new ArgumentException($"{name} has {length} values; rows of {rowSize} need a multiple of {rowSize}.", name);
        }
    }

    /// <summary>Checks the weights of a batch's rows: none, or one a row, finite and at least 0, with a finite sum.</summary>
    internal static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (!weights.IsEmpty && weights.Length != rows)
        {
            throw new ArgumentException($"weights holds {weights.Length} values, and the batch has {rows} rows; give one a row, or none.", nameof(weights));
        }

        double total = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            total += weights[row];
            if (!(float.IsFinite(weights[row]) && weights[row] >= 0))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The weight of row {row} is {weights[row]}; weights must be finite and at least 0."), nameof(weights));
            }
        }

        if (total > float.MaxValue)
        {
            throw new ArgumentException("The weights add up to more than a float can hold; divide them all by the same number.", nameof(weights));
        }
    }

    /// <summary>Checks that all gradients that an update is to take are finite.</summary>
    internal static void CheckFinite(ReadOnlySpan<float> gradients)
    {
        if (Finiteness.IndexOfNonFinite(gradients) is int index and >= 0)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Gradient {index} is {gradients[index]}; gradients must be finite."), nameof(gradients));
        }
    }

    private static void ThrowWrongSpans(int inputsLength, int otherLength, int inputSize, int outputSize, string otherName)
    {
        CheckWholeRows(inputsLength, inputSize, "inputs");
        int rows = inputsLength / inputSize;
        string hint = otherName == "targets" ? $" The batches of a DataLoader do with targetSize: {outputSize}." : "";
        throw new ArgumentException(
            $"inputs holds {rows} × {inputSize} values, so {otherName} must hold {rows} × {outputSize} = {(long)rows * outputSize}; it holds {otherLength}.{hint}",
            otherName);
    }

    private static void ThrowWrongRow(int length, int inputSize, string name) =>
        throw new ArgumentException($"{name} has {length} values; one row of this network has {inputSize}.", name);
}
