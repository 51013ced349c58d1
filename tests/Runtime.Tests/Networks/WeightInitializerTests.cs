using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Networks;

public class WeightInitializerTests
{
    private const int Inputs = 60;
    private const int Outputs = 90;

    [Theory]
    [InlineData(Initializer.HeUniform, 6.0 / Inputs)]
    [InlineData(Initializer.GlorotUniform, 6.0 / (Inputs + Outputs))]
    [InlineData(Initializer.LeCunUniform, 3.0 / Inputs)]
    public void Uniform_FillsItsLimits_Evenly(Initializer initializer, double squaredLimit)
    {
        double limit = Math.Sqrt(squaredLimit);
        float[] weights = Draw(initializer);

        Assert.InRange(weights.Max(), 0.995 * limit, limit);
        Assert.InRange(weights.Min(), -limit, -0.995 * limit);
        AssertMoments(weights, limit / Math.Sqrt(3));
        Assert.InRange(weights.Count(weight => Math.Abs(weight) < limit / 4) / (double)weights.Length, 0.23, 0.27);
    }

    [Fact]
    public void Biases_AreDrawn_WhereTheLayerSaysSo()
    {
        DenseLayout layer = Layouts.Of(Inputs, LossFunction.MSE, [("Layer1", Outputs, Activation.Linear)]).Layers[0];
        float[] zeros = Biases(layer, seed: 1);
        float[] drawn = Biases(layer with { DrawsBiases = true }, seed: 1);
        float[] others = Biases(layer with { DrawsBiases = true }, seed: 2);
        double limit = Math.Sqrt(6.0 / (Inputs + Outputs));

        Assert.All(zeros, static bias => Assert.Equal(0, bias));
        Assert.InRange(drawn.Max(), 0.9 * limit, limit);
        Assert.InRange(drawn.Min(), -limit, -0.9 * limit);
        Assert.NotEqual(drawn, others);

        static float[] Biases(DenseLayout layer, int seed)
        {
            NetworkState state = new(new NetworkLayout(Inputs, standardize: false, LossFunction.MSE, layer), seed);
            return [.. Enumerable.Range(0, Outputs).Select(o => state.View(0).Biases[o])];
        }
    }

    [Fact]
    public void AScale_ShrinksWeightsAndBiasesAlike()
    {
        DenseLayout layer = Layouts.Of(Inputs, LossFunction.MSE, [("Layer1", Outputs, Activation.Sigmoid)]).Layers[0] with { DrawsBiases = true };
        float[] whole = Numbers(layer);
        float[] half = Numbers(layer with { InitializerScale = 0.5f });

        Assert.Equal(whole.Select(static number => 0.5f * number), half);

        static float[] Numbers(DenseLayout layer)
        {
            NetworkState state = new(new NetworkLayout(Inputs, standardize: false, LossFunction.MSE, layer), seed: 1);
            float[] numbers = new float[layer.ParameterCount];
            state.CopyParametersTo(numbers);
            return numbers;
        }
    }

    [Theory]
    [InlineData(Initializer.HeNormal, 2.0 / Inputs)]
    [InlineData(Initializer.GlorotNormal, 2.0 / (Inputs + Outputs))]
    [InlineData(Initializer.LeCunNormal, 1.0 / Inputs)]
    public void Normal_HasItsDeviation_AndTails(Initializer initializer, double variance)
    {
        double deviation = Math.Sqrt(variance);
        float[] weights = Draw(initializer);

        AssertMoments(weights, deviation);
        Assert.InRange(weights.Max(weight => Math.Abs(weight)), 3.2 * deviation, 6 * deviation);
        Assert.InRange(weights.Count(weight => Math.Abs(weight) < deviation) / (double)weights.Length, 0.66, 0.705);
    }

    [Theory]
    [InlineData(float.NaN, 0.05)]
    [InlineData(0.5f, 0.5)]
    public void TruncatedNormal_EndsAtTwoDeviations(float scale, double deviation)
    {
        float[] weights = Draw(Initializer.TruncatedNormal, scale: scale);

        Assert.InRange(weights.Max(weight => Math.Abs(weight)), 1.97 * deviation, 2.0001 * deviation);
        AssertMoments(weights, 0.8796 * deviation);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    [InlineData(8, 8)]
    [InlineData(33, 33)]
    [InlineData(5, 64)]
    [InlineData(64, 5)]
    [InlineData(Inputs, Outputs)]
    public void Orthogonal_HasOrthonormalRowsOrColumns(int inputs, int outputs)
    {
        float[] weights = Draw(Initializer.Orthogonal, inputs, outputs);
        float[] twice = Draw(Initializer.Orthogonal, inputs, outputs, scale: 2);
        bool byRows = inputs < outputs;
        int count = Math.Min(inputs, outputs);
        int length = Math.Max(inputs, outputs);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double dot = 0;
                for (int i = 0; i < length; i++)
                {
                    dot += (double)Element(a, i) * Element(b, i);
                }

                Assert.Equal(a == b ? 1 : 0, dot, 1e-6);
            }
        }

        Assert.Equal(weights.Select(weight => 2 * weight), twice);

