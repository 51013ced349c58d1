using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Contract.Tests;

/// <summary>Pictures of reports, and reports as pages.</summary>
public sealed partial class ReportPicturesTests : IDisposable
{
    private static readonly string[] HostileNames = ["</td><script>alert(1)</script>", "\" onload=\"x\u202E", ""];

    private readonly string _folder = Directory.CreateTempSubdirectory("reports-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryReport_HasAPageThatIsWhole()
    {
        Random random = new(1);
        float[] inputs = [.. Enumerable.Range(0, 90).Select(_ => random.NextSingle())];
        int[] two = [.. Enumerable.Range(0, 30).Select(static row => row % 2)], three = [.. Enumerable.Range(0, 30).Select(static row => row % 3)];
        Dataset classes = Dataset.FromLabels(inputs, three, 3, 3).WithNames(null, HostileNames);
        ClassesNet net = new(1);
        net.Train(classes, new TrainingOptions { Epochs = 1 });

        string page = Page(path => net.Report(classes).SaveHtml(path, "<title> & \"more\""));
        Assert.Contains("<h1>&lt;title&gt; &amp; &quot;more&quot;</h1>", page);
        Assert.Contains("<bdi>&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;</bdi>", page);
        Assert.Contains("<bdi>(no name)</bdi>", page);
        Assert.Equal(4, Svg().Count(page));

        Assert.Equal(4, Svg().Count(Page(path => new ProbabilityNet(1).Report(Dataset.FromLabels(inputs, two, 3, 2)).SaveHtml(path))));
        Assert.Equal(3, Svg().Count(Page(path => new MarginNet(1).Report(Dataset.FromLabels(inputs, two, 3, 2)).SaveHtml(path))));
        Assert.Equal(3, Svg().Count(Page(path => new LabelsNet(1).Report(Dataset.FromTargets(inputs, Bits(30 * 12, random), 3, 12)).SaveHtml(path))));
        Assert.Equal(1, Svg().Count(Page(path => new BatchNet(1).Report(Sets.Smooth(30, 2)).SaveHtml(path))));
        Assert.Equal(1, Svg().Count(Page(path => new CountsNet(1).Report(Dataset.FromTargets(inputs, Bits(60, random), 3, 2)).SaveHtml(path))));
    }

    [Fact]
    public void WhatIsUndefined_IsSaid()
    {
        Dataset one = Dataset.FromLabels([1, 2, 3, 4, 5, 6], [1, 1], 3, 3);
        Assert.Contains("<td><bdi>–</bdi></td>", Page(path => new ClassesNet(1).Report(one).SaveHtml(path)));
        Assert.Contains("3 curves undefined, where all rows have the same answer: 0, 1, 2.", Check(Pictures.RocCurve(new ClassesNet(1).Report(one))));
        Check(Pictures.PrecisionRecallCurve(new ClassesNet(1).Report(one)));
        Assert.Equal("report", Assert.Throws<ArgumentException>(() => Pictures.Calibration(new MarginNet(1).Report(Dataset.FromLabels([1, 2, 3], [1], 3, 2)))).ParamName);
    }

    [Fact]
    public void Reports_AreDrawnAsTheyAre()
    {
        (Dataset train, Dataset test) = SyntheticData.Moons(400, noise: 0.2, seed: 1).Split(0.5, seed: 1);
        PlaneNet net = new(1);
        net.Train(train, new TrainingOptions { Epochs = 20, Optimizer = new Adam(0.01f) });
        ClassificationReport report = net.Report(test);
        float[] scores = Sets.Predictions(net, test);

        // The same curves, whether a report or its numbers are drawn.
        string[] ofReport = Paths(Pictures.RocCurve(report)), ofNumbers = Paths(Pictures.RocCurve(test.Labels, scores));
        Assert.Contains(ofNumbers[^1], ofReport);
        Assert.Equal(Paths(Pictures.Calibration(report)), Paths(Pictures.Calibration(test.Labels, scores)));
        Assert.Contains(Paths(Pictures.PrecisionRecallCurve(test.Labels, scores))[^1], Paths(Pictures.PrecisionRecallCurve(report)));

        int[,] counts = { { (int)report.Confusion[0, 0], (int)report.Confusion[0, 1] }, { (int)report.Confusion[1, 0], (int)report.Confusion[1, 1] } };
        Assert.Equal(Pictures.ConfusionMatrix(counts), Pictures.ConfusionMatrix(report));
        Assert.Contains("threshold 0.5", Check(Pictures.RocCurve(report)));
    }

    [Fact]
    public void APerfectRanking_RisesAtOnce_AndARandomOneIsDiagonal()
    {
        Assert.Contains("area 1", Check(Pictures.RocCurve([0, 0, 1, 1], [0.1f, 0.2f, 0.8f, 0.9f])));
        Assert.Contains("area 0.5", Check(Pictures.RocCurve([0, 1, 0, 1], [0.5f, 0.5f, 0.5f, 0.5f])));
        Assert.Contains("average precision 0.5", Check(Pictures.PrecisionRecallCurve([0, 1, 0, 1], [0.5f, 0.5f, 0.5f, 0.5f])));
        Assert.Contains("1 curve undefined", Check(Pictures.RocCurve([1, 1], [0.5f, 0.6f])));
        Assert.Contains("0.75: 100.0 % of 2 rows", Check(Pictures.Calibration([0, 1], [0.25f, 0.75f])));
    }

    [Fact]
    public void ManyClasses_ShowTheWorst()
    {
        Random random = new(1);
        Dataset data = Dataset.FromTargets([.. Enumerable.Range(0, 300).Select(_ => random.NextSingle())], Bits(1200, random), 3, 12);
        string svg = Check(Pictures.RocCurve(new LabelsNet(1).Report(data)));
        Assert.Contains("The 10 worst of 12.", svg);
        Assert.InRange(svg.Length, 1000, 60_000);
    }

    [Fact]
    public void Residuals_AreDrawnWhateverTheyAre()
    {
        Check(Pictures.Residuals([], []));
        Check(Pictures.Residuals([1], [1]));
        Check(Pictures.Residuals([float.NaN, float.MaxValue, 1, -1], [0, float.MinValue, float.PositiveInfinity, 2]));
        float[] many = [.. Enumerable.Range(0, 100_000).Select(static row => row % 317f)];
        Assert.InRange(Check(Pictures.Residuals(many, [.. many.Select(static (value, row) => value + (row % 13))])).Length, 1000, 60_000);
        Check(Pictures.Residuals(new TargetsNet(1).Report(Sets.Smooth(20, 2, 2))));
    }

    [Fact]
    public void NumbersThatAreNoAnswers_AreRefused()
    {
        Assert.Equal("scores", Assert.Throws<ArgumentException>(static () => Pictures.RocCurve([0, 1], [0.5f])).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(static () => Pictures.RocCurve([0, 2], [0.5f, 0.5f])).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(static () => Pictures.PrecisionRecallCurve([], [])).ParamName);
        Assert.Equal("probabilities", Assert.Throws<ArgumentException>(static () => Pictures.Calibration([0, 1], [0.5f, 1.5f])).ParamName);
        Assert.Equal("predictions", Assert.Throws<ArgumentException>(static () => Pictures.Residuals([0, 1], [0.5f])).ParamName);
    }

    private string Page(Action<string> save)
    {
        string path = Path.Combine(_folder, "report.html");
        save(path);
        string page = File.ReadAllText(path);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", page);
        Assert.EndsWith("</html>\n", page);
        Assert.DoesNotContain('\r', page);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.All(Address().Matches(page).Select(static match => match.Value), static address => Assert.Equal("http://www.w3.org/2000/svg", address));

        // Names of elements are there once in the whole page, and all of it but the head is well-formed.
        string[] ids = [.. Id().Matches(page).Select(static match => match.Value)];
        Assert.Equal(ids.Distinct(), ids);
        XElement body = XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)]);
        Assert.All(body.Descendants("table"), static table =>
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            int columns = table.Element("thead")!.Descendants("th").Count(static heading => (string?)heading.Attribute("scope") == "col");
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        });
        Assert.All(Svg().Matches(page), static svg => Check(svg.Value));
        return page;
    }

    private static string Check(string svg)
    {
        XElement root = XElement.Parse(svg);
        Assert.All(["title", "desc"], part => Assert.NotEmpty(root.Element(root.Name.Namespace + part)!.Value));
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        return svg;
    }

    private static string[] Paths(string svg) => [.. PathData().Matches(svg).Select(static match => match.Value)];

    private static float[] Bits(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(2))];

    [GeneratedRegex(@"<svg .*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [GeneratedRegex(@"https?://[^""\s<]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\bid=""[^""]+""")]
    private static partial Regex Id();

    [GeneratedRegex(@" d=""[^""]+""")]
    private static partial Regex PathData();
}

[Input(3)]
[Dense(8, Tanh)]
[Dense(12, Sigmoid)]
[Loss(BCE)]
public partial class LabelsNet;
