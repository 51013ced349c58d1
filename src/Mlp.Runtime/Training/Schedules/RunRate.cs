namespace Mlp;

/// <summary>The learning rate of a run, step by step.</summary>
internal sealed class RunRate
{
    private readonly NetworkState _network;
    private readonly TrainingOptions _options;
    private readonly SchedulePoint _start;

    /// <summary>Prepares a run.</summary>
    /// <param name="network">The network, which is told the factor of each step.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="totalSteps">Steps that the run will make.</param>
    /// <param name="stepsPerEpoch">Steps of a whole epoch.</param>
    public RunRate(NetworkState network, TrainingOptions options, long totalSteps, int stepsPerEpoch)
    {
        _network = network;
        _options = options;
        _start = new SchedulePoint(0, totalSteps, stepsPerEpoch);
        Plateau = options.Schedule is ReduceOnPlateau plateau ? new PlateauState(plateau) : null;
    }

    /// <summary>What the schedule has seen of the run; null where it looks at nothing.</summary>
    public PlateauState? Plateau { get; }

    /// <summary>Tells the network the factor of a step.</summary>
    /// <param name="step">The step of the run, from 0.</param>
    public void BeginStep(long step) => _network.LearningRates.OfRun = FactorAt(step);

    /// <summary>The learning rate of the step that was begun last.</summary>
    public double Present => Rates.Written(_options.Optimizer.LearningRate) * _network.LearningRates.Factor;

    /// <summary>The learning rate of a step: the optimizer's, in the decimal digits that it is written in, times the factor.</summary>
    /// <param name="step">The step of the run, from 0; not one of an epoch that <see cref="See"/> was told of.</param>
    public double At(long step) => Rates.Written(_options.Optimizer.LearningRate) * FactorAt(step);

    /// <summary>Looks at an epoch.</summary>
    /// <param name="result">Its result.</param>
    /// <param name="lastStep">Its last step, from 0 in the run.</param>
    public void See(EpochResult result, long lastStep)
    {
        if (Plateau is not null && lastStep >= _options.Schedule!.StepsOfWarmUp(_start))
        {
            Metric monitor = ((ReduceOnPlateau)_options.Schedule).Monitor;
            Plateau.See(_options.Validation is not null ? result.ValidationOf(monitor) : monitor == Metric.Accuracy ? result.Accuracy : result.Loss);
        }
    }

    private double FactorAt(long step) =>
        _options.Schedule is not { } schedule ? 1 : schedule.FactorAt(_start with { Step = step }) * (Plateau?.Factor ?? 1);
}
