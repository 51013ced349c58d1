namespace Mlp.Benchmarks;

/// <summary>Random rows. A network cannot learn them, so deltas keep an ordinary size however long a measurement runs.</summary>
internal sealed class Rows
{
    private readonly int _inputSize;
    private readonly int _outputSize;
    private readonly float[] _inputs;
    private readonly float[] _targets;

    /// <summary>Draws inputs in 0…1 and one-hot targets; a single output column is 0 or 1.</summary>
    public Rows(int count, int inputSize, int outputSize)
    {
        _inputSize = inputSize;
        _outputSize = outputSize;
        _inputs = new float[count * inputSize];
        _targets = new float[count * outputSize];

        Random random = new(1);
        foreach (ref float input in _inputs.AsSpan())
            input = random.NextSingle();
        for (int row = 0; row < count; row++)
        {
            int drawn = random.Next(Math.Max(2, outputSize));
            if (drawn < outputSize)
                _targets[row * outputSize + drawn] = 1;
        }
    }

    public int Count => _inputs.Length / _inputSize;

    public Dataset ToDataset() => Dataset.FromTargets(_inputs, _targets, _inputSize, _outputSize);

    public ReadOnlySpan<float> Inputs(int first, int count) => _inputs.AsSpan(first * _inputSize, count * _inputSize);

    public ReadOnlySpan<float> Targets(int first, int count) => _targets.AsSpan(first * _outputSize, count * _outputSize);
}
