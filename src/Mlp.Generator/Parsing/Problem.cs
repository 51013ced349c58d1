using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>A mistake in a declaration, and its place in the source: equal only in the same version of the file.</summary>
internal sealed record Problem(DiagnosticDescriptor Rule, Location Place, EquatableArray<string> Arguments)
{
    /// <summary>Id and message, <c>MLP0011: Network 'Net' has no layer; …</c>, the same under every culture.</summary>
    public string Text => $"{Rule.Id}: {string.Format(
        CultureInfo.InvariantCulture, Rule.MessageFormat.ToString(CultureInfo.InvariantCulture), [.. Arguments])}";

    /// <summary>Of what is wrong with the whole project, only the first.</summary>
    public static IEnumerable<Problem> WithoutRepetition(IEnumerable<Problem> problems)
    {
        bool isFirst = true;
        foreach (Problem problem in problems)
        {
            bool isOfProject = problem.Rule == Descriptors.LanguageVersion;
            if (!isOfProject || isFirst)
            {
                yield return problem;
            }

            isFirst &= !isOfProject;
        }
    }

    /// <summary>With the arguments of the message as properties <c>0</c>, <c>1</c>, …, for fixes.</summary>
    public Diagnostic ToDiagnostic()
    {
        string[] arguments = [.. Arguments];
        return Diagnostic.Create(
            Rule,
            Place,
            arguments.Select(static (argument, index) => new KeyValuePair<string, string?>(LayerReader.Format(index), argument)).ToImmutableDictionary(),
            arguments);
    }
}

/// <summary>Collects the problems of one declaration.</summary>
internal sealed class ProblemList
{
    private readonly List<Problem> _problems = [];

    public bool IsEmpty => _problems.Count == 0;

    public void Add(DiagnosticDescriptor rule, Location place, params string[] arguments) =>
        _problems.Add(new Problem(rule, place, new([.. arguments])));

    /// <summary>The problems in the order of their places: first those in the file of the declaration, then those in other files.</summary>
    public EquatableArray<Problem> InOrder(SyntaxTree? file) => new(
    [
        .. _problems
            .OrderBy(problem => problem.Place.SourceTree == file ? 0 : 1)
            .ThenBy(problem => problem.Place.SourceTree == file ? problem.Place.SourceSpan.Start : 0),
    ]);
}
