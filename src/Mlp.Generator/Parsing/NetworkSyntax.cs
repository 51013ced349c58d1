using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>
/// What the syntax of a file says by itself, read once for each version of it. The compiler's own search for an attribute keeps tables of all files for each
/// name: a project without networks would pay for eight of them at every keystroke.
/// </summary>
internal static class NetworkSyntax
{
    private const string Suffix = nameof(Attribute);

    /// <summary>The aliases that a file declares for the whole project.</summary>
    public static IEnumerable<GlobalAlias> GlobalAliasesOf(SyntaxTree file, CancellationToken token) => ((CompilationUnitSyntax)file.GetRoot(token)).Usings
        .Where(static directive => directive is { Alias: not null, GlobalKeyword.RawKind: (int)SyntaxKind.GlobalKeyword })
        .Select(AliasOf);

    /// <summary>The declarations with an attribute whose name may mean one of ours; whether it does, the compiler knows.</summary>
    public static IEnumerable<TypeDeclarationSyntax> DeclarationsIn(SyntaxTree file, GlobalAliases aliases, CancellationToken token)
    {
        SyntaxNode[] nodes = [.. file.GetRoot(token).DescendantNodes(static node =>
            node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)];
        TypeDeclarationSyntax[] declarations = [.. nodes.OfType<TypeDeclarationSyntax>().Where(static type => type.AttributeLists.Count > 0)];
        if (declarations.Length == 0)
        {
            return [];
        }

        GlobalAlias[] all = [.. aliases.All, .. nodes.OfType<UsingDirectiveSyntax>().Where(static directive => directive.Alias is not null).Select(AliasOf)];
        HashSet<string> names = new(NetworkAttribute.ClassNames, StringComparer.Ordinal);

        // An alias may stand for another one.
        while (all.Any(alias => names.Contains(alias.Target) && names.Add(alias.Name)))
        {
        }

        return declarations.Where(declaration => declaration.AttributeLists.SelectMany(static list => list.Attributes)
            .Select(static attribute => LastNameOf(attribute.Name))
            .Any(name => names.Contains(name) || names.Contains(name + Suffix)));
    }

    private static GlobalAlias AliasOf(UsingDirectiveSyntax directive) => new(
        directive.Alias!.Name.Identifier.ValueText, directive.Name is { } target ? LastNameOf(target) : "");

    private static string LastNameOf(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        _ => ((SimpleNameSyntax)name).Identifier.ValueText,
    };
}
