using Mlp;

namespace MlpLoad;

/// <summary>What is served: ten outputs, which all change with every step, so that an answer of two networks would show.</summary>
[Input(16)]
[Dense(64, Relu)]
[Dense(10, Linear)]
[Loss(MSE)]
internal partial class LoadNet;
