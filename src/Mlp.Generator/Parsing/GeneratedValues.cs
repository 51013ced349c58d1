using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Diagnostics;

namespace Mlp.Generator.Parsing;

/// <summary>
/// Finds arguments that depend on generated code. While the generator runs there is none: a name that will be generated is unknown, or means
/// something else that the generated member will hide.
/// </summary>
/// <param name="network">The network whose arguments are read.</param>
/// <param name="token">Asked once a name.</param>
internal sealed class GeneratedValues(INamedTypeSymbol network, CancellationToken token)
{
    private readonly Compilation _compilation = ((ISourceAssemblySymbol)network.ContainingAssembly).Compilation;

    /// <summary>One a file: each binds an attribute as a whole, however many arguments are asked for.</summary>
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];

    private readonly Dictionary<ISymbol, HashSet<string>> _generatedNames = new(SymbolEqualityComparer.Default);

    /// <summary>Reports the arguments that depend on what this generator will write.</summary>
    public void Check(IEnumerable<NetworkAttribute> attributes, ProblemList problems)
    {
        foreach (ExpressionSyntax argument in attributes.SelectMany(static attribute => attribute.Arguments))
        {
            if (DependsOnGenerated(argument, network, new(SymbolEqualityComparer.Default)))
            {
                problems.Add(Descriptors.GeneratedArgument, argument.GetLocation(), argument.ToString());
            }
        }
    }

    /// <summary>
    /// The first argument without a value. Another generator may still give it one, so the analyzer reports it later, or the compiler if the
    /// argument is wrong anyway.
    /// </summary>
    public Problem? FindUnreadable(IEnumerable<NetworkAttribute> attributes)
    {
        if (attributes.FirstOrDefault(static attribute => attribute.HasErrors) is not { } attribute)
        {
            return null;
        }

        ExpressionSyntax? argument = attribute.Arguments.FirstOrDefault(argument => !ModelOf(argument).GetConstantValue(argument, token).HasValue);
        return Unreadable(argument?.GetLocation() ?? attribute.Place, argument?.ToString() ?? $"{attribute.Kind}");
    }

    /// <summary>What is wrong with an argument that has no value while the network is generated.</summary>
    public static Problem Unreadable(Location place, string argument) => new(Descriptors.UnreadableArgument, place, new([argument]));

    private SemanticModel ModelOf(SyntaxNode node)
    {
        if (!_models.TryGetValue(node.SyntaxTree, out SemanticModel model))
        {
            model = _compilation.GetSemanticModel(node.SyntaxTree);
            _models.Add(node.SyntaxTree, model);
        }

        return model;
    }

    /// <param name="expression">An argument, or the value of a constant.</param>
    /// <param name="scope">The type in which its names are looked up.</param>
    /// <param name="visited">The constants that were followed already; they may be defined in a circle.</param>
    private bool DependsOnGenerated(SyntaxNode expression, INamedTypeSymbol scope, HashSet<ISymbol> visited) =>
        expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name =>
        {
            SymbolInfo info = ModelOf(name).GetSymbolInfo(name, token);

            // A method in nameof is a group of candidates, of which the user may have written one.
            ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            return WillBeGenerated(name, symbol, scope)
                || (symbol is IFieldSymbol { IsConst: true } constant && visited.Add(constant) && IsMadeOfGenerated(constant, visited));
        });

    /// <summary>Whether a name will mean a generated member, which the compiler does not know yet.</summary>
    private bool WillBeGenerated(SimpleNameSyntax name, ISymbol? symbol, INamedTypeSymbol scope)
    {
        string text = name.Identifier.ValueText;
        if (QualifierOf(name) is { } qualifier)
        {
            return symbol is null
                && ModelOf(qualifier).GetSymbolInfo(qualifier, token).Symbol is INamedTypeSymbol owner
                && IsGeneratedIn(owner, text);
        }

        if (symbol is INamespaceOrTypeSymbol && SyntaxFacts.IsInNamespaceOrTypeContext(name))
        {
            return false;
        }

        for (INamedTypeSymbol? type = scope; type is not null && !IsMemberOf(type, symbol); type = type.ContainingType)
        {
            if (IsGeneratedIn(type, text))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMadeOfGenerated(IFieldSymbol constant, HashSet<ISymbol> visited) =>
        constant.DeclaringSyntaxReferences.Any(declaration =>
            _compilation.ContainsSyntaxTree(declaration.SyntaxTree)
            && InitializerOf(declaration.GetSyntax(token)) is { } value
            && DependsOnGenerated(value, constant.ContainingType, visited));

    private bool IsGeneratedIn(INamedTypeSymbol type, string name)
    {
        if (!SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, network.ContainingAssembly))
        {
            return false;
        }

        if (!_generatedNames.TryGetValue(type, out HashSet<string> names))
        {
            names = [.. NetworkParser.GeneratedMembersOf(type, token).Select(static member => member.Name)];
            _generatedNames.Add(type, names);
        }

        return names.Contains(name);
    }

    private static bool IsMemberOf(INamedTypeSymbol type, ISymbol? symbol)
    {
        INamedTypeSymbol? ancestor = symbol is null ? null : type;
        while (ancestor is not null && !SymbolEqualityComparer.Default.Equals(ancestor, symbol!.ContainingType))
        {
            ancestor = ancestor.BaseType;
        }

        return ancestor is not null;
    }

    /// <summary>What stands before the dot; null where there is none.</summary>
    private static SyntaxNode? QualifierOf(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => access.Expression,
        QualifiedNameSyntax qualified when qualified.Right == name => qualified.Left,
        AliasQualifiedNameSyntax qualified when qualified.Name == name => qualified.Alias,
        _ => null,
    };

    private static ExpressionSyntax? InitializerOf(SyntaxNode constant) => constant switch
    {
        VariableDeclaratorSyntax field => field.Initializer?.Value,

        // A member without a value of its own counts on from the last one that has any.
        EnumMemberDeclarationSyntax { Parent: EnumDeclarationSyntax type } member =>
            type.Members.LastOrDefault(other => other.EqualsValue is not null && other.SpanStart <= member.SpanStart)?.EqualsValue?.Value,
        _ => null,
    };
}
