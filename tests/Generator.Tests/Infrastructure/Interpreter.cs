namespace Generator.Tests.Infrastructure;

/// <summary>
/// The network of a <see cref="TestNetwork"/> in double precision, one row and one neuron at a time as textbooks write it. It shares nothing with
/// the generator or the runtime, so that the two can be compared.
/// </summary>
/// <param name="network">The architecture.</param>
/// <param name="parameters">In parameter order: layer by layer, weights [inputs × outputs] row-major, then biases.</param>
/// <param name="means">What is subtracted from each input column; none where inputs are not standardised.</param>
/// <param name="scales">What each centred input column is multiplied by.</param>
internal sealed class Interpreter(TestNetwork network, double[] parameters, double[]? means = null, double[]? scales = null)
{
    /// <summary>Outputs of every row, rows × OutputSize.</summary>
    public double[] Predict(double[] inputs) =>
        [.. inputs.Chunk(network.InputSize).SelectMany(row => Forward(row)[^1].Outputs)];

    /// <summary>The mean loss.</summary>
    public double Loss(double[] inputs, double[] targets)
    {
        double sum = 0;
        foreach ((double[] row, double[] target) in Rows(inputs, targets))
        {
            sum += RowLoss(Forward(row)[^1], target);
        }

        return sum / (inputs.Length / network.InputSize);
    }

    /// <summary>Gradient of the mean loss in parameter order, by backpropagation.</summary>
    public double[] Gradients(double[] inputs, double[] targets)
    {
        double[] gradients = new double[parameters.Length];
        foreach ((double[] row, double[] target) in Rows(inputs, targets))
        {
            Backward(row, target, 1.0 / (inputs.Length / network.InputSize), gradients);
        }

        return gradients;
    }

    /// <summary>Slope of the mean loss along one parameter, from two losses beside it.</summary>
    public double CentralDifference(double[] inputs, double[] targets, int parameter, double step = 1e-5)
    {
        double value = parameters[parameter];
        parameters[parameter] = value + step;
        double above = Loss(inputs, targets);
        parameters[parameter] = value - step;
        double below = Loss(inputs, targets);
        parameters[parameter] = value;
        return (above - below) / (2 * step);
    }

    /// <summary>How near to ReLU's kink any pre-activation of a row lies, those that are exactly 0 aside: infinite without ReLU.</summary>
    public double DistanceToKink(double[] row) => Forward(row)
        .Skip(1)
        .Zip(network.Layers)
        .Where(static pair => pair.Second.Activation == Activation.Relu)
        .SelectMany(static pair => pair.First.PreActivations)
        .Where(static z => z != 0)
        .Select(Math.Abs)
        .DefaultIfEmpty(double.PositiveInfinity)
        .Min();

    private IEnumerable<(double[] Row, double[] Target)> Rows(double[] inputs, double[] targets) =>
        inputs.Chunk(network.InputSize).Zip(targets.Chunk(network.OutputSize));

    /// <summary>The inputs as item 0, then one item a layer.</summary>
    private List<Values> Forward(double[] row)
    {
        double[] standardized = means is null ? row : [.. row.Select((x, column) => (x - means[column]) * scales![column])];
        List<Values> values = [new(standardized, standardized)];
        int offset = 0;
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            TestLayer dense = network.Layers[layer];
            double[] x = values[layer].Outputs;
            double[] z = new double[dense.Units];
            for (int o = 0; o < z.Length; o++)
            {
                z[o] = dense.Bias ? parameters[offset + (x.Length * dense.Units) + o] : 0;
                for (int i = 0; i < x.Length; i++)
                {
                    z[o] += x[i] * parameters[offset + (i * dense.Units) + o];
                }
            }

            values.Add(new Values(z, Activate(dense.Activation, z)));
            offset += network.Size(layer).Parameters;
        }

        return values;
    }

    private void Backward(double[] row, double[] target, double share, double[] gradients)
    {
        List<Values> values = Forward(row);
        double[] delta = OutputDelta(values[^1], target, share);
        int offset = parameters.Length;
        for (int layer = network.Layers.Count - 1; layer >= 0; layer--)
        {
            TestLayer dense = network.Layers[layer];
            offset -= network.Size(layer).Parameters;
            double[] x = values[layer].Outputs;
            double[] slope = new double[x.Length];
            for (int o = 0; o < dense.Units; o++)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    gradients[offset + (i * dense.Units) + o] += x[i] * delta[o];
                    slope[i] += parameters[offset + (i * dense.Units) + o] * delta[o];
                }

                if (dense.Bias)
                {
                    gradients[offset + (x.Length * dense.Units) + o] += delta[o];
                }
            }

            if (layer > 0)
            {
                delta = [.. slope.Select((s, i) => s * Derivative(network.Layers[layer - 1].Activation, values[layer].PreActivations[i]))];
            }
        }
    }

    private static double[] Activate(Activation activation, double[] z) => activation switch
    {
        Activation.Linear => z,
        Activation.Relu => [.. z.Select(static z => z > 0 ? z : 0)],
        Activation.Sigmoid => [.. z.Select(Sigmoid)],
        Activation.Tanh => [.. z.Select(Math.Tanh)],
        Activation.Softmax => [.. z.Select(value => Math.Exp(value - LogSumExp(z)))],
        _ => throw new NotSupportedException(activation.ToString()),
    };

    private static double Derivative(Activation activation, double z) => activation switch
    {
        Activation.Linear => 1,
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.Sigmoid => Sigmoid(z) * Sigmoid(-z),
        Activation.Tanh => 1 / (Math.Cosh(z) * Math.Cosh(z)),
        _ => throw new NotSupportedException(activation.ToString()),
    };

    /// <summary>The row's loss, a mean over outputs but for cross-entropy; from pre-activations where the loss takes logarithms of outputs.</summary>
    private double RowLoss(Values output, double[] target) => network.Loss switch
    {
        LossFunction.MSE => output.Outputs.Zip(target, static (y, t) => (y - t) * (y - t)).Average(),
        LossFunction.BCE => output.PreActivations.Zip(target, static (z, t) => Math.Max(z, 0) - (z * t) + Math.Log(1 + Math.Exp(-Math.Abs(z)))).Average(),
        LossFunction.CrossEntropy => output.PreActivations.Zip(target, (z, t) => t * (LogSumExp(output.PreActivations) - z)).Sum(),
        _ => throw new NotSupportedException(network.Loss.ToString()),
    };

    /// <summary>Slope of the row's share of the loss along each of the last pre-activations.</summary>
    private double[] OutputDelta(Values output, double[] target, double share)
    {
        Activation activation = network.Layers[^1].Activation;
        int count = target.Length;
        return network.Loss switch
        {
            LossFunction.MSE =>
                [.. Enumerable.Range(0, count).Select(o => share / count * 2 * (output.Outputs[o] - target[o]) * Derivative(activation, output.PreActivations[o]))],
            LossFunction.BCE => [.. output.Outputs.Zip(target, (y, t) => share / count * (y - t))],
            LossFunction.CrossEntropy => [.. output.Outputs.Zip(target, (y, t) => share * ((y * target.Sum()) - t))],
            _ => throw new NotSupportedException(network.Loss.ToString()),
        };
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double LogSumExp(double[] z) => z.Max() + Math.Log(z.Sum(value => Math.Exp(value - z.Max())));

    private sealed record Values(double[] PreActivations, double[] Outputs);
}
