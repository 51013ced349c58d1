namespace Generator.Tests.Infrastructure;

/// <summary>A random network with parameters and a batch on which single precision can be expected to agree with double.</summary>
internal sealed class RandomSample
{
    private const int Attempts = 30;

    private Type? _type;

    private RandomSample(TestNetwork network, RandomNetworks random)
    {
        Network = network;
        Parameters = random.Parameters(network);
        Means = random.Uniform(network.Standardize ? network.InputSize : 0, 0.5);
        Scales = [.. random.Uniform(Means.Length, 0.5).Select(static value => 1 + value)];
        RunningMeans = [.. network.AllLayers.Select(layer => random.Uniform(layer.Units, 0.3))];
        RunningVariances = [.. network.AllLayers.Select(layer => random.Uniform(layer.Units, 0.5).Select(static value => 1 + value).ToArray())];
        Interpreter = NewInterpreter();
        Rows = random.Rows(network);
        Inputs = random.Inputs(network, Rows);
        Targets = random.Targets(network, Rows);
        Weights = random.Weights(Rows);
    }

    public TestNetwork Network { get; }

    public float[] Parameters { get; }

    public Interpreter Interpreter { get; }

    public int Rows { get; }

    public float[] Inputs { get; }

    public float[] Targets { get; }

    /// <summary>Sample weights; null where all rows count alike.</summary>
    public float[]? Weights { get; }

    /// <summary>The compiled network with these parameters, for tests that do not train it.</summary>
    public CompiledNetwork Net => field ??= NewNet();

    public double[] DoubleInputs => RandomNetworks.Doubles(Inputs);

    public double[] DoubleTargets => RandomNetworks.Doubles(Targets);

    public double[]? DoubleWeights => Weights is null ? null : RandomNetworks.Doubles(Weights);

    private float[] Means { get; }

    private float[] Scales { get; }

    private float[][] RunningMeans { get; }

    private float[][] RunningVariances { get; }

    /// <summary>Draws and compiles networks.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which.</param>
    /// <param name="refused">How many architectures had no well-conditioned batch within reach and were replaced.</param>
    public static IReadOnlyList<RandomSample> Draw(int count, int seed, out int refused)
    {
        List<RandomSample> samples = Interpreted(count, seed, out refused);
        foreach ((RandomSample sample, Type type) in samples.Zip(CompiledNetwork.Compile(samples.Select(static sample => sample.Network))))
        {
            sample._type = type;
        }

        return samples;
    }

    /// <summary>Draws networks that are interpreted alone.</summary>
    public static List<RandomSample> Interpreted(int count, int seed, out int refused)
    {
        RandomNetworks random = new(seed);
        List<RandomSample> samples = [];
        refused = 0;
        while (samples.Count < count)
        {
            RandomSample sample = new(random.Network($"Random{samples.Count}"), random);
            if (sample.AvoidsKinks(random))
            {
                samples.Add(sample);
            }
            else
            {
                refused++;
            }
        }

        return samples;
    }

    /// <summary>A fresh network of the class, with the sample's parameters and statistics.</summary>
    public CompiledNetwork NewNet()
    {
        CompiledNetwork net = new(_type!);
        net.LoadParameters(Parameters);
        Means.CopyTo(net.State.InputMeans);
        Scales.CopyTo(net.State.InputScales);
        foreach (int layer in Network.NormalizedByBatch)
        {
            RunningMeans[layer].CopyTo(net.State.RunningMeans(layer));
            RunningVariances[layer].CopyTo(net.State.RunningVariances(layer));
        }

        return net;
    }

    /// <summary>The interpreter with the sample's parameters and statistics.</summary>
    public Interpreter NewInterpreter() => NewInterpreter(RandomNetworks.Doubles(Parameters));

    /// <summary>
    /// How far a result in double moves when inputs and parameters are perturbed by as much as rounding them to single precision may, as a share of
    /// its largest magnitude, or of 0.01: the best accuracy that single precision allows.
    /// </summary>
    public double Movement(Func<Interpreter, double[], double[]> result)
    {
        const double HalfUnit = 1.0 / (1 << 24);
        double[] exact = result(Interpreter, DoubleInputs);
        Random random = new(1);
        double[] Moved(double[] values) => [.. values.Select(value => value * (1 + (HalfUnit * ((2 * random.NextDouble()) - 1))))];
        double movement = Enumerable.Range(0, 10).Max(_ =>
            result(NewInterpreter(Moved(RandomNetworks.Doubles(Parameters))), Moved(DoubleInputs)).Zip(exact, static (a, b) => Math.Abs(a - b)).Max());
        return movement / exact.Select(Math.Abs).Append(0.01).Max();
    }

    public override string ToString() => $"{Rows} rows, {Network}";

    private Interpreter NewInterpreter(double[] parameters)
    {
        Interpreter interpreter = Network.Standardize
            ? new(Network, parameters, RandomNetworks.Doubles(Means), RandomNetworks.Doubles(Scales))
            : new(Network, parameters);
        for (int layer = 0; layer < RunningMeans.Length; layer++)
        {
            RandomNetworks.Doubles(RunningMeans[layer]).CopyTo(interpreter.RunningMeans[layer], 0);
            RandomNetworks.Doubles(RunningVariances[layer]).CopyTo(interpreter.RunningVariances[layer], 0);
        }

        return interpreter;
    }

    /// <summary>Draws the rows again that are badly conditioned, until none is.</summary>
    private bool AvoidsKinks(RandomNetworks random)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (Conditioning.HasFlatUnit(Network, Interpreter, DoubleInputs, DoubleWeights))
            {
                return false;
            }

            int[] bad = Conditioning.BadRows(Network, Interpreter, DoubleInputs, DoubleTargets, DoubleWeights);
            if (bad.Length == 0)
            {
                return true;
            }

            foreach (int row in bad)
            {
                random.Inputs(Network, 1).CopyTo(Inputs, row * Network.InputSize);
                random.Targets(Network, 1).CopyTo(Targets, row * Network.OutputSize);
            }
        }

        return false;
    }
}
