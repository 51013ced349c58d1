using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Diagnostics;

/// <summary>
/// Where the compiler does not understand one attribute, it says so, and nothing else is wrong for it: the other mistakes of the declaration are still told, none
/// is made up, and what calls the network compiles.
/// </summary>
public class TypoTests
{
    private const string Network = """
        [Input(2, Standardize = true)]
        [GaussianNoise(0.1)]
        [Dense({|MLP0015:0|}, Relu)]
        [Dense(8, Relu, Name = "Hidden")]
        [Dropout(0.2)]
        [Dense(1)]
        [Ensemble(4)]
        [Loss(MSE, StandardizeTargets = true)]
        public partial class Net;

        public static class Program
        {
            public static float Run(Dataset data, Adam adam)
            {
                Net net = new(seed: Net.InputSize) { Threads = 1 };
                net.Train(data);
                for (int i = 0; i < 9; i++)
                {
                    net.TrainStep([1, 2], [3], adam);
                }

                net.Hidden.Weights[0, 0] = 1;
                net.Layer1.Biases[0] = net.Layer3.GetHashCode();
                return Net.Load("net").Predict([0, 1]);
            }
        }
        """;

    private const string Record = """
        public enum Species { Setosa, Versicolor, Virginica }

        public record Flower(
            [Numeric(Scale = Scale.Robust, Clip = {|MLP0036:-1|})] float Width,
            [Category(Capacity = 8)] string Colour,
            [Time(Cycles.DayOfYear)] System.DateTime Picked,
            [Group] string Meadow,
            [Weight] float Certainty,
            [Target] Species Species);

        [Input<Flower>]
        [Dense(8, Relu)]
        [Dense(3, Softmax)]
        [Loss(CrossEntropy)]
        public partial class Net;

        public static class Program
        {
            public static float[] Run(Flower[] rows)
            {
                Net net = new(seed: 1);
                net.Train(rows);
                return net.Predict(rows[0]);
            }
        }
        """;

    [Theory]
    [InlineData("Input(2, Standardize = true)", "Input(2, Standardise = true)", "CS0246")]
    [InlineData("Input(2, Standardize = true)", "Input(2, Standardize = 1)", "CS0029")]
    [InlineData("Input(2, Standardize = true)", "Input(\"2\", Standardize = true)", "CS1503")]
    [InlineData("Input(2, Standardize = true)", "Input(size = 2)", "CS0246", "CS7036")]
    [InlineData("Input(2, Standardize = true)", "Input(2, 3)", "CS1729")]
    [InlineData("Input(2, Standardize = true)", "Input(Two)", "CS0103")]
    [InlineData("Input(2, Standardize = true)", "Input", "CS7036")]
    [InlineData("Input(2, Standardize = true)", "Input()", "CS7036")]
    [InlineData("Input(2, Standardize = true)", "Inputs(2, Standardize = true)", "CS0246", "CS0246")]
    [InlineData("GaussianNoise(0.1)", "GaussianNoise(\"0.1\")", "CS1503")]
    [InlineData("GaussianNoise(0.1)", "GaussianNoise", "CS7036")]
    [InlineData("GaussianNoise(0.1)", "GaussianNoise(0.1, Seed = 3)", "CS0246")]
    [InlineData("GaussianNoise(0.1)", "GausianNoise(0.1)", "CS0246", "CS0246")]
    [InlineData("Dense(8, Relu,", "Dense(8, \"relu\",", "CS1503")]
    [InlineData("Dense(8, Relu,", "Dense(8, ReLU,", "CS0103")]
    [InlineData("Dense(8, Relu,", "Dense(8, Activation.ReLU,", "CS0117")]
    [InlineData("Dense(8, Relu,", "Dense(Relu, 8,", "CS1503", "CS1503")]
    [InlineData("Dense(8, Relu,", "Dense(activation: Relu, units: \"8\",", "CS1503")]
    [InlineData("Dense(8, Relu,", "Dense(8, activity: Relu,", "CS1739")]
    [InlineData("Dense(8, Relu,", "Dense(8, Activation = Relu,", "CS0617")]
    [InlineData("Dense(8, Relu,", "Dense(8, Relu, Residul = true,", "CS0246")]
    [InlineData("Dense(8, Relu,", "Dense(8, Relu, Residual = \"yes\",", "CS0029")]
    [InlineData("Dense(8, Relu,", "Dense(8, Relu, Initializer = \"he\",", "CS0029")]
    [InlineData("Dense(8, Relu,", "Dense(8, Relu, Initializer = Initializer.Xavier,", "CS0117")]
    [InlineData("Dense(8, Relu,", "Dense(8, Relu, L2 = \"0.1\",", "CS0029")]
    [InlineData("Dense(8, Relu,", "Dence(8, Relu,", "CS0246", "CS0246")]
    [InlineData("Dense(8, Relu,", "Linear(2, 8,", "CS0246", "CS0246")]
    [InlineData("[Dense(1)]", "[Dense(1, Sigmoyd)]", "CS0103")]
    [InlineData("[Dense(1)]", "[Dense(1, \"sigmoid\")]", "CS1503")]
    [InlineData("[Dense(1)]", "[Linear(1)]", "CS0246", "CS0246")]
    [InlineData("Dropout(0.2)", "Dropout(\"0.2\")", "CS1503")]
    [InlineData("Dropout(0.2)", "Dropout(rate = 0.2)", "CS0246", "CS7036")]
    [InlineData("Dropout(0.2)", "Dropout", "CS7036")]
    [InlineData("Dropout(0.2)", "DropOut(0.2)", "CS0246", "CS0246")]
    [InlineData("Ensemble(4)", "Ensemble(\"4\")", "CS1503")]
    [InlineData("Ensemble(4)", "Ensemble", "CS7036")]
    [InlineData("Ensemble(4)", "Ensemble(4, Seed = 1)", "CS0246")]
    [InlineData("Loss(MSE,", "Loss(\"mse\",", "CS1503")]
    [InlineData("Loss(MSE,", "Loss(Mse,", "CS0103")]
    [InlineData("Loss(MSE,", "Loss(LossFunction.Mse,", "CS0117")]
    [InlineData("Loss(MSE,", "Loss(Relu,", "CS1503")]
    [InlineData("Loss(MSE,", "Loss(MSE, StandardiseTargets = true,", "CS0246")]
    [InlineData("Loss(MSE,", "Loss(MSE, Delta = \"1\",", "CS0029")]
    [InlineData("Loss(MSE,", "Loss(MSE, ClassWeights = 3,", "CS0029")]
    [InlineData("[Loss(MSE, StandardizeTargets = true)]", "[Loss(CrossEntropy)] [Frozen]", "CS0246", "CS0246")]
    [InlineData("[Loss(MSE, StandardizeTargets = true)]", "[Dropout(0.5)] [Loss(Poisson)] [Residual]", "CS0616")]
    [InlineData("Loss(MSE,", "Loss(", "CS7036")]
    [InlineData("Loss(MSE,", "Los(MSE,", "CS0246", "CS0246")]
    [InlineData("[Ensemble(4)]", "[Weights(3)]", "CS1503")]
    [InlineData("[Ensemble(4)]", "[Weights]", "CS7036")]
    [InlineData("[Ensemble(4)]", "[Serializable2]", "CS0246", "CS0246")]
    public void OfANetwork(string written, string mistyped, params string[] told) => AssertTold(Network, written, mistyped, told);

