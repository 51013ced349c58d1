namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Pictures of reports, of outputs that no network made.</summary>
public class ReportPicturesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(40)]
    public void AnyNumberOfClasses_WithAnyNames_IsReadable(int classes)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(static i => i % 3 == 2 ? $"the class number {i}, which has a name so long that no legend holds it" : $"class {i}")];
        Random random = new(1);
        int[] labels = [.. Enumerable.Range(0, 400).Select(_ => random.Next(classes))];
        float[] outputs = [.. labels.SelectMany(label => Probabilities(label, classes, random))];
        ClassificationReport report = new(new Predictions(LossFunction.CrossEntropy, outputs, Dataset.FromLabels(new float[400], labels, 1, classes)) { Accuracy = 0.5 }, names);
        AssertReadable(report);
    }

    [Theory]
    [InlineData(0.5f)] // A row's probability.
    [InlineData(float.NaN)]
    [InlineData(1)]
    public void OneProbability_IsReadable_WhateverItIs(float probability)
    {
        foreach (int[] labels in (int[][])[[0, 1, 1], [1, 1, 1], [0, 0, 0]])
        {
            Dataset data = Dataset.FromLabels(new float[3], labels, 1, 2);
            AssertReadable(new(new Predictions(LossFunction.BCE, [probability, 0.2f, 0.7f], data) { Accuracy = 0.5 }, ["no", "yes"]));
            AssertReadable(new(new Predictions(LossFunction.BCE, [probability, 0.2f, 0.7f], data.WithWeights([0, 1, 0.25f])) { Accuracy = 0.5 }, ["no", "yes"]));
        }
    }

    [Fact]
    public void Weights_AreShownAsTheyAre()
    {
        Dataset data = Dataset.FromLabels(new float[3], [0, 1, 1], 1, 2).WithWeights([1, 2, 0.25f]);
        ClassificationReport report = new(new Predictions(LossFunction.BCE, [0.1f, 0.9f, 0.2f], data) { Accuracy = 0.5 }, ["no", "yes"]);
        Drawn drawn = Drawn.Check(Mlp.Pictures.ConfusionMatrix(report));
        drawn.AssertShows("1", "2", "0.25", "88.9 %", "11.1 %");
        Assert.StartsWith("3.25 rows of 2 classes; 3 right, which is 92.3 %.", drawn.Description);
    }

    /// <summary>The area below the drawn line is the area that the legend names.</summary>
    [Fact]
    public void DrawnCurves_HaveTheirArea()
    {
        Random random = new(1);
        int[] labels = [.. Enumerable.Range(0, 200).Select(_ => random.Next(2))];
        float[] scores = [.. labels.Select(label => (float)((0.3 * label) + random.NextDouble()))];
        Assert.Equal(Area(Mlp.Pictures.RocCurve(labels, scores), out double roc), roc, 0.003);
        Assert.Equal(Area(Mlp.Pictures.PrecisionRecallCurve(labels, scores), out double precision), precision, 0.003);

        static double Area(string svg, out double named)
        {
            Drawn drawn = Drawn.Check(svg);
            named = double.Parse(drawn.Texts.Single(static text => text.StartsWith("yes, ", StringComparison.Ordinal)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
            System.Xml.Linq.XElement frame = drawn.WithClasses("frame").Single();
            double Frame(string attribute) => double.Parse((string)frame.Attribute(attribute)!, System.Globalization.CultureInfo.InvariantCulture);
            (double X, double Y)[] line = Assert.Single(Drawn.Parts((string)drawn.WithClasses("line").Last().Attribute("d")!));
            double area = line.Zip(line.Skip(1), (from, to) => (to.X - from.X) * (Frame("y") + Frame("height") - ((from.Y + to.Y) / 2))).Sum();
            return area / (Frame("width") * Frame("height"));
        }
    }

    [Fact]
    public void Residuals_OfManyOutputs_AreReadable()
    {
        Random random = new(1);
        float[] targets = [.. Enumerable.Range(0, 900).Select(_ => (float)(1e6 * random.NextDouble()))];
        float[] outputs = [.. targets.Select(target => target * (float)random.NextDouble())];
        RegressionReport report = new(new Predictions(LossFunction.MSE, outputs, Dataset.FromTargets(new float[100], targets, 1, 9)), [.. Enumerable.Range(0, 9).Select(static output => $"{output}")]);
        Drawn drawn = Drawn.Check(Mlp.Pictures.Residuals(report));
        drawn.AssertShows("output 5: prediction − target", "The first 6 of 9 outputs.");
        Drawn.Check(Mlp.Pictures.Residuals([1, float.NaN, 1e30f], [1, 1, -1e30f]));
    }

    [Theory]
    [MemberData(nameof(OddCulture.All), MemberType = typeof(OddCulture))]
    public void Files_DoNotFollowTheCulture(string decimalSeparator, string negativeSign)
    {
        string[] usual = DrawAll();
        using OddCulture culture = new(decimalSeparator, negativeSign);
        Assert.Equal(usual, DrawAll());

        static string[] DrawAll()
        {
            float[] scores = [.. Enumerable.Range(0, 60).Select(static i => i * 37 % 60 / 60f)];
            int[] labels = [.. scores.Select(static score => score > 0.4 ? 1 : 0)];
            ClassificationReport report = new(new Predictions(LossFunction.BCE, scores, Dataset.FromLabels(new float[60], labels, 1, 2)) { Accuracy = 0.25 }, ["no", "yes"]);
            return
            [
                Mlp.Pictures.RocCurve(report), Mlp.Pictures.PrecisionRecallCurve(report), Mlp.Pictures.Calibration(report), Mlp.Pictures.ConfusionMatrix(report),
                Mlp.Pictures.Residuals(scores, [.. scores.Select(static score => score - 0.37f)]), ReportPage.Of(report, "Report"),
            ];
        }
    }

    private static void AssertReadable(ClassificationReport report)
    {
        Drawn.Check(Mlp.Pictures.RocCurve(report));
        Drawn.Check(Mlp.Pictures.PrecisionRecallCurve(report));
        Drawn.Check(Mlp.Pictures.Calibration(report));
        Drawn.Check(Mlp.Pictures.ConfusionMatrix(report));
        Assert.DoesNotContain(">NaN", ReportPage.Of(report, "Report"), StringComparison.Ordinal);
    }

    private static float[] Probabilities(int label, int classes, Random random)
    {
        float[] values = [.. Enumerable.Range(0, classes).Select(index => (float)random.NextDouble() + (index == label ? 0.7f : 0))];
        return [.. values.Select(value => value / values.Sum())];
    }
}
