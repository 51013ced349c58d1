using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;

namespace CodeFixes.Tests;

/// <summary>Editors ask for fixes at any moment of typing; no fix may throw, whatever stands there.</summary>
public class HalfTypedTests
{
    /// <summary>Many mistakes in a few lines.</summary>
    private const string Source = """
        class Program { static void Run(Net n, Dataset d) { Net m = new(); for (;;) { m.TrainStep([1], [1], new Sgd(0.1f)); n.Clone(); } } }
        [Linear(2, 8), Dense(30, ReLU, Name = "Layer2", Alpha = 2)]
        [Input(2, Standardise = true, Standardize = true)]
        [Dropout(50), Dropout(0.5)]
        [Dense(9, Normalization = Normalization.Batch)]
        [Dense(3, Selu, Initializer = Initializer.Xavier), Loss(BCE, ClassWeights = [1, 2], Delta = 1)]
        class Net { [Dense(1, "relu"), Loss(nn.MSELoss())] class Inner; }
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NoFixThrows_AfterAnyLetter(int rest)
    {
        const int Stride = 12;
        int offers = 0;
        for (int length = rest * 3; length <= Source.Length; length += Stride)
        {
            FixHarness project = FixHarness.Open(Source[..length]);
            foreach (Diagnostic diagnostic in project.Report().Where(static diagnostic => diagnostic.Location.SourceTree?.FilePath == "File0.cs"))
            {
                foreach (CodeAction offer in project.Offers(diagnostic))
                {
                    offers++;
                    Assert.NotEqual(Source[..length], project.Apply(offer).Text());
                }
            }
        }

        Assert.InRange(offers, 20, int.MaxValue);
    }

    /// <summary>An argument left out, doubled or replaced by what it cannot be.</summary>
    [Theory]
    [InlineData("Dense(30", "Dense(")]
    [InlineData("Dense(30", "Dense(units: 30, units: 31")]
    [InlineData("Dense(9", "Dense(9, \"x\", null")]
    [InlineData("Dense(9", "Dense(int.MaxValue")]
    [InlineData("Dropout(50)", "Dropout")]
    [InlineData("Dropout(50)", "Dropout(new object())")]
    [InlineData("Dropout(50)", "Dropout('a')")]
    [InlineData("Delta = 1", "LabelSmoothing = 'a'")]
    [InlineData("Dense(30, ReLU,", "Dense(")]
    [InlineData("Dense(9, Normalization = Normalization.Batch)", "Dense")]
    [InlineData("[1, 2]", "[.. x]")]
    [InlineData("[1, 2]", "null")]
    [InlineData("[1, 2]", "new double[]")]
    [InlineData("Loss(BCE", "Loss(")]
    [InlineData("Name = \"Layer2\"", "Name = null")]
    [InlineData("class Net", "struct Net")]
    [InlineData("for (;;)", "if (d is null) for (;;)")]
    public void NoFixThrows_OnOddArguments(string written, string odd)
    {
        FixHarness project = FixHarness.Open(Source.Replace(written, odd, StringComparison.Ordinal));
        Assert.All(
            project.Report().Where(static diagnostic => diagnostic.Location.SourceTree?.FilePath == "File0.cs"),
            diagnostic => Assert.All(project.Offers(diagnostic), offer => Assert.NotEmpty(project.Apply(offer).Text())));
        Assert.All(["Input", "Net {"], place => Assert.All(project.OffersAt(place), offer => Assert.NotEmpty(project.Apply(offer).Text())));
    }
}
