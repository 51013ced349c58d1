using Generator.Tests.Infrastructure;

namespace Generator.Tests.Correctness;

/// <summary>Truth tables that small networks learn exactly. Training is bit-exact, so what a seed learns it learns everywhere.</summary>
public class BooleanFunctionTests
{
    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    public void Xor_IsLearnedByTwoHiddenUnits(Activation activation) => AssertLearned(
        // Two units are the fewest that can, and from some beginnings they end in a local minimum.
        new TestNetwork("Net", 2, [new(2, activation), new(1, Activation.Sigmoid)], LossFunction.BCE), static bits => bits[0] ^ bits[1], seed: 2);

    [Fact]
    public void ParityOfFour_IsLearned() => AssertLearned(
        new TestNetwork("Net", 4, [new(8, Activation.Tanh), new(1, Activation.Sigmoid)], LossFunction.BCE),
        static bits => bits[0] ^ bits[1] ^ bits[2] ^ bits[3]);

    [Theory]
    [InlineData(8, Activation.Tanh)]
    [InlineData(70, Activation.Relu)]
    public void ACompoundFunction_IsLearned(int units, Activation activation) => AssertLearned(
        new TestNetwork("Net", 4, [new(units, activation), new(1, Activation.Sigmoid)], LossFunction.BCE),
        static bits =>
        {
            (bool a, bool x, bool y, bool z) = (bits[0], bits[1], bits[2], bits[3]);
            return ((a & !x & z) | (a & !y)) & ((x & y) | !(x & z));
        });

    [Fact]
    public void And_IsLearnedByOnePerceptron() => AssertLearned(
        // Squared error and a derivative taken as 1 make Rosenblatt's rule: weights move by the error times the input.
        new TestNetwork("Net", 3, [new(1, Activation.Step)], LossFunction.MSE), static bits => bits[0] & bits[1] & bits[2], new Sgd(0.05f));

    private static void AssertLearned(TestNetwork network, Func<bool[], bool> function, Optimizer? optimizer = null, int seed = 1)
    {
        bool[][] rows = [.. Enumerable.Range(0, 1 << network.InputSize).Select(row => Enumerable.Range(0, network.InputSize).Select(bit => (row >> bit & 1) == 1).ToArray())];
        float[] inputs = [.. rows.SelectMany(static row => row).Select(static bit => bit ? 1f : 0f)];
        float[] targets = [.. rows.Select(row => function(row) ? 1f : 0f)];
        CompiledNetwork net = new(CompiledNetwork.Compile([network])[0], seed);
        optimizer ??= new Adam(0.05f);
        for (int step = 0; step < 1000; step++)
        {
            net.TrainStep(inputs, targets, optimizer);
        }

        float[] outputs = new float[targets.Length];
        net.Predict(inputs, outputs);
        Assert.All(outputs.Zip(targets), static pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.1));
    }
}
