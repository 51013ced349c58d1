namespace Mlp.Tool;

/// <summary>
/// Puts what a graph computes, step by step, into as few dense layers as it takes. What follows its layer at once becomes part of it; for anything else a layer
/// with a diagonal of weights is added.
/// </summary>
/// <param name="inputSize">Number of input columns.</param>
internal sealed class LayerChain(int inputSize)
{
    /// <summary>A layer with more weights than all the rest of a model is no service.</summary>
    private const int LargestDiagonal = 4096;

    /// <summary>The network as far as it is known.</summary>
    public ImportedNetwork Network { get; } = new() { InputSize = inputSize };

    /// <summary>Number of values that a row has now.</summary>
    public int Width => Network.OutputSize;

    private int _closed;
    private bool _hasBranch;

    /// <summary>The layer that can still be added to.</summary>
    private ImportedLayer? Last => Network.Layers.Count > _closed ? Network.Layers[^1] : null;

    /// <summary>Begins a branch: what comes next works on the present values, which are needed once more behind it.</summary>
    public void BeginBranch() => (_closed, _hasBranch) = (Network.Layers.Count, true);

    /// <summary>Each value times a factor plus a term.</summary>
    /// <param name="factors">[width]</param>
    /// <param name="terms">[width]</param>
    public void Scale(double[] factors, double[] terms)
    {
        if (Network.Layers.Count == 0 && !_hasBranch && Network.InputScales is null && factors.All(static factor => (float)factor > 0))
        {
            Network.InputScales = factors;
            Network.InputMeans = [.. factors.Zip(terms, static (factor, term) => -term / factor)];
            return;
        }

        if (Last is not { Activation: Activation.Linear, IsResidual: false })
        {
            AddDiagonal();
        }

        ImportedLayer layer = Last!;
        if (layer.Normalization != Normalization.None)
        {
            layer.Gains = Product(layer.Gains, factors);
            layer.Shifts = Sum(Product(layer.Shifts, factors), terms);
            return;
        }

        layer.Weights = [.. layer.Weights.Select((weight, at) => weight * factors[at % layer.Outputs])];
        double[] biases = Sum(layer.Biases is null ? new double[layer.Outputs] : Product(layer.Biases, factors), terms);
        layer.Biases = layer.Biases is null && biases.All(static bias => bias == 0) ? null : biases;
    }

    /// <summary><c>x·W + b</c>.</summary>
    /// <param name="weights">[width × outputs]</param>
    /// <param name="biases">[outputs], or null.</param>
    /// <param name="outputs">Number of outputs.</param>
    public void Multiply(double[] weights, double[]? biases, int outputs)
    {
        int inputs = Width;
        if (Last is { IsDiagonal: true, IsLinear: true } diagonal)
        {
            // (x·D + d)·W + b = x·(D·W) + (d·W + b)
            double[]? carried = diagonal.Biases;
            biases = carried is null ? biases : Sum(Product(carried, weights, outputs), biases ?? new double[outputs]);
            weights = [.. weights.Select((weight, at) => weight * diagonal.Weights[(at / outputs * inputs) + (at / outputs)])];
            Network.Layers.Remove(diagonal);
        }

        Network.Layers.Add(new ImportedLayer
        {
            Name = $"Layer{Network.Layers.Count + 1}",
            Inputs = inputs,
            Outputs = outputs,
            Weights = weights,
            Biases = biases,
        });
    }

    /// <summary>Batch normalization by running statistics.</summary>
    public void NormalizeByBatch(double[] gains, double[] shifts, double[] means, double[] variances, double epsilon)
    {
        if (Last is { IsLinear: true, IsDiagonal: false } layer && (float)epsilon > 0)
        {
            (layer.Normalization, layer.Epsilon) = (Normalization.Batch, epsilon);
            (layer.Gains, layer.Shifts, layer.RunningMeans, layer.RunningVariances) = (gains, shifts, means, variances);
            return;
        }

        double[] factors = [.. gains.Zip(variances, (gain, variance) => gain / Math.Sqrt(variance + epsilon))];
        Scale(factors, [.. shifts.Select((shift, at) => shift - (means[at] * factors[at]))]);
    }

    /// <summary>Layer normalization without gains and shifts.</summary>
    public void NormalizeRow(double epsilon)
    {
        if (Last is not { IsLinear: true })
        {
            AddDiagonal();
        }

        ImportedLayer layer = Last!;
        (layer.Normalization, layer.Epsilon) = (Normalization.Layer, epsilon);
        (layer.Gains, layer.Shifts) = ([.. Enumerable.Repeat(1.0, layer.Outputs)], new double[layer.Outputs]);
    }

    /// <summary>An activation of every value.</summary>
    public void Activate(Activation activation, double alpha)
    {
        if (Last is { IsResidual: true, Activation: Activation.Linear, Normalization: Normalization.None } sum)
        {
            // activation(x·W + b + x) = activation(x·(W + I) + b)
            sum.IsResidual = false;
            for (int i = 0; i < sum.Inputs; i++)
            {
                sum.Weights[(i * sum.Outputs) + i]++;
            }
        }
        else if (Last is not { Activation: Activation.Linear, IsResidual: false })
        {
            AddDiagonal();
        }

        (Last!.Activation, Last.Alpha) = (activation, alpha);
    }

    /// <summary>Adds the inputs of the last layer to its outputs.</summary>
    public void AddInputs() => Last!.IsResidual = true;

    /// <summary>The probability p of one sigmoid output becomes 1 − p and p: softmax of 0 and the same sum.</summary>
    /// <returns>False where the last layer is no such output.</returns>
    public bool SplitProbability()
    {
        if (Last is not { Activation: Activation.Sigmoid, Outputs: 1, Normalization: Normalization.None, IsResidual: false } layer)
        {
            return false;
        }

        layer.Weights = [.. layer.Weights.SelectMany(static weight => (double[])[0, weight])];
        layer.Biases = layer.Biases is [double bias] ? [0, bias] : null;
        (layer.Outputs, layer.Activation) = (2, Activation.Softmax);
        return true;
    }

    private static double[] Product(double[] left, double[] right) => [.. left.Zip(right, static (a, b) => a * b)];

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, static (a, b) => a + b)];

    private static double[] Product(double[] row, double[] weights, int outputs)
    {
        double[] product = new double[outputs];
        for (int at = 0; at < weights.Length; at++)
        {
            product[at % outputs] += row[at / outputs] * weights[at];
        }

        return product;
    }

    private void AddDiagonal()
    {
        int size = Width;
        if (size > LargestDiagonal)
        {
            throw new InvalidDataException(
                $"an activation, normalization or scale of {size} values follows no dense layer, and a layer of its own would take {size} × {size} weights");
        }

        double[] weights = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            weights[(i * size) + i] = 1;
        }

        Network.Layers.Add(new ImportedLayer { Name = $"Layer{Network.Layers.Count + 1}", Inputs = size, Outputs = size, Weights = weights, IsDiagonal = true });
    }
}
