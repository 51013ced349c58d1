using System.Globalization;

namespace Mlp;

/// <summary>A network, layer by layer: shapes, what each does, and its parameters.</summary>
internal sealed class DiagramPicture
{
    private const double BarMiddle = 122;
    private const double WidestBar = 170;
    private const double NarrowestBar = 34;
    private const double RowHeight = 40;
    private const double ArrowHeight = 24;
    private const double TextLeft = 236;

    private readonly NetworkLayout _layout;
    private readonly SvgPicture _picture;
    private readonly int _widest;

    private DiagramPicture(NetworkLayout layout, string title)
    {
        _layout = layout;
        _widest = Math.Max(Math.Max(layout.InputSize, layout.ExpandedSize), Widest(layout));
        _picture = new(title) { Description = Description(layout) };
    }

    public static SvgPicture Draw(NetworkLayout layout, string title) => new DiagramPicture(layout, title).Draw();

    private SvgPicture Draw()
    {
        _picture.Bottom += 4;
        DrawRow("Input", _layout.Standardize ? "centred and scaled by training statistics" : "as it is", _layout.InputSize, series: 5);
        if (!_layout.Embeddings.IsEmpty)
        {
            DrawArrow(Tables(_layout));
            DrawRow("Embeddings", $"vectors for categories, {PictureText.Counted(TableParameters(_layout), "parameter")}", _layout.ExpandedSize, series: 0);
        }

        if (_layout.Ensemble is not null)
        {
            DrawArrow([$"{_layout.Members} × {PictureText.Count(_layout.ExpandedSize)}"]);
            string scales = PictureText.Counted(_layout.Members * _layout.ExpandedSize, "parameter");
            DrawRow($"Ensemble of {_layout.Members}", $"every member scales the inputs, {scales}", _layout.ExpandedSize, series: 0);
        }

        string place = NetworkLayout.InputNoise;
        foreach (DenseLayout layer in _layout.Layers[.._layout.DeclaredLayers])
        {
            double before = _picture.Bottom;
            string times = layer.Member is null ? "" : $"{_layout.Members} × ";
            DrawArrow([.. _layout.NoiseBehind(place), $"{times}{PictureText.Count(layer.Inputs)} × {PictureText.Count(layer.Outputs)}"]);
            place = layer.Name;
            DrawRow($"{layer.Name} · {Kind(layer)}", Details(layer), layer.Outputs, layer.IsFrozen ? 5 : 0);
            if (layer.IsResidual)
            {
                DrawShortcut(before - (RowHeight / 2), _picture.Bottom - (RowHeight / 2));
            }
        }

        if (_layout.Loss is LossFunction loss)
        {
            _picture.Bottom += 24;
            _picture.Text(TextLeft, _picture.Bottom, $"Loss({loss}){(_layout.StandardizeTargets ? " of centred and scaled targets" : "")}", "muted");
        }

        _picture.Bottom += 22;
        _picture.Text(TextLeft, _picture.Bottom, PictureText.Counted(_layout.ParameterCount, "parameter"), "strong");
        return _picture;
    }

    private void DrawRow(string name, string details, int units, int series)
    {
        Area bar = new(BarMiddle - (BarWidth(units) / 2), _picture.Bottom, BarWidth(units), RowHeight);
        _picture.Rectangle(bar, $"fill edge {PictureStyle.Colour(series)} {PictureStyle.Opacity(0.5)}", corner: 4);
        _picture.Text(BarMiddle, bar.Top + 25, PictureText.Count(units), "strong middle");
        double width = SvgPicture.Width - SvgPicture.Margin - TextLeft;
        _picture.Text(TextLeft, bar.Top + 17, PictureText.Shorten(name, width, SvgPicture.FontSize), "strong");
        _picture.Text(TextLeft, bar.Top + 34, PictureText.Shorten(details, width, SvgPicture.SmallSize), "small muted");
        _picture.Bottom = bar.Bottom;
    }

