using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Mlp.Tool;

/// <summary><c>mlpgen predict</c>: rows of CSV through a network that no class is compiled for.</summary>
internal static class PredictCommand
{
    private static readonly char[] Quoted = [',', '"', '\n', '\r'];

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "A .safetensors file that a network saved, or an ONNX model." };
        Option<string> csv = new("--csv")
        {
            Description = "Rows to predict. Columns are found by the network's input names; without such, they are the inputs in order.",
            Required = true,
            HelpName = "rows.csv",
        };
        Option<string?> output = new("--output", "-o") { Description = "Where predictions go. Default: the terminal.", HelpName = "out.csv" };
        Option<bool> force = new("--force") { Description = "Replace a file that exists." };
        Command command = new(
            "predict",
            """
            Predicts the rows of a CSV file, a line for each: the outputs, and the class where the network tells classes.

            The file's first line has the columns' names, and numbers have a point whatever the machine's language is. Plain loops compute in double
            precision; a compiled class is many times faster. A network over records takes its encoded columns, as 'mlpgen inspect' lists them.
            """)
        {
            file, csv, output, force,
        };
        command.SetAction(parsed => Predict(
            parsed.GetValue(file)!, parsed.GetValue(csv)!, parsed.GetValue(output), parsed.GetValue(force), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Predict(string path, string csv, string? destination, bool force, TextWriter output)
    {
        if (destination is not null && !force && File.Exists(destination))
        {
            throw new IOException($"'{destination}' exists, and nothing was written; --force replaces it.");
        }

        NetworkState network = NetworkStates.Open(path);
        int inputs = network.Layout.InputSize;
        Dataset rows = CsvData.Load(csv, features: network.InputNames);
        if (rows.InputSize != inputs)
        {
            throw new InvalidDataException($"{csv} has {rows.InputSize} columns, and the network {inputs} inputs, which have no names in {path}: give just these, in order.");
        }

        StringBuilder text = new();
        Line(text, Header(network));
        Interpreter interpreter = new(network);
        for (int row = 0; row < rows.Count; row++)
        {
            try
            {
                Line(text, Cells(network, interpreter.Predict(rows.Inputs.Slice(row * inputs, inputs))));
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{csv}, row {row + 1}: {error.Message}.", error);
            }
        }

        if (destination is null)
        {
            output.Write(text);
        }
        else
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
            AtomicFile.Write(destination, stream => stream.Write(bytes));
        }

        return 0;
    }

    private static bool TellsClasses(NetworkState network) =>
        network.Layout.Layers[^1].Activation == Activation.Softmax || (network.Layout.OutputSize == 1 && network.ClassNames is not null);

    private static IEnumerable<string> Header(NetworkState network)
    {
        int outputs = network.Layout.OutputSize;
        IEnumerable<string> names = outputs == 1 ? ["output"]
            : network.ClassNames?.Count == outputs ? network.ClassNames
            : Enumerable.Range(0, outputs).Select(static output => string.Create(CultureInfo.InvariantCulture, $"output{output}"));
        return TellsClasses(network) ? names.Append("class") : names;
    }

    private static IEnumerable<string> Cells(NetworkState network, double[] outputs)
    {
        IEnumerable<string> cells = outputs.Select(static value => ((float)value).ToString(CultureInfo.InvariantCulture));
        int index = outputs.Length == 1 ? (outputs[0] >= network.Threshold ? 1 : 0) : Array.IndexOf(outputs, outputs.Max());
        return TellsClasses(network) ? cells.Append(network.NameOfClass(index)) : cells;
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text
        .AppendJoin(',', cells.Select(static cell => cell.AsSpan().IndexOfAny(Quoted) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))
        .Append('\n');
}
