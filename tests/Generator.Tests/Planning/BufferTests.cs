extern alias generator;

using System.Collections.Immutable;
using generator::Mlp.Generator.Planning;
using static Generator.Tests.Planning.Plans;

namespace Generator.Tests.Planning;

/// <summary>What the passes keep, how many floats that takes, and the blocks they go through their rows and columns in.</summary>
public class BufferTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(256, 256)]
    [InlineData(257, 129)]
    [InlineData(300, 150)]
    [InlineData(512, 256)]
    [InlineData(513, 171)]
    [InlineData(784, 196)]
    public void Block_IsTheLengthOfTheFewestNearlyEqualBlocks(int length, int expected) =>
        Assert.Equal(expected, NetworkPlanner.Block(length));

    [Fact]
    public void Blocks_CoverEverySize_WithoutAShortOneLeftOver() =>
        Assert.All(Enumerable.Range(1, 2100), static length =>
        {
            int block = NetworkPlanner.Block(length);
            int blocks = (length + block - 1) / block;
            Assert.InRange(block, 1, 256);
            Assert.Equal((length + 255) / 256, blocks);
            Assert.InRange(length - ((blocks - 1) * block), block - blocks + 1, block);
        });

    [Fact]
    public void SingleOutput_LiesDense_InTheLastLayerAlone()
    {
        NetworkPlan plan = Plan(400, 1, 40, 1);

        Assert.Equal([16, 48, 1], plan.Layers.Select(static layer => layer.OutputStride));
    }

    [Theory]
    [InlineData(50, 5, true)]
    [InlineData(50, 1, true)]
    [InlineData(32, 5, false)]
    [InlineData(50, 8, false)]
    public void Padding_IsCleared_WhereTheNextLayersLanesRunOverIt(int units, int nextUnits, bool expected)
    {
        NetworkPlan plan = Plan(70, units, nextUnits);

        Assert.Equal(expected, plan.Layers[0].ClearsPadding);
        Assert.False(plan.Layers[1].ClearsPadding);
    }

    [Theory]
    [InlineData(784, 300, false, false)]
    [InlineData(784, 300, true, true)]
    [InlineData(784, 5, false, true)]
    [InlineData(256, 300, false, true)]
    [InlineData(1024, 8, false, true)]
    [InlineData(4, 5, true, false)]
    public void Inputs_AreStaged_ToStandardiseToPadOrToBreakAliasing(int inputs, int units, bool standardize, bool expected)
    {
        NetworkPlan plan = NetworkPlanner.Plan(Model([inputs, units]) with { Standardize = standardize });

        Assert.Equal(expected, plan.StagesInputs);
        Assert.Equal(expected ? NetworkPlanner.PaddedStride(inputs) : inputs, plan.Layers[0].InputStride);
        Assert.Equal(expected, plan.Buffers.Any(static buffer => buffer.Name == "x"));
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void EachLayer_ReadsWhatTheOneBeforeWrote(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        Assert.All(Enumerable.Range(1, plan.Layers.Count - 1), i => Assert.Equal(plan.Layers[i - 1].OutputStride, plan.Layers[i].InputStride));
        Assert.Equal(Enumerable.Range(1, plan.Layers.Count), plan.Layers.Select(static layer => layer.Number));
        Assert.Equal(plan.Last, Assert.Single(plan.Layers, static layer => layer.IsLast));
    }

    [Fact]
    public void Buffers_KeepOutputsOfHiddenLayers_AndPreActivationsOfTheLast()
    {
        NetworkPlan plan = Plan(784, 300, 100, 10);

        Assert.Equal(["h1", "h2", "z3", "d1", "d2", "d3", "y", "losses"], plan.Buffers.Select(static buffer => buffer.Name));
        Assert.Equal([304, 112, 16, 304, 112, 16, 10, 1], plan.Buffers.Select(static buffer => buffer.Stride));
        Assert.Equal(304 + 112 + 16, plan.ForwardFloats);
        Assert.Equal((2 * plan.ForwardFloats) + 10 + 1, plan.TrainingFloats);
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void Buffers_FollowEachOther(int[] sizes)
    {
        NetworkModel model = Model(sizes);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Standardize = true, Layers = Dropped(model) });
        int end = 0;
        foreach (BufferPlan buffer in plan.Buffers)
        {
            Assert.Equal(end, buffer.Offset);
            end += buffer.Stride;
        }

        Assert.Equal(end, plan.TrainingFloats);
        Assert.Contains(plan.ForwardFloats, plan.Buffers.Select(static buffer => buffer.Offset).Append(0));
    }

    [Fact]
    public void Buffers_AreTheTiledFormsAlone()
    {
        NetworkPlan plan = Plan(2, 4, 1);

        Assert.Empty(plan.Buffers);
        Assert.Equal(0, plan.TrainingFloats);
    }

    [Fact]
    public void Dropout_KeepsItsMaskAndWhatItLeaves_BehindTheForwardPass()
    {
        NetworkModel model = Model([20, 50, 60, 9]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Layers = ImmutableArray.Create(model.Layers[0], model.Layers[1] with { Noise = Dropout(0.5) }, model.Layers[2]) });

        Assert.True(plan.HasNoise);
        Assert.Equal(["h1", "h2", "z3", "mask2", "dropped2", "d1", "d2", "d3", "y", "losses"], plan.Buffers.Select(static buffer => buffer.Name));
        Assert.Equal(plan.ForwardFloats, plan.Buffer("mask2").Offset);
        Assert.Equal(plan.Layers[1].OutputStride, plan.Buffer("mask2").Stride);
        Assert.Equal(plan.Layers[1].OutputStride, plan.Buffer("dropped2").Stride);
    }

    [Fact]
    public void DropoutOfRateZero_LeavesNothingBehind()
    {
        NetworkPlan plan = Plan(30, 50, 5);

        Assert.False(plan.HasNoise);
        Assert.DoesNotContain(plan.Buffers, static buffer => buffer.Name.StartsWith("mask", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(30, 50, 9)]
    [InlineData(2, 6, 3)]
    public void NetworkThatOnlyPredicts_HasNoDropout(int inputs, int units, int outputs)
    {
        NetworkModel model = Model([inputs, units, outputs]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Loss = null, Layers = Dropped(model) });

        Assert.False(plan.HasNoise);
        Assert.Equal(NetworkPlanner.Plan(model).ForwardFloats, plan.ForwardFloats);
        Assert.Equal(NetworkPlanner.Plan(model).StoreSize, plan.StoreSize);
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void RowBlock_IsWholeTiles_AndFitsTheSecondLevelCache(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);

        Assert.Equal(0, plan.RowBlock % NetworkPlanner.TileRows);
        Assert.InRange(plan.RowBlock, 2 * NetworkPlanner.TileRows, 16 * NetworkPlanner.TileRows);
        Assert.True(plan.RowBlock == 2 * NetworkPlanner.TileRows || (long)plan.RowBlock * plan.ForwardFloats <= 65_536);
    }

    [Theory]
    [InlineData(128, 96)]
    [InlineData(1500, 42)]
    [InlineData(20_000, 12)]
    public void RowBlock_ShrinksAsLayersGrow(int units, int expected) => Assert.Equal(expected, Plan(100, units, 1).RowBlock);

    [Fact]
    public void TransposedWeights_AreThoseOfWideLayersBehindTheFirst()
    {
        NetworkPlan plan = Plan(40, 50, 60, 5);

        Assert.Equal([false, true, false], plan.Layers.Select(static layer => NetworkPlanner.NeedsTransposedWeights(layer, inputGradients: false)));
        Assert.Equal(60 * 64, plan.TransposedFloats);
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void StraightLineBuffers_FollowEachOther_AVectorANeuron(int[] sizes)
    {
        NetworkModel model = Model(sizes);
        StraightLineBuffers buffers = new(NetworkPlanner.Plan(model with { Layers = Dropped(model) }));
        int end = 0;
        foreach ((string _, int offset, int vectors) in buffers.Groups)
        {
            Assert.Equal(end, offset);
            end += 8 * vectors;
        }

        Assert.Equal(end, buffers.Floats);
        Assert.InRange(buffers.GroupsAtOnce, 2, 16);
    }

    [Fact]
    public void StraightLineBuffers_KeepWhatTheBackwardPassNeeds()
    {
        NetworkModel model = Model([2, 6, 3]);
        StraightLineBuffers buffers = new(NetworkPlanner.Plan(model with { Layers = Dropped(model) }));

        Assert.Equal(
            [("x", 2), ("h1", 6), ("z2", 3), ("y", 3), ("t", 3), ("terms", 3), ("noise", 6), ("dropped1", 6), ("d1", 6), ("d2", 3)],
            buffers.Groups.Select(static group => (group.Name, group.Vectors)));
    }
}
