using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Mlp.CodeFixes.Editing;

/// <summary>One change of a file's text. Texts rather than trees, so that whatever else a user has written stays as it is.</summary>
internal readonly record struct Edit(SyntaxTree File, TextSpan Span, string Text)
{
    public static Edit Replace(SyntaxNode node, string text) => new(node.SyntaxTree, node.Span, text);

    public static Edit InsertBefore(SyntaxNode node, string text) => new(node.SyntaxTree, new TextSpan(node.SpanStart, 0), text);

    public static Edit InsertAfter(SyntaxNode node, string text) => new(node.SyntaxTree, new TextSpan(node.Span.End, 0), text);

    /// <summary>A line of its own before the one of a node, as far in.</summary>
    public static Edit InsertLineBefore(SyntaxNode node, string text) => InsertBefore(node, text + LineEnd(node.SyntaxTree) + Indentation(node));

    /// <summary>A line of its own after the one of a node, as far in.</summary>
    public static Edit InsertLineAfter(SyntaxNode node, string text) => InsertAfter(node, LineEnd(node.SyntaxTree) + Indentation(node) + text);

    /// <summary>Takes an element out of a list, with the comma that stands before it, or, of the first, behind it.</summary>
    public static Edit RemoveElement<T>(SeparatedSyntaxList<T> list, T element) where T : SyntaxNode
    {
        int index = list.IndexOf(element);
        TextSpan span = index > 0
            ? TextSpan.FromBounds(list[index - 1].Span.End, element.Span.End)
            : TextSpan.FromBounds(element.SpanStart, list.Count > 1 ? list[1].SpanStart : element.Span.End);
        return new Edit(element.SyntaxTree, span, "");
    }

    /// <summary>Takes an attribute out; of a list that holds nothing else, the brackets too, and the line if nothing else stands on it.</summary>
    public static Edit RemoveAttribute(AttributeSyntax attribute)
    {
        AttributeListSyntax list = (AttributeListSyntax)attribute.Parent!;
        return list.Attributes.Count > 1 ? RemoveElement(list.Attributes, attribute) : RemoveWithLine(list);
    }

    /// <summary>Takes out what stands on lines of its own, with the lines; what does not, with the blanks behind it.</summary>
    public static Edit RemoveWithLine(SyntaxNode node)
    {
        SourceText text = node.SyntaxTree.GetText();
        TextLine first = text.Lines.GetLineFromPosition(node.SpanStart);
        TextLine last = text.Lines.GetLineFromPosition(node.Span.End);
        bool isAlone = IsBlank(text, first.Start, node.SpanStart) && IsBlank(text, node.Span.End, last.End);
        int end = node.Span.End;
        while (!isAlone && end < last.End && text[end] == ' ')
        {
            end++;
        }

        return new Edit(node.SyntaxTree, isAlone ? TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak) : TextSpan.FromBounds(node.SpanStart, end), "");
    }

    /// <summary>Whether both cannot be made: they change the same text, or insert different ones in the same place.</summary>
    public bool Contradicts(Edit other) =>
        this != other && File == other.File && (Span.OverlapsWith(other.Span) || (Span == other.Span && Span.IsEmpty));

    /// <summary>Blanks before the first thing on a node's line.</summary>
    public static string Indentation(SyntaxNode node)
    {
        string line = node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>The file's own kind of line break.</summary>
    public static string LineEnd(SyntaxTree file)
    {
        TextLine first = file.GetText().Lines[0];
        return first.EndIncludingLineBreak - first.End == 2 ? "\r\n" : "\n";
    }

    private static bool IsBlank(SourceText text, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (!char.IsWhiteSpace(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
