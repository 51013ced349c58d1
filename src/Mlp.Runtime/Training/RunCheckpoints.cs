using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Mlp;

/// <summary>Writes the checkpoints of a run, and resumes it from one.</summary>
internal sealed class RunCheckpoints
{
    private const int Version = 1;
    private const int MostFactors = 4096;

    private readonly NetworkState _network;
    private readonly TrainingOptions _options;
    private readonly Checkpoints _checkpoints;
    private readonly RunState _state;
    private readonly IReadOnlyList<IRunPart> _parts;
    private readonly WeightMean? _mean;
    private readonly SchedulePoint _run;
    private readonly CheckpointFolder _folder;
    private readonly Dictionary<string, string> _description;
    private long _lastStep;
    private bool _hasBegun;
    private bool _isClosed;

    /// <summary>Begins with a run that has not made a step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">What it is trained on.</param>
    /// <param name="options">How, with checkpoints.</param>
    /// <param name="state">The run's state.</param>
    /// <param name="parts">What else of it has a state.</param>
    /// <param name="mean">The mean of the weights, one of the parts; null where there is none.</param>
    /// <param name="run">The run's length.</param>
    public RunCheckpoints(
        NetworkState network, Dataset data, TrainingOptions options, RunState state, IReadOnlyList<IRunPart> parts, WeightMean? mean, SchedulePoint run)
    {
        _network = network;
        _options = options;
        _checkpoints = options.Checkpoints!;
        _state = state;
        _parts = parts;
        _mean = mean;
        _run = run;
        _folder = new CheckpointFolder(_checkpoints.Folder);
        _description = RunDescription.Of(network, data, options);
    }

    /// <summary>Goes on from the newest whole checkpoint, where the folder has one.</summary>
    /// <returns>Whether it does.</returns>
    /// <exception cref="ArgumentException">The checkpoint is of another run; nothing was changed.</exception>
    /// <exception cref="InvalidDataException">No checkpoint is whole; nothing was changed.</exception>
    public bool Resume()
    {
        _folder.Create();
        if (!_checkpoints.Resume || _folder.Newest(_network.Layout) is not (string path, ReadOnlyMemory<byte> run))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(run);
            JsonElement root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != Version)
            {
                throw new InvalidDataException($"{path} is a checkpoint of a newer version.");
            }

