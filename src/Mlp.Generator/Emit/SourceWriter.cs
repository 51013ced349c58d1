using System.Text;

namespace Mlp.Generator.Emit;

/// <summary>Writes indented text with <c>\n</c> as line end, the same bytes on every machine.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _indentation;
    private bool _closedBlock;

    /// <summary>Writes one or several lines at the present indentation, after an empty one where they follow a closed block.</summary>
    public void Lines(string text)
    {
        if (_closedBlock && !text.StartsWith("}", StringComparison.Ordinal) && !text.StartsWith("else", StringComparison.Ordinal))
        {
            Line();
        }

        _closedBlock = false;
        foreach (string line in text.Replace("\r", "").Split('\n'))
        {
            if (line.Length > 0)
            {
                _text.Append(' ', 4 * _indentation).Append(line);
            }

            _text.Append('\n');
        }
    }

    /// <summary>An empty line.</summary>
    public void Line()
    {
        _text.Append('\n');
        _closedBlock = false;
    }

    /// <summary>A header, if any, with a block in braces, which ends when the result is disposed.</summary>
    public BlockScope Block(string header)
    {
        if (header.Length > 0)
        {
            Lines(header);
        }

        Lines("{");
        _indentation++;
        return new BlockScope(this);
    }

    public override string ToString() => _text.ToString();

    internal readonly struct BlockScope(SourceWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._indentation--;
            writer.Lines("}");
            writer._closedBlock = true;
        }
    }
}
