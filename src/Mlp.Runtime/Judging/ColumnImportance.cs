namespace Mlp;

/// <summary>How much worse a network predicts once the values of one input column are in a random order.</summary>
/// <param name="Column">Index of the column, from 0.</param>
/// <param name="Name">Its name; the index as text where there are no names.</param>
/// <param name="Mean">The mean loss of quality over the repeats, in units of the metric: exactly 0 for a column that the network does not use.</param>
/// <param name="Deviation">The deviation over the repeats, over n − 1; 0 for one.</param>
public sealed record ColumnImportance(int Column, string Name, double Mean, double Deviation);
