using Microsoft.CodeAnalysis;

namespace CodeFixes.Tests;

/// <summary>What is offered on a network that has no mistakes.</summary>
public class RefactoringsTests
{
    private const string Net = """
        namespace App;

        /// <summary>Mine.</summary>
        [Input(2)]
        [Dense(8, Tanh, Name = "First")]
        [Dense(3, Softmax)]
        [Loss(CrossEntropy)]
        public partial class Net;

        """;

    [Fact]
    public void AddLayer_TakesAfterTheLastHiddenOne() => Assert.Equal(
        Net.Replace("[Dense(3,", "[Dense(8, Tanh)]\n[Dense(3,", StringComparison.Ordinal),
        Applied(Net, "Input", "Add a hidden layer").Text());

    [Fact]
    public void AddLayer_ToANetworkWithoutOne() => Assert.Equal(
        "[Input(2)]\n[Dense(16, Relu)]\n[Dense(1)]\npublic partial class Net;\n",
        Applied("[Input(2)]\n[Dense(1)]\npublic partial class Net;\n", "Net;", "Add a hidden layer").Text());

    [Theory]
    [InlineData("[Dense(3, Softmax)]\n[Loss(CrossEntropy)]")]
    [InlineData("[Dense(1, Sigmoid)]\n[Loss(BCE)]")]
    [InlineData("[Dense(2)]\n[Loss(MSE)]")]
    public void WriteTraining_Compiles(string layers)
    {
        FixHarness written = Applied($"namespace App;\n\n[Input(2)]\n{layers}\npublic partial class Net;\n", "Net;", "Write a training program");

        Assert.Contains("\n\ninternal static class NetTraining\n{\n", written.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(written.OffersAt("Net;"), static offer => offer.Title.StartsWith("Write", StringComparison.Ordinal));
    }

    [Fact]
    public void ShowTable_WritesItAboveTheDeclaration_Once()
    {
        FixHarness shown = Applied(Net, "Net;", "Show the table");

        Assert.Contains(
            """
            /// <summary>Mine.</summary>
            // layer                       output  parameters
            // Input                       [B×2]
            // First · Dense(8, Tanh)      [B×8]           24
            // Layer2 · Dense(3, Softmax)  [B×3]           27
            // Loss(CrossEntropy)          scalar
            //                                             51
            [Input(2)]
            """,
            shown.Text(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(shown.OffersAt("Net;"), static offer => offer.Title.StartsWith("Show", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Other")]
    [InlineData("Value")]
    public void ElsewhereThereIsNothingOffered(string place) => Assert.Empty(
        FixHarness.Open("public class Other;\n\n[Input(2)]\n[Dense(1)]\npublic partial class Net\n{\n    public int Value => 1;\n}\n").OffersAt(place));

    private static FixHarness Applied(string source, string place, string title)
    {
        FixHarness project = FixHarness.Open(source);
        FixHarness applied = project.Apply(project.OffersAt(place).Single(offer => offer.Title.StartsWith(title, StringComparison.Ordinal)));
        Assert.DoesNotContain(applied.Report(), static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        return applied;
    }
}
