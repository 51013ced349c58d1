using System.Globalization;
using Microsoft.CodeAnalysis;

namespace CodeFixes.Tests;

/// <summary>Fixes where a declaration is not written as in the examples.</summary>
public class FixesTests
{
    private const string Net = """

        [Input(2)]
        [Dense(1)]
        [Loss(MSE)]
        public partial class Net;

        """;

    private const string Classes = """
        public static class Program
        {
            public static void Run(Net net, float[] x, int[] y)
            {
                Dataset data = Dataset.FromLabels(x, y, 2, #);
                net.Train(data);
            }
        }

        [Input(2)]
        [Dense(3, Softmax)]
        [Loss(CrossEntropy)]
        public partial class Net;
        """;

    [Fact]
    public void MakePartial_OpensEveryTypeAround() => AssertMended(
        "MLP0001",
        """
        public static class Outer
        {
            internal sealed class Game
            {
                [Input(2)]
                [Dense(1)]
                private sealed class Net; // mine
            }
        }
        """,
        """
        public static partial class Outer
        {
            internal sealed partial class Game
            {
                [Input(2)]
                [Dense(1)]
                private sealed partial class Net; // mine
            }
        }
        """);

    [Fact]
    public void LineBreaksAndCommentsAndBlanks_StayAsTheyAre() => AssertMended(
        "MLP0010",
        "// Theirs.\r\n\t/// <summary>Mine.</summary>\r\n\t[Dense(8 , Relu )] // wide\r\n\t[Dense(1)]\r\n\tpublic partial class Net;\r\n",
        "// Theirs.\r\n\t/// <summary>Mine.</summary>\r\n\t[Input(2)]\r\n\t[Dense(8 , Relu )] // wide\r\n\t[Dense(1)]\r\n\tpublic partial class Net;\r\n");

    [Fact]
    public void FullNames_StayFull() => AssertMended(
        "MLP0010",
        "[Mlp.Dense(1, Mlp.Activation.Sigmoid)]\npublic partial class Net;\n",
        "[Mlp.Input(2)]\n[Mlp.Dense(1, Mlp.Activation.Sigmoid)]\npublic partial class Net;\n");

