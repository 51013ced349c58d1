namespace Mlp.Generator.Model;

/// <summary>What a project says that every network in it depends on.</summary>
/// <param name="GlobalAliases">Names of global aliases that hide names which generated code uses.</param>
/// <param name="IsPlain">Whether kernels are written as scalar loops.</param>
/// <remarks>
/// A class, as all that goes through the pipeline by itself: the compiler's tables are compiled ahead of time for references, and for each struct anew by
/// every cold compiler.
/// </remarks>
internal sealed record ProjectSettings(EquatableArray<string> GlobalAliases, bool IsPlain);
