using Mlp.Generator.Emit;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>What files say of a network's architecture: the same as the runtime's <c>NetworkLayout</c> and <c>NetworkFile</c>, which a test compares.</summary>
internal static class WeightsArchitecture
{
    /// <summary>The architecture in one line: <c>Input(2) Dense(128, Relu) Dense(1, Sigmoid)</c>.</summary>
    public static string Of(NetworkModel model) => string.Concat(
        $"Input({Literals.Of(model.InputSize)}{(model.Standardize ? ", Standardize" : "")}) ",
        string.Concat(Tables(model).Select(static table => $"Embedding({table.Name}, {Literals.Of(table.Rows)}, {Literals.Of(table.Length)}) ")),
        model.IsEnsemble ? $"Ensemble({Literals.Of(model.Members)}) " : "",
        string.Join(" ", model.Layers.Select(Layer)))
        + (model.LossOptions.StandardizeTargets ? " StandardizeTargets" : "");

    /// <summary>The tensors with their shapes, in the order of files.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Tensors(NetworkModel model)
    {
        foreach ((string name, int rows, int length) in Tables(model))
        {
            yield return ($"{name}.weight", [rows, length]);
        }

        if (model.IsEnsemble)
        {
            yield return ($"{MemberNames.MemberScales}.weight", [model.Members, model.ExpandedSize]);
        }

        foreach ((string name, LayerModel layer) in Layers(model))
        {
            yield return ($"{name}.weight", [layer.Outputs, layer.Inputs]);
            if (layer.HasBias)
            {
                yield return ($"{name}.bias", [layer.Outputs]);
            }

            if (layer.IsNormalized)
            {
                yield return ($"{name}.norm.weight", [layer.Outputs]);
                yield return ($"{name}.norm.bias", [layer.Outputs]);
            }

            if (layer.HasSlope)
            {
                yield return ($"{name}.prelu.weight", [1]);
            }

            if (layer.Normalization == Normalization.Batch)
            {
                yield return ($"{name}.norm.running_mean", [layer.Outputs]);
                yield return ($"{name}.norm.running_var", [layer.Outputs]);
            }
        }
    }

    /// <summary>Tensors of PyTorch's files that a network has no use for.</summary>
    public static IEnumerable<string> PassedOver(NetworkModel model) =>
        Layers(model).Where(static layer => layer.Layer.Normalization == Normalization.Batch).Select(static layer => $"{layer.Name}.norm.num_batches_tracked");

    private static IEnumerable<(string Name, int Rows, int Length)> Tables(NetworkModel model) =>
        model.Embeddings.Zip(MemberNames.TablesOf(model), static (column, name) => (name, column.TableRows, column.Embedding));

    /// <summary>The layers with what their tensors begin with: of an ensemble, each member's last layer.</summary>
    private static IEnumerable<(string Name, LayerModel Layer)> Layers(NetworkModel model) => model.Layers.SelectMany((layer, index) =>
        model.IsEnsemble && index == model.Layers.Count - 1
            ? Enumerable.Range(0, model.Members).Select(member => ($"{layer.Name}.{Literals.Of(member)}", layer))
            : [(layer.Name, layer)]);

    private static string Layer(LayerModel layer)
    {
        string alpha = layer.Alpha == 0 ? "" : $", Alpha = {Text(layer.Alpha)}";
        string normalization = layer.IsNormalized ? $", Normalization = {layer.Normalization}, NormalizationEpsilon = {Text(layer.NormalizationEpsilon)}" : "";
        bool hasDefaultName = layer.Name.StartsWith("Layer", StringComparison.Ordinal) && int.TryParse(layer.Name.Substring(5), out _);
        return $"Dense({Literals.Of(layer.Outputs)}, {layer.Activation}{alpha}{(layer.HasBias ? "" : ", Bias = false")}{(layer.IsResidual ? ", Residual = true" : "")}{normalization}"
            + $"{(hasDefaultName ? "" : $", Name = \"{layer.Name}\"")})";
    }

    private static string Text(double value) => Literals.Of((float)value).TrimEnd('f');
}
