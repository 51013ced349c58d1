using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>
/// The interpreter's backpropagation against central differences of its own loss, for the random networks that <see cref="RandomNetworkTests"/>
/// compares with it.
/// </summary>
public class InterpreterTests(ITestOutputHelper output)
{
    private const int Probes = 12;
    private const int MaxRows = 5;

    // Error of the difference quotient: rounding of the loss over the step, and the third derivative times its square.
    private const double Tolerance = 1e-7;

    [Fact]
    public void Gradients_AgreeWithCentralDifferences()
    {
        IReadOnlyList<RandomSample> samples = RandomSample.Interpreted(RandomNetworkTests.Count, RandomNetworkTests.Seed, out int refused);
        Closeness.Report report = new();
        int compared = 0;
        int skipped = 0;
        foreach (RandomSample sample in samples)
        {
            TestNetwork network = sample.Network;
            Interpreter interpreter = sample.Interpreter;
            int rows = Math.Min(sample.Rows, MaxRows);
            double[] inputs = sample.DoubleInputs[..(rows * network.InputSize)];
            double[] targets = sample.DoubleTargets[..(rows * network.OutputSize)];
            double[]? weights = sample.DoubleWeights?[..rows];
            int first = FirstDifferentiable(network);

            Probe("parameter", interpreter.Parameters, interpreter.Gradients(inputs, targets, weights), first, Loss);
            if (first == 0)
            {
                Probe("input", inputs, interpreter.InputGradients(inputs, targets, weights), 0, Loss);
                double[] jacobian = interpreter.Jacobian(inputs);
                for (int o = 0; o < network.OutputSize; o += 1 + (network.OutputSize / 3))
                {
                    // The derivatives of one output of the first row.
                    Probe("Jacobian", inputs, jacobian[(o * network.InputSize)..((o + 1) * network.InputSize)], 0, () => interpreter.Predict(inputs)[o]);
                }
            }

            double Loss() => interpreter.Loss(inputs, targets, weights);

            void Probe(string name, double[] variables, double[] gradients, int start, Func<double> function)
            {
                Random random = new(RandomNetworkTests.Seed);
                double largest = gradients.Select(Math.Abs).Append(1).Max();
                for (int i = 0; i < Probes && start < gradients.Length; i++)
                {
                    int variable = random.Next(start, gradients.Length);
                    int[]? pieces = null;
                    bool isSmooth = true;
                    double difference = Interpreter.CentralDifference(variables, variable, () =>
                    {
                        int[] here = Conditioning.Pieces(network, interpreter, inputs, targets, weights);
                        isSmooth &= here.AsSpan().SequenceEqual(pieces ??= here);
                        return function();
                    });
                    if (isSmooth)
                    {
                        compared++;
                        report.Add($"{name} {variable} of {sample}", Math.Abs(difference - gradients[variable]) / largest, Tolerance);
                    }
                    else
                    {
                        skipped++;
                    }
                }
            }
        }

        output.WriteLine($"{samples.Count} networks, {refused} replaced as badly conditioned, {compared} derivatives, {skipped} beside a kink; largest error {report.Worst:g3}: {report.WorstName}");
        Assert.True(skipped * 50 < compared);
        report.AssertAllClose();
    }

    /// <summary>The first parameter above the last Step or Sign, whose derivatives are a convention.</summary>
    private static int FirstDifferentiable(TestNetwork network)
    {
        int last = Enumerable.Range(-1, network.Layers.Count + 1)
            .Last(layer => layer < 0 || network.Layers[layer].Activation is Activation.Step or Activation.Sign);
        return last < 0 ? 0 : network.Tensors().Where(tensor => tensor.Layer > last && last < network.Layers.Count - 1).Select(static tensor => tensor.Range.Start.Value).DefaultIfEmpty(network.ParameterCount).First();
    }
}
