using Mlp;

[Input(2, Standardize = true)]
[Dense(128, Relu, Normalization = Normalization.Batch)]
[Dropout(0.05)]
[Dense(128, Relu)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class SpiralNet;
