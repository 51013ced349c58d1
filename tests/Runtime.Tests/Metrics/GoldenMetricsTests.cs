using System.Text.Json;

namespace Mlp.Runtime.Tests.Metrics;

/// <summary>Metrics against reference values, which another library computed in double precision.</summary>
public class GoldenMetricsTests
{
    private static readonly Dictionary<string, Metric> OfAnswers = new()
    {
        ["balancedAccuracy"] = Metric.BalancedAccuracy,
        ["mcc"] = Metric.Matthews,
        ["precisionMacro"] = Metric.Precision(Average.Macro),
        ["recallMacro"] = Metric.Recall(Average.Macro),
        ["f1Macro"] = Metric.F1(Average.Macro),
        ["precisionMicro"] = Metric.Precision(Average.Micro),
        ["recallMicro"] = Metric.Recall(Average.Micro),
        ["f1Micro"] = Metric.F1(Average.Micro),
        ["precisionWeighted"] = Metric.Precision(Average.Weighted),
        ["recallWeighted"] = Metric.Recall(Average.Weighted),
        ["f1Weighted"] = Metric.F1(Average.Weighted),
    };

    private static readonly Dictionary<string, Metric> OfTwoClasses = new(OfAnswers)
    {
        ["precision"] = Metric.Precision(),
        ["recall"] = Metric.Recall(),
        ["f1"] = Metric.F1(),
        ["rocAuc"] = Metric.RocAuc,
        ["averagePrecision"] = Metric.AveragePrecision,
        ["logLoss"] = Metric.LogLoss,
        ["brier"] = Metric.Brier,
    };

    private static readonly Dictionary<string, Metric> OfManyClasses = new(OfAnswers)
    {
        ["accuracy"] = Metric.TopK(1),
        ["top3Accuracy"] = Metric.TopK(3),
        ["logLoss"] = Metric.LogLoss,
        ["rocAucOneVsRestMacro"] = Metric.RocAuc,
    };

    private static readonly Dictionary<string, Metric> OfNumbers = new()
    {
        ["mae"] = Metric.Mae,
        ["rmse"] = Metric.Rmse,
        ["r2"] = Metric.R2,
        ["mape"] = Metric.Mape,
        ["medianAbsoluteError"] = Metric.MedianAbsoluteError,
        ["maximumError"] = Metric.MaximumError,
    };

    [SharedFact]
    public void TwoClasses_AgreeWithTheReference() => AssertGolden("binary", OfTwoClasses, static (metric, item) =>
        Judged.Binary(metric, Floats(item, "scores"), Integers(item, "labels")));

    [SharedFact]
    public void ManyClasses_AgreeWithTheReference() => AssertGolden("multiclass", OfManyClasses, static (metric, item) => Judged.Classes(
        metric,
        [.. item.GetProperty("scores").EnumerateArray().SelectMany(static row => row.EnumerateArray().Select(static value => value.GetSingle()))],
        Integers(item, "labels"),
        item.GetProperty("classes").GetInt32()));

    [SharedFact]
    public void Numbers_AgreeWithTheReference() => AssertGolden("regression", OfNumbers, static (metric, item) =>
        Judged.Targets(metric, LossFunction.MSE, Floats(item, "predictions"), Floats(item, "targets")));

    private static void AssertGolden(string kind, Dictionary<string, Metric> metrics, Func<Metric, JsonElement, double?> compute)
    {
        int compared = 0;
        foreach (JsonElement item in SharedFiles.GoldenCases("metrics.json").Where(item => item.GetProperty("kind").GetString() == kind))
        {
            foreach ((string name, Metric metric) in metrics)
            {
                JsonElement value = item.GetProperty("expected").GetProperty(name);
                double? expected = value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();
                double? found = compute(metric, item);
                bool agrees = expected is null || found is null
                    ? expected is null && found is null
                    : Math.Abs(found.Value - expected.Value) <= 1e-12 * Math.Max(1, Math.Abs(expected.Value));
                Assert.True(agrees, $"{item.GetProperty("name")}: {name} is {found}, not {expected}");
                compared++;
            }
        }

        Assert.True(compared > 30);
    }

    private static float[] Floats(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(static value => value.GetSingle())];

    private static int[] Integers(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(static value => value.GetInt32())];
}
