using System.Globalization;
using System.Text;
using Mlp;

/// <summary>Draws what a network of two inputs answers over the plane, panel by panel, as an SVG of plain text.</summary>
internal sealed class DecisionMap
{
    private const int Side = 200;
    private const int Gap = 14;
    private const int Top = 26;
    private const int RowHeight = 2;
    private const int Columns = 50;
    private const int Bands = 10;
    private const float Reach = 1.3f;

    private static readonly (int Red, int Green, int Blue) Class0 = (244, 176, 104);
    private static readonly (int Red, int Green, int Blue) Even = (250, 248, 244);
    private static readonly (int Red, int Green, int Blue) Class1 = (112, 164, 214);

    private readonly Dataset _points;
    private readonly StringBuilder _panels = new();
    private int _count;

    /// <summary>Begins a picture.</summary>
    /// <param name="points">Two inputs and two classes, drawn in every panel.</param>
    public DecisionMap(Dataset points) => _points = points;

    /// <summary>Adds a panel: bands of equal probability, from class 0 to class 1.</summary>
    public void Add(string caption, Func<ReadOnlySpan<float>, float> predict)
    {
        _panels.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({_count++ * (Side + Gap)},0)\">\n")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Side / 2}\" y=\"16\">{caption}</text>\n")
            .Append(CultureInfo.InvariantCulture, $"<rect y=\"{Top}\" width=\"{Side}\" height=\"{Side}\" fill=\"{Colour(0)}\"/>\n");
        float[][] rows = [.. Enumerable.Range(0, Side / RowHeight).Select(row => Row(predict, (row + 0.5f) * RowHeight))];
        for (int band = 1; band < Bands; band++)
        {
            string runs = string.Concat(rows.Select((row, index) => Runs(row, (float)band / Bands, Top + (index * RowHeight) + (RowHeight / 2))));
            if (runs.Length > 0)
                _panels.Append(CultureInfo.InvariantCulture, $"<path stroke=\"{Colour(band)}\" stroke-width=\"{RowHeight}\" d=\"{runs}\"/>\n");
        }

        _panels.Append("<use href=\"#class0\"/><use href=\"#class1\"/>\n</g>\n");
    }

    /// <summary>Writes the picture; <paramref name="title"/> and <paramref name="description"/> are for screen readers.</summary>
    public void Save(string path, string title, string description)
    {
        int width = (_count * (Side + Gap)) - Gap, height = Top + Side;
        string svg = string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title desc">
            <title id="title">{title}</title>
            <desc id="desc">{description}</desc>
            <style>text {"{"} font: 14px system-ui, sans-serif; text-anchor: middle; fill: #7d8590 {"}"} path {"{"} fill: none {"}"}</style>
            <defs><g stroke-linecap="round" stroke-width="2.2">
            <path id="class0" stroke="#9a4f0c" d="{Points(0)}"/>
            <path id="class1" stroke="#154a80" d="{Points(1)}"/>
            </g></defs>
            {_panels}</svg>

            """);
        File.WriteAllText(path, svg.ReplaceLineEndings("\n"));
    }

    private static float[] Row(Func<ReadOnlySpan<float>, float> predict, float y) =>
        [.. Enumerable.Range(0, Columns + 1).Select(column => predict([Reach * ((2f * column / Columns) - 1), Reach * (1 - (2 * y / Side))]))];

    /// <summary>Horizontal lines where the row is at least the threshold; their ends are interpolated.</summary>
    private static string Runs(float[] row, float threshold, int y)
    {
        StringBuilder runs = new();
        float? start = row[0] >= threshold ? 0 : null;
        for (int column = 1; column <= Columns; column++)
        {
            if (start is null && row[column] >= threshold)
            {
                start = Crossing(row, column, threshold);
            }
            else if (start is not null && row[column] < threshold)
            {
                Append(Crossing(row, column, threshold));
                start = null;
            }
        }

        if (start is not null)
            Append(Side);
        return runs.ToString();

        void Append(float end) => runs.Append(CultureInfo.InvariantCulture, $"M{start:0.#} {y}h{end - start:0.#}");
    }

    private static float Crossing(float[] row, int column, float threshold) =>
        (column - ((row[column] - threshold) / (row[column] - row[column - 1]))) * Side / Columns;

    private string Points(int label)
    {
        StringBuilder points = new();
        for (int row = 0; row < _points.Count; row++)
        {
            if (_points.Labels[row] == label)
            {
                float x = ((_points.Inputs[2 * row] / Reach) + 1) * Side / 2, y = (1 - (_points.Inputs[(2 * row) + 1] / Reach)) * Side / 2;
                points.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {Top + y:0.#}h0");
            }
        }

        return points.ToString();
    }

    private static string Colour(int band)
    {
        double share = ((2.0 * band) + 1 - Bands) / (Bands - 1);
        (int Red, int Green, int Blue) end = share < 0 ? Class0 : Class1;
        int Mix(int even, int other) => (int)Math.Round(even + ((other - even) * Math.Abs(share)));
        return $"#{Mix(Even.Red, end.Red):x2}{Mix(Even.Green, end.Green):x2}{Mix(Even.Blue, end.Blue):x2}";
    }
}
