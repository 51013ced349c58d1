using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>An update rule, behind which each parameter goes into a running mean: <c>mean += share·(p − mean)</c>.</summary>
/// <param name="rule">The rule.</param>
/// <param name="mean">The mean.</param>
/// <remarks>A pass of its own would read all parameters from memory once more, which takes a tenth of a step of a wide network.</remarks>
internal readonly ref struct AveragingRule<TRule>(TRule rule, RunningMean mean) : IGradientSink
    where TRule : struct, IGradientSink, allows ref struct
{
    private readonly TRule _rule = rule;
    private readonly ref float _means = ref mean.Origin;
    private readonly float _share = mean.Share;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect(ref readonly float parameter, nuint index)
    {
        _rule.Expect(in parameter, index);
        Prefetch.Line(in Unsafe.Add(ref _means, index));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V>
    {
        _rule.Weights(gradient, ref weight, index);
        Average<V>(in weight, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
    {
        _rule.Biases(gradient, ref bias, index);
        Average<V>(in bias, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Average<V>(ref readonly float parameter, nuint index) where V : struct, IVector<V>
    {
        V mean = V.Load(ref _means, index);
        V.Store(V.FusedMultiplyAdd(V.Create(_share), V.Load(in parameter) - mean, mean), ref _means, index);
    }
}
