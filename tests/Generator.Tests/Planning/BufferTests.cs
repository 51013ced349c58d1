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
        Assert.Equal(expected, Limits.Block(length));

    [Fact]
    public void Blocks_CoverEverySize_WithoutAShortOneLeftOver() =>
        Assert.All(Enumerable.Range(1, 2100), static length =>
        {
            int block = Limits.Block(length);
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
        Assert.Equal(expected ? Limits.PaddedStride(inputs) : inputs, plan.Input.Stride);
        Assert.Equal(expected || plan.Form == Form.StraightLine ? Lifetime.Forward : Lifetime.Call, plan.Input.Lifetime);

        // Straight-line code has them as vectors whose lanes are rows.
        Assert.Equal(expected || plan.Form == Form.StraightLine, plan.Buffers.Any(static buffer => buffer.Value.Name == "x"));
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void EachLayer_ReadsWhatTheOneBeforeWrote(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        Assert.All(Enumerable.Range(1, plan.Layers.Count - 1), i => Assert.Equal(plan.Layers[i - 1].Output, plan.Layers[i].Input));
        Assert.Equal(Enumerable.Range(1, plan.Layers.Count), plan.Layers.Select(static layer => layer.Number));
        Assert.Equal(plan.Last, Assert.Single(plan.Layers, static layer => layer.IsLast));
    }

    [Fact]
    public void Buffers_KeepOutputsOfHiddenLayers_AndPreActivationsOfTheLast()
    {
        NetworkPlan plan = Plan(784, 300, 100, 10);

        Assert.Equal(["h1", "h2", "z3", "d1", "d2", "d3", "y", "rowLosses"], plan.Buffers.Select(static buffer => buffer.Value.Name));
        Assert.Equal([304, 112, 16, 304, 112, 16, 10, 1], plan.Buffers.Select(static buffer => buffer.Value.Stride));
        Assert.Equal(304 + 112 + 16, plan.ForwardFloats);
        Assert.Equal((2 * plan.ForwardFloats) + 10 + 1, plan.Floats);
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
            // For each row a stretch, or in straight-line code a vector of eight rows for each neuron.
            Assert.Equal(end, buffer.Offset);
            end += plan.Form == Form.StraightLine ? 8 * buffer.Value.Width : buffer.Value.Stride;
        }

        Assert.Equal(end, plan.Floats);
        Assert.Contains(plan.ForwardFloats, plan.Buffers.Select(static buffer => buffer.Offset).Append(0));
    }

    [Fact]
    public void Dropout_KeepsItsMaskAndWhatItLeaves_BehindTheForwardPass()
    {
        NetworkModel model = Model([20, 50, 60, 9]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Layers = ImmutableArray.Create(model.Layers[0], model.Layers[1] with { Noise = Dropout(0.5) }, model.Layers[2]) });

        Assert.Equal(2, Assert.Single(plan.Noise).Number);
        Assert.Equal(["h1", "h2", "z3", "mask2", "noisy2", "d1", "d2", "d3", "y", "rowLosses"], plan.Buffers.Select(static buffer => buffer.Value.Name));
        Assert.Equal(plan.ForwardFloats, plan.OffsetOf(plan.Layers[1].Noise!.Mask!));
        Assert.All(plan.Layers[1].Noise!.Values, value => Assert.Equal(plan.Layers[1].OutputStride, value.Stride));
    }

    [Fact]
    public void DropoutOfRateZero_LeavesNothingBehind()
    {
        NetworkPlan plan = Plan(30, 50, 5);

        Assert.Empty(plan.Noise);
        Assert.DoesNotContain(plan.Buffers, static buffer => buffer.Value.Role is Role.Mask or Role.Noise or Role.Noisy);
    }

    [Theory]
    [InlineData(30, 50, 9)]
    [InlineData(2, 6, 3)]
    public void NetworkThatOnlyPredicts_HasNoDropout(int inputs, int units, int outputs)
    {
        NetworkModel model = Model([inputs, units, outputs]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Loss = null, Layers = Dropped(model) });

        Assert.Empty(plan.Noise);
        Assert.Equal(NetworkPlanner.Plan(model with { Loss = null }), plan);
        Assert.Equal(plan.ForwardFloats, plan.Floats);
        Assert.Equal(NetworkPlanner.Plan(model).Layers.Select(static layer => layer.Places), plan.Layers.Select(static layer => layer.Places));
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void RowBlock_IsWholeTiles_AndFitsTheSecondLevelCache(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        if (plan.Form == Form.StraightLine)
        {
            // Two groups of eight rows are a wide vector's.
            Assert.Equal(0, plan.RowBlock % 16);
            Assert.InRange(plan.RowBlock, 2 * 8, 16 * 8);
            return;
        }

        Assert.Equal(Tiles.Rows, Limits.TileRows);
        Assert.Equal(0, plan.RowBlock % Limits.TileRows);
        Assert.InRange(plan.RowBlock, 2 * Limits.TileRows, 16 * Limits.TileRows);
        Assert.True(plan.RowBlock == 2 * Limits.TileRows || (long)plan.RowBlock * plan.ForwardFloats <= 65_536);
    }

    [Theory]
    [InlineData(128, 96)]
    [InlineData(1500, 42)]
    [InlineData(20_000, 12)]
    public void RowBlock_ShrinksAsLayersGrow(int units, int expected) => Assert.Equal(expected, Plan(100, units, 1).RowBlock);

    [Fact]
    public void TransposedWeights_AreThoseOfWideLayersBehindTheFirst()
    {
        NetworkModel model = Model([40, 50, 60, 5]);

        Assert.Equal([(2, 64)], Transposed(model));
        Assert.Equal([(2, 64), (1, 48)], Transposed(model with { InputGradients = true }));

        // Deltas go back through a layer's transposed weights, unless these are stored that way.
        static IEnumerable<(int Layer, int Stride)> Transposed(NetworkModel model) => NetworkPlanner.Plan(model).Backward
            .Where(static operation => operation is { Kind: OperationKind.DeltaProduct, Layer.IsNarrow: false })
            .Select(static operation => (operation.Layer.Number, operation.Layer.TransposedStride));
    }

    [Fact]
    public void StraightLineBuffers_KeepWhatTheBackwardPassNeeds()
    {
        NetworkModel model = Model([2, 6, 3]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Layers = Dropped(model) });
        Assert.Equal(
            [("x", 2), ("h1", 6), ("z2", 3), ("y", 3), ("terms", 3), ("t", 3), ("mask1", 6), ("noisy1", 6), ("d1", 6), ("d2", 3)],
            plan.Buffers.Select(static buffer => (buffer.Value.Name, buffer.Value.Width)));
        Assert.Equal(8 * (2 + 6 + 3 + 3 + 3), plan.ForwardFloats);
    }
}
