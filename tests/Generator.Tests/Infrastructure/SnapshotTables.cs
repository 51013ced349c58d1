using System.Text;
using System.Text.RegularExpressions;

namespace Generator.Tests.Infrastructure;

/// <summary>
/// What the generator writes for each activation and each loss, in both forms: the formula that stands above or behind a call, and the call. Arguments that
/// belong to the network are cut.
/// </summary>
internal static partial class SnapshotTables
{
    private static readonly (string Name, int Inputs, int Hidden)[] Forms = [("straight-line", 2, 3), ("tiled", 100, 64)];

    private static readonly (string Output, string Loss)[] Pairs =
    [
        ("Linear", "MSE"),
        ("Linear", "MSE, StandardizeTargets = true"),
        ("Tanh", "MSE"),
        ("PRelu", "MSE"),
        ("Softmax", "MSE"),
        ("Linear", "MAE"),
        ("Linear", "Huber, Delta = 1.5"),
        ("Linear", "LogCosh"),
        ("Linear", "Hinge"),
        ("Exp", "Poisson"),
        ("Softplus", "Poisson"),
        ("Sigmoid", "BCE"),
        ("Sigmoid", "BCE, LabelSmoothing = 0.1"),
        ("Sigmoid", "BCE, PositiveWeight = 5"),
        ("Softmax", "CrossEntropy"),
        ("Softmax", "CrossEntropy, LabelSmoothing = 0.1"),
        ("Softmax", "CrossEntropy, ClassWeights = new double[] { 1, 2, 0.5 }"),
    ];

    /// <summary>
    /// Every activation: its line in the forward pass, and that of its slope. Linear has none, a jump has no slope, and Softmax has its slope in the delta of
    /// its loss.
    /// </summary>
    public static string Activations()
    {
        string[] names = [.. Enum.GetNames<Activation>().Where(static name => name != nameof(Activation.Linear))];
        return Table(
            names,
            static (name, form) => $"[Input({form.Inputs})] " + (name == nameof(Activation.Softmax)
                ? "[Dense(3, Softmax)] [Loss(CrossEntropy)]"
                : $"[Dense({form.Hidden}, {name})] [Dense(1)] [Loss(MSE)]"),
            static (name, forward, backward) => name == nameof(Activation.Softmax)
                ? Excerpt(forward, "Outputs.Softmax")
                : [.. Excerpt(forward, $"Activations.{name}"), .. Excerpt(backward, $"Activations.{name}")]);
    }

    /// <summary>Every loss with the outputs for which it is computed in its own way: its line, and that of its delta.</summary>
    public static string Losses()
    {
        Assert.Equal(
            Enum.GetNames<LossFunction>().Order(StringComparer.Ordinal),
            Pairs.Select(static pair => pair.Loss.Split(',')[0]).Distinct().Order(StringComparer.Ordinal));
        return Table(
            [.. Pairs.Select(static pair => $"[Dense({(pair.Output == "Softmax" ? 3 : 1)}, {pair.Output})] [Loss({pair.Loss})]")],
            static (name, form) => $"[Input({form.Inputs})] {name}",
            static (_, _, backward) =>
            [
                .. backward.Select(static line => line.Trim()).Where(static line => line.StartsWith("// τ ", StringComparison.Ordinal)),
                .. Excerpt(backward, "Outputs.", from: "static void Losses"),
                .. Excerpt(backward, "Outputs.", from: "static void OutputDelta"),
            ]);
    }

    /// <param name="names">One for each row.</param>
    /// <param name="attributes">The attributes of a row's network in a form.</param>
    /// <param name="lines">What the row shows of its name's files: forward, backward.</param>
    private static string Table(
        string[] names,
        Func<string, (string Name, int Inputs, int Hidden), string> attributes,
        Func<string, string[], string[], IEnumerable<string>> lines)
    {
        (GalleryNetwork Network, string Name, string Form)[] rows =
        [
            .. names.SelectMany((name, i) => Forms.Select((form, j) => (new GalleryNetwork($"Row{i}Form{j}", attributes(name, form)), name, form.Name))),
        ];
        GeneratorRun run = GeneratorHarness.Run(string.Concat(rows.Select(static row => row.Network.Declaration))).AssertClean();
        StringBuilder table = new();
        foreach ((GalleryNetwork network, string name, string form) in rows)
        {
            string[] forward = run.Files[$"{network.ClassName}.Forward.g.cs"].Split('\n');
            Assert.Contains(forward, line => line.Contains($"// {form}", StringComparison.OrdinalIgnoreCase));
            if (form == Forms[0].Name)
            {
                table.Append(table.Length == 0 ? "" : "\n").Append(name).Append('\n');
            }

            table.Append("  ").Append(form).Append('\n');
            foreach (string line in lines(name, forward, run.Files[$"{network.ClassName}.Backward.g.cs"].Split('\n')))
            {
                table.Append("    ").Append(line).Append('\n');
            }
        }

        return table.ToString();
    }

    /// <summary>The first line with a name, behind another one, and its formula; nothing where no line has it.</summary>
    private static string[] Excerpt(string[] file, string name, string from = "")
    {
        int start = Array.FindIndex(file, line => line.Contains(from, StringComparison.Ordinal));
        int at = Array.FindIndex(file, start, line => line.Contains(name, StringComparison.Ordinal));
        if (at < 0)
        {
            return [];
        }

        string[] parts = file[at].Trim().Split(" // ");
        string formula = parts.Length > 1 ? parts[1] : file[..at].Last(static line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)).Trim()[3..];

        // A head names the layer before the formula, and shapes or gradients follow it.
        string alone = formula.Split("      ").First(static part => !part.StartsWith("Layer ", StringComparison.Ordinal));
        return [$"// {alone}", Operands().Replace(parts[0], "new(…)")];
    }

    [GeneratedRegex(@"new\(\) \{ [^{}]* \}|new\([^()]*\)")]
    private static partial Regex Operands();
}
