namespace Mlp.Runtime.Tests.Optimizers;

public class OptimizerStateTests
{
    [Fact]
    public void RunningValuesBelowTheNormalNumbers_BecomeZeroAfter64Steps()
    {
        OptimizerState state = new(typeof(Sgd), storeSize: 8, perParameter: 1);
        float[] values = [1e-40f, -1e-45f, 1.17549435e-38f, -1.17549435e-38f, float.NaN, 3f, -0f, float.NegativeInfinity];
        Span<float> kept = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref state.Moments(0), 8);
        values.CopyTo(kept);

        for (int step = 1; step < 64; step++)
        {
            state.CountStep();
        }

        Assert.Equal(values, kept.ToArray());
        state.CountStep();
        Assert.Equal([0f, 0f, values[2], values[3], float.NaN, 3f, 0f, float.NegativeInfinity], kept.ToArray());
        Assert.Equal(64, state.StepCount);
    }
}
