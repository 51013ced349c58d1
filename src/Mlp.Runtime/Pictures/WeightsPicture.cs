namespace Mlp;

/// <summary>The weights of a first layer whose inputs are pixels, a small image for each unit.</summary>
internal static class WeightsPicture
{
    /// <summary>Steps from 0 to the fullest colour, on each side.</summary>
    private const int Steps = 7;

    private const int MostUnits = 100;
    private const int Columns = 10;

    /// <summary>The share of weights that the colours tell apart; the few beyond are as full as the last of these.</summary>
    private const double Shown = 0.998;

    public static SvgPicture Draw(NetworkState network, int width, int height, int? columns, string title)
    {
        DenseLayout layer = network.Layout.Layers[0];
        WeightsView weights = network.View(0).Weights;
        int units = Math.Min(layer.Outputs, MostUnits);
        int inRow = Math.Min(columns ?? Columns, units);
        int rows = (units + inRow - 1) / inRow;
        float limit = Limit(weights, units);

        // A gap is some pixels of no colour.
        int gap = Math.Max((width + 6) / 12, 1);
        (int imageWidth, int imageHeight) = ((inRow * (width + gap)) - gap, (rows * (height + gap)) - gap);
        byte[] pixels = new byte[imageWidth * imageHeight];
        pixels.AsSpan().Fill(Steps);
        for (int unit = 0; unit < units; unit++)
        {
            (int row, int column) = Math.DivRem(unit, inRow);
            int origin = (row * (height + gap) * imageWidth) + (column * (width + gap));
            for (int pixel = 0; pixel < width * height; pixel++)
            {
                (int y, int x) = Math.DivRem(pixel, width);
                pixels[origin + (y * imageWidth) + x] = (byte)(Steps + Step(weights[pixel, unit], limit));
            }
        }

        SvgPicture picture = new(title) { Description = Description(layer, units, width, height, limit) };
        DrawScale(picture, limit);
        double scale = Math.Min((SvgPicture.Width - (2 * SvgPicture.Margin)) / imageWidth, 96.0 / width);
        Area area = new(SvgPicture.Margin, picture.Bottom + 8, imageWidth * scale, imageHeight * scale);
        PathData wells = new();
        for (int unit = 0; unit < units; unit++)
        {
            (int row, int column) = Math.DivRem(unit, inRow);
            (double x, double y) = (area.Left + (column * (width + gap) * scale), area.Top + (row * (height + gap) * scale));
            wells.Move(x, y).Line(x + (width * scale), y).Line(x + (width * scale), y + (height * scale)).Line(x, y + (height * scale)).Close();
        }

        picture.Path(wells, "well");
        picture.Image(area, IndexedPng.Write(pixels, imageWidth, Palette()));
        picture.Bottom = area.Bottom + 4;
        if (units < layer.Outputs)
        {
            picture.Note($"The first {PictureText.Count(units)} of {PictureText.Counted(layer.Outputs, "unit")}.");
        }

        return picture;
    }

    /// <summary>Negative, through nothing, to positive: whatever lies below shows where a weight is 0.</summary>
    private static (byte Red, byte Green, byte Blue, byte Alpha)[] Palette()
    {
        (byte, byte, byte, byte)[] palette = new (byte, byte, byte, byte)[IndexedPng.Colours];
        for (int step = -Steps; step <= Steps; step++)
        {
            byte alpha = (byte)(Math.Abs(step) * 255 / Steps);
            palette[Steps + step] = step < 0 ? ((byte)0xE0, (byte)0x6C, (byte)0x1A, alpha) : ((byte)0x2B, (byte)0x8C, (byte)0xCB, alpha);
        }

        return palette;
    }

    private static int Step(float weight, float limit) =>
        float.IsNaN(weight) || limit == 0 ? 0 : (int)Math.Round(Math.Clamp((double)weight / limit, -1, 1) * Steps);

    private static float Limit(WeightsView weights, int units)
    {
        float[] magnitudes = new float[weights.Inputs * units];
        for (int i = 0; i < magnitudes.Length; i++)
        {
            magnitudes[i] = Math.Abs(weights[i / units, i % units]);
        }

        magnitudes = [.. magnitudes.Where(float.IsFinite).Order()];
        return magnitudes.Length == 0 ? 0 : magnitudes[(int)(Shown * (magnitudes.Length - 1))];
    }

    private static void DrawScale(SvgPicture picture, float limit)
    {
        byte[] pixels = [.. Enumerable.Range(0, (2 * Steps) + 1).Select(static step => (byte)step)];
        double x = SvgPicture.Margin, y = picture.Bottom + 4;
        string low = $"{PictureText.Number(-limit)} or less", high = $"{PictureText.Number(limit)} or more";
        picture.Text(x, y + 12, low);
        Area area = new(x + PictureText.Width(low, SvgPicture.FontSize) + 4, y, 180, 16);
        picture.Rectangle(area, "well");
        picture.Image(area, IndexedPng.Write(pixels, pixels.Length, Palette()));
        picture.Rectangle(area, "frame");
        picture.Text(area.Right + 8, y + 12, high);
        picture.Bottom = y + 22;
    }

    private static string Description(DenseLayout layer, int units, int width, int height, float limit) =>
        $"The weights that lead into {PictureText.Counted(units, "unit")} of {layer.Name}, each as an image of {width} by {height} pixels, in colours from"
        + $" {PictureText.Number(-limit)} (orange) over 0 (no colour) to {PictureText.Number(limit)} (blue).";
}
