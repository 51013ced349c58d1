using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>The gradients of a network's parameters, laid out like its store: kept from one mini-batch or several, then given to an update rule.</summary>
/// <param name="network">The network. Padding and frozen layers have gradient 0.</param>
internal sealed class StoredGradients(NetworkState network) : IGradientSource
{
    private readonly AlignedBuffer _gradients = new(network.Layout.StoreSize);
    private double _weight;

    /// <summary>The gradients, indexed like the store.</summary>
    public Span<float> Span => _gradients.Span;

    /// <summary>Number, from 0, of the layer that alone is given to update rules; null for all.</summary>
    public int? Only { get; set; }

    /// <summary>Replaces the gradients by those of a mini-batch.</summary>
    /// <param name="source">The network.</param>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="weight">What its mean is over, where others will be added.</param>
    /// <returns>Its mean loss.</returns>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite; the gradients are as before.</exception>
    public float Compute(IGradientSource source, scoped in TrainingBatch batch, double weight = 1)
    {
        float loss = source.Backpropagate(batch, new StoreSink(_gradients));
        _weight = weight;
        return loss;
    }

    /// <summary>Adds a mini-batch: the gradients become means over its rows and all those since <see cref="Compute"/>, each with its weight.</summary>
    /// <param name="source">The network.</param>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="weight">What its mean is over.</param>
    /// <returns>Its mean loss.</returns>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite; the gradients are as before.</exception>
    public float Add(IGradientSource source, scoped in TrainingBatch batch, double weight)
    {
        double total = _weight + weight;
        float loss = source.Backpropagate(batch, new MeanSink(_gradients, total > 0 ? (float)(weight / total) : 0));
        _weight = total;
        return loss;
    }

    /// <summary>Replaces the gradients by those of a caller; of frozen layers they are left out.</summary>
    /// <param name="gradients">ParameterCount floats in parameter order.</param>
    public void Load(ReadOnlySpan<float> gradients)
    {
        ParameterOrder.ToStore(network.Layout, gradients, Span);
        for (int l = 0; l < network.Layout.Layers.Length; l++)
        {
            DenseLayout layer = network.Layout.Layers[l];
            if (!network.Trains(l))
            {
                Span[network.Layout.StartOf(l)..layer.End].Clear();
            }
        }
    }

    /// <summary>Gives the gradients to an update rule; no batch is looked at.</summary>
    /// <returns>0.</returns>
    public float Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink) where TSink : struct, IGradientSink, allows ref struct
    {
        ref float parameters = ref network.Parameters;
        for (int l = 0; l < network.Layout.Layers.Length; l++)
        {
            DenseLayout layer = network.Layout.Layers[l];
            if (!network.Trains(l) || (Only ?? l) != l)
            {
                continue;
            }

            // What stands before the first layer is trained with it, and is no weight.
            GiveBiases(ref _gradients.Origin, ref parameters, (nuint)network.Layout.StartOf(l), (nuint)layer.WeightsOffset, sink);
            GiveWeights(ref _gradients.Origin, ref parameters, (nuint)layer.WeightsOffset, (nuint)(layer.WeightsOffset + layer.WeightsLength), sink);

            // All other parameters follow each other.
            GiveBiases(ref _gradients.Origin, ref parameters, (nuint)layer.BiasesOffset, (nuint)layer.End, sink);
        }

        return 0;
    }

    // One loop a method: two with their sinks inlined are more than the JIT's budget.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GiveWeights<TSink>(ref float gradients, ref float parameters, nuint start, nuint end, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        for (nuint i = start; i < end; i += 8)
        {
            sink.Weights(Vec256.Load(ref gradients, i), ref Unsafe.Add(ref parameters, i), i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GiveBiases<TSink>(ref float gradients, ref float parameters, nuint start, nuint end, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        for (nuint i = start; i < end; i += 8)
        {
            sink.Biases(Vec256.Load(ref gradients, i), ref Unsafe.Add(ref parameters, i), i);
        }
    }

    /// <summary>Keeps gradients.</summary>
    private readonly ref struct StoreSink(AlignedBuffer gradients) : IGradientSink
    {
        private readonly ref float _gradients = ref gradients.Origin;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => Prefetch.Line(in Unsafe.Add(ref _gradients, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            V.Store(gradient, ref _gradients, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V> =>
            V.Store(gradient, ref _gradients, index);
    }

    /// <summary>Takes gradients into a running mean: <c>mean += share·(g − mean)</c>.</summary>
    private readonly ref struct MeanSink(AlignedBuffer means, float share) : IGradientSink
    {
        private readonly ref float _means = ref means.Origin;
        private readonly float _share = share;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => Prefetch.Line(in Unsafe.Add(ref _means, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> => Biases(gradient, ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            V mean = V.Load(ref _means, index);
            V.Store(V.FusedMultiplyAdd(V.Create(_share), gradient - mean, mean), ref _means, index);
        }
    }
}
