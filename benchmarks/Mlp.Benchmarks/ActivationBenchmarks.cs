using BenchmarkDotNet.Attributes;

namespace Mlp.Benchmarks;

/// <summary>
/// Activations in the generated kernels: predictions of 64 rows through one hidden layer of 512 units. Time is for each of its outputs, the products
/// before and after included, which are those of the baseline.
/// </summary>
public class ActivationBenchmarks
{
    private const int RowCount = 64;
    private const int Units = 512;

    private readonly float[] _inputs = new float[RowCount];
    private readonly float[] _outputs = new float[RowCount * 8];
    private readonly LinearNet _linear = new(seed: 1) { Threads = 1 };
    private readonly ReluNet _relu = new(seed: 1) { Threads = 1 };
    private readonly TanhNet _tanh = new(seed: 1) { Threads = 1 };
    private readonly SigmoidNet _sigmoid = new(seed: 1) { Threads = 1 };
    private readonly SoftplusNet _softplus = new(seed: 1) { Threads = 1 };
    private readonly GeluNet _gelu = new(seed: 1) { Threads = 1 };
    private readonly GeluTanhNet _geluTanh = new(seed: 1) { Threads = 1 };
    private readonly SiluNet _silu = new(seed: 1) { Threads = 1 };
    private readonly MishNet _mish = new(seed: 1) { Threads = 1 };

    public ActivationBenchmarks()
    {
        Random random = new(1);
        foreach (ref float input in _inputs.AsSpan())
            input = (8 * random.NextSingle()) - 4;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RowCount * Units)]
    public void Linear() => _linear.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Relu() => _relu.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Tanh() => _tanh.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Sigmoid() => _sigmoid.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Softplus() => _softplus.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Gelu() => _gelu.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void GeluTanh() => _geluTanh.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Silu() => _silu.Predict(_inputs, _outputs);

    [Benchmark(OperationsPerInvoke = RowCount * Units)]
    public void Mish() => _mish.Predict(_inputs, _outputs);
}

#pragma warning disable MLP0080 // What the others cost without their activation.
[Input(1)]
[Dense(512, Activation.Linear)]
[Dense(8)]
internal partial class LinearNet;
#pragma warning restore MLP0080

[Input(1)]
[Dense(512, Activation.Relu)]
[Dense(8)]
internal partial class ReluNet;

[Input(1)]
[Dense(512, Activation.Tanh)]
[Dense(8)]
internal partial class TanhNet;

[Input(1)]
[Dense(512, Activation.Sigmoid)]
[Dense(8)]
internal partial class SigmoidNet;

[Input(1)]
[Dense(512, Activation.Softplus)]
[Dense(8)]
internal partial class SoftplusNet;

[Input(1)]
[Dense(512, Activation.Gelu)]
[Dense(8)]
internal partial class GeluNet;

[Input(1)]
[Dense(512, Activation.GeluTanh)]
[Dense(8)]
internal partial class GeluTanhNet;

[Input(1)]
[Dense(512, Activation.Silu)]
[Dense(8)]
internal partial class SiluNet;

[Input(1)]
[Dense(512, Activation.Mish)]
[Dense(8)]
internal partial class MishNet;
