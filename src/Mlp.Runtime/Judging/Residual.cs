namespace Mlp;

/// <summary>What a network predicted for a row, and what it should have.</summary>
/// <param name="Target">The target.</param>
/// <param name="Prediction">The output.</param>
public readonly record struct Residual(float Target, float Prediction)
{
    /// <summary>Prediction − target.</summary>
    public double Error => (double)Prediction - Target;
}
