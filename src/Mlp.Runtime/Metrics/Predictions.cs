namespace Mlp;

/// <summary>The outputs of a network for the rows of a data set, and what they should have been: what a <see cref="Metric"/> is computed from.</summary>
/// <remarks>All in the data's units, also where the network standardises. Nothing here allocates.</remarks>
public readonly ref struct Predictions
{
    /// <summary>The class of each row where several targets tell it: it is asked for often, and takes a search.</summary>
    private readonly int[]? _classesOfTargets;

    /// <summary>Gathers what metrics need.</summary>
    /// <param name="loss">The network's loss.</param>
    /// <param name="outputs">rows × outputs.</param>
    /// <param name="data">The rows, which fit the loss and the number of outputs.</param>
    internal Predictions(LossFunction loss, float[] outputs, Dataset data)
    {
        Loss = loss;
        Scores = outputs;
        Targets = data.Values.Targets;
        Labels = data.Values.Labels;
        Weights = data.Values.Weights;
        Count = data.Count;
        OutputSize = outputs.Length / data.Count;
        Kind = KindOf(loss, OutputSize);
        if (Kind == OutputKinds.Classes && Labels.IsEmpty)
        {
            _classesOfTargets = new int[Count];
            for (int row = 0; row < Count; row++)
            {
                _classesOfTargets[row] = Classes.LargestOf(Targets.Slice(row * OutputSize, OutputSize));
            }
        }
    }

    /// <summary>The network's loss.</summary>
    public LossFunction Loss { get; }

    /// <summary>Number of rows, at least 1.</summary>
    public int Count { get; }

    /// <summary>Columns of the outputs.</summary>
    public int OutputSize { get; }

    /// <summary>
    /// Number of classes of which each row has one: 2 for one output with BCE or Hinge, <see cref="OutputSize"/> for CrossEntropy; 0 for all others.
    /// </summary>
    public int ClassCount => Kind == OutputKinds.Classes ? OutputSize : (Kind & OutputKinds.TwoClasses) != 0 ? 2 : 0;

    /// <summary>Outputs, row-major <c>[Count × OutputSize]</c>: those of <c>Predict</c>.</summary>
    public ReadOnlySpan<float> Outputs => Scores;

    /// <summary>Targets, row-major <c>[Count × OutputSize]</c>; empty where the data has labels. <see cref="Target"/> has both.</summary>
    public ReadOnlySpan<float> Targets { get; }

    /// <summary>One label a row; empty where the data has targets. <see cref="TrueClass"/> has both.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>One weight a row, finite and at least 0; empty where all rows count alike. <see cref="Weight"/> has both.</summary>
    public ReadOnlySpan<float> Weights { get; }

    /// <summary>From which probability on an output with BCE says yes: the network's <c>Threshold</c>.</summary>
    public double Threshold { get; internal init; } = 0.5;

    /// <summary>What the outputs say.</summary>
    internal OutputKinds Kind { get; }

    /// <summary>The mean loss, of the evaluation that made the outputs.</summary>
    internal double MeanLoss { get; init; }

    /// <summary>The accuracy, of the evaluation that made the outputs.</summary>
    internal double? Accuracy { get; init; }

    /// <summary>The outputs where comparers can keep them.</summary>
    internal float[] Scores { get; }

    /// <summary>What the outputs of a network say.</summary>
    internal static OutputKinds KindOf(LossFunction loss, int outputSize) => loss switch
    {
        LossFunction.CrossEntropy => OutputKinds.Classes,
        LossFunction.BCE => outputSize == 1 ? OutputKinds.Probability : OutputKinds.Probabilities,
        LossFunction.Hinge => outputSize == 1 ? OutputKinds.Margin : OutputKinds.Margins,
        _ => OutputKinds.Numbers,
    };

    /// <summary>The weight of a row: 1 where the data has none.</summary>
    /// <param name="row">The row, from 0.</param>
    public double Weight(int row) => Weights.IsEmpty ? 1 : Weights[row];

    /// <summary>The target of an output; of labels 1 where the row has the output's class, else 0, or −1 with Hinge.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="output">The output, from 0.</param>
    public float Target(int row, int output) =>
        Labels.IsEmpty ? Targets[(row * OutputSize) + output]
        : Labels[row] == (OutputSize == 1 ? 1 : output) ? 1
        : Loss == LossFunction.Hinge ? -1 : 0;

    /// <summary>The class of a row where <see cref="ClassCount"/> is above 0: its label, or that of the largest target, or of one target's side.</summary>
    /// <param name="row">The row, from 0.</param>
    public int TrueClass(int row) =>
        !Labels.IsEmpty ? Labels[row]
        : _classesOfTargets is null ? (IsYes(row, 0) ? 1 : 0)
        : _classesOfTargets[row];

    /// <summary>The class that the network gives a row, as <c>PredictClass</c> does, where <see cref="ClassCount"/> is above 0.</summary>
    /// <param name="row">The row, from 0.</param>
    public int PredictedClass(int row) => OutputSize == 1 ? (SaysYes(row, 0) ? 1 : 0) : Classes.LargestOf(Outputs.Slice(row * OutputSize, OutputSize));

    /// <summary>Whether the right answer of an output with BCE or Hinge is yes: a target of at least ½, or at least 0 with Hinge.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="output">The output, from 0.</param>
    public bool IsYes(int row, int output) => Target(row, output) >= (Loss == LossFunction.Hinge ? 0 : 0.5f);

    /// <summary>Whether an output with BCE or Hinge says yes: at least <see cref="Threshold"/>, or at least 0 with Hinge. NaN says no.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="output">The output, from 0.</param>
    public bool SaysYes(int row, int output) => Scores[(row * OutputSize) + output] >= (Loss == LossFunction.Hinge ? 0 : Threshold);
}
