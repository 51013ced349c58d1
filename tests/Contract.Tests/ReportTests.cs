using System.Globalization;

namespace Contract.Tests;

/// <summary>Reports, and evaluation by metrics, as users call them.</summary>
public class ReportTests
{
    private static readonly Dataset Binary = Labelled(300, 2);
    private static readonly Dataset Three = Labelled(300, 3).WithNames(["a", "b", "c"], ["ant", "bee", "cat"]);

    [Fact]
    public void OneProbability_HasAClassificationReport_WithTheValuesOfItsMetrics()
    {
        ProbabilityNet net = Trained<ProbabilityNet>(Binary);
        ClassificationReport report = net.Report(Binary);
        MetricValues metrics = net.Evaluate(
            Binary,
            [
                Metric.Loss, Metric.RocAuc, Metric.AveragePrecision, Metric.LogLoss, Metric.Brier, Metric.Matthews, Metric.BalancedAccuracy, Metric.F1(),
            ]).Metrics;

        Assert.Equal(net.Evaluate(Binary).Accuracy, report.Accuracy);
        Assert.Equal(
            [report.Loss, report.RocAuc, report.AveragePrecision, report.LogLoss, report.Brier, report.Matthews, report.BalancedAccuracy, report.F1],
            metrics.Values);
        Assert.Equal(net.Evaluate(Binary).Loss, report.LogLoss!.Value, 1e-6);
        Assert.Equal(300, report.Count);
        Assert.Equal(0.5, report.Threshold);
        Assert.Equal(["0", "1"], report.Classes.Select(static row => row.Name));
        Assert.Equal(report.Confusion[1, 1] / (report.Confusion[0, 1] + report.Confusion[1, 1]), report.Classes[1].Precision);
        Assert.Equal(report.Confusion[0, 0] / (report.Confusion[0, 0] + report.Confusion[0, 1]), report.Classes[0].Recall);
        Assert.Equal(report.Confusion[1, 0] + report.Confusion[1, 1], report.Classes[1].Support);
        Assert.Equal(report.Classes[1].RocAuc, report.RocAuc);
        Assert.Equal(report.Classes[0].RocAuc!.Value, report.RocAuc!.Value, 1e-14);
        Assert.Equal(report.Classes[1].AveragePrecision, report.AveragePrecision);
        Assert.NotEqual(report.Classes[0].AveragePrecision, report.AveragePrecision);
    }

