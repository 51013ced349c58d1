namespace Mlp;

/// <summary>The best epoch of a run by its validation and, where it is asked for, the weights of that epoch.</summary>
/// <param name="network">The network.</param>
/// <param name="stopping">What is monitored; null for the loss, without consequences.</param>
internal sealed class BestEpoch(NetworkState network, EarlyStopping? stopping) : IRunPart
{
    private const string EpochKey = "epoch";
    private const string WaitedKey = "waited";
    private const string ValueKey = "value";

    private readonly Metric _monitor = stopping?.Monitor ?? Metric.Loss;
    private readonly double _minimumDelta = stopping?.MinimumDelta ?? 0;
    private readonly WeightsCopy? _weights = stopping is { RestoreBest: true } ? new WeightsCopy(network.Layout) : null;
    private int _waited;
    private double _value;

    /// <inheritdoc/>
    public string Name => "best";

    /// <summary>The best epoch, from 1; null where none could be compared.</summary>
    public int? Epoch { get; private set; }

    /// <summary>Whether so many epochs were no better that the run should end.</summary>
    public bool IsExhausted => _waited >= stopping?.Patience;

    /// <summary>Compares an epoch with the best before. The network holds the weights that were validated.</summary>
    /// <returns>Whether it is better. A value that is undefined or NaN never is.</returns>
    public bool Judge(EpochResult result)
    {
        double value = result.ValidationOf(_monitor) ?? double.NaN;
        double gain = _monitor.HigherIsBetter ? value - _value : _value - value;
        if (Epoch is null ? double.IsNaN(value) : !(gain > _minimumDelta))
        {
            _waited++;
            return false;
        }

        Epoch = result.Epoch;
        _value = value;
        _waited = 0;
        _weights?.Take(network);
        return true;
    }

    /// <summary>Gives the network the weights of the best epoch, if they were kept and are others than it has; the optimizer's state is dropped then.</summary>
    public void RestoreWeights()
    {
        if (Epoch is not null && _weights?.IsIn(network) == false)
        {
            _weights.GiveTo(network);
            network.Training.OptimizerState = null;
        }
    }

    /// <inheritdoc/>
    public void Save(PartState state)
    {
        state.Set(EpochKey, Epoch ?? 0);
        state.Set(WaitedKey, _waited);
        state.Set(ValueKey, _value);
        state.Weights = Epoch is null ? null : _weights;
    }

    /// <inheritdoc/>
    public void Restore(PartState state)
    {
        int epoch = (int)state.Number(EpochKey);
        Epoch = epoch > 0 ? epoch : null;
        _waited = (int)state.Number(WaitedKey);
        _value = state.Number(ValueKey);
        if (epoch > 0)
        {
            _weights?.CopyFrom(state.RequiredWeights());
        }
    }
}
