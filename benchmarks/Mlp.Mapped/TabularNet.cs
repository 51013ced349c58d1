using Mlp;

namespace MlpMapped;

/// <summary>So small that fetching its rows counts.</summary>
[Input(64, Standardize = true)]
[Dense(32, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class TabularNet;
