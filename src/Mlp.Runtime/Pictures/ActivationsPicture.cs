using System.Globalization;

namespace Mlp;

/// <summary>Activations and their slopes, as networks compute them.</summary>
internal static class ActivationsPicture
{
    private const int Output = 0;
    private const int Slope = 1;
    private const int InRow = 4;
    private const int Points = 161;
    private const double Reach = 4;
    private const double Gap = 24;
    private const double Height = 104;
    private const double CaptionHeight = 26;

    public static SvgPicture Draw(IReadOnlyList<Activation> activations, string title)
    {
        SvgPicture picture = new(title) { Description = Description(activations) };
        new Legend().Line("output", PictureStyle.Line(Output)).Line("slope", PictureStyle.Line(Slope)).Draw(picture);
        Axis x = Axis.Linear([-Reach, Reach], 4, exact: true);
        Axis y = Axis.Linear([-1.5, 3], 5, exact: true);
        double left = SvgPicture.Margin + 18;
        double width = (SvgPicture.Width - SvgPicture.Margin - left - ((InRow - 1) * Gap)) / InRow;
        for (int first = 0; first < activations.Count; first += InRow)
        {
            double top = picture.Bottom + CaptionHeight;
            for (int index = first; index < Math.Min(first + InRow, activations.Count); index++)
            {
                Activation activation = activations[index];
                Area area = new(left + ((index - first) * (width + Gap)), top, width, Height);
                picture.Text(area.Left, top - 7, activation.ToString(), "strong");
                if (Alpha(activation) is float alpha and > 0)
                {
                    double after = PictureText.Width(activation.ToString(), SvgPicture.FontSize + 1);
                    picture.Text(area.Left + after + 4, top - 7, string.Create(CultureInfo.InvariantCulture, $"α = {alpha}"), "small muted");
                }

                Plot plot = new(picture, area, x, y, labelsX: index + InRow >= activations.Count, labelsY: index == first);
                DrawCurve(plot, z => Activations.Apply(activation, z, Vec256.Create(Alpha(activation))), PictureStyle.Line(Output));
                DrawCurve(plot, z => Activations.Slope(activation, z, Vec256.Create(Alpha(activation))), PictureStyle.Line(Slope));
                plot.Frame();
            }

            picture.Bottom = top + Height;
        }

        picture.Bottom += 18;
        return picture;
    }

    /// <summary>The layer's <c>Alpha</c> where none is declared; 0 for activations without.</summary>
    private static float Alpha(Activation activation) => activation switch
    {
        Activation.LeakyRelu => 0.01f,
        Activation.PRelu => 0.25f,
        Activation.Elu => 1,
        _ => 0,
    };

    /// <summary>Values that the axis does not reach are left out; so jumps are gaps too where they are higher than a step may be.</summary>
    private static void DrawCurve(Plot plot, Func<Vec256, Vec256> function, string classes)
    {
        double[] x = new double[Points];
        double[] y = new double[Points];
        for (int i = 0; i < Points; i++)
        {
            x[i] = Reach * ((2.0 * i / (Points - 1)) - 1);
            y[i] = function(Vec256.Create((float)x[i])).Value[0];
        }

        plot.Curve(x, y, classes);
    }

    private static string Description(IReadOnlyList<Activation> activations) =>
        $"Output and slope for pre-activations from −4 to 4 of {string.Join(", ", activations)}.";
}
