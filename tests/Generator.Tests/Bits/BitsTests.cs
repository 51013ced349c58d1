using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Bits;

/// <summary>The same seed gives the same bits under every instruction set, vector width, number of threads, tier and build.</summary>
public class BitsTests
{
    private const string Program = """
        using System;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Security.Cryptography;

        Console.WriteLine(Mlp.CompilerServices.VectorWidth.Bits);
        int threads = int.Parse(Environment.GetEnvironmentVariable("TEST_THREADS") ?? "0");
        WorkerThreads.Limit = Math.Max(threads, 1);

        // Straight-line, with a last group of samples that is not full.
        TinyNet tiny = new(seed: 3) { Threads = threads };
        Step(19, 3, 2, (inputs, targets) => tiny.TrainStep(inputs, targets, new Adam(1e-2f)));
        Report("tiny", tiny.CopyParametersTo, TinyNet.ParameterCount, tiny.Predict, 3, 2);

        TinyClassNet tinyClass = new(seed: 4) { Threads = threads };
        Step(9, 2, 3, (inputs, targets) => tinyClass.TrainStep(inputs, targets, new Sgd(0.1f, momentum: 0.9f)));
        Report("tiny, softmax and dropout", tinyClass.CopyParametersTo, TinyClassNet.ParameterCount, tinyClass.Predict, 2, 3);

        // Tiled, with sizes that are no multiple of any vector.
        MediumNet medium = new(seed: 5) { Threads = threads };
        Step(37, 19, 7, (inputs, targets) => medium.TrainStep(inputs, targets, new Adam(1e-2f, weightDecay: 1e-3f)));
        Report("medium", medium.CopyParametersTo, MediumNet.ParameterCount, medium.Predict, 19, 7);

        DropoutNet dropout = new(seed: 6) { Threads = threads };
        Step(26, 10, 2, (inputs, targets) => dropout.TrainStep(inputs, targets, new Sgd(0.05f, momentum: 0.9f, nesterov: true)));
        Report("dropout", dropout.CopyParametersTo, DropoutNet.ParameterCount, dropout.Predict, 10, 2);

        OddNet odd = new(seed: 8) { Threads = threads };
        Step(11, 9, 12, (inputs, targets) => odd.TrainStep(inputs, targets, new Adam()));
        Report("odd sizes", odd.CopyParametersTo, OddNet.ParameterCount, odd.Predict, 9, 12);

        // The whole path: synthetic data, shuffles, statistics of the inputs, evaluation.
        (Dataset train, Dataset test) = SyntheticData.Circles(200, factor: 0.3, noise: 0.05, seed: 1).Split(0.8, seed: 1);
        WholeNet whole = new(seed: 7) { Threads = threads };
        TrainingHistory history = whole.Train(train, new TrainingOptions { Epochs = 2, BatchSize = 32, Validation = test, Seed = 2 });
        foreach (EpochResult epoch in history.Epochs)
        {
            Console.WriteLine($"{BitConverter.DoubleToInt64Bits(epoch.Loss):x} {BitConverter.DoubleToInt64Bits(epoch.ValidationLoss ?? 0):x}");
        }

        Report("whole", whole.CopyParametersTo, WholeNet.ParameterCount, whole.Predict, 2, 1);

        // Every other optimizer in turn, and all that regularises.
        RuleNet optimized = new(seed: 9) { Threads = threads };
        foreach (Optimizer optimizer in (Optimizer[])
            [new Adam(1e-2f, amsGrad: true), new AdamW(), new NAdam(), new RAdam(), new RmsProp(1e-3f, momentum: 0.9f, centered: true), new Adagrad(), new Adadelta(), new Lion()])
        {
            Step(5, 17, 21, (inputs, targets) => optimized.TrainStep(inputs, targets, optimizer));
        }

        Report("optimizers", optimized.CopyParametersTo, RuleNet.ParameterCount, optimized.Predict, 17, 21);

        whole.Train(train, new TrainingOptions
        {
            Epochs = 2, BatchSize = 16, AccumulationSteps = 3, L1 = 1e-3f, L2 = 1e-2f, ClipValue = 0.01f, ClipNorm = 0.02f, MaxNorm = 0.8f,
        });
        Report("regularised", whole.CopyParametersTo, WholeNet.ParameterCount, whole.Predict, 2, 1);

        // Normalization, residual layers, noise, learned slopes, sample weights; straight-line and tiled, with input gradients.
        SmallNet small = new(seed: 10) { Threads = threads };
        small.LearnInputStatistics(Dataset.FromTargets(Numbers(13 * 4, 5), new float[13 * 2], 4, 2));
        Step(13, 4, 2, (inputs, targets) => small.TrainStep(inputs, targets, Numbers(13, 7).Select(Math.Abs).ToArray(), new Adam(1e-2f)));
        Report("small vocabulary", small.CopyParametersTo, SmallNet.ParameterCount, small.Predict, 4, 2);
        float[] slopes = new float[13 * 2 * 4];
        small.InputGradients(Numbers(13 * 4, 3), slopes);

        LargeNet large = new(seed: 11) { Threads = threads };
        Step(29, 9, 3, (inputs, targets) => large.TrainStep(inputs, targets, new Adam(1e-2f)));
        Report("large vocabulary", large.CopyParametersTo, LargeNet.ParameterCount, large.Predict, 9, 3);
        float[] derivatives = new float[29 * 9];
        large.InputGradients(Numbers(29 * 9, 3), Numbers(29 * 3, 4).Select(Math.Abs).ToArray(), derivatives);
        Console.WriteLine($"derivatives: {Hash(slopes)} {Hash(derivatives)}");

        // An ensemble, with everything that joins or draws for the rows of all members.
        MembersNet members = new(seed: 12) { Threads = threads };
        Step(27, 9, 3, (inputs, targets) => members.TrainStep(inputs, targets, new Adam(1e-2f)));
        Report("ensemble", members.CopyParametersTo, MembersNet.ParameterCount, members.Predict, 9, 3);
        float[] each = new float[27 * 9];
        members.InputGradients(Numbers(27 * 9, 3), Numbers(27 * 3, 4).Select(Math.Abs).ToArray(), each);
        Evaluation judged = members.Evaluate(Dataset.FromTargets(Numbers(27 * 9, 3), Numbers(27 * 3, 4).Select(Math.Abs).ToArray(), 9, 3));
        Console.WriteLine($"{Hash(each)} {BitConverter.DoubleToInt64Bits(judged.Loss):x} {BitConverter.SingleToInt32Bits(members.PredictSpread(Numbers(9, 1))):x}");

        // Tables of embeddings, in an ensemble too.
        EmbeddedNet embedded = new(seed: 13) { Threads = threads };
        Step(27, 3, 3, (inputs, targets) => embedded.TrainStep(Rows(inputs), targets, new Adam(1e-2f)));
        Report("embeddings", embedded.CopyParametersTo, EmbeddedNet.ParameterCount, (inputs, outputs) => embedded.Predict(Rows(inputs.ToArray()), outputs), 3, 3);

        // Columns 0 and 2 are numbers of rows.
        static float[] Rows(float[] numbers) => [.. numbers.Select((value, i) => i % 3 == 1 ? value : MathF.Floor(MathF.Abs(value) * 2.4f))];

        static void Step(int rows, int inputSize, int outputSize, Action<float[], float[]> step)
        {
            for (int i = 0; i < 6; i++)
            {
                float[] targets = Numbers(rows * outputSize, 100 + i);
                for (int row = 0; row < targets.Length; row += outputSize)
                {
                    // A distribution where there are classes, and as good as any other numbers where there are none.
                    targets.AsSpan(row, outputSize).Clear();
                    targets[row + (row / outputSize % outputSize)] = 1;
                }

                step(Numbers(rows * inputSize, i), targets);
            }
        }

        static void Report(
            string name, Action<Span<float>> copy, int count, Action<ReadOnlySpan<float>, Span<float>> predict, int inputSize, int outputSize)
        {
            float[] parameters = new float[count];
            copy(parameters);
            float[] outputs = new float[29 * outputSize];
            predict(Numbers(29 * inputSize, 50), outputs);
            Console.WriteLine($"{name}: {Hash(parameters)} {Hash(outputs)} {outputs[0]:g9}");
        }

        static string Hash(float[] values) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16];

        static float[] Numbers(int count, int seed)
        {
            float[] numbers = new float[count];
            uint state = (uint)seed * 2654435761u;
            for (int i = 0; i < count; i++)
            {
                state = unchecked((state * 1664525u) + 1013904223u);
                numbers[i] = ((int)(state >> 8) - 8388608) / 4194304f;
            }

            return numbers;
        }

        [Input(3)] [Dense(5, Tanh)] [Dense(2, Sigmoid)] [Loss(BCE)]
        partial class TinyNet;

        [Input(2)] [Dense(6, Relu)] [Dropout(0.3)] [Dense(3, Softmax)] [Loss(CrossEntropy)]
        partial class TinyClassNet;

        [Input(19)] [Dense(40, Relu)] [Dense(24, Sigmoid)] [Dense(7, Softmax)] [Loss(CrossEntropy)]
        partial class MediumNet;

        [Input(10)] [Dense(65, Relu)] [Dropout(0.4)] [Dense(17, Tanh, Bias = false)] [Dense(2)] [Loss(MSE)]
        partial class DropoutNet;

        [Input(9)] [Dense(49)] [Dense(33, Sigmoid)] [Dense(3, Tanh)] [Dense(56, Relu)] [Dense(8, Tanh)] [Dense(12)] [Loss(MSE)]
        partial class OddNet;

        [Input(17)] [Dense(21)] [Loss(MSE)]
        partial class RuleNet;

        [Input(2, Standardize = true)] [Dense(32, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)]
        partial class WholeNet;

        [Input(4, Standardize = true, Gradients = true)] [GaussianNoise(0.1)] [Dense(4, PRelu, Residual = true)] [Dropout(0.2)] [Dense(5, Selu)] [Dense(4, Elu)] [Dense(2, Softplus)] [Loss(Poisson)]
        partial class SmallNet;

        [Input(9, Gradients = true)] [Dropout(0.1)] [Dense(20, Gelu, Normalization = Normalization.Batch)] [GaussianNoise(0.1)] [Dropout(0.2)]
        [Dense(20, Mish, Residual = true, Normalization = Normalization.Layer, L2 = 1e-3)] [Dense(11, PRelu)] [Dense(12, HardSwish)] [Dense(3, Softmax)]
        [Loss(CrossEntropy, LabelSmoothing = 0.1, ClassWeights = new[] { 0.5, 1.0, 2.0 })]
        partial class LargeNet;

        [Input(9, Gradients = true)] [Ensemble(5)] [GaussianNoise(0.1)] [Dense(20, Gelu, Normalization = Normalization.Batch)] [Dropout(0.2)]
        [Dense(20, PRelu, Residual = true, Normalization = Normalization.Layer, L2 = 1e-3)] [Dense(11, Relu)]
        [Dense(3, Softmax, Normalization = Normalization.Batch)]
        [Loss(CrossEntropy, LabelSmoothing = 0.1, ClassWeights = new[] { 0.5, 1.0, 2.0 })]
        partial class MembersNet;

        [Input<EmbeddedRow>] [Ensemble(2)] [Dropout(0.1)] [Dense(21, Gelu)] [Dense(3, Softmax)] [Loss(CrossEntropy)]
        partial class EmbeddedNet;

        public class EmbeddedRow
        {
            [Category(Capacity = 5, Embedding = 9)] public string First { get; set; } = "";
            [Numeric] public float Second { get; set; }
            [Category(Capacity = 7, Embedding = 3)] public int Third { get; set; }
            [Target] public string Class { get; set; } = "";
        }
        """;

