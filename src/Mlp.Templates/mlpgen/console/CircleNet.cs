using Mlp;

namespace MlpGenApp;

/// <summary>Tells by its place whether a point lies on the inner circle.</summary>
[Input(2)]
[Dense(32, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class CircleNet;
