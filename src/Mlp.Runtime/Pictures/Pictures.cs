using System.Text;

namespace Mlp;

/// <summary>
/// Pictures of networks, of their training and of how well they do, as SVG: text that a browser shows, alone or as a part of a page.
/// </summary>
/// <remarks>
/// Each picture is a string that begins with <c>&lt;svg</c>, the same for the same data on every machine: no date, no culture, no font of the system is
/// measured. It is 640 wide and may be shown at any size. It is light, or dark where the reader's system is; series differ in dashes or shapes too, not in
/// colour alone; a title and a description with the main numbers are there for screen readers. There are no scripts and no references to other files.
/// Names of classes and columns may hold any characters. All methods allocate, change nothing, and may run at any time, on many threads at once.
/// </remarks>
public static partial class Pictures
{
    /// <summary>Loss, accuracy and learning rate over the epochs of a run; the best epoch is marked.</summary>
    /// <param name="history">What <c>Train</c> returned.</param>
    /// <param name="title">The picture's title; null for "Learning curves".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>
    /// Losses whose largest is more than 100 times their smallest are drawn on a logarithmic axis, which says so. The accuracy is drawn where there is one, the
    /// rate where it changes. Epochs whose loss is not finite are gaps.
    /// </remarks>
    public static string LearningCurves(TrainingHistory history, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        return LearningCurvesPicture.Draw(history, title ?? "Learning curves").ToString();
    }

