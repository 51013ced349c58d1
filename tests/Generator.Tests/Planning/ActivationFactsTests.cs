extern alias generator;

using System.Reflection;
using generator::Mlp.Generator.Planning;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Planning;

/// <summary>What the generator knows of each activation beside the runtime's struct of the same name.</summary>
public class ActivationFactsTests
{
    private const float Alpha = 0.4f;

    private static readonly Activation[] Elementwise = [.. Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax)];

    public static TheoryData<Activation> Names => [.. Elementwise];

    [Fact]
    public void EveryElementwiseActivation_HasAStruct_AndEveryStructIsOne() => Assert.Equal(
        Elementwise.Select(static activation => activation.ToString()).Order(StringComparer.Ordinal),
        typeof(Activations).GetNestedTypes().Where(static type => type.IsAssignableTo(typeof(IActivation))).Select(static type => type.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void GeneratorAndRuntime_AgreeOnWhatTheSlopeIsComputedFrom(Activation activation) =>
        Assert.Equal(Facts(activation).NeedsPreActivations, StructOf(activation).NeedsPreActivations);

    /// <summary>Jumps have a slope of 1 by convention, and so has what is no function of its own.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_IsTheDerivativeOfForward(Activation activation)
    {
        const double Step = 1e-5;
        ActivationStruct function = StructOf(activation);
        bool hasSlope = Facts(activation).HasSlope;
        Assert.Equal(activation is not (Activation.Linear or Activation.Step or Activation.Sign), hasSlope);
        for (int i = -3000; i <= 3000; i++)
        {
            float z = i / 500f;
            if (InterpreterActivations.Kinks(activation).Any(kink => Math.Abs(z - kink) < 1e-3))
            {
                continue;
            }

            double output = InterpreterActivations.Apply(activation, z, Alpha);
            double slope = hasSlope
                ? (InterpreterActivations.Apply(activation, z + Step, Alpha) - InterpreterActivations.Apply(activation, z - Step, Alpha)) / (2 * Step)
                : 1;
            float actual = function.Forward(z, Alpha);
            AssertClose(output, actual, $"{activation}({z})");
            float kept = Facts(activation).NeedsPreActivations ? z : actual;
            AssertClose(slope, function.Backward(1, kept, Alpha), $"{activation}'({z})");
            AssertClose(-2.5 * slope, function.Backward(-2.5f, kept, Alpha), $"-2.5·{activation}'({z})");
        }
    }

    private static void AssertClose(double expected, float actual, string what) => Assert.True(
        Math.Abs(actual - expected) <= 1e-6 * Math.Max(1, Math.Abs(expected)), $"{what} is {actual:R} instead of {expected:R}");

    private static ActivationFacts Facts(Activation activation) => ActivationFacts.Of(Enum.Parse<ModelActivation>(activation.ToString()));

    private static ActivationStruct StructOf(Activation activation) =>
        (ActivationStruct)typeof(ActivationFactsTests).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(Activations).GetNestedType(activation.ToString())!)
            .Invoke(null, null)!;

    private static ActivationStruct Wrap<T>() where T : struct, IActivation => new(
        T.NeedsPreActivations,
        static (z, alpha) => First(T.Forward(Vec256.Create(z), Vec256.Create(alpha))),
        static (delta, kept, alpha) => First(T.Backward(Vec256.Create(delta), Vec256.Create(kept), Vec256.Create(alpha))));

    private static float First(Vec256 vector)
    {
        Span<float> lanes = stackalloc float[Vec256.Count];
        Vec256.Store(vector, ref lanes[0]);
        return lanes[0];
    }

    private sealed record ActivationStruct(bool NeedsPreActivations, Func<float, float, float> Forward, Func<float, float, float, float> Backward);
}
