using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// An ensemble's members, and where the store keeps what each multiplies the inputs by: scale [m, i] at <c>ScalesOffset + m·ScalesStride + i</c>.
/// </summary>
/// <param name="Members">Number of members, at least 2.</param>
/// <param name="ScalesOffset">Index of the first scale in the store; a multiple of 8.</param>
/// <param name="ScalesStride">Floats from one member's scales to the next one's, padding included; a multiple of 8.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EnsembleLayout(int Members, int ScalesOffset, int ScalesStride)
{
    /// <summary>What the view of the scales, and their tensor in files, are called.</summary>
    internal const string ScalesName = "MemberScales";
}
