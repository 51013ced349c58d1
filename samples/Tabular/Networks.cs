using Mlp;

[Input(30, Standardize = true)]
[Dense(128, Relu)]
[Dropout(0.2)]
[Dense(128, Relu)]
[Dropout(0.5)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class TumourNet;

[Input(13, Standardize = true)]
[Dense(128, Relu)]
[Dropout(0.2)]
[Dense(128, Relu)]
[Dropout(0.5)]
[Dense(3, Softmax)]
[Loss(CrossEntropy)]
public partial class WineNet;
