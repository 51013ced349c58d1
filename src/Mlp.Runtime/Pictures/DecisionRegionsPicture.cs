namespace Mlp;

/// <summary>What networks with two inputs answer over the plane, beside a data set.</summary>
internal sealed class DecisionRegionsPicture
{
    private const int PanelsInRow = 3;
    private const double SideOfOne = 440;
    private const double Gap = 12;
    private const double CaptionHeight = 24;
    private const double CellSize = 4;

    /// <summary>Share of the data's range that is shown beyond it, on each side.</summary>
    private const double Beyond = 0.08;

    /// <summary>Probabilities from which a region is fuller.</summary>
    private static readonly double[] Steps = [0.6, 0.7, 0.8, 0.9];

    private readonly Dataset _data;
    private readonly int[] _labels;
    private readonly string[] _names;
    private readonly int _outputs;
    private readonly bool _areScores;
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly SvgPicture _picture;
    private Area? _firstPanel;

    private DecisionRegionsPicture(NetworkLayout layout, IReadOnlyList<string> captions, Dataset data, string title)
    {
        _data = data;
        _outputs = layout.OutputSize;
        _areScores = layout.Loss == LossFunction.Hinge;
        _names = PictureText.Names(data.ClassNames, Math.Max(_outputs, 2));
        _labels = [.. Enumerable.Range(0, data.Count).Select(row => LabelOf(layout, row))];
        int ticks = captions.Count == 1 ? 8 : 4;
        (_x, _y) = (AxisOf(0, ticks), AxisOf(1, ticks));
        _picture = new(title) { Description = Description(captions) };
    }

    /// <summary>Draws a panel for each network.</summary>
    /// <param name="layout">The networks' architecture: two inputs, and a loss with classes.</param>
    /// <param name="panels">A caption for each network, and how it predicts rows of two inputs.</param>
    /// <param name="data">Rows that fit the networks.</param>
    /// <param name="title">The picture's title.</param>
    public static SvgPicture Draw(
        NetworkLayout layout, IReadOnlyList<(string Caption, Action<ReadOnlySpan<float>, Span<float>> Predict)> panels, Dataset data, string title) =>
        new DecisionRegionsPicture(layout, [.. panels.Select(static panel => panel.Caption)], data, title).Draw(panels);

    private SvgPicture Draw(IReadOnlyList<(string Caption, Action<ReadOnlySpan<float>, Span<float>> Predict)> panels)
    {
        Legend legend = new();
        for (int index = 0; index < _names.Length; index++)
        {
            legend.Mark(_names[index], index);
        }

        legend.Draw(_picture);
        int inRow = Math.Min(panels.Count, PanelsInRow);
        double left = inRow == 1 ? (SvgPicture.Width - SideOfOne) / 2 : Plot.LabelWidth;
        double side = inRow == 1 ? SideOfOne : (SvgPicture.Width - SvgPicture.Margin - left - ((inRow - 1) * Gap)) / inRow;
        double captionHeight = panels.Count == 1 ? Gap : CaptionHeight;
        for (int first = 0; first < panels.Count; first += inRow)
        {
            double top = _picture.Bottom + captionHeight;
            for (int index = first; index < Math.Min(first + inRow, panels.Count); index++)
            {
                Area area = new(left + ((index - first) * (side + Gap)), top, side, side);
                if (panels.Count > 1)
                {
                    _picture.Text(area.Middle, top - 7, PictureText.Shorten(panels[index].Caption, side, SvgPicture.FontSize), "middle");
                }

                DrawPanel(area, panels[index].Predict, labelsX: index + inRow >= panels.Count, labelsY: index == first);
            }

            _picture.Bottom = top + side;
        }

        _picture.Bottom += 36;
        string[] axes = InputNames();
        _picture.Text(left + (((inRow * (side + Gap)) - Gap) / 2), _picture.Bottom, $"across: {axes[0]} · up: {axes[1]}", "muted middle");
        return _picture;
    }

    private void DrawPanel(Area area, Action<ReadOnlySpan<float>, Span<float>> predict, bool labelsX, bool labelsY)
    {
        _picture.Rectangle(area, "well");
        Plot plot = new(_picture, area, _x, _y, labelsX, labelsY);
        int nodes = (int)(area.Width / CellSize) + 1;
        double[][] probabilities = Probabilities(predict, nodes);
        for (int index = 0; index < _names.Length; index++)
        {
            double[] own = probabilities[index];
            double[][] others = [.. probabilities.Where(other => other != own)];
            PathData region = new();
            Contours.Append(region, area, nodes, nodes, (column, row) => Lead(own, others, (row * nodes) + column), 0);
            string fill = $"fill {PictureStyle.Colour(index)}";
            _picture.Path(region, $"{fill} edge {PictureStyle.Opacity(0.3)}", "fill-rule=\"evenodd\"");
            foreach (double step in Steps)
            {
                PathData fuller = new();
                Contours.Append(fuller, area, nodes, nodes, (column, row) => own[(row * nodes) + column], step);
                _picture.Path(fuller, $"{fill} {PictureStyle.Opacity(0.1)}", "fill-rule=\"evenodd\"");
            }
        }

        DrawRows(plot);
        plot.Frame();
    }

