extern alias generator;

using generator::Mlp.Generator.Planning;
using static Generator.Tests.Planning.Plans;

namespace Generator.Tests.Planning;

/// <summary>Which form a network and its kernels for a single row take; equal models get equal plans.</summary>
public class StrategyTests
{
    [Fact]
    public void SmallNetwork_IsStraightLineUpToTheThreshold()
    {
        Assert.Equal(Limits.MaxStraightLineMultiplyAdds, 2 * 32 * 32);
        Assert.Equal(Strategy.StraightLine, Plan(32, 16, 32, 16, 32).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(32, 16, 32, 16, 32, 1).Strategy);
    }

    [Fact]
    public void SmallNetwork_WithALargeLayer_HasALowerThreshold()
    {
        Assert.Equal(Limits.MaxStraightLineMultiplyAddsWithLargeLayer, (63 * 12) + 12);
        Assert.Equal(Strategy.StraightLine, Plan(63, 12, 1).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(64, 12, 1).Strategy);
        Assert.Equal(Limits.MaxStraightLineMultiplyAddsWithLargeLayerAndSoftmax, 64 * 20);
        Assert.Equal(Strategy.StraightLine, PlanEndingIn(ModelActivation.Softmax, 64, 20).Strategy);
        Assert.Equal(Strategy.Tiled, PlanEndingIn(ModelActivation.Softmax, 64, 21).Strategy);
    }

    [Fact]
    public void WideLayers_AreNeverStraightLine()
    {
        Assert.Equal(Strategy.StraightLine, Plan(Limits.MaxStraightLineWidth, 1).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(Limits.MaxStraightLineWidth + 1, 1).Strategy);
        Assert.Equal(Strategy.StraightLine, Plan(1, Limits.MaxStraightLineWidth).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(1, Limits.MaxStraightLineWidth + 1).Strategy);
    }

    [Fact]
    public void MultiplyAdds_OfAllLayersDecideTheStrategy()
    {
        Assert.Equal(Strategy.StraightLine, Plan(32, 20, 32, 24).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(32, 20, 32, 25).Strategy);
    }

    [Fact]
    public void Biases_DoNotChangeTheStrategy()
    {
        NetworkModel model = Model([32, 20, 32, 24]);
        NetworkModel withoutBiases = model with { Layers = Each(model, static layer => layer with { HasBias = false }) };

        Assert.Equal(Strategy.StraightLine, NetworkPlanner.Plan(model).Strategy);
        Assert.Equal(Strategy.StraightLine, NetworkPlanner.Plan(withoutBiases).Strategy);
    }

    [Fact]
    public void RowKernel_IsWhole_WhereAllLayersFitIntoAMethod()
    {
        Assert.True(Plan(2, 20, 1).RowKernelIsWhole);
        Assert.True(Plan(24, 8, 2).RowKernelIsWhole);
        Assert.False(Plan([.. Enumerable.Repeat(1, 200)]).RowKernelIsWhole);
        Assert.True(Plan(2, 20, 1).HasRowKernel);
        Assert.False(Plan(784, 300, 100, 10).HasRowKernel);
    }

    [Fact]
    public void RowKernel_LoopsOverLayersThatDoNotFitIntoAMethod()
    {
        Assert.Equal([false, true], Plan(2, 64, 10).Layers.Select(static layer => layer.RowKernelLoops));
        Assert.False(Plan(2, 64, 10).RowKernelIsWhole);
        Assert.False(Plan(64, 7).Layers[0].RowKernelLoops);
    }

    [Fact]
    public void RowKernel_IsLeftOut_WhereTheActivationsOfALayerDoNotFitIntoAMethod()
    {
        Assert.False(PlanEndingIn(ModelActivation.Gelu, 4, 40).HasRowKernel);
        Assert.True(PlanEndingIn(ModelActivation.Gelu, 4, 32).HasRowKernel);
        Assert.True(Plan(4, 40).HasRowKernel);
    }

    [Fact]
    public void EqualModels_HaveEqualPlans() =>
        Assert.Equal(Plan(784, 300, 100, 10), Plan(784, 300, 100, 10));

    private static NetworkPlan PlanEndingIn(ModelActivation activation, params int[] sizes)
    {
        NetworkModel model = Model(sizes);
        return NetworkPlanner.Plan(model with { Layers = Each(model, layer => layer.Outputs == sizes[^1] ? layer with { Activation = activation } : layer) });
    }
}
