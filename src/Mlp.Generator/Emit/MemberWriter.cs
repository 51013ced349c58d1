using Microsoft.CodeAnalysis.CSharp;
using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>
/// Writes members, each below a line that refers to its documentation in the runtime: the member of the same name, or the one that the caller names.
/// In a faulty declaration they throw its fault; those for which it has no room are left out.
/// </summary>
internal sealed class MemberWriter(SourceWriter w, NetworkModel model)
{
    /// <summary>Where members are documented that code over any network can call too.</summary>
    public const string Contract = "global::Mlp.INetwork{TSelf}.";

    /// <summary>Where the members of all networks are documented.</summary>
    public const string Members = "Mlp::INetworkMembers.";

    private readonly string? _throw = model.Fault is null
        ? null
        : $"throw new System::InvalidOperationException({SymbolDisplay.FormatLiteral(model.Fault, quote: true)})";

    private bool _beginsGroup;

    /// <summary>Accessibility of the members that follow.</summary>
    public string Access { get; set; } = "public";

    /// <summary>Where the members that follow are documented.</summary>
    public string Documentation { get; set; } = Members;

    /// <summary>Puts an empty line before the next member. Those of one group stand together.</summary>
    public void Group() => _beginsGroup = true;

    /// <summary>A method of one expression. <paramref name="type"/> is what it returns, with modifiers.</summary>
    public void Method(string type, string name, string parameters, string expression, string? documented = null) =>
        Public(name, Arrow($"{Access} {type} {name}({parameters})", _throw ?? expression), documented);

    /// <summary>A method of some statements.</summary>
    public void Block(string type, string name, string parameters, string statements, string? documented = null)
    {
        Group();
        if (_throw is not null)
        {
            Method(type, name, parameters, _throw, documented);
            return;
        }

        Public(name, $"{Access} {type} {name}({parameters})\n{{\n    {statements.Replace("\n", "\n    ")}\n}}", documented);
        Group();
    }

    /// <summary>A constructor that assigns.</summary>
    public void Constructor(string parameters, string assignment, string documented) =>
        Public(MemberNames.Constructor, Arrow($"public {model.ClassName}({parameters})", _throw ?? assignment), documented);

    /// <summary>A property that only reads.</summary>
    public void Property(string type, string name, string expression, string? documented = null) =>
        Public(name, Arrow($"public {type} {name}", _throw ?? expression), documented);

    /// <summary>A property that reads and writes what the expression names.</summary>
    public void Variable(string type, string name, string expression) =>
        Public(name, $"public {type} {name} {{ get => {_throw ?? expression}; set => {_throw ?? $"{expression} = value"}; }}");

    /// <summary>A constant.</summary>
    public void Constant(string name, long value, string? documented = null) => Public(name, $"public const int {name} = {value};", documented);

    /// <summary>A property with documentation of its own.</summary>
    public void Documented(string documentation, string type, string name, string expression) =>
        Write(name, $"{documentation}\n{Arrow($"public {type} {CSharpName.Escape(name)}", _throw ?? expression)}");

    /// <summary>A public member as it stands, fault or not, documented by a member of the runtime: <paramref name="name"/> if none is given.</summary>
    public void Public(string name, string text, string? documented = null) =>
        Write(name, $"/// <inheritdoc cref=\"{(documented?.Contains('.') == true ? documented : Documentation + (documented ?? name))}\"/>\n{text}");

    /// <summary>A member that only a sound declaration has, without documentation.</summary>
    public void Internal(string text)
    {
        if (_throw is null)
        {
            Write("", text);
        }
    }

    /// <summary>In one line if it fits, else with the expression in the next one, or behind some of the parameters.</summary>
    public static string Arrow(string head, string expression)
    {
        if ($"{head} => {expression};" is { Length: <= TextLines.MostColumnsOfMembers } line)
        {
            return line;
        }

        string lines = head.Length <= TextLines.MostColumnsOfMembers ? head : TextLines.Join("", ", ", head.Split([", "], StringSplitOptions.None), "\n    ", TextLines.MostColumnsOfMembers);
        int lastLength = lines.Length - lines.LastIndexOf('\n') - 1 + $" => {expression};".Length;
        return lines != head && lastLength <= TextLines.MostColumnsOfMembers ? $"{lines} => {expression};" : $"{lines} =>\n    {expression};";
    }

    private void Write(string name, string text)
    {
        if (model.LeftOut.Contains(name))
        {
            return;
        }

        if (_beginsGroup)
        {
            w.Line();
            _beginsGroup = false;
        }

        w.Lines(text);
    }
}
