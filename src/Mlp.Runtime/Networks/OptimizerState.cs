using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>What an optimizer remembers about one network.</summary>
/// <param name="kind">The optimizer's type.</param>
/// <param name="storeSize">Floats of the network's store.</param>
/// <param name="perParameter">Floats of state for each parameter.</param>
internal sealed class OptimizerState(Type kind, int storeSize, int perParameter)
{
    // Often enough to keep denormal numbers few, seldom enough to cost nothing.
    private const long StepsBetweenFlushes = 64;

    private readonly AlignedBuffer _moments = new(checked(storeSize * perParameter));

    /// <summary>For each layer, whether the last step trained it; null before the first.</summary>
    private bool[]? _trained;

    /// <summary>Number of steps made.</summary>
    public long StepCount { get; internal set; }

    /// <summary>What the optimizer's learning rate is multiplied by in the next step; whoever makes it sets it before.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>The mean of the parameters that the next step keeps; null for none. Whoever makes the step sets it before.</summary>
    public RunningMean? Mean { get; set; }

    /// <summary>The first of the network's running values number <paramref name="number"/>, indexed like its store; 0 before the first step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public ref float Moments(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, perParameter);
        return ref Unsafe.Add(ref _moments.Origin, number * storeSize);
    }

    /// <summary>Floats of state for each parameter.</summary>
    public int PerParameter => perParameter;

    /// <summary>For each layer, whether the last step trained it; null before the first.</summary>
    public bool[]? Trained => _trained;

    /// <summary>The network's running values number <paramref name="number"/>, indexed like its store.</summary>
    public Span<float> Values(int number) => _moments.Span.Slice(number * storeSize, storeSize);

    /// <summary>The first of the running values number <paramref name="number"/>, for a rule that keeps a share of them.</summary>
    /// <param name="number">0, 1, …</param>
    /// <param name="kept">The share. Where it is 0 the values become 0, as 0·∞ would be NaN.</param>
    internal ref float Moments(int number, double kept)
    {
        if (kept == 0)
        {
            Values(number).Clear();
        }

        return ref Moments(number);
    }

    /// <summary>Goes on from what was saved, but for the values.</summary>
    public void Restore(long stepCount, bool[]? trained) => (StepCount, _trained) = (stepCount, trained);

    /// <summary>Counts a step, and after every 64th flushes what it has trained.</summary>
    /// <param name="network">The network, whose parameters the step has updated.</param>
    internal void CountStep(NetworkState network)
    {
        StepCount++;
        _trained = network.LearningRates.AreTrained;
        for (int layer = 0; StepCount % StepsBetweenFlushes == 0 && layer < _trained.Length; layer++)
        {
            if (_trained[layer])
            {
                Flush(network.Store, network.Layout.StartOf(layer), network.Layout.Layers[layer].End);
            }
        }
    }

    /// <summary>
    /// Parameters and running values below the smallest normal number become 0. Where gradients stay exactly 0, as
    /// those of dead units and inputs do, decaying values would otherwise end as denormal numbers, on which processors are many times slower. If a
    /// running value of a parameter has overflowed, all its running values restart at 0; an infinite mean of squares would stop its updates for good.
    /// </summary>
    /// <param name="parameters">The network's store.</param>
    /// <param name="start">Index of the first parameter; a multiple of 8, as <paramref name="end"/> is.</param>
    /// <param name="end">Index behind the last.</param>
    internal void Flush(Span<float> parameters, int start, int end) => Flush(
        ref MemoryMarshal.GetReference(parameters), (nuint)start, (nuint)end, (nuint)storeSize, ref _moments.Origin, (nuint)_moments.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Flush(ref float parameters, nuint start, nuint end, nuint count, ref float moments, nuint momentsCount)
    {
        Vec256 smallest = Vec256.Create(1.17549435e-38f);
        Vec256 largest = Vec256.Create(float.MaxValue);
        for (nuint i = start; i < end; i += 8)
        {
            Vec256 parameter = Vec256.Load(ref parameters, i);
            Vec256.Store(Vec256.Clear(Vec256.LessThan(Vec256.Abs(parameter), smallest), parameter), ref parameters, i);

            Vec256 areFinite = Vec256.CreateBits(-1);
            for (nuint j = i; j < momentsCount; j += count)
            {
                areFinite &= Vec256.LessThanOrEqual(Vec256.Abs(Vec256.Load(ref moments, j)), largest);
            }

            for (nuint j = i; j < momentsCount; j += count)
            {
                Vec256 value = Vec256.Load(ref moments, j);
                Vec256.Store(value & areFinite & Vec256.LessThanOrEqual(smallest, Vec256.Abs(value)), ref moments, j);
            }
        }
    }

    /// <summary>
    /// Whether it is the state of an optimizer of this type that keeps so many floats a parameter, and its last step trained all layers that are trained
    /// now: running values of others are out of date.
    /// </summary>
    internal bool Fits(Type optimizer, int floats, bool[] trained) => IsOf(optimizer, floats) && HasTrained(trained);

    /// <summary>Whether it is the state of an optimizer of this type that keeps so many floats a parameter.</summary>
    internal bool IsOf(Type optimizer, int floats) => optimizer == kind && floats == perParameter;

    private bool HasTrained(bool[] layers)
    {
        for (int layer = 0; layer < layers.Length && !ReferenceEquals(layers, _trained); layer++)
        {
            if (layers[layer] && _trained?[layer] == false)
            {
                return false;
            }
        }

        return true;
    }
}
