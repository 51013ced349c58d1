using System.Globalization;
using System.Text;

namespace Mlp;

/// <summary>A picture as SVG: shapes and text, with a title and a description for those who do not see it.</summary>
internal sealed class SvgPicture
{
    /// <summary>Width of every picture, in units that are pixels unless it is shown larger or smaller.</summary>
    public const double Width = 640;

    /// <summary>What stays empty on both sides.</summary>
    public const double Margin = 16;

    /// <summary>Size of the usual font.</summary>
    public const double FontSize = 13;

    /// <summary>Size of the small font.</summary>
    public const double SmallSize = 12;

    /// <summary>Stands for the picture's own name until all else is known; no text holds it, as all of them are escaped.</summary>
    private const string Id = "<id>";

    private readonly StringBuilder _body = new();
    private readonly string _title;

    /// <summary>Begins a picture and writes its title.</summary>
    /// <param name="title">The title, to be seen and to be read aloud.</param>
    public SvgPicture(string title)
    {
        _title = title;
        Text(Margin, 27, PictureText.Shorten(title, Width - (2 * Margin), 17), "title");
        Bottom = 40;
    }

    /// <summary>Where the picture ends so far: everything drawn next lies below it.</summary>
    public double Bottom { get; set; }

    /// <summary>What the picture shows, with its numbers, for screen readers.</summary>
    public required string Description { get; init; }

    /// <summary>Writes text; <paramref name="y"/> is its base line.</summary>
    public void Text(double x, double y, string text, string classes = "") =>
        Append($"<text x=\"{SvgNumber.Of(x)}\" y=\"{SvgNumber.Of(y)}\"{Class(classes)}>{PictureText.Escape(text)}</text>");

    /// <summary>Writes muted text below what there is.</summary>
    public void Note(string text)
    {
        Bottom += 16;
        Text(Margin, Bottom, PictureText.Shorten(text, Width - (2 * Margin), SmallSize), "small muted");
    }

    /// <summary>Draws a rectangle.</summary>
    public void Rectangle(Area area, string classes, double corner = 0) => Append(
        $"<rect x=\"{SvgNumber.Of(area.Left)}\" y=\"{SvgNumber.Of(area.Top)}\" width=\"{SvgNumber.Of(area.Width)}\" height=\"{SvgNumber.Of(area.Height)}\""
        + $"{(corner > 0 ? $" rx=\"{SvgNumber.Of(corner)}\"" : "")}{Class(classes)}/>");

    /// <summary>Draws a straight line.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, string classes) => Path(new PathData().Move(fromX, fromY).Line(toX, toY), classes);

    /// <summary>Draws a path; nothing where it is empty.</summary>
    /// <param name="path">The path.</param>
    /// <param name="classes">Classes of the style sheet.</param>
    /// <param name="attributes">Further attributes, as they stand in the file.</param>
    public void Path(PathData path, string classes, string attributes = "")
    {
        if (!path.IsEmpty)
        {
            Append($"<path{Class(classes)}{(attributes.Length > 0 ? " " : "")}{attributes} d=\"{path}\"/>");
        }
    }

    /// <summary>Draws pixels, each as a rectangle with sharp edges.</summary>
    public void Image(Area area, byte[] png) => Append(
        $"<image x=\"{SvgNumber.Of(area.Left)}\" y=\"{SvgNumber.Of(area.Top)}\" width=\"{SvgNumber.Of(area.Width)}\" height=\"{SvgNumber.Of(area.Height)}\""
        + $" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");

    /// <summary>
    /// Names what is drawn until <see cref="EndGroup"/>, so that it can be drawn again. Rules of the style sheet see a repeated group alone, without the
    /// picture around it, so it has the picture's class too.
    /// </summary>
    public void BeginGroup(string name) => Append($"<g class=\"mlp\" id=\"{Id}-{name}\">");

    /// <summary>Ends a group.</summary>
    public void EndGroup() => Append("</g>");

    /// <summary>Draws a group again, moved.</summary>
    public void Repeat(string name, double right, double down) => Append($"<use href=\"#{Id}-{name}\" x=\"{SvgNumber.Of(right)}\" y=\"{SvgNumber.Of(down)}\"/>");

    /// <summary>The picture as a file of its own.</summary>
    public override string ToString() => Write(PictureStyle.Sheet);

    /// <summary>The picture as a part of a page that has the style sheet.</summary>
    public string WithoutStyle() => Write("");

    private string Write(string sheet)
    {
        double height = Math.Ceiling(Bottom + 12);
        string size = $"{SvgNumber.Of(Width)} {SvgNumber.Of(height)}";
        string title = PictureText.Escape(_title);
        string description = PictureText.Escape(Description);

        // Names of elements must differ from those of other pictures in the same page, and be the same whenever the picture is.
        string id = "mlp-" + Hash(title + description + _body).ToString("x8", CultureInfo.InvariantCulture);
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"mlp\" viewBox=\"0 0 {size}\" width=\"{SvgNumber.Of(Width)}\" height=\"{SvgNumber.Of(height)}\""
            + $" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n"
            + $"<title id=\"{id}-title\">{title}</title>\n"
            + $"<desc id=\"{id}-desc\">{description}</desc>\n"
            + (sheet.Length > 0 ? $"<style>\n{sheet}\n</style>\n" : "")
            + $"<rect class=\"paper\" width=\"{SvgNumber.Of(Width)}\" height=\"{SvgNumber.Of(height)}\" rx=\"6\"/>\n"
            + $"{_body.ToString().Replace(Id, id, StringComparison.Ordinal)}</svg>\n";
    }

    private void Append(string element) => _body.Append(element).Append('\n');

    private static string Class(string classes) => classes.Length > 0 ? $" class=\"{classes}\"" : "";

    /// <summary>FNV-1a of 32 bits.</summary>
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char character in text)
        {
            hash = (hash ^ character) * 16777619;
        }

        return hash;
    }
}
