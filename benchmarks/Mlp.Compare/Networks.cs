namespace Mlp.Compare;

/// <summary>What a worker calls of a generated network.</summary>
internal interface INetwork
{
    int Threads { get; set; }

    void Predict(ReadOnlySpan<float> inputs, Span<float> outputs);

    float TrainStep(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer);

    float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients);

    TrainingHistory Train(Dataset data, TrainingOptions? options, CancellationToken cancellationToken);
}

[Input(784), Dense(512, Relu), Dense(512, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Wide : INetwork;

[Input(784), Dense(300, Relu), Dense(100, Relu), Dense(10, Softmax), Loss(CrossEntropy)]
internal partial class Image : INetwork;

[Input(2), Dense(128, Relu), Dense(128, Relu), Dense(1, Sigmoid), Loss(BCE)]
internal partial class Plane : INetwork;

[Input(30), Dense(64, Relu), Dense(32, Relu), Dense(1, Sigmoid), Loss(BCE)]
internal partial class Table : INetwork;

[Input(2), Dense(20, Relu), Dense(1, Sigmoid), Loss(BCE)]
internal partial class Tiny : INetwork;

[Input(2), Dense(20, Tanh), Dense(1, Sigmoid), Loss(BCE)]
internal partial class TinyTanh : INetwork;

[Input(24), Dense(8, Tanh), Dense(2), Loss(MSE)]
internal partial class Narrow : INetwork;

[Input(4), Dense(32, Tanh), Dense(16, Tanh), Dense(4), Loss(MSE)]
internal partial class Regression : INetwork;
