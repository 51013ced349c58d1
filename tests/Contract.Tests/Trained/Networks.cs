namespace Contract.Tests.Trained;

/// <summary>Statistics of inputs, running statistics, a slope and names of classes, in tiles.</summary>
[Input(4, Standardize = true, Gradients = true)]
[Dense(70, PRelu, Normalization = Normalization.Batch)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
[Weights("Trained/classes.safetensors")]
public partial class TrainedClassesNet;

/// <summary>An ensemble with a threshold, in straight lines.</summary>
[Input(2)]
[Ensemble(3)]
[Dense(8, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
[Weights("Trained/circles.safetensors")]
public partial class TrainedCirclesNet;

/// <summary>The same file for a class of its own.</summary>
[Input(2)]
[Ensemble(3)]
[Dense(8, Relu)]
[Dense(1, Sigmoid)]
[Weights("Trained/circles.safetensors")]
internal sealed partial class PredictingCirclesNet;

/// <summary>Statistics of targets, over records with a table of embeddings.</summary>
[Input<Shop>]
[Dense(6, Tanh)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
[Weights("Trained/shops.safetensors")]
public partial class TrainedShopsNet;

public sealed record Shop
{
    [Category(Capacity = 6, Embedding = 3)] public string? Town { get; init; }

    [Numeric] public float Area { get; init; }

    [Target] public float Sales { get; init; }
}
