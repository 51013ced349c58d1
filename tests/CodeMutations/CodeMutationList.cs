namespace CodeMutations;

/// <summary>The mutations, chosen where a wrong sign, index or limit would be hard to see: rare paths, last lanes, unusual options.</summary>
internal static partial class CodeMutationList
{
    /// <summary>All of them.</summary>
    public static IEnumerable<CodeMutation> All => [.. Runtime, .. Training, .. Files, .. Generator];
}
