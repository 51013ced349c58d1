using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mlp.Generator.Parsing;

namespace Mlp.Generator.Diagnostics;

/// <summary>
/// Reports what the generator's own parser finds wrong. The generator stays silent: from an analyzer, pragmas and configured
/// severities apply, and no position has to travel through the generator's cache.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(
            static symbol =>
            {
                foreach (Problem problem in NetworkParser.Parse((INamedTypeSymbol)symbol.Symbol, symbol.CancellationToken).Problems)
                {
                    symbol.ReportDiagnostic(problem.ToDiagnostic());
                }
            },
            SymbolKind.NamedType);
    }
}
