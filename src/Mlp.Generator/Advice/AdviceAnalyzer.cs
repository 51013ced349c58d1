using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Mlp.Generator.Advice;

/// <summary>Reports declarations and calls that the compiler takes, but that do something else than their author will have meant.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AdviceAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => AdviceRules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(DeclarationAdvice.Check, SymbolKind.NamedType);
        context.RegisterCompilationStartAction(static start => start.RegisterSyntaxNodeAction(new CallAdvice().Check, SyntaxKind.InvocationExpression));
    }
}
