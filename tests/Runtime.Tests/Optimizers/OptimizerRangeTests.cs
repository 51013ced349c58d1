using System.Runtime.InteropServices;
using Mlp.Runtime.Tests.Serialization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Optimizers;

/// <summary>Gradients from the smallest to the largest floats: nothing becomes NaN, and training goes on afterwards.</summary>
public class OptimizerRangeTests
{
    private const float Largest = float.MaxValue;

    private static readonly NetworkLayout Layout = Layouts.Of(1, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);

    private static readonly float[][] Sequences =
    [
        .. ((float[])[1e-38f, 1e-20f, 1, 1.9e19f, 1e22f, 3e38f]).SelectMany(g => (float[][])
            [[g], [g, g, g, g, g, g, g, g, g, g], [g, -g, g, -g, g, -g, g, -g, g, -g]]),
        [1e-38f, 1e-30f, 1e-20f, 1e-10f, 1, 1e10f, 1e18f, 1.9e19f, 1e20f, 1e22f, 1e25f, 1e30f, 3e38f],
        [3e38f, 1e30f, 1e25f, 1e22f, 1e20f, 1.9e19f, 1e18f, 1e10f, 1, 1e-10f, 1e-20f, 1e-30f, 1e-38f, 0],
        [3e38f, 1e-38f, -3e38f, 0, 1, -1e19f, 3e38f, 1e-38f],
        [.. Enumerable.Range(0, 16).Select(step => step % 2 == 0 ? 1e-38f : 3e38f)],
    ];

    private static readonly float[][] LargestSequences =
    [
        [.. Enumerable.Repeat(Largest, 100)],
        [.. Enumerable.Range(0, 100).Select(step => step % 2 == 0 ? Largest : -Largest)],
        [.. Enumerable.Range(0, 100).Select(step => step < 50 ? Largest : -Largest)],
        [.. Enumerable.Range(0, 100).Select(step => step % 3 == 0 ? -Largest : step % 3 == 1 ? float.Epsilon : 0)],
    ];

