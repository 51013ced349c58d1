using System.Diagnostics;

namespace Mlp;

/// <summary>The loop over epochs and mini-batches of one training run. What goes on from step to step is a <see cref="RunState"/>, and its parts.</summary>
internal sealed class TrainingRun
{
    private readonly INetwork _network;
    private readonly LossFunction _loss;
    private readonly TrainingOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly DataLoader _loader;
    private readonly Evaluator? _validation;
    private readonly GradientAdjustment? _adjustment;
    private readonly StoredGradients? _gradients;
    private readonly CategoryMasking? _masking;
    private readonly RunState _state = new();
    private readonly TrainingContext _context;
    private readonly BestEpoch? _best;
    private readonly List<IRunPart> _parts = [];
    private readonly LayerReports? _layers;
    private readonly RunCheckpoints? _checkpoints;
    private readonly RunRate _rate;
    private readonly WeightMean? _mean;
    private readonly long _totalSteps;
    private readonly int _stepsPerEpoch;
    private readonly int _epochs;
    private readonly int _outputSize;
    private readonly int _answersPerRow;
    private readonly float[] _outputs;
    private readonly double _meanWeight;
    private readonly int _noiseSeed;
    private InterruptionCheck _interruption;

    // From the moment on at which the parts of the run are told of an epoch, until all of them and all callbacks know of it.
    private bool _isCompletingEpoch;
    private TrainingSums _step;
    private long _runStart;
    private long _firstStep;
    private long _epochStart;

    /// <summary>Batch normalization's running statistics as of the last completed step.</summary>
    private readonly float[] _runningStatistics;

    /// <summary>Prepares a run and its buffers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="data">Data that fits the network, as the options' validation data does.</param>
    /// <param name="options">How to train.</param>
    /// <param name="cancellationToken">Ends the run between two batches.</param>
    public TrainingRun(INetwork network, LossFunction loss, Dataset data, TrainingOptions options, CancellationToken cancellationToken)
    {
        _network = network;
        _loss = loss;
        _options = options;
        _cancellationToken = cancellationToken;
        _outputSize = network.State.Layout.OutputSize;
        Dataset ordinary = DataWeights.MadeOrdinary(network.State.Layout, data);
        _loader = new DataLoader(ordinary, options.BatchSize, options.Seed, options.Sampling, _outputSize, loss);
        if (options.Validation is not null)
        {
            _validation = new Evaluator(network, loss, options.Validation, inDataUnits: false, MonitoredMetrics.Of(options));
            _best = new BestEpoch(network.State, options.EarlyStopping);
            _parts.Add(_best);
        }

        _adjustment = GradientAdjustment.For(network.State, options);
        bool areByLayer = options.LayerRates.Any(static rate => rate.Factor is not (0 or 1));
        _gradients = _adjustment is not null || areByLayer || options.AccumulationSteps > 1 ? new StoredGradients(network.State) : null;
        _stepsPerEpoch = ((_loader.BatchesPerEpoch - 1) / options.AccumulationSteps) + 1;
        _totalSteps = options.Steps ?? (long)options.Epochs * _stepsPerEpoch;
        _epochs = (int)(((_totalSteps - 1) / _stepsPerEpoch) + 1);
        _rate = new RunRate(network.State, options, _totalSteps, _stepsPerEpoch);
        if (_rate.Plateau is not null)
        {
            _parts.Add(_rate.Plateau);
        }

        if (options.Averaging is not null)
        {
            _mean = new WeightMean(network.State, options.Averaging, isFused: options.MaxNorm == 0);
            _parts.Add(_mean);
        }

        _answersPerRow = AccuracyCounter.AnswersPerRow(loss, _outputSize);
        _outputs = _answersPerRow > 0 ? new float[Math.Min(options.BatchSize, data.Count) * _outputSize] : [];
        _runningStatistics = network.State.RunningStatistics.ToArray();
        _meanWeight = DataWeights.Mean(network.State.Layout, ordinary);
        _noiseSeed = RandomStream.CombinedSeed(network.State.Seed, options.Seed);
        _masking = CategoryMasking.For(network.State.Layout, _noiseSeed, Math.Min(options.BatchSize, data.Count));
        _context = new TrainingContext(network, _state);
        if (options.Statistics is Duration every)
        {
            _layers = new LayerReports(network.State, data, every, new SchedulePoint(0, _totalSteps, _stepsPerEpoch), _gradients);
            _parts.Add(_layers);
        }

        if (options.Checkpoints is not null)
        {
            _checkpoints = new RunCheckpoints(network.State, data, options, _state, _parts, _mean, new SchedulePoint(0, _totalSteps, _stepsPerEpoch));
        }
    }

