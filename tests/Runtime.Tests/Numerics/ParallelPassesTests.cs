using System.Runtime.CompilerServices;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Every row, and every share of the weights, is processed once, each part by its own thread. Runs alone, as the pool's tests do.</summary>
[Collection(nameof(WorkerPoolTests))]
public sealed class ParallelPassesTests : IDisposable
{
    private const int Inputs = 3;
    private const int Outputs = 2;
    private const int Rows = 37;
    private const int Threads = 4;

    private readonly int _limit = WorkerPool.Limit;
    private readonly NetworkState _network = new(Layouts.Of(Inputs, LossFunction.MSE, [("Layer1", Outputs, Activation.Linear)]), seed: 1) { Threads = Threads };
    private readonly float[] _inputs = [.. Enumerable.Range(0, Rows * Inputs).Select(static i => (float)i)];
    private readonly float[] _targets = [.. Enumerable.Range(0, Rows * Outputs).Select(static i => -(float)i)];
    private readonly float[] _done = new float[Rows];

    public ParallelPassesTests()
    {
        WorkerPool.Limit = 64;
        Kernels.Calls = 0;
    }

    public void Dispose() => WorkerPool.Limit = _limit;

    [Fact]
    public void Predict_GivesEachThreadItsRows()
    {
        float[] outputs = new float[Rows * Outputs];
        ParallelPasses.Predict<Kernels>(_network, ref _inputs[0], ref outputs[0], Rows, cost: 1);
        AssertPredicted(outputs);
    }

    [Fact]
    public void Predict_IsDoneByTheCaller_WhereOneThreadIsWanted()
    {
        _network.Threads = 1;
        float[] outputs = new float[Rows * Outputs];
        ParallelPasses.Predict<Kernels>(_network, ref _inputs[0], ref outputs[0], Rows, cost: 1);
        Assert.Equal(1, Kernels.Calls);
    }

    [Fact]
    public void ComputeLosses_GivesEachThreadItsRows()
    {
        float[] outputs = new float[Rows * Outputs];
        ParallelPasses.ComputeLosses<Kernels>(_network, ref _inputs[0], ref _targets[0], ref outputs[0], ref _done[0], Rows, cost: 1);
        AssertPredicted(outputs);
        Assert.Equal(Enumerable.Range(0, Rows).Select(static row => -(float)row * Outputs), _done);
    }

    [Fact]
    public void Differentiate_GivesEachThreadItsRows()
    {
        TrainingBatch batch = new(_inputs, _targets, weights: [], Rows);
        ParallelPasses.Differentiate<Kernels>(_network, batch, ref _done[0], capacity: 40, weight: 5f, Threads);
        Assert.Equal(Threads, Kernels.Calls);
        Assert.All(_done, static value => Assert.Equal(45f, value));
    }

    [Fact]
    public void Gradients_GivesEachThreadItsShare_AtTheMachinesWidth()
    {
        float[] shares = new float[Threads];
        ParallelPasses.Gradients<Kernels, NoSink>(_network, ref _inputs[0], ref shares[0], capacity: 40, Rows, Threads, default);
        Assert.Equal(Threads, Kernels.Calls);
        Assert.All(shares, static share => Assert.Equal(VectorWidth.Bits / 32, share));
    }

    private static void AssertPredicted(float[] outputs)
    {
        Assert.Equal(Threads, Kernels.Calls);
        Assert.Equal(Enumerable.Range(0, Rows).SelectMany(static row => (float[])[row * Inputs, 1]), outputs);
    }

    /// <summary>Writes the first input of each row beside the number of times that the row was done.</summary>
    private readonly struct Kernels : ITrainingKernels
    {
        public static int Calls;

        public static void PredictRows(NetworkState network, ref float inputs, ref float outputs, nuint rows)
        {
            Interlocked.Increment(ref Calls);
            for (nuint row = 0; row < rows; row++)
            {
                Unsafe.Add(ref outputs, row * Outputs) = Unsafe.Add(ref inputs, row * Inputs);
                Unsafe.Add(ref outputs, (row * Outputs) + 1)++;
            }
        }

        public static void ComputeRowLosses(NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)
        {
            PredictRows(network, ref inputs, ref outputs, rows);
            for (nuint row = 0; row < rows; row++)
            {
                Unsafe.Add(ref losses, row) += Unsafe.Add(ref targets, row * Outputs);
            }
        }

        public static void DifferentiateRows(
            NetworkState network, scoped in TrainingBatch batch, ref float buffers, nuint capacity, nuint start, nuint rows, float weight)
        {
            Interlocked.Increment(ref Calls);
            for (nuint row = start; row < start + rows; row++)
            {
                Unsafe.Add(ref buffers, row) += capacity + weight;
            }
        }

        public static void Gradients<V, TSink>(
            NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows, int part, int parts, scoped TSink sink)
            where V : struct, IVector<V>
            where TSink : struct, IGradientSink, allows ref struct
        {
            Interlocked.Increment(ref Calls);
            Unsafe.Add(ref buffers, part) += V.Count;
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
