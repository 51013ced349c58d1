using Mlp;

[Input(2)]
[Dense(64, Relu)]
[Dense(64, Relu)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class SpiralNet;