    /// <summary>Number of steps completed.</summary>
    public long StepsMade => _state.Steps;

    /// <summary>Goes on from a checkpoint, where the options ask for it and there is one.</summary>
    /// <returns>Whether the network is now as it was there.</returns>
    /// <exception cref="ArgumentException">The checkpoint is of another run; nothing was changed.</exception>
    /// <exception cref="InvalidDataException">No checkpoint is whole; nothing was changed.</exception>
    public bool Resume()
    {
        if (_checkpoints?.Resume() != true)
        {
            return false;
        }

        // A checkpoint is a model: the network has the mean there, and its own weights lie beside it.
        _mean?.PutBack();
        _network.State.RunningStatistics.CopyTo(_runningStatistics);
        _state.History.BestEpoch = _best?.Epoch;
        return true;
    }

    /// <summary>Trains.</summary>
    /// <exception cref="TrainingCancelledException">Cancellation was requested.</exception>
    public TrainingHistory Run()
    {
        using Activity? activity = Telemetry.Activities.StartActivity("mlp.train");
        _runStart = Stopwatch.GetTimestamp();
        _firstStep = _state.Steps;
        try
        {
            foreach (TrainingCallback callback in _options.Callbacks)
            {
                callback.OnStart(_context);
            }

            if (!IsOver)
            {
                _checkpoints?.Begin();
            }

            while (!IsOver)
            {
                RunEpoch();
            }
        }
        catch (OperationCanceledException error) when (error.CancellationToken == _cancellationToken && _cancellationToken.IsCancellationRequested)
        {
            GoBackToLastStep();
            try
            {
                // What already knows of an epoch that is not complete would learn of it again: then the checkpoint before is the last.
                if (!_isCompletingEpoch)
                {
                    _checkpoints?.WriteLast(Elapsed());
                }
            }
            finally
            {
                _mean?.Keep();
            }

            _state.Cancel();
            TellEnd();
            throw new TrainingCancelledException(_state.History, _cancellationToken);
        }
        catch (Exception error)
        {
            _ = activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            GoBackToLastStep();
            _mean?.Keep();
            throw;
        }

        KeepFinalWeights();
        TellEnd();
        _ = activity?.SetTag("mlp.train.steps", _state.Steps).SetTag("mlp.train.stop_reason", _state.History.StopReason.ToString());
        return _state.History;
    }

    /// <summary>Whether no epoch is left. One that all steps of are made has to be validated yet.</summary>
    private bool IsOver => _state.Batches == 0 && (_state.IsStopped || _state.Steps >= _totalSteps);

    /// <summary>Trains on the mini-batches of the present epoch that are left, and validates.</summary>
    private void RunEpoch()
    {
        using Activity? activity = Telemetry.Activities.StartActivity("mlp.epoch");
        _epochStart = Stopwatch.GetTimestamp();
        if (_state.Batches == 0)
        {
            _state.Order = (_network.State.EpochsTrained, _network.State.StepsTrained);
        }

        if (_state.Batches < BatchesInEpoch())
        {
            RunBatches();
        }

        CompleteEpoch();
        if (activity is not null)
        {
            EpochResult result = _state.History.Epochs[^1];
            _ = activity.SetTag("mlp.epoch", result.Epoch).SetTag("mlp.train.loss", result.Loss);
        }
    }

