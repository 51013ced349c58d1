using Generator.Tests.Infrastructure;

namespace Generator.Tests.Bits;

/// <summary>Kernels compute whole vectors, over the padding of rows too. What stands there must not reach the weights' padding, which the next step would read.</summary>
public class PaddingTests
{
    [Fact]
    public void PaddingOfTheStore_Stays0()
    {
        RandomNetworks random = new(6);
        TestNetwork[] networks = [.. Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax).SelectMany(activation =>
            from units in (int[])[5, 13]
            from next in (int[])[3, 11]
            select new TestNetwork(
                $"{activation}{units}{next}", 6,
                [new(units, activation), new(next, activation) { Normalization = Normalization.Layer }, new(next, activation) { Residual = true }, new(2)],
                LossFunction.MSE))];
        foreach ((TestNetwork network, Type type) in networks.Zip(CompiledNetwork.Compile(networks)))
        {
            CompiledNetwork net = new(type, seed: 1);
            for (int step = 0; step < 3; step++)
            {
                net.TrainStep(random.Uniform(9 * 6, 1), random.Uniform(9 * 2, 1), new Adam());
            }

            CompiledNetwork copy = new(type, seed: 2);
            copy.LoadParameters(net.Parameters);
            Assert.True(copy.State.Store.SequenceEqual(net.State.Store), $"{network}");
        }
    }

    /// <summary>Small networks, standardised inputs before a narrow layer, and outputs whose derivative at 0 is none.</summary>
    [Theory]
    [InlineData("[Input(3)] [Dense(5, Tanh)] [Dense(11, Sigmoid)] [Dense(2)] [Loss(MSE)]")]
    [InlineData("[Input(13, Standardize = true)] [Dense(11, Sigmoid)] [Dense(10, PRelu)] [Dense(3, Sigmoid)] [Loss(BCE)]")]
    [InlineData("[Input(69, Standardize = true)] [Dense(5, Tanh)] [Dense(1)] [Loss(MSE)]")]
    [InlineData("[Input(70)] [Dense(30, Tanh)] [Dense(11, Softplus)] [Loss(Poisson)]")]
    public void PaddingOfTheStore_Stays0_AfterFewRowsAndMany(string network)
    {
        RandomNetworks random = new(6);
        CompiledNetwork net = new(CompiledNetwork.Compile($"{network} public partial class Net;", "Net"), seed: 1);
        net.State.InputMeans.Fill(3);
        net.State.InputScales.Fill(2);
        net.State.Standardization.IsLearned = true;
        foreach (int rows in (int[])[3, 40, 9])
        {
            float[] targets = [.. random.Uniform(rows * net.Constant("OutputSize"), 0.5).Select(Math.Abs)];
            net.TrainStep(random.Uniform(rows * net.Constant("InputSize"), 1), targets, new Adam());
        }

        CompiledNetwork copy = new(net.Type, seed: 2);
        copy.LoadParameters(net.Parameters);
        Assert.True(copy.State.Store.SequenceEqual(net.State.Store));
    }

    /// <summary>Predictions of a thread share their memory: 0 times what stood there must not be NaN.</summary>
    [Fact]
    public void WhatAnotherNetworkLeftInMemory_ReachesNothing()
    {
        CompiledNetwork net = new(CompiledNetwork.Compile("[Input(70)] [Dense(5, Relu)] [Dense(3, Relu)] [Dense(1)] [Loss(MSE)] public partial class Net;", "Net"), seed: 1);
        CompiledNetwork other = new(CompiledNetwork.Compile("[Input(70)] [Dense(200, Tanh)] [Dense(200)] [Loss(MSE)] public partial class Net;", "Net"), seed: 1);
        float[] inputs = new RandomNetworks(6).Uniform(9 * 70, 1);
        float[] expected = new float[9], actual = new float[9];
        net.Predict(inputs, expected);

        other.Predict([.. Enumerable.Repeat(float.NaN, 16 * 70)], new float[16 * 200]);
        net.Predict(inputs, actual);

        Assert.Equal(expected, actual);
    }
}
