using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Mlp.Build;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Emit;
using Mlp.Generator.Model;
using Mlp.Generator.Parsing;

namespace Mlp.Generator;

/// <summary>
/// Writes the networks that attributes declare, and reports what is wrong with a declaration: analyzers can be switched off and are not
/// asked about generated-looking files. What can only be seen beside generated code is <see cref="NetworkAnalyzer"/>'s to report.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class MlpGenerator : IIncrementalGenerator
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The project's property <c>MlpGenPlain</c>: kernels as scalar loops, with the same bits, to read and to step through.</summary>
    private const string PlainProperty = "build_property.MlpGenPlain";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<SyntaxTree> files = context.CompilationProvider.SelectMany(static (compilation, _) => compilation.SyntaxTrees);
        IncrementalValueProvider<GlobalAliases> aliases = files
            .SelectMany(NetworkSyntax.GlobalAliasesOf)
            .Collect()
            .Select(static (aliases, _) => new GlobalAliases(aliases));
        IncrementalValueProvider<ProjectSettings> settings = aliases
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => new ProjectSettings(
                new([.. pair.Left.All.Select(static alias => alias.Name).Where(ShortNames.Contain)]),
                pair.Right.GlobalOptions.TryGetValue(PlainProperty, out string? value) && bool.TryParse(value, out bool plain) && plain));

        IncrementalValueProvider<WeightsReports> weights = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(WeightsReport.Extension, StringComparison.Ordinal))
            .Select(static (file, token) => WeightsReport.Parse(file.GetText(token)?.ToString() ?? ""))
            .Where(static report => report is not null)
            .Select(static (report, _) => report!)
            .Collect()
            .Select(static (reports, _) => new WeightsReports(reports));

        IncrementalValuesProvider<ParsedNetwork> networks = FindNetworks(context, files, aliases);
        WriteNetworks(context, networks, settings);
        ReportProblems(context, networks);
        ReportWeights(context, networks, weights);
    }

    /// <summary>The networks of a project. Without [Input], members are written all the same, so that what calls them does not fail too.</summary>
    private static IncrementalValuesProvider<ParsedNetwork> FindNetworks(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<SyntaxTree> files, IncrementalValueProvider<GlobalAliases> aliases) => files
        .Combine(aliases)
        .SelectMany(static (pair, token) => NetworkSyntax.DeclarationsIn(pair.Left, pair.Right, token))
        .WithTrackingName(TrackingNames.Declarations)
        .Combine(context.CompilationProvider)
        .Select(static (pair, token) => NetworkParser.ParseDeclaration(pair.Left, pair.Right, token))
        .WithTrackingName(TrackingNames.Parse);

    private static void WriteNetworks(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ParsedNetwork> networks,
        IncrementalValueProvider<ProjectSettings> settings)
    {
        IncrementalValuesProvider<NetworkModel> models = networks
            .Select(static (network, _) => network.Model)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Model);

        IncrementalValuesProvider<NetworkSource> sources = models
            .Combine(settings)
            .Select(static (pair, _) => new NetworkSource(
                pair.Left.Namespace.Length == 0 ? pair.Left with { GlobalAliases = pair.Right.GlobalAliases } : pair.Left,
                pair.Right.IsPlain));

        context.RegisterSourceOutput(sources, static (output, source) =>
        {
            foreach (GeneratedFile file in NetworkEmitter.Emit(source.Model, source.IsPlain, output.CancellationToken))
            {
                output.AddSource(file.HintName, SourceText.From(file.Text, Utf8));
            }
        });
    }

    /// <summary>What is wrong with weights is nothing to what is written: members are there, and the build fails.</summary>
    private static void ReportWeights(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ParsedNetwork> networks,
        IncrementalValueProvider<WeightsReports> weights) =>
        context.RegisterSourceOutput(
            networks.Where(static network => network.PlaceOfWeights is not null).Combine(weights)
                .SelectMany(static (pair, _) => WeightsCheck.Check(pair.Left.Model!, pair.Left.PlaceOfWeights!, pair.Right.Reports)),
            static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));

    private static void ReportProblems(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParsedNetwork> networks) =>
        context.RegisterSourceOutput(
            networks.SelectMany(static (network, _) => network.Problems).Collect().SelectMany(static (problems, _) => Problem.WithoutRepetition(problems)),
            static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));
}
