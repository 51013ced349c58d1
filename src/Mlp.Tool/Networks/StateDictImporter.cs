namespace Mlp.Tool;

/// <summary>
/// Reads a network out of the tensors of another program, such as a PyTorch <c>state_dict</c>: which module is which layer, and what activations there are, the
/// user says.
/// </summary>
internal static class StateDictImporter
{
    /// <summary>In a map, the layer of tensors that are left out.</summary>
    public const string LeftOut = "-";

    /// <summary>PyTorch's; the file does not hold it.</summary>
    private const double Epsilon = 1e-5;

    /// <summary>Reads a network.</summary>
    /// <param name="path">A safetensors file.</param>
    /// <param name="maps">Layers by module, in the layers' order: <c>body.0</c> is <c>Layer1</c>, <c>body.1</c> its <c>Layer1.norm</c> or <c>Layer1.prelu</c>.</param>
    /// <param name="activations">One a layer, or none where all are Linear.</param>
    /// <exception cref="InvalidDataException">The tensors do not make a network; the message says which is too many, missing or of another shape.</exception>
    public static ImportedNetwork Import(string path, IReadOnlyList<KeyValuePair<string, string>> maps, IReadOnlyList<Activation> activations)
    {
        Dictionary<string, (int[] Shape, double[] Values)> tensors = Tensors(path, maps);
        string[] names = [.. maps.Select(static map => map.Value).Where(static layer => layer != LeftOut && !layer.Contains('.')).Distinct()];
        if (names.Length == 0)
        {
            throw Error($"no --map names a layer; the file holds {Listed(tensors.Keys)}");
        }

        if (activations.Count > 0 && activations.Count != names.Length)
        {
            throw Error($"--activations names {activations.Count}, and the maps {names.Length} layers ({string.Join(", ", names)}): give one for each");
        }

        ImportedNetwork? network = null;
        for (int number = 0; number < names.Length; number++)
        {
            (int[] shape, double[] values) = Take($"{names[number]}.weight") ?? throw Error($"no tensor is {names[number]}.weight: check --map {names[number]}");
            if (shape is not [int outputs, int inputs])
            {
                throw Error($"{names[number]}.weight has shape [{string.Join(", ", shape)}]; the weights of a dense layer are [outputs, inputs]");
            }

            network ??= new ImportedNetwork { InputSize = inputs };
            if (inputs != network.OutputSize)
            {
                throw Error($"{names[number]} has {inputs} inputs, and {names[number - 1]} before it {network.OutputSize} outputs: give the maps in the order of the layers");
            }

            network.Layers.Add(Layer(names[number], inputs, outputs, values, activations.Count > 0 ? activations[number] : Activation.Linear));
        }

        if (tensors.Count > 0)
        {
            throw Error($"these tensors are no part of the mapped layers: {Listed(tensors.Keys)}; map them, or leave them out with --map NAME={LeftOut}");
        }

        return network!;

        ImportedLayer Layer(string name, int inputs, int outputs, double[] weights, Activation activation)
        {
            ImportedLayer layer = new() { Name = name, Inputs = inputs, Outputs = outputs, Weights = new double[weights.Length], Activation = activation };
            for (int at = 0; at < weights.Length; at++)
            {
                layer.Weights[(at % inputs * outputs) + (at / inputs)] = weights[at];
            }

            layer.Alpha = activation switch
            {
                Activation.LeakyRelu => 0.01,
                Activation.Elu => 1,
                _ => 0,
            };
            layer.Biases = Vector($"{name}.bias", outputs);
            if (Vector($"{name}.norm.weight", outputs) is double[] gains)
            {
                layer.Gains = gains;
                layer.Shifts = Vector($"{name}.norm.bias", outputs) ?? new double[outputs];
                layer.Epsilon = Epsilon;
                layer.RunningMeans = Vector($"{name}.norm.running_mean", outputs) ?? [];
                layer.Normalization = layer.RunningMeans.Length > 0 ? Normalization.Batch : Normalization.Layer;
                layer.RunningVariances = layer.Normalization == Normalization.Layer ? []
                    : Vector($"{name}.norm.running_var", outputs) ?? throw Error($"{name} has running means and no {name}.norm.running_var");
            }

            if (Vector($"{name}.prelu.weight", 1) is [double slope])
            {
                if (activation is not (Activation.Linear or Activation.PRelu))
                {
                    throw Error($"{name} has the slope of a PRelu, and --activations says {activation}");
                }

                (layer.Activation, layer.Alpha) = (Activation.PRelu, slope);
            }
            else if (activation == Activation.PRelu)
            {
                throw Error($"{name} is a PRelu without its slope: map its module to {name}.prelu");
            }

            return layer;
        }

        double[]? Vector(string name, int count) => Take(name) switch
        {
            null => null,
            ([int length], double[] values) when length == count => values,
            (int[] shape, _) => throw Error($"{name} has shape [{string.Join(", ", shape)}]; the layer needs [{count}]"),
        };

        (int[] Shape, double[] Values)? Take(string name) => tensors.Remove(name, out (int[], double[]) tensor) ? tensor : null;

        InvalidDataException Error(string problem) => new($"{path}: {problem}.");
    }