    private void RunBatches()
    {
        foreach (Batch batch in _loader.Epoch(Order(), first: _state.Batches))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            _interruption.ThrowIfPending();
            int number = batch.Index % _options.AccumulationSteps;
            bool completesStep = number == _options.AccumulationSteps - 1 || batch.Index == BatchesInEpoch() - 1;
            if (number == 0)
            {
                BeginStep();
            }

            Train(_masking is null ? batch : _masking.Mask(batch, StepKey(_network.State.StepsTrained, number)), number, completesStep);
            if (completesStep)
            {
                CompleteStep(batch.Index + 1);
                if (_state.Batches == BatchesInEpoch())
                {
                    break;
                }
            }
        }
    }

    /// <summary>Mini-batches of the present epoch; fewer than the data has where the run ends before.</summary>
    private int BatchesInEpoch() => _state.IsStopped
        ? _state.Batches
        : (int)Math.Min(_loader.BatchesPerEpoch, _state.Batches + ((_totalSteps - _state.Steps) * _options.AccumulationSteps));

    /// <summary>The order of the present epoch's rows. The number of steps is part of its key, for an epoch that ended early and begins anew.</summary>
    private RandomStream Order() =>
        new(_noiseSeed, RandomPurpose.Shuffle, _state.Order.Epochs & RandomStream.LargestA, _state.Order.Steps);

    /// <summary>Before the first mini-batch of a step.</summary>
    private void BeginStep()
    {
        _step = default;
        _rate.BeginStep(_state.Steps);
        _mean?.BeginStep();
    }

    /// <summary>Trains on a mini-batch: a step of the optimizer, or a part of one.</summary>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="number">Its number in the step, from 0.</param>
    /// <param name="completesStep">Whether it is the step's last.</param>
    private void Train(Batch batch, int number, bool completesStep)
    {
        Span<float> outputs = _answersPerRow > 0 ? _outputs.AsSpan(0, batch.Count * _outputSize) : default;
        TrainingBatch part = Part(batch, number, outputs);
        double weight = LossCheck.TotalWeight(_network.State, part);
        _step.Loss += Step(batch, part, weight, number, completesStep) * weight;
        _step.Weight += LossCheck.OwnWeight(_network.State, part);
        _step.Rows += batch.Count;
        if (_answersPerRow > 0)
        {
            AccuracyCounter.AddHits(ref _step.Hits, _loss, outputs, batch.Targets, batch.Weights, _outputSize, _network.State.Threshold);
            _step.Answers += RowWeights.Sum(batch.Weights, batch.Count) * _answersPerRow;
        }
    }

    /// <summary>After the update of a step, keeps what it came to: from here the run can go on, whatever fails.</summary>
    /// <param name="batches">Mini-batches of the epoch up to and with this step's.</param>
    private void CompleteStep(int batches)
    {
        _state.Add(_step, batches);
        _network.State.RunningStatistics.CopyTo(_runningStatistics);
        _mean?.CompleteStep();
        Telemetry.CountTrained(_step.Rows);
        if (_options.TimeLimit is TimeSpan limit && _state.Steps < _totalSteps && Stopwatch.GetElapsedTime(_runStart) >= limit)
        {
            _state.Stop(StopReason.TimeLimit);
        }

        Report(result: null);
        if (_options.Callbacks.Count > 0)
        {
            StepResult result = new()
            {
                Epoch = _state.Epoch,
                Step = _state.Steps,
                Rows = _step.Rows,
                Loss = _step.MeanLoss,
                LearningRate = _rate.Present,
            };
            for (int i = 0; i < _options.Callbacks.Count; i++)
            {
                _options.Callbacks[i].OnStep(_context, result);
            }
        }

        if (_state.IsInterrupted || _state.Batches < BatchesInEpoch())
        {
            _checkpoints?.AfterStep(Elapsed());
        }
    }

    /// <summary>Validates, and adds the epoch to the history. The mean of the weights, where there is one, is in the network meanwhile.</summary>
    private void CompleteEpoch()
    {
        if (NonFiniteDiagnosis.OfUpdate(_network.State, new TrainingPlace(_state.Epoch, _state.Steps, rowIndices: default)) is { } overflow)
        {
            throw overflow;
        }

        if (_state.Batches == _loader.BatchesPerEpoch)
        {
            _network.State.Training.EpochsTrained = _state.Order.Epochs + 1;
        }

        _mean?.PutIn();
        EpochResult result = Validated();
        _rate.See(result, _state.Steps - 1);
        Telemetry.Record(result.Loss, result.Elapsed);
        Report(result);
        _state.Complete(result);
        foreach (TrainingCallback callback in _options.Callbacks)
        {
            callback.OnEpoch(_context, result);
        }

        _isCompletingEpoch = false;
        _checkpoints?.AfterEpoch(IsOver);
        _mean?.PutBack();
    }

    /// <summary>The present epoch's result, with that of validation.</summary>
    private EpochResult Validated()
    {
        Evaluation? validation = _validation?.Run(_cancellationToken);
        if (validation is not null)
        {
            MonitoredMetrics.CheckDefined(_options, validation.Metrics);
        }

        _isCompletingEpoch = true;
        EpochResult result = new(_state.Epoch, _state.Sums.MeanLoss, _state.Sums.Accuracy, validation?.Loss, validation?.Accuracy, Elapsed())
        {
            Metrics = validation?.Metrics ?? MetricValues.None,
            Layers = _layers?.Take() ?? ValueList<LayerStatistics>.Empty,
            LearningRate = _rate.At(_state.Steps - 1),
        };
        if (_best is not null)
        {
            if (_best.Judge(result))
            {
                _checkpoints?.KeepBest();
            }

            _state.History.BestEpoch = _best.Epoch;
            if (_best.IsExhausted)
            {
                _state.Stop(StopReason.EarlyStopping);
            }
        }

        return result;
    }

    /// <summary>When the run returns, leaves the network with the weights that it promises.</summary>
    private void KeepFinalWeights()
    {
        _mean?.Keep();
        _best?.RestoreWeights();
    }

    /// <summary>When the run does not return, leaves the network as of its last completed step.</summary>
    private void GoBackToLastStep()
    {
        _mean?.PutBack();
        _runningStatistics.CopyTo(_network.State.RunningStatistics);
    }

    private void TellEnd()
    {
        _state.End();
        foreach (TrainingCallback callback in _options.Callbacks)
        {
            callback.OnEnd(_context, _state.History);
        }
    }

    /// <summary>How long the present epoch has taken.</summary>
    private TimeSpan Elapsed() => _state.Batches == 0 ? TimeSpan.Zero : _state.ElapsedBefore + Stopwatch.GetElapsedTime(_epochStart);

    /// <summary>How long the steps that are left will take, if each takes as long as one did on average.</summary>
    private TimeSpan Remaining()
    {
        long made = _state.Steps - _firstStep;
        double ticks = made == 0 || _state.IsStopped ? 0 : Stopwatch.GetElapsedTime(_runStart).Ticks * ((double)(_totalSteps - _state.Steps) / made);
        return ticks < long.MaxValue ? new TimeSpan((long)ticks) : TimeSpan.MaxValue;
    }

    private void Report(EpochResult? result) => _options.Progress?.Report(new TrainingProgress
    {
        Epoch = _state.Epoch,
        Epochs = _epochs,
        Step = _state.Steps,
        Rows = _state.Sums.Rows,
        RowsInEpoch = (int)Math.Min(_loader.Data.Count, (long)BatchesInEpoch() * _loader.BatchSize),
        Loss = _state.Sums.MeanLoss,
        Accuracy = _state.Sums.Accuracy,
        Elapsed = result?.Elapsed ?? Elapsed(),
        Remaining = Remaining(),
        IsBest = result is not null && result.Epoch == _state.History.BestEpoch,
        Result = result,
    });

    /// <summary>Computes a mini-batch's gradients, and updates the network if it is the step's last.</summary>
    private float Step(Batch batch, scoped in TrainingBatch part, double weight, int number, bool completesStep)
    {
        NetworkState state = _network.State;
        TrainingPlace place = new(_state.Epoch, _state.Steps + 1, batch.RowIndices);
        LayerReports? layers = completesStep && _layers?.Measures(_state.Steps) == true ? _layers : null;
        StoredGradients? gradients = layers?.Gradients ?? _gradients;
        float loss;
        try
        {
            loss = gradients is null ? TrainingSteps.Step(_network, part, _options.Optimizer)
                : number == 0 ? gradients.Compute(_network, part, weight)
                : gradients.Add(_network, part, weight);
        }
        catch (NonFiniteLossException error)
        {
            // The step changed nothing, so the diagnosis can be repeated in terms of the run.
            throw NonFiniteDiagnosis.Of(state, batch.Inputs, batch.Targets, error.Row ?? -1, place, batch.Weights);
        }

        if (completesStep && gradients is not null)
        {
            layers?.BeforeUpdate();
            TrainingSteps.Update(state, gradients, _options.Optimizer, _adjustment, place);
            layers?.AfterUpdate();
        }

        return loss;
    }

    private TrainingBatch Part(Batch batch, int number, Span<float> outputs)
    {
        ReadOnlySpan<float> targets = _network.State.Training.ScaledTargets(batch.Targets);
        return new(batch.Inputs, targets, batch.Weights, batch.Count)
        {
            Step = StepKey(_network.State.StepsTrained, number),
            NoiseSeed = _noiseSeed,
            MeanWeight = _meanWeight,
            OwnWeight = LossCheck.WeightSum(_network.State.Layout, targets, batch.Weights, batch.Count),
            Outputs = outputs,
        };
    }

    /// <summary>A key for each mini-batch of each step, the step's own for its first. It stays at least 0.</summary>
    private static long StepKey(long step, int number) => (step + ((long)number << 40)) & long.MaxValue;
}
