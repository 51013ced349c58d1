using System.Globalization;
using Xunit.Abstractions;

namespace Mlp.Runtime.Tests.Numerics;

/// <summary>
/// Errors and monotony of the elementary functions over a stride of all floats, or over every single one: with
/// MLPGEN_EXHAUSTIVE=1, which takes a quarter of an hour and prints the table of docs/numerics.md.
/// </summary>
public class ElementarySweepTests(ITestOutputHelper output)
{
    private const uint PatternsOfSign = 0x7F800001;
    private const int Block = 4096;

    // A prime, so that all mantissas and exponents are met.
    private static readonly uint Stride = Environment.GetEnvironmentVariable("MLPGEN_EXHAUSTIVE") == "1" ? 1u : 2003u;
    private static readonly long PatternsOfChunk = 64 * Block * (long)Stride;

    /// <summary>Whether results rise with the argument, or with its magnitude.</summary>
    private enum Shape
    {
        Increasing,
        Even,
    }

    [Fact]
    public void Functions_AreWithinTheirErrors_AndMonotone()
    {
        output.WriteLine("| function | largest error | at | largest fall between neighbours |");
        output.WriteLine("|---|---|---|---|");
        Assert.Multiple(
            () => Check<ExpFunction>("exp", 1.25, Shape.Increasing),
            () => Check<Expm1Function>("expm1", 1.5, Shape.Increasing),
            () => Check<LogFunction>("log", 1.0, Shape.Increasing),
            () => Check<TanhFunction>("tanh", 1.5, Shape.Increasing),
            () => Check<ErfFunction>("erf", 1.5, Shape.Increasing),
            () => Check<SigmoidFunction>("sigmoid", 2.0, Shape.Increasing),
            () => Check<SoftplusFunction>("softplus", 2.0, Shape.Increasing),
            () => Check<LogCoshFunction>("logcosh", 2.0, Shape.Even));
    }

    private void Check<F>(string name, double limit, Shape shape) where F : struct, IVectorFunction
    {
        Finding found = Sweep<F>(shape);
        string fall = found.Fall == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{found.Fall} ulp at {found.FallsAt:R}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| `{name}` | {found.Error:F3} ulp | {found.Where:R} | {fall} |"));
        Assert.True(found.Error <= limit, $"{name}: {found.Error:F3} ulps at {found.Where:R}");
        Assert.True(found.Fall == 0, $"{name} falls by {fall}");
    }

    private static Finding Sweep<F>(Shape shape) where F : struct, IVectorFunction
    {
        long chunks = (PatternsOfSign + PatternsOfChunk - 1) / PatternsOfChunk;
        Finding worst = default;
        object exclusive = new();
        Parallel.For(0, 2 * chunks, chunk =>
        {
            Finding found = SweepChunk<F>(shape, chunk / 2 * PatternsOfChunk, chunk % 2 == 1);
            lock (exclusive)
            {
                worst = worst.OrWorse(found);
            }
        });

        return worst;
    }

    /// <summary>The arguments of one sign from a bit pattern on, away from 0; the first is the last of the chunk before.</summary>
    private static Finding SweepChunk<F>(Shape shape, long first, bool negative) where F : struct, IVectorFunction
    {
        float[] inputs = new float[Block];
        float[] outputs = new float[Block];
        Finding worst = default;
        long end = Math.Min(first + PatternsOfChunk, PatternsOfSign);
        long pattern = Math.Max(0, first - Stride);
        float last = float.NaN;
        while (pattern < end)
        {
            int count = 0;
            for (; count < Block && pattern < end; count++, pattern += Stride)
            {
                inputs[count] = BitConverter.UInt32BitsToSingle((uint)pattern | (negative ? 0x80000000u : 0u));
            }

            VectorFunctions.Apply<F, Vec256>(inputs, outputs);
            for (int i = 0; i < count; i++)
            {
                double error = Ulps.Error(outputs[i], F.Reference(inputs[i]));
                float rising = negative && shape == Shape.Increasing ? -outputs[i] : outputs[i];
                int fall = rising < last ? Math.Abs(BitConverter.SingleToInt32Bits(last) - BitConverter.SingleToInt32Bits(rising)) : 0;
                worst = worst.OrWorse(new Finding(error, inputs[i], fall, inputs[i]));
                last = rising;
            }
        }

        return worst;
    }

    private readonly record struct Finding(double Error, float Where, int Fall, float FallsAt)
    {
        /// <summary>The larger of both errors and falls, each with its argument.</summary>
        public Finding OrWorse(in Finding other)
        {
            Finding error = other.Error > Error ? other : this;
            Finding fall = other.Fall > Fall ? other : this;
            return new Finding(error.Error, error.Where, fall.Fall, fall.FallsAt);
        }
    }
}
