namespace CodeMutations;

/// <summary>A project of tests that can notice a wrong program.</summary>
internal enum Suite
{
    /// <summary>The runtime by itself.</summary>
    Runtime,

    /// <summary>Networks as users declare and call them.</summary>
    Contract,

    /// <summary>The generator, and what it generates.</summary>
    Generator,
}

/// <summary>One wrong line of the product: a piece of its source, and what stands there instead.</summary>
/// <param name="File">The file, from the folder <c>src</c> on.</param>
/// <param name="Text">The piece; it occurs in the file once.</param>
/// <param name="Replacement">What stands there instead; it compiles.</param>
/// <param name="Breaks">What goes wrong then, in a few words.</param>
/// <param name="Suite">Where the tests are that should notice.</param>
/// <param name="Filter">Which they are, as <c>dotnet test --filter</c> wants it.</param>
internal sealed record CodeMutation(string File, string Text, string Replacement, string Breaks, Suite Suite, string Filter)
{
    /// <summary>Why no test can notice; <see langword="null"/> where one has to.</summary>
    public string? Harmless { get; init; }

    /// <summary>Whether the generator is wrong, not the runtime.</summary>
    public bool IsOfGenerator => File.StartsWith("Mlp.Generator/", StringComparison.Ordinal);

    /// <summary>The path of the file below a repository's root.</summary>
    public string PathBelow(string root) => Path.Combine([root, "src", .. File.Split('/')]);

    /// <summary>What is wrong with it: a file that is not there, or a piece that does not occur once; <see langword="null"/> where nothing is.</summary>
    public string? ProblemIn(string root)
    {
        string path = PathBelow(root);
        int count = System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path).Split(Text).Length - 1 : 0;
        return count == 1 && Text != Replacement ? null : $"{File}, {Breaks}: its text occurs {count} times.";
    }
}
