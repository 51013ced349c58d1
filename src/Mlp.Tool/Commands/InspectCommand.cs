using System.CommandLine;
using System.Globalization;

namespace Mlp.Tool;

/// <summary><c>mlpgen inspect</c>: a table of what a file holds.</summary>
internal static class InspectCommand
{
    /// <summary>Texts of the metadata that have a table of their own.</summary>
    private static readonly HashSet<string> Tabled = ["input_means", "input_scales", "target_means", "target_scales", "input_names", "class_names", "encoder", "sha256"];

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "A .safetensors file, of MlpGen or of others, or an ONNX model." };
        Command command = new(
            "inspect",
            """
            Prints what a file holds.

            Of a network: architecture, layers with their parameters, statistics and names, and whether the file is as it was written. Of other safetensors
            files: the tensors. Of an ONNX model: nodes, inputs, outputs, metadata.
            """)
        {
            file,
        };
        command.SetAction(parsed => Inspect(parsed.GetValue(file)!, parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Inspect(string path, TextWriter output)
    {
        if (!NetworkStates.IsSafetensors(path))
        {
            Print(OnnxReader.Read(path), output);
            return 0;
        }

        using FileStream stream = File.OpenRead(path);
        SafetensorsReader reader = NetworkStates.Reader(stream, path);
        NetworkMetadata metadata = new(reader.Metadata, path);
        NetworkLayout? layout = reader.Metadata.TryGetValue(NetworkMetadata.ArchitectureKey, out string? architecture)
            ? ArchitectureText.Parse(architecture, NetworkStates.Slots(reader.Metadata, path), path)
            : null;
        TextTable facts = new("metadata", "") { TextColumns = [0, 1] };
        foreach ((string key, string value) in reader.Metadata.Where(static pair => !Tabled.Contains(pair.Key)).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            facts.Add(TextTable.Name(key), key == NetworkMetadata.ArchitectureKey ? layout!.Architecture : QuotedText.Of(value));
        }

        TextTable tensors = new("tensor", "type", "shape", "elements") { TextColumns = [0, 1] };
        foreach (TensorEntry entry in reader.Entries.OrderBy(static entry => entry.Begin))
        {
            tensors.Add(QuotedText.Of(entry.Name), QuotedText.Of(entry.Type), Shape(entry), Count(Elements(entry)));
        }

        tensors.Add("", "", "", Count(reader.Entries.Sum(Elements)));
        List<TensorDigest>? digests = metadata.HasDigest ? [] : null;
        reader.ReadInto(new Dictionary<string, StoredTensor>(), digests);
        if (digests is not null)
        {
            metadata.CheckDigest(digests);
            facts.Add("sha256", "fits");
        }

        if (reader.Metadata.Count > 0)
        {
            output.WriteLine(facts);
        }

        if (layout is not null)
        {
            Print(layout, output);
        }

        output.Write(tensors);
        PrintColumns("input", reader.Metadata, "input_names", "input_means", "input_scales", output);
        PrintColumns(reader.Metadata.ContainsKey(NetworkMetadata.ClassNamesKey) ? "class" : "output", reader.Metadata, "class_names", "target_means", "target_scales", output);
        if (reader.Metadata.TryGetValue(NetworkMetadata.EncoderKey, out string? encoder))
        {
            output.WriteLine();
            output.WriteLine($"encoder  {encoder}");
        }

        return 0;
    }

    private static void Print(NetworkLayout layout, TextWriter output)
    {
        TextTable layers = new("layer", "inputs", "outputs", "parameters", "declared as") { TextColumns = [0, 4] };
        foreach (DenseLayout layer in layout.Layers)
        {
            layers.Add(layer.Name, Count(layer.Inputs), Count(layer.Outputs), Count(layer.ParameterCount), layer.ToString());
        }

        layers.Add("all", Count(layout.InputSize), Count(layout.OutputSize), Count(layout.ParameterCount));
        output.WriteLine(layers);
    }

    private static void Print(OnnxModel model, TextWriter output)
    {
        TextTable facts = new("model", "") { TextColumns = [0, 1] };
        facts.Add("producer", model.Producer.Length > 0 ? QuotedText.Of(model.Producer) : TextTable.Undefined);
        facts.Add("operator sets", string.Join(", ", model.OperatorSets.Select(static set => $"{(set.Key.Length > 0 ? QuotedText.Of(set.Key) : "ai.onnx")} {Count(set.Value)}")));
        facts.Add("format", Count(model.IrVersion));
        foreach ((string key, string value) in model.Metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            facts.Add(TextTable.Name(key), QuotedText.Of(value));
        }

        output.WriteLine(facts);
        TextTable values = new("value", "is", "kind") { TextColumns = [0, 1, 2] };
        Add(model.Inputs, "input");
        Add(model.Outputs, "output");
        foreach ((string name, OnnxTensor tensor) in model.Constants)
        {
            values.Add(QuotedText.Of(name), "constant", $"{OnnxTensor.TypeName(tensor.Type)}[{string.Join(", ", tensor.Shape)}]");
        }

        output.WriteLine(values);
        TextTable nodes = new("node", "operator", "takes and makes") { TextColumns = [0, 1, 2] };
        foreach (OnnxNode node in model.Nodes)
        {
            nodes.Add(
                node.Name.Length > 0 ? QuotedText.Of(node.Name) : Count(node.Index + 1),
                QuotedText.Of(node.Operator),
                $"{QuotedText.Of(string.Join(", ", node.Inputs))} → {QuotedText.Of(string.Join(", ", node.Outputs))}");
        }

        output.Write(nodes);

        void Add(IEnumerable<OnnxValue> listed, string role)
        {
            foreach (OnnxValue value in listed)
            {
                values.Add(QuotedText.Of(value.Name), role, value.Kind);
            }
        }
    }

    /// <summary>Names and statistics of columns, where the file has some.</summary>
    private static void PrintColumns(string kind, IReadOnlyDictionary<string, string> metadata, string namesKey, string meansKey, string scalesKey, TextWriter output)
    {
        string[] names = metadata.TryGetValue(namesKey, out string? json) ? JsonTexts.Parse(json, namesKey) : [];
        string[] means = metadata.GetValueOrDefault(meansKey)?.Split(' ') ?? [];
        string[] scales = metadata.GetValueOrDefault(scalesKey)?.Split(' ') ?? [];
        int count = Math.Max(names.Length, Math.Max(means.Length, scales.Length));
        if (count == 0)
        {
            return;
        }

        TextTable table = new(kind, "name", "mean", "scale") { TextColumns = [0, 1] };
        for (int column = 0; column < count; column++)
        {
            table.Add(Count(column), At(names, column), At(means, column), At(scales, column));
        }

        output.WriteLine();
        output.Write(table);

        static string At(string[] texts, int column) => column < texts.Length ? TextTable.Name(texts[column]) : TextTable.Undefined;
    }

    private static string Shape(TensorEntry entry) => string.Join(" × ", entry.Shape.Select(static size => Count(size)));

    private static long Elements(TensorEntry entry) => entry.Shape.Aggregate(1L, static (product, size) => unchecked(product * size));

    private static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);
}
