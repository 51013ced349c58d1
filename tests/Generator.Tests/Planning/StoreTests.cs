extern alias generator;

using System.Collections.Immutable;
using generator::Mlp.Generator.Planning;
using static Generator.Tests.Planning.Plans;

namespace Generator.Tests.Planning;

/// <summary>Where parameters lie in the store: strides, offsets, narrow layers, and no place for biases that are not there.</summary>
public class StoreTests
{
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
        Assert.Equal(expected, Limits.PaddedStride(columns));

    [Fact]
    public void PaddedStride_HasRoomAndDoesNotAlias_ForEverySize() =>
        Assert.All(Enumerable.Range(1, 2100), static columns =>
        {
            int stride = Limits.PaddedStride(columns);
            Assert.InRange(stride, columns, columns + 31);
            Assert.Equal(0, stride % 16);
            Assert.NotEqual(0, stride % 256);
        });

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void NoStride_IsAMultipleOfAKibibyte(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        if (plan.Strategy == Strategy.StraightLine)
        {
            return;
        }

        Assert.All(plan.Layers, static layer =>
        {
            Assert.NotEqual(0, layer.Places.WeightStride % 256);
            Assert.NotEqual(0, layer.OutputStride % 256);
            Assert.NotEqual(0, layer.Input.Stride % 256);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void Strides_HaveRoomForWholeCacheLines_WhereLanesRunAlongThem(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        if (plan.Strategy == Strategy.StraightLine)
        {
            return;
        }

        foreach (LayerPlan layer in plan.Layers)
        {
            Assert.InRange(layer.Places.WeightStride, Limits.RoundUp(layer.IsNarrow ? layer.Inputs : layer.Outputs, 16), int.MaxValue);
            if (layer.IsNarrow)
            {
                Assert.InRange(layer.Input.Stride, Limits.RoundUp(layer.Inputs, 16), int.MaxValue);
            }

            if (layer.OutputStride > 1)
            {
                Assert.InRange(layer.OutputStride, Limits.RoundUp(layer.Outputs, 16), int.MaxValue);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void StoreGroups_FollowEachOtherInWholeVectors(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        int end = 0;
        foreach (LayerPlan layer in plan.Layers)
        {
            Assert.Equal(end, layer.Places.Weights);
            Assert.Equal(end + layer.Places.WeightsLength, layer.Places.Biases);
            Assert.Equal(0, layer.Places.Weights % 8);
            Assert.Equal(0, layer.Places.Biases % 8);
            Assert.InRange(layer.Places.WeightsLength, layer.Inputs * layer.Outputs, int.MaxValue);
            Assert.InRange(layer.Places.VectorLength, layer.Outputs, int.MaxValue);
            end = layer.Places.Biases + layer.Places.VectorLength;
            Assert.Equal(end, layer.Places.End);
        }

        Assert.Equal(0, end % 8);
    }

    [Theory]
    [MemberData(nameof(Shapes), MemberType = typeof(Plans))]
    public void StoredWeights_HoldEveryRowOfTheirMatrix(int[] sizes)
    {
        NetworkPlan plan = Plan(sizes);
        Assert.All(plan.Layers, layer =>
        {
            (int rows, int columns) = layer.IsNarrow ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
            Assert.InRange(layer.Places.WeightStride, columns, int.MaxValue);
            Assert.Equal(rows * layer.Places.WeightStride, layer.Places.WeightsLength);
        });
    }

    [Fact]
    public void StraightLineWeights_AreStoredInRowsOfWholeVectors()
    {
        NetworkPlan plan = Plan(5, 11, 3);

        Assert.Equal(16, plan.Layers[0].Places.WeightStride);
        Assert.Equal(5 * 16, plan.Layers[0].Places.WeightsLength);
        Assert.Equal(16, plan.Layers[0].Places.VectorLength);
        Assert.Equal(16, plan.Layers[1].Places.WeightStride);
        Assert.Equal(3 * 16, plan.Layers[1].Places.WeightsLength);
        Assert.Equal(8, plan.Layers[1].Places.VectorLength);
    }

    [Fact]
    public void WeightIndex_FollowsTheStoredOrder()
    {
        NetworkPlan plan = Plan(5, 11, 3);

        Assert.Equal((2 * 16) + 7, plan.Layers[0].Places.WeightIndex(input: 2, output: 7));
        Assert.Equal((2 * 16) + 7, plan.Layers[1].Places.WeightIndex(input: 7, output: 2));
    }

    [Fact]
    public void ParameterCount_HasNoPadding()
    {
        Assert.Equal(81, Plan(2, 20, 1).Model.ParameterCount);
        Assert.Equal(266_610, Plan(784, 300, 100, 10).Model.ParameterCount);
    }

    [Fact]
    public void BiasFreeLayer_HasNoPlaceForBiases()
    {
        NetworkModel model = Model([30, 50, 5]);
        NetworkPlan plan = NetworkPlanner.Plan(model with { Layers = ImmutableArray.Create(model.Layers[0] with { HasBias = false }, model.Layers[1]) });

        Assert.Equal(plan.Layers[0].Places.Biases, plan.Layers[1].Places.Weights);
        Assert.Equal(1755, plan.Model.ParameterCount);
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

        Assert.Equal(64, layer.Places.WeightStride);
        Assert.Equal(5 * 64, layer.Places.WeightsLength);
    }

    [Theory]
    [InlineData(5, 11, 3)]
    [InlineData(30, 50, 17)]
    public void GainsShiftsAndSlope_FollowTheBiases(int inputs, int units, int outputs)
    {
        NetworkModel model = Model([inputs, units, outputs]);
        NetworkPlan plan = NetworkPlanner.Plan(model with
        {
            Layers = Each(model, static layer => layer with { Normalization = ModelNormalization.Batch, Activation = ModelActivation.PRelu }),
        });

        Assert.All(plan.Layers, static layer =>
        {
            ParameterPlaces places = layer.Places;
            Assert.Equal(places.Biases + places.VectorLength, places.Gains);
            Assert.Equal(places.Gains + places.VectorLength, places.Shifts);
            Assert.Equal(places.Shifts + places.VectorLength, places.Slope);
            Assert.InRange(places.SlopeLength, 8, 16);
            Assert.Equal(0, places.Slope % 8);
        });
        Assert.Equal(plan.Layers[0].Places.End, plan.Layers[1].Places.Weights);

        // A mean and a variance a unit.
        Assert.Equal([0, 2 * plan.Layers[0].Places.VectorLength], plan.Layers.Select(static layer => layer.Places.Statistics));
    }
}
