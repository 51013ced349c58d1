using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>
/// Writes the properties that lead to parameters, and for each layer a type of its own, so that hovering over <c>net.Layer1.Weights</c> shows the shape
/// that they have in this layer. A faulty declaration has the runtime's types, which say the same of any layer.
/// </summary>
internal static class ViewWriter
{
    private const string Field = MemberNames.NetworkField;
    private const string Vector = "global::Mlp.ParameterVectorView";

    /// <summary>What each member of a network says of calls beside training; what is written then may be lost, as the layer's property says.</summary>
    private const string AtAnyTime = "readable at any time";

    public static void Emit(MemberWriter members, NetworkModel model)
    {
        string[] tables = MemberNames.TablesOf(model);
        foreach ((ColumnModel column, int index) in model.Embeddings.Select(static (column, index) => (column, index)))
        {
            string summary = $"[{column.TableRows} × {column.Embedding}]: the embeddings of {column.Name}, {column.TableRows} rows of {column.Embedding} values.";
            Property(members, summary, "EmbeddingTable", "global::Mlp.EmbeddingTable", tables[index], $"{Field}.Table({index})");
        }

        if (model.IsEnsemble)
        {
            string summary = $"[{model.Members} × {model.ExpandedSize}]: what each member multiplies the inputs by, before the first layer and once they are standardised, if they are.";
            Property(members, summary, "EmbeddingTable", "global::Mlp.MemberScalesView", MemberNames.MemberScales, $"{Field}.MemberScales");
        }

        string[] views = MemberNames.ViewsOf(model);
        bool isSound = model.Fault is null;
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            bool isHead = IsHead(model, i);
            string each = isHead ? $", for each of {model.Members} members" : "";
            RowCost cost = RowCost.OfLayer(model, i);
            string summary = $"{Formulas.Declaration(layer)}{each}: weights [{layer.Inputs} × {layer.Outputs}]{Vectors(layer)}; "
                + $"{Literals.Grouped(cost.MultiplyAdds)} multiply-adds, {Literals.Grouped(cost.Bytes)} bytes.";
            (string type, string value) = (isSound, isHead) switch
            {
                (false, false) => ("global::Mlp.DenseLayer", ""),
                (false, true) => ("global::Mlp.EnsembleLayer", ""),
                (true, false) => (views[i], $"new() {{ Layer = {Field}.View({i}) }}"),
                (true, true) => (views[i + 1], $"new() {{ Layers = {Field}.Heads }}"),
            };
            Property(members, summary, "DenseLayer", type, layer.Name, value);
        }

        for (int i = 0; isSound && i < model.Layers.Count; i++)
        {
            members.Group();
            members.Internal(View(model.Layers[i], views[i]));
            if (IsHead(model, i))
            {
                members.Group();
                members.Internal(Heads(model, views[i], views[i + 1]));
            }
        }
    }

    private static bool IsHead(NetworkModel model, int layer) => model.IsEnsemble && layer == model.Layers.Count - 1;

    private static string Vectors(LayerModel layer) => string.Concat(
        layer.HasBias ? $", biases [{layer.Outputs}]" : "",
        layer.IsNormalized ? $", gains [{layer.Outputs}], shifts [{layer.Outputs}]" : "",
        layer.HasSlope ? ", a slope" : "");

    /// <summary>The parameters of one layer: those that any has, and those that this one has.</summary>
    private static string View(LayerModel layer, string view)
    {
        string vector = $"[{layer.Outputs}], {AtAnyTime}:";
        string[] lines =
        [
            $"/// <summary>The parameters of {layer.Name}, read and written in place.</summary>",
            $"public readonly struct {view}",
            "{",
            "    internal global::Mlp.DenseLayer Layer { get; init; }",
            Member(
                $"<summary>[{layer.Inputs} × {layer.Outputs}], {AtAnyTime}: [i, o] is from input i to output o.</summary>",
                "global::Mlp.WeightsView Weights => Layer.Weights;"),
            Member(
                layer.HasBias ? $"<summary>{vector} [o] is added to output o's sum.</summary>" : $"<summary>[0], {AtAnyTime}: the layer has no biases.</summary>",
                $"{Vector} Biases => Layer.Biases;"),
            .. layer.IsNormalized
                ?
                [
                    Member($"<summary>{vector} [o] multiplies output o's normalized sum.</summary>", $"{Vector} Gains => Layer.Gains;"),
                    Member($"<summary>{vector} [o] is added to that product.</summary>", $"{Vector} Shifts => Layer.Shifts;"),
                ]
                : (string[])[],
            .. layer.HasSlope
                ? [Member($"<summary>One for all outputs, {AtAnyTime}: the slope of {layer.Activation} below 0.</summary>", "ref float Slope => ref Layer.Slope;")]
                : (string[])[],
            Member("<inheritdoc cref=\"Mlp::INetworkMembers.AsDenseLayer\"/>", $"static implicit operator global::Mlp.DenseLayer({view} view) => view.Layer;"),
            "}",
        ];
        return string.Join("\n", lines);
    }

    /// <summary>The last layer of an ensemble: one for each member.</summary>
    private static string Heads(NetworkModel model, string view, string heads)
    {
        string[] lines =
        [
            $"/// <summary>{model.Layers[model.Layers.Count - 1].Name} of each member.</summary>",
            $"public readonly struct {heads}",
            "{",
            "    internal global::Mlp.EnsembleLayer Layers { get; init; }",
            Member($"<summary>{model.Members} members; {AtAnyTime}.</summary>", "int Count => Layers.Count;"),
            Member("<inheritdoc cref=\"global::Mlp.EnsembleLayer.this\"/>", $"{view} this[int member] => new() {{ Layer = Layers[member] }};"),
            Member("<inheritdoc cref=\"Mlp::INetworkMembers.AsEnsembleLayer\"/>", $"static implicit operator global::Mlp.EnsembleLayer({heads} view) => view.Layers;"),
            "}",
        ];
        return string.Join("\n", lines);
    }

    /// <summary>A public member of a view, in one line where it fits, so that they read as a table.</summary>
    private static string Member(string documentation, string member)
    {
        string line = $"/** {documentation} */ public {member}";
        return line.Length <= TextLines.MostColumnsOfMembers - 4 ? $"    {line}" : $"    /// {documentation}\n    public {member}";
    }

    private static void Property(MemberWriter members, string summary, string remarksOf, string type, string name, string value)
    {
        string[] documentation = [$"<summary>{summary}</summary>", $"<inheritdoc cref=\"global::Mlp.{remarksOf}\" path=\"/remarks\"/>"];
        members.Documented(TextLines.Join("/// ", "", documentation, "\n/// ", TextLines.MostColumnsOfMembers), type, name, value);
    }
}
