using Microsoft.CodeAnalysis.CSharp;
using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>
/// Writes members with their bodies, or with one that throws the declaration's fault. Leaves out those for which there is no room.
/// </summary>
internal sealed class MemberWriter(SourceWriter w, NetworkModel model)
{
    private readonly string? _throw = model.Fault is null
        ? null
        : $"throw new global::System.InvalidOperationException({SymbolDisplay.FormatLiteral(model.Fault, quote: true)})";

    /// <summary>A method or constructor with a block.</summary>
    public void Body(string name, string documentation, string signature, string body)
    {
        if (model.LeftOut.Contains(name))
        {
            return;
        }

        w.Line();
        w.Lines(documentation);
        using (w.Block(signature))
        {
            w.Lines(_throw is null ? body : _throw + ";");
        }
    }

    /// <summary>A member whose text holds all of it.</summary>
    public void Lines(string name, string text)
    {
        if (model.LeftOut.Contains(name))
        {
            return;
        }

        w.Line();
        w.Lines(text);
    }

    /// <summary>A head with the expression after its arrow.</summary>
    public string Expression(string head, string expression) => $"{head} => {_throw ?? expression};";
}
