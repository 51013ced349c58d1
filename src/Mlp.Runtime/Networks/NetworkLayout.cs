using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>A network's architecture and where its store keeps each parameter. Generated code makes one a class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NetworkLayout
{
    /// <summary>What the architecture's text ends with where targets are standardised.</summary>
    internal const string ScaledTargets = " StandardizeTargets";

    private readonly DenseLayout[] _layers;
    private readonly ParameterVector[][] _vectors;
    private readonly ParameterMatrix[] _beforeLayers;
    private readonly EmbeddingLayout[] _embeddings;

    /// <summary>Describes a network.</summary>
    /// <param name="inputSize">Number of input columns.</param>
    /// <param name="standardize">Whether inputs are centred and scaled.</param>
    /// <param name="loss">The loss, or null where the network only predicts.</param>
    /// <param name="layers">The dense layers, first to last.</param>
    public NetworkLayout(int inputSize, bool standardize, LossFunction? loss, params DenseLayout[] layers)
        : this(inputSize, standardize, loss, ensemble: null, [], layers, [.. layers])
    {
    }

    /// <summary>Describes an ensemble, or a network with embeddings.</summary>
    /// <param name="inputSize">Number of input columns.</param>
    /// <param name="standardize">Whether inputs are centred and scaled.</param>
    /// <param name="loss">The loss, or null where the network only predicts.</param>
    /// <param name="ensemble">The members; null for a network that is none.</param>
    /// <param name="embeddings">The tables, in order of their slots.</param>
    /// <param name="layers">
    /// The dense layers as they are declared, first to last; of the last, which each member has for itself, that of the first member.
    /// </param>
    public NetworkLayout(
        int inputSize, bool standardize, LossFunction? loss, EnsembleLayout? ensemble, EmbeddingLayout[] embeddings, params DenseLayout[] layers)
        : this(
            inputSize, standardize, loss, ensemble, embeddings, layers,
            ensemble is null ? layers : [.. layers[..^1], .. Enumerable.Range(0, ensemble.Members).Select(layers[^1].OfMember)])
    {
    }

    private NetworkLayout(
        int inputSize, bool standardize, LossFunction? loss, EnsembleLayout? ensemble, EmbeddingLayout[] embeddings, DenseLayout[] declared, DenseLayout[] layers)
    {
        InputSize = inputSize;
        Standardize = standardize;
        Loss = loss;
        Ensemble = ensemble;
        DeclaredLayers = declared.Length;
        _layers = layers;
        _vectors = [.. layers.Select(static layer => layer.Vectors())];
        _embeddings = embeddings;
        ExpandedSize = inputSize + embeddings.Sum(static table => table.Length - 1);
        TablesSize = embeddings.Length == 0 ? 0 : embeddings[^1].Offset + (embeddings[^1].Rows * embeddings[^1].Stride);
        _beforeLayers =
        [
            .. embeddings.Select(static table => new ParameterMatrix(table.Name, table.Offset, table.Rows, table.Length, table.Stride)),
            .. ensemble is null
                ? []
                : (ParameterMatrix[])[new(EnsembleLayout.ScalesName, ensemble.ScalesOffset, ensemble.Members, ExpandedSize, ensemble.ScalesStride)],
        ];
        OutputSize = layers[^1].Outputs;
        ParameterCount = layers.Sum(static layer => layer.ParameterCount) + _beforeLayers.Sum(static matrix => matrix.Count);
        StoreSize = layers.Max(static layer => layer.End);
        AreTrained = [.. layers.Select(static layer => !layer.IsFrozen)];
        HasPenalties = layers.Any(static layer => layer.L1 != 0 || layer.L2 != 0);
        StatisticsSize = layers.Sum(static layer => layer.StatisticsLength);
    }

    /// <summary>Number of input columns.</summary>
    public int InputSize { get; }

    /// <summary>Number of values of a row that the first layer sees: rows of tables in the place of their numbers.</summary>
    public int ExpandedSize { get; }

    /// <summary>The tables of embeddings, in order of their slots.</summary>
    internal ReadOnlySpan<EmbeddingLayout> Embeddings => _embeddings;

    /// <summary>Floats of the tables, with which the store begins, padding included.</summary>
    internal int TablesSize { get; }

    /// <summary>Number of output columns.</summary>
    public int OutputSize { get; }

    /// <summary>Whether inputs are centred and scaled by statistics of the training data.</summary>
    public bool Standardize { get; }

    /// <summary>The loss, or null where the network only predicts.</summary>
    public LossFunction? Loss { get; }

    /// <summary>The loss's weights, one a class; empty where there are none.</summary>
    public float[] ClassWeights { get; init; } = [];

    /// <summary>Whether targets are centred and scaled by statistics of the training data, so that outputs are in its units.</summary>
    public bool StandardizeTargets { get; init; }

    /// <summary>The columns of the records that the network is over; null where its rows are numbers.</summary>
    public RecordLayout? Record { get; init; }

    /// <summary>The numbers that the loss is declared with.</summary>
    public LossSettings LossSettings { get; init; } = new(1);

    /// <summary>What <see cref="Noise"/> calls the inputs.</summary>
    internal const string InputNoise = "inputs";

    /// <summary>
    /// All dropout and noise in one line, by the layers behind which they act: <c>inputs: GaussianNoise(0.1); Layer1: Dropout(0.2)</c>. Empty where there is none.
    /// </summary>
    public string Noise { get; init; } = "";

    /// <summary>The members of an ensemble; null for a network that is none.</summary>
    public EnsembleLayout? Ensemble { get; }

    /// <summary>Number of members of an ensemble; 1 for a network that is none.</summary>
    public int Members => Ensemble?.Members ?? 1;

    /// <summary>The dense layers, first to last; of an ensemble the last layers of all members, one after the other.</summary>
    public ReadOnlySpan<DenseLayout> Layers => _layers;

    /// <summary>Number of layers that are declared: the last of an ensemble's members count as one.</summary>
    public int DeclaredLayers { get; }

    /// <summary>The parameters that stand before the first layer, in parameter order.</summary>
    internal ReadOnlySpan<ParameterMatrix> BeforeLayers => _beforeLayers;

    /// <summary>Index in the store where the parameters begin that are trained with a layer: its weights, or what stands before the first layer.</summary>
    /// <param name="layer">The layer's number from 0.</param>
    internal int StartOf(int layer) => layer == 0 ? 0 : _layers[layer].WeightsOffset;

    /// <summary>Where the first layer sees an input that is no number of a table's row; −1 for one that is.</summary>
    /// <param name="input">The input's index.</param>
    internal int ExpandedColumn(int input)
    {
        int column = input;
        foreach (EmbeddingLayout table in _embeddings)
        {
            if (table.Slot == input)
            {
                return -1;
            }

            column += table.Slot < input ? table.Length - 1 : 0;
        }

        return column;
    }

    /// <summary>Number of parameters, padding excluded.</summary>
    public int ParameterCount { get; }

    /// <summary>The parameters of the layer number <paramref name="layer"/> from 0, without its weights, in parameter order.</summary>
    public ReadOnlySpan<ParameterVector> Vectors(int layer) => _vectors[layer];

    /// <summary>For each layer, whether it is not declared frozen.</summary>
    internal bool[] AreTrained { get; }

    /// <summary>Whether some layer's weights have a penalty.</summary>
    internal bool HasPenalties { get; }

    /// <summary>Floats of the store, padding included.</summary>
    public int StoreSize { get; }

    /// <summary>Floats of batch normalization's running statistics, padding included.</summary>
    public int StatisticsSize { get; }

    /// <summary>The architecture in one line, the same for networks whose parameters mean the same: <c>Input(2) Dense(128, Relu) Dense(1, Sigmoid)</c>.</summary>
    public string Architecture => field ??=
        $"Input({InputSize}{(Standardize ? ", Standardize" : "")}) "
        + string.Concat(_embeddings.Select(static table => $"Embedding({table.Name}, {table.Rows}, {table.Length}) "))
        + (Ensemble is null ? "" : $"Ensemble({Members}) ")
        + string.Join(' ', _layers.Take(DeclaredLayers).Select(static layer => layer.ToString()))
        + (StandardizeTargets ? ScaledTargets : "");

    /// <summary>Dropout and noise behind a layer, as they are declared.</summary>
    /// <param name="place">The layer's name, or <see cref="InputNoise"/>.</param>
    internal IEnumerable<string> NoiseBehind(string place) =>
        from part in Noise.Split("; ")
        where part.StartsWith($"{place}: ", StringComparison.Ordinal)
        from noise in part[(place.Length + 2)..].Split(", ")
        select noise;
}
