extern alias generator;

using System.Collections.Immutable;
using generator::Mlp.Generator.Planning;

namespace Generator.Tests.Planning;

public class NetworkPlannerTests
{
    /// <summary>Shapes around the widths of vectors, cache lines and blocks: input size, then the layers' units.</summary>
    public static TheoryData<int[]> Shapes { get; } =
    [
        [1, 1], [2, 4, 1], [4, 3], [320, 1], [321, 1], [2, 128, 1], [2, 128, 128, 1], [784, 300, 100, 10], [13, 24, 12, 1], [30, 50, 5],
        [300, 7, 300], [300, 7, 3], [40, 1, 40], [256, 256], [256, 8], [512, 512, 512], [1000, 2000, 1], [241, 255, 257], [33, 17, 9, 15],
        [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10], [65_536, 8], [8, 65_536],
    ];

    [Fact]
    public void SmallNetwork_IsStraightLineUpToTheThreshold()
    {
        Assert.Equal(NetworkPlanner.MaxStraightLineMultiplyAdds, 2 * 32 * 32);
        Assert.Equal(Strategy.StraightLine, Plan(32, 16, 32, 16, 32).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(32, 16, 32, 16, 32, 1).Strategy);
    }

    [Fact]
    public void SmallNetwork_WithALargeLayer_HasALowerThreshold()
    {
        Assert.Equal(NetworkPlanner.MaxStraightLineMultiplyAddsWithLargeLayerAndOutputs, 64 * 20);
        Assert.Equal(Strategy.StraightLine, Plan(64, 20).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(64, 21).Strategy);
        Assert.Equal(NetworkPlanner.MaxStraightLineMultiplyAddsWithLargeLayer, (63 * 12) + 12);
        Assert.Equal(Strategy.StraightLine, Plan(63, 12, 1).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(64, 12, 1).Strategy);
    }

    [Fact]
    public void WideLayers_AreNeverStraightLine()
    {
        Assert.Equal(Strategy.StraightLine, Plan(NetworkPlanner.MaxStraightLineWidth, 1).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(NetworkPlanner.MaxStraightLineWidth + 1, 1).Strategy);
        Assert.Equal(Strategy.StraightLine, Plan(1, NetworkPlanner.MaxStraightLineWidth).Strategy);
        Assert.Equal(Strategy.Tiled, Plan(1, NetworkPlanner.MaxStraightLineWidth + 1).Strategy);
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

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(100, 112)]
    [InlineData(240, 240)]
    [InlineData(241, 272)]
    [InlineData(256, 272)]
    [InlineData(257, 272)]
    [InlineData(512, 528)]
    public void PaddedStride_IsWholeCacheLinesButNoKibibyte(int columns, int expected) =>
        Assert.Equal(expected, NetworkPlanner.PaddedStride(columns));

    [Fact]
    public void PaddedStride_HasRoomAndDoesNotAlias_ForEverySize() =>
        Assert.All(Enumerable.Range(1, 2100), static columns =>
        {
            int stride = NetworkPlanner.PaddedStride(columns);
            Assert.InRange(stride, columns, columns + 31);
            Assert.Equal(0, stride % 16);
            Assert.NotEqual(0, stride % 256);
        });

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

