using Mlp;

/// <summary>Logistic regression: one straight line through the plane.</summary>
[Input(2)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class Logistic;

/// <summary>One hidden layer: a region bounded by many lines.</summary>
[Input(2)]
[Dense(128, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class Shallow;

/// <summary>Two hidden layers: regions of regions.</summary>
[Input(2)]
[Dense(128, Relu)]
[Dense(128, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class Deep;
