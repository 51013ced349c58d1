using Generator.Tests.Infrastructure;

namespace Generator.Tests.Contract;

/// <summary>The members that the runtime calls throw and write nothing if other callers pass spans that do not fit.</summary>
public class WrongLengthTests
{
    private const int Rows = 20;

    public static TheoryData<string> Networks => new()
    {
        // Straight-line code, and tiles.
        "[Input(3)] [Dense(5, Tanh)] [Dense(2)] [Loss(MSE)] public partial class Net;",
        "[Input(3)] [Dense(64, Tanh)] [Dense(64, Tanh)] [Dense(2)] [Loss(MSE)] public partial class Net;",
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void ComputeLosses_ChecksEachSpan(string source)
    {
        INetwork network = (INetwork)new CompiledNetwork(CompiledNetwork.Compile(source, "Net"), seed: 1).Instance;
        network.ComputeLosses(new float[Rows * 3], new float[Rows * 2], new float[Rows * 2], new float[Rows]);
        foreach (int wrong in (int[])[-Rows, -1, 1, Rows])
        {
            AssertRefused((Rows * 3) + wrong, Rows * 2, Rows * 2, Rows);
            AssertRefused(Rows * 3, (Rows * 2) + wrong, Rows * 2, Rows);
            AssertRefused(Rows * 3, Rows * 2, (Rows * 2) + wrong, Rows);
            AssertRefused(Rows * 3, Rows * 2, Rows * 2, Rows + wrong);
        }

        AssertRefused(Rows * 3, Rows * 2, 3, Rows);

        void AssertRefused(int inputs, int targets, int outputs, int losses)
        {
            float[] written = [.. Enumerable.Repeat(7f, outputs)];
            float[] lost = [.. Enumerable.Repeat(7f, losses)];
            Assert.Throws<ArgumentException>(() => network.ComputeLosses(new float[inputs], new float[targets], written, lost));
            Assert.All(written.Concat(lost), static value => Assert.Equal(7, value));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Backpropagate_ChecksEachSpanOfTheBatch(string source)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(source, "Net"), seed: 1);
        float[] parameters = net.Parameters;
        foreach (int wrong in (int[])[-1, 1, Rows])
        {
            AssertRefused((Rows * 3) + wrong, Rows * 2, 0, 0, Rows);
            AssertRefused(Rows * 3, (Rows * 2) + wrong, 0, 0, Rows);
            AssertRefused(Rows * 3, Rows * 2, Rows + wrong, 0, Rows);
            AssertRefused(Rows * 3, Rows * 2, 0, (Rows * 2) + wrong, Rows);
            AssertRefused(Rows * 3, Rows * 2, 0, 0, Rows + wrong);
        }

        AssertRefused(Rows * 3, Rows * 2, 0, 0, rows: -1);
        Assert.Equal(parameters, net.Parameters);

        void AssertRefused(int inputs, int targets, int weights, int outputs, int rows)
        {
            float[] written = [.. Enumerable.Repeat(7f, outputs)];
            Assert.Throws<ArgumentException>(() => ((INetwork)net.Instance).Backpropagate(
                new TrainingBatch(new float[inputs], new float[targets], new float[weights], rows) { Outputs = written },
                default(UnexpectedSink)));
            Assert.All(written, static value => Assert.Equal(7, value));
        }
    }

    private readonly struct UnexpectedSink : IGradientSink
    {
        public void Expect(ref readonly float parameter, nuint index) => Assert.Fail("The batch was not refused.");

        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> => Assert.Fail("The batch was not refused.");

        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V> => Assert.Fail("The batch was not refused.");
    }
}
