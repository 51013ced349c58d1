namespace Generator.Tests.Infrastructure;

/// <summary>
/// The network of a <see cref="TestNetwork"/> in double precision, layer by layer, one row and one neuron at a time as textbooks write it. It
/// shares nothing with the generator or the runtime, so that the two can be compared.
/// </summary>
/// <param name="network">The architecture. Dropout and noise are off.</param>
/// <param name="parameters">In parameter order: for each layer weights [inputs × units] row-major, biases, gains, shifts, the learned slope.</param>
/// <param name="means">What is subtracted from each input column; none where inputs are not standardised.</param>
/// <param name="scales">What each centred input column is multiplied by.</param>
internal sealed class Interpreter(TestNetwork network, double[] parameters, double[]? means = null, double[]? scales = null)
{
    private readonly Dictionary<(int Layer, TensorKind Kind), int> _offsets =
        network.Tensors().ToDictionary(static tensor => (tensor.Layer, tensor.Kind), static tensor => tensor.Range.Start.Value);

    /// <summary>The parameters themselves, in parameter order.</summary>
    public double[] Parameters => parameters;

    /// <summary>Each layer's running means, which begin as 0; used where its normalization is by batch.</summary>
    public double[][] RunningMeans { get; } = [.. network.Layers.Select(static layer => new double[layer.Units])];

    /// <summary>Each layer's running variances, which begin as 1.</summary>
    public double[][] RunningVariances { get; } = [.. network.Layers.Select(static layer => Enumerable.Repeat(1.0, layer.Units).ToArray())];

    /// <summary>Outputs of every row, rows × OutputSize, with running statistics.</summary>
    public double[] Predict(double[] inputs) => [.. Forward(inputs, Mode.Evaluation)[^1].Outputs.SelectMany(static row => row)];

    /// <summary>The loss of every row, without its sample weight.</summary>
    public double[] RowLosses(double[] inputs, double[] targets, Mode mode, double[]? weights = null)
    {
        LayerValues output = Forward(inputs, mode, weights)[^1];
        return [.. Targets(targets).Select((target, row) => InterpreterLosses.RowLoss(network, output.PreActivations[row], output.Outputs[row], target))];
    }

    /// <summary>The mean loss, weighted where rows or classes have weights.</summary>
    public double Loss(double[] inputs, double[] targets, double[]? weights = null, Mode mode = Mode.Training) =>
        RowLosses(inputs, targets, mode, weights).Zip(Shares(targets, weights), static (loss, share) => loss * share).Sum();

    /// <summary>Gradient of the mean loss in parameter order, by backpropagation.</summary>
    public double[] Gradients(double[] inputs, double[] targets, double[]? weights = null)
    {
        double[] gradients = new double[parameters.Length];
        Backward(Forward(inputs, Mode.Training, weights), targets, weights, (parameter, term) => gradients[parameter] += term);
        return gradients;
    }

    /// <summary>Sums of the magnitudes of the gradients' terms: their size before cancellation.</summary>
    public double[] GradientTerms(double[] inputs, double[] targets, double[]? weights = null)
    {
        double[] sizes = new double[parameters.Length];
        Backward(Forward(inputs, Mode.Training, weights), targets, weights, (parameter, term) => sizes[parameter] += Math.Abs(term));
        return sizes;
    }

    /// <summary>Gradient of the mean loss with respect to the raw inputs, rows × InputSize.</summary>
    public double[] InputGradients(double[] inputs, double[] targets, double[]? weights = null) =>
        ByRawInputs(Backward(Forward(inputs, Mode.Training, weights), targets, weights, static (_, _) => { }));

    /// <summary>Derivatives of every output with respect to every raw input of its row, rows × OutputSize × InputSize, with running statistics.</summary>
    public double[] Jacobian(double[] inputs)
    {
        // With running statistics rows are independent, so one backward pass serves an output of all rows.
        List<LayerValues> values = Forward(inputs, Mode.Evaluation);
        int rows = values[^1].Outputs.Length;
        double[][] byOutput =
        [
            .. Enumerable.Range(0, network.OutputSize).Select(output =>
            {
                double[][] slopes = [.. values[^1].Outputs.Select(row => row.Select((_, o) => o == output ? 1.0 : 0).ToArray())];
                double[][] deltas = ByPreActivations(network.Layers.Count - 1, values[^1], slopes);
                return ByRawInputs(Backward(values, deltas, slopes, static (_, _) => { }));
            }),
        ];
        return [.. Enumerable.Range(0, rows).SelectMany(row => byOutput.SelectMany(slopes => slopes.Skip(row * network.InputSize).Take(network.InputSize)))];
    }

