using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Diagnostics;

namespace Mlp.Generator.Parsing;

/// <summary>
/// Finds declarations that hide a name of generated code. Only two kinds can be hidden: the package's own types, which a project may declare again,
/// and <c>nuint</c>, a contextual keyword that a type of that name replaces.
/// </summary>
internal static class TakenNames
{
    private const string NativeInteger = "nuint";

    private static readonly IdentifierNameSyntax NativeIntegerName = SyntaxFactory.IdentifierName(NativeInteger);

    public static void Check(INamedTypeSymbol type, TypeDeclarationSyntax declaration, ProblemList problems, CancellationToken token)
    {
        Compilation compilation = ((ISourceAssemblySymbol)type.ContainingAssembly).Compilation;
        Location place = declaration.Identifier.GetLocation();
        ISymbol? hiding = HidingNativeInteger(type, declaration, compilation);
        if (hiding is not null)
        {
            problems.Add(Descriptors.TakenName, place, type.Name, NativeInteger, hiding.ToDisplayString());
        }

        foreach (INamedTypeSymbol twin in TwinsOfPackage(compilation, token).Where(twin => !SymbolEqualityComparer.Default.Equals(twin, hiding)))
        {
            string name = twin.ToDisplayString();
            problems.Add(Descriptors.TakenName, place, type.Name, twin.Name == NativeInteger ? NativeInteger : name, name);
        }
    }

    /// <summary>The type or namespace that <c>nuint</c> means within the class, in a file without aliases of its own.</summary>
    private static ISymbol? HidingNativeInteger(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation)
    {
        SemanticModel model = compilation.GetSemanticModel(declaration.SyntaxTree);
        int position = declaration.Identifier.SpanStart;
        for (INamedTypeSymbol? scope = type; scope is not null; scope = scope.ContainingType)
        {
            if (Find(scope) is { } member)
            {
                return member;
            }
        }

        // Binding the name asks much less than a look-up, which goes through all that usings bring along; that only tells what hides it.
        return model.GetSpeculativeTypeInfo(position, NativeIntegerName, SpeculativeBindingOption.BindAsTypeOrNamespace).Type?.SpecialType == SpecialType.System_UIntPtr
            && model.GetSpeculativeAliasInfo(position, NativeIntegerName, SpeculativeBindingOption.BindAsTypeOrNamespace) is null
                ? null
                : Find(null);

        ISymbol? Find(INamedTypeSymbol? container) =>
            model.LookupNamespacesAndTypes(position, container, NativeInteger).FirstOrDefault(static symbol => symbol switch
            {
                IAliasSymbol alias => alias.DeclaringSyntaxReferences.Any(static reference =>
                    reference.GetSyntax() is UsingDirectiveSyntax directive && directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)),
                INamedTypeSymbol { Arity: 0 } or INamespaceSymbol => true,
                _ => false,
            });
    }

    /// <summary>The project's own types that have the full name of one of the package's, or hide <c>nuint</c> in its namespaces.</summary>
    private static IEnumerable<INamedTypeSymbol> TwinsOfPackage(Compilation compilation, CancellationToken token)
    {
        IAssemblySymbol? package = compilation.SourceModule.ReferencedAssemblySymbols
            .FirstOrDefault(static assembly => assembly.GetTypeByMetadataName("Mlp.InputAttribute") is not null);
        INamespaceSymbol? root = compilation.Assembly.GlobalNamespace.GetNamespaceMembers().FirstOrDefault(static space => space.Name == nameof(Mlp));
        INamespaceSymbol? services = root?.GetNamespaceMembers().FirstOrDefault(static space => space.ToDisplayString() == "Mlp.CompilerServices");
        foreach (INamedTypeSymbol own in ((INamespaceSymbol?[])[root, services]).SelectMany(static space => space?.GetTypeMembers() ?? []))
        {
            token.ThrowIfCancellationRequested();
            string name = $"{own.ContainingNamespace.ToDisplayString()}.{own.MetadataName}";
            bool isTaken = own.Name == NativeInteger
                || package?.GetTypeByMetadataName(name)?.DeclaredAccessibility == Accessibility.Public;
            if (isTaken)
            {
                yield return own;
            }
        }
    }
}
