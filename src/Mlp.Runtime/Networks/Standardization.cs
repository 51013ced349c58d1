using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>The statistics by which a network scales its inputs before the first layer, and its targets for the loss.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Standardization
{
    private readonly NetworkLayout _layout;
    private readonly AlignedBuffer _inputs;

    internal Standardization(NetworkLayout layout)
    {
        _layout = layout;
        IsLearned = !layout.Standardize && !layout.StandardizeTargets;
        _inputs = new AlignedBuffer(layout.Standardize ? 2 * layout.InputSize : 0);
        InputScales.Fill(1);
        if (layout.StandardizeTargets)
        {
            TargetMeans = new float[layout.OutputSize];
            TargetScales = new float[layout.OutputSize];
            TargetScales.AsSpan().Fill(1);
        }
    }

    /// <summary>Whether the statistics are learned; true where the network has none.</summary>
    internal bool IsLearned { get; set; }

    /// <summary>What is subtracted from each input column before scaling; empty where the network does not standardise inputs.</summary>
    internal Span<float> InputMeans => _inputs.Span[..(_inputs.Length / 2)];

    /// <summary>What each centred input column is multiplied by; empty where the network does not standardise inputs.</summary>
    internal Span<float> InputScales => _inputs.Span[(_inputs.Length / 2)..];

    /// <summary>The first of <see cref="InputMeans"/>; whole vectors can be read to the end.</summary>
    internal ref float InputMean => ref _inputs.Origin;

    /// <summary>The first of <see cref="InputScales"/>; whole vectors can be read to the end.</summary>
    internal ref float InputScale => ref Unsafe.Add(ref _inputs.Origin, _layout.InputSize);

    /// <summary>What is added to each output, once it is multiplied by its scale; empty where the network does not standardise targets.</summary>
    internal float[] TargetMeans { get; } = [];

    /// <summary>What each output is multiplied by, the deviation of its target; empty where the network does not standardise targets.</summary>
    internal float[] TargetScales { get; } = [];

    /// <summary>Brings outputs of the kernels to the data's units, in place: times the target's deviation, plus its mean.</summary>
    /// <param name="outputs">rows × OutputSize. Those of a network that does not standardise targets are in them already.</param>
    public void ToDataUnits(Span<float> outputs)
    {
        Arguments.CheckWholeRows(outputs.Length, _layout.OutputSize, nameof(outputs));
        for (int start = 0; start < outputs.Length; start += _layout.OutputSize)
        {
            for (int column = 0; column < TargetScales.Length; column++)
            {
                outputs[start + column] = (outputs[start + column] * TargetScales[column]) + TargetMeans[column];
            }
        }
    }

    /// <summary>Brings derivatives of outputs to the data's units, in place: times the target's deviation.</summary>
    /// <param name="jacobian">rows × OutputSize × InputSize, of a network that standardises targets.</param>
    public void JacobianToDataUnits(Span<float> jacobian)
    {
        for (int start = 0; start < jacobian.Length; start += _layout.InputSize)
        {
            float scale = TargetScales[start / _layout.InputSize % TargetScales.Length];
            foreach (ref float derivative in jacobian.Slice(start, _layout.InputSize))
            {
                derivative *= scale;
            }
        }
    }

    /// <summary>Writes targets in units of their deviation from the mean.</summary>
    internal void ScaleTargets(ReadOnlySpan<float> targets, Span<float> scaled)
    {
        for (int start = 0; start < targets.Length; start += TargetScales.Length)
        {
            for (int column = 0; column < TargetScales.Length; column++)
            {
                scaled[start + column] = (targets[start + column] - TargetMeans[column]) / TargetScales[column];
            }
        }
    }
}
