using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.RegularExpressions;

namespace Mlp.Tool;

/// <summary><c>mlpgen import</c>: another program's model becomes a class and a file of its weights.</summary>
internal static partial class ImportCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string> model = new("model") { Description = "An ONNX model, or a safetensors file with the tensors of a state_dict." };
        Option<string> name = new("--name")
        {
            Description = "Name of the class, and of both files.",
            DefaultValueFactory = static _ => "Net",
            HelpName = "Net",
        };
        Option<string> output = new("--output", "-o") { Description = "Folder for both files.", DefaultValueFactory = static _ => ".", HelpName = "folder" };
        Option<string?> space = new("--namespace") { Description = "Namespace of the class. Default: none.", HelpName = "My.App" };
        Option<string[]> maps = new("--map")
        {
            Description = "Of a state_dict: which module is which layer, once for each layer, in order. "
                + "'body.1=Layer1.norm' is the normalization of Layer1, 'body.2=Layer1.prelu' its PRelu, 'head=-' leaves tensors out.",
            HelpName = "body.0=Layer1",
        };
        Option<string?> activations = new("--activations") { Description = "Of a state_dict: one activation a layer. Default: all Linear.", HelpName = "Relu,Linear" };
        Option<bool> force = new("--force") { Description = "Replace files that exist." };
        name.Validators.Add(static result => Check(result, Identifier(), "a name of a class, such as CircleNet"));
        space.Validators.Add(static result => Check(result, Namespace(), "a namespace, such as My.App"));
        maps.Validators.Add(static result =>
        {
            foreach (string wrong in result.Tokens.Select(static token => token.Value).Where(static text => !Map().IsMatch(text)))
            {
                result.AddError($"'{wrong}' is no map; one is module=Layer, such as body.0=Layer1.");
            }
        });

        Command command = new(
            "import",
            """
            Writes Net.cs, the declaration of a network, and Net.safetensors, its weights: Net.Load("Net.safetensors") predicts what the model does.

            Of ONNX, any chain of Gemm, or MatMul and Add, is taken, with activations, layer and batch normalization, residuals and a scaler of the inputs,
            also where they are written out as several nodes. Anything else is refused by naming the node.
            """)
        {
            model, name, output, space, maps, activations, force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(model) is { Tokens: [Token file] } && !file.Value.EndsWith(".safetensors", StringComparison.Ordinal)
                && (result.GetResult(maps) is { Implicit: false } || result.GetResult(activations) is { Implicit: false }))
            {
                result.AddError("--map and --activations belong to a state_dict in a .safetensors file; an ONNX model says itself what its layers are.");
            }
        });
        command.SetAction(parsed => Import(
            parsed.GetValue(model)!,
            parsed.GetValue(name)!,
            parsed.GetValue(space),
            parsed.GetValue(output)!,
            [.. (parsed.GetValue(maps) ?? []).Select(static map => map.Split('=')).Select(static map => KeyValuePair.Create(map[0], map[1]))],
            parsed.GetValue(activations),
            parsed.GetValue(force),
            parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Import(
        string path, string name, string? space, string folder, IReadOnlyList<KeyValuePair<string, string>> maps, string? activations, bool force, TextWriter output)
    {
        string declaration = Path.Combine(folder, $"{name}.cs"), weights = Path.Combine(folder, $"{name}.safetensors");
        if (!force && (File.Exists(declaration) ? declaration : File.Exists(weights) ? weights : null) is string existing)
        {
            throw new IOException($"'{existing}' exists, and nothing was written; --force replaces it, --name and --output write elsewhere.");
        }

        string source = Path.GetFileName(path);
        ImportedNetwork network;
        if (NetworkStates.IsSafetensors(path))
        {
            network = StateDictImporter.Import(path, maps, [.. (activations ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ActivationOf)]);
        }
        else
        {
            OnnxModel model = OnnxReader.Read(path);
            network = OnnxImporter.Import(model, path);
            source += model.Producer.Length > 0 ? $" ({model.Producer})" : "";
        }

        NetworkState state = NetworkStates.Of(network);
        Directory.CreateDirectory(folder);
        try
        {
            NetworkFile.Save(state, weights);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }

        byte[] text = Encoding.UTF8.GetBytes(DeclarationWriter.Write(state.Layout, name, space, source));
        AtomicFile.Write(declaration, stream => stream.Write(text));
        output.WriteLine($"{declaration}, {weights}: {state.Layout.Architecture}, {state.Layout.ParameterCount} parameters");
        return 0;
    }

    private static Activation ActivationOf(string name) => Enum.TryParse(name, ignoreCase: true, out Activation activation) && Enum.IsDefined(activation)
        ? activation
        : throw new InvalidDataException($"'{name}' is no activation; there are {string.Join(", ", Enum.GetNames<Activation>())}.");

    private static void Check(OptionResult result, Regex pattern, string expected)
    {
        if (result.Tokens is [Token token] && !pattern.IsMatch(token.Value))
        {
            result.AddError($"'{token.Value}' is not {expected}.");
        }
    }

    // Keywords are small letters alone, and the compiler warns of other types whose names are.
    [GeneratedRegex(@"\A(?![a-z]+\z)[\p{L}_][\p{L}\p{Nd}_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A[\p{L}_][\p{L}\p{Nd}_]*(\.[\p{L}_][\p{L}\p{Nd}_]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\A[^=]+=(-|[\p{L}_][\p{L}\p{Nd}_]*(\.norm|\.prelu)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Map();
}
