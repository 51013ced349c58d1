namespace Generator.Tests.Infrastructure;

/// <summary>
/// The network of a <see cref="TestNetwork"/> in double precision, layer by layer, one row and one neuron at a time as textbooks write it. It
/// shares nothing with the generator or the runtime, so that the two can be compared.
/// </summary>
/// <param name="network">The architecture. Dropout and noise are off.</param>
/// <param name="parameters">
/// In parameter order: tables of embeddings [rows × length], an ensemble's scales [members × inputs], then for each layer weights [inputs × units] row-major,
/// biases, gains, shifts, the learned slope.
/// </param>
/// <param name="means">What is subtracted from each input column; none where inputs are not standardised.</param>
/// <param name="scales">What each centred input column is multiplied by.</param>
internal sealed class Interpreter(TestNetwork network, double[] parameters, double[]? means = null, double[]? scales = null)
{
    private readonly Dictionary<(int Layer, TensorKind Kind), int> _offsets =
        network.Tensors().ToDictionary(static tensor => (tensor.Layer, tensor.Kind), static tensor => tensor.Range.Start.Value);

    /// <summary>The parameters themselves, in parameter order.</summary>
    public double[] Parameters => parameters;

    /// <summary>
    /// Each layer's running means, which begin as 0; used where its normalization is by batch. The members of an ensemble have their last layers' own.
    /// </summary>
    public double[][] RunningMeans { get; } = [.. network.AllLayers.Select(static layer => new double[layer.Units])];

    /// <summary>Each layer's running variances, which begin as 1.</summary>
    public double[][] RunningVariances { get; } = [.. network.AllLayers.Select(static layer => Enumerable.Repeat(1.0, layer.Units).ToArray())];

    /// <summary>Outputs of every row, rows × OutputSize, with running statistics.</summary>
    public double[] Predict(double[] inputs) => [.. Outputs(network, Forward(inputs, Mode.Evaluation)).SelectMany(static row => row)];

    /// <summary>Outputs of every row from the values of a pass: those of an ensemble's members on average.</summary>
    public static double[][] Outputs(TestNetwork network, List<LayerValues> values)
    {
        LayerValues[] heads = [.. values.TakeLast(network.Members)];
        return [.. Enumerable.Range(0, heads[0].Outputs.Length).Select(row => Enumerable.Range(0, network.OutputSize).Select(o => heads.Average(head => head.Outputs[row][o])).ToArray())];
    }

    /// <summary>
    /// The loss of every row, without its sample weight; of an ensemble that of the members on average, in evaluation that of their average output.
    /// </summary>
    public double[] RowLosses(double[] inputs, double[] targets, Mode mode, double[]? weights = null)
    {
        List<LayerValues> values = Forward(inputs, mode, weights);
        if (network.Members > 1 && mode == Mode.Evaluation)
        {
            return [.. Targets(targets).Zip(Outputs(network, values), (target, y) => InterpreterLosses.RowLossOfMean(network, y, target))];
        }

        return [.. Targets(targets).Select((target, row) =>
            values.TakeLast(network.Members).Average(head => InterpreterLosses.RowLoss(network, head.PreActivations[row], head.Outputs[row], target)))];
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
                double[][] slopes = [.. values[^1].Outputs.Select(row => row.Select((_, o) => o == output ? 1.0 / network.Members : 0).ToArray())];
                return ByRawInputs(Backward(values, (head, _) => (ByPreActivations(head, values[head], slopes), slopes), static (_, _) => { }));
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
        foreach (int layer in network.NormalizedByBatch)
        {
            TestLayer dense = network.AllLayers[layer];
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
        double[] sharesOfAll = [.. Enumerable.Repeat(rowShares, network.Members).SelectMany(static share => share).Select(share => share / network.Members)];
        double[][] raw = [.. inputs.Chunk(network.InputSize)];
        double[][] standardised = [.. raw.Select(Expanded)];
        double[][] behind = OfMembers(standardised);
        List<LayerValues> values = [];
        for (int layer = 0; layer < network.AllLayers.Count; layer++)
        {
            // The last layers of an ensemble see the rows of their own member.
            TestLayer dense = network.AllLayers[layer];
            int member = layer - (network.Layers.Count - 1);
            double[][] x = member < 0 ? behind : [.. behind.Skip(member * rowShares.Length).Take(rowShares.Length)];
            double[] ownShares = member < 0 ? sharesOfAll : rowShares;
            double[][] sums = [.. x.Select(row => Sums(layer, row))];
            (double[][] normalized, double[][] deviations) = Normalize(layer, sums, mode, ownShares);
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

            values.Add(new LayerValues(x, sums, normalized, deviations, z, outputs, mode, ownShares) { Raw = raw, Standardised = standardised });
            behind = member < 0 ? outputs : behind;
        }

        return values;
    }

    /// <summary>The inputs that the members see, standardised and scaled, one member's rows behind another's.</summary>
    private double[][] OfMembers(double[][] standardised) =>
        [.. Enumerable.Range(0, network.Members).SelectMany(member => standardised.Select(row => row.Select((value, i) => value * MemberScale(member, i)).ToArray()))];

    /// <summary>What stands for a row of inputs: standardised numbers, and rows of tables in the place of their numbers.</summary>
    private double[] Expanded(double[] row) => [.. row.SelectMany((value, i) =>
        network.Tables.FirstOrDefault(table => table.Slot == i) is TestTable table ? parameters.Skip(StartOfRow(table, value)).Take(table.Length)
        : means is null ? [value]
        : (double[])[(value - means[i]) * scales![i]])];

    /// <summary>Index of the first parameter of a table's row.</summary>
    private int StartOfRow(TestTable table, double row) =>
        network.Tables.TakeWhile(other => other.Slot < table.Slot).Sum(static other => other.Rows * other.Length) + ((int)Math.Round(row) * table.Length);

    private double MemberScale(int member, int input) =>
        network.Members == 1 ? 1 : parameters[_offsets[(0, TensorKind.Scales)] + (member * network.ExpandedSize) + input];

    /// <summary>A layer's slope or scale, learned or declared.</summary>
    public double Alpha(int layer) =>
        network.AllLayers[layer].Activation == Activation.PRelu ? Parameter(layer, TensorKind.Slope, 0) : network.AllLayers[layer].Slope;

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
        TestLayer dense = network.AllLayers[layer];
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
        TestLayer dense = network.AllLayers[layer];
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
        double[] shares = Shares(targets, weights);
        bool isLogarithmic = InterpreterLosses.IsLogarithmic(network.Loss);
        return Backward(
            values,
            (head, output) =>
            {
                double[][] slopes =
                [
                    .. Targets(targets).Select((target, row) => (isLogarithmic
                        ? InterpreterLosses.ByPreActivations(network, output.PreActivations[row], output.Outputs[row], target)
                        : InterpreterLosses.ByOutputs(network, output.Outputs[row], target)).Select(slope => slope * shares[row] / network.Members).ToArray()),
                ];
                return isLogarithmic ? (slopes, []) : (ByPreActivations(head, output, slopes), slopes);
            },
            add);
    }

