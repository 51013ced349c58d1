using Mlp.Runtime.Tests.Serialization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Optimizers;

/// <summary>Every rule against the same in double precision, one parameter at a time.</summary>
public class OptimizerFormulaTests
{
    private const int Steps = 12;

    private static readonly NetworkLayout Layout = Layouts.Of(
        3, LossFunction.CrossEntropy, [("Layer1", 11, Activation.Tanh), ("Layer2", 2, Activation.Softmax)]);

    /// <summary>What a rule in double precision makes of one parameter.</summary>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="state">Three running values, 0 at first.</param>
    /// <param name="decay">The weight decay, or 0 for a bias.</param>
    /// <param name="t">The number of the step from 1.</param>
    private delegate double Rule(double p, double g, double[] state, double decay, int t);

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0.9f, false, 0)]
    [InlineData(0.9f, true, 0)]
    [InlineData(0, false, 0.125f)]
    [InlineData(0.75f, false, 0.125f)]
    [InlineData(0.75f, true, 0.125f)]
    public void Sgd_FollowsItsFormula(float momentum, bool nesterov, float weightDecay) =>
        AssertFollows(new Sgd(0.1f, momentum, nesterov, weightDecay), weightDecay, (p, g, state, decay, _) =>
        {
            g += decay * p;
            state[0] = (momentum * state[0]) + g;
            return p - (0.1 * (nesterov ? g + (momentum * state[0]) : state[0]));
        });

    [Theory]
    [InlineData(0, 0.9f, 0.999f, 1e-8f, false)]
    [InlineData(0.125f, 0.9f, 0.999f, 1e-8f, false)]
    [InlineData(0, 0, 0.5f, 0.25f, false)]
    [InlineData(0.125f, 0.9f, 0.75f, 1e-8f, true)]
    [InlineData(0, 0.9f, 0, 0.25f, true)]
    public void Adam_FollowsItsFormula(float weightDecay, float beta1, float beta2, float epsilon, bool amsGrad) =>
        AssertFollows(new Adam(0.01f, weightDecay, beta1, beta2, epsilon, amsGrad), weightDecay, (p, g, state, decay, t) =>
        {
            (double mean, double square) = Moments(g + (decay * p), state, beta1, beta2);
            state[2] = amsGrad ? Math.Max(state[2], square) : square;
            return p - (0.01 * Corrected(mean, beta1, t) / (Math.Sqrt(Corrected(state[2], beta2, t)) + epsilon));
        });

    [Theory]
    [InlineData(0, 0.9f, 0.999f, 1e-8f)]
    [InlineData(0.5f, 0.5f, 0.75f, 0.25f)]
    public void AdamW_FollowsItsFormula(float weightDecay, float beta1, float beta2, float epsilon) =>
        AssertFollows(new AdamW(0.01f, weightDecay, beta1, beta2, epsilon), weightDecay, (p, g, state, decay, t) =>
        {
            (double mean, double square) = Moments(g, state, beta1, beta2);
            p *= 1 - (0.01 * decay);
            return p - (0.01 * Corrected(mean, beta1, t) / (Math.Sqrt(Corrected(square, beta2, t)) + epsilon));
        });

    [Theory]
    [InlineData(0, 0.9f, 0.999f, 1e-8f, 4e-3f)]
    [InlineData(0.125f, 0.5f, 0.75f, 0.25f, 2)]
    [InlineData(0, 0, 0.999f, 1e-8f, 0)]
    public void NAdam_FollowsItsFormula(float weightDecay, float beta1, float beta2, float epsilon, float momentumDecay) =>
        AssertFollows(new NAdam(0.01f, weightDecay, beta1, beta2, epsilon, momentumDecay), weightDecay, (p, g, state, decay, t) =>
        {
            g += decay * p;
            (double mean, double square) = Moments(g, state, beta1, beta2);
            double direction = (Momentum(t + 1) * mean / (1 - Product(t + 1))) + ((1 - Momentum(t)) * g / (1 - Product(t)));
            return p - (0.01 * direction / (Math.Sqrt(Corrected(square, beta2, t)) + epsilon));

            double Momentum(int step) => Exact(beta1) * (1 - (0.5 * Math.Pow(0.96, step * (double)momentumDecay)));
            double Product(int step) => Enumerable.Range(1, step).Aggregate(1.0, (product, i) => product * Momentum(i));
        });

    [Theory]
    [InlineData(0, 0.9f, 0.999f, 1e-8f)]
    [InlineData(0.125f, 0.5f, 0.9f, 0.25f)]
    [InlineData(0, 0, 0.5f, 1e-8f)]
    public void RAdam_FollowsItsFormula(float weightDecay, float beta1, float beta2, float epsilon) =>
        AssertFollows(new RAdam(0.01f, weightDecay, beta1, beta2, epsilon), weightDecay, (p, g, state, decay, t) =>
        {
            (double mean, double square) = Moments(g + (decay * p), state, beta1, beta2);
            double power = Math.Pow(Exact(beta2), t);
            double limit = (2 / (1 - Exact(beta2))) - 1;
            double rho = limit - (2 * t * power / (1 - power));
            double change = Corrected(mean, beta1, t);
            if (rho > 5)
            {
                change *= Math.Sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho));
                change *= Math.Sqrt(1 - power) / (Math.Sqrt(square) + epsilon);
            }

            return p - (0.01 * change);
        });

    [Theory]
    [InlineData(0, 0, 1e-8f, 0.99f, false)]
    [InlineData(0.9f, 0.125f, 0.25f, 0.75f, false)]
    [InlineData(0, 0.125f, 0.25f, 0.75f, true)]
    [InlineData(0.9f, 0, 0.25f, 0.75f, true)]
    public void RmsProp_FollowsItsFormula(float momentum, float weightDecay, float epsilon, float decay, bool centered) =>
        AssertFollows(new RmsProp(0.01f, momentum, weightDecay, epsilon, decay, centered), weightDecay, (p, g, state, weightDecay, _) =>
        {
            (double mean, double square) = Moments(g + (weightDecay * p), state, decay, decay);
            double variance = centered ? square - (mean * mean) : square;
            state[2] = (momentum * state[2]) + ((g + (weightDecay * p)) / (Math.Sqrt(variance) + epsilon));
            return p - (0.01 * state[2]);
        });

    [Theory]
    [InlineData(0, 1e-10f)]
    [InlineData(0.125f, 0.25f)]
    public void Adagrad_FollowsItsFormula(float weightDecay, float epsilon) =>
        AssertFollows(new Adagrad(0.1f, weightDecay, epsilon), weightDecay, (p, g, state, decay, _) =>
        {
            g += decay * p;
            state[0] += g * g;
            return p - (0.1 * g / (Math.Sqrt(state[0]) + epsilon));
        });

    [Theory]
    [InlineData(1, 0, 1e-6f, 0.9f)]
    [InlineData(0.5f, 0.125f, 0.25f, 0.75f)]
    public void Adadelta_FollowsItsFormula(float learningRate, float weightDecay, float epsilon, float decay) =>
        AssertFollows(new Adadelta(learningRate, weightDecay, epsilon, decay), weightDecay, (p, g, state, weightDecay, _) =>
        {
            g += weightDecay * p;
            state[0] = (Exact(decay) * state[0]) + ((1 - Exact(decay)) * g * g);
            double change = g * Math.Sqrt(state[1] + epsilon) / Math.Sqrt(state[0] + epsilon);
            state[1] = (Exact(decay) * state[1]) + ((1 - Exact(decay)) * change * change);
            return p - (learningRate * change);
        });

    [Theory]
    [InlineData(0, 0.9f, 0.99f)]
    [InlineData(0.5f, 0.7f, 0.6f)]
    [InlineData(0, 0, 0)]
    public void Lion_FollowsItsFormula(float weightDecay, float beta1, float beta2) =>
        AssertFollows(new Lion(0.01f, weightDecay, beta1, beta2), weightDecay, (p, g, state, decay, _) =>
        {
            // Rounding would decide the sign of a direction nearer to 0; these gradients give none.
            double direction = (Exact(beta1) * state[0]) + ((1 - Exact(beta1)) * g);
            Assert.True(direction == 0 || Math.Abs(direction) > 1e-6);
            state[0] = (Exact(beta2) * state[0]) + ((1 - Exact(beta2)) * g);
            return (p * (1 - (0.01 * decay))) - (0.01 * Math.Sign(direction));
        });

    [Fact]
    public void NAdamsMomentum_IsThatOfTheStep_HoweverManyThereWere()
    {
        // Its factors once the products no longer matter: those of step 5000, without making the steps before.
        NetworkState network = new(Layout, seed: 1);
        float[] gradients = [.. Enumerable.Repeat(1f, Layout.ParameterCount)];
        NAdam nadam = new(0.01f, beta1: 0.9f, beta2: 0);
        TrainingSteps.ApplyGradients(network, gradients, nadam);
        network.Training.OptimizerState!.StepCount = 4999;
        float before = FileBytes.ParametersOf(network)[0];

        TrainingSteps.ApplyGradients(network, gradients, nadam);

        double Momentum(int step) => 0.9 * (1 - (0.5 * Math.Pow(0.96, step * 0.004)));
        double mean = (0.9 * 0.1) + 0.1;
        double expected = before - (0.01 * ((Momentum(5001) * mean) + (1 - Momentum(5000))));
        Assert.Equal(expected, FileBytes.ParametersOf(network)[0], 1e-7);
    }

    [Fact]
    public void CenteredRmsProp_OfConstantGradients_StaysFinite()
    {
        // The variance is 0 in the limit, and what is left of it after rounding may be negative.
        NetworkState network = new(Layout, seed: 1);
        float[] gradients = [.. Enumerable.Range(1, Layout.ParameterCount).Select(i => i / 7f)];
        RmsProp centered = new(1e-6f, decay: 0.5f, centered: true);
        for (int step = 0; step < 200; step++)
        {
            TrainingSteps.ApplyGradients(network, gradients, centered);
        }

        Assert.All(FileBytes.ParametersOf(network), value => Assert.True(float.IsFinite(value)));
    }

    private static double Exact(float rate) => (double)(decimal)rate;

    private static double Corrected(double value, float beta, int t) => value / (1 - Math.Pow(Exact(beta), t));

    private static (double Mean, double Square) Moments(double g, double[] state, float beta1, float beta2)
    {
        state[0] = (Exact(beta1) * state[0]) + ((1 - Exact(beta1)) * g);
        state[1] = (Exact(beta2) * state[1]) + ((1 - Exact(beta2)) * g * g);
        return (state[0], state[1]);
    }

    /// <summary>Applies different gradients and compares every parameter with the rule.</summary>
    private static void AssertFollows(Optimizer optimizer, float weightDecay, Rule rule)
    {
        NetworkState network = new(Layout, seed: 5);
        double[] expected = [.. FileBytes.ParametersOf(network).Select(value => (double)value)];
        double[][] states = [.. expected.Select(_ => new double[3])];
        float[] gradients = new float[expected.Length];
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < gradients.Length; i++)
            {
                gradients[i] = (((i * 37) + (step * 11)) % 19 / 8f) - 1;
                bool isWeight = i < 33 || (i >= 44 && i < 66);
                expected[i] = rule(expected[i], gradients[i], states[i], isWeight ? weightDecay : 0, step);
            }

            TrainingSteps.ApplyGradients(network, gradients, optimizer);
            Assert.All(expected.Zip(FileBytes.ParametersOf(network)), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        }
    }
}
