using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Mlp.Generator.Model;

/// <summary>Names as C# writes them.</summary>
internal static class CSharpName
{
    /// <summary>The name with <c>@</c> before it where it is a keyword anywhere in the language.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None
            ? name
            : "@" + name;

    /// <summary>
    /// Whether the name, escaped where needed, is an identifier. Formatting characters are refused: C# ignores them when it compares.
    /// </summary>
    public static bool IsIdentifier(string name) =>
        SyntaxFacts.IsValidIdentifier(name) && name.All(static c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format);
}