    /// <summary>Central difference of a function in one variable that it reads.</summary>
    public static double CentralDifference(double[] variables, int index, Func<double> function, double step = 1e-5)
    {
        double value = variables[index];
        variables[index] = value + step;
        double above = function();
        variables[index] = value - step;
        double below = function();
        variables[index] = value;
        return (above - below) / (2 * step);
    }

    /// <summary>What a training step of two rows or more that count does to the running statistics; the variance of a batch is the unbiased one here.</summary>
    public void UpdateRunningStatistics(double[] inputs, double[]? weights = null)
    {
        List<LayerValues> values = Forward(inputs, Mode.Training, weights);
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            TestLayer dense = network.Layers[layer];
            if (dense.Normalization != Normalization.Batch)
            {
                continue;
            }

            double[] shares = values[layer].RowShares;
            double correction = 1 / (1 - shares.Sum(static share => share * share));
            for (int o = 0; o < dense.Units; o++)
            {
                (double mean, double variance) = Statistics([.. values[layer].Sums.Select(row => row[o])], shares);
                variance *= correction;
                RunningMeans[layer][o] = ((1 - dense.Momentum) * RunningMeans[layer][o]) + (dense.Momentum * mean);
                RunningVariances[layer][o] = ((1 - dense.Momentum) * RunningVariances[layer][o]) + (dense.Momentum * variance);
            }
        }
    }

    /// <summary>All values of a pass, for the tests that ask how well-conditioned it is.</summary>
    public List<LayerValues> Forward(double[] inputs, Mode mode, double[]? weights = null)
    {
        double total = weights?.Sum() ?? 0;
        double[] rowShares = weights is null ? EqualShares(inputs.Length / network.InputSize) : [.. weights.Select(weight => weight / total)];
        double[][] x = [.. inputs.Chunk(network.InputSize).Select(row => means is null ? row : [.. row.Select((value, i) => (value - means[i]) * scales![i])])];
        List<LayerValues> values = [];
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            TestLayer dense = network.Layers[layer];
            double[][] sums = [.. x.Select(row => Sums(layer, row))];
            (double[][] normalized, double[][] deviations) = Normalize(layer, sums, mode, rowShares);
            double[][] z = dense.Normalization == Normalization.None ? sums
                : [.. normalized.Select(row => row.Select((n, o) => (n * Parameter(layer, TensorKind.Gains, o)) + Parameter(layer, TensorKind.Shifts, o)).ToArray())];
            double alpha = Alpha(layer);
            double[][] outputs = [.. z.Select(row => dense.Activation == Activation.Softmax
                ? InterpreterActivations.Softmax(row)
                : [.. row.Select(value => InterpreterActivations.Apply(dense.Activation, value, alpha))])];
            if (dense.Residual)
            {
                outputs = [.. outputs.Zip(x, static (row, input) => row.Zip(input, static (h, value) => h + value).ToArray())];
            }

            values.Add(new LayerValues(x, sums, normalized, deviations, z, outputs, mode, rowShares));
            x = outputs;
        }

        return values;
    }

    /// <summary>A layer's slope or scale, learned or declared.</summary>
    public double Alpha(int layer) =>
        network.Layers[layer].Activation == Activation.PRelu ? Parameter(layer, TensorKind.Slope, 0) : network.Layers[layer].Slope;

    /// <summary>Factor of each row's loss in the mean: 1/rows without weights.</summary>
    public double[] Shares(double[] targets, double[]? weights)
    {
        double[] samples = weights ?? [.. Enumerable.Repeat(1.0, targets.Length / network.OutputSize)];
        double total = samples.Zip(Targets(targets), (sample, target) => sample * InterpreterLosses.RowWeight(network, target)).Sum();
        return [.. samples.Select(sample => sample / total)];
    }

    private double Parameter(int layer, TensorKind kind, int index) => parameters[_offsets[(layer, kind)] + index];

    private IEnumerable<double[]> Targets(double[] targets) => targets.Chunk(network.OutputSize);

    private double[] Sums(int layer, double[] x)
    {
        TestLayer dense = network.Layers[layer];
        double[] z = new double[dense.Units];
        int weights = _offsets[(layer, TensorKind.Weights)];
        for (int o = 0; o < z.Length; o++)
        {
            z[o] = dense.Bias ? Parameter(layer, TensorKind.Biases, o) : 0;
            for (int i = 0; i < x.Length; i++)
            {
                z[o] += x[i] * parameters[weights + (i * z.Length) + o];
            }
        }

        return z;
    }

    /// <summary>Centres and scales; the second result is what was divided by, for every row and unit.</summary>
    private (double[][] Normalized, double[][] Deviations) Normalize(int layer, double[][] sums, Mode mode, double[] rowShares)
    {
        TestLayer dense = network.Layers[layer];
        if (dense.Normalization == Normalization.None)
        {
            return (sums, []);
        }

        bool isLayer = dense.Normalization == Normalization.Layer;
        (double Mean, double Variance)[] groups = isLayer ? [.. sums.Select(row => Statistics(row, EqualShares(dense.Units)))]
            : mode == Mode.Evaluation ? [.. RunningMeans[layer].Zip(RunningVariances[layer])]
            : [.. Enumerable.Range(0, dense.Units).Select(o => Statistics([.. sums.Select(row => row[o])], rowShares))];
        double[][] normalized = [.. sums.Select(static row => new double[row.Length])];
        double[][] deviations = [.. sums.Select(static row => new double[row.Length])];
        for (int row = 0; row < sums.Length; row++)
        {
            for (int o = 0; o < dense.Units; o++)
            {
                (double mean, double variance) = groups[isLayer ? row : o];
                deviations[row][o] = Math.Sqrt(variance + dense.Epsilon);
                normalized[row][o] = (sums[row][o] - mean) / deviations[row][o];
            }
        }

        return (normalized, deviations);
    }

    /// <summary>Mean and variance of a group whose members have these shares in it.</summary>
    private static (double Mean, double Variance) Statistics(double[] group, double[] shares)
    {
        double mean = group.Zip(shares, static (value, share) => share * value).Sum();
        return (mean, group.Zip(shares, (value, share) => share * (value - mean) * (value - mean)).Sum());
    }

    private static double[] EqualShares(int count) => [.. Enumerable.Repeat(1.0 / count, count)];

    private double[][] Backward(List<LayerValues> values, double[] targets, double[]? weights, Action<int, double> add)
    {
        LayerValues output = values[^1];
        double[] shares = Shares(targets, weights);
        bool isLogarithmic = InterpreterLosses.IsLogarithmic(network.Loss);
        double[][] slopes =
        [
            .. Targets(targets).Select((target, row) => (isLogarithmic
                ? InterpreterLosses.ByPreActivations(network, output.PreActivations[row], output.Outputs[row], target)
                : InterpreterLosses.ByOutputs(network, output.Outputs[row], target)).Select(slope => slope * shares[row]).ToArray()),
        ];
        return isLogarithmic
            ? Backward(values, slopes, byOutputs: null, add)
            : Backward(values, ByPreActivations(network.Layers.Count - 1, output, slopes), slopes, add);
    }

    /// <summary>Backpropagates through all layers.</summary>
    /// <param name="values">Those of the pass forward.</param>
    /// <param name="deltas">Derivatives with respect to the last pre-activations.</param>
    /// <param name="byOutputs">
    /// Derivatives with respect to the last outputs; null for losses of pre-activations, whose layer has neither a residual nor a learned slope.
    /// </param>
    /// <param name="add">Takes each term of a parameter's gradient.</param>
    /// <returns>Derivatives with respect to the standardised inputs.</returns>
    private double[][] Backward(List<LayerValues> values, double[][] deltas, double[][]? byOutputs, Action<int, double> add)
    {
        double[][] slopes = byOutputs ?? [];
        for (int layer = network.Layers.Count - 1; layer >= 0; layer--)
        {
            TestLayer dense = network.Layers[layer];
            if (dense.Activation == Activation.PRelu)
            {
                foreach ((double z, double slope) in values[layer].PreActivations.Zip(slopes, static (z, slope) => z.Zip(slope)).SelectMany(static row => row))
                {
                    add(_offsets[(layer, TensorKind.Slope)], z > 0 ? 0 : slope * z);
                }
            }

            double[][] bySums = BySums(layer, values[layer], deltas, add);
            double[][] byInputs = ByInputs(layer, values[layer].Inputs, bySums, add);
            if (dense.Residual)
            {
                byInputs = [.. byInputs.Zip(slopes, static (row, slope) => row.Zip(slope, static (a, b) => a + b).ToArray())];
            }

            slopes = byInputs;
            deltas = layer > 0 ? ByPreActivations(layer - 1, values[layer - 1], slopes) : [];
        }

        return slopes;
    }

    private double[][] ByPreActivations(int layer, LayerValues values, double[][] slopes)
    {
        Activation activation = network.Layers[layer].Activation;
        double alpha = Alpha(layer);
        return [.. slopes.Select((slope, row) => activation == Activation.Softmax
            ? ThroughSoftmax(values.Outputs[row], slope)
            : [.. slope.Select((s, o) => s * InterpreterActivations.Derivative(activation, values.PreActivations[row][o], alpha))])];

        static double[] ThroughSoftmax(double[] y, double[] slope)
        {
            double mean = y.Zip(slope, static (y, s) => y * s).Sum();
            return [.. y.Select((value, o) => value * (slope[o] - mean))];
        }
    }

    /// <summary>Through gain, shift and normalization.</summary>
    private double[][] BySums(int layer, LayerValues values, double[][] deltas, Action<int, double> add)
    {
        TestLayer dense = network.Layers[layer];
        if (dense.Normalization == Normalization.None)
        {
            return deltas;
        }

        double[][] slopes = [.. deltas.Select(row => row.Select((delta, o) => delta * Parameter(layer, TensorKind.Gains, o)).ToArray())];
        double[][] bySums = [.. deltas.Select(static row => new double[row.Length])];
        for (int row = 0; row < deltas.Length; row++)
        {
            for (int o = 0; o < dense.Units; o++)
            {
                add(_offsets[(layer, TensorKind.Gains)] + o, deltas[row][o] * values.Normalized[row][o]);
                add(_offsets[(layer, TensorKind.Shifts)] + o, deltas[row][o]);
                double centred = slopes[row][o];
                if (dense.Normalization == Normalization.Layer || values.Mode == Mode.Training)
                {
                    // The members of the group whose mean and variance this one shares.
                    (double Slope, double Normalized)[] group = dense.Normalization == Normalization.Layer
                        ? [.. slopes[row].Zip(values.Normalized[row])]
                        : [.. slopes.Select((slope, r) => (slope[o], values.Normalized[r][o]))];
                    double share = dense.Normalization == Normalization.Layer ? 1.0 / dense.Units : values.RowShares[row];
                    centred -= share * group.Sum(static member => member.Slope);
                    centred -= share * values.Normalized[row][o] * group.Sum(static member => member.Slope * member.Normalized);
                }

                bySums[row][o] = centred / values.Deviations[row][o];
            }
        }

        return bySums;
    }

    /// <summary>Through the weights.</summary>
    private double[][] ByInputs(int layer, double[][] inputs, double[][] deltas, Action<int, double> add)
    {
        TestLayer dense = network.Layers[layer];
        int weights = _offsets[(layer, TensorKind.Weights)];
        double[][] slopes = [.. inputs.Select(static row => new double[row.Length])];
        for (int row = 0; row < inputs.Length; row++)
        {
            for (int o = 0; o < dense.Units; o++)
            {
                for (int i = 0; i < inputs[row].Length; i++)
                {
                    int weight = weights + (i * dense.Units) + o;
                    add(weight, inputs[row][i] * deltas[row][o]);
                    slopes[row][i] += parameters[weight] * deltas[row][o];
                }

                if (dense.Bias)
                {
                    add(_offsets[(layer, TensorKind.Biases)] + o, deltas[row][o]);
                }
            }
        }

        return slopes;
    }

    private double[] ByRawInputs(double[][] slopes) =>
        [.. slopes.SelectMany(row => row.Select((slope, i) => slope * (scales?[i] ?? 1)))];
}

/// <summary>Which statistics batch normalization uses.</summary>
internal enum Mode
{
    Training,
    Evaluation,
}

/// <summary>A layer's values of one pass, each one [row][unit].</summary>
/// <param name="Inputs">The outputs of the layer below.</param>
/// <param name="Sums">x·W + b.</param>
/// <param name="Normalized">The sums centred and scaled, or the sums themselves.</param>
/// <param name="Deviations">What they were divided by; empty without normalization.</param>
/// <param name="PreActivations">What the activation is applied to.</param>
/// <param name="Outputs">Activations, plus the inputs where the layer is residual.</param>
/// <param name="Mode">Which statistics were used.</param>
/// <param name="RowShares">Each row's share in the batch's own statistics.</param>
internal sealed record LayerValues(
    double[][] Inputs,
    double[][] Sums,
    double[][] Normalized,
    double[][] Deviations,
    double[][] PreActivations,
    double[][] Outputs,
    Mode Mode,
    double[] RowShares);
