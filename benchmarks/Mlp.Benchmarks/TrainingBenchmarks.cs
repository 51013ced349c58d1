using BenchmarkDotNet.Attributes;

namespace Mlp.Benchmarks;

/// <summary>A training step with Adam; time is for each row of its batch of 64.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    private const int BatchSize = 64;
    private const int Batches = 32;

    private readonly Adam _optimizer = new(1e-4f);
    private readonly ImageNet _image = new(seed: 1);
    private readonly TinyNet _tiny = new(seed: 1);
    private readonly Rows _imageRows = new(Batches * BatchSize, ImageNet.InputSize, ImageNet.OutputSize);
    private readonly Rows _tinyRows = new(Batches * BatchSize, TinyNet.InputSize, TinyNet.OutputSize);
    private int _batch;

    [Benchmark(Description = "784-300-100-10", OperationsPerInvoke = BatchSize)]
    public float TrainImageNet()
    {
        int first = NextBatch();
        return _image.TrainStep(_imageRows.Inputs(first, BatchSize), _imageRows.Targets(first, BatchSize), _optimizer);
    }

    [Benchmark(Description = "2-20-1", OperationsPerInvoke = BatchSize)]
    public float TrainTinyNet()
    {
        int first = NextBatch();
        return _tiny.TrainStep(_tinyRows.Inputs(first, BatchSize), _tinyRows.Targets(first, BatchSize), _optimizer);
    }

    private int NextBatch() => (_batch = (_batch + 1) % Batches) * BatchSize;
}
