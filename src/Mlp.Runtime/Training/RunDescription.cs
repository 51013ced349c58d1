using System.Globalization;

namespace Mlp;

/// <summary>
/// All that the bits of a run depend on, as texts by name: two runs with the same texts are the same run. What does not matter, such as threads, is not in
/// it; <see cref="TrainingOptions.Epochs"/> are compared by whoever knows whether they may rise.
/// </summary>
internal static class RunDescription
{
    /// <summary>Describes a run.</summary>
    /// <param name="network">The network that is trained.</param>
    /// <param name="data">What it is trained on.</param>
    /// <param name="options">How.</param>
    public static Dictionary<string, string> Of(NetworkState network, Dataset data, TrainingOptions options)
    {
        Dictionary<string, string> run = new()
        {
            ["architecture"] = network.Layout.Architecture,
            ["loss"] = Loss(network.Layout),
            ["noise"] = network.Layout.Noise,
            ["declaration"] = string.Join(' ', network.Layout.Layers[..network.Layout.DeclaredLayers].ToArray().Select(Training)),
            ["seed of the network"] = Text(network.Seed),
            ["training data"] = DataFingerprint.Of(data),
            [nameof(options.Validation)] = DataFingerprint.Of(options.Validation),
        };
        foreach ((string name, string text) in Of(options))
        {
            run.Add(name, text);
        }

        return run;
    }

    /// <summary>Describes the options that bits depend on, but for data and the number of epochs.</summary>
    public static Dictionary<string, string> Of(TrainingOptions options) => new()
    {
        [nameof(options.Steps)] = options.Steps is int steps ? Text(steps) : "none",
        [nameof(options.BatchSize)] = Text(options.BatchSize),
        [nameof(options.Optimizer)] = options.Optimizer.ToString()!,
        [nameof(options.Schedule)] = options.Schedule?.ToString() ?? "none",
        [nameof(options.LayerRates)] = List(options.LayerRates.Select(static rate => FormattableString.Invariant($"{rate.Layer}: {rate.Factor}"))),
        [nameof(options.Averaging)] = options.Averaging?.ToString() ?? "none",
        [nameof(options.AccumulationSteps)] = Text(options.AccumulationSteps),
        [nameof(options.L1)] = Text(options.L1),
        [nameof(options.L2)] = Text(options.L2),
        [nameof(options.ClipValue)] = Text(options.ClipValue),
        [nameof(options.ClipNorm)] = Text(options.ClipNorm),
        [nameof(options.MaxNorm)] = Text(options.MaxNorm),
        [nameof(options.InputStatistics)] = options.InputStatistics.ToString(),
        [nameof(options.Statistics)] = options.Statistics?.ToString() ?? "none",
        [nameof(options.EarlyStopping)] = options.EarlyStopping?.ToString() ?? "none",
        [nameof(options.Metrics)] = List(options.Metrics.Select(static metric => metric.Name)),
        [nameof(options.Seed)] = Text(options.Seed),
        [nameof(options.Sampling)] = options.Sampling.ToString(),
    };

    private static string Loss(NetworkLayout layout)
    {
        LossSettings settings = layout.LossSettings;
        string weights = layout.ClassWeights.Length == 0 ? "" : $", ClassWeights = {List(layout.ClassWeights.Select(Text))}";
        return FormattableString.Invariant(
            $"{layout.Loss}, Delta = {settings.Delta}, PositiveWeight = {settings.PositiveWeight}, LabelSmoothing = {settings.LabelSmoothing}{weights}");
    }

    /// <summary>What a layer declares that acts in training alone; the architecture does not say it.</summary>
    private static string Training(DenseLayout layer) => FormattableString.Invariant(
        $"{layer.Name}(L1 = {layer.L1}, L2 = {layer.L2}, Frozen = {layer.IsFrozen}, NormalizationMomentum = {layer.NormalizationMomentum})");

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts)}]";

    // The default format of a number is the shortest that reads back as the same bits.
    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