    [Theory]
    [MemberData(nameof(Shapes))]
    public void NoStride_IsAMultipleOfAKibibyte(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        if (plan.Strategy == Strategy.StraightLine)
        {
            return;
        }

        Assert.All(plan.Layers, static layer =>
        {
            Assert.NotEqual(0, layer.WeightStride % 256);
            Assert.NotEqual(0, layer.OutputStride % 256);
            Assert.NotEqual(0, layer.InputStride % 256);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Strides_HaveRoomForWholeCacheLines_WhereLanesRunAlongThem(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        if (plan.Strategy == Strategy.StraightLine)
        {
            return;
        }

        foreach (LayerPlan layer in plan.Layers)
        {
            Assert.InRange(layer.WeightStride, NetworkPlanner.RoundUp(layer.IsNarrow ? layer.Inputs : layer.Outputs, 16), int.MaxValue);
            if (layer.IsNarrow)
            {
                Assert.InRange(layer.InputStride, NetworkPlanner.RoundUp(layer.Inputs, 16), int.MaxValue);
            }

            if (layer.OutputStride > 1)
            {
                Assert.InRange(layer.OutputStride, NetworkPlanner.RoundUp(layer.Outputs, 16), int.MaxValue);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void StoreGroups_FollowEachOtherInWholeVectors(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        int end = 0;
        foreach (LayerPlan layer in plan.Layers)
        {
            Assert.Equal(end, layer.WeightsOffset);
            Assert.Equal(end + layer.WeightsLength, layer.BiasesOffset);
            Assert.Equal(0, layer.WeightsOffset % 8);
            Assert.Equal(0, layer.BiasesOffset % 8);
            Assert.InRange(layer.WeightsLength, layer.Inputs * layer.Outputs, int.MaxValue);
            Assert.InRange(layer.VectorLength, layer.Outputs, int.MaxValue);
            end = layer.BiasesOffset + layer.VectorLength;
        }

        Assert.Equal(end, plan.StoreSize);
        Assert.Equal(0, plan.StoreSize % 8);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void StoredWeights_HoldEveryRowOfTheirMatrix(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        Assert.All(plan.Layers, layer =>
        {
            (int rows, int columns) = layer.IsNarrow ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
            Assert.InRange(layer.WeightStride, columns, int.MaxValue);
            Assert.Equal(rows * layer.WeightStride, layer.WeightsLength);
        });
    }

    [Fact]
    public void StraightLineWeights_AreStoredInRowsOfWholeVectors()
    {
        NetworkPlan plan = Plan(5, 11, 3);

        Assert.Equal(16, plan.Layers[0].WeightStride);
        Assert.Equal(5 * 16, plan.Layers[0].WeightsLength);
        Assert.Equal(16, plan.Layers[0].VectorLength);
        Assert.Equal(16, plan.Layers[1].WeightStride);
        Assert.Equal(3 * 16, plan.Layers[1].WeightsLength);
        Assert.Equal(8, plan.Layers[1].VectorLength);
    }

    [Fact]
    public void WeightIndex_FollowsTheStoredOrder()
    {
        NetworkPlan plan = Plan(5, 11, 3);

        Assert.Equal((2 * 16) + 7, plan.Layers[0].WeightIndex(input: 2, output: 7));
        Assert.Equal((2 * 16) + 7, plan.Layers[1].WeightIndex(input: 7, output: 2));
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
    public void ParameterCount_HasNoPadding()
    {
        Assert.Equal(81, Plan(2, 20, 1).ParameterCount);
        Assert.Equal(266_610, Plan(784, 300, 100, 10).ParameterCount);
    }

    [Fact]
    public void BiasFreeLayer_HasNoPlaceForBiases()
    {
        NetworkModel model = Model([30, 50, 5]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Layers = ImmutableArray.Create(model.Layers[0] with { HasBias = false }, model.Layers[1]) });

        Assert.Equal(plan.Layers[0].BiasesOffset, plan.Layers[1].WeightsOffset);
        Assert.Equal(1755, plan.ParameterCount);
    }

    [Fact]
    public void FewerThanEightOutputs_AreNarrow()
    {
        Assert.True(Plan(300, 7).Layers[0].IsNarrow);
        Assert.False(Plan(300, 8).Layers[0].IsNarrow);
        Assert.True(Plan(30, 7).Layers[0].IsNarrow);
        Assert.False(Plan(30, 8).Layers[0].IsNarrow);
    }

    [Fact]
    public void NarrowLayer_StoresARowForEachOutput()
    {
        LayerPlan layer = Plan(30, 50, 5).Layers[1];

        Assert.Equal(64, layer.WeightStride);
        Assert.Equal(5 * 64, layer.WeightsLength);
    }

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
    [MemberData(nameof(Shapes))]
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
    [MemberData(nameof(Shapes))]
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
    [MemberData(nameof(Shapes))]
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

    [Fact]
    public void EqualModels_HaveEqualPlans() =>
        Assert.Equal(Plan(784, 300, 100, 10), Plan(784, 300, 100, 10));

    [Theory]
    [MemberData(nameof(Shapes))]
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

    private static NetworkPlan Plan(params int[] sizes) => NetworkPlanner.Plan(Model(sizes));

    private static NetworkModel Model(int[] sizes) => new()
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
    private static ImmutableArray<LayerModel> Dropped(NetworkModel model) =>
        Each(model, layer => layer == model.Layers[model.Layers.Count - 1] ? layer : layer with { Noise = Dropout(0.25) });

    private static EquatableArray<NoiseModel> Dropout(double rate) => new([new NoiseModel(NoiseKind.Dropout, rate)]);

    private static ImmutableArray<LayerModel> Each(NetworkModel model, Func<LayerModel, LayerModel> change) => [.. model.Layers.Select(change)];
}
