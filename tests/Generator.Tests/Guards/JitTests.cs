using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests.Guards;

/// <summary>
/// Beyond a certain size the JIT silently stops inlining, which makes vector operations calls, and then stops optimising a method. Emitted methods stay
/// well below.
/// </summary>
public partial class JitTests(ITestOutputHelper output)
{
    /// <summary>Types of the runtime whose methods are kernels, generic over the vector and over what a network computes.</summary>
    private static readonly string[] RuntimeKernels =
        ["Tiles", "RowInputs", "RowActivations", "RowOutputs", "LaneActivations", "LaneOutputs", "LaneGradients", "PartialSums"];

    /// <summary>Three steps and a prediction of every trainable network; then a method that is known to be too large.</summary>
    private static string Program
    {
        get
        {
            StringBuilder source = new("""
                using System;
                using Gallery;

                // Plain and frequent rules, and the longest ones.
                Optimizer[] optimizers =
                [
                    new Sgd(0.01f), new Sgd(0.01f, momentum: 0.9f), new Adam(), new Adam(amsGrad: true), new RmsProp(momentum: 0.9f, centered: true),
                ];

                """);
            foreach (GalleryNetwork network in Gallery.Networks.Concat(Gallery.Largest))
            {
                bool trains = network.Attributes.Contains("[Loss", StringComparison.Ordinal);
                source.AppendLine(CultureInfo.InvariantCulture, $$"""
                    {
                        {{network.ClassName}} net = new();
                        float[] inputs = new float[20 * {{network.ClassName}}.InputSize];
                        float[] outputs = new float[20 * {{network.ClassName}}.OutputSize];
                        float[] targets = new float[outputs.Length];
                        Array.Fill(targets, 1f);
                        net.Predict(inputs, outputs);
                        net.Predict(inputs.AsSpan(0, {{network.ClassName}}.InputSize));
                    """);
                if (trains)
                {
                    if (network.Attributes.Contains("Standardize", StringComparison.Ordinal))
                    {
                        source.AppendLine("net.LearnInputStatistics(Dataset.FromTargets(inputs, outputs, inputs.Length / 20, outputs.Length / 20));");
                    }

                    source.AppendLine(CultureInfo.InvariantCulture, $$"""
                            foreach (Optimizer optimizer in optimizers)
                            {
                                net.TrainStep(inputs, targets, optimizer);
                                net.TrainStep(inputs.AsSpan(0, 5 * {{network.ClassName}}.InputSize), targets.AsSpan(0, 5 * {{network.ClassName}}.OutputSize), optimizer);
                            }

                            net.ComputeGradients(inputs, targets, new float[{{network.ClassName}}.ParameterCount]);
                            ((Mlp.CompilerServices.INetwork)net).ComputeLosses(inputs, outputs, new float[outputs.Length], new float[20]);
                        """);
                }

                source.AppendLine("}");
            }

            source.AppendLine("Console.WriteLine(TooLarge.Sum(1) + TooLarge.Vectors(1));");
            source.AppendLine("""
                static class TooLarge {
                [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoOptimization)]
                public static float Vectors(float x) => Mlp.CompilerServices.CanonicalSum.Fold(
                    Mlp.CompilerServices.Activations.Tanh.Forward(Mlp.CompilerServices.VectorMath.Exp(Mlp.CompilerServices.Vec256.Create(x))));
                public static int Sum(int x) {
                """);
            source.Insert(source.Length, "x += x * 3; x ^= x >> 2;\n", 6000);
            return source.AppendLine("return x; } }").AppendLine(Gallery.Source.Replace("namespace Gallery;", "namespace Gallery {")).AppendLine("}").ToString();
        }
    }

    [Fact]
    public void EveryEmittedMethod_IsOptimisedAtEveryWidth()
    {
        using ChildProgram program = new(Program);
        foreach (string bits in (string[])["128", "256", "512"])
        {
            // Without tiers every method is optimised at once; if it is not, the JIT gave up on it.
            string file = program.PathOf($"jit{bits}.txt");
            program.Run(
                [
                    new("DOTNET_TieredCompilation", "0"), new("DOTNET_JitStdOutFile", file), new("DOTNET_JitDisasmSummary", "1"),
                    new("DOTNET_EnableAVX512", bits == "512" ? "1" : "0"), // Which has twice as many registers, for shorter vectors too.
                    new("DOTNET_JitDisasm", $"Gallery.*:* TooLarge:Vectors {string.Join(' ', RuntimeKernels.Select(static type => $"Mlp.CompilerServices.{type}:*"))}"),
                ],
                new KeyValuePair<string, string>(VectorWidth.OptionName, bits));
            string[] lines = File.ReadAllLines(file);
            CheckSummary(bits, lines);
            CheckCalls(lines);
            if (Fma.IsSupported)
            {
                CheckLoops(bits, lines);
            }
        }
    }

