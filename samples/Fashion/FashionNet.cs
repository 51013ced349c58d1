using Mlp;

[Input(784)]
[Dense(512, Relu)]
[Dropout(0.2)]
[Dense(512, Relu)]
[Dropout(0.2)]
[Dense(10, Softmax)]
[Loss(CrossEntropy, LabelSmoothing = 0.1)]
public partial class FashionNet;
