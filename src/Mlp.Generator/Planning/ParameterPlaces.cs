using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>Where the store has a layer's parameters: the only place that knows. All sizes are in floats, padding included.</summary>
/// <param name="Weights">Offset of the first weight.</param>
/// <param name="WeightsLength">Weights with their padding.</param>
/// <param name="WeightStride">From one row of the stored weight matrix to the next.</param>
/// <param name="IsTransposed">Whether a row of it is an output's weights, [output][input]; else an input's.</param>
/// <param name="Biases">Offset of the first bias, or of what stands in its place.</param>
/// <param name="VectorLength">Floats of each vector of one parameter a unit: biases, gains, shifts.</param>
/// <param name="Gains">Offset of normalization's gains.</param>
/// <param name="Shifts">Offset of its shifts.</param>
/// <param name="Slope">Offset of the learned slope, alone in a small vector.</param>
/// <param name="End">Behind the layer's last parameter.</param>
/// <param name="Statistics">Where the running statistics of batch normalization begin among those of all layers.</param>
internal sealed record ParameterPlaces(
    int Weights, int WeightsLength, int WeightStride, bool IsTransposed, int Biases, int VectorLength, int Gains, int Shifts, int Slope, int End, int Statistics)
{
    private const int SmallVector = 16;

    /// <summary>From a weight to that of the next input.</summary>
    public int InputStride => IsTransposed ? 1 : WeightStride;

    /// <summary>From a weight to that of the next output.</summary>
    public int OutputStride => IsTransposed ? WeightStride : 1;

    /// <summary>Floats of the slope's vector.</summary>
    public int SlopeLength => End - Slope;

    /// <summary>Where the weight from an input to an output stands behind the layer's first.</summary>
    public int WeightIndex(int input, int output) => (input * InputStride) + (output * OutputStride);

    /// <summary>Places the layers one after the other.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="start">Where the first layer begins.</param>
    /// <param name="isStraightLine">Whether rows need only whole vectors of eight; else whole cache lines, never a multiple of 1 KiB apart.</param>
    public static IReadOnlyList<ParameterPlaces> Of(EquatableArray<LayerModel> layers, int start, bool isStraightLine)
    {
        List<ParameterPlaces> places = [];
        int offset = start;
        int statistics = 0;
        foreach (LayerModel layer in layers)
        {
            bool isTransposed = layer.Outputs < Limits.Lanes;
            int lanes = isTransposed ? layer.Inputs : layer.Outputs;
            int stride = isStraightLine ? Limits.RoundUp(lanes, Limits.Lanes) : Limits.PaddedStride(lanes);
            int length = stride * (isTransposed ? layer.Outputs : layer.Inputs);
            int vector = Limits.RoundUp(layer.Outputs, isStraightLine ? Limits.Lanes : Limits.CacheLine);
            int gains = offset + length + (layer.HasBias ? vector : 0);
            int slope = gains + (layer.IsNormalized ? 2 * vector : 0);
            int end = slope + (layer.HasSlope ? Math.Min(vector, SmallVector) : 0);
            places.Add(new(offset, length, stride, isTransposed, offset + length, vector, gains, gains + vector, slope, end, statistics));
            offset = end;
            statistics += layer.Normalization == Normalization.Batch ? 2 * vector : 0;
        }

        return places;
    }
}
