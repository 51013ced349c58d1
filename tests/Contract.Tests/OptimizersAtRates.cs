namespace Contract.Tests;

/// <summary>Every optimizer, by name, at a rate.</summary>
internal static class OptimizersAtRates
{
    public static IReadOnlyDictionary<string, Func<float, Optimizer>> ByName { get; } = new Dictionary<string, Func<float, Optimizer>>
    {
        ["Sgd"] = static rate => new Sgd(rate, weightDecay: 0.1f),
        ["Momentum"] = static rate => new Sgd(rate, momentum: 0.9f, nesterov: true),
        ["Adam"] = static rate => new Adam(rate, weightDecay: 0.1f),
        ["AmsGrad"] = static rate => new Adam(rate, amsGrad: true),
        ["AdamW"] = static rate => new AdamW(rate, weightDecay: 0.5f),
        ["NAdam"] = static rate => new NAdam(rate),
        ["RAdam"] = static rate => new RAdam(rate),
        ["RmsProp"] = static rate => new RmsProp(rate, momentum: 0.9f, centered: true),
        ["Adagrad"] = static rate => new Adagrad(rate),
        ["Adadelta"] = static rate => new Adadelta(100 * rate),
        ["Lion"] = static rate => new Lion(rate, weightDecay: 0.5f),
    };

    public static TheoryData<string> Names => [.. ByName.Keys];
}

/// <summary>Calls back after steps and epochs.</summary>
internal sealed class Watcher : TrainingCallback
{
    public Action<TrainingContext, StepResult>? Step { get; init; }

    public Action<TrainingContext, EpochResult>? Epoch { get; init; }

    public override void OnStep(TrainingContext context, in StepResult step) => Step?.Invoke(context, step);

    public override void OnEpoch(TrainingContext context, EpochResult epoch) => Epoch?.Invoke(context, epoch);
}
