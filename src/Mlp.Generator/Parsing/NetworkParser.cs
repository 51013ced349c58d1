using Microsoft.CodeAnalysis;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

internal static class NetworkParser
{
    public static NetworkModel? ParseAnchored(GeneratorAttributeSyntaxContext declaration, CancellationToken token) => null;
}
