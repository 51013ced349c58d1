namespace Mlp;

/// <summary>Answers of about the same confidence, and how often they are right.</summary>
/// <param name="Lower">Confidences above this are in the bin; of the first one also 0.</param>
/// <param name="Upper">Confidences up to this are in the bin.</param>
/// <param name="Confidence">Their weighted mean; NaN where the bin is empty.</param>
/// <param name="Accuracy">The weighted share of right answers, which equals the confidence of a calibrated network; NaN where the bin is empty.</param>
/// <param name="Weight">The weight of the answers: their number, where rows have no weights.</param>
public readonly record struct CalibrationBin(double Lower, double Upper, double Confidence, double Accuracy, double Weight);
