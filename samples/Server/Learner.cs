using System.Threading.Channels;
using Mlp;

namespace Server;

/// <summary>
/// Serves one network and trains another on what comes in. Requests take the served network, which nobody changes; the learner publishes a copy of its own
/// after each batch, so that every answer comes from one whole network.
/// </summary>
internal sealed class Learner(string path, ILogger<Learner> logger) : BackgroundService
{
    private const int BatchSize = 32;

    private readonly Channel<Reading> _news = Channel.CreateBounded<Reading>(10_000);
    private readonly Adam _adam = new(1e-3f);
    private FailureNet _served = Begin(path);
    private long _steps;

    /// <summary>Answers a question. Runs on any number of threads at once.</summary>
    public Answer Predict(Reading reading)
    {
        FailureNet network = Volatile.Read(ref _served);
        return new Answer(network.Predict(reading), Interlocked.Read(ref _steps));
    }

    /// <summary>Takes a reading whose outcome is known; false where the queue is full.</summary>
    public bool TryLearn(Reading reading) => _news.Writer.TryWrite(reading);

    /// <summary>Trains until the server stops, then saves what was learned.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        FailureNet learner = _served.Clone();
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
                Interlocked.Increment(ref _steps);
                Volatile.Write(ref _served, learner.Clone());
            }
        }
        catch (OperationCanceledException)
        {
            learner.Save(path);
            logger.LogInformation("Saved {Path} after {Steps} steps.", path, _steps);
        }
    }

    /// <summary>The network of the last run; the first time, one that has learned from readings of the past.</summary>
    private static FailureNet Begin(string path)
    {
        if (File.Exists(path))
        {
            return FailureNet.Load(path);
        }

        FailureNet network = new(seed: 1);
        network.Train(Past.Readings(2_000, seed: 1), new TrainingOptions { Epochs = 20, Seed = 1 });
        return network;
    }
}
