using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>The last layer of an ensemble: one for each member, read and written in place as any <see cref="DenseLayer"/>.</summary>
public readonly struct EnsembleLayer
{
    private readonly NetworkState _network;

    internal EnsembleLayer(NetworkState network) => _network = network;

    /// <summary>Number of members.</summary>
    public int Count => _network.Layout.Members;

    /// <summary>The layer of one member. May be read at any time.</summary>
    /// <param name="member">The member's number from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such member.</exception>
    public DenseLayer this[int member]
    {
        get
        {
            LayerIndex.Check(member, Count, nameof(member), "members");
            return _network.View(_network.Layout.DeclaredLayers - 1 + member);
        }
    }
}

/// <summary>What the members of an ensemble multiply the inputs by, [members × inputs]; standardised inputs, where the network standardises.</summary>
public readonly struct MemberScalesView
{
    private readonly NetworkState _network;

    internal MemberScalesView(NetworkState network) => _network = network;

    /// <summary>Number of members.</summary>
    public int Members => _network.Layout.Members;

    /// <summary>Number of inputs.</summary>
    public int Inputs => _network.Layout.ExpandedSize;

    /// <summary>The scale of input <paramref name="input"/> in member <paramref name="member"/>; the reference writes through.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or too large.</exception>
    /// <exception cref="InvalidOperationException">The network is the <c>Trained</c> of its class, which is read-only.</exception>
    public ref float this[int member, int input]
    {
        get
        {
            LayerIndex.Check(member, Members, nameof(member), "members");
            LayerIndex.Check(input, Inputs, nameof(input), "inputs");
            EnsembleLayout ensemble = _network.Layout.Ensemble!;
            return ref Unsafe.Add(ref _network.ViewedParameters, ensemble.ScalesOffset + (member * ensemble.ScalesStride) + input);
        }
    }
}
