using BenchmarkDotNet.Attributes;

namespace Mlp.Benchmarks;

/// <summary>Predictions into the caller's span; time is for a call of so many rows.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private const int MostRows = 64;

    private readonly ImageNet _image = new(seed: 1);
    private readonly TinyNet _tiny = new(seed: 1);
    private readonly Rows _imageRows = new(MostRows, ImageNet.InputSize, ImageNet.OutputSize);
    private readonly Rows _tinyRows = new(MostRows, TinyNet.InputSize, TinyNet.OutputSize);
    private readonly float[] _outputs = new float[MostRows * ImageNet.OutputSize];

    [Params(1, MostRows)]
    public int RowCount { get; set; }

    [Benchmark(Description = "784-300-100-10")]
    public float PredictImageNet()
    {
        _image.Predict(_imageRows.Inputs(0, RowCount), _outputs.AsSpan(0, RowCount * ImageNet.OutputSize));
        return _outputs[0];
    }

    [Benchmark(Description = "2-20-1")]
    public float PredictTinyNet()
    {
        _tiny.Predict(_tinyRows.Inputs(0, RowCount), _outputs.AsSpan(0, RowCount * TinyNet.OutputSize));
        return _outputs[0];
    }
}
