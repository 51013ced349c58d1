using System.Globalization;

namespace Mlp;

/// <summary>How often rows of each class were taken for which.</summary>
internal static class ConfusionMatrixPicture
{
    private const int Right = 0;
    private const int Wrong = 1;

    /// <summary>With more classes, cells are too small for their numbers.</summary>
    private const int MostWithNumbers = 16;

    /// <summary>With more classes, cells are too small for a percentage below the number.</summary>
    private const int MostWithShares = 7;

    public static SvgPicture Draw(double[,] counts, string[] names, string title)
    {
        int classes = names.Length;
        double[] rows = [.. Enumerable.Range(0, classes).Select(truth => Enumerable.Range(0, classes).Sum(predicted => counts[truth, predicted]))];
        SvgPicture picture = new(title) { Description = Description(counts, names, rows) };
        new Legend().Square("right", $"fill {PictureStyle.Colour(Right)} {PictureStyle.Opacity(0.8)}")
            .Square("mistaken: the fuller, the larger its share of the row", $"fill {PictureStyle.Colour(Wrong)} {PictureStyle.Opacity(0.8)}").Draw(picture);

        double labelWidth = Math.Clamp(names.Max(static name => PictureText.Width(name, SvgPicture.SmallSize)) + 12, 40, 170);
        double side = Math.Min(SvgPicture.Width - (2 * SvgPicture.Margin) - labelWidth, 520);
        double cell = Math.Min(side / classes, 104);
        double left = SvgPicture.Margin + labelWidth;
        double top = picture.Bottom + 26;
        picture.Text(SvgPicture.Margin, top - 10, "truth", "strong");
        Area matrix = new(left, top, cell * classes, cell * classes);
        picture.Rectangle(matrix, "well");
        DrawCells(picture, counts, rows, matrix, cell);
        DrawNames(picture, names, matrix, cell, labelWidth);
        return picture;
    }

    private static void DrawCells(SvgPicture picture, double[,] counts, double[] rows, Area matrix, double cell)
    {
        int classes = rows.Length;
        foreach (bool right in (ReadOnlySpan<bool>)[true, false])
        {
            for (int level = 1; level <= PictureStyle.Opacities; level++)
            {
                PathData path = new();
                for (int truth = 0; truth < classes; truth++)
                {
                    for (int predicted = 0; predicted < classes; predicted++)
                    {
                        double count = counts[truth, predicted];
                        if (count > 0 && (truth == predicted) == right && Level(count, rows[truth]) == level)
                        {
                            (double x, double y) = (matrix.Left + (predicted * cell), matrix.Top + (truth * cell));
                            path.Move(x, y).Line(x + cell, y).Line(x + cell, y + cell).Line(x, y + cell).Close();
                        }
                    }
                }

                picture.Path(path, $"fill {PictureStyle.Colour(right ? Right : Wrong)} {PictureStyle.Opacity((double)level / PictureStyle.Opacities)}");
            }
        }

        if (cell >= 10)
        {
            PathData grid = new();
            for (int line = 1; line < classes; line++)
            {
                grid.Move(matrix.Left + (line * cell), matrix.Top).Line(matrix.Left + (line * cell), matrix.Bottom);
                grid.Move(matrix.Left, matrix.Top + (line * cell)).Line(matrix.Right, matrix.Top + (line * cell));
            }

            picture.Path(grid, "grid");
        }

        picture.Rectangle(matrix, "frame");
        if (classes > MostWithNumbers)
        {
            return;
        }

        for (int truth = 0; truth < classes; truth++)
        {
            for (int predicted = 0; predicted < classes; predicted++)
            {
                double count = counts[truth, predicted];
                if (count == 0)
                {
                    continue;
                }

                string text = Short(count);
                bool small = PictureText.Width(text, SvgPicture.FontSize) > cell - 4;
                (double x, double y) = (matrix.Left + ((predicted + 0.5) * cell), matrix.Top + ((truth + 0.5) * cell) + 4.5);
                bool withShare = classes <= MostWithShares;
                string classesOfText = $"middle{(small ? " tiny" : "")}{(truth == predicted ? " strong" : "")}";
                picture.Text(x, withShare ? y - 7 : y, text, classesOfText);
                if (withShare)
                {
                    picture.Text(x, y + 10, PictureText.Percent(count / rows[truth]), "small middle");
                }
            }
        }
    }

    private static void DrawNames(SvgPicture picture, string[] names, Area matrix, double cell, double labelWidth)
    {
        // Where not every name has room, every second, fifth, … is written.
        int everyRow = Every(SvgPicture.SmallSize + 2, cell);
        for (int row = 0; row < names.Length; row += everyRow)
        {
            string name = PictureText.Shorten(names[row], labelWidth - 8, SvgPicture.SmallSize);
            picture.Text(matrix.Left - 6, matrix.Top + ((row + 0.5) * cell) + 4, name, "small end");
        }

        double widest = names.Max(static name => PictureText.Width(name, SvgPicture.SmallSize));
        double room = Math.Max(cell, 60);
        int everyColumn = Every(Math.Min(widest + 6, room), cell);
        for (int column = 0; column < names.Length; column += everyColumn)
        {
            string name = PictureText.Shorten(names[column], Math.Max((everyColumn * cell) - 6, 20), SvgPicture.SmallSize);
            picture.Text(matrix.Left + ((column + 0.5) * cell), matrix.Bottom + 16, name, "small middle");
        }

        picture.Text(matrix.Middle, matrix.Bottom + 38, "predicted", "strong middle");
        picture.Bottom = matrix.Bottom + 42;
    }

    private static int Every(double needed, double cell)
    {
        foreach (int every in (ReadOnlySpan<int>)[1, 2, 5, 10, 20, 50, 100, 200, 500])
        {
            if (every * cell >= needed)
            {
                return every;
            }
        }

        return 1000;
    }

    /// <summary>Roots, so that few mistakes are seen beside many right answers.</summary>
    private static int Level(double count, double row) => Math.Clamp((int)Math.Ceiling(Math.Sqrt(count / row) * PictureStyle.Opacities), 1, PictureStyle.Opacities);

    /// <summary>Four characters at most, or five: <c>9999</c>, <c>12.3k</c>, <c>1.2M</c>.</summary>
    private static string Short(double count) => count switch
    {
        < 10_000 => PictureText.Weight(count),
        < 1_000_000 => (count / 1000).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        _ => (count / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + "M",
    };

    private static string Description(double[,] counts, string[] names, double[] rows)
    {
        double all = rows.Sum();
        double right = Enumerable.Range(0, names.Length).Sum(index => counts[index, index]);
        string text = $"{PictureText.Weight(all)} {(all == 1 ? "row" : "rows")} of {PictureText.Counted(names.Length, "class", "classes")}; {PictureText.Weight(right)} right"
            + (all > 0 ? $", which is {PictureText.Percent(right / all)}." : ".");
        (int Truth, int Predicted, double Count)[] mistakes =
        [
            .. (from truth in Enumerable.Range(0, names.Length)
                from predicted in Enumerable.Range(0, names.Length)
                where truth != predicted && counts[truth, predicted] > 0
                orderby counts[truth, predicted] descending
                select (truth, predicted, counts[truth, predicted])).Take(5),
        ];
        IEnumerable<string> parts = mistakes.Select(mistake =>
            $"{names[mistake.Truth]} taken for {names[mistake.Predicted]}: {PictureText.Weight(mistake.Count)}");
        return mistakes.Length == 0 ? text : $"{text} Most frequent mistakes: {string.Join("; ", parts)}.";
    }
}
