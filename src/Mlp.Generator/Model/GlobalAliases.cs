namespace Mlp.Generator.Model;

/// <summary>An alias for all files of a project: <c>global using Name = Some.Target;</c>.</summary>
/// <param name="Name">The alias.</param>
/// <param name="Target">The last name of what it stands for, without type arguments.</param>
internal sealed record GlobalAlias(string Name, string Target);

/// <summary>The global aliases of a project, in the order of its files.</summary>
internal sealed record GlobalAliases(EquatableArray<GlobalAlias> All);
