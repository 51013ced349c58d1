using System.Diagnostics;
using Mlp;

namespace MlpMapped;

/// <summary>A shuffled epoch of a network of its own, some batches at a time.</summary>
internal sealed class Turns
{
    private readonly TabularNet _net = new(seed: 1) { Threads = 1 };
    private readonly Adam _adam = new();
    private DataLoader.EpochBatches.Enumerator _batches;

    /// <summary>Begins the epoch.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    public Turns(Dataset data, int batchSize)
    {
        _net.LearnInputStatistics(data);
        _batches = new DataLoader(data, batchSize, seed: 1).Epoch(0).GetEnumerator();
    }

    /// <summary>How long all turns took by the clock.</summary>
    public double Seconds { get; private set; }

    /// <summary>Trains on the next batches.</summary>
    /// <param name="count">How many.</param>
    /// <returns>Seconds by the clock, and those of the processor, which say more beside other programs; null where fewer are left.</returns>
    public (double Clock, double Processor)? Take(int count)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < count; i++)
        {
            if (!_batches.MoveNext())
            {
                return null;
            }

            _net.TrainStep(_batches.Current.Inputs, _batches.Current.Targets, _adam);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Seconds += seconds;
        return (seconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }
}
