using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
        IncrementalValueProvider<ProjectSettings> aliases = context.SyntaxProvider
            .CreateSyntaxProvider(
                predicate: static (node, _) => node is UsingDirectiveSyntax { Alias.Name.Identifier.ValueText: string alias } directive
                    && directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)
                    && ShortNames.Contain(alias),
                transform: static (directive, _) => ((UsingDirectiveSyntax)directive.Node).Alias!.Name.Identifier.ValueText)
            .Collect()
            .Select(static (aliases, _) => new ProjectSettings(aliases, IsPlain: false));
        IncrementalValueProvider<ProjectSettings> settings = aliases
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => pair.Left with
            {
                IsPlain = pair.Right.GlobalOptions.TryGetValue(PlainProperty, out string? value) && bool.TryParse(value, out bool plain) && plain,
            });

        IncrementalValueProvider<WeightsReports> weights = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(WeightsReport.Extension, StringComparison.Ordinal))
            .Select(static (file, token) => WeightsReport.Parse(file.GetText(token)?.ToString() ?? ""))
            .Where(static report => report is not null)
            .Select(static (report, _) => report!)
            .Collect()
            .Select(static (reports, _) => new WeightsReports(reports));

        foreach (AttributeKind kind in NetworkAttribute.Inputs)
        {
            IncrementalValuesProvider<ParsedNetwork> networks = FindNetworks(context, kind).WithTrackingName(TrackingNames.Parse);
            WriteNetworks(context, networks, settings);
            ReportProblems(context, networks);
            ReportWeights(context, networks, weights);
        }

        // Without [Input], members are written all the same, so that what calls them does not fail too.
        foreach (AttributeKind kind in NetworkAttribute.KindsBesideInput)
        {
            IncrementalValuesProvider<ParsedNetwork> networks = FindNetworks(context, kind);
            WriteNetworks(context, networks, settings);
            ReportProblems(context, networks);
        }
    }

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

    /// <summary>The networks of which an attribute of this kind is the one that speaks: [Input], or where there is none their first.</summary>
    private static IncrementalValuesProvider<ParsedNetwork> FindNetworks(IncrementalGeneratorInitializationContext context, AttributeKind kind) =>
        context.SyntaxProvider.ForAttributeWithMetadataName(
            NetworkAttribute.MetadataName(kind),
            predicate: static (node, _) => node is TypeDeclarationSyntax,
            transform: (declaration, token) => NetworkParser.ParseAnchored(declaration, kind, token));

    private static void ReportProblems(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParsedNetwork> networks) =>
        context.RegisterSourceOutput(
            networks.SelectMany(static (network, _) => network.Problems).Collect().SelectMany(static (problems, _) => Problem.WithoutRepetition(problems)),
            static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));
}
