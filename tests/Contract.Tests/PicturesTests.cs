using System.Globalization;
using System.Xml.Linq;
using Generator.Tests.Infrastructure;

namespace Contract.Tests;

/// <summary>
/// Pictures as users draw them. Those of the documentation are kept under <c>docs/images</c> and are what this code draws;
/// <c>MLPGEN_ACCEPT_SNAPSHOTS=1</c> writes them anew.
/// </summary>
public sealed class PicturesTests : IDisposable
{
    private static readonly bool Accept = Environment.GetEnvironmentVariable("MLPGEN_ACCEPT_SNAPSHOTS") == "1";

    private readonly string _folder = Directory.CreateTempSubdirectory("pictures-").FullName;

    public static TheoryData<string> Drawn => new(DocumentationPictures.All.Keys);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Drawn))]
    public void PicturesOfTheDocumentation_AreWhatIsDrawn(string name)
    {
        string path = Repository.PathOf("docs", "images", name + ".svg");
        string svg = DocumentationPictures.All[name]();
        if (Accept)
        {
            File.WriteAllText(path, svg);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == svg, $"docs/images/{name}.svg is not what is drawn; MLPGEN_ACCEPT_SNAPSHOTS=1 accepts it.");
        Assert.InRange(svg.Length, 1000, 60_000);
        XElement root = XElement.Parse(svg);
        Assert.All(["title", "desc"], part => Assert.NotEmpty(root.Element(root.Name.Namespace + part)!.Value));
    }

    [Fact]
    public void TheSamePicture_IsDrawnInAnyCulture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal(File.ReadAllText(Repository.PathOf("docs", "images", "learning-curves.svg")), DocumentationPictures.All["learning-curves"]());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void AHistory_IsSavedAsItsPicture()
    {
        string path = Path.Combine(_folder, "run.svg");
        TrainingHistory history = new ClassesNet(1).Train(Dataset.FromLabels([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2], 3, 3), new TrainingOptions { Epochs = 3 });
        history.SaveSvg(path);
        Assert.Equal(Pictures.LearningCurves(history), File.ReadAllText(path));
        Assert.Throws<DirectoryNotFoundException>(() => history.SaveSvg(Path.Combine(_folder, "none", "run.svg")));
    }

    [Fact]
    public void Drawing_ChangesNothing()
    {
        PlaneNet net = new(1);
        float[] before = new float[PlaneNet.ParameterCount], after = new float[PlaneNet.ParameterCount];
        net.CopyParametersTo(before);
        Pictures.DecisionRegions(net, SyntheticData.Moons(20, seed: 1));
        Pictures.Weights(net, 1, 2);
        Pictures.Diagram(net);
        net.CopyParametersTo(after);
        Assert.Equal(before, after);
        Assert.Equal(0, net.StepsTrained);
    }

    [Fact]
    public void DecisionRegions_NeedTwoInputsAndClasses()
    {
        Dataset three = Dataset.FromLabels([1, 2, 3], [1], 3, 2);
        Assert.Equal(
            "Decision regions lie in the plane of two inputs; the network has 3. (Parameter 'net')",
            Assert.Throws<ArgumentException>(() => Pictures.DecisionRegions(new ProbabilityNet(1), three)).Message);
        Assert.Equal(
            "Decision regions need classes that exclude each other: CrossEntropy, or BCE or Hinge with one output. The network has MSE with 1 output. (Parameter 'net')",
            Assert.Throws<ArgumentException>(() => Pictures.DecisionRegions(new BatchNet(1), Dataset.FromTargets([1, 2], [1], 2, 1))).Message);
        Assert.Throws<ArgumentException>(() => Pictures.DecisionRegions(new PlaneNet(1), three));
        Assert.Throws<ArgumentException>(() => Pictures.DecisionRegions<PlaneNet>([], SyntheticData.Moons(20, seed: 1)));
    }

    [Fact]
    public void Weights_NeedTheSizeOfAnImage()
    {
        Assert.Equal(
            "The network has 64 inputs, which are no image of 8 × 9 pixels. (Parameter 'width')",
            Assert.Throws<ArgumentException>(() => Pictures.Weights(new SmallNet(1), 8, 9)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Weights(new SmallNet(1), 0, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Weights(new SmallNet(1), 8, 8, columns: 0));
    }
}