    [Fact]
    public void Classes_HaveTheirNames_AndTheMatrixCountsWhatPredictClassSays()
    {
        ClassesNet net = Trained<ClassesNet>(Three);
        ClassificationReport report = net.Report(Three);

        double[,] counts = new double[3, 3];
        for (int row = 0; row < Three.Count; row++)
        {
            counts[Three.Labels[row], net.PredictClass(Three.Inputs.Slice(row * 3, 3))]++;
        }

        Assert.All(Enumerable.Range(0, 9), cell => Assert.Equal(counts[cell / 3, cell % 3], report.Confusion[cell / 3, cell % 3]));
        Assert.Equal(["ant", "bee", "cat"], report.Classes.Select(static row => row.Name));
        Assert.Equal(["ant", "bee", "cat"], report.Confusion.ClassNames);
        Assert.Equal(3, report.Confusion.Count);
        Assert.Null(report.Threshold);
        Assert.Equal(report.Classes.Average(static row => row.RocAuc), report.RocAuc);
        Assert.Equal(report.Classes.Average(static row => row.F1), report.F1, 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Confusion[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Confusion[-1, 0]);
    }

    [Fact]
    public void TheCalibrationError_IsThatOfItsDefinition()
    {
        ClassesNet net = Trained<ClassesNet>(Three);
        float[] outputs = Sets.Predictions(net, Three);
        double error = 0;
        for (int bin = 0; bin < 15; bin++)
        {
            int[] rows =
            [
                .. Enumerable.Range(0, Three.Count).Where(row =>
                    outputs.AsSpan(row * 3, 3).ToArray().Max() > bin / 15.0 && outputs.AsSpan(row * 3, 3).ToArray().Max() <= (bin + 1) / 15.0),
            ];
            if (rows.Length > 0)
            {
                double confidence = rows.Average(row => (double)outputs.AsSpan(row * 3, 3).ToArray().Max());
                double accuracy = rows.Average(row => net.PredictClass(Three.Inputs.Slice(row * 3, 3)) == Three.Labels[row] ? 1.0 : 0);
                error += rows.Length / (double)Three.Count * Math.Abs(confidence - accuracy);
                CalibrationBin found = net.Report(Three).Calibration[bin];
                Assert.Equal((confidence, accuracy, rows.Length), (Math.Round(found.Confidence, 12), found.Accuracy, found.Weight), Close);
            }
        }

        ClassificationReport report = net.Report(Three);
        Assert.Equal(error, report.CalibrationError!.Value, 1e-12);
        Assert.Equal(15, report.Calibration.Count);
        Assert.Equal(300, report.Calibration.Sum(static bin => bin.Weight));
        Assert.Equal((0, 1), (report.Calibration[0].Lower, report.Calibration[^1].Upper));

        static bool Close((double Confidence, double Accuracy, double Weight) a, (double Confidence, double Accuracy, double Weight) b) =>
            Math.Abs(a.Confidence - b.Confidence) < 1e-9 && Math.Abs(a.Accuracy - b.Accuracy) < 1e-12 && a.Weight == b.Weight;
    }

    [Fact]
    public void Curves_HoldTheCountsAtTheirThresholds()
    {
        ProbabilityNet net = Trained<ProbabilityNet>(Binary);
        float[] scores = Sets.Predictions(net, Binary);
        ClassificationReport report = net.Report(Binary);
        foreach (int label in (int[])[0, 1])
        {
            ThresholdCurve curve = report.Classes[label].Curve;
            Assert.Equal(report.Classes[label].Support, curve.Positives);
            Assert.Equal(300, curve.Positives + curve.Negatives);
            Assert.Equal(new ThresholdPoint(double.PositiveInfinity, 0, 0), curve.Points[0]);
            Assert.Equal((curve.Positives, curve.Negatives), (curve.Points[^1].TruePositives, curve.Points[^1].FalsePositives));
            foreach (ThresholdPoint point in curve.Points)
            {
                bool[] saysYes = [.. scores.Select(score => (label == 1 ? score : 1.0 - score) >= point.Threshold)];
                int[] labels = Binary.Labels.ToArray();
                Assert.Equal(labels.Where((truth, row) => saysYes[row] && truth == label).Count(), point.TruePositives);
                Assert.Equal(labels.Where((truth, row) => saysYes[row] && truth != label).Count(), point.FalsePositives);
            }
        }
    }

    [Fact]
    public void OneMargin_HasAClassificationReport_WithoutProbabilities()
    {
        MarginNet net = Trained<MarginNet>(Binary);
        ClassificationReport report = net.Report(Binary);

        Assert.Null(report.LogLoss);
        Assert.Null(report.Brier);
        Assert.Null(report.CalibrationError);
        Assert.Empty(report.Calibration);
        Assert.Null(report.Threshold);
        Assert.True(report.RocAuc > 0.8);
        Assert.Equal(report.Classes[1].F1, report.F1);
        Assert.DoesNotContain("log loss", report.ToString());
    }

    [Fact]
    public void SeveralProbabilities_HaveAMultiLabelReport()
    {
        TagsNet net = Trained<TagsNet>(Tags());
        MultiLabelReport report = net.Report(Tags());
        MetricValues metrics = net.Evaluate(
            Tags(), [Metric.Accuracy, Metric.Loss, Metric.RocAuc, Metric.AveragePrecision, Metric.LogLoss, Metric.Brier, Metric.F1()]).Metrics;

        Assert.Equal([report.Accuracy, report.Loss, report.RocAuc, report.AveragePrecision, report.LogLoss, report.Brier, report.F1], metrics.Values);
        Assert.Equal(["0", "1"], report.Outputs.Select(static row => row.Name));
        Assert.Equal(report.Outputs.Average(static row => row.F1), report.F1);
        Assert.InRange(report.SubsetAccuracy, (2 * report.Accuracy) - 1 - 1e-12, report.Accuracy);
        Assert.Equal(400, report.Calibration.Sum(static bin => bin.Weight));
        Assert.Contains("micro average", report.ToString());
    }

    [Fact]
    public void Numbers_HaveARegressionReport_InTheDataUnits()
    {
        Dataset data = Scaled(Sets.Smooth(200, 2, 2), 1000);
        TargetsNet net = new(1);
        net.Train(data, new TrainingOptions { Epochs = 20 });
        RegressionReport report = net.Report(data);
        MetricValues metrics = net.Evaluate(
            data, [Metric.R2, Metric.Mae, Metric.Rmse, Metric.Mape, Metric.MedianAbsoluteError, Metric.MaximumError, Metric.Loss]).Metrics;

        Assert.Equal(
            [report.R2, report.Mae, report.Rmse, report.Mape, report.MedianAbsoluteError, report.MaximumError, report.Loss], metrics.Values);
        Assert.Equal(report.Loss, report.Outputs.Average(static output => output.Rmse * output.Rmse), report.Loss * 1e-6);
        Assert.Equal(Sets.Predictions(net, data)[3], report.Outputs[1].Residuals[1].Prediction);
        Assert.Equal(data.Targets[3], report.Outputs[1].Residuals[1].Target);
        Assert.Equal(200, report.Outputs[0].Residuals.Count);
        Assert.Equal(report.Outputs[0].MaximumError, report.Outputs[0].Residuals.Max(static residual => Math.Abs(residual.Error)));
        Assert.Equal(2000, new TargetsNet(1).Report(Sets.Smooth(5003, 2, 2)).Outputs[0].Residuals.Count);
    }

    [Fact]
    public void WhatIsUndefined_IsNull()
    {
        Dataset oneClass = Dataset.FromLabels([1, 2, 3, 4, 5, 6], [1, 1], 3, 2);
        ClassificationReport report = new ProbabilityNet(1).Report(oneClass);
        Assert.Null(report.RocAuc);
        Assert.NotNull(report.AveragePrecision);
        Assert.Null(report.Classes[0].AveragePrecision);
        Assert.Contains("ROC AUC                  –\n", report.ToString());
        Assert.Null(new ClassesNet(1).Report(Dataset.FromLabels([1, 2, 3, 4, 5, 6], [1, 2], 3, 3)).RocAuc);
        Assert.Null(new DropoutNet(1).Report(Dataset.FromTargets([1], [1], 1, 1)).R2);
        Assert.Null(new DropoutNet(1).Report(Dataset.FromTargets([1, 2], [1, 0], 1, 1)).Mape);
    }

    [Fact]
    public void RowsCountByTheirWeights()
    {
        ProbabilityNet net = Trained<ProbabilityNet>(Binary);
        float[] weights = [.. Enumerable.Range(0, 300).Select(static row => (float)(row % 3))];
        int[] rows = [.. Enumerable.Range(0, 300).SelectMany(static row => Enumerable.Repeat(row, row % 3))];
        Dataset repeated = Dataset.FromLabels(
            [.. rows.SelectMany(static row => Binary.Inputs.Slice(row * 3, 3).ToArray())], [.. rows.Select(static row => Binary.Labels[row])], 3, 2);

        ClassificationReport weighted = net.Report(Binary.WithWeights(weights));
        ClassificationReport expected = net.Report(repeated);
        Assert.Equal(expected.Confusion.ToString(), weighted.Confusion.ToString());
        Assert.Equal(expected.RocAuc, weighted.RocAuc);
        Assert.Equal(expected.CalibrationError!.Value, weighted.CalibrationError!.Value, 1e-12);
        Assert.Equal(expected.LogLoss!.Value, weighted.LogLoss!.Value, 1e-12);
        Assert.Equal(expected.Classes[1].Support, weighted.Classes[1].Support);
    }

    [Fact]
    public void TheTables_AreMadeForReading_InEveryCulture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            commas.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = commas;
            ClassesNet net = new(1);
            net.LoadParameters(new float[ClassesNet.ParameterCount]);
            Dataset data = Dataset.FromLabels([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 2], 3, 3)
                .WithNames(null, ["ant", "bee\n", "a class whose name goes on and on and on"]);

            Assert.Equal(
                """
                                                precision  recall     F1  ROC AUC  average precision  support
                ant                                 0.500   1.000  0.667    0.500              0.500        2
                bee\u000A                           0.000   0.000  0.000    0.500              0.250        1
                a class whose name goes on an…      0.000   0.000  0.000    0.500              0.250        1

                macro average                       0.167   0.333  0.222
                weighted average                    0.250   0.500  0.333

                accuracy             0.500
                balanced accuracy    0.333
                Matthews             0.000
                ROC AUC              0.500
                average precision    0.333
                log loss            1.0986
                Brier score        0.66667
                calibration error    0.167
                rows                     4

                truth \ predicted               ant  bee\u000A  a class whose name goes on an…
                ant                               2          0                               0
                bee\u000A                         1          0                               0
                a class whose name goes on an…    1          0                               0

                """.ReplaceLineEndings("\n"),
                net.Report(data).ToString());

            DropoutNet numbers = new(1);
            numbers.LoadParameters(new float[DropoutNet.ParameterCount]);
            Assert.Equal(
                """
                output      R²  MAE    RMSE   MAPE  median error  largest error
                0       -5.000  2.5  2.7386  1.000           2.5              4

                loss  7.5
                rows    4

                """.ReplaceLineEndings("\n"),
                numbers.Report(Dataset.FromTargets([1, 2, 3, 4], [1, 2, 3, 4], 1, 1)).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void AMatrixTooWideToRead_IsLeftOut()
    {
        WideClassesNet net = new(1);
        ClassificationReport report = net.Report(Dataset.FromLabels([1, 2], [3, 4], 1, 21));
        Assert.DoesNotContain("truth", report.ToString());
        Assert.Equal(1, report.Confusion[3, 0] + Enumerable.Range(1, 20).Sum(predicted => report.Confusion[3, predicted]));
    }

    /// <summary>With one output, everything beside the outputs counts most.</summary>
    [Fact]
    public void AMillionRows_TakeThreeTimesTheMemoryOfTheirOutputs()
    {
        const int Rows = 1_000_000;
        float[] inputs = new float[Rows * 3];
        int[] labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            inputs[row * 3] = row * 0.6180339887f % 1;
            labels[row] = row % 7 < 3 ? 1 : 0;
        }

        Dataset data = Dataset.FromLabels(inputs, labels, 3, 2);
        ProbabilityNet net = new(1) { Threads = 1 };
        net.Report(Binary);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ClassificationReport report = net.Report(data);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 3L * Rows * sizeof(float), $"{allocated} bytes");
        Assert.InRange(report.Classes[1].Curve.Points.Count, 100, 1026);
        Assert.Equal(Rows, report.Confusion[0, 0] + report.Confusion[0, 1] + report.Confusion[1, 0] + report.Confusion[1, 1]);
    }