    /// <summary>Backpropagates through all layers.</summary>
    /// <param name="values">Those of the pass forward.</param>
    /// <param name="begin">
    /// Of a last layer, by its number and values, the derivatives with respect to its pre-activations and its outputs; none with respect to the outputs for
    /// losses of pre-activations, whose layer has neither a residual nor a learned slope.
    /// </param>
    /// <param name="add">Takes each term of a parameter's gradient.</param>
    /// <returns>Derivatives with respect to the standardised inputs, 0 for numbers of rows.</returns>
    private double[][] Backward(List<LayerValues> values, Func<int, LayerValues, (double[][] Deltas, double[][] Slopes)> begin, Action<int, double> add)
    {
        int first = network.Layers.Count - 1;
        double[][] slopes =
        [
            .. Enumerable.Range(first, network.Members).SelectMany(head =>
            {
                (double[][] deltas, double[][] byOutputs) = begin(head, values[head]);
                return ThroughLayer(head, values[head], deltas, byOutputs, add);
            }),
        ];
        for (int layer = first - 1; layer >= 0; layer--)
        {
            slopes = ThroughLayer(layer, values[layer], ByPreActivations(layer, values[layer], slopes), slopes, add);
        }

        return ThroughTables(values, network.Members == 1 ? slopes : ThroughScales(values, slopes, add), add);
    }

    private double[][] ThroughLayer(int layer, LayerValues values, double[][] deltas, double[][] slopes, Action<int, double> add)
    {
        TestLayer dense = network.AllLayers[layer];
        if (dense.Activation == Activation.PRelu)
        {
            foreach ((double z, double slope) in values.PreActivations.Zip(slopes, static (z, slope) => z.Zip(slope)).SelectMany(static row => row))
            {
                add(_offsets[(layer, TensorKind.Slope)], z > 0 ? 0 : slope * z);
            }
        }

        double[][] bySums = BySums(layer, values, deltas, add);
        double[][] byInputs = ByInputs(layer, values.Inputs, bySums, add);
        return dense.Residual ? [.. byInputs.Zip(slopes, static (row, slope) => row.Zip(slope, static (a, b) => a + b).ToArray())] : byInputs;
    }

    /// <summary>Through the scales of the members, which all see the same inputs.</summary>
    private double[][] ThroughScales(List<LayerValues> values, double[][] slopes, Action<int, double> add)
    {
        int rows = values[^1].Outputs.Length;
        double[][] byInputs = [.. Enumerable.Range(0, rows).Select(_ => new double[network.ExpandedSize])];
        for (int row = 0; row < slopes.Length; row++)
        {
            (int member, int rowOfInputs) = Math.DivRem(row, rows);
            for (int i = 0; i < network.ExpandedSize; i++)
            {
                add(_offsets[(0, TensorKind.Scales)] + (member * network.ExpandedSize) + i, slopes[row][i] * values[0].Standardised[rowOfInputs][i]);
                byInputs[rowOfInputs][i] += slopes[row][i] * MemberScale(member, i);
            }
        }

        return byInputs;
    }

    /// <summary>From what the first layer sees to the inputs.</summary>
    private double[][] ThroughTables(List<LayerValues> values, double[][] slopes, Action<int, double> add)
    {
        return [.. slopes.Select((slope, row) =>
        {
            Queue<double> rest = new(slope);
            return values[0].Raw[row].Select((value, i) =>
            {
                if (network.Tables.FirstOrDefault(table => table.Slot == i) is not TestTable table)
                {
                    return rest.Dequeue();
                }

                for (int index = 0; index < table.Length; index++)
                {
                    add(StartOfRow(table, value) + index, rest.Dequeue());
                }

                return 0;
            }).ToArray();
        })];
    }

    private double[][] ByPreActivations(int layer, LayerValues values, double[][] slopes)
    {
        Activation activation = network.AllLayers[layer].Activation;
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
        TestLayer dense = network.AllLayers[layer];
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
        TestLayer dense = network.AllLayers[layer];
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
    double[] RowShares)
{
    /// <summary>The network's inputs.</summary>
    public required double[][] Raw { get; init; }

    /// <summary>The network's inputs, with rows of tables in the place of their numbers, before the members of an ensemble scale them.</summary>
    public required double[][] Standardised { get; init; }
}
