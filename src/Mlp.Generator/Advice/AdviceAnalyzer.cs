using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Mlp.Generator.Parsing;

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
        context.RegisterCompilationStartAction(static start =>
        {
            // Of a project without the runtime, nothing is looked at.
            if (start.Compilation.GetTypeByMetadataName(NetworkAttribute.MetadataName(AttributeKind.Input)) is not null)
            {
                start.RegisterSyntaxNodeAction(new CallAdvice().Check, SyntaxKind.InvocationExpression);
            }
        });
    }
}
