using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>What training does to the outputs of a layer, or to the inputs, before the next layer sees them.</summary>
/// <param name="Number">Number of the layer, or 0 for the inputs.</param>
/// <param name="Units">Number of values in a row.</param>
/// <param name="Stride">From one row to the next.</param>
/// <param name="Kinds">In the order in which they apply; at least one.</param>
internal sealed record NoisePlan(int Number, int Units, int Stride, EquatableArray<NoiseModel> Kinds)
{
    /// <summary>What the noise applies to.</summary>
    public string Source => Number == 0 ? "x" : $"h{Number}";

    /// <summary>What the next layer sees.</summary>
    public string Result => HasMask && Kinds.Count == 1 ? $"dropped{Number}" : $"noisy{Number}";

    public bool HasMask => Kinds.Items.Any(static noise => noise.Kind == NoiseKind.Dropout);

    /// <summary>Dropout's factors, which deltas are multiplied by on their way back.</summary>
    public string Mask => $"mask{Number}";

    /// <summary>The values of each kind of noise, and then the result.</summary>
    public IEnumerable<string> Buffers => Kinds.Items.Select(NameOf).Append(Result);

    /// <summary>Name of the factors or summands of one kind.</summary>
    public string NameOf(NoiseModel noise) => noise.Kind == NoiseKind.Dropout ? Mask : $"noise{Number}";
}