            CheckIsSame(root, path);
            Restore(root, path);
            _hasBegun = true;
        }
        catch (Exception error) when (error is KeyNotFoundException or JsonException or FormatException)
        {
            throw new InvalidDataException($"{path} holds a state of training that cannot be read: {error.Message}", error);
        }

        return true;
    }

    /// <summary>Writes the first checkpoint of a run that was not resumed, and makes the folder its own.</summary>
    public void Begin()
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        Write(TimeSpan.Zero);
        if (!_checkpoints.Resume)
        {
            _folder.RemoveOthers(_state.Steps);
        }
    }

    /// <summary>After a step that does not end an epoch, writes a checkpoint if it is time.</summary>
    public void AfterStep(TimeSpan elapsed)
    {
        if (_state.IsInterrupted)
        {
            WriteLast(elapsed);
        }
        else if (IsDue)
        {
            Write(elapsed);
        }
    }

    /// <summary>After an epoch, writes a checkpoint if it is time, or if it was the last one.</summary>
    public void AfterEpoch(bool isOver)
    {
        if (isOver || IsDue)
        {
            Write(TimeSpan.Zero);
        }
    }

    /// <summary>Writes the state that a run will go on from which ends before its time. Whatever it does yet is not kept.</summary>
    public void WriteLast(TimeSpan elapsed)
    {
        if (_hasBegun)
        {
            Write(elapsed);
        }

        _isClosed = true;
    }

    /// <summary>Keeps the network as that of the best epoch.</summary>
    public void KeepBest()
    {
        if (_checkpoints.Best && !_isClosed)
        {
            NetworkFile.Save(_network, _folder.BestPath);
        }
    }

    private bool IsDue
    {
        get
        {
            double every = _checkpoints.Every.InSteps(_run);
            return Math.Floor(_state.Steps / every) > Math.Floor(_lastStep / every);
        }
    }

    private void Write(TimeSpan elapsed)
    {
        if (_isClosed)
        {
            return;
        }

        if (NonFiniteDiagnosis.OfUpdate(_network, new TrainingPlace(_state.Epoch, _state.Steps, rowIndices: default)) is { } overflow)
        {
            throw overflow;
        }

        // Loaded as a model, the file is the mean; the weights that steps go on from are saved by that part.
        bool isPutIn = _mean?.PutIn() == true;
        try
        {
            Describe(elapsed).Save(_network, _folder.PathOf(_state.Steps));
        }
        finally
        {
            if (isPutIn)
            {
                _mean!.PutBack();
            }
        }

        _lastStep = _state.Steps;
        _folder.RemoveBefore(_state.Steps, _checkpoints.Keep);
    }

    /// <summary>The run as it stands.</summary>
    private Checkpoint Describe(TimeSpan elapsed)
    {
        Dictionary<string, WeightsCopy> weights = [];
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            WriteDescription(json);
            WriteNetwork(json, weights);
            json.WriteStartObject("state");
            _state.Write(json, elapsed);
            json.WriteEndObject();
            WriteParts(json, weights);
            WriteCallbacks(json);
            json.WriteEndObject();
        }

        return new Checkpoint(text.WrittenMemory, weights);
    }

    private void WriteDescription(Utf8JsonWriter json)
    {
        json.WriteStartObject("run");
        foreach ((string name, string text) in _description)
        {
            json.WriteString(name, text);
        }

        json.WriteEndObject();
        json.WriteNumber("epochs", _options.Epochs);
        json.WriteNumber("total_steps", _run.TotalSteps);
        json.WriteString("factors", FactorsOf(_run.TotalSteps));
    }

    private void WriteNetwork(Utf8JsonWriter json, Dictionary<string, WeightsCopy> weights)
    {
        json.WriteStartObject("network");
        json.WriteNumber("epochs_trained", _network.EpochsTrained);
        json.WriteNumber("steps_trained", _network.StepsTrained);
        if (_network.Training.OptimizerState is { } optimizer && _options.Optimizer.Owns(optimizer))
        {
            json.WriteNumber("optimizer_steps", optimizer.StepCount);
            json.WriteString("trained_layers", string.Concat(optimizer.Trained?.Select(static trained => trained ? '1' : '0') ?? []));
            for (int number = 0; number < optimizer.PerParameter; number++)
            {
                WeightsCopy values = new(_network.Layout, hasStatistics: false);
                optimizer.Values(number).CopyTo(values.Store.Span);
                weights.Add(OptimizerValues(number), values);
            }
        }

        json.WriteEndObject();
    }

    private void WriteParts(Utf8JsonWriter json, Dictionary<string, WeightsCopy> weights)
    {
        json.WriteStartObject("parts");
        foreach (IRunPart part in _parts)
        {
            PartState state = new();
            part.Save(state);
            json.WriteStartObject(part.Name);
            foreach ((string name, double value) in state.Numbers)
            {
                json.WriteDouble(name, value);
            }

            json.WriteEndObject();
            if (state.Weights is not null)
            {
                weights.Add(part.Name, state.Weights);
            }
        }

        json.WriteEndObject();
    }

    private void WriteCallbacks(Utf8JsonWriter json)
    {
        json.WriteStartArray("callbacks");
        foreach (TrainingCallback callback in _options.Callbacks)
        {
            if (callback.SaveState() is string state)
            {
                json.WriteStartObject();
                json.WriteString("type", NameOf(callback));
                json.WriteString("state", state);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Refuses a checkpoint of another run, and says what differs.</summary>
    private void CheckIsSame(JsonElement root, string path)
    {
        List<string> differences = [];
        Dictionary<string, string> there = root.GetProperty("run").EnumerateObject().ToDictionary(static pair => pair.Name, static pair => pair.Value.GetString()!);
        foreach (string name in _description.Keys.Union(there.Keys))
        {
            Compare(name, there.GetValueOrDefault(name, "not known"), _description.GetValueOrDefault(name, "not known"));
        }

        int epochs = root.GetProperty("epochs").GetInt32();
        long totalSteps = root.GetProperty("total_steps").GetInt64();
        if (_options.Steps is null && epochs != _options.Epochs && (_options.Epochs < epochs || _options.Schedule?.DependsOnRunLength == true))
        {
            string way = _options.Epochs < epochs ? "they may rise, and not fall" : "the schedule depends on the run's length";
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"Epochs: {epochs} there, {_options.Epochs} here; {way}"));
        }

        if (differences.Count == 0 && root.GetProperty("factors").GetString() != FactorsOf(totalSteps))
        {
            differences.Add($"Schedule: {_options.Schedule} has other factors");
        }

        if (differences.Count > 0)
        {
            throw new ArgumentException(
                $"The run of {path} cannot be resumed, as this one differs from it. {string.Join(". ", differences)}. Train as it was begun, or give another folder, "
                + $"or {nameof(Checkpoints.Resume)} = false to begin anew and give up the old run.",
                "options");
        }

        void Compare(string name, string found, string wanted)
        {
            if (found != wanted)
            {
                differences.Add($"{name}: {QuotedText.Of(found)} there, {QuotedText.Of(wanted)} here");
            }
        }
    }

    private void Restore(JsonElement root, string path)
    {
        NetworkState network = NetworkFile.Load(_network.Layout, path);
        IReadOnlyDictionary<string, WeightsCopy> weights = Checkpoint.LoadWeights(_network.Layout, path);
        OptimizerState? optimizer = RestoredOptimizer(root.GetProperty("network"), weights);
        JsonElement parts = root.GetProperty("parts");
        foreach (IRunPart part in _parts)
        {
            PartState state = new() { Weights = weights.GetValueOrDefault(part.Name) };
            foreach (JsonProperty number in parts.GetProperty(part.Name).EnumerateObject())
            {
                state.Set(number.Name, number.Value.Double());
            }

            part.Restore(state);
        }

        RestoreCallbacks(root.GetProperty("callbacks"), path);
        _state.Restore(root.GetProperty("state"), MonitoredMetrics.Of(_options));
        _lastStep = _state.Steps;
        _network.TakeWhole(network);
        _network.Training.Restore(
            root.GetProperty("network").GetProperty("epochs_trained").GetInt32(), root.GetProperty("network").GetProperty("steps_trained").GetInt64(), optimizer);
    }

    private OptimizerState? RestoredOptimizer(JsonElement network, IReadOnlyDictionary<string, WeightsCopy> weights)
    {
        if (!network.TryGetProperty("optimizer_steps", out JsonElement steps))
        {
            return null;
        }

        OptimizerState state = _options.Optimizer.NewState(_network);
        string trained = network.GetProperty("trained_layers").GetString()!;
        state.Restore(steps.GetInt64(), trained.Length == 0 ? null : [.. trained.Select(static layer => layer == '1')]);
        for (int number = 0; number < state.PerParameter; number++)
        {
            weights[OptimizerValues(number)].Store.Span.CopyTo(state.Values(number));
        }

        return state;
    }

    /// <summary>Gives states back to callbacks: each to the next of its type.</summary>
    private void RestoreCallbacks(JsonElement callbacks, string path)
    {
        List<(TrainingCallback Callback, string State)> found = [];
        List<TrainingCallback> left = [.. _options.Callbacks];
        foreach (JsonElement saved in callbacks.EnumerateArray())
        {
            string type = saved.GetProperty("type").GetString()!;
            TrainingCallback callback = left.Find(callback => NameOf(callback) == type) ?? throw new ArgumentException(
                $"The run of {path} had a callback {QuotedText.Of(type)} with a state, which this one lacks; give it to resume the run.", "options");
            left.Remove(callback);
            found.Add((callback, saved.GetProperty("state").GetString()!));
        }

        if (left.Find(static callback => callback.SaveState() is not null) is { } added)
        {
            throw new ArgumentException(
                $"The run of {path} had no callback {QuotedText.Of(NameOf(added))} with a state, which this one has; leave it out to resume the run.", "options");
        }

        foreach ((TrainingCallback callback, string state) in found)
        {
            callback.LoadState(state);
        }
    }

    /// <summary>A digest of the schedule's factors at steps of a run, all or many.</summary>
    private string FactorsOf(long totalSteps)
    {
        if (_options.Schedule is not { } schedule)
        {
            return "none";
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        long count = Math.Min(totalSteps, MostFactors);
        for (long i = 0; i < count; i++)
        {
            long step = count == 1 ? 0 : (long)((Int128)i * (totalSteps - 1) / (count - 1));
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, schedule.FactorAt(_run with { Step = step, TotalSteps = totalSteps }));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string OptimizerValues(int number) => string.Create(CultureInfo.InvariantCulture, $"optimizer.{number}");

    private static string NameOf(TrainingCallback callback) => callback.GetType().FullName ?? callback.GetType().Name;
}
