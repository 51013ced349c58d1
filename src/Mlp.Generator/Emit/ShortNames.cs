using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>
/// The aliases of namespaces by which generated text calls what is not its own: <c>Mlp::Vec256</c>. Before <c>::</c> the compiler looks for aliases
/// alone, so that no member, type or namespace of the user's can come between.
/// </summary>
internal static class ShortNames
{
    private static readonly (string Name, string Target)[] Aliases =
    [
        ("Compiler", "global::System.Runtime.CompilerServices"),
        ("Interop", "global::System.Runtime.InteropServices"),
        ("Mlp", "global::Mlp.CompilerServices"),
        ("System", "global::System"),
    ];

    /// <summary>Whether an alias of the user's would be the same as one of these, had it their scope.</summary>
    public static bool Contain(string alias) => Aliases.Any(own => own.Name == alias);

    /// <summary>
    /// Writes the alias directives that the text needs, and returns the text. Directives stand within the namespace, where no global alias
    /// reaches; without a namespace, those that a global alias would meet are not written, and the text has their targets instead.
    /// </summary>
    /// <param name="w">Where the directives go.</param>
    /// <param name="text">Members with short names.</param>
    /// <param name="taken">Global aliases in the scope of the directives.</param>
    public static string Declare(SourceWriter w, string text, EquatableArray<string> taken)
    {
        foreach ((string name, string target) in Aliases.Where(alias => text.Contains(alias.Name + "::")))
        {
            if (taken.Contains(name))
            {
                text = text.Replace(name + "::", target + ".");
            }
            else
            {
                w.Lines($"using {name} = {target};");
            }
        }

        w.Line();
        return text;
    }
}