    /// <summary>
    /// Hashes of parameters and of predictions, and losses bit by bit. They stand here so that machines can be compared too; only a change of what
    /// docs/numerics.md promises may change them.
    /// </summary>
    private const string Expected = """
        tiny: 0C4EDE7CD7956F98 5D3E6D2DDB7070A2 0.271370977
        tiny, softmax and dropout: 6771F64B0EDC8A47 08F3CADF335822E2 0.430568397
        medium: 0EF7877B7A60534B CA63C5DCAA04B5E2 0.162119418
        dropout: 0D92CF9BBCC0E55F 138D8E3A648CCA77 0.516946256
        odd sizes: 9EC98553D7B0F404 CB0A418C401E869F 0.336067557
        3fe7ce2bb999999a 3fe8064f2ccccccd
        3fe77f28e6666666 3fe7eea45c000000
        whole: 91DEE5D1A906B5C8 8457CC1F6CA43975 0.577691019
        optimizers: E7B53BC8C8963436 F5139D4EDE7C42D3 -0.00123493851
        regularised: 53DE0C63C7C09743 3611CD3D17292E17 0.579583168
        small vocabulary: 18734B4A913F31F0 EEC856DF01D44F85 1.18850327
        large vocabulary: 9FEC68DFED815781 0E44FD6CA4C1F1BB 0.210652396
        derivatives: F8C85E0545D68BAB DBA0F1CD30A4BC16
        ensemble: E301E0B0C345B69B 8C380C42DD10B9BE 0.388741702
        8E1E941AD05AE078 3ff08dbdcc5c1f1f 3e637ae4
        embeddings: 7C58F61F3CC5B0B3 6A6686C0BA2AC9A1 0.344239533

        """;

