namespace Mlp.Benchmarks;

/// <summary>A network for 28×28 images: 266,610 parameters, computed in tiles.</summary>
[Input(784)]
[Dense(300, Relu)]
[Dense(100, Relu)]
[Dense(10, Softmax)]
[Loss(CrossEntropy)]
internal partial class ImageNet
{
    /// <summary>
    /// Floating-point operations of a training step for each row, two a multiply-add: outputs and weight gradients of three layers,
    /// input deltas of all but the first.
    /// </summary>
    public const double FlopsPerRow = 2.0 * (2 * (784 * 300 + 300 * 100 + 100 * 10) + 300 * 100 + 100 * 10);
}

/// <summary>A network that fits into registers: 81 parameters, computed in straight lines.</summary>
[Input(2)]
[Dense(20, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
internal partial class TinyNet;

/// <summary>A network of medium size: 4,097 parameters, computed in tiles.</summary>
[Input(30)]
[Dense(64, Relu)]
[Dense(32, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
internal partial class SensorNet;
