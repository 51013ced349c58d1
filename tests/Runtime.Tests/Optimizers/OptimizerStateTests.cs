using System.Runtime.InteropServices;

namespace Mlp.Runtime.Tests.Optimizers;

public class OptimizerStateTests
{
    [Fact]
    public void ParametersAndRunningValuesBelowTheNormalNumbers_BecomeZero()
    {
        OptimizerState state = new(typeof(Sgd), storeSize: 8, perParameter: 1);
        float[] values = [1e-40f, -1e-45f, 1.17549435e-38f, -1.17549435e-38f, float.MaxValue, 3f, -0f, float.MinValue];
        float[] parameters = [.. values];
        Span<float> kept = MemoryMarshal.CreateSpan(ref state.Moments(0), 8);
        values.CopyTo(kept);

        state.Flush(parameters, 0, 8);
        float[] flushed = [0f, 0f, values[2], values[3], float.MaxValue, 3f, 0f, float.MinValue];
        Assert.Equal(flushed, kept.ToArray());
        Assert.Equal(flushed, parameters);
    }

    [Fact]
    public void RunningValuesOfAParameter_StartAnewWhereOneOverflowed_AndTheParameterStays()
    {
        OptimizerState state = new(typeof(Adam), storeSize: 16, perParameter: 2);
        float[] parameters = [.. Enumerable.Range(0, 16)];
        parameters[4] = float.NaN;
        parameters[5] = float.NegativeInfinity;
        float[] expected = [.. parameters];
        Span<float> moments = MemoryMarshal.CreateSpan(ref state.Moments(0), 32);
        moments.Fill(2);
        moments[1] = float.NegativeInfinity;
        moments[16 + 9] = float.PositiveInfinity;
        moments[16 + 15] = float.NaN;
        state.Flush(parameters, 0, 16);

        Assert.Equal(Enumerable.Range(0, 32).Select(i => i % 16 is 1 or 9 or 15 ? 0f : 2f), moments.ToArray());
        Assert.Equal(expected, parameters);
    }
}
