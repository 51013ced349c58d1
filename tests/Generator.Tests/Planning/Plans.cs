extern alias generator;

using System.Collections.Immutable;
using generator::Mlp.Generator.Planning;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Planning;

/// <summary>Plans and models of networks that are given by their sizes: input size, then the layers' units.</summary>
internal static class Plans
{
    /// <summary>Shapes around the widths of vectors, cache lines and blocks: input size, then the layers' units.</summary>
    public static TheoryData<int[]> Shapes { get; } =
    [
        [1, 1], [2, 4, 1], [4, 3], [320, 1], [321, 1], [2, 128, 1], [2, 128, 128, 1], [784, 300, 100, 10], [13, 24, 12, 1], [30, 50, 5],
        [300, 7, 300], [300, 7, 3], [40, 1, 40], [256, 256], [256, 8], [512, 512, 512], [1000, 2000, 1], [241, 255, 257], [33, 17, 9, 15],
        [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10], [65_536, 8], [8, 65_536],
    ];

    public static NetworkPlan Plan(params int[] sizes) => NetworkPlanner.Plan(Model(sizes));

    /// <summary>The plans of the networks that a source text declares, by the names of their classes.</summary>
    public static IReadOnlyDictionary<string, NetworkPlan> Of(string source)
    {
        GeneratorDriver driver = GeneratorHarness.CreateDriver().RunGenerators(GeneratorHarness.CreateCompilation([source]));
        return Assert.Single(driver.GetRunResult().Results).TrackedSteps[TrackingNames.Model]
            .SelectMany(static step => step.Outputs)
            .Select(static output => NetworkPlanner.Plan((NetworkModel)output.Value))
            .ToDictionary(static plan => plan.Model.ClassName);
    }

    public static NetworkModel Model(int[] sizes) => new()
    {
        Namespace = "",
        ContainingTypes = default,
        ClassName = "Net",
        MetadataName = "Net",
        InputSize = sizes[0],
        Standardize = false,
        Layers = Enumerable.Range(1, sizes.Length - 1).Select(i => new LayerModel
        {
            Name = $"Layer{i}",
            Inputs = sizes[i - 1],
            Outputs = sizes[i],
            Activation = i == sizes.Length - 1 ? ModelActivation.Linear : ModelActivation.Relu,
            Initializer = ModelInitializer.HeUniform,
            HasBias = true,
        }).ToImmutableArray(),
        Loss = ModelLoss.MSE,
        Fault = null,
    };

    /// <summary>The layers with dropout behind all but the last.</summary>
    public static ImmutableArray<LayerModel> Dropped(NetworkModel model) =>
        Each(model, layer => layer == model.Layers[model.Layers.Count - 1] ? layer : layer with { Noise = Dropout(0.25) });

    public static EquatableArray<NoiseModel> Dropout(double rate) => new([new NoiseModel(NoiseKind.Dropout, rate)]);

    public static ImmutableArray<LayerModel> Each(NetworkModel model, Func<LayerModel, LayerModel> change) => [.. model.Layers.Select(change)];
}
