using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Diagnostics;

/// <summary>Advice, where it belongs and nowhere else.</summary>
public class AdviceTests
{
    private const string Head = "[Input(4)] [Dense(8, Relu)] ";

    [Theory]
    [InlineData("[Input(4)] [{|MLP0080:Dense(8)|}] [Dense(16)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [{|MLP0080:Dense(8, Linear)|}] [Dropout(0.1)] [Dense(1, Sigmoid)] [Loss(BCE)]")]
    [InlineData("[Input(4)] [Dense(8)] [Dense(8, Tanh)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(8, Normalization = Normalization.Layer)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(1)] [Loss(MSE)]")]
    [InlineData(Head + "[Dense(1, {|MLP0081:Sigmoid|})] [Loss(MSE)]")]
    [InlineData(Head + "[Dense(activation: {|MLP0081:Tanh|}, units: 2)] [Loss(MSE)]")]
    [InlineData(Head + "[Dense(1, Sigmoid)] [Loss(BCE)]")]
    [InlineData(Head + "[Dense(1, Tanh)]")]
    [InlineData(Head + "[Dense(3, {|MLP0082:Softmax|})] [Loss(MSE)]")]
    [InlineData(Head + "[Dense(3, {|MLP0082:Softmax|})] [Loss(Huber)]")]
    [InlineData(Head + "[Dense(1, {|MLP0083:Sigmoid|})] [Loss(Hinge)]")]
    [InlineData(Head + "[Dense(1, {|MLP0083:Tanh|})] [Loss(Hinge)]")]
    [InlineData(Head + "[Dense(1)] [Loss(Hinge)]")]
    [InlineData(Head + "[Dense(1, {|MLP0084:Relu|})] [Loss(MAE)]")]
    [InlineData(Head + "[Dense(1, Softplus)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(8, Relu)] [Dropout(0.2)] [Dense(8, Relu, Normalization = {|MLP0085:Normalization.Batch|})] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dropout(0.2)] [Dense(8, Relu)] [Dense(8, Relu, Normalization = {|MLP0085:Normalization.Batch|})] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(8, Relu)] [Dropout(0.2)] [Dense(8, Relu, Normalization = Normalization.Layer)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(8, Relu, Normalization = Normalization.Batch)] [Dropout(0.2)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense({|MLP0086:1|}, Relu)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(8, Selu, Initializer = {|MLP0087:Initializer.HeNormal|})] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(4)] [Dense(8, Selu, Initializer = Initializer.LeCunNormal)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[{|MLP0088:Dense(8, Relu)|}] [Input(4)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Loss(MSE)] [Input(4)] [Dense(8, Relu)] [Dense(1)]")]
    [InlineData("[Input(2)] [{|MLP0089:Dense(8, Relu)|}, Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(1)]")]
    [InlineData("[Input(2)] [Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(8, Relu), Dense(1)]")]
    [InlineData("[Input(2)] [Dense(8)] [Dense(8)] [Dense(0)]")]
    public void OfADeclaration(string attributes) => AssertWarnings($"{attributes} public partial class Net;");

    [Theory]
    [InlineData("net.Predict({|MLP0090:[1f, 2f]|})")]
    [InlineData("net.Predict({|MLP0090:new float[4]|})")]
    [InlineData("net.Predict({|MLP0090:new[] { 1f, 2f }|})")]
    [InlineData("net.PredictClass({|MLP0090:[1, 2, 3, 4]|})")]
    [InlineData("net.TrainStep({|MLP0090:[1, 2, 3, 4]|}, [1], adam)")]
    [InlineData("net.ComputeGradients({|MLP0090:new float[10]|}, new float[3], new float[Net.ParameterCount])")]
    [InlineData("net.Predict({|MLP0090:stackalloc float[2]|})")]
    [InlineData("net.Predict({|MLP0090:stackalloc[] { 1f, 2f }|})")]
    [InlineData("net.Predict({|MLP0090:new float[Two]|})")]
    [InlineData("net.Predict(stackalloc float[Net.InputSize])")]
    [InlineData("net.Predict(some.AsSpan(0, 2))")]
    [InlineData("net.Predict([1, 2, 3])")]
    [InlineData("net.Predict([.. some, 1])")]
    [InlineData("net.Predict(some)")]
    [InlineData("net.Predict(new float[some.Length])")]
    [InlineData("net.TrainStep(new float[30], new float[10], adam)")]
    public void OfLengths(string call) => AssertWarnings(Program($"_ = {call};"));

    [Fact]
    public void OfLengths_ManyRowsMayBePredictedAtOnce() =>
        AssertWarnings(Program("net.Predict(new float[30], new float[10]); net.Predict({|MLP0090:new float[31]|}, new float[10]);"));

    [Theory]
    [InlineData("many.Train({|MLP0091:Dataset.FromLabels(some, [0, 1], inputSize: 3, classCount: 2)|});")]
    [InlineData("Dataset data = Dataset.FromLabels(some, [0, 1], 3, 5); many.Evaluate({|MLP0091:data|});")]
    [InlineData("Dataset set = Dataset.FromLabels(some, [0, 1], 3, 5); set = data; many.Evaluate(set);")]
    [InlineData("many.Train(Dataset.FromLabels(some, [0, 1], inputSize: 3, classCount: 4));")]
    [InlineData("many.Train(Dataset.FromLabels(some, [0, 1], inputSize: 3, classCount: some.Length));")]
    public void OfClasses(string body) => AssertWarnings(Program(body));

