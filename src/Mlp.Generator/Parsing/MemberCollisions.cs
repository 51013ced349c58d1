using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Finds members of the user's that cannot stand beside the generated ones.</summary>
internal static class MemberCollisions
{
    private static readonly SymbolDisplayFormat FullNames =
        SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    public static void Check(INamedTypeSymbol type, NetworkModel model, ProblemList problems)
    {
        ILookup<string, GeneratedMember> generated = MemberNames.Of(model).ToLookup(static member => member.Name, StringComparer.Ordinal);
        foreach (ISymbol member in type.GetMembers())
        {
            if (IsWrittenByUser(member)
                && generated[member.Name].FirstOrDefault(other => Collide(member, other)) is { } collision)
            {
                bool isConstructor = collision.Name == MemberNames.Constructor;
                problems.Add(
                    Descriptors.MemberCollision,
                    member.Locations[0],
                    isConstructor ? type.Name : member.Name,
                    type.Name,
                    isConstructor ? "a constructor of one int" : collision.Signature ?? collision.Name);
            }
        }
    }

    /// <summary>Methods differ by their parameters; anything else has its name for itself.</summary>
    private static bool Collide(ISymbol member, GeneratedMember generated) =>
        generated.Signature is null
        || member is not IMethodSymbol method
        || (method.Arity == 0 && generated.Signature == Signature(method));

    private static string Signature(IMethodSymbol method) =>
        $"{method.Name}({string.Join(", ", method.Parameters.Select(static parameter =>
            (parameter.RefKind == RefKind.None ? "" : "ref ") + parameter.Type.ToDisplayString(FullNames)))})";

    /// <summary>The analyzer sees the class with the generated part, the generator without it; both must come to one result.</summary>
    private static bool IsWrittenByUser(ISymbol member) =>
        !member.IsImplicitlyDeclared
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && member.Locations.FirstOrDefault()?.SourceTree is { } tree
        && Path.GetFileName(Path.GetDirectoryName(tree.FilePath)) != typeof(MlpGenerator).FullName;
}
