using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Mlp.Build;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Emit;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>
/// Compares a network with the file that <c>[Weights]</c> names, by what the build has found out about it: whatever <c>Load</c> would refuse is a problem,
/// and so are files of networks that have learned no statistics yet, as the trained network cannot learn them.
/// </summary>
internal sealed class WeightsCheck
{
    private const int MostNames = 10;

    private static readonly Regex Number = new(@"\d+(\.\d+)?(E[+-]\d+)?", RegexOptions.CultureInvariant);

    private readonly NetworkModel _model;
    private readonly WeightsHeader _file;
    private readonly Location _place;
    private readonly string _network;
    private readonly string _name;

    private WeightsCheck(NetworkModel model, Location place, WeightsReport report)
    {
        _model = model;
        _place = place;
        _file = WeightsHeader.Parse(report.Header);
        _network = model.ClassName;
        _name = report.Name;
    }

    /// <summary>What is wrong with the weights of a sound network.</summary>
    /// <param name="model">The network.</param>
    /// <param name="place">Where it names them.</param>
    /// <param name="reports">Those of all items of the project.</param>
    public static IEnumerable<Problem> Check(NetworkModel model, Location place, EquatableArray<WeightsReport> reports)
    {
        string name = model.Weights!;
        WeightsReport? report = reports.FirstOrDefault(report => report.Name == name);
        return report switch
        {
            null => [Single(Descriptors.NoSuchWeights, reports.Count == 0 ? "has none" : $"has {Quoted(reports.Select(static report => report.Name).OrderBy(static name => name, StringComparer.Ordinal))}")],
            { Count: > 1 } => [Single(Descriptors.WeightsTwice, Literals.Of(report.Count))],
            { Verdict: WeightsVerdict.Unreadable } => [Single(Descriptors.UnreadableWeights, report.Problem)],
            { Verdict: WeightsVerdict.Damaged } => [Single(Descriptors.DamagedWeights, report.Problem)],
            _ => Compare(report),
        };

        IEnumerable<Problem> Compare(WeightsReport sound)
        {
            try
            {
                return [.. new WeightsCheck(model, place, sound).Problems()];
            }
            catch (FormatException error)
            {
                return [Single(Descriptors.UnreadableWeights, error.Message)];
            }
        }

        Problem Single(DiagnosticDescriptor rule, string argument) => new(rule, place, new([name, argument]));
    }

    /// <summary>As <c>Load</c> finds them, but that differences in statistics alone have a message of their own.</summary>
    private IEnumerable<Problem> Problems()
    {
        Problem? first = Encoder() ?? Architecture() ?? Tensors();
        return first is not null ? [first]
            : Shapes().Concat(Statistics("input", _model.Standardize)).Concat(Statistics("target", _model.LossOptions.StandardizeTargets));
    }

