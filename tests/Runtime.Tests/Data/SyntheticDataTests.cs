namespace Mlp.Runtime.Tests.Data;

public class SyntheticDataTests
{
    [Fact]
    public void Circles_HaveTheRadiiAndNoiseAskedFor()
    {
        Dataset data = SyntheticData.Circles(5000, factor: 0.3, noise: 0.05, seed: 1);
        Assert.Equal((5000, 2, 2), (data.Count, data.InputSize, data.ClassCount));

        foreach ((int label, double radius) in ((int, double)[])[(0, 1), (1, 0.3)])
        {
            double[] radii = [.. PointsOf(data, label).Select(point => Math.Sqrt(point.X * point.X + point.Y * point.Y))];
            Assert.Equal(2500, radii.Length);

            // Noise across the circle lengthens the mean radius by about noise² / 2r.
            Assert.InRange(radii.Average(), radius - 0.003, radius + 0.009);
            double deviation = Math.Sqrt(radii.Average(r => (r - radius) * (r - radius)));
            Assert.InRange(deviation, 0.045, 0.055);
        }
    }

    [Fact]
    public void CirclesWithoutNoise_HaveEqualAngles()
    {
        Dataset data = SyntheticData.Circles(9, factor: 0.5, noise: 0);
        AssertPoints(Circle(4, 1), PointsOf(data, 0));
        AssertPoints(Circle(5, 0.5), PointsOf(data, 1));

        static IEnumerable<(double, double)> Circle(int count, double radius) => Enumerable.Range(0, count)
            .Select(i => (radius * Math.Cos(2 * Math.PI * i / count), radius * Math.Sin(2 * Math.PI * i / count)));
    }

    [Fact]
    public void MoonsWithoutNoise_AreHalfCircles()
    {
        Dataset data = SyntheticData.Moons(101, noise: 0);
        Assert.Equal(50, PointsOf(data, 0).Count());
        Assert.Equal(51, PointsOf(data, 1).Count());
        foreach ((double x, double y) in PointsOf(data, 0))
        {
            Assert.Equal(1, x * x + y * y, 1e-6);
            Assert.True(y > -1e-6);
        }

        foreach ((double x, double y) in PointsOf(data, 1))
        {
            Assert.Equal(1, (x - 1) * (x - 1) + (y - 0.5) * (y - 0.5), 1e-6);
            Assert.True(y < 0.5 + 1e-6);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Spirals_AreRotatedCopies(int classes)
    {
        Dataset data = SyntheticData.Spirals(40 * classes, noise: 0, classes: classes);
        Assert.Equal(classes, data.ClassCount);

        for (int label = 0; label < classes; label++)
        {
            double angle = 2 * Math.PI * label / classes;
            (double sin, double cos) = Math.SinCos(angle);
            AssertPoints(PointsOf(data, 0).Select(p => (p.X * cos - p.Y * sin, p.X * sin + p.Y * cos)), PointsOf(data, label));
        }

        double[] radii = [.. PointsOf(data, 0).Select(p => Math.Sqrt(p.X * p.X + p.Y * p.Y)).Order()];
        Assert.Equal(0.1, radii[0], 1e-6);
        Assert.Equal(1, radii[^1], 1e-6);
    }

    [Fact]
    public void Xor_IsTheTruthTable()
    {
        Dataset data = SyntheticData.Xor();
        Assert.Equal([0, 0, 0, 1, 1, 0, 1, 1], data.Inputs);
        Assert.Equal([0, 1, 1, 0], data.Labels);
    }

    [Fact]
    public void XorWithNoise_RepeatsTheCorners()
    {
        Dataset data = SyntheticData.Xor(1000, noise: 0.1, seed: 3);
        Assert.Equal(500, PointsOf(data, 1).Count());
        for (int row = 0; row < data.Count; row++)
        {
            Assert.Equal(row >> 1 & 1, data.Inputs[2 * row], 0.5);
            Assert.Equal(row & 1, data.Inputs[2 * row + 1], 0.5);
        }
    }

    [Fact]
    public void ShuffledSets_MixTheirClasses()
    {
        foreach (Dataset data in (Dataset[])[SyntheticData.Circles(100), SyntheticData.Moons(100), SyntheticData.Spirals(100)])
            Assert.NotEqual(data.Labels.ToArray().Order(), data.Labels.ToArray());
    }

    [Fact]
    public void Sets_DependOnTheSeedAlone()
    {
        Func<int, Dataset>[] sets =
        [
            seed => SyntheticData.Circles(50, seed: seed),
            seed => SyntheticData.Moons(50, seed: seed),
            seed => SyntheticData.Spirals(50, seed: seed),
            seed => SyntheticData.Xor(50, noise: 0.1, seed: seed),
        ];
        foreach (Func<int, Dataset> set in sets)
        {
            Assert.Equal(set(5).Inputs, set(5).Inputs);
            Assert.Equal(set(5).Labels, set(5).Labels);
            Assert.NotEqual(set(5).Inputs.ToArray(), set(6).Inputs.ToArray());
        }
    }

    [Fact]
    public void OnePoint_IsEnough()
    {
        Assert.Equal(1, SyntheticData.Circles(1).Count);
        Assert.Equal(1, SyntheticData.Moons(1).Count);
        Assert.Equal(1, SyntheticData.Spirals(1).Count);
        Assert.Equal(1, SyntheticData.Xor(1).Count);
    }

    [Fact]
    public void ArgumentsOutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SyntheticData.Circles(0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SyntheticData.Xor(-1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SyntheticData.Xor(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SyntheticData.Moons(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => SyntheticData.Circles(10, factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => SyntheticData.Circles(10, factor: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => SyntheticData.Spirals(10, classes: 1));
        foreach (double noise in (double[])[-0.1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>("noise", () => SyntheticData.Moons(10, noise));
            Assert.Throws<ArgumentOutOfRangeException>("noise", () => SyntheticData.Xor(10, noise));
        }
    }

    private static IEnumerable<(double X, double Y)> PointsOf(Dataset data, int label) =>
        Enumerable.Range(0, data.Count)
            .Where(row => data.Labels[row] == label)
            .Select(row => ((double)data.Inputs[2 * row], (double)data.Inputs[2 * row + 1]));

    /// <summary>Asserts that the points are as expected, in any order.</summary>
    private static void AssertPoints(IEnumerable<(double X, double Y)> expected, IEnumerable<(double X, double Y)> actual)
    {
        List<(double X, double Y)> left = [.. actual];
        foreach ((double x, double y) in expected)
            Assert.Equal(1, left.RemoveAll(point => Math.Abs(point.X - x) < 1e-6 && Math.Abs(point.Y - y) < 1e-6));
        Assert.Empty(left);
    }
}
