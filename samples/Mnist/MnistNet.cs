using Mlp;

[Input(784)]
[Dense(300, Relu)]
[Dense(100, Relu)]
[Dense(10, Softmax)]
[Loss(CrossEntropy)]
public partial class MnistNet;
