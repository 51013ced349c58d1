using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mlp.Runtime.Tests.Numerics;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Passes;

/// <summary>Every row, and every share of the weights, is processed once, each part by its own thread. Runs alone, as the pool's tests do.</summary>
[Collection(nameof(WorkerPoolTests))]
public sealed class RowPassesTests : IDisposable
{
    private const int Inputs = 3;
    private const int Outputs = 2;
    private const int Rows = 37;
    private const int Capacity = 48;
    private const int Threads = 4;

    private readonly int _limit = WorkerPool.Limit;
    private readonly NetworkState _network = new(Layout(Normalization.None), seed: 1) { Threads = Threads };
    private readonly float[] _inputs = [.. Enumerable.Range(0, Rows * Inputs).Select(static i => (float)i)];
    private readonly float[] _targets = [.. Enumerable.Range(0, Rows * Outputs).Select(static i => -(float)i)];

    public RowPassesTests()
    {
        WorkerPool.Limit = 64;
        Kernels.Reset(rowBlock: 96);
    }

    public void Dispose() => WorkerPool.Limit = _limit;

    [Fact]
    public void Predict_GivesEachThreadItsRows()
    {
        float[] outputs = new float[Rows * Outputs];
        RowPasses<Kernels>.Predict(_network, ref _inputs[0], ref outputs[0], Rows);
        AssertPredicted(outputs, Threads);
    }

    [Fact]
    public void Predict_IsDoneByTheCaller_WhereOneThreadIsWanted()
    {
        _network.Threads = 1;
        float[] outputs = new float[Rows * Outputs];
        RowPasses<Kernels>.Predict(_network, ref _inputs[0], ref outputs[0], Rows);
        AssertPredicted(outputs, 1);
    }

    [Fact]
    public void Predict_TakesABlockOfRowsThroughAllLayersAtOnce()
    {
        Kernels.Reset(rowBlock: 6);
        _network.Threads = 1;
        float[] outputs = new float[Rows * Outputs];
        RowPasses<Kernels>.Predict(_network, ref _inputs[0], ref outputs[0], Rows);
        AssertPredicted(outputs, (Rows + 5) / 6);
    }

    [Theory]
    [InlineData(96, Threads)]
    [InlineData(8, (Rows + 7) / 8)]
    public void ComputeLosses_GivesEachThreadItsRows(int rowBlock, int calls)
    {
        Kernels.Reset(rowBlock);
        float[] outputs = new float[Rows * Outputs];
        float[] losses = new float[Rows];
        RowTraining<Kernels>.ComputeLosses(_network, _inputs, _targets, outputs, losses);
        AssertPredicted(outputs, calls);
        Assert.Equal(Enumerable.Range(0, Rows).Select(static row => -(float)row * Outputs), losses);
    }

    [Theory]
    [InlineData(96, Threads)]
    [InlineData(8, (Rows + 7) / 8)]
    public void Backpropagate_GivesEachThreadItsRows_UpToTheirDeltas(int rowBlock, int calls)
    {
        Kernels.Reset(rowBlock);
        float[] outputs = new float[Rows * Outputs];
        float loss = RowTraining<Kernels>.Backpropagate(_network, new TrainingBatch(_inputs, _targets, weights: [], Rows) { Outputs = outputs }, default(NoSink));

        AssertPredicted(outputs, calls);
        Assert.Equal(-(Rows - 1) * Outputs / 2f, loss);
        Assert.Equal(Threads, Kernels.DeltaCalls);
        Assert.Equal(Enumerable.Repeat(1, Rows), Kernels.Visits);
        Assert.Equal(Enumerable.Range(0, Rows).Select(static row => (float)(row + Capacity + Rows)), Kernels.Deltas);
    }

    [Fact]
    public void Backpropagate_GivesEachThreadItsShareOfTheWeights_AtTheMachinesWidth()
    {
        RowTraining<Kernels>.Backpropagate(_network, new TrainingBatch(_inputs, _targets, weights: [], Rows), default(NoSink));

        Assert.Equal(Enumerable.Repeat(VectorWidth.Bits / 32, Threads), Kernels.Shares);
    }

    [Fact]
    public void Backpropagate_LeavesRowsThatABatchJoins_ToOneThread()
    {
        Kernels.Reset(rowBlock: 8);
        NetworkState network = new(Layout(Normalization.Batch), seed: 1) { Threads = Threads };
        RowTraining<Kernels>.Backpropagate(network, new TrainingBatch(_inputs, _targets, weights: [], Rows), default(NoSink));

        Assert.Equal((1, 1), (Kernels.Calls, Kernels.DeltaCalls));
        Assert.Equal(Enumerable.Repeat(1, Rows), Kernels.Visits);
        Assert.Equal(Enumerable.Repeat(VectorWidth.Bits / 32, Threads), Kernels.Shares);
    }

