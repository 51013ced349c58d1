using System.Diagnostics;

namespace Mlp;

/// <summary>The loop over epochs and mini-batches of one training run.</summary>
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
    private readonly long _steps;
    private readonly int _epochs;
    private readonly int _outputSize;
    private readonly int _answersPerRow;
    private readonly float[] _outputs;
    private readonly double _meanWeight;
    private readonly int _noiseSeed;
    private InterruptionCheck _interruption;

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
        data = DataWeights.MadeOrdinary(network.State.Layout, data);
        _loader = new DataLoader(data, options.BatchSize, options.Seed, options.Shuffle, _outputSize, loss);
        _validation = options.Validation is null ? null : new Evaluator(network, loss, options.Validation, inDataUnits: false);
        _adjustment = GradientAdjustment.For(network.State.Layout, options);
        _gradients = _adjustment is not null || options.AccumulationSteps > 1 ? new StoredGradients(network.State) : null;
        int stepsPerEpoch = ((_loader.BatchesPerEpoch - 1) / options.AccumulationSteps) + 1;
        _steps = options.Steps ?? (long)options.Epochs * stepsPerEpoch;
        _epochs = (int)(((_steps - 1) / stepsPerEpoch) + 1);
        _answersPerRow = AccuracyCounter.AnswersPerRow(loss, _outputSize);
        _outputs = _answersPerRow > 0 ? new float[Math.Min(options.BatchSize, data.Count) * _outputSize] : [];
        _runningStatistics = network.State.RunningStatistics.ToArray();
        _meanWeight = DataWeights.Mean(network.State.Layout, data);
        _noiseSeed = RandomStream.CombinedSeed(network.State.Seed, options.Seed);
    }

    /// <summary>Number of steps completed.</summary>
    public long StepsMade { get; private set; }

    /// <summary>Trains.</summary>
    public TrainingHistory Run()
    {
        try
        {
            List<EpochResult> results = [];
            for (int epoch = 1; epoch <= _epochs; epoch++)
            {
                results.Add(RunEpoch(epoch));
            }

            return new TrainingHistory(results.AsReadOnly(), StepsMade);
        }
        finally
        {
            // Every mini-batch updates them, even in a step that fails later.
            _runningStatistics.CopyTo(_network.State.RunningStatistics);
        }
    }

    private EpochResult RunEpoch(int epoch)
    {
        long start = Stopwatch.GetTimestamp();
        int batches = (int)Math.Min(_loader.BatchesPerEpoch, (_steps - StepsMade) * _options.AccumulationSteps);
        int rowsInEpoch = (int)Math.Min(_loader.Data.Count, (long)batches * _loader.BatchSize);
        int rows = 0;
        double lossSum = 0;
        double lossWeight = 0;
        double hits = 0;
        double answers = 0;
        foreach (Batch batch in _loader.Epoch(Order()))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            _interruption.ThrowIfPending();
            Span<float> outputs = _answersPerRow > 0 ? _outputs.AsSpan(0, batch.Count * _outputSize) : default;
            rows += batch.Count;
            int number = batch.Index % _options.AccumulationSteps;
            bool isLast = batch.Index == batches - 1;
            bool completesStep = isLast || number == _options.AccumulationSteps - 1;
            TrainingBatch part = Part(batch, number, outputs);
            double weight = LossCheck.TotalWeight(_network.State, part);
            lossSum += Step(batch, part, weight, number, completesStep, epoch) * weight;
            lossWeight += LossCheck.OwnWeight(_network.State, part);
            if (_answersPerRow > 0)
            {
                AccuracyCounter.AddHits(ref hits, _loss, outputs, batch.Targets, batch.Weights, _outputSize);
                answers += RowWeights.Sum(batch.Weights, batch.Count) * _answersPerRow;
            }

            if (completesStep)
            {
                Report(result: null);
            }

            if (isLast)
            {
                break;
            }
        }

        if (NonFiniteDiagnosis.OfUpdate(_network.State, new TrainingPlace(epoch, StepsMade, rowIndices: default)) is { } overflow)
        {
            throw overflow;
        }

        if (batches == _loader.BatchesPerEpoch)
        {
            _network.State.Training.EpochsTrained++;
        }

        Evaluation? validation = _validation?.Run(_cancellationToken);
        EpochResult result = new(
            epoch, RunningLoss(), RunningAccuracy(), validation?.Loss, validation?.Accuracy, Stopwatch.GetElapsedTime(start));
        Report(result);
        return result;

        double RunningLoss() => lossWeight > 0 ? lossSum / lossWeight : 0;

        double? RunningAccuracy() => _answersPerRow > 0 && answers > 0 ? hits / answers : null;

        void Report(EpochResult? result) => _options.Progress?.Report(new TrainingProgress
        {
            Epoch = epoch,
            Epochs = _epochs,
            Step = StepsMade,
            Rows = rows,
            RowsInEpoch = rowsInEpoch,
            Loss = RunningLoss(),
            Accuracy = RunningAccuracy(),
            Elapsed = result?.Elapsed ?? Stopwatch.GetElapsedTime(start),
            Result = result,
        });
    }

    /// <summary>The order of the next epoch's rows. The number of steps is part of its key, for an epoch that ended early and begins anew.</summary>
    private RandomStream Order() => new(
        _noiseSeed, RandomPurpose.Shuffle, _network.State.EpochsTrained & RandomStream.LargestA, _network.State.StepsTrained);

    /// <summary>Trains on a mini-batch: a step of the optimizer, or the part number <paramref name="number"/> from 0 of one.</summary>
    private float Step(Batch batch, scoped in TrainingBatch part, double weight, int number, bool completesStep, int epoch)
    {
        NetworkState state = _network.State;
        TrainingPlace place = new(epoch, StepsMade + 1, batch.RowIndices);
        float loss;
        try
        {
            loss = _gradients is null ? TrainingSteps.Step(_network, part, _options.Optimizer)
                : number == 0 ? _gradients.Compute(_network, part, weight)
                : _gradients.Add(_network, part, weight);
        }
        catch (NonFiniteLossException error)
        {
            // The step changed nothing, so the diagnosis can be repeated in terms of the run.
            throw NonFiniteDiagnosis.Of(state, batch.Inputs, batch.Targets, error.Row ?? -1, place, batch.Weights);
        }

        if (completesStep)
        {
            if (_gradients is not null)
            {
                TrainingSteps.Update(state, _gradients, _options.Optimizer, _adjustment, place);
            }

            StepsMade++;
            state.RunningStatistics.CopyTo(_runningStatistics);
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
