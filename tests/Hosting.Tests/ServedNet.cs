using Mlp;

namespace Hosting.Tests;

/// <summary>What the tests serve: several outputs, so that a row of two networks would show.</summary>
[Input(3)]
[Dense(8, Tanh)]
[Dense(4, Linear)]
[Loss(MSE)]
internal partial class ServedNet
{
    public static readonly float[] Question = [0.25f, -1, 2];

    public float[] Answer()
    {
        float[] outputs = new float[OutputSize];
        Predict(Question, outputs);
        return outputs;
    }
}
