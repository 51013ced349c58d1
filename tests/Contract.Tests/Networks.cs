namespace Contract.Tests;

[Input(1)]
[Dense(32, Relu)]
[Dropout(0.5)]
[Dense(1)]
[Loss(MSE)]
public partial class DropoutNet;

/// <summary>Everything that draws random numbers or keeps state, in tiles.</summary>
[Input(6, Standardize = true)]
[GaussianNoise(0.1)]
[Dense(64, Relu, Normalization = Normalization.Batch)]
[Dropout(0.3)]
[Dense(48, Tanh)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class FullNet;

[Input(2)]
[Dense(16, Relu, Normalization = Normalization.Batch)]
[Dense(1)]
[Loss(MSE)]
public partial class BatchNet;

[Input(1, Standardize = true)]
[Dense(16, Relu)]
[Dense(1)]
[Loss(MSE)]
public partial class InputsNet;

[Input(2)]
[Dense(16, Tanh)]
[Dense(2)]
[Loss(MSE, StandardizeTargets = true)]
public partial class TargetsNet;

[Input(2, Standardize = true)]
[Dense(8, Tanh)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class PricesNet;

[Input(3)]
[Dense(20, Relu)]
[Dense(2, Name = "Out")]
[Loss(MSE)]
public partial class ReluNet;

[Input(1)]
[Dense(8, Tanh)]
[Dense(1)]
[Loss(Huber, Delta = 0.5, StandardizeTargets = true)]
public partial class HuberNet;

[Input(1)]
[Dense(8, Tanh)]
[Dense(1)]
[Loss(MAE, StandardizeTargets = true)]
public partial class MaeNet;

[Input(1)]
[Dense(8, Tanh)]
[Dense(1)]
[Loss(LogCosh, StandardizeTargets = true)]
public partial class LogCoshNet;

[Input(3, Gradients = true)]
[Dense(8, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class ProbabilityNet;

[Input(3)]
[Dense(8, Relu)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class ClassesNet;

[Input(3, Standardize = true)]
[Dense(8, Relu)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class ScaledClassesNet;

[Input(3, Standardize = true)]
[Dense(8, Relu)]
[Dense(3)]
public partial class AnswersNet;

[Input(3)]
[Dense(8, Relu)]
[Dense(1)]
[Loss(Hinge)]
public partial class MarginNet;

[Input(3)]
[Dense(8, Relu)]
[Dense(2, Exp)]
[Loss(Poisson)]
public partial class CountsNet;

/// <summary>One free bias and no use of the input: what it learns is the mean of its targets by weight.</summary>
[Input(1)]
[Dense(2, Softmax)]
[Loss(CrossEntropy, ClassWeights = new[] { 1.0, 99.0 })]
public partial class RareNet;

[Input(23)]
[Dense(67, Tanh)]
[Dropout(0.25)]
[Dense(3)]
[Loss(MSE)]
public partial class WideNet;

[Input(64)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class SmallNet;

[Input(2)]
[Dense(16, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class CirclesNet;

[Input(2)]
[Dense(32, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class PlaneNet;

[Input(2, Standardize = true)]
[Dense(48, Relu)]
[Dense(48, Relu)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class SpiralNet;

[Input(64)]
[Dense(30, Tanh, L2 = 0.003)]
[Dense(10, Softmax)]
[Loss(CrossEntropy)]
public partial class DigitsNet;

/// <summary>FullNet, but for a unit.</summary>
[Input(6, Standardize = true)]
[GaussianNoise(0.1)]
[Dense(64, Relu, Normalization = Normalization.Batch)]
[Dropout(0.3)]
[Dense(47, Tanh)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class NarrowNet;

/// <summary>FullNet, but for its loss.</summary>
[Input(6, Standardize = true)]
[GaussianNoise(0.1)]
[Dense(64, Relu, Normalization = Normalization.Batch)]
[Dropout(0.3)]
[Dense(48, Tanh)]
[Dense(1)]
[Loss(MAE, StandardizeTargets = true)]
public partial class OtherLossNet;

[Input(23)]
[Dense(64, Tanh)]
[Dense(3)]
[Loss(MSE)]
public partial class PlainNet;

[Input(2)]
[Dense(8, Tanh, Frozen = true)]
[Dense(1)]
[Loss(MSE)]
public partial class FrozenNet;

/// <summary>FullNet, but for its dropout.</summary>
[Input(6, Standardize = true)]
[GaussianNoise(0.1)]
[Dense(64, Relu, Normalization = Normalization.Batch)]
[Dropout(0.25)]
[Dense(48, Tanh)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class OtherNoiseNet;
