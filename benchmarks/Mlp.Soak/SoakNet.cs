using Mlp;

namespace MlpSoak;

[Input(2, Standardize = true)]
[Dense(64, Relu, Normalization = Normalization.Batch)]
[Dropout(0.2)]
[Dense(32, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class SoakNet;