    private void DrawArrow(IEnumerable<string> steps)
    {
        (double top, double bottom) = (_picture.Bottom + 3, _picture.Bottom + ArrowHeight - 3);
        PathData arrow = new PathData().Move(BarMiddle, top).Line(BarMiddle, bottom);
        _picture.Path(arrow.Move(BarMiddle - 4, bottom - 5).Line(BarMiddle, bottom).Line(BarMiddle + 4, bottom - 5), "frame");
        double left = BarMiddle + 12;
        _picture.Text(left, top + 13, PictureText.Shorten(string.Join(" · ", steps), SvgPicture.Width - SvgPicture.Margin - left, SvgPicture.SmallSize), "small muted");
        _picture.Bottom += ArrowHeight;
    }

    /// <summary>The way on which a layer's inputs are added to its outputs.</summary>
    private void DrawShortcut(double from, double to)
    {
        double x = BarMiddle - (WidestBar / 2) - 14;
        double edge = BarMiddle - (WidestBar / 2) - 2;
        PathData way = new PathData().Move(edge, from).Line(x, from).Line(x, to).Line(edge, to);
        _picture.Path(way.Move(edge - 5, to - 4).Line(edge, to).Line(edge - 5, to + 4), "frame");
        _picture.Text(x + 8, ((from + to) / 2) + 4, "+", "small muted");
    }

    /// <summary>Widths grow with the root of the number of units, from one unit to the widest layer, so that narrow layers stay visible.</summary>
    private double BarWidth(int units) => NarrowestBar + ((WidestBar - NarrowestBar) * Math.Sqrt((units - 1) / (double)Math.Max(_widest - 1, 1)));

    private static int Widest(NetworkLayout layout)
    {
        int widest = 0;
        foreach (DenseLayout layer in layout.Layers)
        {
            widest = Math.Max(widest, layer.Outputs);
        }

        return widest;
    }

    private static string Kind(DenseLayout layer) => "Dense"
        + (layer.Normalization switch { Normalization.Batch => ", batch normalization", Normalization.Layer => ", layer normalization", _ => "" })
        + $", {layer.Activation}"
        + (layer.Alpha == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (α = {layer.Alpha})"));

    private string Details(DenseLayout layer) => Details(layer, _layout.Members);

    private static string Details(DenseLayout layer, int members)
    {
        string parameters = PictureText.Counted(layer.ParameterCount, "parameter");
        List<string> details = [layer.Member is null ? parameters : $"{parameters} for each of {members} members"];
        if (!layer.HasBias)
        {
            details.Add("no biases");
        }

        if (layer.IsResidual)
        {
            details.Add("residual");
        }

        if (layer.IsFrozen)
        {
            details.Add("frozen");
        }

        return string.Join(", ", details);
    }

    /// <summary>Name, rows and length of each table of embeddings.</summary>
    private static IEnumerable<string> Tables(NetworkLayout layout) =>
        layout.Embeddings.ToArray().Select(static table => $"{table.Name} {PictureText.Count(table.Rows)} × {PictureText.Count(table.Length)}");

    private static int TableParameters(NetworkLayout layout) => layout.Embeddings.ToArray().Sum(static table => table.Rows * table.Length);

    private static string Description(NetworkLayout layout)
    {
        List<string> parts = [string.Join(
            ", ", layout.NoiseBehind(NetworkLayout.InputNoise).Prepend($"{PictureText.Counted(layout.InputSize, "input")}{(layout.Standardize ? ", centred and scaled" : "")}"))];
        if (!layout.Embeddings.IsEmpty)
        {
            parts.Add($"embeddings: {string.Join(", ", Tables(layout))}, {PictureText.Counted(TableParameters(layout), "parameter")}");
        }

        if (layout.Ensemble is not null)
        {
            parts.Add($"ensemble of {layout.Members}, whose members scale the inputs and have the last layer for themselves");
        }

        foreach (DenseLayout layer in layout.Layers[..layout.DeclaredLayers])
        {
            string shape = $"{PictureText.Counted(layer.Inputs, "input")}, {PictureText.Counted(layer.Outputs, "output")}";
            parts.Add(string.Join(", ", layout.NoiseBehind(layer.Name).Prepend($"{layer.Name}: {Kind(layer)}, {shape}, {Details(layer, layout.Members)}")));
        }

        if (layout.Loss is LossFunction loss)
        {
            parts.Add($"loss: {loss}");
        }

        return $"{string.Join(". ", parts)}. {PictureText.Counted(layout.ParameterCount, "parameter")} in all.";
    }
}