    [Fact]
    public void Reports_HaveTheSameBits_OnEveryNumberOfThreads()
    {
        ScaledClassesNet net = new(1);
        net.Train(Three, new TrainingOptions { Epochs = 2 });
        string expected = Report(1);
        Assert.Equal(expected, Report(2));
        Assert.Equal(expected, Report(5));

        string Report(int threads)
        {
            net.Threads = threads;
            ClassificationReport report = net.Report(Three);
            return string.Join(' ', new double?[] { report.RocAuc, report.LogLoss, report.CalibrationError, report.Loss, report.Brier }
                .Select(static value => BitConverter.DoubleToInt64Bits(value!.Value)));
        }
    }

    [Fact]
    public void DataThatDoNotFit_AreRefused()
    {
        ClassesNet net = new(1);
        Assert.Contains("2 classes", Assert.Throws<ArgumentException>(() => net.Report(Binary)).Message);
        Assert.Contains(
            "The metric r2 is not for 3 outputs with CrossEntropy.", Assert.Throws<ArgumentException>(() => net.Evaluate(Three, [Metric.R2])).Message);
        Assert.Contains("the name f1", Assert.Throws<ArgumentException>(() => net.Evaluate(Three, [Metric.F1(), Metric.F1()])).Message);
        Assert.Throws<ArgumentNullException>(() => net.Evaluate(Three, null!));
        Assert.Throws<ArgumentNullException>(() => net.Evaluate(Three, [null!]));
    }

