using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Mlp.Generator.Model;
using Mlp.Generator.Parsing;

namespace Mlp.Generator.Diagnostics;

/// <summary>
/// Reports mistakes that need the generated code to be seen. <see cref="MlpGenerator"/> reports all others, because it runs even where analyzers
/// are switched off.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.InGeneratedCode, Descriptors.TrainingWithoutLoss, Descriptors.UnreadableArgument];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(CheckType, SymbolKind.NamedType);
        context.RegisterSyntaxNodeAction(CheckName, SyntaxKind.IdentifierName);
    }

    private static void CheckType(SymbolAnalysisContext context)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
        NetworkAttribute[] all = [.. NetworkAttribute.On(type, context.CancellationToken)];
        if (all.FirstOrDefault(static attribute => attribute.IsInput) is not { } input)
        {
            return;
        }

        if (context.IsGeneratedCode && !IsSeenByGenerator(type, input))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.InGeneratedCode, input.Declaration.Identifier.GetLocation(), type.Name));
        }
        else if (FindFault(type, context.CancellationToken) is string fault
            && !all.Any(static attribute => attribute.HasErrors)
            && all.SelectMany(static attribute => attribute.Arguments)
                .Select(static argument => GeneratedValues.Unreadable(argument.GetLocation(), argument.ToString()))
                .FirstOrDefault(problem => problem.Text == fault) is { } problem)
        {
            // The generator found no value. Now there is one, and the compiler accepts the argument.
            context.ReportDiagnostic(problem.ToDiagnostic());
        }
    }

    /// <summary>Whether the generator has added its members, or refused to.</summary>
    private static bool IsSeenByGenerator(INamedTypeSymbol type, NetworkAttribute input) =>
        ClassForm.Check(type, input.Declaration, new ProblemList())
            ? MemberNames.Constants.All(name => name == type.Name || HasMember(type, name))
            : !input.Place.GetMappedLineSpan().HasMappedPath;

    private static bool HasMember(INamedTypeSymbol type, string name) =>
        type.TypeParameters.Any(parameter => parameter.Name == name)
        || type.GetMembers(name).Any()
        || (type.BaseType is { } parent && HasMember(parent, name));

    /// <summary>What the generated constructor of a faulty network throws.</summary>
    private static string? FindFault(INamedTypeSymbol type, CancellationToken token) => type.InstanceConstructors
        .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
        .Select(reference => (reference.GetSyntax(token) as ConstructorDeclarationSyntax)?.ExpressionBody?.Expression)
        .OfType<ThrowExpressionSyntax>()
        .SelectMany(static thrown => thrown.DescendantNodes().OfType<LiteralExpressionSyntax>())
        .Select(static literal => literal.Token.ValueText)
        .FirstOrDefault(static text => text.StartsWith(Descriptors.UnreadableArgument.Id, StringComparison.Ordinal));

    /// <summary>The compiler says that a network without a loss has no such member; this adds that [Loss] gives it one.</summary>
    private static void CheckName(SyntaxNodeAnalysisContext context)
    {
        IdentifierNameSyntax name = (IdentifierNameSyntax)context.Node;
        if (!MemberNames.Training.Contains(name.Identifier.ValueText) || FindNetwork(ReceiverOf(name, context)) is not { } network)
        {
            return;
        }

        SymbolInfo info = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken);
        if (info.Symbol is null
            && info.CandidateSymbols.IsEmpty
            && !NetworkAttribute.Has(network, AttributeKind.Loss)
            && !NetworkAttribute.HasUnknown(network))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Descriptors.TrainingWithoutLoss, name.GetLocation(), network.Name, name.Identifier.ValueText));
        }
    }

    /// <summary>The type, or the first of its base classes, that is a network.</summary>
    private static INamedTypeSymbol? FindNetwork(ITypeSymbol? type)
    {
        ITypeSymbol? network = type;
        while (network is not null && !(network is INamedTypeSymbol named && NetworkAttribute.IsNetwork(named)))
        {
            network = network.BaseType;
        }

        return network as INamedTypeSymbol;
    }

    /// <summary>The type of what stands before the dot; of a call without one, the class around it.</summary>
    private static ITypeSymbol? ReceiverOf(IdentifierNameSyntax name, SyntaxNodeAnalysisContext context) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name =>
            context.SemanticModel.GetTypeInfo(access.Expression, context.CancellationToken).Type,
        MemberBindingExpressionSyntax { Parent: { } node } =>
            node.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access
                ? context.SemanticModel.GetTypeInfo(access.Expression, context.CancellationToken).Type
                : null,
        InvocationExpressionSyntax => context.ContainingSymbol?.ContainingType,
        _ => null,
    };
}
