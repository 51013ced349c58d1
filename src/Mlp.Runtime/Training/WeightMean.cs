namespace Mlp;

/// <summary>The mean of a run's weights.</summary>
/// <param name="network">The network, as of before the first step.</param>
/// <param name="average">How its steps count.</param>
/// <param name="isFused">Whether the optimizer keeps the mean of the parameters, while it has them at hand; else they are taken from the network after the step.</param>
internal sealed class WeightMean(NetworkState network, WeightAverage average, bool isFused) : IRunPart
{
    private const string UpdatesKey = "updates";

    // Often enough to keep denormal numbers few, seldom enough to cost nothing.
    private const long UpdatesBetweenFlushes = 64;

    private readonly WeightsCopy _mean = Copy(network);
    private RunningMean? _fused;
    private bool _isIn;
    private long _updates;

    /// <inheritdoc/>
    public string Name => "average";

    /// <summary>Before a step.</summary>
    public void BeginStep()
    {
        if (isFused)
        {
            _fused ??= new RunningMean(_mean.Store);
            _fused.Share = average.ShareAt(_updates);
            network.Training.Mean = _fused;
        }
    }

    /// <summary>After a step, takes into the mean what is not in it yet.</summary>
    public void CompleteStep()
    {
        float share = average.ShareAt(_updates++);
        if (!isFused)
        {
            MoveTowards(network.Store, _mean.Store.Span, share);
        }

        MoveTowards(network.RunningStatistics, _mean.Statistics.Span, share);
        if (_updates % UpdatesBetweenFlushes == 0)
        {
            Flush(_mean.Store.Span);
            Flush(_mean.Statistics.Span);
        }
    }

    /// <summary>Gives the network the mean, until <see cref="PutBack"/>; for what looks at the network between steps.</summary>
    /// <returns>Whether it had its own weights before.</returns>
    public bool PutIn()
    {
        if (_isIn)
        {
            return false;
        }

        _mean.ExchangeWith(network);
        return _isIn = true;
    }

    /// <summary>Gives the network its own weights again, if it has the mean.</summary>
    public void PutBack()
    {
        if (_isIn)
        {
            _mean.ExchangeWith(network);
            _isIn = false;
        }
    }

    /// <summary>Gives the network the mean for good, if there is any. The optimizer's state, which belongs to other weights, is dropped.</summary>
    public void Keep()
    {
        network.Training.Mean = null;
        if (_updates > 0)
        {
            _mean.GiveTo(network);
            network.Training.OptimizerState = null;
        }
    }

    /// <summary>Saves the network's own weights; the network has the mean meanwhile.</summary>
    public void Save(PartState state)
    {
        state.Set(UpdatesKey, _updates);
        state.Weights = _mean;
    }

    /// <summary>Restores the network's own weights, for a network that has the mean.</summary>
    public void Restore(PartState state)
    {
        _updates = (long)state.Number(UpdatesKey);
        _mean.CopyFrom(state.RequiredWeights());
        _isIn = true;
    }

    private static WeightsCopy Copy(NetworkState network)
    {
        WeightsCopy copy = new(network.Layout);
        copy.Take(network);
        return copy;
    }

    /// <summary><c>mean += share·(value − mean)</c>.</summary>
    private static void MoveTowards(ReadOnlySpan<float> values, Span<float> means, float share)
    {
        Vec256 factor = Vec256.Create(share);
        for (int i = 0; i < means.Length; i += Vec256.Count)
        {
            Vec256 mean = Vec256.Load(ref means[i]);
            Vec256.Store(Vec256.FusedMultiplyAdd(factor, Vec256.Load(in values[i]) - mean, mean), ref means[i]);
        }
    }

    /// <summary>Replaces what is below the smallest normal number by 0: means of weights that are 0 would end there, where processors are many times slower.</summary>
    private static void Flush(Span<float> means)
    {
        Vec256 smallest = Vec256.Create(1.17549435e-38f);
        for (int i = 0; i < means.Length; i += Vec256.Count)
        {
            Vec256 mean = Vec256.Load(ref means[i]);
            Vec256.Store(Vec256.Clear(Vec256.LessThan(Vec256.Abs(mean), smallest), mean), ref means[i]);
        }
    }
}
