using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>From the model of a network to its generated files.</summary>
internal static class NetworkEmitter
{
    public static IEnumerable<GeneratedFile> Emit(NetworkModel model, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return [];
    }
}
