using System.Globalization;
using System.Text.RegularExpressions;

namespace Mlp.Tool;

/// <summary>Layouts of networks that no class is compiled for: from what was imported, or from the architecture that a file of ours names.</summary>
internal static partial class ArchitectureText
{
    /// <summary>The slope that PRelu begins with; the one that was learned is a parameter.</summary>
    private const float InitialSlope = 0.25f;

    /// <summary>The layout of an imported network.</summary>
    public static NetworkLayout LayoutOf(ImportedNetwork network)
    {
        StorePlaces places = new();
        return new NetworkLayout(
            network.InputSize,
            standardize: network.InputScales is not null,
            network.Loss,
            [
                .. network.Layers.Select(layer => places.Take(new DenseLayout
                {
                    Name = layer.Name,
                    Inputs = layer.Inputs,
                    Outputs = layer.Outputs,
                    Activation = layer.Activation,
                    Alpha = layer.Activation == Activation.PRelu ? InitialSlope : (float)layer.Alpha,
                    HasBias = layer.Biases is not null,
                    IsResidual = layer.IsResidual,
                    Normalization = layer.Normalization,
                    NormalizationEpsilon = (float)layer.Epsilon,
                    Initializer = Initializer.Zeros,
                    WeightsOffset = 0,
                    WeightsLength = 0,
                    InputStride = 0,
                    OutputStride = 0,
                    BiasesOffset = 0,
                    VectorLength = 0,
                })),
            ]);
    }

    /// <summary>The layout of an architecture, as files of ours name it: <c>Input(2) Dense(128, Relu) Dense(1, Sigmoid)</c>.</summary>
    /// <param name="text">The architecture.</param>
    /// <param name="slots">Of networks with embeddings, the inputs that are numbers of a table's row, in ascending order; any where they are not known.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InvalidDataException">It is unknown, perhaps of a newer version.</exception>
    public static NetworkLayout Parse(string text, IReadOnlyList<int> slots, string source)
    {
        StorePlaces places = new();
        List<EmbeddingLayout> embeddings = [];
        List<DenseLayout> layers = [];
        EnsembleLayout? ensemble = null;
        int inputs = 0, members = 0;
        bool standardize = false;
        try
        {
            foreach (Match part in Part().Matches(text))
            {
                string[] arguments = part.Groups["arguments"].Value.Split(", ");
                switch (part.Groups["kind"].Value)
                {
                    case "Input":
                        (inputs, standardize) = (Number(arguments[0]), arguments is [_, "Standardize"]);
                        break;
                    case "Embedding":
                        EmbeddingLayout table = new(arguments[0], embeddings.Count < slots.Count ? slots[embeddings.Count] : embeddings.Count, Number(arguments[1]), Number(arguments[2]), 0);
                        embeddings.Add(table with { Offset = places.Take(table.Rows * table.Stride) });
                        break;
                    case "Ensemble":
                        members = Number(arguments[0]);
                        break;
                    default:
                        int width = layers.Count > 0 ? layers[^1].Outputs : inputs + embeddings.Sum(static embedding => embedding.Length - 1);
                        if (members > 0 && ensemble is null)
                        {
                            int stride = StorePlaces.Padded(width);
                            ensemble = new EnsembleLayout(members, places.Take(members * stride), stride);
                        }

                        layers.Add(places.Take(Dense(arguments, width, layers.Count)));
                        break;
                }
            }

            NetworkLayout layout = new(inputs, standardize, loss: null, ensemble, [.. embeddings], [.. layers])
            {
                StandardizeTargets = text.EndsWith(NetworkLayout.ScaledTargets, StringComparison.Ordinal),
            };
            if (layout.Architecture == text)
            {
                return layout;
            }
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException or ArithmeticException or IndexOutOfRangeException)
        {
            // Said below.
        }

        throw new InvalidDataException($"{source}: the architecture '{QuotedText.Of(text)}' is unknown; if the file is not damaged, it is of a newer version.");
    }

    private static DenseLayout Dense(string[] arguments, int width, int number)
    {
        Dictionary<string, string> named = arguments.Skip(2).Select(static argument => argument.Split(" = ")).ToDictionary(static pair => pair[0], static pair => pair[1]);
        return new DenseLayout
        {
            Name = named.TryGetValue("Name", out string? name) ? name.Trim('"') : FormattableString.Invariant($"Layer{number + 1}"),
            Inputs = width,
            Outputs = Number(arguments[0]),
            Activation = Enum.Parse<Activation>(arguments[1]),
            Alpha = named.TryGetValue("Alpha", out string? alpha) ? float.Parse(alpha, CultureInfo.InvariantCulture) : 0,
            HasBias = !named.ContainsKey("Bias"),
            IsResidual = named.ContainsKey("Residual"),
            Normalization = named.TryGetValue("Normalization", out string? normalization) ? Enum.Parse<Normalization>(normalization) : Normalization.None,
            NormalizationEpsilon = named.TryGetValue("NormalizationEpsilon", out string? epsilon) ? float.Parse(epsilon, CultureInfo.InvariantCulture) : 0,
            Initializer = Initializer.Zeros,
            WeightsOffset = 0,
            WeightsLength = 0,
            InputStride = 0,
            OutputStride = 0,
            BiasesOffset = 0,
            VectorLength = 0,
        };
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("""(?<kind>Input|Embedding|Ensemble|Dense)\((?<arguments>[^)]*)\)""", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    /// <summary>Gives parameters their places in a store, one behind the other.</summary>
    private sealed class StorePlaces
    {
        private int _end;
        private int _statistics;

        public static int Padded(int length) => checked(length + 7) & ~7;

        /// <summary>Reserves floats.</summary>
        /// <returns>The first one's index.</returns>
        public int Take(int length)
        {
            int start = _end;
            _end = checked(_end + Padded(length));
            return start;
        }

        /// <summary>The layer with its places.</summary>
        public DenseLayout Take(DenseLayout layer)
        {
            int weights = checked(layer.Inputs * layer.Outputs);
            DenseLayout placed = layer with
            {
                WeightsOffset = Take(weights),
                WeightsLength = Padded(weights),
                InputStride = layer.Outputs,
                OutputStride = 1,
                BiasesOffset = _end,
                VectorLength = Padded(layer.Outputs),
                StatisticsOffset = _statistics,
            };
            _end = placed.End;
            _statistics += placed.StatisticsLength;
            return placed;
        }
    }
}
