using System.Runtime.CompilerServices;
using Mlp.Numerics;

namespace Mlp;

/// <summary>What an optimizer remembers about one network.</summary>
/// <param name="kind">The optimizer's type.</param>
/// <param name="storeSize">Floats of the network's store.</param>
/// <param name="perParameter">Floats of state for each parameter.</param>
public sealed class OptimizerState(Type kind, int storeSize, int perParameter)
{
    // Often enough that denormal numbers do not stay, seldom enough that looking for them costs nothing.
    private const long StepsBetweenFlushes = 64;

    private readonly AlignedBuffer _moments = new(checked(storeSize * perParameter));

    /// <summary>Number of steps made.</summary>
    public long StepCount { get; internal set; }

    /// <summary>The first of the network's running values number <paramref name="number"/> (0, 1, …), indexed like its store; 0 before the first step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public ref float Moments(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, perParameter);
        return ref Unsafe.Add(ref _moments.Origin, number * storeSize);
    }

    /// <summary>
    /// Counts a step. After every 64th, running values below the smallest normal number become 0: where gradients stay exactly 0, as those of dead
    /// units do, a decaying mean ends at denormal numbers, on which processors are many times slower, and would stay there for ever.
    /// </summary>
    internal void CountStep()
    {
        StepCount++;
        if (StepCount % StepsBetweenFlushes == 0)
        {
            Flush(ref _moments.Origin, (nuint)_moments.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Flush(ref float values, nuint count)
    {
        Vec256 smallest = Vec256.Create(1.17549435e-38f);
        for (nuint i = 0; i < count; i += 8)
        {
            Vec256 value = Vec256.Load(ref values, i);
            Vec256.Store(Vec256.Select(Vec256.LessThan(Vec256.Abs(value), smallest), Vec256.Zero, value), ref values, i);
        }
    }

    internal bool Fits(Optimizer optimizer) => optimizer.GetType() == kind && optimizer.StatePerParameter == perParameter;
}