    /// <summary>
    /// Each optimizer, and a parameter that was 0 after each sequence of gradients. Made by PyTorch 1.13 in float32, with a new parameter and
    /// optimizer a sequence: <c>p = torch.zeros(1, requires_grad=True); o = torch.optim.Adam([p], lr=0.125)</c>, for every gradient
    /// <c>p.grad = torch.tensor([g]); o.step()</c>, then <c>p.item()</c>.
    /// </summary>
    public static TheoryData<Optimizer, double[]> Reference() => new()
    {
        {
            new Sgd(0.1f),
            [-1e-39, -1e-38, 0, -1e-21, -1e-20, 1.49012e-29, -0.1, -1, 0, -1.9e18, -1.9e19, 2.83122e10, -1e21, -1e22, -2.73201e13, -3e37, -3e38, -5.67086e29,
             -3e37, -3e37, -3e37, -2.4e38]
        },
        {
            new Sgd(0.1f, momentum: 0.9f),
            [-1e-39, -4.13811e-38, -3.08521e-39, -1e-21, -4.13811e-20, -3.08521e-21, -0.1, -4.13811, -0.308521, -1.9e18, -7.8624e19, -5.86189e18,
             -1e21, -4.13811e22, -3.08521e21, -3e37, double.NegativeInfinity, -9.25562e37, -3e37, -2.3137e38, -8.72921e37, double.NegativeInfinity]
        },
        {
            new Sgd(0.1f, momentum: 0.9f, nesterov: true),
            [-1.9e-39, -4.72429e-38, -2.77669e-39, -1.9e-21, -4.7243e-20, -2.77669e-21, -0.19, -4.72429, -0.277669, -3.61e18, -8.97616e19, -5.2757e18,
             -1.9e21, -4.72429e22, -2.77669e21, double.NegativeInfinity, double.NegativeInfinity, double.NaN, double.NegativeInfinity,
             double.NegativeInfinity, double.NaN, double.NegativeInfinity]
        },
        { new Adam(0.125f), AdamsReference },
        { new Adam(0.125f, amsGrad: true), AdamsReference },
        { new AdamW(0.125f, weightDecay: 0), AdamsReference },
        {
            // Its mean of squares is corrected before the root, and so overflows sooner; NaN stands where that shows.
            new NAdam(0.125f),
            [-1.31191e-31, -1.00759e-30, -6.17006e-32, -1.31191e-13, -1.00759e-12, -6.17004e-14, -0.131191, -1.00759, -0.0617004, 0, 0, 0, 0, 0, 0, 0, 0, 0,
             double.NaN, 0, 0, -1.31191e-31]
        },
        {
            new RAdam(0.125f),
            [-1.25e-39, -2.15701e-33, -4.51493e-35, -1.25e-21, -2.15701e-15, -4.51495e-17, -0.125, -0.6488, -0.179889, -2.375e18, -1.1875e19, -3.408e18,
             -1.25e21, -6.25e21, -1.79368e21, -3.75e37, -1.875e38, -5.38104e37, -0.0399138, -8.0429e37, -4.93601e37, -6.68448e37]
        },
        {
            new RmsProp(0.125f),
            [-1.25e-31, -1.25e-30, 0, -1.25e-13, -1.25e-12, 0, -1.25, -6.33108, -0.558086, -1.25, -6.33108, -0.558086, 0, 0, 0, 0, 0, 0,
             -6.22772, 0, 0, -1.25e-31]
        },
        {
            new RmsProp(0.125f, momentum: 0.9f),
            [-1.25e-31, -5.17263e-30, -3.85651e-31, -1.25e-13, -5.17263e-12, -3.85651e-13, -1.25, -29.8273, -4.92263, -1.25, -29.8273, -4.92263, 0, 0, 0, 0, 0, 0,
             -32.1843, 0, 0, -1.01837e-30]
        },
        {
            new RmsProp(0.125f, centered: true),
            [-1.25e-31, -1.25e-30, 0, -1.25e-13, -1.25e-12, 0, -1.2563, -6.47643, -0.566697, -1.2563, -6.47643, -0.566697, 0, 0, 0, 0, 0, 0,
             -6.26216, 0, 0, -1.25e-31]
        },
        {
            new RmsProp(0.125f, momentum: 0.9f, centered: true),
            [-1.25e-31, -5.17263e-30, -3.85651e-31, -1.25e-13, -5.17263e-12, -3.85651e-13, -1.2563, -30.3519, -4.97465, -1.2563, -30.3519, -4.97465, 0, 0, 0, 0, 0, 0,
             -32.3594, 0, 0, -1.01837e-30]
        },
        {
            new Adagrad(0.125f),
            [-1.25e-29, -1.25e-28, 0, -1.25e-11, -1.25e-10, 0, -0.125, -0.627625, -0.0563407, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.4375, 0, 0, -1.25e-29]
        },
        {
            new Adadelta(),
            [-1e-38, -1e-37, 0, -1e-20, -1e-19, 0, -0.00316226, -0.0337513, 0.000204681, -0.00316228, -0.0337514, 0.000204682, 0, 0, 0, 0, 0, 0,
             -0.0225346, 0, 0, -1e-38]
        },
    };

    private static double[] AdamsReference =>
    [
        -1.25e-31, -1.25e-30, -1.93174e-31, -1.25e-13, -1.25e-12, -1.93174e-13, -0.125, -1.25, -0.193174, -0.125, -1.25, -0.193174, 0, 0, 0, 0, 0, 0,
        -0.332693, 0, 0, -1.25e-31,
    ];