    [Fact]
    public void NameThatIsTakenInScope_IsWrittenInFull()
    {
        FixHarness mended = FixHarness.Open(
            "[Input(2)]\n[Dense(1)]\n[Loss(BCE)]\npublic partial class Net\n{\n    public static int Sigmoid => 1;\n}\n").Fix("MLP0012");

        Assert.Contains("[Dense(1, Activation.Sigmoid)]", mended.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddLoss_FindsTheNetworkInAnotherFile_AndTheLossOfItsOutputs()
    {
        FixHarness mended = FixHarness.Open(
            "public static class Program\n{\n    public static void Run(Net net, Dataset data) => net.Train(data);\n}\n",
            "[Input(2)]\n[Dense(3, Softmax)]\npublic partial class Net;\n").Fix("MLP0047");

        Assert.Equal("[Input(2)]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy)]\npublic partial class Net;\n", mended.Text(1));
        AssertCompiles(mended);
    }

    [Fact]
    public void MergeAttributes_MovesThemFromAnotherFile_BeforeTheLoss()
    {
        FixHarness mended = FixHarness.Open(
            "[Input(2)]\n[Dense(8, Relu)]\n[Loss(BCE)]\npublic partial class Net;\n",
            "[Dropout(0.5), Dense(1, Sigmoid)]\n[System.Serializable]\npublic partial class Net;\n").Fix("MLP0014");

        Assert.Equal("[Input(2)]\n[Dense(8, Relu)]\n[Dropout(0.5)]\n[Dense(1, Sigmoid)]\n[Loss(BCE)]\npublic partial class Net;\n", mended.Text(0));
        Assert.Equal("[System.Serializable]\npublic partial class Net;\n", mended.Text(1));
        AssertCompiles(mended);
    }

    [Fact]
    public void OneSoftmaxUnit_BecomesAProbability() => AssertMended(
        "MLP0013",
        "[Input(2)]\n[Dense(1)]\n[Loss(CrossEntropy)]\npublic partial class Net;\n",
        "[Input(2)]\n[Dense(1, Sigmoid)]\n[Loss(BCE)]\npublic partial class Net;\n");

    [Fact]
    public void NewLoss_LosesSettingsThatItDoesNotRead()
    {
        FixHarness wrong = FixHarness.Open(
            "[Input(2)]\n[Dense(3, Softmax)]\n[Loss(BCE, PositiveWeight = 2, LabelSmoothing = 0.1)]\npublic partial class Net;\n");
        FixHarness mended = wrong.Apply(wrong.Offers("MLP0012").Single(static offer => offer.Title.Contains("CrossEntropy", StringComparison.Ordinal)));

        Assert.Equal("[Input(2)]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy, LabelSmoothing = 0.1)]\npublic partial class Net;\n", mended.Text());
        AssertCompiles(mended);
    }

    [Fact]
    public void NewActivation_LosesTheSlopeThatItDoesNotRead() => AssertMended(
        "MLP0012",
        "[Input(2)]\n[Dense(1, LeakyRelu, Alpha = 0.1)]\n[Loss(BCE)]\npublic partial class Net;\n",
        "[Input(2)]\n[Dense(1, Sigmoid)]\n[Loss(BCE)]\npublic partial class Net;\n");

    [Theory]
    [InlineData("new[] { 1.0, 2.5, 3.0, 4.0 }", "new[] { 1.0, 2.5, 3.0 }")]
    [InlineData("new double[2] { 1, 2 }", "new double[3] { 1, 2, 1.0 }")]
    [InlineData("[2]", "[2, 1.0, 1.0]")]
    [InlineData("[]", "[1.0, 1.0, 1.0]")]
    public void ClassWeights_GetTheirLength(string written, string mended) => AssertMended(
        "MLP0041",
        $"[Input(2)]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy, ClassWeights = {written})]\npublic partial class Net;\n",
        $"[Input(2)]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy, ClassWeights = {mended})]\npublic partial class Net;\n");

    [Theory]
    [InlineData("20", "0.2")]
    [InlineData("1", "0.5")]
    [InlineData("-0.25", "0.25")]
    [InlineData("double.NaN", "0.5")]
    [InlineData("rate: 12.5", "rate: 0.125")]
    public void Rate_ComesIntoItsRange(string written, string rate) => AssertMended(
        "MLP0020",
        $"[Input(2)]\n[Dense(8, Relu)]\n[Dropout({written})]\n[Dense(1)]\npublic partial class Net;\n",
        $"[Input(2)]\n[Dense(8, Relu)]\n[Dropout({rate})]\n[Dense(1)]\npublic partial class Net;\n");

    [Theory]
    [InlineData("Dense(8, Relu, L1 = -0.5)", "Dense(8, Relu, L1 = 0.5)")]
    [InlineData("Dense(8, Relu, L2 = double.NaN)", "Dense(8, Relu)")]
    [InlineData("Dense(8, LeakyRelu, Alpha = -1e-2)", "Dense(8, LeakyRelu, Alpha = 1e-2)")]
    [InlineData("Dense(8, Relu, Normalization = Normalization.Batch, NormalizationMomentum = 10)", "Dense(8, Relu, Normalization = Normalization.Batch, NormalizationMomentum = 0.1)")]
    [InlineData("Dense(8, Relu, Normalization = Normalization.Layer, NormalizationEpsilon = 0)", "Dense(8, Relu, Normalization = Normalization.Layer)")]
    [InlineData("GaussianNoise(-0.1)] [Dense(8, Relu)", "GaussianNoise(0.1)] [Dense(8, Relu)")]
    public void Number_ComesIntoItsRange(string written, string mended) => AssertMended(
        "MLP0036",
        $"[Input(2)]\n[{written}]\n[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n",
        $"[Input(2)]\n[{mended}]\n[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n");

    [Theory]
    [InlineData("LabelSmoothing = 10", "LabelSmoothing = 0.1")]
    [InlineData("ClassWeights = [1, -2, 3]", "ClassWeights = [1, 2, 3]")]
    [InlineData("ClassWeights = [1, double.NaN, 3]", "ClassWeights = [1, 1, 3]")]
    public void NumberOfALoss_ComesIntoItsRange(string written, string mended) => AssertMended(
        "MLP0036",
        $"[Input(2)]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy, {written})]\npublic partial class Net;\n",
        $"[Input(2)]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy, {mended})]\npublic partial class Net;\n");

    [Theory]
    [InlineData("Colour", "[Dense(1, Sigmoid)]", "BCE", "[Dense(3, Softmax)]", "CrossEntropy")]
    [InlineData("Colour?", "[Dense(8)]", "MSE", "[Dense(3, Softmax)]", "CrossEntropy")]
    [InlineData("string", "[Dense(8)]", "MSE", "[Dense(8, Softmax)]", "CrossEntropy")]
    [InlineData("bool", "[Dense(2)]", "MSE", "[Dense(1, Sigmoid)]", "BCE")]
    [InlineData("float", "[Dense(4, Softmax)]", "CrossEntropy", "[Dense(1)]", "MSE")]
    public void NetworkInAnotherFile_GetsTheLossOfTheTarget(string type, string output, string loss, string newOutput, string newLoss)
    {
        FixHarness mended = FixHarness.Open(
            $"public enum Colour {{ Red, Green, Blue }}\npublic class Row\n{{\n    [Numeric] public float Width {{ get; set; }}\n    [Target] public {type} Answer {{ get; set; }} = default!;\n}}\n",
            $"[Input<Row>]\n[Dense(8, Relu)]\n{output}\n[Loss({loss})]\npublic partial class Net;\n").Fix("MLP0062");

        Assert.Equal($"[Input<Row>]\n[Dense(8, Relu)]\n{newOutput}\n[Loss({newLoss})]\npublic partial class Net;\n", mended.Text(1));
        AssertCompiles(mended);
    }

    [Fact]
    public void IntegerThatNumbersClasses_IsLeftToItsAuthor() => Assert.Empty(FixHarness.Open(
        "public record Row([Numeric] float Width, [Target] int Answer);\n[Input<Row>]\n[Dense(3, Softmax)]\n[Loss(CrossEntropy)]\npublic partial class Net;\n").Offers("MLP0062"));

    [Theory]
    [InlineData("net.TrainStep(new float[20], new float[7], adam)", "net.TrainStep(new float[7 * Net.InputSize], new float[7], adam)")]
    [InlineData("net.Predict(new float[4])", "net.Predict(new float[Net.InputSize])")]
    [InlineData("net.Predict(input: new float[2])", "net.Predict(input: new float[Net.InputSize])")]
    public void EmptyRows_GetTheirLength(string written, string mended)
    {
        const string Frame = """
            public static class Program
            {
                public static float Run(Net net, Adam adam) => {0};
            }

            [Input(3)]
            [Dense(8, Relu)]
            [Dense(1)]
            [Loss(MSE)]
            public partial class Net;
            """;
        FixHarness wrong = FixHarness.Open(Frame.Replace("{0}", written, StringComparison.Ordinal));
        FixHarness right = wrong.Fix("MLP0090");

        Assert.Equal(Frame.Replace("{0}", mended, StringComparison.Ordinal), right.Text());
        Assert.DoesNotContain(right.Report(), static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
    }

    [Fact]
    public void ClassCountOfALocal_IsSetWhereItIsMade() => AssertMended(
        "MLP0091",
        Classes.Replace("#", "5", StringComparison.Ordinal),
        Classes.Replace("#", "3", StringComparison.Ordinal));

    [Fact]
    public void CopyInAnEmbeddedStatement_IsLeftAlone() => Assert.Empty(
        FixHarness.Open("public static class Program\n{\n    public static void Run(Net net, bool now) { if (now) net.Clone(); }\n}\n" + Net).Offers("MLP0094"));

    [Fact]
    public void DeepNetworkOfManyWidths_IsNormalized()
    {
        string layers = string.Concat(Enumerable.Range(10, 10).Select(static units => $"[Dense({units}, Relu#)]\n"));
        string net = $"[Input(2)]\n{layers}[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n";

        AssertMended("MLP0089", net.Replace("#", "", StringComparison.Ordinal), net.Replace("#", ", Normalization = Normalization.Layer", StringComparison.Ordinal));
    }

    [Fact]
    public void TwoNoises_BecomeTheirVariance() => AssertMended(
        "MLP0023",
        "[Input(2)]\n[GaussianNoise(0.3)]\n[GaussianNoise(0.4)]\n[Dense(1)]\npublic partial class Net;\n",
        "[Input(2)]\n[GaussianNoise(0.5)]\n[Dense(1)]\npublic partial class Net;\n");

    [Fact]
    public void FillVectors_WidensResidualLayersWithTheirSource()
    {
        const string Frame = """
            [Input(2)]
            [Dense(#, Relu)]
            [Dense(#, Relu, Residual = true)]
            [Dense(#, Relu, Residual = true)]
            [Dense(1)]
            [Loss(MSE)]
            public partial class Net;
            """;
        FixHarness mended = FixHarness.Open(Frame.Replace("#", "30", StringComparison.Ordinal)).FixAll("MLP0095");

        Assert.Equal(Frame.Replace("#", "32", StringComparison.Ordinal), mended.Text());
    }

    [Fact]
    public void FillVectors_LeavesLayersThatTheInputIsAddedTo() => Assert.Empty(
        FixHarness.Open("[Input(30)]\n[Dense(30, Relu, Residual = true)]\n[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n").Offers("MLP0095"));

    [Fact]
    public void LayersOfOneName_GetDifferentOnes_AllAtOnce()
    {
        const string Frame = """
            [Input(2)]
            [Dense(8, Relu, Name = "Part")]
            [Dense(8, Relu, Name = "Part{0}")]
            [Dense(8, Relu, Name = "Part{1}")]
            [Dense(1)]
            public partial class Net;
            """;
        FixHarness mended = FixHarness.Open(string.Format(CultureInfo.InvariantCulture, Frame, "", "")).FixAll("MLP0026");

        Assert.Equal(string.Format(CultureInfo.InvariantCulture, Frame, "2", "3"), mended.Text());
    }

    [Fact]
    public void KeepOptimizer_LeavesTheOutermostLoop_AndTakesAFreeName() => AssertMended(
        "MLP0092",
        """
        public static class Program
        {
            public static void Run(Net net, float[] x, float[] y, int adam)
            {
                while (adam-- > 0)
                {
                    for (int i = 0; i < 9; i++)
                    {
                        net.TrainStep(x, y, new Adam(1e-3f));
                    }
                }
            }
        }
        """ + Net,
        """
        public static class Program
        {
            public static void Run(Net net, float[] x, float[] y, int adam)
            {
                Adam adam2 = new(1e-3f);
                while (adam-- > 0)
                {
                    for (int i = 0; i < 9; i++)
                    {
                        net.TrainStep(x, y, adam2);
                    }
                }
            }
        }
        """ + Net);

    [Fact]
    public void KeepOptimizer_MovesItsVariable() => AssertMended(
        "MLP0092",
        """
        public static class Program
        {
            public static void Run(Net net, float[] x, float[] y)
            {
                for (int i = 0; i < 9; i++)
                {
                    Sgd sgd = new(0.1f);
                    net.TrainStep(x, y, sgd);
                }
            }
        }
        """ + Net,
        """
        public static class Program
        {
            public static void Run(Net net, float[] x, float[] y)
            {
                Sgd sgd = new(0.1f);
                for (int i = 0; i < 9; i++)
                {
                    net.TrainStep(x, y, sgd);
                }
            }
        }
        """ + Net);

    [Fact]
    public void LearnStatistics_NeedsADataSet() => Assert.Empty(FixHarness.Open(
        """
        public static class Program
        {
            public static void Run(float[] x, float[] y)
            {
                Net net = new();
                Sgd sgd = new(0.1f);
                for (int i = 0; i < 9; i++)
                {
                    net.TrainStep(x, y, sgd);
                }
            }
        }

        [Input(2, Standardize = true)]
        [Dense(1)]
        [Loss(MSE)]
        public partial class Net;
        """).Offers("MLP0093"));

    [Fact]
    public void MoveDropout_LeavesAnOutputWithNormalization_ButOffersTheOther()
    {
        const string Frame =
            "[Input(4)]\n[Dense(32, Relu)]\n[Dropout(0.2)]\n[Dense(2, Normalization = Normalization.{0})]\n[Loss(MSE)]\npublic partial class Net;\n";
        FixHarness wrong = FixHarness.Open(string.Format(CultureInfo.InvariantCulture, Frame, "Batch, NormalizationMomentum = 0.2"));

        Assert.Equal(string.Format(CultureInfo.InvariantCulture, Frame, "Layer"), wrong.Apply(Assert.Single(wrong.Offers("MLP0085"))).Text());
    }

    [Fact]
    public void TwoNetworksInOneType_AreMendedAtOnce()
    {
        const string Frame = """
            public {0}class Outer
            {
                [Input(2)]
                [Dense(1)]
                private {0}class First;

                [Input(2)]
                [Dense(1)]
                private {0}class Second;
            }
            """;
        string closed = Frame.Replace("{0}", "", StringComparison.Ordinal);

        Assert.Equal(Frame.Replace("{0}", "partial ", StringComparison.Ordinal), FixHarness.Open(closed).FixAll("MLP0001").Text());
    }

    [Fact]
    public void DropoutBeforeTwoNormalizedLayers_IsMovedOnce()
    {
        const string Normalized = "[Dense(8, Relu, Normalization = Normalization.Batch)]\n";
        const string Frame = "[Input(4)]\n[Dense(32, Relu)]\n{0}" + Normalized + Normalized + "{1}[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n";
        FixHarness mended = FixHarness.Open(string.Format(CultureInfo.InvariantCulture, Frame, "[Dropout(0.2)]\n", "")).FixAll("MLP0085");

        Assert.Equal(string.Format(CultureInfo.InvariantCulture, Frame, "", "[Dropout(0.2)]\n"), mended.Text());
    }

    [Fact]
    public void OptimizersOfTwoLoops_AreMadeAtOnce()
    {
        FixHarness mended = FixHarness.Open(
            """
            public static class Program
            {
                public static void Run(Net net, float[] x, float[] y)
                {
                    for (int i = 0; i < 9; i++)
                    {
                        net.TrainStep(x, y, new Adam(1e-3f));
                    }

                    for (int i = 0; i < 9; i++)
                    {
                        net.TrainStep(x, y, new Sgd(1e-3f));
                        net.TrainStep(x, y, new Sgd(1e-3f));
                    }
                }
            }
            """ + Net).FixAll("MLP0092");

        Assert.DoesNotContain(mended.Report(), static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
    }

    /// <summary>The first offer makes one text of the other, and that compiles.</summary>
    private static void AssertMended(string id, string wrong, string right)
    {
        FixHarness mended = FixHarness.Open(wrong).Fix(id);
        Assert.Equal(right, mended.Text());
        AssertCompiles(mended);
    }

    private static void AssertCompiles(FixHarness project) =>
        Assert.DoesNotContain(project.Report(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