    /// <summary>The file's tensors under the names that the maps give them; those of no map keep theirs.</summary>
    private static Dictionary<string, (int[] Shape, double[] Values)> Tensors(string path, IReadOnlyList<KeyValuePair<string, string>> maps)
    {
        using FileStream stream = File.OpenRead(path);
        SafetensorsReader reader = NetworkStates.Reader(stream, path);
        Dictionary<string, StoredTensor> taken = [];
        Dictionary<string, (int[] Shape, float[] Values)> read = [];
        HashSet<string> used = [];
        foreach (TensorEntry entry in reader.Entries.Where(static entry => !entry.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)))
        {
            KeyValuePair<string, string> map = maps.FirstOrDefault(map => entry.Name.StartsWith(map.Key + ".", StringComparison.Ordinal));
            used.Add(map.Key ?? "");
            string name = map.Key is null ? entry.Name : map.Value + entry.Name[map.Key.Length..];
            if (map.Value == LeftOut)
            {
                continue;
            }

            int[] shape = entry.Shape is { Length: 1 or 2 } sizes && sizes.All(static size => size <= int.MaxValue) && entry.End - entry.Begin <= Array.MaxLength
                ? [.. sizes.Select(static size => (int)size)]
                : throw new InvalidDataException($"{path}: tensor '{QuotedText.Of(entry.Name)}' has shape [{string.Join(", ", entry.Shape)}], and dense layers have one or two dimensions; --map {QuotedText.Of(entry.Name[..Math.Max(entry.Name.LastIndexOf('.'), 0)])}={LeftOut} leaves it out.");
            float[] values = new float[checked(shape[0] * (shape.Length == 2 ? shape[1] : 1))];
            if (!read.TryAdd(name, (shape, values)))
            {
                throw new InvalidDataException($"{path}: two tensors are mapped to {QuotedText.Of(name)}.");
            }

            int dot = entry.Name.LastIndexOf('.');
            taken.Add(entry.Name, new StoredTensor(() => values, dot < 0 ? entry.Name : entry.Name[..dot], entry.Name[(dot + 1)..], shape, 0, shape.Length == 2 ? [shape[1], 1] : [1]));
        }

        if (maps.FirstOrDefault(map => !used.Contains(map.Key)) is { Key: string unused })
        {
            throw new InvalidDataException($"{path}: no tensor's name begins with '{QuotedText.Of(unused)}.', which --map names; there are {Listed(reader.Entries.Select(static entry => entry.Name))}.");
        }

        reader.ReadInto(taken, digests: null);
        return read.ToDictionary(static pair => pair.Key, static pair => (pair.Value.Shape, Array.ConvertAll(pair.Value.Values, static value => (double)value)));
    }

    private static string Listed(IEnumerable<string> names) => QuotedText.List(names.Order(StringComparer.Ordinal));
}