    /// <summary>What a network with two inputs answers over the plane, and the rows of a data set in it.</summary>
    /// <param name="net">A network with two inputs that tells classes apart: loss CrossEntropy, or BCE or Hinge with one output.</param>
    /// <param name="data">Rows that fit the network; the picture shows the plane a little beyond them.</param>
    /// <param name="title">The picture's title; null for "Decision regions".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>
    /// Regions have the class's colour, fuller from a probability of 0.6, 0.7, 0.8 and 0.9 on; of Hinge, a score of −1 counts as a probability of 0 and
    /// 1 as one of 1. The network predicts a grid in one call. Of more than 2,500 rows, those that cover each other are left out.
    /// </remarks>
    /// <exception cref="ArgumentException">The network has no two inputs or no classes, or the data do not fit it.</exception>
    public static string DecisionRegions<TNet>(TNet net, Dataset data, string? title = null)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(net);
        return DecisionRegions([("", net)], data, title, nameof(net));
    }

    /// <summary>The same for several networks of one class beside each other, such as one network at several times.</summary>
    /// <param name="networks">The networks, at least one, each with its caption.</param>
    /// <param name="data">Rows that fit the networks.</param>
    /// <param name="title">The picture's title; null for "Decision regions".</param>
    /// <returns>The text of an SVG file, three networks in a row.</returns>
    /// <exception cref="ArgumentException">There is no network, one has no two inputs or no classes, or the data do not fit it.</exception>
    public static string DecisionRegions<TNet>(IReadOnlyList<(string Caption, TNet Net)> networks, Dataset data, string? title = null)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(networks);
        return DecisionRegions(networks, data, title, nameof(networks));
    }

    private static string DecisionRegions<TNet>(IReadOnlyList<(string Caption, TNet Net)> networks, Dataset data, string? title, string argument)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(data);
        if (networks.Count == 0)
        {
            throw new ArgumentException("There must be at least one network.", argument);
        }

        foreach ((string caption, TNet net) in networks)
        {
            ArgumentNullException.ThrowIfNull(caption, argument);
            ArgumentNullException.ThrowIfNull(net, argument);
            CheckRegions(net.State, argument);
            DataFit.Check(net.State, data, "The data set", nameof(data));
        }

        return DecisionRegionsPicture.Draw(networks[0].Net.State.Layout, [.. networks.Select(PanelOf)], data, title ?? "Decision regions").ToString();

        static (string, Action<ReadOnlySpan<float>, Span<float>>) PanelOf((string Caption, TNet Net) panel) => (panel.Caption, panel.Net.Predict);
    }

    /// <summary>The weights of the first layer of a network whose inputs are the pixels of a square image, a small image for each unit.</summary>
    /// <param name="net">The network.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <inheritdoc cref="Weights{TNet}(TNet, int, int, int?, string?)" path="/remarks"/>
    /// <exception cref="ArgumentException">The number of inputs is no square.</exception>
    public static string Weights<TNet>(TNet net)
        where TNet : class, INetwork<TNet>
    {
        int side = (int)Math.Sqrt(TNet.InputSize);
        return Weights(net, side, side);
    }

    /// <summary>The weights of the first layer of a network whose inputs are the pixels of an image, a small image for each unit.</summary>
    /// <param name="net">The network.</param>
    /// <param name="width">Pixels in a row of an image.</param>
    /// <param name="height">Pixels in a column; <paramref name="width"/> · <paramref name="height"/> must be the network's number of inputs.</param>
    /// <param name="columns">How many units stand in a row, at least 1; null for 10.</param>
    /// <param name="title">The picture's title; null for "First-layer weights".</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>
    /// Negative weights are orange, positive ones blue, and the smaller the paler, so that 0 is the ground on which all of them stand. All units share one scale.
    /// The first 100 units are shown. Where the network standardises its inputs, the weights are those of the standardised ones.
    /// </remarks>
    /// <exception cref="ArgumentException">The size of images is not that of the network's inputs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or the number of columns is less than 1.</exception>
    public static string Weights<TNet>(TNet net, int width, int height, int? columns = null, string? title = null)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns ?? 1, 1, nameof(columns));
        if ((long)width * height != TNet.InputSize)
        {
            throw new ArgumentException($"The network has {TNet.InputSize} inputs, which are no image of {width} × {height} pixels.", nameof(width));
        }

        return WeightsPicture.Draw(net.State, width, height, columns, title ?? "First-layer weights").ToString();
    }

    /// <summary>Activations, each with its slope, over pre-activations from −4 to 4, computed as networks compute them.</summary>
    /// <param name="activations">What to draw; none for all.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <remarks>Activations with an <c>Alpha</c> have its default.</remarks>
    /// <exception cref="ArgumentException">One is <see cref="Activation.Softmax"/>, which is no function of a single number, or no activation.</exception>
    public static string Activations(params IReadOnlyList<Activation> activations)
    {
        ArgumentNullException.ThrowIfNull(activations);
        foreach (Activation activation in activations)
        {
            if (activation == Activation.Softmax || !Enum.IsDefined(activation))
            {
                throw new ArgumentException($"{activation} is no function of a single number, so it has no curve.", nameof(activations));
            }
        }

        IReadOnlyList<Activation> shown = activations.Count > 0
            ? activations
            : [.. Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax)];
        return ActivationsPicture.Draw(shown, "Activations and their slopes").ToString();
    }

    /// <summary>The network as a diagram: its layers with their shapes, what each does, and how many parameters it has.</summary>
    /// <param name="net">The network.</param>
    /// <param name="title">The picture's title; null for the name of the network's class.</param>
    /// <returns>The text of an SVG file.</returns>
    public static string Diagram<TNet>(TNet net, string? title = null)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(net);
        return DiagramPicture.Draw(net.State.Layout, title ?? typeof(TNet).Name).ToString();
    }

    /// <summary>Writes the learning curves of a run as an SVG file.</summary>
    /// <param name="history">What <c>Train</c> returned.</param>
    /// <param name="path">The file; replaced, whole or not at all, if it exists.</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void SaveSvg(this TrainingHistory history, string path)
    {
        ArgumentNullException.ThrowIfNull(history);
        Save(path, LearningCurves(history));
    }

    private static void Save(string path, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static void CheckRegions(NetworkState network, string argument)
    {
        NetworkLayout layout = network.Layout;
        if (layout.InputSize != 2)
        {
            throw new ArgumentException($"Decision regions lie in the plane of two inputs; the network has {layout.InputSize}.", argument);
        }

        if (layout.Loss is not (LossFunction.CrossEntropy or LossFunction.BCE or LossFunction.Hinge)
            || (layout.Loss != LossFunction.CrossEntropy && layout.OutputSize > 1))
        {
            throw new ArgumentException(
                $"Decision regions need classes that exclude each other: CrossEntropy, or BCE or Hinge with one output. The network has {layout.Loss} with"
                + $" {PictureText.Counted(layout.OutputSize, "output")}.",
                argument);
        }
    }
}
