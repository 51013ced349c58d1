namespace Mlp.CompilerServices;

/// <summary>What a network knows of its data: statistics of inputs and targets, and names. A copy, which can be given back or on.</summary>
/// <param name="network">The network whose knowledge is copied.</param>
internal sealed class LearnedFromData(NetworkState network)
{
    private readonly bool _hasStatistics = network.HasStatistics;
    private readonly float[] _inputMeans = network.InputMeans.ToArray();
    private readonly float[] _inputScales = network.InputScales.ToArray();
    private readonly float[] _targetMeans = [.. network.TargetMeans];
    private readonly float[] _targetScales = [.. network.TargetScales];
    private readonly IReadOnlyList<string>? _inputNames = network.InputNames;
    private readonly IReadOnlyList<string>? _classNames = network.ClassNames;

    /// <summary>Replaces what a network of the same architecture knows.</summary>
    public void RestoreTo(NetworkState network)
    {
        network.HasStatistics = _hasStatistics;
        _inputMeans.CopyTo(network.InputMeans);
        _inputScales.CopyTo(network.InputScales);
        _targetMeans.CopyTo(network.TargetMeans.AsSpan());
        _targetScales.CopyTo(network.TargetScales.AsSpan());
        network.InputNames = _inputNames;
        network.ClassNames = _classNames;
    }
}