    private Problem? Architecture()
    {
        string declared = WeightsArchitecture.Of(_model);
        string? found = _file.IsOwn ? Metadata("architecture") ?? "unknown, as its metadata have no 'architecture'" : null;
        return found is null || Compared(found) == Compared(declared)
            ? null
            : OtherNetwork($"the file's is {found}, and the declared one is {declared}");

        // Numbers are written in one form, whatever the host; what is standardised is compared later.
        static string Compared(string architecture) => Number.Replace(
            architecture.Replace(", Standardize)", ")").Replace(" StandardizeTargets", ""),
            static number => Literals.Of(float.Parse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture)));
    }

    private Problem? Tensors()
    {
        Dictionary<string, long[]> wanted = WeightsArchitecture.Tensors(_model).ToDictionary(static tensor => tensor.Name, static tensor => tensor.Shape);
        HashSet<string> passedOver = [.. WeightsArchitecture.PassedOver(_model)];
        string[] found = [.. _file.Tensors.Select(static tensor => tensor.Name)];
        bool isCheckpoint = _file.IsSecondFormat && Metadata("checkpoint") is not null;
        string[] missing = [.. wanted.Keys.Except(found)];
        string[] unknown =
        [
            .. found.Where(name => !wanted.ContainsKey(name) && !passedOver.Contains(name) && !(isCheckpoint && name.StartsWith("checkpoint/", StringComparison.Ordinal)))
                .OrderBy(static name => name, StringComparer.Ordinal),
        ];
        return missing.Length + unknown.Length == 0 ? null : Problem(Descriptors.OtherTensors, _network, Listed("missing", missing) + Listed("unknown", unknown));
    }

    private IEnumerable<Problem> Shapes()
    {
        foreach ((string name, long[] shape) in WeightsArchitecture.Tensors(_model))
        {
            TensorHeader found = _file.Tensors.Single(tensor => tensor.Name == name);
            if (!found.Shape.SequenceEqual(shape))
            {
                yield return Problem(Descriptors.OtherShape, name, $"has shape [{Joined(found.Shape)}]", _network, $"[{Joined(shape)}]");
            }
            else if (found.Type is not ("F32" or "F64"))
            {
                yield return Problem(Descriptors.OtherShape, name, $"is of type {found.Type}", _network, "F32 or F64");
            }
        }
    }

    /// <summary>One part's statistics: those of inputs, or of targets.</summary>
    private IEnumerable<Problem> Statistics(string part, bool areNeeded)
    {
        string means = $"{part}_means", scales = $"{part}_scales";
        bool exist = Metadata(means) is not null || Metadata(scales) is not null;
        string mark = part == "input" ? ", Standardize)" : " StandardizeTargets";
        string attribute = part == "input" ? "[Input(…, Standardize = true)]" : "[Loss(…, StandardizeTargets = true)]";
        if (!areNeeded)
        {
            string needsNone = $"does not standardise {part}s; declare {attribute}, or save a network that does not";
            return exist ? [OtherStatistics($"holds statistics of {part}s", needsNone)]
                : _file.IsOwn && Metadata("architecture")?.Contains(mark) == true ? [OtherStatistics($"is of a network that standardises {part}s", needsNone)]
                : [];
        }

        string needs = $"standardises {part}s by them";
        if (!exist)
        {
            return [OtherStatistics($"has no statistics of {part}s", $"{needs}; train the network, or call LearnInputStatistics, and save it again")];
        }

        int columns = part == "input" ? _model.InputSize : _model.OutputSize;
        return new[] { means, scales }
            .Where(key => !AreNumbers(Metadata(key), columns, isAboveZero: key == scales))
            .Select(key => OtherStatistics($"has no '{key}' of {columns} finite numbers{(key == scales ? " above 0" : "")} in its metadata", needs));
    }

    private static bool AreNumbers(string? text, int count, bool isAboveZero)
    {
        string[] numbers = text?.Split(' ') ?? [];
        return numbers.Length == count && numbers.All(number =>
            float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            && !float.IsNaN(value) && !float.IsInfinity(value) && (!isAboveZero || value > 0));
    }

    /// <summary>What the encoder of records was fitted by.</summary>
    private Problem? Encoder()
    {
        string? text = _file.IsSecondFormat ? Metadata("encoder") : null;
        if (_model.Record is not { } record)
        {
            return text is null ? null : OtherNetwork("the file's is over records, and the declared one takes numbers");
        }

        const string Fit = "encodes records by it; train it with records, and save it again";
        return text is null ? OtherStatistics("has no encoder of records", Fit)
            : text == "none" ? OtherStatistics("is of a network to which no records were fitted", Fit)
            : WeightsColumns.Compare(record, JsonValue.Parse(text)) is string difference ? OtherNetwork(difference)
            : null;
    }

    private Problem OtherNetwork(string how) => Problem(Descriptors.OtherNetwork, _network, how);

    private Problem OtherStatistics(string file, string network) => Problem(Descriptors.OtherStatistics, _network, file, network);

    private Problem Problem(DiagnosticDescriptor rule, params string[] arguments) => new(rule, _place, new([_name, .. arguments]));

    private string? Metadata(string key) => _file.Metadata.TryGetValue(key, out string value) ? value : null;

    private static string Listed(string what, string[] names) => names.Length == 0
        ? ""
        : $"; {what}: {string.Join(", ", names.Take(MostNames))}{(names.Length > MostNames ? $" and {names.Length - MostNames} more" : "")}";

    private static string Joined(IEnumerable<long> sizes) => string.Join(", ", sizes.Select(Literals.Of));

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(static name => $"'{name}'"));
}