    [Theory]
    [InlineData("for (int i = 0; i < 9; i++) { net.TrainStep(some, some, {|MLP0092:new Adam(1e-3f)|}); }")]
    [InlineData("while (true) { Sgd sgd = {|MLP0092:new(0.1f, momentum: 0.9f)|}; net.TrainStep(some, some, sgd); }")]
    [InlineData("Sgd sgd = new(0.1f); foreach (float x in some) { net.TrainStep(some, some, sgd); }")]
    [InlineData("foreach (float x in some) { net.TrainStep(some, some, new Sgd(x)); }")]
    [InlineData("foreach (float x in some) { Optimizer sgd = new Sgd(0.1f); if (x > 1) { sgd = adam; } net.TrainStep(some, some, sgd); }")]
    [InlineData("do { for (int i = 0; i < 9; i++) { if (i > 1) { net.TrainStep(some, some, {|MLP0092:new Adam(1e-3f)|}); } } } while (some.Length > 3);")]
    [InlineData("foreach (float x in some) { System.Action later = () => net.TrainStep(some, some, new Adam(1e-3f)); Use(later); }")]
    [InlineData("net.TrainStep(some, some, new Sgd(0.1f));")]
    public void OfOptimizersInLoops(string body) => AssertWarnings(Program(body));

    [Theory]
    [InlineData("Scaled made = new(1); foreach (float x in some) { {|MLP0093:made.TrainStep(some, some, adam)|}; }")]
    [InlineData("Scaled made = new(1); made.LearnInputStatistics(data); foreach (float x in some) { made.TrainStep(some, some, adam); }")]
    [InlineData("Scaled made = new(1); made.Train(data); foreach (float x in some) { made.TrainStep(some, some, adam); }")]
    [InlineData("Scaled made = new(1); Use(made); foreach (float x in some) { made.TrainStep(some, some, adam); }")]
    [InlineData("Net made = new(1); foreach (float x in some) { made.TrainStep(some, some, adam); }")]
    [InlineData("Scaled made = Scaled.Load(\"file\"); foreach (float x in some) { made.TrainStep(some, some, adam); }")]
    public void OfStatistics(string body) => AssertWarnings(Program(body));

    [Theory]
    [InlineData("{|MLP0094:net.Clone()|};")]
    [InlineData("Net copy = net.Clone(); Use(copy);")]
    [InlineData("some.Clone();")]
    public void OfCopies(string body) => AssertWarnings(Program(body));

    [Theory]
    [InlineData("MLP0095", "'Layer1' has 30 units, which take the time of 32; 32 units cost nothing more")]
    [InlineData("MLP0096", "The weights of 'Layer2' take 1,171 KiB, more than the 1,024 KiB of a usual second-level cache, so that each batch reads them from farther away")]
    [InlineData("MLP0097", "A row of 'Net' takes 310,120 multiply-adds, 1,280,604 bytes of parameters, and about 20,016 ns on one core")]
    [InlineData("MLP0098", "'Net' has 320,151 weights; by the rule of thumb of weights ÷ error, it takes some 3,201,510 rows for an error of 10 %, fewer with dropout, L2 or early stopping")]
    public void OfSizes(string id, string message)
    {
        GeneratorRun run = GeneratorHarness.Run("[Input(4)] [Dense(30, Relu)] [Dense(10000, Relu)] [Dense(1)] [Loss(MSE)] public partial class Net;");
        Assert.Equal(message, GeneratorHarness.Advise(run.Compilation).Single(diagnostic => diagnostic.Id == id).GetMessage());
    }

    [Fact]
    public void OfTopLevelStatements() => AssertWarnings("""
        Net net = new(1);
        while (true)
        {
            net.TrainStep({|MLP0090:[1]|}, [1], {|MLP0092:new Adam(1e-3f)|});
            {|MLP0094:net.Clone()|};
        }

        [Input(2)] [Dense(8, Relu)] [Dense(1)] [Loss(MSE)] partial class Net;
        """);

    private static string Program(string body) => $$"""
        [Input(3)] [Dense(8, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Net;
        [Input(3, Standardize = true)] [Dense(8, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Scaled;
        [Input(3)] [Dense(8, Relu)] [Dense(4, Softmax)] [Loss(CrossEntropy)] public partial class Many;
        public static class Program
        {
            public static void Run(Net net, Many many, float[] some, Adam adam, Dataset data)
            {
                {{body}}
            }

            private const int Two = 2;

            private static void Use(object used) => _ = used;
        }
        """;

    private static void AssertWarnings(string marked)
    {
        MarkedSource source = MarkedSource.Parse(marked);
        Assert.Equal(
            source.Expected,
            GeneratorHarness.Advise(GeneratorHarness.Run(source.Text).Compilation)
                .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning)
                .Select(MarkedSource.Describe));
    }
}
