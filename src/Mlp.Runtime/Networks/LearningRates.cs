namespace Mlp.CompilerServices;

/// <summary>How fast a network and each of its layers learn at present: factors of the optimizer's rate.</summary>
/// <param name="layout">The network.</param>
/// <remarks>Whoever changes it runs alone (<see cref="NetworkState.Exclusively"/>), but for <see cref="OfNetwork"/>.</remarks>
internal sealed class LearningRates(NetworkLayout layout)
{
    private double[]? _ofLayers;

    /// <summary>The factor of single steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double OfNetwork
    {
        get;
        set => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(NetworkState.LearningRateFactor), value, $"{nameof(NetworkState.LearningRateFactor)} must be finite and at least 0.");
    } = 1;

    /// <summary>The factor of the next step of the run at hand; null between runs.</summary>
    public double? OfRun { get; set; }

    /// <summary>The factor of the next step.</summary>
    public double Factor => OfRun ?? OfNetwork;

    /// <summary>Whether trained layers differ in their factors, or share another than 1.</summary>
    public bool AreByLayer { get; private set; }

    /// <summary>For each layer, whether it is trained: frozen neither by its declaration nor by the run.</summary>
    public bool[] AreTrained { get; private set; } = layout.AreTrained;

    /// <summary>Number, from 0, of the first layer that is trained: no delta below it is needed.</summary>
    public int FirstTrained { get; private set; } = FirstOf(layout.AreTrained);

    /// <summary>The factor of a layer besides that of the step.</summary>
    /// <param name="layer">The layer's number from 0.</param>
    public double OfLayer(int layer) => _ofLayers is null ? 1 : _ofLayers[layer];

    /// <summary>Gives layers factors of their own, for a run.</summary>
    /// <param name="ofLayers">A factor for each layer; 0 freezes it.</param>
    public void Begin(double[] ofLayers)
    {
        _ofLayers = ofLayers;
        AreTrained = Array.IndexOf(ofLayers, 0) < 0 ? layout.AreTrained : [.. ofLayers.Select((factor, layer) => factor > 0 && layout.AreTrained[layer])];
        FirstTrained = FirstOf(AreTrained);
        AreByLayer = ofLayers.Where((factor, layer) => factor != 1 && AreTrained[layer]).Any();
    }

    /// <summary>Ends the run: all layers that are not declared frozen learn alike again.</summary>
    public void End()
    {
        _ofLayers = null;
        AreTrained = layout.AreTrained;
        FirstTrained = FirstOf(AreTrained);
        AreByLayer = false;
        OfRun = null;
    }

    private static int FirstOf(bool[] areTrained) => Array.IndexOf(areTrained, true) is int first and >= 0 ? first : areTrained.Length;
}
