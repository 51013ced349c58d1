using System.Text.Json;
using Mlp.Runtime.Tests.Serialization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Optimizers;

/// <summary>The network of the optimizers' reference vectors, tanh then softmax, with its gradient in double precision.</summary>
internal sealed class ReferenceNetwork
{
    private readonly float[][] _inputs;
    private readonly float[][] _targets;
    private int _steps;

    public ReferenceNetwork(JsonElement start)
    {
        _inputs = Rows(start.GetProperty("inputs"));
        _targets = Rows(start.GetProperty("targets"));
        int[] units = [.. start.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("units").GetInt32())];
        NetworkLayout layout = Layouts.Of(
            _inputs[0].Length, LossFunction.CrossEntropy, [("Layer1", units[0], Activation.Tanh), ("Layer2", units[1], Activation.Softmax)]);
        State = new NetworkState(layout, seed: 0);
        State.LoadParameters(Ordered(start));
    }

    public NetworkState State { get; }

    /// <summary>Weights and biases of a JSON object in parameter order.</summary>
    public static float[] Ordered(JsonElement parameters) =>
    [
        .. parameters.GetProperty("weights").EnumerateArray().Zip(parameters.GetProperty("biases").EnumerateArray())
            .SelectMany(layer => Rows(layer.First).Append(Row(layer.Second)).SelectMany(row => row)),
    ];

    /// <summary>Makes full-batch steps up to this number.</summary>
    public void StepTo(int step, Optimizer optimizer)
    {
        for (; _steps < step; _steps++)
        {
            TrainingSteps.ApplyGradients(State, [.. Gradients().Select(value => (float)value)], optimizer);
        }
    }

    private static float[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(Row)];

    private static float[] Row(JsonElement row) => [.. row.EnumerateArray().Select(value => value.GetSingle())];

    private double[] Gradients()
    {
        float[] parameters = FileBytes.ParametersOf(State);
        (int inputs, int hidden, int outputs) = (State.Layout.InputSize, State.Layout.Layers[0].Outputs, State.Layout.OutputSize);
        int biases1 = inputs * hidden;
        int weights2 = biases1 + hidden;
        int biases2 = weights2 + (hidden * outputs);
        double[] gradients = new double[parameters.Length];
        for (int row = 0; row < _inputs.Length; row++)
        {
            double[] h = [.. Enumerable.Range(0, hidden).Select(j => Math.Tanh(
                parameters[biases1 + j] + Enumerable.Range(0, inputs).Sum(i => (double)_inputs[row][i] * parameters[(i * hidden) + j])))];
            double[] e = [.. Enumerable.Range(0, outputs).Select(o => Math.Exp(
                parameters[biases2 + o] + Enumerable.Range(0, hidden).Sum(j => h[j] * parameters[weights2 + (j * outputs) + o])))];
            double[] delta2 = [.. e.Select((value, o) => ((value / e.Sum()) - _targets[row][o]) / _inputs.Length)];
            double[] delta1 = [.. h.Select((value, j) =>
                (1 - (value * value)) * delta2.Select((delta, o) => delta * parameters[weights2 + (j * outputs) + o]).Sum())];
            for (int j = 0; j < hidden; j++)
            {
                gradients[biases1 + j] += delta1[j];
                for (int i = 0; i < inputs; i++)
                {
                    gradients[(i * hidden) + j] += _inputs[row][i] * delta1[j];
                }

                for (int o = 0; o < outputs; o++)
                {
                    gradients[weights2 + (j * outputs) + o] += h[j] * delta2[o];
                }
            }

            for (int o = 0; o < outputs; o++)
            {
                gradients[biases2 + o] += delta2[o];
            }
        }

        return gradients;
    }
}
