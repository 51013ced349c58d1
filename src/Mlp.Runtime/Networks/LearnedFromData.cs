namespace Mlp.CompilerServices;

/// <summary>
/// What a network knows of its data: statistics of inputs and targets, what its encoder of records has learned, names. A copy, which can be given back or on.
/// </summary>
/// <param name="network">The network whose knowledge is copied.</param>
internal sealed class LearnedFromData(NetworkState network)
{
    private readonly bool _hasStatistics = network.Standardization.IsLearned;
    private readonly float[] _inputMeans = network.InputMeans.ToArray();
    private readonly float[] _inputScales = network.InputScales.ToArray();
    private readonly float[] _targetMeans = [.. network.Standardization.TargetMeans];
    private readonly float[] _targetScales = [.. network.Standardization.TargetScales];
    private readonly FittedEncoder? _fitted = network.Fitted;
    private readonly IReadOnlyList<string>? _inputNames = network.InputNames;
    private readonly IReadOnlyList<string>? _classNames = network.ClassNames;

    /// <summary>Replaces what a network of the same architecture knows.</summary>
    public void RestoreTo(NetworkState network)
    {
        network.Standardization.IsLearned = _hasStatistics;
        _inputMeans.CopyTo(network.InputMeans);
        _inputScales.CopyTo(network.InputScales);
        _targetMeans.CopyTo(network.Standardization.TargetMeans.AsSpan());
        _targetScales.CopyTo(network.Standardization.TargetScales.AsSpan());
        network.Fitted = _fitted;
        network.InputNames = _inputNames;
        network.ClassNames = _classNames;
    }
}
