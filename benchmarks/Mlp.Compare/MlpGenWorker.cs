using System.Diagnostics;
using System.Runtime.InteropServices;
using Mlp.Benchmarks;
using Mlp.CompilerServices;

namespace Mlp.Compare;

/// <summary>Does the work with a generated network.</summary>
internal sealed class MlpGenWorker : IWorker
{
    private static readonly Optimizer Adam = new Adam(1e-4f);
    private static readonly Optimizer Sgd = new Sgd(1e-3f);

    private Action<long> _run = _ => { };

    public string Version { get; } =
        $"{typeof(INetwork).Assembly.GetName().Version?.ToString(3)} ({RuntimeInformation.FrameworkDescription}, {VectorWidth.Bits}-bit vectors)";

    public string? Prepare(Work work)
    {
        if (work.Kind is WorkKind.ForwardKernel or WorkKind.DeltaKernel or WorkKind.GradientKernel)
        {
            _run = Kernel(work);
            return null;
        }

        if (Catalogue.Create(work) is not INetwork network)
            return "no such network is declared";

        network.Threads = work.Threads[0];
        int outputSize = work.Sizes[^1];
        int batches = work.Rows / work.Batch;
        Rows rows = new(work.Rows, work.Sizes[0], outputSize);
        Optimizer optimizer = work.Optimizer == "sgd" ? Sgd : Adam;
        _run = work.Kind switch
        {
            WorkKind.Train => iterations =>
            {
                for (long i = 0; i < iterations; i++)
                {
                    int first = (int)(i % batches) * work.Batch;
                    network.TrainStep(rows.Inputs(first, work.Batch), rows.Targets(first, work.Batch), optimizer);
                }
            }
            ,
            WorkKind.Gradients => Gradients(new float[work.ParameterCount]),
            WorkKind.Epoch => Epochs(Dataset.FromTargets(
                rows.Inputs(0, work.Rows).ToArray(), rows.Targets(0, work.Rows).ToArray(), work.Sizes[0], outputSize)),
            _ => Predictions(new float[work.Batch * outputSize]),
        };
        return null;

        Action<long> Gradients(float[] gradients) => iterations =>
        {
            for (long i = 0; i < iterations; i++)
                network.ComputeGradients(rows.Inputs(0, work.Batch), rows.Targets(0, work.Batch), gradients);
        };

        Action<long> Epochs(Dataset data) => iterations =>
        {
            for (long i = 0; i < iterations; i++)
                network.Train(data, new TrainingOptions { Epochs = 1, BatchSize = work.Batch, Optimizer = optimizer, Threads = work.Threads[0] }, default);
        };

        Action<long> Predictions(float[] outputs) => iterations =>
        {
            for (long i = 0; i < iterations; i++)
                network.Predict(rows.Inputs(0, work.Batch), outputs);
        };
    }

    private static Action<long> Kernel(Work work)
    {
        LayerKernels layer = new(work.Sizes[0], work.Sizes[1], work.Batch, work.Optimizer switch { "sgd" => Sgd, "adam" => Adam, _ => null });
        Action kernel = work.Kind switch
        {
            WorkKind.ForwardKernel => layer.Forward,
            WorkKind.DeltaKernel => layer.Delta,
            _ => layer.Gradient,
        };
        return iterations =>
        {
            for (long i = 0; i < iterations; i++)
                kernel();
        };
    }

    public Turn Run(long iterations)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        _run(iterations);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Turn(seconds, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
