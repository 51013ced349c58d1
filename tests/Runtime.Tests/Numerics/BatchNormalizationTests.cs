namespace Mlp.Runtime.Tests.Numerics;

public class BatchNormalizationTests
{
    private const float Epsilon = 1e-5f;

    [Fact]
    public void Forward_AgreesWithDoublePrecision_AndClearsThePadding()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes())
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 1, centre: 3);
            Rows before = sums.Copy();
            int length = Length(units);
            float[] statistics = Poison(3 * length);

            Forward(sums, rows, units, stride, statistics);

            double[][] expected = [.. Enumerable.Range(0, units).Select(o => NormalizationReference.Forward(before.Column(o), Epsilon))];
            sums.AssertWritten((m, o) => expected[o][m], 2e-4);
            for (int o = 0; o < length; o++)
            {
                (double mean, double variance) = o < units ? NormalizationReference.Statistics(before.Column(o)) : (0, 0);
                Assert.Equal(mean, statistics[o], 1e-5);
                Assert.Equal(variance, statistics[length + o], 1e-5);
                Assert.Equal(o < units ? 1 : 0, statistics[(2 * length) + o] * Math.Sqrt(variance + Epsilon), 1e-3);
            }
        }
    }

    [Fact]
    public void Backward_AgreesWithCentralDifferences()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape.Units < 10))
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 2);
            Rows deltas = Rows.Random(rows, units, stride, seed: 3);
            double[][] expected = [.. Enumerable.Range(0, units).Select(o => NormalizationReference.Backward(sums.Column(o), deltas.Column(o), 0.01))];
            float[] statistics = Poison(3 * Length(units));
            Forward(sums, rows, units, stride, statistics, 0.01f);
            Rows normalized = sums.Copy();

            Backward(deltas, normalized, rows, units, stride, statistics);

            deltas.AssertWritten((m, o) => expected[o][m], 2e-4);
        }
    }

    [Fact]
    public void EverySum_HasTheStatedOrder()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape.Units is 1 or 9))
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 4, centre: 1);
            Rows deltas = Rows.Random(rows, units, stride, seed: 5);
            float[,] normalized = new float[rows, units];
            float[,] results = new float[rows, units];
            for (int o = 0; o < units; o++)
            {
                float[] z = [.. sums.Column(o).Select(value => (float)value)];
                float[] d = [.. deltas.Column(o).Select(value => (float)value)];
                float mean = z[0] + (NormalizationReference.Sum(z.Select(value => value - z[0])) / rows);
                float variance = NormalizationReference.SumOfProducts(z.Select(value => (value - mean, value - mean))) / rows;
                float reciprocal = 1f / MathF.Sqrt(variance + Epsilon);
                float[] n = [.. z.Select(value => (value - mean) * reciprocal)];
                float meanDelta = NormalizationReference.Sum(d) / rows;
                float meanProduct = NormalizationReference.SumOfProducts(d.Zip(n)) / rows;
                for (int m = 0; m < rows; m++)
                {
                    normalized[m, o] = n[m];
                    results[m, o] = MathF.FusedMultiplyAdd(-n[m], meanProduct, d[m] - meanDelta) * reciprocal;
                }
            }

            float[] statistics = Poison(3 * Length(units));
            Forward(sums, rows, units, stride, statistics);
            sums.AssertSame((m, o) => normalized[m, o]);

            Backward(deltas, sums, rows, units, stride, statistics);
            deltas.AssertSame((m, o) => results[m, o]);
        }
    }

    [Fact]
    public void Evaluation_UsesRunningStatistics_RowByRow()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes())
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 6);
            Rows before = sums.Copy();
            int length = Length(units);
            float[] running = [.. Enumerable.Range(0, length).Select(o => o < units ? (0.25f * o) - 1 : 0)
                .Concat(Enumerable.Range(0, length).Select(o => o < units ? 0.5f + o : 0))];
            float[] statistics = Poison(3 * length);

            Normalize(sums, rows, units, stride, running, statistics);

            sums.AssertWritten((m, o) => (before[m, o] - running[o]) / Math.Sqrt(running[length + o] + Epsilon), 1e-5);
            Assert.All(statistics[..(2 * length)], value => Assert.Equal(float.NaN, value));
            Assert.All(statistics[((2 * length) + units)..], value => Assert.Equal(0f, value));
            Rows last = new(1, units, stride, (_, o) => before[rows - 1, o]);
            Normalize(last, 1, units, stride, running, statistics);
            last.AssertSame((_, o) => sums[rows - 1, o]);

            Rows deltas = Rows.Random(rows, units, stride, seed: 7);
            Rows deltasBefore = deltas.Copy();
            BatchNormalization.BackwardOfEvaluation(
                ref deltas.Origin, (nuint)rows, (nuint)units, (nuint)stride, in statistics[0], (nuint)length);
            deltas.AssertWritten((m, o) => deltasBefore[m, o] / Math.Sqrt(running[length + o] + Epsilon), 1e-5);
        }
    }

    [Fact]
    public void WithWeights_ForwardAndBackwardAgreeWithDoublePrecision()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape is { Units: < 10, Rows: > 2 }))
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 2, centre: 1);
            Rows deltas = Rows.Random(rows, units, stride, seed: 3);
            float[] weights = Weights(rows);

            // The delta of a row of weight 0 is 0 from the loss on.
            Rows weighted = new(rows, units, stride, (m, o) => weights[m] * deltas[m, o]);
            double[] w = [.. weights.Select(weight => (double)weight)];
            double[][] expected = [.. Enumerable.Range(0, units).Select(o => NormalizationReference.Forward(sums.Column(o), 0.01, w))];
            double[][] slopes =
                [.. Enumerable.Range(0, units).Select(o => NormalizationReference.Backward(sums.Column(o), weighted.Column(o), 0.01, w))];
            float[] statistics = Poison(3 * Length(units));

            Forward(sums, rows, units, stride, statistics, 0.01f, weights);
            sums.AssertWritten((m, o) => expected[o][m], 2e-4);

            Backward(weighted, sums, rows, units, stride, statistics, weights);
            weighted.AssertWritten((m, o) => slopes[o][m], 5e-4);
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.25f)]
    [InlineData(1.1754944e-38f)]
    [InlineData(1.7014118e38f)]
    public void EqualWeights_GiveTheBitsOfNone(float weight)
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape.Units is 1 or 9))
        {
            float[] weights = [.. Enumerable.Repeat(weight, rows)];
            Assert.Equal(Pass(rows, units, stride, Random(rows, units, stride), []), Pass(rows, units, stride, Random(rows, units, stride), weights));
        }
    }

    [Theory]
    [InlineData(1e-36f)]
    [InlineData(3e-7f)]
    [InlineData(7e20f)]
    [InlineData(5e37f)]
    public void TheScaleOfWeights_DoesNotMatter(float scale)
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape is { Units: 9, Rows: > 2 }))
        {
            float[] weights = Weights(rows);
            float[] scaled = [.. weights.Select(weight => scale * weight)];
            float[] expected = Pass(rows, units, stride, Random(rows, units, stride), weights);
            float[] actual = Pass(rows, units, stride, Random(rows, units, stride), scaled);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(float.MaxValue)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void RowsOfWeightZero_ChangeNoBit_WhateverTheyHoldAndWhereverTheyStand(float value)
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape is { Units: 1 or 9, Rows: < 20 }))
        {
            (Rows sums, Rows deltas) = Random(rows, units, stride);
            foreach (int every in (int[])[2, 3])
            {
                // Before the others, among them, and behind.
                int all = (rows * every) + 1;
                bool Counts(int m) => m % every == 1 && m / every < rows;
                float[] weights = [.. Enumerable.Range(0, all).Select(m => Counts(m) ? 1f : 0)];
                Rows longSums = new(all, units, stride, (m, o) => Counts(m) ? sums[m / every, o] : value);
                Rows longDeltas = new(all, units, stride, (m, o) => Counts(m) ? deltas[m / every, o] : value);
                float[] running = Running(units);
                float[] longRunning = Running(units);
                (Rows n, Rows d) = (sums.Copy(), deltas.Copy());

                float[] statistics = Pass(rows, units, stride, (n, d), [], running);
                float[] longStatistics = Pass(all, units, stride, (longSums, longDeltas), weights, longRunning);

                Assert.Equal(statistics[^(5 * Length(units))..], longStatistics[^(5 * Length(units))..]);
                for (int m = 0; m < all; m++)
                {
                    for (int o = 0; o < units; o++)
                    {
                        Assert.Equal(Counts(m) ? d[m / every, o] : 0, longDeltas[m, o]);
                        Assert.True(!Counts(m) || n[m / every, o] == longSums[m, o]);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-45f)]
    public void WhereNoRowCounts_ResultsAreFinite_AndTeachNothing(float weight)
    {
        Rows sums = Rows.Random(5, 3, 8, seed: 1);
        Rows deltas = new(5, 3, 8, (_, _) => 0);
        float[] running = Running(3);
        float[] weights = [.. Enumerable.Repeat(weight, 5)];

        float[] results = Pass(5, 3, 8, (sums, deltas), weights, running);

        Assert.All(results, value => Assert.True(float.IsFinite(value)));
        deltas.AssertWritten((_, _) => 0, 0);
        Assert.Equal(Running(3), running);
    }

    [Fact]
    public void WeightsOfFewerRows_AreRefused()
    {
        Rows sums = Rows.Random(5, 3, 8, seed: 1);
        float[] statistics = Poison(24);

        Assert.Throws<ArgumentOutOfRangeException>("weights", () => Forward(sums, 5, 3, 8, statistics, weights: [1, 1, 1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => Backward(sums, sums, 5, 3, 8, statistics, [1, 1, 1, 1]));
    }

    [Fact]
    public void UpdateRunning_WithWeights_DividesByTheWeightsLessTheirMeanSquare()
    {
        // W = 4 and Σw²/W = 2.5: the population's variance times 4/1.5, whatever the weights' scale.
        foreach (float scale in (float[])[1, 0.1f, 1e-30f, 1e37f])
        {
            float[] running = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
            float[] statistics = [3, 0, 0, 0, 0, 0, 0, 0, 1.5f, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];

            BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 1, 8, rows: 3, momentum: 1, [3 * scale, 0, scale]);

            Assert.Equal(3, running[0]);
            Assert.Equal(4, running[8], 1e-5);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-20f)]
    [InlineData(1e-45f)]
    public void ARowThatIsNearlyAllThatCounts_TeachesNothing(float others)
    {
        float[] running = [.. Enumerable.Repeat(0.5f, 16)];
        float[] statistics = [.. Enumerable.Repeat(1e30f, 24)];

        BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 3, 8, rows: 3, momentum: 0.1f, [others, 1, others]);

        Assert.All(running, value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void UpdateRunning_MovesTowardsTheBatch_WithTheUnbiasedVariance()
    {
        float[] running = [1, 2, 0, 0, 0, 0, 0, 0, 4, 9, 0, 0, 0, 0, 0, 0];
        float[] statistics = [3, -2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0];

        BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 2, 8, rows: 5, momentum: 0.25f);

        Assert.Equal([1.5f, 1, 0, 0, 0, 0, 0, 0, 3.625f, 6.75f, 0, 0, 0, 0, 0, 0], running);

        BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 2, 8, rows: 5, momentum: 1);

        Assert.Equal([3, -2, 0, 0, 0, 0, 0, 0, 2.5f, 0, 0, 0, 0, 0, 0, 0], running);
    }

    [Fact]
    public void ASingleRow_BecomesZeros_AndTeachesNothing()
    {
        Rows sums = Rows.Random(1, 3, 8, seed: 1);
        float[] statistics = Poison(24);
        float[] running = [.. Enumerable.Repeat(0.5f, 16)];

        Forward(sums, 1, 3, 8, statistics);
        BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 3, 8, rows: 1, momentum: 0.1f);

        sums.AssertWritten((_, _) => 0, 0);
        Assert.All(running, value => Assert.Equal(0.5f, value));
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(1234.567f)]
    [InlineData(-9.87654e7f)]
    [InlineData(1e20f)]
    public void EqualValues_BecomeZeros_HoweverLarge(float value)
    {
        Rows sums = new(11, 3, 8, (_, _) => value);
        float[] statistics = Poison(24);

        Forward(sums, 11, 3, 8, statistics);

        sums.AssertWritten((_, _) => 0, 0);
        Assert.Equal([value, value, value, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], statistics[..16]);
    }

    [Fact]
    public void NaN_MakesItsUnitNaN_AndNoOther()
    {
        Rows sums = new(9, 3, 8, (m, o) => m == 8 && o == 1 ? double.NaN : m);

        Forward(sums, 9, 3, 8, Poison(24));

        Assert.All(sums.Column(1), value => Assert.Equal(double.NaN, value));
        Assert.All(sums.Column(0).Concat(sums.Column(2)), value => Assert.True(double.IsFinite(value)));
    }

    /// <summary>1/√∞ would be 0, and the unit's rows zeros that nobody notices.</summary>
    [Fact]
    public void AVarianceThatOverflows_MakesItsUnitNaN_AndNoOther()
    {
        Rows sums = new(9, 3, 8, (m, o) => o == 1 ? (m % 2 == 0 ? 3e30 : -3e30) : m);

        Forward(sums, 9, 3, 8, Poison(24));

        Assert.All(sums.Column(1), value => Assert.Equal(double.NaN, value));
        Assert.All(sums.Column(0).Concat(sums.Column(2)), value => Assert.True(double.IsFinite(value)));
    }

    /// <summary>Longer than need be for some, as the store's vectors are.</summary>
    private static int Length(int units) => (units + 15) / 16 * 16;

    /// <summary>0 for every fourth row, the first among them.</summary>
    private static float[] Weights(int rows) => [.. Enumerable.Range(0, rows).Select(m => m % 4 * 0.7f)];

    private static float[] Running(int units) => [.. Enumerable.Repeat(0.5f, 2 * Length(units))];

    private static (Rows Sums, Rows Deltas) Random(int rows, int units, int stride) =>
        (Rows.Random(rows, units, stride, seed: 8, centre: 1), Rows.Random(rows, units, stride, seed: 9));

    /// <summary>A pass forward and backward; the rows of both, then the statistics and the running ones.</summary>
    private static float[] Pass(int rows, int units, int stride, (Rows Sums, Rows Deltas) values, float[] weights, float[]? running = null)
    {
        running ??= Running(units);
        float[] statistics = new float[3 * Length(units)];
        Forward(values.Sums, rows, units, stride, statistics, weights: weights);
        Backward(values.Deltas, values.Sums, rows, units, stride, statistics, weights);
        BatchNormalization.UpdateRunning(
            ref running[0], in statistics[0], (nuint)units, (nuint)Length(units), (nuint)rows, momentum: 0.1f, weights);
        IEnumerable<double> columns = Enumerable.Range(0, units).SelectMany(o => values.Sums.Column(o).Concat(values.Deltas.Column(o)));
        return [.. columns.Select(value => (float)value), .. statistics, .. running];
    }

    private static float[] Poison(int count) => [.. Enumerable.Repeat(float.NaN, count)];

    private static void Forward(Rows sums, int rows, int units, int stride, float[] statistics, float epsilon = Epsilon, float[]? weights = null) =>
        BatchNormalization.Forward(
            ref sums.Origin, (nuint)rows, (nuint)units, (nuint)stride, epsilon, ref statistics[0], (nuint)statistics.Length / 3, weights);

    private static void Normalize(Rows sums, int rows, int units, int stride, float[] running, float[] statistics) =>
        BatchNormalization.Normalize(
            ref sums.Origin, (nuint)rows, (nuint)units, (nuint)stride, Epsilon, in running[0], ref statistics[0], (nuint)statistics.Length / 3);

    private static void Backward(Rows deltas, Rows normalized, int rows, int units, int stride, float[] statistics, float[]? weights = null) =>
        BatchNormalization.Backward(
            ref deltas.Origin, in normalized.Origin, (nuint)rows, (nuint)units, (nuint)stride, in statistics[0], (nuint)statistics.Length / 3, weights);
}
