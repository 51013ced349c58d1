using System.Text;

namespace Mlp;

/// <summary>A page of HTML that is whole in one file: pictures, tables, and the style of both. It has no scripts and loads nothing.</summary>
internal sealed class HtmlPage
{
    private const string Style =
        """
        :root{color-scheme:light dark}
        body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:44rem;font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;background:#fff;color:#1f2328}
        h1{font-size:1.6rem;overflow-wrap:anywhere}
        h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
        svg{display:block;max-width:100%;height:auto;margin:.75rem 0}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;margin:.75rem 0;font-size:.9rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{padding:.2rem .8rem .2rem 0;text-align:right;border-bottom:1px solid #dfe3e8}
        th:first-child{text-align:left;max-width:18rem;overflow-wrap:anywhere}
        th{font-weight:600}
        summary{cursor:pointer}
        @media(prefers-color-scheme:dark){
        body{background:#0d1117;color:#e6edf3}
        th,td{border-color:#2b323b}
        }
        @media print{
        body{max-width:none}
        figure,table{break-inside:avoid}
        }
        """;

    private readonly string _title;
    private readonly StringBuilder _body = new();

    /// <summary>Begins a page.</summary>
    public HtmlPage(string title) => _title = PictureText.Escape(title);

    /// <summary>Begins a part.</summary>
    public void Heading(string text) => _body.Append($"<h2>{PictureText.Escape(text)}</h2>\n");

    /// <summary>Adds a picture.</summary>
    public void Picture(SvgPicture picture) => _body.Append($"<figure style=\"margin:0\">\n{picture.WithoutStyle()}</figure>\n");

    /// <summary>Adds a table.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="headings">Headings of the columns; the first column names the rows.</param>
    /// <param name="rows">Cells of each row.</param>
    public void Table(string caption, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        // Wide tables move by themselves, by keyboard too.
        _body.Append($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{PictureText.Escape(caption)}\">\n");
        _body.Append($"<table>\n<caption>{PictureText.Escape(caption)}</caption>\n<thead><tr>");
        foreach (string heading in headings)
        {
            _body.Append("<th scope=\"col\">").Append(Cell(heading)).Append("</th>");
        }

        _body.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            _body.Append("<tr><th scope=\"row\">").Append(Cell(row[0])).Append("</th>");
            foreach (string cell in row.Skip(1))
            {
                _body.Append("<td>").Append(Cell(cell)).Append("</td>");
            }

            _body.Append("</tr>\n");
        }

        _body.Append("</tbody>\n</table>\n</div>\n");
    }

    /// <summary>Adds what is shown when the reader asks for it.</summary>
    public void Details(string summary, Action add)
    {
        _body.Append($"<details>\n<summary>{PictureText.Escape(summary)}</summary>\n");
        add();
        _body.Append("</details>\n");
    }

    /// <summary>The file. Its policy lets nothing in but its own style and its own images.</summary>
    public override string ToString() =>
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        + $"<title>{_title}</title>\n<style>\n{Style.ReplaceLineEndings("\n")}\n{PictureStyle.Sheet}\n</style>\n</head>\n<body>\n<main>\n<h1>{_title}</h1>\n"
        + $"{_body}</main>\n</body>\n</html>\n";

    /// <summary>Text in a direction of its own, so that names in Hebrew or Arabic leave the row as it is.</summary>
    private static string Cell(string text) => $"<bdi>{PictureText.Escape(text)}</bdi>";
}
