using Mlp;

[Input(64, Standardize = true)]
[Dense(64, Relu)]
[Dense(10, Softmax)]
[Loss(CrossEntropy)]
public partial class DigitsNet;
