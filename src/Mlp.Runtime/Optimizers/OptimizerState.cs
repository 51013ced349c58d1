using Mlp.Numerics;

namespace Mlp;

/// <summary>What an optimizer remembers about one network.</summary>
/// <param name="kind">The optimizer's type.</param>
/// <param name="storeSize">Floats of the network's store.</param>
/// <param name="perParameter">Floats of state for each parameter.</param>
public sealed class OptimizerState(Type kind, int storeSize, int perParameter)
{
    private readonly AlignedBuffer _moments = new(storeSize * perParameter);

    /// <summary>Number of steps made.</summary>
    public long StepCount { get; internal set; }

    /// <summary>The first of the network's running values number <paramref name="number"/> (0, 1, …), indexed like its store; 0 before the first step.</summary>
    public ref float Moments(int number) => ref System.Runtime.CompilerServices.Unsafe.Add(ref _moments.Origin, number * storeSize);

    internal bool Fits(Optimizer optimizer) => optimizer.GetType() == kind && optimizer.StatePerParameter == perParameter;
}
