using Generator.Tests.Infrastructure;

namespace Generator.Tests.Contract;

/// <summary>Predictions of one network on many threads at once.</summary>
public class ConcurrencyTests
{
    private const int Threads = 8;
    private const int Calls = 100_000;
    private const int Inputs = 64;

    public static TheoryData<string> Networks => new()
    {
        // Straight-line code, and tiles with standardised inputs.
        "[Input(5)] [Dense(9, Tanh)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Net;",
        "[Input(20, Standardize = true)] [Dense(40, Relu)] [Dense(33, Tanh)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Net;",
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void PredictionsOnEightThreads_AreTheSerialOnes(string source)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(source, "Net"), seed: 1);
        int inputSize = net.Constant("InputSize");
        float[] inputs = new float[Inputs * inputSize];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = MathF.Sin(i);
        }

        float[] serial = new float[Inputs * 3];
        int[] classes = new int[Inputs];
        for (int row = 0; row < Inputs; row++)
        {
            net.Predict(Rows(row, 1), serial.AsSpan(3 * row, 3));
            classes[row] = net.PredictClass(Rows(row, 1));
        }

        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => Run(number)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Equal(0, wrong);

        // Every thread goes through rows and numbers of rows in an order of its own: one row, several, and a class.
        void Run(int number)
        {
            float[] outputs = new float[3 * 9];
            for (int call = number; call < Calls; call += Threads)
            {
                int row = call * (number + 1) % Inputs;
                int rows = call % 3 == 0 ? Math.Min(9, Inputs - row) : 1;
                Span<float> predicted = outputs.AsSpan(0, 3 * rows);
                bool right = true;
                if (call % 5 == 0)
                {
                    right = net.PredictClass(Rows(row, 1)) == classes[row];
                }
                else
                {
                    net.Predict(Rows(row, rows), predicted);
                    right = predicted.SequenceEqual(serial.AsSpan(3 * row, 3 * rows));
                }

                if (!right)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }

        ReadOnlySpan<float> Rows(int row, int count) => inputs.AsSpan(row * inputSize, count * inputSize);
    }
}
