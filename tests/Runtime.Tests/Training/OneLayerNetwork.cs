using System.Runtime.CompilerServices;

namespace Mlp.Runtime.Tests.Training;

/// <summary>
/// A network of one dense layer in plain loops: Linear with MSE, Sigmoid with BCE, Softmax with CrossEntropy. It stands for what the
/// generator writes, and remembers the inputs of the steps that it was asked for.
/// </summary>
internal sealed class OneLayerNetwork : INetwork
{
    private readonly LossFunction _loss;
    private readonly DenseLayout _layer;
    private float[] _outputs = [];
    private float[] _losses = [];

    public OneLayerNetwork(
        int inputSize, int outputSize, LossFunction loss, bool standardize = false, int seed = 1, float[]? classWeights = null, float l1 = 0, float l2 = 0)
    {
        _loss = loss;
        Activation activation = loss switch
        {
            LossFunction.BCE => Activation.Sigmoid,
            LossFunction.CrossEntropy => Activation.Softmax,
            _ => Activation.Linear,
        };
        _layer = Layouts.Of(inputSize, loss, [("Layer1", outputSize, activation)]).Layers[0] with { L1 = l1, L2 = l2 };
        State = new NetworkState(new NetworkLayout(inputSize, standardize, loss, _layer) { ClassWeights = classWeights ?? [] }, seed);
        Gradients = new float[State.Layout.StoreSize];
    }

    public NetworkState State { get; }

    /// <summary>The inputs of every training step, where set to a list.</summary>
    public List<float[]>? Seen { get; set; }

    /// <summary>Is called as every training step begins.</summary>
    public Action? StepStarted { get; set; }

    /// <summary>The keys of the dropout's random numbers in every training step, where set to a list.</summary>
    public List<long>? StepKeys { get; set; }

    /// <summary>What <see cref="NetworkState.Threads"/> was in the last training step.</summary>
    public int ThreadsSeen { get; private set; }

    public float[] Parameters
    {
        get
        {
            float[] parameters = new float[State.Layout.ParameterCount];
            State.CopyParametersTo(parameters);
            return parameters;
        }
    }

    private float[] Gradients { get; }

    public float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
        TrainingSteps.TrainStep(this, inputs, targets, optimizer);

    public void ComputeLosses(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs, Span<float> losses)
    {
        int inputSize = _layer.Inputs;
        int outputSize = _layer.Outputs;
        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = ComputeRow(
                inputs.Slice(row * inputSize, inputSize),
                targets.Slice(row * outputSize, outputSize),
                outputs.Slice(row * outputSize, outputSize));
        }
    }

    public float Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink)
        where TSink : struct, IGradientSink, allows ref struct
    {
        StepStarted?.Invoke();
        ThreadsSeen = State.ThreadPolicy.Wanted;
        Seen?.Add(batch.Inputs.ToArray());
        StepKeys?.Add(batch.Step);
        if (_losses.Length < batch.Rows)
        {
            _losses = new float[batch.Rows];
            _outputs = new float[batch.Rows * _layer.Outputs];
        }

        Span<float> outputs = _outputs.AsSpan(0, batch.Rows * _layer.Outputs);
        Span<float> losses = _losses.AsSpan(0, batch.Rows);
        ComputeLosses(batch.Inputs, batch.Targets, outputs, losses);
        float mean = LossCheck.Mean(State, batch, losses);
        if (!batch.Outputs.IsEmpty)
        {
            outputs.CopyTo(batch.Outputs);
        }

        ComputeGradients(batch, outputs);
        for (int i = 0; i < Gradients.Length; i += 8)
        {
            Vec256 gradient = Vec256.Load(ref Gradients[i]);
            ref float parameter = ref Unsafe.Add(ref State.Parameters, i);
            if (i < _layer.BiasesOffset)
            {
                sink.Weights(gradient, ref parameter, (nuint)i);
            }
            else
            {
                sink.Biases(gradient, ref parameter, (nuint)i);
            }
        }

        return mean;
    }

    private float Input(ReadOnlySpan<float> row, int column) => State.Layout.Standardize
        ? (row[column] - State.InputMeans[column]) * State.InputScales[column]
        : row[column];

    private float ComputeRow(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs)
    {
        DenseLayer layer = State.View(0);
        double loss = 0;
        double sum = 0;
        for (int o = 0; o < outputs.Length; o++)
        {
            double z = layer.Biases[o];
            for (int i = 0; i < inputs.Length; i++)
            {
                z += Input(inputs, i) * layer.Weights[i, o];
            }

            outputs[o] = (float)(_loss switch
            {
                LossFunction.BCE => 1 / (1 + Math.Exp(-z)),
                LossFunction.CrossEntropy => Math.Exp(z),
                _ => z,
            });
            sum += outputs[o];
        }

        for (int o = 0; o < outputs.Length; o++)
        {
            outputs[o] = _loss == LossFunction.CrossEntropy ? (float)(outputs[o] / sum) : outputs[o];
            double y = outputs[o];
            double t = targets[o];
            loss += _loss switch
            {
                LossFunction.BCE => ((-t * Math.Log(y)) - ((1 - t) * Math.Log(1 - y))) / outputs.Length,
                LossFunction.CrossEntropy => -t * Math.Log(y) * (State.Layout.ClassWeights is { Length: > 0 } weights ? weights[o] : 1),
                _ => (y - t) * (y - t) / outputs.Length,
            };
        }

        return (float)loss;
    }

    private void ComputeGradients(in TrainingBatch batch, ReadOnlySpan<float> outputs)
    {
        int outputSize = _layer.Outputs;
        float factor = _loss switch
        {
            LossFunction.MSE => 2f / (batch.Rows * outputSize),
            LossFunction.BCE => 1f / (batch.Rows * outputSize),
            _ => 1f / batch.Rows,
        };
        Array.Clear(Gradients);
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int o = 0; o < outputSize; o++)
            {
                float delta = factor * (outputs[(row * outputSize) + o] - batch.Targets[(row * outputSize) + o]);
                Gradients[_layer.BiasesOffset + o] += delta;
                for (int i = 0; i < _layer.Inputs; i++)
                {
                    Gradients[(i * _layer.InputStride) + o] += delta * Input(batch.Inputs.Slice(row * _layer.Inputs, _layer.Inputs), i);
                }
            }
        }
    }
}
