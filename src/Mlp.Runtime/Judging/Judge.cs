using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Judges networks on data sets. The members of generated classes call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Judge
{
    /// <summary>Judges a network that gives each row one class. May run at any time.</summary>
    /// <param name="network">A network of one output with BCE or Hinge, or with CrossEntropy.</param>
    /// <param name="data">At least one row that fits the network.</param>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    public static ClassificationReport ReportClassification(INetwork network, Dataset data)
    {
        Evaluator evaluator = EvaluatorOf(network, data);
        Predictions predictions = evaluator.Predictions(evaluator.Run());
        IReadOnlyList<string>? names = network.State.ClassNames ?? data.ClassNames;
        ClassificationReport report = new(predictions, names is null ? Indices(predictions.ClassCount) : [.. names]);
        GC.KeepAlive(data);
        return report;
    }

    /// <summary>Judges a network whose outputs answer yes or no, each by itself. May run at any time.</summary>
    /// <param name="network">A network of several outputs with BCE or Hinge.</param>
    /// <param name="data">At least one row that fits the network.</param>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    public static MultiLabelReport ReportMultiLabel(INetwork network, Dataset data)
    {
        Evaluator evaluator = EvaluatorOf(network, data);
        Predictions predictions = evaluator.Predictions(evaluator.Run());
        MultiLabelReport report = new(predictions, NamesOfOutputs(network.State.Layout));
        GC.KeepAlive(data);
        return report;
    }

    /// <summary>Judges a network that predicts numbers. May run at any time.</summary>
    /// <param name="network">A network with a loss of regression.</param>
    /// <param name="data">At least one row that fits the network.</param>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    public static RegressionReport ReportRegression(INetwork network, Dataset data)
    {
        Evaluator evaluator = EvaluatorOf(network, data);
        RegressionReport report = new(evaluator.Predictions(evaluator.Run()), NamesOfOutputs(network.State.Layout));
        GC.KeepAlive(data);
        return report;
    }

    /// <summary>Makes the probabilities of a network fit a data set, by one temperature for all. Runs alone; drops the optimizer's state.</summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <param name="network">A network with BCE or CrossEntropy.</param>
    /// <param name="data">Rows on which it was not trained.</param>
    /// <returns>The temperature by which the last layer's pre-activations were divided.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">An output is NaN; nothing was changed.</exception>
    public static double Calibrate<TNet>(TNet network, Dataset data) where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        using (network.State.Exclusively(nameof(Calibrate)))
        {
            LossFunction loss = DataFit.Check(network.State, data, "The data set", nameof(data));
            double temperature = new Calibration<TNet>(network.State, loss, data).Run();
            GC.KeepAlive(data);
            return temperature;
        }
    }

    /// <summary>An evaluator in the data's units that keeps all outputs.</summary>
    internal static Evaluator EvaluatorOf(INetwork network, Dataset data, IReadOnlyList<Metric>? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        LossFunction loss = DataFit.Check(network.State, data, "The data set", nameof(data));
        return new Evaluator(network, loss, data, inDataUnits: true, metrics, keepsOutputs: true);
    }

    /// <summary>Names of the outputs: of the record's targets, where there is one for each, else indices.</summary>
    private static string[] NamesOfOutputs(NetworkLayout layout) => layout.Record is { } record && record.TargetColumns.Length == layout.OutputSize
        ? [.. record.TargetColumns.Select(column => record.Columns[column].Name)]
        : Indices(layout.OutputSize);

    private static string[] Indices(int count) => [.. Enumerable.Range(0, count).Select(static index => TextTable.Weight(index))];
}
