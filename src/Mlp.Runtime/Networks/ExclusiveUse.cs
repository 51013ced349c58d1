using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The time during which one call trains a network, or replaces what was trained; see <see cref="NetworkState.Exclusively"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ExclusiveUse : IDisposable
{
    private readonly NetworkState? _network;

    internal ExclusiveUse(NetworkState network) => _network = network;

    /// <summary>Ends it.</summary>
    public void Dispose() => _network?.EndExclusiveUse();
}
