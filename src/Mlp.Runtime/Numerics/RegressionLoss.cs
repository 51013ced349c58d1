namespace Mlp;

/// <summary>Losses of regression, computed from outputs and targets in the data's units.</summary>
internal static class RegressionLoss
{
    /// <summary>The loss of each row: the mean over its outputs, in double and in order.</summary>
    /// <param name="loss">MSE, MAE, Huber or LogCosh; their formulas are those of <see cref="LossFunction"/>.</param>
    /// <param name="delta">Huber's δ.</param>
    /// <param name="outputs">rows × columns.</param>
    /// <param name="targets">rows × columns.</param>
    /// <param name="losses">Receives one loss a row; squares of large or small numbers leave single precision.</param>
    public static void OfRows(LossFunction loss, float delta, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<double> losses)
    {
        int columns = outputs.Length / losses.Length;
        for (int row = 0; row < losses.Length; row++)
        {
            double sum = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++)
            {
                sum += Of(loss, delta, (double)outputs[i] - targets[i]);
            }

            losses[row] = sum / columns;
        }
    }

    /// <summary>The loss of one output.</summary>
    /// <param name="loss">MSE, MAE, Huber or LogCosh.</param>
    /// <param name="delta">Huber's δ.</param>
    /// <param name="error">The output less its target.</param>
    public static double Of(LossFunction loss, double delta, double error)
    {
        double size = Math.Abs(error);
        return loss switch
        {
            LossFunction.MSE => error * error,
            LossFunction.MAE => size,
            LossFunction.Huber => size <= delta ? 0.5 * error * error : delta * (size - (0.5 * delta)),
            LossFunction.LogCosh => size + ScalarMath.Log((1 + ScalarMath.Exp(-2 * size)) / 2),
            _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "Only losses of regression scale targets."),
        };
    }
}
