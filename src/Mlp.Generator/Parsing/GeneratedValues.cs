using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Diagnostics;

namespace Mlp.Generator.Parsing;

/// <summary>
/// Finds arguments that depend on generated code. The generator, which runs before there is any, sees them as errors; the analyzer,
/// which runs after it, sees values that the network was generated without.
/// </summary>
internal static class GeneratedValues
{
    /// <summary>Whether this generator wrote the file.</summary>
    public static bool IsGenerated(SyntaxTree tree) =>
        Path.GetFileName(Path.GetDirectoryName(tree.FilePath)) == typeof(MlpGenerator).FullName;

    /// <summary>Reports the arguments that depend on generated code, where there is any: in the analyzer.</summary>
    public static void Check(
        INamedTypeSymbol type, IEnumerable<NetworkAttribute> attributes, ProblemList problems, CancellationToken token)
    {
        if (!type.DeclaringSyntaxReferences.Any(static reference => IsGenerated(reference.SyntaxTree)))
        {
            return;
        }

        Compilation compilation = CompilationOf(type);
        foreach (ExpressionSyntax argument in attributes.SelectMany(static attribute => attribute.Arguments))
        {
            if (DependsOnGenerated(argument, compilation, new(SymbolEqualityComparer.Default), token))
            {
                problems.Add(Descriptors.GeneratedArgument, argument.GetLocation(), argument.ToString());
            }
        }
    }

    /// <summary>
    /// The first argument without a value. Whether one will be generated cannot be known yet: it is the fault of the network, but to report
    /// it is up to the analyzer, or to the compiler if the argument is wrong anyhow.
    /// </summary>
    public static Problem? FindUnreadable(INamedTypeSymbol type, IEnumerable<NetworkAttribute> attributes, CancellationToken token)
    {
        if (attributes.FirstOrDefault(static attribute => attribute.HasErrors) is not { } attribute)
        {
            return null;
        }

        Compilation compilation = CompilationOf(type);
        ExpressionSyntax? argument = attribute.Arguments.FirstOrDefault(argument =>
            !compilation.GetSemanticModel(argument.SyntaxTree).GetConstantValue(argument, token).HasValue);
        return new Problem(Descriptors.GeneratedArgument, attribute.Place, new([argument?.ToString() ?? $"{attribute.Kind}"]));
    }

    private static Compilation CompilationOf(INamedTypeSymbol type) => ((ISourceAssemblySymbol)type.ContainingAssembly).Compilation;

    /// <param name="expression">A constant.</param>
    /// <param name="compilation">What it belongs to.</param>
    /// <param name="visited">The constants that were followed already; they may be defined in a circle.</param>
    /// <param name="token">Asked once a name.</param>
    private static bool DependsOnGenerated(
        SyntaxNode expression, Compilation compilation, HashSet<ISymbol> visited, CancellationToken token)
    {
        SemanticModel model = compilation.GetSemanticModel(expression.SyntaxTree);
        return expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name =>
        {
            SymbolInfo info = model.GetSymbolInfo(name, token);

            // A method in nameof is a group of candidates, of which the user may have written one.
            ISymbol[] symbols = info.Symbol is { } symbol ? [symbol] : [.. info.CandidateSymbols];
            return symbols.Length > 0 && symbols.All(symbol =>
                symbol.DeclaringSyntaxReferences is { IsEmpty: false } declarations
                && (declarations.All(static declaration => IsGenerated(declaration.SyntaxTree))
                    || (symbol is IFieldSymbol { IsConst: true }
                        && visited.Add(symbol)
                        && declarations.Any(declaration =>
                            InitializerOf(declaration.GetSyntax(token)) is { } value && DependsOnGenerated(value, compilation, visited, token)))));
        });
    }

    private static ExpressionSyntax? InitializerOf(SyntaxNode constant) => constant switch
    {
        VariableDeclaratorSyntax field => field.Initializer?.Value,

        // A member without a value of its own counts on from the last one that has any.
        EnumMemberDeclarationSyntax { Parent: EnumDeclarationSyntax type } member =>
            type.Members.LastOrDefault(other => other.EqualsValue is not null && other.SpanStart <= member.SpanStart)?.EqualsValue?.Value,
        _ => null,
    };
}
