namespace Mlp.Generator.Emit;

/// <summary>One generated file: a name that is unique in the compilation, and its text with <c>\n</c> line ends.</summary>
internal sealed record GeneratedFile(string HintName, string Text);