    /// <summary>By class, then by node of a square grid, row by row from the top.</summary>
    private double[][] Probabilities(Action<ReadOnlySpan<float>, Span<float>> predict, int nodes)
    {
        float[] inputs = new float[2 * nodes * nodes];
        for (int node = 0; node < nodes * nodes; node++)
        {
            (int row, int column) = Math.DivRem(node, nodes);
            inputs[2 * node] = (float)_x.At((double)column / (nodes - 1));
            inputs[(2 * node) + 1] = (float)_y.At(1 - ((double)row / (nodes - 1)));
        }

        float[] outputs = new float[nodes * nodes * _outputs];
        predict(inputs, outputs);
        if (_outputs > 1)
        {
            return [.. Enumerable.Range(0, _outputs).Select(OfClass)];
        }

        // Scores beyond the margins −1 and 1 are as sure as probabilities of 0 and 1.
        double[] second = [.. outputs.Select(output => _areScores ? Math.Clamp((output + 1.0) / 2, 0, 1) : output)];
        return [[.. second.Select(static probability => 1 - probability)], second];

        double[] OfClass(int index) => [.. Enumerable.Range(0, nodes * nodes).Select(node => (double)outputs[(node * _outputs) + index])];
    }

    /// <summary>How far a class is ahead of all others.</summary>
    private static double Lead(double[] own, double[][] others, int node)
    {
        double largest = double.NegativeInfinity;
        foreach (double[] other in others)
        {
            largest = Math.Max(largest, other[node]);
        }

        return own[node] - largest;
    }

    /// <summary>The data, which is the same in all panels.</summary>
    private void DrawRows(Plot plot)
    {
        const string Name = "rows";
        if (_firstPanel is Area first)
        {
            _picture.Repeat(Name, plot.Area.Left - first.Left, plot.Area.Top - first.Top);
            return;
        }

        _firstPanel = plot.Area;
        _picture.BeginGroup(Name);
        List<(double X, double Y, int Series)> rows = [];
        for (int row = 0; row < _data.Count; row++)
        {
            (double x, double y) = (_data.Inputs[2 * row], _data.Inputs[(2 * row) + 1]);
            if (plot.Shows(x, y))
            {
                rows.Add((plot.X(x), plot.Y(y), _labels[row]));
            }
        }

        IReadOnlyList<(double X, double Y, int Series)> shown = Marks.Thinned(rows);
        double size = Marks.Size(shown.Count) * Math.Sqrt(Math.Min(plot.Area.Width / SideOfOne, 1));
        for (int index = 0; index < _names.Length; index++)
        {
            Marks.Draw(_picture, [.. shown.Where(row => row.Series == index).Select(static row => (row.X, row.Y))], index, size);
        }

        _picture.EndGroup();
    }

    private int LabelOf(NetworkLayout layout, int row)
    {
        if (_data.ClassCount > 0)
        {
            return _data.Labels[row];
        }

        ReadOnlySpan<float> targets = _data.Targets.Slice(row * layout.OutputSize, layout.OutputSize);
        return layout.OutputSize > 1 ? Classes.LargestOf(targets) : targets[0] >= (_areScores ? 0 : 0.5f) ? 1 : 0;
    }

    private Axis AxisOf(int column, int ticks)
    {
        double[] values = [.. Enumerable.Range(0, _data.Count).Select(row => (double)_data.Inputs[(2 * row) + column]).Where(double.IsFinite)];
        double beyond = values.Length == 0 ? 0 : Beyond * (values.Max() - values.Min());
        return Axis.Linear(values.Length == 0 ? [] : [values.Min() - beyond, values.Max() + beyond], ticks, exact: true);
    }

    private string[] InputNames() => _data.InputNames is null
        ? ["input 0", "input 1"]
        : [.. _data.InputNames.Select(static name => PictureText.Shorten(PictureText.Name(name), 240, SvgPicture.FontSize))];

    private string Description(IReadOnlyList<string> captions)
    {
        int[] counts = [.. Enumerable.Range(0, _names.Length).Select(index => _labels.Count(label => label == index))];
        string classes = string.Join(", ", _names.Zip(counts, static (name, count) => $"{name}: {PictureText.Counted(count, "row")}"));
        string[] axes = InputNames();
        string panels = captions.Count == 1 ? "" : $" Panels: {string.Join("; ", captions)}.";
        return $"The class that the network predicts for each point of the plane of {axes[0]} (across) and {axes[1]} (up), as coloured regions, fuller from"
            + $" a probability of 0.6, 0.7, 0.8 and 0.9 on. Marks are the data: {classes}.{panels}";
    }
}