    private static readonly (string Name, string Value)[] Settings =
    [
        ("DOTNET_PreferredVectorBitWidth", "128"),
        ("DOTNET_PreferredVectorBitWidth", "256"),
        ("DOTNET_PreferredVectorBitWidth", "512"),
        ("DOTNET_EnableAVX512", "0"),
        ("DOTNET_EnableAVX2", "0"),
        ("DOTNET_EnableFMA", "0"),
        ("DOTNET_EnableHWIntrinsic", "0"),
        ("DOTNET_TieredCompilation", "0"),
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_TC_QuickJitForLoops", "0"),
        ("DOTNET_ReadyToRun", "0"),
        ("DOTNET_JITMinOpts", "1"),
        ("TEST_THREADS", "1"),
        ("TEST_THREADS", "2"),
        ("TEST_THREADS", "3"),
        ("TEST_THREADS", "5"),
        ("TEST_THREADS", "16"),
    ];

    [Theory]
    [InlineData(OptimizationLevel.Release)]
    [InlineData(OptimizationLevel.Debug)]
    public void ParametersAndPredictions_AreTheSameBitsInEveryMode(OptimizationLevel optimization)
    {
        using ChildProgram program = new(Program, optimization);
        List<string> different = [];
        SortedSet<int> widths = [];
        Compare("default");
        foreach ((string name, string value) in Settings)
        {
            Compare($"{name}={value}", new(name, value));
        }

        foreach (string bits in (string[])["128", "256", "512"])
        {
            KeyValuePair<string, string> width = new(VectorWidth.OptionName, bits);
            Compare($"{bits} bits", null, width);
            Compare($"{bits} bits without intrinsics", new("DOTNET_EnableHWIntrinsic", "0"), width);
        }

        Assert.Equal([128, 256, 512], widths);
        Assert.True(different.Count == 0, $"Expected\n{Expected}\n{string.Join("\n", different)}");

        void Compare(string mode, KeyValuePair<string, string>? environment = null, params KeyValuePair<string, string>[] options)
        {
            string[] lines = program.Run(environment is null ? [] : [environment.Value], options).ReplaceLineEndings("\n").Split('\n', 2);
            widths.Add(int.Parse(lines[0]));
            if (lines[1] != Expected)
            {
                different.Add($"{mode}:\n{lines[1]}");
            }
        }
    }
}
