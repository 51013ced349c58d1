using Mlp;

[Input(10, Standardize = true)]
[Dense(64, Relu)]
[Dropout(0.2)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class DiabetesNet;
