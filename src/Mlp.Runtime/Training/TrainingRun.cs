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
        _loader = new DataLoader(data, options.BatchSize, options.Seed, options.Shuffle, _outputSize, loss);
        _validation = options.Validation is null ? null : new Evaluator(network, loss, options.Validation);
        _adjustment = GradientAdjustment.For(network.State.Layout, options);
        _gradients = _adjustment is not null || options.AccumulationSteps > 1 ? new StoredGradients(network.State) : null;
        int stepsPerEpoch = ((_loader.BatchesPerEpoch - 1) / options.AccumulationSteps) + 1;
        _steps = options.Steps ?? (long)options.Epochs * stepsPerEpoch;
        _epochs = (int)(((_steps - 1) / stepsPerEpoch) + 1);
        _answersPerRow = Accuracy.AnswersPerRow(loss, _outputSize);
        _outputs = _answersPerRow > 0 ? new float[Math.Min(options.BatchSize, data.Count) * _outputSize] : [];
        _runningStatistics = network.State.RunningStatistics.ToArray();
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
            // Every mini-batch moves them, also those of a step that was not completed after all.
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
        foreach (Batch batch in _loader.Epoch(epoch - 1))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Span<float> outputs = _answersPerRow > 0 ? _outputs.AsSpan(0, batch.Count * _outputSize) : default;
            rows += batch.Count;
            int number = batch.Index % _options.AccumulationSteps;
            bool isLast = batch.Index == batches - 1;
            bool completesStep = isLast || number == _options.AccumulationSteps - 1;
            double weight = LossCheck.TotalWeight(_network.State, Part(batch, 0, outputs));
            lossSum += Step(batch, number, completesStep, outputs, epoch) * weight;
            lossWeight += weight;
            if (_answersPerRow > 0)
            {
                Accuracy.AddHits(ref hits, _loss, outputs, batch.Targets, batch.Weights, _outputSize);
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

    /// <summary>Trains on a mini-batch: a step of the optimizer, or the part number <paramref name="number"/> from 0 of one.</summary>
    private float Step(Batch batch, int number, bool completesStep, Span<float> outputs, int epoch)
    {
        NetworkState state = _network.State;
        TrainingPlace place = new(epoch, StepsMade + 1, batch.RowIndices);
        float loss;
        try
        {
            loss = _gradients is null
                ? state.TrainStep(_network, batch.Inputs, batch.Targets, batch.Weights, _options.Optimizer, outputs)
                : Accumulate(_gradients, batch, number, outputs);
        }
        catch (NonFiniteLossException error)
        {
            // The step changed nothing, so the same diagnosis can be made again in terms of the run.
            throw NonFiniteDiagnosis.Of(state, batch.Inputs, batch.Targets, error.Row ?? -1, place);
        }

        if (completesStep)
        {
            if (_gradients is not null)
            {
                state.Update(_gradients, _options.Optimizer, _adjustment, place);
            }

            StepsMade++;
            state.RunningStatistics.CopyTo(_runningStatistics);
        }

        return loss;
    }

    private float Accumulate(StoredGradients gradients, Batch batch, int number, Span<float> outputs)
    {
        long step = ((_network.State.OptimizerState?.StepCount ?? 0) * _options.AccumulationSteps) + number;
        TrainingBatch part = Part(batch, step, outputs);
        return number == 0 ? gradients.Compute(_network, part) : gradients.Add(_network, part);
    }

    private static TrainingBatch Part(Batch batch, long step, Span<float> outputs) => new()
    {
        Inputs = batch.Inputs,
        Targets = batch.Targets,
        Weights = batch.Weights,
        Rows = batch.Count,
        Step = step,
        Outputs = outputs,
    };
}