    [Theory]
    [InlineData("Scale = Scale.Robust", "Scale = Scale.Robst", "CS0117")]
    [InlineData("Scale = Scale.Robust", "Scale = \"robust\"", "CS0029")]
    [InlineData("Scale = Scale.Robust", "Skale = Scale.Robust", "CS0246")]
    [InlineData("Category(Capacity = 8)", "Category(8)", "CS1729")]
    [InlineData("Category(Capacity = 8)", "Category(Capacity = \"8\")", "CS0029")]
    [InlineData("Category(Capacity = 8)", "Categorie(Capacity = 8)", "CS0246", "CS0246")]
    [InlineData("Time(Cycles.DayOfYear)", "Time(Cycles.Daily)", "CS0117")]
    [InlineData("Time(Cycles.DayOfYear)", "Time(\"day\")", "CS1503")]
    [InlineData("Time(Cycles.DayOfYear)", "Time", "CS7036")]
    [InlineData("[Group]", "[Group(1)]", "CS1729")]
    [InlineData("[Weight]", "[Weight(1)]", "CS1729")]
    [InlineData("[Target]", "[Target(3)]", "CS1729")]
    [InlineData("[Target]", "[Targets]", "CS0246", "CS0246")]
    public void OfARecord(string written, string mistyped, params string[] told) => AssertTold(Record, written, mistyped, told);

    [Fact]
    public void ARecordThatThereIsNot_IsToldOnce() => AssertTold(
        "[Input<Flower>] [Dense({|MLP0015:0|}, Relu)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Net;", "Flower", "Flour", "CS0246");

    [Fact]
    public void WhereInputIsMissing_CallsCompile() => AssertTold(
        Network.Replace("[Input(2, Standardize = true)]\n", "", StringComparison.Ordinal), "[GaussianNoise(0.1)]", "[{|MLP0010:GaussianNoise(0.1)|}]");

    private static void AssertTold(string marked, string written, string mistyped, params string[] told)
    {
        MarkedSource source = MarkedSource.Parse(marked.Replace(written, mistyped, StringComparison.Ordinal));

        GeneratorRun run = GeneratorHarness.Run(source.Text);

        Diagnostic[] errors = [.. run.CompilerDiagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        Assert.True(
            told.SequenceEqual(errors.Select(static diagnostic => diagnostic.Id).Order(StringComparer.Ordinal)), string.Join("\n", errors.Select(static error => error.ToString())));
        Assert.Equal(
            source.Expected,
            run.Reported.Concat(GeneratorHarness.Advise(run.Compilation).Where(static advice => advice.Severity == DiagnosticSeverity.Warning)).Select(MarkedSource.Describe));
    }
}