    [Fact]
    public void Validation_ComputesMetricsAfterEveryEpoch()
    {
        ProbabilityNet net = new(1);
        List<double?> seen = [];
        TrainingHistory history = net.Train(Binary, new TrainingOptions
        {
            Epochs = 3,
            Validation = Binary,
            Metrics = [Metric.RocAuc, Metric.F1(), new Positives()],
            Progress = new Epochs(() => seen.Add(net.Evaluate(Binary, [Metric.RocAuc]).Metrics[Metric.RocAuc])),
        });

        Assert.Equal(seen, history.Epochs.Select(static epoch => epoch.Metrics[Metric.RocAuc]));
        Assert.Equal(net.Report(Binary).F1, history.Epochs[^1].Metrics[Metric.F1()]);
        Assert.Equal(net.Report(Binary).Classes[1].Support, history.Epochs[^1].Metrics[new Positives()]);
        Assert.Empty(new ProbabilityNet(1).Train(Binary, new TrainingOptions { Epochs = 1, Validation = Binary }).Epochs[0].Metrics);
    }

    [Fact]
    public void MetricsOfScaledTargets_AreInTheDataUnits()
    {
        Dataset data = Scaled(Sets.Smooth(100, 2, 2), 1000);
        TargetsNet net = new(1);
        EpochResult last = net.Train(data, new TrainingOptions { Epochs = 2, Validation = data, Metrics = [Metric.Mae] }).Epochs[^1];
        Assert.Equal(net.Report(data).Mae, last.Metrics[Metric.Mae]);
        Assert.True(last.ValidationLoss < 10);
    }