    private static NetworkLayout Layout(Normalization normalization) => Layouts.Of(
        Inputs, LossFunction.MSE, [("Layer1", Outputs, Activation.Linear)],
        declare: layer => layer with { Normalization = normalization, NormalizationEpsilon = 1e-5f, NormalizationMomentum = 0.1f });

    private static void AssertPredicted(float[] outputs, int calls)
    {
        Assert.Equal(calls, Kernels.Calls);
        Assert.Equal(Enumerable.Range(0, Rows).SelectMany(static row => (float[])[row * Inputs, 1]), outputs);
    }

    /// <summary>Writes the first input of each row beside the number of times that the row was done.</summary>
    private readonly struct Kernels : IRowTrainingKernels
    {
        private const int Hidden = 0;
        private const int DeltaPlace = 1;
        private const int OutputPlace = 2;
        private const int LossPlace = OutputPlace + Outputs;
        private const int Floats = LossPlace + 1;

        /// <summary>Calls of the forward pass.</summary>
        public static int Calls;

        /// <summary>Calls of the backward pass, a block or a thread's range each.</summary>
        public static int DeltaCalls;

        /// <summary>How often each row had its delta.</summary>
        public static readonly int[] Visits = new int[Rows];

        /// <summary>The delta of each row as the gradients find them.</summary>
        public static readonly float[] Deltas = new float[Rows];

        /// <summary>For each share of the weights, how many lanes its vectors had, all calls together.</summary>
        public static readonly int[] Shares = new int[Threads];

        private static int _rowBlock;

        public static RowSizes Sizes => new(
            _rowBlock, ForwardFloats: 1, Cost: 1, TrainingFloats: Floats, TrainingCost: 1, OutputDelta: DeltaPlace, OutputStride: 1, Outputs: OutputPlace, Losses: LossPlace);

        public static ReadOnlySpan<int> ForwardOffsets => [Hidden, DeltaPlace];

        public static void Reset(int rowBlock)
        {
            (_rowBlock, Calls, DeltaCalls) = (rowBlock, 0, 0);
            Visits.AsSpan().Clear();
            Deltas.AsSpan().Clear();
            Shares.AsSpan().Clear();
        }

        public static void Forward<V>(scoped in RowPass pass) where V : struct, IVector<V>
        {
            Assert.Equal(VectorWidth.Bits / 32, V.Count);
            Interlocked.Increment(ref Calls);
            for (nuint row = 0; row < pass.Rows; row++)
            {
                Unsafe.Add(ref pass.Value(Hidden, 1), row) = Unsafe.Add(ref pass.Inputs, row * Inputs);
            }
        }

        public static void Output(scoped in RowPass pass)
        {
            for (nuint row = 0; row < pass.Rows; row++)
            {
                ref float output = ref Unsafe.Add(ref pass.Outputs, row * Outputs);
                output = Unsafe.Add(ref pass.Value(Hidden, 1), row);
                Unsafe.Add(ref output, 1)++; // From 0: a new array, or a new network's workspace.
            }
        }

        public static void Losses(scoped in RowPass pass)
        {
            Output(pass);
            for (nuint row = 0; row < pass.Rows; row++)
            {
                Unsafe.Add(ref pass.Losses, row) += Unsafe.Add(ref pass.Targets, row * Outputs);
            }
        }

        public static void OutputDelta(scoped in RowPass pass, float weight)
        {
            Interlocked.Increment(ref DeltaCalls);
            for (nuint row = 0; row < pass.Rows; row++)
            {
                Interlocked.Increment(ref Visits[pass.First + row]);
                Unsafe.Add(ref pass.Value(DeltaPlace, 1), row) = pass.First + row + pass.Capacity + weight;
            }
        }

        public static void Gradients<V, TSink>(scoped in RowPass pass, int part, int parts, scoped TSink sink)
            where V : struct, IVector<V>
            where TSink : struct, IGradientSink, allows ref struct
        {
            Shares[part] += V.Count;
            if (part == 0)
            {
                Assert.Equal((0, Rows, Threads), ((int)pass.First, (int)pass.Rows, parts));
                MemoryMarshal.CreateReadOnlySpan(ref pass.Value(DeltaPlace, 1), Rows).CopyTo(Deltas);
            }
        }
    }

    private readonly struct NoSink : IGradientSink
    {
        public void Expect(ref readonly float parameter, nuint index)
        {
        }

        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V>
        {
        }

        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
        }
    }
}
