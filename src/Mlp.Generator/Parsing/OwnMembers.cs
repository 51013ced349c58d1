using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Finds members, the user's and inherited ones, that cannot stand beside the generated ones.</summary>
internal static class OwnMembers
{
    private static readonly SymbolDisplayFormat FullNames =
        SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    public static void Check(INamedTypeSymbol type, NetworkModel model, Location classPlace, ProblemList problems, CancellationToken token)
    {
        ILookup<string, GeneratedMember> generated = MemberNames.Of(model).ToLookup(static member => member.Name, StringComparer.Ordinal);
        foreach (ISymbol member in type.GetMembers().Where(IsWrittenByUser))
        {
            bool isConstructor = member.Name == MemberNames.Constructor;
            if (FindCollision(member, generated) is { } collision)
            {
                problems.Add(
                    Descriptors.MemberCollision,
                    member.Locations[0],
                    isConstructor ? type.Name : member.Name,
                    type.Name,
                    isConstructor ? "a constructor with this parameter" : collision.Signature ?? collision.Name);
            }
            else if (isConstructor && !CallsAnother((IMethodSymbol)member, token))
            {
                problems.Add(Descriptors.ConstructorNotChained, member.Locations[0], type.Name);
            }
        }

        // The compiler would warn in the generated file, where the user can do nothing, that a member is hidden.
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is { SpecialType: SpecialType.None }; ancestor = ancestor.BaseType)
        {
            foreach (ISymbol member in ancestor.GetMembers().Where(member => IsInherited(member, type)))
            {
                if (FindCollision(member, generated) is { } collision)
                {
                    problems.Add(
                        Descriptors.InheritedCollision, classPlace, type.Name, $"{ancestor.Name}.{member.Name}", collision.Signature ?? collision.Name);
                }
            }
        }
    }

    /// <summary>Methods differ by their parameters; anything else has its name for itself.</summary>
    private static GeneratedMember? FindCollision(ISymbol member, ILookup<string, GeneratedMember> generated) =>
        generated[member.Name].FirstOrDefault(other =>
            other.Signature is null
            || member is not IMethodSymbol method
            || (method.Arity == 0 && other.Signature == Signature(method)));

    private static string Signature(IMethodSymbol method) =>
        $"{method.Name}({string.Join(", ", method.Parameters.Select(static parameter =>
            (parameter.RefKind == RefKind.None ? "" : "ref ") + parameter.Type.ToDisplayString(FullNames)))})";

    /// <summary>The analyzer sees the class with the generated part, the generator without it; both must come to one result.</summary>
    private static bool IsWrittenByUser(ISymbol member) =>
        !member.IsImplicitlyDeclared
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && member.Locations.FirstOrDefault()?.SourceTree is { } tree
        && Path.GetFileName(Path.GetDirectoryName(tree.FilePath)) != typeof(MlpGenerator).FullName;

    private static bool IsInherited(ISymbol member, INamedTypeSymbol type) =>
        member is not IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }
        && member.DeclaredAccessibility switch
        {
            Accessibility.Private => false,
            Accessibility.Internal or Accessibility.ProtectedAndInternal =>
                SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, type.ContainingAssembly),
            _ => true,
        };

    /// <summary>Whether a constructor calls another of the class, at the end of which is always the generated one.</summary>
    private static bool CallsAnother(IMethodSymbol constructor, CancellationToken token) =>
        constructor.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(token) is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer });
}
