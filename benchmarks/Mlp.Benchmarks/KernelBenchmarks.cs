using BenchmarkDotNet.Attributes;

namespace Mlp.Benchmarks;

/// <summary>
/// The kernels of one layer of 512×512 with a batch of 64: the forward product alone, with the gradient into a buffer, and with Adam fused into
/// the gradient. Each product has 2·64·512·512 = 33.6 million floating-point operations.
/// </summary>
public class KernelBenchmarks
{
    private const int BatchSize = 64;

    private readonly LayerNet _net = new(seed: 1) { Threads = 1 };
    private readonly Rows _rows = new(BatchSize, LayerNet.InputSize, LayerNet.OutputSize);
    private readonly float[] _outputs = new float[BatchSize * LayerNet.OutputSize];
    private readonly float[] _gradients = new float[LayerNet.ParameterCount];
    private readonly Adam _adam = new(1e-4f);
    private readonly Sgd _sgd = new(1e-4f);

    [Benchmark(Baseline = true, Description = "forward")]
    public void Forward() => _net.Predict(_rows.Inputs(0, BatchSize), _outputs);

    [Benchmark(Description = "forward, gradient stored")]
    public float Gradient() => _net.ComputeGradients(_rows.Inputs(0, BatchSize), _rows.Targets(0, BatchSize), _gradients);

    [Benchmark(Description = "forward, gradient with SGD fused")]
    public float FusedSgd() => _net.TrainStep(_rows.Inputs(0, BatchSize), _rows.Targets(0, BatchSize), _sgd);

    [Benchmark(Description = "forward, gradient with Adam fused")]
    public float FusedAdam() => _net.TrainStep(_rows.Inputs(0, BatchSize), _rows.Targets(0, BatchSize), _adam);
}