    private void CheckSummary(string bits, IEnumerable<string> lines)
    {
        (string Method, string Tier)[] compiled =
        [
            .. lines.Select(static line => Entry().Match(line))
                .Where(static match => match.Success)
                .Select(static match => (match.Groups["method"].Value, match.Groups["tier"].Value)),
        ];
        (string Method, string Tier)[] emitted = [.. compiled.Where(static entry => IsEmitted(entry.Method))];
        output.WriteLine($"{bits} bits: {emitted.Length} emitted methods of {compiled.Length}; {string.Join(", ", emitted.CountBy(static entry => entry.Tier))}");

        // Otherwise the summary lacks what this test reads from it.
        Assert.Contains(compiled, static entry => entry.Method.StartsWith("TooLarge:Sum", StringComparison.Ordinal) && entry.Tier.Contains("MinOpts", StringComparison.Ordinal));
        Assert.All(Gallery.Networks, network => Assert.Contains(emitted, entry => entry.Method.StartsWith($"Gallery.{network.ClassName}+Kernels:", StringComparison.Ordinal)));
        Assert.Contains(emitted, entry => entry.Method.Contains($"Vec{bits}", StringComparison.Ordinal));
        Assert.DoesNotContain(emitted, static entry => !entry.Tier.StartsWith("FullOpts", StringComparison.Ordinal));
    }

    private static bool IsEmitted(string method) =>
        method.StartsWith("Gallery.", StringComparison.Ordinal)
        || RuntimeKernels.Any(type => method.StartsWith($"Mlp.CompilerServices.{type}:", StringComparison.Ordinal));

    private static void CheckCalls(string[] lines)
    {
        List<string> calls = [];
        string method = "";
        foreach (string line in lines)
        {
            method = Listing().Match(line) is { Success: true } listing ? listing.Groups["method"].Value : method;

            // Rows that do not fill a vector may be slow, and the emulated multiply-add is tested elsewhere.
            if (IsEmitted(method) && VectorCall().IsMatch(line) && !line.Contains("Fewer(", StringComparison.Ordinal))
            {
                calls.Add($"{method}: {line.Trim()}");
            }
        }

        // Otherwise the listings lack what this test reads from them.
        string[] listed = [.. lines.Select(static line => Listing().Match(line).Groups["method"].Value).Where(static listed => listed.Length > 0)];
        string[] expected = [.. RuntimeKernels.Select(static type => $"{type}:"), "Tiles:Tile6", "LaneGradients:Weights", "PartialSums:FoldWeights"];
        Assert.All(expected, kernel => Assert.Contains(listed, listed => listed.StartsWith($"Mlp.CompilerServices.{kernel}", StringComparison.Ordinal)));
        Assert.All(Gallery.Networks, network => Assert.Contains(listed, listed => listed.StartsWith($"Gallery.{network.ClassName}+Kernels:", StringComparison.Ordinal)));
        string[] known = [.. lines.SkipWhile(static line => !line.StartsWith("; Assembly listing for method TooLarge:Vectors", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(static line => !Listing().IsMatch(line))
            .Select(static line => VectorCall().Match(line).Groups["type"].Value)
            .Where(static type => type.Length > 0)];
        Assert.Equal(["Vec256", "VectorMath", "Activations"], known);

        Assert.True(calls.Count == 0 || !(Fma.IsSupported || AdvSimd.IsSupported), string.Join('\n', calls.Take(20)));
    }

    /// <summary>No accumulator is spilled in the loops of the largest tiles, twelve each: a spilled accumulator or pointer halves their speed.</summary>
    private void CheckLoops(string bits, IEnumerable<string> lines)
    {
        List<string> inMemory = [];
        int loops = 0;
        string method = "";
        List<string> block = [];
        foreach (string line in lines)
        {
            method = Listing().Match(line) is { Success: true } listing ? listing.Groups["method"].Value : method;
            if (!string.IsNullOrWhiteSpace(line))
            {
                block.Add(line);
                continue;
            }

            if (method.StartsWith("Mlp.CompilerServices.Tiles:", StringComparison.Ordinal) && block.Count(static line => line.Contains(" vfmadd231ps ", StringComparison.Ordinal)) == 12)
            {
                loops++;
                inMemory.AddRange(block.Where(static line => ThroughTheStack().IsMatch(line)).Select(line => $"{method}: {line.Trim()}"));
            }

            block.Clear();
        }

        output.WriteLine($"{bits} bits: {loops} loops over twelve sums");
        Assert.NotEqual(0, loops);
        Assert.True(inMemory.Count == 0, string.Join('\n', inMemory.Take(20)));
    }

    [GeneratedRegex(@"mmword ptr \[r[bs]p\b|mov +\w+ ptr \[r[bs]p\b")]
    private static partial Regex ThroughTheStack();

    [GeneratedRegex(@"^; Assembly listing for method (?<method>\S+)")]
    private static partial Regex Listing();

    /// <summary>A call of what kernels inline: operations on vectors, and what they are generic over.</summary>
    [GeneratedRegex(@"\bcall +\[Mlp\.CompilerServices\.(?<type>Vec\d+|VectorMath|Activations|Losses|Chain|AsIs|Activated|TimesSlope|TimesMask|PlusResidual)\b")]
    private static partial Regex VectorCall();

    [GeneratedRegex(@"^ *\d+: JIT compiled (?<method>.+) \[(?<tier>[^,\]]+)(, [^\]]*)?\]$")]
    private static partial Regex Entry();
}
