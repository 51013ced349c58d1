namespace Mlp;

/// <summary>What counts as a yes at one threshold.</summary>
/// <param name="Threshold">Scores of at least this are a yes; +∞ where none is.</param>
/// <param name="TruePositives">The weight of rows whose yes is right.</param>
/// <param name="FalsePositives">The weight of rows whose yes is wrong.</param>
public readonly record struct ThresholdPoint(double Threshold, double TruePositives, double FalsePositives);
