using BenchmarkDotNet.Attributes;

namespace Mlp.Benchmarks;

/// <summary>
/// The kernels of one layer with as many outputs as inputs, with a batch of 64: the forward product, the input deltas (with the transposition of the
/// weights), and the weight gradient, stored or with an optimizer as its epilogue. Each is 2·64·width² floating-point operations.
/// </summary>
public class KernelBenchmarks
{
    private const int BatchSize = 64;

    private LayerKernels _layer = null!;
    private LayerKernels _sgd = null!;
    private LayerKernels _adam = null!;

    [Params(64, 512)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _layer = new LayerKernels(Width, Width, BatchSize);
        _sgd = new LayerKernels(Width, Width, BatchSize, new Sgd(1e-4f));
        _adam = new LayerKernels(Width, Width, BatchSize, new Adam(1e-4f));
    }

    [Benchmark(Baseline = true, Description = "forward")]
    public void Forward() => _layer.Forward();

    [Benchmark(Description = "deltas of the inputs")]
    public void Delta() => _layer.Delta();

    [Benchmark(Description = "gradient, stored")]
    public void Gradient() => _layer.Gradient();

    [Benchmark(Description = "gradient with SGD fused")]
    public void FusedSgd() => _sgd.Gradient();

    [Benchmark(Description = "gradient with Adam fused")]
    public void FusedAdam() => _adam.Gradient();
}
