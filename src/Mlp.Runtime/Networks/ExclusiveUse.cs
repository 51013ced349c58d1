using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The time during which one call trains a network, or replaces what was trained; see <see cref="NetworkState.Exclusively"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ExclusiveUse : IDisposable
{
    private readonly Exclusion? _exclusion;

    internal ExclusiveUse(Exclusion exclusion) => _exclusion = exclusion;

    /// <summary>Ends it.</summary>
    public void Dispose() => _exclusion?.End();
}
