using System.Runtime.CompilerServices;
using Mlp.CompilerServices;

namespace Mlp.Benchmarks;

/// <summary>
/// The products of one dense layer with ReLU as in generated networks, alone: no loss, no copies, one thread. Each is 2·rows·inputs·outputs
/// floating-point operations. Strides are those that Planning chooses: whole cache lines, and no multiple of 1 KiB.
/// </summary>
internal sealed class LayerKernels : IGradientSource
{
    private readonly int _rows;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _inputStride;
    private readonly int _outputStride;
    private readonly AlignedBuffer _input;
    private readonly AlignedBuffer _output;
    private readonly AlignedBuffer _delta;
    private readonly AlignedBuffer _inputDelta;
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer _gradients;
    private readonly AlignedBuffer _partial;
    private readonly OptimizerState? _state;
    private readonly Optimizer? _optimizer;

    /// <summary>Makes a layer with random values.</summary>
    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="outputs">Outputs of the layer, at least 8.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="optimizer">Epilogue of the gradient; null to store it.</param>
    public LayerKernels(int inputs, int outputs, int rows, Optimizer? optimizer = null)
    {
        (_inputs, _outputs, _rows) = (inputs, outputs, rows);
        (_inputStride, _outputStride) = (PaddedStride(inputs), PaddedStride(outputs));
        Random random = new(1);
        _input = Filled(rows * _inputStride, random);
        _output = Filled(rows * _outputStride, random);
        _delta = Filled(rows * _outputStride, random);
        _inputDelta = new AlignedBuffer(rows * _inputStride);
        _weights = Filled(inputs * _outputStride, random);
        _transposed = new AlignedBuffer(outputs * _inputStride);
        _gradients = new AlignedBuffer(inputs * _outputStride);
        _partial = new AlignedBuffer(inputs * _outputStride);
        _optimizer = optimizer;
        _state = optimizer is null ? null : new OptimizerState(optimizer.GetType(), inputs * _outputStride, optimizer.StatePerParameter);
    }

    /// <summary>max(0, x·W).</summary>
    public void Forward()
    {
        ProductOperands product = new()
        {
            Left = ref _input.Origin,
            LeftStride = (nuint)_inputStride,
            Right = ref _weights.Origin,
            RightStride = (nuint)_outputStride,
            Terms = (nuint)_inputs,
            Begin = ref Zeros.First,
            Sums = ref _output.Origin,
            SumsStride = (nuint)_outputStride,
        };
        Multiply<Activated<Activations.Relu>>(product, _rows, _outputs);
    }

    /// <summary>(δ·Wᵀ) ⊙ 1[x > 0], with the transposition.</summary>
    public void Delta()
    {
        Matrix.Transpose(ref _weights.Origin, (nuint)_inputs, (nuint)_outputs, (nuint)_outputStride, ref _transposed.Origin, (nuint)_inputStride);
        ProductOperands product = new()
        {
            Left = ref _delta.Origin,
            LeftStride = (nuint)_outputStride,
            Right = ref _transposed.Origin,
            RightStride = (nuint)_inputStride,
            Terms = (nuint)_outputs,
            Begin = ref Zeros.First,
            Sums = ref _inputDelta.Origin,
            SumsStride = (nuint)_inputStride,
            Kept = ref _input.Origin,
        };
        Multiply<TimesSlope<Activations.Relu>>(product, _rows, _inputs);
    }

    /// <summary>xᵀ·δ into the optimizer, or stored. Each is the optimizer's first step, which costs what any other does.</summary>
    public void Gradient()
    {
        if (_optimizer is null)
            SumGradients(new StoreSink(_gradients));
        else
            _optimizer.Step(this, default, _state!);
    }

    float IGradientSource.Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink)
    {
        SumGradients(sink);
        return 0;
    }

    private static void Multiply<TEpilogue>(scoped in ProductOperands product, int rows, int columns) where TEpilogue : struct, IEpilogue
    {
        switch (VectorWidth.Bits)
        {
            case 512: Tiles.Multiply<Vec512, TEpilogue>(product, (nuint)rows, (nuint)columns, Block(product.Terms)); break;
            case 256: Tiles.Multiply<Vec256, TEpilogue>(product, (nuint)rows, (nuint)columns, Block(product.Terms)); break;
            default: Tiles.Multiply<Vec128, TEpilogue>(product, (nuint)rows, (nuint)columns, Block(product.Terms)); break;
        }
    }

    /// <summary>The fewest blocks of at most 256 terms, of nearly equal length.</summary>
    private static nuint Block(nuint terms)
    {
        nuint blocks = (terms + 255) / 256;
        return (terms + blocks - 1) / blocks;
    }

    private void SumGradients<TSink>(scoped TSink sink) where TSink : struct, IGradientSink, allows ref struct
    {
        GradientOperands gradient = new()
        {
            Left = ref _input.Origin,
            LeftStride = (nuint)_inputStride,
            Right = ref _delta.Origin,
            RightStride = (nuint)_outputStride,
            Rows = (nuint)_inputs,
            Samples = (nuint)_rows,
            First = 0,
            End = (nuint)_inputs,
            Columns = (nuint)_outputs,
            Parameters = ref _weights.Origin,
            Index = 0,
            Stride = (nuint)_outputStride,
            Partial = ref _partial.Origin,
        };
        switch (VectorWidth.Bits)
        {
            case 512: Tiles.SumGradients<Vec512, TSink>(gradient, sink); break;
            case 256: Tiles.SumGradients<Vec256, TSink>(gradient, sink); break;
            default: Tiles.SumGradients<Vec128, TSink>(gradient, sink); break;
        }
    }

    private static int PaddedStride(int columns)
    {
        int stride = (columns + 15) / 16 * 16;
        return stride % 256 == 0 ? stride + 16 : stride;
    }

    private static AlignedBuffer Filled(int length, Random random)
    {
        AlignedBuffer buffer = new(length);
        foreach (ref float value in buffer.Span)
            value = random.NextSingle() - 0.5f;
        return buffer;
    }

    /// <summary>Keeps gradients, as <c>ComputeGradients</c> does.</summary>
    private readonly ref struct StoreSink(AlignedBuffer gradients) : IGradientSink
    {
        private readonly ref float _gradients = ref gradients.Origin;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => Prefetch.Line(in Unsafe.Add(ref _gradients, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> => V.Store(gradient, ref _gradients, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V> => V.Store(gradient, ref _gradients, index);
    }
}