        float Element(int vector, int i) => byRows ? weights[(vector * outputs) + i] : weights[(i * outputs) + vector];
    }

    [Fact]
    public void Orthogonal_IsQOfItsNormalNumbers_WithPositiveDiagonalOfR()
    {
        // R = Qᵀ·A for the normal matrix A, which HeNormal shows as √(2 / inputs) times itself.
        float[] q = Draw(Initializer.Orthogonal, 12, 12);
        float[] a = Draw(Initializer.HeNormal, 12, 12);
        for (int row = 0; row < 12; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double r = 0;
                for (int i = 0; i < 12; i++)
                {
                    r += (double)q[(i * 12) + row] * a[(i * 12) + column] * Math.Sqrt(6);
                }

                if (row == column)
                {
                    Assert.True(r > 1e-3);
                }
                else
                {
                    Assert.Equal(0, r, 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Orthogonal_TakesEverySign()
    {
        Assert.Equal(
            [-1, 1],
            Enumerable.Range(0, 20).Select(seed => Draw(Initializer.Orthogonal, 1, 1, seed: seed)[0]).Distinct().Order());
    }

    [Theory]
    [InlineData(Initializer.Zeros, float.NaN, 0)]
    [InlineData(Initializer.Zeros, 3, 0)]
    [InlineData(Initializer.Ones, float.NaN, 1)]
    [InlineData(Initializer.Ones, 3, 1)]
    [InlineData(Initializer.Constant, float.NaN, 0)]
    [InlineData(Initializer.Constant, -0.3f, -0.3f)]
    public void Constants_AreTheSameEverywhere(Initializer initializer, float scale, float value) =>
        Assert.All(Draw(initializer, 3, 5, scale: scale), weight => Assert.Equal(value, weight));

    [Fact]
    public void WeightsDependOnSeedAndLayerAlone()
    {
        foreach (Initializer initializer in Enum.GetValues<Initializer>())
        {
            if (initializer is Initializer.Auto or Initializer.Zeros or Initializer.Ones or Initializer.Constant)
            {
                continue;
            }

            float[] weights = Draw(initializer, seed: 3, number: 1);
            Assert.Equal(weights, Draw(initializer, seed: 3, number: 1));
            Assert.NotEqual(weights, Draw(initializer, seed: 4, number: 1));
            Assert.NotEqual(weights, Draw(initializer, seed: 3, number: 2));
        }
    }

    [Fact]
    public void BiasesAndPadding_StayZero()
    {
        DenseLayout layer = Layer(3, 5) with { Initializer = Initializer.Ones };
        NetworkState network = new(new NetworkLayout(3, false, null, layer), seed: 1);
        Assert.Equal(15, network.Store.ToArray().Sum());
        Assert.Equal(0, network.View(0).Biases[4]);
    }

    [Fact]
    public void Auto_IsTheGeneratorsBusiness_AndRefused() =>
        Assert.Throws<NotSupportedException>(() => Draw(Initializer.Auto));

    /// <summary>Hashes of weights that must be the same on every processor, operating system, runtime and build.</summary>
    [Theory]
    [InlineData(Initializer.HeUniform, "c69169204bfa0d8e")]
    [InlineData(Initializer.HeNormal, "ced4d48c0fd5b2e0")]
    [InlineData(Initializer.GlorotUniform, "24a18eff1da5bdeb")]
    [InlineData(Initializer.GlorotNormal, "4855a49cf83c45f8")]
    [InlineData(Initializer.LeCunUniform, "231fec1797162400")]
    [InlineData(Initializer.LeCunNormal, "a155a890bc7ba302")]
    [InlineData(Initializer.TruncatedNormal, "f212db4d28a9af85")]
    [InlineData(Initializer.Orthogonal, "d1cc56c7af402f86")]
    public void Weights_AreTheStoredBits(Initializer initializer, string hash)
    {
        float[] weights = [.. Draw(initializer, 37, 21, seed: 42), .. Draw(initializer, 21, 37, seed: -1, number: 5)];
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(weights.AsSpan())))[..16]);
    }

    private static void AssertMoments(float[] weights, double deviation)
    {
        double mean = weights.Average(weight => (double)weight);
        double variance = weights.Average(weight => (double)weight * weight);
        Assert.Equal(0, mean, 0.04 * deviation);
        Assert.InRange(Math.Sqrt(variance), 0.97 * deviation, 1.03 * deviation);
    }

    private static float[] Draw(
        Initializer initializer, int inputs = Inputs, int outputs = Outputs, float scale = float.NaN, int seed = 1, int number = 0)
    {
        DenseLayout layer = Layer(inputs, outputs) with { Initializer = initializer, InitializerScale = scale };
        float[] store = new float[layer.WeightsLength];
        WeightInitializer.Fill(store, layer, number, seed);
        float[] weights = new float[inputs * outputs];
        for (int i = 0; i < inputs; i++)
        {
            store.AsSpan(i * layer.InputStride, outputs).CopyTo(weights.AsSpan(i * outputs));
        }

        return weights;
    }

    private static DenseLayout Layer(int inputs, int outputs) =>
        Layouts.Of(inputs, null, [("Layer1", outputs, Activation.Linear)]).Layers[0];
}
