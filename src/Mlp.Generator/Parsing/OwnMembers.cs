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

    /// <summary>Reports what cannot stand beside the generated members. Returns the names of those that must give way, in ordinal order.</summary>
    public static IEnumerable<string> Check(
        INamedTypeSymbol type, NetworkModel model, Location classPlace, ProblemList problems, CancellationToken token)
    {
        ILookup<string, GeneratedMember> generated = MemberNames.Of(model).ToLookup(static member => member.Name, StringComparer.Ordinal);
        SortedSet<string> leftOut = new(StringComparer.Ordinal);
        if (generated.Contains(type.Name))
        {
            problems.Add(Descriptors.ClassNameCollision, classPlace, type.Name);
            leftOut.UnionWith(generated[type.Name].Select(static member => member.Owner));
        }

        // Reported as such already.
        leftOut.UnionWith(type.TypeParameters.SelectMany(parameter => generated[parameter.Name]).Select(static member => member.Owner));
        if (type.IsRecord)
        {
            leftOut.Add(MemberNames.Clone);
        }

        bool hasPrimaryConstructor = ClassForm.HasPrimaryConstructor(type);
        if (hasPrimaryConstructor)
        {
            leftOut.Add(MemberNames.Constructor);
        }

        bool mustChain = type is { TypeKind: TypeKind.Class, IsRecord: false };
        foreach (ISymbol member in type.GetMembers().Where(static member => !member.IsImplicitlyDeclared && IsOfItsOwn(member)))
        {
            bool isConstructor = member.Name == MemberNames.Constructor;
            if (isConstructor && hasPrimaryConstructor)
            {
                continue;
            }

            if (FindCollision(member, generated) is { } collision)
            {
                leftOut.Add(collision.Owner);
                problems.Add(
                    Descriptors.MemberCollision,
                    member.Locations[0],
                    isConstructor ? type.Name : member.Name,
                    type.Name,
                    isConstructor ? "a constructor with this parameter" : collision.Signature ?? collision.Name);
            }
            else if (isConstructor && mustChain && !CallsAnother((IMethodSymbol)member, token))
            {
                problems.Add(Descriptors.ConstructorNotChained, member.Locations[0], type.Name);
            }

            if (IsRequired(member))
            {
                problems.Add(Descriptors.RequiredMember, member.Locations[0], member.Name, type.Name);
            }
        }

        if (type.BaseType is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } parent && !IsMadeWithoutArguments(parent, type))
        {
            leftOut.Add(MemberNames.Constructor);
            if (!hasPrimaryConstructor)
            {
                problems.Add(Descriptors.BaseConstructor, classPlace, type.Name, parent.Name);
            }
        }

        // The compiler's warning about a hidden member would point into the generated file.
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is { SpecialType: SpecialType.None }; ancestor = ancestor.BaseType)
        {
            if (NetworkAttribute.IsNetwork(ancestor))
            {
                problems.Add(Descriptors.DerivedNetwork, classPlace, type.Name, ancestor.Name);
                leftOut.UnionWith(ancestor.MemberNames);
                leftOut.UnionWith(NetworkParser.GeneratedMembersOf(ancestor, token).Select(static member => member.Owner));
                leftOut.Remove(MemberNames.Constructor);
                break;
            }

            foreach (ISymbol member in ancestor.GetMembers().Where(member => IsInherited(member, type)))
            {
                // An override is the member that it overrides, which has been or will be seen.
                if (!member.IsOverride && FindCollision(member, generated) is { } collision)
                {
                    leftOut.Add(collision.Owner);
                    problems.Add(
                        Descriptors.InheritedCollision, classPlace, type.Name, $"{ancestor.Name}.{member.Name}", collision.Signature ?? collision.Name);
                }

                if (IsRequired(member) && (member as IPropertySymbol)?.OverriddenProperty?.IsRequired != true)
                {
                    problems.Add(Descriptors.RequiredMember, classPlace, $"{ancestor.Name}.{member.Name}", type.Name);
                }
            }
        }

        return leftOut;
    }

    /// <summary>Methods differ by their parameters; anything else has its name for itself.</summary>
    private static GeneratedMember? FindCollision(ISymbol member, ILookup<string, GeneratedMember> generated) =>
        generated[member is IPropertySymbol { IsIndexer: true } ? member.MetadataName : member.Name].FirstOrDefault(other =>
            other.Signature is null
            || member is not IMethodSymbol method
            || (method.Arity == 0 && other.Signature == Signature(method)));

    private static string Signature(IMethodSymbol method) =>
        $"{method.Name}({string.Join(", ", method.Parameters.Select(static parameter =>
            (parameter.RefKind == RefKind.None ? "" : "ref ") + parameter.Type.ToDisplayString(FullNames)))})";

    /// <summary>Whether the member stands for itself: accessors belong to a property or an event.</summary>
    private static bool IsOfItsOwn(ISymbol member) => member is not IMethodSymbol { AssociatedSymbol: not null };

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static bool IsInherited(ISymbol member, INamedTypeSymbol type) =>
        member is not IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }
        && IsOfItsOwn(member)
        && IsVisible(member, type);

    /// <summary>Whether a member of a base class can be used in the type; private ones never are inherited.</summary>
    private static bool IsVisible(ISymbol member, INamedTypeSymbol type) => member.DeclaredAccessibility switch
    {
        Accessibility.Private => false,
        Accessibility.Internal or Accessibility.ProtectedAndInternal => member.ContainingAssembly.GivesAccessTo(type.ContainingAssembly),
        _ => true,
    };

    /// <summary>
    /// Whether <c>base()</c> finds a constructor. Several with nothing but optional parameters would be ambiguous.
    /// </summary>
    private static bool IsMadeWithoutArguments(INamedTypeSymbol parent, INamedTypeSymbol type)
    {
        IMethodSymbol[] candidates =
        [
            .. parent.InstanceConstructors.Where(constructor =>
                constructor.Parameters.All(static parameter => parameter.IsOptional || parameter.IsParams)
                && (IsVisible(constructor, type) || IsInside(type, parent))),
        ];
        return candidates.Length == 1 || candidates.Any(static constructor => constructor.Parameters.IsEmpty);
    }

    private static bool IsInside(INamedTypeSymbol type, INamedTypeSymbol container)
    {
        INamedTypeSymbol? outer = type.ContainingType;
        while (outer is not null && !SymbolEqualityComparer.Default.Equals(outer, container.OriginalDefinition))
        {
            outer = outer.ContainingType;
        }

        return outer is not null;
    }

    /// <summary>Whether a constructor calls another of the class, at the end of which is always the generated one.</summary>
    private static bool CallsAnother(IMethodSymbol constructor, CancellationToken token) =>
        constructor.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(token) is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer });
}
