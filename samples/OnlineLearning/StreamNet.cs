using Mlp;

[Input(2)]
[Dense(16, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class StreamNet;
