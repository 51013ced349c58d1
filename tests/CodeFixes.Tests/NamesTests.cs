using Microsoft.CodeAnalysis;

namespace CodeFixes.Tests;

/// <summary>Names that users bring along from other libraries, or mistype, are answered with ours.</summary>
public class NamesTests
{
    [Theory]
    [InlineData("CS0103", "[Dense(8, ReLU)]", "[Dense(8, Relu)]")]
    [InlineData("CS0103", "[Dense(8, nn.ReLU)]", "[Dense(8, Relu)]")]
    [InlineData("CS0103", "[Dense(8, nn.ReLU())]", "[Dense(8, Relu)]")]
    [InlineData("CS0103", "[Dense(8, activation: Swish)]", "[Dense(8, activation: Silu)]")]
    [InlineData("CS0103", "[Dense(8, Leaky_ReLU)]", "[Dense(8, LeakyRelu)]")]
    [InlineData("CS0103", "[Dense(8, Sigmoyd)]", "[Dense(8, Sigmoid)]")]
    [InlineData("CS0117", "[Dense(8, Activation.GELU)]", "[Dense(8, Gelu)]")]
    [InlineData("CS0117", "[Dense(8, Relu, Initializer = Initializer.KaimingNormal)]", "[Dense(8, Relu, Initializer = Initializer.HeNormal)]")]
    [InlineData("CS0117", "[Dense(8, Relu, Normalization = Normalization.BatchNorm1d)]", "[Dense(8, Relu, Normalization = Normalization.Batch)]")]
    [InlineData("CS0103", "[Dense(8, Relu, Initializer = Xavier)]", "[Dense(8, Relu, Initializer = Initializer.GlorotUniform)]")]
    [InlineData("CS1503", "[Dense(8, \"relu\")]", "[Dense(8, Relu)]")]
    [InlineData("CS0246", "[Dense(8, Relu, UseBias = false)]", "[Dense(8, Relu, Bias = false)]")]
    [InlineData("CS0246", "[Dense(8, Relu, Normalisation = Normalization.Layer)]", "[Dense(8, Relu, Normalization = Normalization.Layer)]")]
    [InlineData("CS0246", "[Linear(8, Relu)]", "[Dense(8, Relu)]")]
    [InlineData("CS0246", "[nn.Linear(2, 8)]", "[Dense(8)]")]
    [InlineData("CS0246", "[Dence(8, Relu)]", "[Dense(8, Relu)]")]
    [InlineData("CS0029", "[Dense(8, Relu, Initializer = \"he\")]", "[Dense(8, Relu, Initializer = Initializer.HeUniform)]")]
    [InlineData("CS0029", "[Dense(8, Relu, Bias = \"false\")]", "[Dense(8, Relu, Bias = false)]")]
    [InlineData("CS0029", "[Dense(8, Relu, L2 = \"1e-4\")]", "[Dense(8, Relu, L2 = 1e-4)]")]
    [InlineData("CS1503", "[Dense(\"8\", Relu)]", "[Dense(8, Relu)]")]
    [InlineData("CS0617", "[Dense(8, Activation = Relu)]", "[Dense(8, activation: Relu)]")]
    [InlineData("CS0246", "[Dense(units = 8, activation = Relu)]", "[Dense(units: 8, activation: Relu)]")]
    public void NameOfAnotherLibrary_BecomesOurs(string id, string written, string ours)
    {
        const string Frame = "[Input(2)]\n{0}\n[Dense(1, Relu)]\n[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n";
        FixHarness mended = FixHarness.Open(Frame.Replace("{0}", written, StringComparison.Ordinal)).Fix(id);

        Assert.Equal(Frame.Replace("{0}", ours, StringComparison.Ordinal), mended.Text());
        Assert.DoesNotContain(mended.Report(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("[Dense(3, Softmax)]", "CategoricalCrossEntropy", "CrossEntropy")]
    [InlineData("[Dense(3, Softmax)]", "CrossEntropyLoss", "CrossEntropy")]
    [InlineData("[Dense(3, Softmax)]", "SparseCategoricalCrossentropy", "CrossEntropy")]
    [InlineData("[Dense(3, Sigmoid)]", "BinaryCrossEntropy", "BCE")]
    [InlineData("[Dense(3, Sigmoid)]", "BCEWithLogitsLoss", "BCE")]
    [InlineData("[Dense(3)]", "MeanSquaredError", "MSE")]
    [InlineData("[Dense(3)]", "SmoothL1Loss", "Huber")]
    [InlineData("[Dense(3)]", "mse_loss", "MSE")]
    public void LossOfAnotherLibrary_BecomesOurs(string output, string written, string ours)
    {
        FixHarness mended = FixHarness.Open($"[Input(2)]\n{output}\n[Loss({written})]\npublic partial class Net;\n").Fix("CS0103");

        Assert.Contains($"[Loss({ours})]", mended.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(mended.Report(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("CS0246", "Numerc", "Numeric")]
    [InlineData("CS0246", "Numeric(Skale = Scale.Robust)", "Numeric(Scale = Scale.Robust)")]
    [InlineData("CS0117", "Numeric(Scale = Scale.Standart)", "Numeric(Scale = Scale.Standard)")]
    [InlineData("CS0029", "Numeric(Clip = \"3\")", "Numeric(Clip = 3)")]
    public void NamesOnRecords_AreMendedToo(string id, string written, string ours)
    {
        const string Frame = "public record Row([{0}] float Width, [Target] float Height);\n[Input<Row>]\n[Dense(1)]\n[Loss(MSE)]\npublic partial class Net;\n";
        FixHarness mended = FixHarness.Open(Frame.Replace("{0}", written, StringComparison.Ordinal)).Fix(id);

        Assert.Equal(Frame.Replace("{0}", ours, StringComparison.Ordinal), mended.Text());
        Assert.DoesNotContain(mended.Report(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void SettingOfTheInput_MaySpellAnotherWay()
    {
        FixHarness mended = FixHarness.Open("[Input(2, Standardise = true)]\n[Dense(1)]\npublic partial class Net;\n").Fix("CS0246");
        Assert.StartsWith("[Input(2, Standardize = true)]", mended.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Dense(8, Quux)]", "CS0103")]
    [InlineData("[Dense(Width, Relu)]", "CS0103")]
    [InlineData("[Serializable2]", "CS0246")]
    [InlineData("[Dense(\"wide\", Relu)]", "CS1503")]
    [InlineData("[Dense(8, Relu, Bias = 0)]", "CS0029")]
    public void NameThatResemblesNone_IsLeftAlone(string written, string id) =>
        Assert.Empty(FixHarness.Open($"[Input(2)]\n{written}\n[Dense(1)]\npublic partial class Net;\n").Offers(id));

    [Fact]
    public void OtherAttributes_AreLeftAlone() =>
        Assert.Empty(FixHarness.Open("[Linear(8)]\npublic class Line;\n").Offers("CS0246"));
}
