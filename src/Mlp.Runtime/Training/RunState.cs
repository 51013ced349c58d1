using System.Text.Json;

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

    /// <summary>Whether the run ends before its time, and will go on from here when it is resumed.</summary>
    public bool IsInterrupted => IsStopped && History.StopReason is StopReason.TimeLimit or StopReason.Cancelled;

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

    /// <summary>From here nothing stops the run any more: it has ended.</summary>
    public void End() => IsStopped = true;

    /// <summary>Ends the run at once, whatever else has ended it.</summary>
    public void Cancel()
    {
        IsStopped = true;
        History.StopReason = StopReason.Cancelled;
        History.StopMessage = null;
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

    /// <summary>Writes all of it.</summary>
    /// <param name="json">Receives properties.</param>
    /// <param name="elapsed">How long the present epoch has taken.</param>
    public void Write(Utf8JsonWriter json, TimeSpan elapsed)
    {
        json.WriteNumber("steps", Steps);
        json.WriteNumber("batches", Batches);
        json.WriteNumber("order_epochs", Order.Epochs);
        json.WriteNumber("order_steps", Order.Steps);
        json.WriteNumber("rows", _sums.Rows);
        json.WriteDouble("loss", _sums.Loss);
        json.WriteDouble("weight", _sums.Weight);
        json.WriteDouble("hits", _sums.Hits);
        json.WriteDouble("answers", _sums.Answers);
        json.WriteNumber("elapsed", elapsed.Ticks);
        if (IsStopped && !IsInterrupted)
        {
            json.WriteString("stopped", History.StopReason.ToString());
            json.WriteString("message", History.StopMessage);
        }

        json.WriteStartArray("epochs");
        foreach (EpochResult result in _results)
        {
            json.WriteStartObject();
            result.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Takes back what <see cref="Write"/> wrote.</summary>
    /// <param name="state">The object with its properties.</param>
    /// <param name="metrics">The metrics of validation.</param>
    public void Restore(JsonElement state, IReadOnlyList<Metric> metrics)
    {
        History.Steps = state.GetProperty("steps").GetInt64();
        Batches = state.GetProperty("batches").GetInt32();
        Order = (state.GetProperty("order_epochs").GetInt32(), state.GetProperty("order_steps").GetInt64());
        _sums = new TrainingSums
        {
            Rows = state.GetProperty("rows").GetInt32(),
            Loss = state.GetProperty("loss").Double(),
            Weight = state.GetProperty("weight").Double(),
            Hits = state.GetProperty("hits").Double(),
            Answers = state.GetProperty("answers").Double(),
        };
        ElapsedBefore = new TimeSpan(state.GetProperty("elapsed").GetInt64());
        _results.AddRange(state.GetProperty("epochs").EnumerateArray().Select(result => EpochResult.Read(result, metrics)));
        if (state.TryGetProperty("stopped", out JsonElement reason))
        {
            Stop(Enum.Parse<StopReason>(reason.GetString()!), state.GetProperty("message").GetString());
        }
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
