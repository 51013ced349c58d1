using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Whether a declaration is one to which members can be added, and how another file continues it.</summary>
internal static class ClassForm
{
    /// <summary>The language of generated code; members of faulty networks, which only throw, do with C# 11.</summary>
    private const LanguageVersion OldestLanguage = LanguageVersion.CSharp13;

    /// <summary>Reports what is wrong with the form. False where no member can be added.</summary>
    public static bool Check(INamedTypeSymbol type, TypeDeclarationSyntax declaration, ProblemList problems)
    {
        Location place = declaration.Identifier.GetLocation();
        bool canGrow = true;
        if (((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion is var version and < OldestLanguage)
        {
            problems.Add(Descriptors.LanguageVersion, place, version.ToDisplayString(), OldestLanguage.ToDisplayString());
            canGrow = version >= LanguageVersion.CSharp11;
        }

        if (type.IsRecord)
        {
            problems.Add(Descriptors.Record, place, type.Name);
        }
        else if (type.TypeKind == TypeKind.Struct)
        {
            problems.Add(Descriptors.NotClass, place, type.Name, "a struct");
        }
        else if (type.TypeKind == TypeKind.Interface)
        {
            Refuse(Descriptors.NotClass, "an interface");
        }
        else if (HasPrimaryConstructor(type))
        {
            problems.Add(Descriptors.PrimaryConstructor, place, type.Name);
        }

        if (!IsPartial(declaration))
        {
            Refuse(Descriptors.NotPartial);
        }

        if (type.Arity > 0)
        {
            problems.Add(Descriptors.Generic, place, type.Name);
        }

        if (type.IsStatic)
        {
            Refuse(Descriptors.Static);
        }
        else if (type is { IsAbstract: true, TypeKind: TypeKind.Class })
        {
            problems.Add(Descriptors.Abstract, place, type.Name);
        }

        if (type.IsFileLocal)
        {
            Refuse(Descriptors.FileLocal);
        }

        return CheckContainers(type, declaration, problems) && canGrow;

        void Refuse(DiagnosticDescriptor rule, params string[] more)
        {
            problems.Add(rule, place, [type.Name, .. more]);
            canGrow = false;
        }
    }

    /// <summary>The containing types from outermost to innermost, as another file continues them.</summary>
    public static EquatableArray<string> ContainingTypes(INamedTypeSymbol type)
    {
        List<string> declarations = [];
        for (INamedTypeSymbol? container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            declarations.Insert(0, $"partial {Keyword(container)} {CSharpName.Escape(container.Name)}{TypeParameters(container)}");
        }

        return new([.. declarations]);
    }

    /// <summary>
    /// Whether another type's or namespace's name differs from this one's by case alone, somewhere up the path: names of
    /// generated files ignore case.
    /// </summary>
    public static bool HasNameTwin(INamedTypeSymbol type)
    {
        for (INamespaceOrTypeSymbol symbol = type; symbol.ContainingSymbol is INamespaceOrTypeSymbol container; symbol = container)
        {
            if (container.GetMembers().Any(other =>
                other is INamespaceOrTypeSymbol
                && other.Name != symbol.Name
                && StringComparer.OrdinalIgnoreCase.Equals(other.Name, symbol.Name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether parameters follow the name of the type, in one of its declarations.</summary>
    public static bool HasPrimaryConstructor(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null });

    /// <summary>What follows the modifiers in a declaration of the type.</summary>
    public static string Keyword(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    /// <summary>Type parameters as every declaration of the type repeats them, <c>&lt;T&gt;</c>; empty where there are none.</summary>
    public static string TypeParameters(INamedTypeSymbol type) =>
        type.Arity == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(static parameter => CSharpName.Escape(parameter.Name)))}>";

    private static bool CheckContainers(INamedTypeSymbol type, TypeDeclarationSyntax declaration, ProblemList problems)
    {
        bool canGrow = true;
        INamedTypeSymbol? container = type.ContainingType;
        SyntaxNode? node = declaration.Parent;
        while (container is not null && node is TypeDeclarationSyntax syntax)
        {
            Location place = syntax.Identifier.GetLocation();
            if (!IsPartial(syntax))
            {
                problems.Add(Descriptors.ContainerNotPartial, place, container.Name, type.Name);
                canGrow = false;
            }

            if (container.Arity > 0)
            {
                problems.Add(Descriptors.Generic, place, container.Name);
            }

            if (container.IsFileLocal)
            {
                problems.Add(Descriptors.FileLocal, place, container.Name);
                canGrow = false;
            }

            container = container.ContainingType;
            node = node.Parent;
        }

        return canGrow;
    }

    private static bool IsPartial(TypeDeclarationSyntax declaration) => declaration.Modifiers.Any(SyntaxKind.PartialKeyword);
}
