namespace Mlp;

/// <summary>How a layer trains: sizes of its weights and of what moves them, at the step of the last report in an epoch. Biases are not counted.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="WeightNorm">Euclidean norm of the weights after the step.</param>
/// <param name="GradientNorm">
/// Euclidean norm of the gradient of the mean loss with respect to the weights, before penalties and clipping; 0 of a frozen layer.
/// </param>
/// <param name="UpdateRatio">
/// Norm of the change by the step, over the norm of the weights before it: about 1e-3 is usual, much less says that the layer hardly learns. NaN where all
/// weights were 0 and stay so.
/// </param>
/// <param name="DeadUnits">
/// Units of a ReLU layer that are 0 for each of up to 256 rows, spread over the training data, at the end of the epoch; 0 of other layers. Dead units get no
/// gradient any more.
/// </param>
public sealed record LayerStatistics(string Layer, double WeightNorm, double GradientNorm, double UpdateRatio, int DeadUnits);
