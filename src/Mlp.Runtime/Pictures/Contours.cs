namespace Mlp;

/// <summary>Where a function of two variables is at least some threshold, from its values on a grid: areas bounded by straight lines.</summary>
/// <remarks>
/// Marching squares: where two neighbours lie on different sides of the threshold, the boundary crosses between them, at the place that linear
/// interpolation gives. The grid has a border of values below every threshold, at the place of its outermost nodes, so that every boundary is closed.
/// </remarks>
internal sealed class Contours
{
    private readonly int _columns;
    private readonly int _rows;
    private readonly Area _area;
    private readonly Func<int, int, double> _value;
    private readonly double _threshold;

    private Contours(Area area, int columns, int rows, Func<int, int, double> value, double threshold) =>
        (_area, _columns, _rows, _value, _threshold) = (area, columns, rows, value, threshold);

    /// <summary>Appends the boundaries of the area where values are at least the threshold; NaN is below.</summary>
    /// <param name="path">Receives closed polygons, to be filled by the even-odd rule.</param>
    /// <param name="area">Where the grid lies: its outermost nodes on the area's edges.</param>
    /// <param name="columns">Nodes in a row, at least 2.</param>
    /// <param name="rows">Nodes in a column, at least 2.</param>
    /// <param name="value">The value of a node, by column from the left and row from the top.</param>
    /// <param name="threshold">The threshold.</param>
    public static void Append(PathData path, Area area, int columns, int rows, Func<int, int, double> value, double threshold) =>
        new Contours(area, columns, rows, value, threshold).Append(path);

    /// <summary>
    /// Each crossed edge of a cell leads to the next one of the same boundary. An edge is named by its first node, and whether it goes down.
    /// </summary>
    private void Append(PathData path)
    {
        Dictionary<(int Column, int Row, bool Down), (int Column, int Row, bool Down)> next = [];
        for (int row = -1; row < _rows; row++)
        {
            for (int column = -1; column < _columns; column++)
            {
                Join(next, column, row);
            }
        }

        foreach ((int, int, bool) first in next.Keys.ToArray())
        {
            List<(double X, double Y)> corners = [];
            (int Column, int Row, bool Down) edge = first;
            while (next.Remove(edge, out (int Column, int Row, bool Down) following))
            {
                corners.Add(Crossing(edge));
                edge = following;
            }

            AppendPolygon(path, corners);
        }
    }

    /// <summary>Joins the crossed edges of a cell, so that the area lies on the same side of each piece of its boundary.</summary>
    private void Join(Dictionary<(int, int, bool), (int, int, bool)> next, int column, int row)
    {
        (int, int, bool) top = (column, row, false), bottom = (column, row + 1, false), left = (column, row, true), right = (column + 1, row, true);
        int corners = (IsIn(column, row) ? 1 : 0) | (IsIn(column + 1, row) ? 2 : 0) | (IsIn(column + 1, row + 1) ? 4 : 0) | (IsIn(column, row + 1) ? 8 : 0);
        switch (corners)
        {
            case 1: next[left] = top; break;
            case 2: next[top] = right; break;
            case 3: next[left] = right; break;
            case 4: next[right] = bottom; break;
            case 5: (next[left], next[right]) = (top, bottom); break;
            case 6: next[top] = bottom; break;
            case 7: next[left] = bottom; break;
            case 8: next[bottom] = left; break;
            case 9: next[bottom] = top; break;
            case 10: (next[top], next[bottom]) = (right, left); break;
            case 11: next[bottom] = right; break;
            case 12: next[right] = left; break;
            case 13: next[right] = top; break;
            case 14: next[top] = left; break;
        }
    }

    private bool IsIn(int column, int row) => column >= 0 && row >= 0 && column < _columns && row < _rows && _value(column, row) >= _threshold;

    private (double X, double Y) Crossing((int Column, int Row, bool Down) edge)
    {
        (int otherColumn, int otherRow) = edge.Down ? (edge.Column, edge.Row + 1) : (edge.Column + 1, edge.Row);
        double from = Value(edge.Column, edge.Row);
        double to = Value(otherColumn, otherRow);
        double share = double.IsFinite(from) && double.IsFinite(to) ? (_threshold - from) / (to - from) : double.IsFinite(from) ? 0 : 1;
        double column = Math.Clamp(edge.Down ? edge.Column : edge.Column + share, 0, _columns - 1);
        double row = Math.Clamp(edge.Down ? edge.Row + share : edge.Row, 0, _rows - 1);
        return (_area.Left + (column * _area.Width / (_columns - 1)), _area.Top + (row * _area.Height / (_rows - 1)));
    }

    private double Value(int column, int row) =>
        column >= 0 && row >= 0 && column < _columns && row < _rows ? _value(column, row) : double.NegativeInfinity;

    /// <summary>Corners on a straight line between two others, to a fifth of a unit, are left out.</summary>
    private static void AppendPolygon(PathData path, List<(double X, double Y)> corners)
    {
        if (corners.Count == 0)
        {
            return;
        }

        int last = 0;
        path.Move(corners[0].X, corners[0].Y);
        for (int i = 1; i < corners.Count; i++)
        {
            (double X, double Y) next = corners[(i + 1) % corners.Count];
            if (Enumerable.Range(last + 1, i - last).Any(between => Distance(corners[between], corners[last], next) > 0.2))
            {
                path.Line(corners[i].X, corners[i].Y);
                last = i;
            }
        }

        path.Close();
    }

    /// <summary>Distance of a point from the line through two others.</summary>
    private static double Distance((double X, double Y) point, (double X, double Y) from, (double X, double Y) to)
    {
        (double x, double y) = (to.X - from.X, to.Y - from.Y);
        (double pointX, double pointY) = (point.X - from.X, point.Y - from.Y);
        double length = Math.Sqrt((x * x) + (y * y));
        return length > 0 ? Math.Abs((x * pointY) - (y * pointX)) / length : Math.Sqrt((pointX * pointX) + (pointY * pointY));
    }
}
