using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Generator.Tests.Infrastructure;

/// <summary>A source text in which <c>{|MLP0015:0|}</c> marks the place of an expected diagnostic.</summary>
/// <param name="Text">Without the marks.</param>
/// <param name="Expected">Where which diagnostics are expected, as <see cref="Describe(Diagnostic)"/> writes them, in source order.</param>
internal sealed partial record MarkedSource(string Text, string[] Expected)
{
    public static MarkedSource Parse(string marked)
    {
        StringBuilder text = new();
        List<(string Id, TextSpan Span)> marks = [];
        int read = 0;
        foreach (Match match in Mark().Matches(marked))
        {
            text.Append(marked, read, match.Index - read);
            marks.AddRange(match.Groups["ids"].Value.Split(',').Select(id => (id, new TextSpan(text.Length, match.Groups["text"].Length))));
            text.Append(match.Groups["text"].Value);
            read = match.Index + match.Length;
        }

        SourceText source = SourceText.From(text.Append(marked, read, marked.Length - read).ToString());
        return new MarkedSource(
            source.ToString(), [.. marks.Select(mark => Describe(mark.Id, source.Lines.GetLinePositionSpan(mark.Span)))]);
    }

    public static string Describe(Diagnostic diagnostic) => Describe(diagnostic.Id, diagnostic.Location.GetLineSpan().Span);

    private static string Describe(string id, LinePositionSpan span) =>
        $"{id} at line {span.Start.Line + 1}, columns {span.Start.Character + 1} to {span.End.Character + 1}";

    [GeneratedRegex(@"\{\|(?<ids>[A-Z0-9,]+):(?<text>.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
