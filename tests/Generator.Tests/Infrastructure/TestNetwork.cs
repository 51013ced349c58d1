using System.Globalization;
using System.Text;

namespace Generator.Tests.Infrastructure;

/// <summary>A network as tests describe it: the interpreter runs it, and it prints itself as the declaration that a user would write.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="InputSize">Number of input columns.</param>
/// <param name="Layers">The dense layers.</param>
/// <param name="Loss">The loss, or null for a network that only predicts.</param>
/// <param name="Standardize">Whether inputs are centred and scaled.</param>
internal sealed record TestNetwork(string Name, int InputSize, IReadOnlyList<TestLayer> Layers, LossFunction? Loss, bool Standardize = false)
{
    public int OutputSize => Layers[^1].Units;

    public int ParameterCount => Enumerable.Range(0, Layers.Count).Sum(layer => Size(layer).Parameters);

    /// <summary>Inputs and number of parameters of a layer.</summary>
    public (int Inputs, int Parameters) Size(int layer)
    {
        int inputs = layer == 0 ? InputSize : Layers[layer - 1].Units;
        return (inputs, (inputs + (Layers[layer].Bias ? 1 : 0)) * Layers[layer].Units);
    }

    /// <summary>Each tensor's place in parameter order, with a name for messages.</summary>
    public IEnumerable<(string Name, Range Range)> Tensors()
    {
        int offset = 0;
        for (int layer = 0; layer < Layers.Count; layer++)
        {
            int weights = Size(layer).Inputs * Layers[layer].Units;
            yield return ($"weights of layer {layer + 1}", offset..(offset + weights));
            if (Layers[layer].Bias)
            {
                yield return ($"biases of layer {layer + 1}", (offset + weights)..(offset + Size(layer).Parameters));
            }

            offset += Size(layer).Parameters;
        }
    }

    /// <summary>The declaration as C#.</summary>
    public string ToSource()
    {
        StringBuilder source = new();
        source.AppendLine(CultureInfo.InvariantCulture, $"[Input({InputSize}{(Standardize ? ", Standardize = true" : "")})]");
        foreach (TestLayer layer in Layers)
        {
            source.AppendLine(CultureInfo.InvariantCulture, $"[Dense({layer.Units}, Activation.{layer.Activation}{(layer.Bias ? "" : ", Bias = false")})]");
            if (layer.Dropout > 0)
            {
                source.AppendLine(CultureInfo.InvariantCulture, $"[Dropout({layer.Dropout})]");
            }
        }

        if (Loss is LossFunction loss)
        {
            source.AppendLine(CultureInfo.InvariantCulture, $"[Loss(LossFunction.{loss})]");
        }

        return source.AppendLine(CultureInfo.InvariantCulture, $"public partial class {Name};").ToString();
    }

    /// <summary>The architecture in one line, for messages.</summary>
    public override string ToString() =>
        ToSource().ReplaceLineEndings(" ").Replace("Activation.", "").Replace("LossFunction.", "").TrimEnd();
}

/// <summary>A dense layer and the dropout behind it.</summary>
internal sealed record TestLayer(int Units, Activation Activation = Activation.Linear, bool Bias = true, double Dropout = 0);
