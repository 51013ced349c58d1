namespace Mlp;

/// <summary>
/// Where a training run stands after one of its steps: with the network's own state, all that it needs to go on to the bits of never having stopped.
/// </summary>
internal sealed class RunState
{
    private readonly List<EpochResult> _results = [];
    private TrainingSums _sums;

    /// <summary>Begins a run.</summary>
    public RunState() => History = new TrainingHistory(_results.AsReadOnly());

    /// <summary>The epochs that are complete, as callbacks and callers see them.</summary>
    public TrainingHistory History { get; }

    /// <summary>The present epoch, from 1.</summary>
    public int Epoch => _results.Count + 1;

    /// <summary>Steps that the run has made.</summary>
    public long Steps => History.Steps;

    /// <summary>Whether the run ends after the present step, whatever was planned.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Mini-batches of the present epoch that its steps have used; 0 before its first step.</summary>
    public int Batches { get; private set; }

    /// <summary>Key of the order of the present epoch's rows: the network's counters when the epoch began.</summary>
    public (int Epochs, long Steps) Order { get; set; }

    /// <summary>What the present epoch's rows came to.</summary>
    public TrainingSums Sums => _sums;

    /// <summary>How long the present epoch took before this part of the run.</summary>
    public TimeSpan ElapsedBefore { get; private set; }

    /// <summary>Ends the run after the present step. The first reason counts.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">What a callback said.</param>
    public void Stop(StopReason reason, string? message = null)
    {
        if (!IsStopped)
        {
            IsStopped = true;
            History.StopReason = reason;
            History.StopMessage = message;
        }
    }

    /// <summary>Counts a step.</summary>
    /// <param name="step">What its rows came to.</param>
    /// <param name="batches">Mini-batches of the epoch up to and with its last.</param>
    public void Add(in TrainingSums step, int batches)
    {
        History.Steps++;
        Batches = batches;
        _sums.Add(step);
    }

    /// <summary>Ends the present epoch with its result, and begins the next.</summary>
    public void Complete(EpochResult result)
    {
        _results.Add(result);
        Batches = 0;
        _sums = default;
        ElapsedBefore = TimeSpan.Zero;
    }
}

/// <summary>Sums over rows that were trained on.</summary>
internal struct TrainingSums
{
    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>Mean losses of the mini-batches, each times its weight.</summary>
    public double Loss;

    /// <summary>The weights of the mini-batches.</summary>
    public double Weight;

    /// <summary>Right answers, each with the weight of its row.</summary>
    public double Hits;

    /// <summary>Answers, each with the weight of its row.</summary>
    public double Answers;

    /// <summary>Adds others.</summary>
    public void Add(in TrainingSums other)
    {
        Rows += other.Rows;
        Loss += other.Loss;
        Weight += other.Weight;
        Hits += other.Hits;
        Answers += other.Answers;
    }

    /// <summary>The mean loss.</summary>
    public readonly double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    /// <summary>Share of right answers; null where there are none.</summary>
    public readonly double? Accuracy => Answers > 0 ? Hits / Answers : null;
}
