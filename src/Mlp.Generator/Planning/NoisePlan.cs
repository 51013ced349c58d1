using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>What training does to the outputs of a layer, or to the inputs, before the next layer sees them.</summary>
/// <param name="Source">What the noise applies to.</param>
/// <param name="Kinds">In the order in which they apply; at least one.</param>
internal sealed record NoisePlan(Value Source, EquatableArray<NoiseModel> Kinds)
{
    /// <summary>Number of the layer, or 0 for the inputs.</summary>
    public int Number => Source.Layer;

    /// <summary>What the next layer sees.</summary>
    public Value Result => Source with { Role = Role.Noisy, Layer = Number, Lifetime = Lifetime.Training };

    /// <summary>Dropout's factors, which deltas are multiplied by on their way back; null where there is no dropout.</summary>
    public Value? Mask => Kinds.Items.Any(static noise => noise.Kind == NoiseKind.Dropout) ? Source with { Role = Role.Mask, Lifetime = Lifetime.Training } : null;

    /// <summary>The values of each kind of noise, and then the result.</summary>
    public IEnumerable<Value> Values => Kinds.Items.Select(ValuesOf).Append(Result);

    /// <summary>The factors or summands of one kind.</summary>
    public Value ValuesOf(NoiseModel noise) => noise.Kind == NoiseKind.Dropout ? Mask! : Source with { Role = Role.Noise, Lifetime = Lifetime.Training };
}
