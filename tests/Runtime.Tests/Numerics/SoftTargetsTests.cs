namespace Mlp.Runtime.Tests.Numerics;

public class SoftTargetsTests
{
    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.1f, false)]
    [InlineData(0.25f, true)]
    [InlineData(0f, true)]
    public void Targets_AreSmoothedAndWeighted_AlsoInPlace(float smoothing, bool hasWeights)
    {
        for (int columns = 1; columns <= 20; columns++)
        {
            foreach (int rows in (int[])[1, 2, 9])
            {
                Rows targets = Rows.Random(rows, columns, columns, seed: 1);
                Rows results = new(rows, columns, columns, (_, _) => double.NaN);
                float[] weights = hasWeights ? [.. Enumerable.Range(0, columns).Select(c => 0.5f * c)] : [];
                int classes = columns == 1 ? 2 : columns;

                Compute(targets, results);

                results.AssertWritten(
                    (m, c) => (hasWeights ? weights[c] : 1) * ((targets[m, c] * (1.0 - smoothing)) + (smoothing / (double)classes)), 2e-6);
                Compute(targets, targets);
                targets.AssertSame((m, c) => results[m, c]);

                void Compute(Rows from, Rows to) => SoftTargets.Compute(
                    in from.Origin, (nuint)rows, (nuint)columns, smoothing, (nuint)classes, weights, ref to.Origin);
            }
        }
    }
}
