using Mlp;

[Input(2)]
[Dense(4, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class XorNet;