    [Theory]
    [MemberData(nameof(Reference))]
    public void GradientsOfAnySize_GiveTheReferencesParameter_WhereItDoesNotOverflow(Optimizer optimizer, double[] expected)
    {
        // NAdam of that version multiplies one factor more into the products of momenta.
        double tolerance = optimizer is NAdam ? 0.03 : 1e-4;
        Assert.Equal(Sequences.Length, expected.Length);
        foreach ((float[] gradients, double reference) in Sequences.Zip(expected))
        {
            NetworkState network = New();
            double largest = 0;
            foreach (float gradient in gradients)
            {
                TrainingSteps.ApplyGradients(network, [gradient, gradient], optimizer);
                largest = Math.Max(largest, Math.Abs(network.Store[0]));
            }

            // 0 is also what a mean of squares that overflowed leaves of a step there.
            Assert.True(!double.IsFinite(reference) || reference == 0 || Math.Abs(network.Store[0] - reference) <= tolerance * largest);
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void GradientsOfAnySize_MakeNothingNaN_AndNormalOnesMoveTheParametersAfterwards(Optimizer optimizer)
    {
        foreach (float[] gradients in Sequences.Concat(LargestSequences))
        {
            NetworkState network = New();
            foreach (float gradient in gradients)
            {
                TrainingSteps.ApplyGradients(network, [gradient, gradient], optimizer);
                AssertHasNoNaN(network, optimizer);
            }

            for (int step = 0; step < 200; step++)
            {
                if (step % 100 == 0)
                {
                    // Where large gradients took the parameters, no step may be large enough to be seen.
                    network.Store.Clear();
                }

                float gradient = step % 3 == 0 ? -0.5f : 1;
                TrainingSteps.ApplyGradients(network, [gradient, gradient], optimizer);
                AssertHasNoNaN(network, optimizer);
            }

            Assert.True(network.Store[0] != 0, $"The weight did not move; the gradients before were {string.Join(", ", gradients)}.");
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void AGradientWhoseSquareOverflows_IsForgotten(Optimizer optimizer)
    {
        // As by a network whose gradients had been 0 so long.
        NetworkState network = New();
        NetworkState fresh = New();
        for (int step = 0; step < 64; step++)
        {
            float gradient = step == 8 ? Largest : 0;
            TrainingSteps.ApplyGradients(network, [gradient, gradient], optimizer);
            TrainingSteps.ApplyGradients(fresh, [0, 0], optimizer);
        }

        // Without squares, or none that a step keeps, there is nothing to forget.
        bool overflowed = optimizer is not (Sgd or Lion or RAdam { Beta2: 0 });
        for (int values = 0; values < optimizer.StatePerParameter; values++)
        {
            Assert.True(!overflowed || network.Training.OptimizerState!.Moments(values) == 0);
        }

        network.Store.Clear();
        for (int step = 0; step < 10; step++)
        {
            TrainingSteps.ApplyGradients(network, [1, 1], optimizer);
            TrainingSteps.ApplyGradients(fresh, [1, 1], optimizer);
        }

        Assert.True(!overflowed || network.Store[0] == fresh.Store[0]);
    }

    [Fact]
    public void VelocitiesThatOverflow_StayFinite()
    {
        foreach (bool nesterov in (bool[])[false, true])
        {
            Sgd still = new(0, momentum: 0.9f, nesterov);
            Sgd slow = new(1e-3f, momentum: 0.9f, nesterov);
            (NetworkState unmoved, NetworkState moved) = (New(), New());
            for (int step = 0; step < 10; step++)
            {
                TrainingSteps.ApplyGradients(unmoved, [Largest, Largest], still);
                TrainingSteps.ApplyGradients(moved, [Largest, Largest], slow);
            }

            Assert.Equal([0, 0], FileBytes.ParametersOf(unmoved));
            Assert.Equal(Largest, unmoved.Training.OptimizerState!.Moments(0));
            Assert.InRange(moved.Store[0], -1.01e-2f * Largest, -0.99e-2f * Largest);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void WeightsThatOnlyDecay_EndAtZero_AndBiasesStay(float l2)
    {
        NetworkLayout layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], declare: layer => layer with { L2 = l2 });
        Optimizer[] optimizers = l2 > 0
            ? [new Sgd(1), new Sgd(0.5f, momentum: 0.5f)]
            : [new Sgd(0.5f, weightDecay: 0.2f), new Sgd(0.5f, 0.5f, nesterov: true, 0.2f), new AdamW(0.5f, weightDecay: 0.2f), new Lion(0.5f, weightDecay: 0.2f)];
        foreach (Optimizer optimizer in optimizers)
        {
            NetworkState network = new(layout, seed: 0);
            network.LoadParameters([1, -2, 3]);
            for (int step = 0; step < 1152; step++)
            {
                TrainingSteps.ApplyGradients(network, [0, 0, 0], optimizer);
            }

            Assert.Equal([0, 0, 3], FileBytes.ParametersOf(network));
        }
    }

    [Fact]
    public void WeightsScaledBelowTheNormalNumbersByTheLargestNorm_BecomeZero()
    {
        NetworkLayout layout = Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)]);
        NetworkState network = new(layout, seed: 0);
        network.LoadParameters([1e6f, 1e-35f, 0]);
        GradientAdjustment adjustment = GradientAdjustment.For(network, new TrainingOptions { MaxNorm = 1 })!;
        StoredGradients gradients = new(network);
        for (int step = 0; step < 64; step++)
        {
            Assert.NotEqual(0, FileBytes.ParametersOf(network)[1]);
            TrainingSteps.Update(network, gradients, new Sgd(0.1f), adjustment);
        }

        Assert.Equal([1, 0, 0], FileBytes.ParametersOf(network));
    }

    public static TheoryData<Optimizer> AllKinds() =>
    [
        new Sgd(0.1f), new Sgd(0.1f, momentum: 0.9f), new Sgd(0.1f, momentum: 0.9f, nesterov: true), new Adam(0.125f), new Adam(0.125f, amsGrad: true),
        new AdamW(0.125f), new NAdam(0.125f), new RAdam(0.125f), new RmsProp(0.125f), new RmsProp(0.125f, momentum: 0.9f), new RmsProp(0.125f, centered: true),
        new RmsProp(0.125f, momentum: 0.9f, centered: true), new Adagrad(0.125f), new Adadelta(), new Lion(0.125f), new Adam(100), new NAdam(100),
        new RmsProp(100, momentum: 0.9f, centered: true), new Adagrad(100), new Adadelta(100, decay: 0.999f), new Adam(0.125f, beta1: 0, beta2: 0),
        new NAdam(0.125f, beta1: 0, beta2: 0), new RAdam(0.125f, beta2: 0), new RmsProp(0.125f, decay: 0), new RmsProp(0.125f, decay: 0, centered: true),
        new Adadelta(decay: 0), new Lion(0.125f, beta1: 0, beta2: 0), new Sgd(0.1f, momentum: 0.9f, weightDecay: 0.125f),
        new Adam(0.125f, weightDecay: 0.125f), new NAdam(0.125f, weightDecay: 0.125f), new RmsProp(0.125f, 0.9f, weightDecay: 0.125f, centered: true),
        new RAdam(1e-9f, weightDecay: 0.125f), // Its first steps are as large as the gradients: at this rate g + λ·p does not overflow.
        new Adagrad(0.125f, weightDecay: 0.125f),
        new Adadelta(weightDecay: 0.125f), new Lion(0.125f, weightDecay: 0.125f),
    ];

    private static NetworkState New()
    {
        NetworkState network = new(Layout, seed: 0);
        network.Store.Clear();
        return network;
    }

    private static void AssertHasNoNaN(NetworkState network, Optimizer optimizer)
    {
        Assert.False(HasNaN(network.Store));
        if (optimizer.StatePerParameter > 0)
        {
            ref float moments = ref network.Training.OptimizerState!.Moments(0);
            Assert.False(HasNaN(MemoryMarshal.CreateReadOnlySpan(ref moments, optimizer.StatePerParameter * Layout.StoreSize)));
        }
    }

    private static bool HasNaN(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }
}
