using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Pictures of decision regions, of functions that stand for networks.</summary>
public class DecisionRegionsTests
{
    private static readonly NetworkLayout Probability = Layouts.Of(2, LossFunction.BCE, [("Layer1", 1, Activation.Sigmoid)]);
    private static readonly NetworkLayout Margin = Layouts.Of(2, LossFunction.Hinge, [("Layer1", 1, Activation.Linear)]);
    private static readonly NetworkLayout ThreeClasses = Layouts.Of(2, LossFunction.CrossEntropy, [("Layer1", 3, Activation.Softmax)]);

    [Fact]
    public void ARegion_IsWhereItsClassIsMostProbable()
    {
        Drawn drawn = Draw(Probability, static (x, _) => [x > 0 ? 1 : 0], Labelled(200, 2));
        string[] regions = [.. drawn.WithClasses("edge").Select(static path => path.Attribute("class")!.Value)];
        Assert.Equal(2, regions.Length);
        Assert.Contains("c0", regions[0]);
        Assert.Contains("c1", regions[1]);
        Assert.Equal(10, drawn.WithClasses("fill").Count());
        Assert.Equal(2, drawn.WithClasses("mark").Count(static mark => mark.Attribute("d")!.Value.Length > 100));
        Assert.Contains("amber: 100 rows, basil: 100 rows", drawn.Description);
        Assert.Equal("across: width · up: height", drawn.Texts[^1]);
    }

    [Fact]
    public void MarginsAndProbabilities_OfTheSameAnswers_HaveTheSamePicture()
    {
        Dataset data = Labelled(50, 2);
        Assert.Equal(
            Draw(Probability, static (x, y) => [Math.Clamp((x + y + 1) / 2, 0, 1)], data).Text,
            Draw(Margin, static (x, y) => [x + y], data).Text);
    }

    [Fact]
    public void SeveralClasses_AreAllSeen()
    {
        Drawn drawn = Draw(ThreeClasses, static (x, y) => x > 0 ? [0.9f, 0.05f, 0.05f] : y > 0 ? [0.2f, 0.7f, 0.1f] : [0.3f, 0.3f, 0.4f], Labelled(90, 3));
        Assert.Equal(["c0", "c1", "c2"], drawn.WithClasses("edge").Select(static path => path.Attribute("class")!.Value.Split(' ')[1]));
        drawn.AssertShows(["amber", "basil", "cobalt"]);
    }

    [Fact]
    public void TargetsAreClassesToo()
    {
        Dataset labelled = Labelled(60, 3);
        float[] targets = new float[60 * 3];
        for (int row = 0; row < 60; row++)
        {
            targets[(3 * row) + labelled.Labels[row]] = 1;
        }

        Dataset data = Dataset.FromTargets(labelled.Inputs.ToArray(), targets, 2, 3).WithNames(["width", "height"]);
        Assert.Equal(
            Draw(ThreeClasses, static (_, _) => [1, 0, 0], labelled.WithNames(["width", "height"])).Text,
            Draw(ThreeClasses, static (_, _) => [1, 0, 0], data).Text);
    }

    [Fact]
    public void SeveralPanels_ShareTheirMarks()
    {
        Dataset data = Labelled(500, 2);
        Action<ReadOnlySpan<float>, Span<float>> predictor = Predictor(static (x, _) => [x], 1);
        Drawn one = Drawn.Check(DecisionRegionsPicture.Draw(Probability, [("", predictor)], data, "Regions").ToString());
        Drawn five = Drawn.Check(DecisionRegionsPicture.Draw(Probability, [.. Enumerable.Range(1, 5).Select(i => ($"panel {i}", predictor))], data, "Regions").ToString());
        Assert.Equal(4, five.Elements("use").Count());
        Assert.Equal(["panel 1", "panel 2", "panel 3", "panel 4", "panel 5"], five.Texts.Where(static text => text.StartsWith("panel", StringComparison.Ordinal)));
        Assert.True(five.Text.Length < 3 * one.Text.Length);
        Assert.Contains("Panels: panel 1; panel 2", five.Description);
    }

    [Fact]
    public void OddData_IsDrawn()
    {
        Draw(Probability, static (_, _) => [float.NaN], Labelled(10, 2));
        Draw(Probability, static (_, _) => [0.5f], Dataset.FromLabels([1, 1, 1, 1], [0, 1], 2, 2));
        Draw(Probability, static (_, _) => [0.5f], Dataset.FromLabels([float.NaN, 1, float.PositiveInfinity, 1, 1e30f, -1e30f], [0, 1, 1], 2, 2));
        Draw(Probability, static (_, _) => [0.5f], Dataset.FromLabels([float.NaN, 1], [0], 2, 2));
        Draw(Probability, static (_, _) => [0.5f], Labelled(4, 2).WithNames(["<b>", "\u202E" + new string('w', 400)], ["&", "\0"]));
        Assert.InRange(Draw(Probability, static (x, y) => [MathF.Sin(40 * x) * MathF.Sin(40 * y)], Labelled(60_000, 2)).Text.Length, 10_000, 350_000);
    }

    [Theory]
    [MemberData(nameof(OddCulture.All), MemberType = typeof(OddCulture))]
    public void TheFile_DoesNotFollowTheCulture(string decimalSeparator, string negativeSign)
    {
        Dataset data = Labelled(40, 3);
        string usual = Draw(ThreeClasses, static (x, y) => [x, y, 0.1f], data).Text;
        using OddCulture culture = new(decimalSeparator, negativeSign);
        Assert.Equal(usual, Draw(ThreeClasses, static (x, y) => [x, y, 0.1f], data).Text);
    }

    private static Drawn Draw(NetworkLayout layout, Func<float, float, float[]> function, Dataset data) =>
        Drawn.Check(DecisionRegionsPicture.Draw(layout, [("", Predictor(function, layout.OutputSize))], data, "Regions").ToString());

    private static Action<ReadOnlySpan<float>, Span<float>> Predictor(Func<float, float, float[]> function, int outputs) => (input, output) =>
    {
        Assert.Equal(input.Length / 2 * outputs, output.Length);
        for (int row = 0; row < input.Length / 2; row++)
        {
            function(input[2 * row], input[(2 * row) + 1]).CopyTo(output[(row * outputs)..]);
        }
    };

    private static Dataset Labelled(int rows, int classes)
    {
        Random random = new(1);
        return Dataset.FromLabels(
            [.. Enumerable.Range(0, 2 * rows).Select(_ => (float)((2 * random.NextDouble()) - 1))],
            [.. Enumerable.Range(0, rows).Select(row => row % classes)],
            2,
            classes).WithNames(["width", "height"], ((string[])["amber", "basil", "cobalt"])[..classes]);
    }
}
