namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Rows in a kernel's buffer: padding that the kernel must not read holds NaN, and so does what lies behind the buffer.</summary>
internal sealed class Rows
{
    private const int Guard = 8;
    private readonly float[] _values;
    private readonly int _rows;
    private readonly int _units;
    private readonly int _stride;

    public Rows(int rows, int units, int stride, Func<int, int, double> value)
    {
        (_rows, _units, _stride) = (rows, units, stride);
        _values = [.. Enumerable.Repeat(float.NaN, (rows * stride) + Guard)];
        for (int m = 0; m < rows; m++)
        {
            for (int o = 0; o < units; o++)
            {
                _values[(m * stride) + o] = (float)value(m, o);
            }
        }
    }

    /// <summary>Rows, units and strides around every vector width: padded to 8 or 16 floats, or with a bit more; and without padding.</summary>
    public static IEnumerable<(int Rows, int Units, int Stride)> Shapes()
    {
        for (int units = 1; units <= 33; units++)
        {
            foreach (int rows in (int[])[1, 2, 7, 8, 9, 15, 16, 17, 33, units])
            {
                yield return (rows, units, (units + 7) / 8 * 8);
                yield return (rows, units, ((units + 15) / 16 * 16) + 16);
                yield return (rows, units, units);
            }
        }
    }

    /// <summary>Rows of numbers around <paramref name="centre"/>.</summary>
    public static Rows Random(int rows, int units, int stride, int seed, double centre = 0)
    {
        RandomStream random = new(seed, RandomPurpose.Data, units);
        return new Rows(rows, units, stride, (m, o) => centre + (4 * random.Double((ulong)((m * units) + o))) - 2);
    }

    public ref float Origin => ref _values[0];

    public float this[int row, int unit] => _values[(row * _stride) + unit];

    /// <summary>One row's values.</summary>
    public double[] Row(int row) => [.. Enumerable.Range(0, _units).Select(o => (double)this[row, o])];

    /// <summary>One unit's values.</summary>
    public double[] Column(int unit) => [.. Enumerable.Range(0, _rows).Select(m => (double)this[m, unit])];

    public Rows Copy() => new(_rows, _units, _stride, (m, o) => this[m, o]);

    /// <summary>Expects a value for every row and unit, zeros in the padding of the last vector, and all else as it was.</summary>
    public void AssertWritten(Func<int, int, double> expected, double tolerance)
    {
        int padded = Math.Min((_units + 7) / 8 * 8, _stride);
        for (int m = 0; m < _rows; m++)
        {
            for (int o = 0; o < _stride; o++)
            {
                float value = this[m, o];
                if (o < _units)
                {
                    Assert.Equal(expected(m, o), value, tolerance);
                }
                else if (padded % 8 == 0 && o < padded)
                {
                    Assert.Equal(0f, value);
                }
                else
                {
                    Assert.Equal(float.NaN, value);
                }
            }
        }

        Assert.All(_values[(_rows * _stride)..], value => Assert.Equal(float.NaN, value));
    }

    /// <summary>Expects equal bits in every unit.</summary>
    public void AssertSame(Func<int, int, float> expected)
    {
        for (int m = 0; m < _rows; m++)
        {
            for (int o = 0; o < _units; o++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(expected(m, o)), BitConverter.SingleToInt32Bits(this[m, o]));
            }
        }
    }
}
