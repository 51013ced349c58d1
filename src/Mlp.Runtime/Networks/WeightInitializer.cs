using Mlp.Numerics;

namespace Mlp;

/// <summary>Draws a layer's initial weights; weight [i, o] depends on seed, layer and i·outputs + o alone.</summary>
internal static class WeightInitializer
{
    public static void Fill(Span<float> store, DenseLayout layer, int number, int seed)
    {
        double limit = layer.Initializer switch
        {
            Initializer.HeUniform => Math.Sqrt(6.0 / layer.Inputs),
            Initializer.GlorotUniform => Math.Sqrt(6.0 / (layer.Inputs + layer.Outputs)),
            Initializer.Zeros => 0,
            _ => throw new NotSupportedException($"{nameof(WeightInitializer)} does not know {layer.Initializer}."),
        };
        if (limit == 0)
        {
            return;
        }

        RandomStream random = new(seed, RandomPurpose.Weights, number);
        for (int i = 0; i < layer.Inputs; i++)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                double uniform = random.Double((ulong)((i * layer.Outputs) + o));
                store[layer.WeightsOffset + (i * layer.InputStride) + (o * layer.OutputStride)] = (float)(limit * ((2 * uniform) - 1));
            }
        }
    }
}
