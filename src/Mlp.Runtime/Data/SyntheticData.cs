namespace Mlp;

/// <summary>Small labelled data sets of points in the plane, drawn anew from a seed: the same points on any machine.</summary>
/// <remarks>Every set has two inputs, x and y. Noise is Gaussian and added to both.</remarks>
public static class SyntheticData
{
    // Keys of the two random streams of a set.
    private const long NoiseKey = 0;
    private const long ShuffleKey = 1;

    /// <summary>Where on the curve of a class the point with an index lies, of so many points.</summary>
    private delegate (double X, double Y) Curve(int label, int index, int points);

    /// <summary>Two circles around the origin: radius 1 is class 0, the one inside it class 1.</summary>
    /// <param name="count">Number of points, at least 1; the outer circle has half of them, rounded down, at equal angles.</param>
    /// <param name="factor">Radius of the inner circle, in [0, 1).</param>
    /// <param name="noise">Standard deviation of the noise, at least 0.</param>
    /// <param name="seed">Decides the noise and the order of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Dataset Circles(int count, double factor = 0.8, double noise = 0.05, int seed = 0)
    {
        if (!(factor >= 0 && factor < 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be in [0, 1).");

        return OnCurves(count, classes: 2, noise, seed, (label, index, points) =>
        {
            double angle = 2 * Math.PI * index / points;
            double radius = label == 0 ? 1 : factor;
            return (radius * ScalarMath.Cos(angle), radius * ScalarMath.Sin(angle));
        });
    }

    /// <summary>
    /// Two half circles of radius 1 that reach into each other: the upper around (0, 0) is class 0, the lower around (1, ½) class 1.
    /// </summary>
    /// <param name="count">Number of points, at least 1; the upper half circle has half of them, rounded down, at equal angles.</param>
    /// <param name="noise">Standard deviation of the noise, at least 0.</param>
    /// <param name="seed">Decides the noise and the order of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Dataset Moons(int count, double noise = 0.05, int seed = 0) =>
        OnCurves(count, classes: 2, noise, seed, (label, index, points) =>
        {
            double angle = Math.PI * Part(index, points);
            double x = ScalarMath.Cos(angle), y = ScalarMath.Sin(angle);
            return label == 0 ? (x, y) : (1 - x, 0.5 - y);
        });

    /// <summary>Spirals that wind around the origin one and a half times, from radius 0.1 to 1, one for each class.</summary>
    /// <param name="count">Number of points, at least 1, divided among the spirals as evenly as may be.</param>
    /// <param name="noise">Standard deviation of the noise, at least 0. Arms of two classes are a third apart.</param>
    /// <param name="seed">Decides the noise and the order of the rows.</param>
    /// <param name="classes">Number of spirals, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Dataset Spirals(int count, double noise = 0.05, int seed = 0, int classes = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);

        return OnCurves(count, classes, noise, seed, (label, index, points) =>
        {
            double part = Part(index, points);
            double radius = 0.1 + 0.9 * part;
            double angle = 2 * Math.PI * (1.5 * part + (double)label / classes);
            return (radius * ScalarMath.Cos(angle), radius * ScalarMath.Sin(angle));
        });
    }

    /// <summary>The corners (0, 0), (0, 1), (1, 0), (1, 1) of a square, of class 1 where the coordinates differ.</summary>
    /// <param name="count">Number of points, at least 1: row i is corner i mod 4, so that 4 without noise are the truth table.</param>
    /// <param name="noise">Standard deviation of the noise, at least 0.</param>
    /// <param name="seed">Decides the noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Dataset Xor(int count = 4, double noise = 0, int seed = 0)
    {
        double[] points = Points(count);
        int[] labels = new int[count];
        for (int row = 0; row < count; row++)
        {
            int corner = row & 3, x = corner >> 1, y = corner & 1;
            points[2 * row] = x;
            points[2 * row + 1] = y;
            labels[row] = x ^ y;
        }

        return Dataset.FromLabels(WithNoise(points, noise, seed), labels, inputSize: 2, classCount: 2);
    }

    /// <summary>Room for so many points.</summary>
    private static double[] Points(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / 2);
        return new double[2 * count];
    }

    /// <summary>How far a point is along its curve, from 0 for the first to 1 for the last.</summary>
    private static double Part(int index, int points) => points > 1 ? (double)index / (points - 1) : 0;

    /// <summary>Divides points evenly among curves, one for each class, adds noise and shuffles the rows.</summary>
    private static Dataset OnCurves(int count, int classes, double noise, int seed, Curve curve)
    {
        double[] points = Points(count);
        int[] labels = new int[count];
        int row = 0;
        for (int label = 0; label < classes; label++)
        {
            int length = (int)((long)count * (label + 1) / classes) - row;
            for (int index = 0; index < length; index++, row++)
            {
                (points[2 * row], points[2 * row + 1]) = curve(label, index, length);
                labels[row] = label;
            }
        }

        int[] order = new int[count];
        RowOrder.Shuffle(order, new RandomStream(seed, RandomPurpose.Data, ShuffleKey));
        float[] inputs = new float[points.Length];
        RowOrder.Gather(WithNoise(points, noise, seed), width: 2, order, inputs);
        return Dataset.FromLabels(inputs, [.. order.Select(from => labels[from])], inputSize: 2, classes);
    }

    private static float[] WithNoise(double[] points, double noise, int seed)
    {
        if (!(noise >= 0 && double.IsFinite(noise)))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise must be finite and at least 0.");

        RandomStream random = new(seed, RandomPurpose.Data, NoiseKey);
        float[] noisy = new float[points.Length];
        for (int i = 0; i < points.Length; i++)
            noisy[i] = (float)(points[i] + noise * random.Normal((ulong)i));

        return noisy;
    }
}
