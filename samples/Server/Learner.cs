using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Mlp;
using Mlp.Hosting;

namespace Server;

/// <summary>
/// Trains a network on what comes in, beside the one that is served: after each batch the provider takes a copy, so that every answer comes from one whole
/// network.
/// </summary>
internal sealed class Learner(INetworkProvider<FailureNet> served, IOptions<NetworkOptions<FailureNet>> options, ILogger<Learner> logger) : BackgroundService
{
    private const int BatchSize = 32;

    private readonly Channel<Reading> _news = Channel.CreateBounded<Reading>(10_000);
    private readonly Adam _adam = new(1e-3f);
    private long _steps;

    /// <summary>Training steps since the server was started.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Takes a reading whose outcome is known; false where the queue is full.</summary>
    public bool TryLearn(Reading reading) => _news.Writer.TryWrite(reading);

    /// <summary>Trains until the server stops, then saves what was learned.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        FailureNet learner = served.Current.Clone();
        List<Reading> batch = new(BatchSize);
        try
        {
            while (await _news.Reader.WaitToReadAsync(stoppingToken))
            {
                while (batch.Count < BatchSize && _news.Reader.TryRead(out Reading? reading))
                {
                    batch.Add(reading);
                }

                learner.TrainStep(batch, _adam);
                batch.Clear();
                served.Publish(learner);
                Interlocked.Increment(ref _steps);
            }
        }
        catch (OperationCanceledException)
        {
            learner.Save(options.Value.Path);
            logger.LogInformation("Saved {Path} after {Steps} steps.", options.Value.Path, Steps);
        }
    }
}
