using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>What was learned of a numeric column.</summary>
/// <param name="Fill">What stands for a missing number.</param>
/// <param name="Center">What is subtracted.</param>
/// <param name="Spread">What is divided by; not 0.</param>
/// <param name="Edges">The edges of the bins, ascending, one more than there are bins; empty where there are none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct NumberFit(double Fill, double Center, double Spread, double[] Edges);