    [Fact]
    public void MetricsThatCannotBeComputed_AreRefusedBeforeTheFirstStep()
    {
        ProbabilityNet net = new(1);
        Assert.Contains(
            "Validation", Assert.Throws<ArgumentException>(() => net.Train(Binary, new TrainingOptions { Metrics = [Metric.F1()] })).Message);
        Assert.Contains(
            "mae is not for 1 output with BCE",
            Assert.Throws<ArgumentException>(() => net.Train(Binary, new TrainingOptions { Validation = Binary, Metrics = [Metric.Mae] })).Message);
        Assert.Throws<ArgumentException>(() => new TrainingOptions { Metrics = [Metric.F1(), Metric.F1()] });
        Assert.Throws<ArgumentNullException>(() => new TrainingOptions { Metrics = null! });
        Assert.Equal(0, net.StepsTrained);
    }

    /// <summary>Rows of three inputs, of which the largest mostly tells the class.</summary>
    internal static Dataset Labelled(int rows, int classes, int seed = 1)
    {
        Random random = new(seed);
        float[] inputs = [.. Enumerable.Range(0, rows * 3).Select(_ => random.NextSingle())];
        int[] labels =
        [
            .. Enumerable.Range(0, rows).Select(row => random.Next(5) == 0
                ? random.Next(classes)
                : Enumerable.Range(0, classes).MaxBy(column => inputs[(row * 3) + column])),
        ];
        return Dataset.FromLabels(inputs, labels, 3, classes);
    }

    /// <summary>Rows of three inputs with two answers each.</summary>
    internal static Dataset Tags()
    {
        Dataset rows = Labelled(200, 2);
        return Dataset.FromTargets(
            rows.Inputs.ToArray(),
            [.. Enumerable.Range(0, 200).SelectMany(row => new float[] { rows.Labels[row], rows.Inputs[(row * 3) + 2] > 0.4f ? 1 : 0 })],
            3,
            2);
    }

    internal static TNet Trained<TNet>(Dataset data, int epochs = 20) where TNet : class, INetwork<TNet>
    {
        TNet net = TNet.Create(1);
        net.Train(data, new TrainingOptions { Epochs = epochs, Optimizer = new Adam(0.02f), BatchSize = 16 });
        return net;
    }

    private static Dataset Scaled(Dataset data, float factor) => Dataset.FromTargets(
        data.Inputs.ToArray(), [.. data.Targets.ToArray().Select(target => target * factor)], data.InputSize, data.TargetSize);

    private sealed class Positives() : Metric("positives", higherIsBetter: true)
    {
        protected override double? Compute(in Predictions predictions)
        {
            double sum = 0;
            for (int row = 0; row < predictions.Count; row++)
            {
                sum += predictions.TrueClass(row);
            }

            return sum;
        }
    }

    private sealed class Epochs(Action action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Result is not null)
            {
                action();
            }
        }
    }
}

[Input(3)]
[Dense(8, Relu)]
[Dense(2, Sigmoid)]
[Loss(BCE)]
public partial class TagsNet;

[Input(1)]
[Dense(21, Softmax)]
[Loss(CrossEntropy)]
public partial class WideClassesNet;
