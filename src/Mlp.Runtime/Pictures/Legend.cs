namespace Mlp;

/// <summary>Names of what a picture shows, in rows of their own above it, so that they cover nothing.</summary>
internal sealed class Legend
{
    private const double LineWidth = 26;
    private const double MarkWidth = 12;
    private const double Gap = 18;
    private const double RowHeight = 19;

    private readonly List<(string Text, double Width, Action<SvgPicture, double, double> Draw)> _entries = [];

    /// <summary>Adds a line of the given classes.</summary>
    public Legend Line(string text, string classes)
    {
        _entries.Add((text, LineWidth, (picture, x, y) => picture.Line(x, y, x + LineWidth, y, classes)));
        return this;
    }

    /// <summary>Adds a mark of a class of rows.</summary>
    public Legend Mark(string text, int series)
    {
        _entries.Add((text, MarkWidth, (picture, x, y) => Marks.Draw(picture, [(x + (MarkWidth / 2), y)], series, 9)));
        return this;
    }

    /// <summary>Adds a filled square.</summary>
    public Legend Square(string text, string classes)
    {
        _entries.Add((text, MarkWidth, (picture, x, y) => picture.Rectangle(new(x, y - (MarkWidth / 2), MarkWidth, MarkWidth), classes)));
        return this;
    }

    /// <summary>Draws the entries below what there is.</summary>
    public void Draw(SvgPicture picture)
    {
        double left = SvgPicture.Margin, right = SvgPicture.Width - SvgPicture.Margin;
        double x = left;
        double y = picture.Bottom + 8;
        foreach ((string text, double swatch, Action<SvgPicture, double, double> draw) in _entries)
        {
            string shown = PictureText.Shorten(text, (right - left) * 0.6, SvgPicture.FontSize);
            double width = swatch + 6 + PictureText.Width(shown, SvgPicture.FontSize);
            if (x > left && x + width > right)
            {
                (x, y) = (left, y + RowHeight);
            }

            draw(picture, x, y);
            picture.Text(x + swatch + 6, y + 4.5, shown);
            x += width + Gap;
        }

        picture.Bottom = y + 10;
    }
}
