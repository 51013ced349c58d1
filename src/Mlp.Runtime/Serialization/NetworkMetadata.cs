using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mlp;

/// <summary>The metadata of a file: which program wrote it, and what it holds of a network beside tensors.</summary>
/// <remarks>
/// Format 2 is ours and carries a digest. Two words mark a file as ours: if one of them is damaged, the file is still recognised, and checked.
/// Format 1 was called by our name and had neither. All others are foreign.
/// </remarks>
internal sealed class NetworkMetadata
{
    private const string FormatKey = "format";
    private const string FirstFormat = "mlpgen";
    private const string SecondFormat = "2";
    private const string ProducerKey = "producer";
    private const string Producer = "mlpgen";
    internal const string ArchitectureKey = "architecture";
    private const string SeedKey = "seed";
    private const string StatisticsKey = "statistics";
    internal const string NoStatistics = "none";
    private const string InputsPart = "input";
    private const string TargetsPart = "target";
    internal const string EncoderKey = "encoder";
    internal const string InputNamesKey = "input_names";
    internal const string ClassNamesKey = "class_names";
    private const string CheckpointKey = "checkpoint";
    private const string CheckpointVersion = "1";
    private const string ThresholdKey = "threshold";
    private const string DigestKey = "sha256";
    private const float LeastMean = float.MinValue;
    private const float LeastScale = float.Epsilon;

    /// <summary>What other programs call their formats: PyTorch, TensorFlow, Flax, NumPy and MLX.</summary>
    private static readonly string[] ForeignFormats = ["pt", "tf", "flax", "np", "mlx"];

    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly string _source;
    private readonly int _format;

    /// <summary>Finds out which program wrote the file.</summary>
    /// <param name="values">The metadata as the file has it.</param>
    /// <param name="source">What messages call the file.</param>
    public NetworkMetadata(IReadOnlyDictionary<string, string> values, string source)
    {
        _values = values;
        _source = source;
        string? format = values.GetValueOrDefault(FormatKey);
        bool isProduced = values.GetValueOrDefault(ProducerKey) == Producer;
        _format = format == SecondFormat ? 2 : format == FirstFormat && !isProduced ? 1 : 0;
        if (_format == 2)
        {
            if (!isProduced)
            {
                throw Error($"the file is damaged, or another program's: its '{FormatKey}' is '{SecondFormat}', but its '{ProducerKey}' is not '{Producer}'");
            }

            Required(DigestKey);
        }
        else if (_format == 0 && (isProduced || (format is not null && !ForeignFormats.Contains(format))))
        {
            throw Error(
                $"the metadata's '{FormatKey}' is {(format is null ? "missing" : $"'{QuotedText.Of(format)}', which is unknown")}; "
                + $"known are '{SecondFormat}', '{FirstFormat}', and in other programs' files "
                + $"{string.Join(", ", ForeignFormats.Select(static name => $"'{name}'"))} or nothing; if the file is not damaged, it is of a newer version");
        }
    }

    /// <summary>Whether the file has a digest.</summary>
    public bool HasDigest => _format == 2;

    /// <summary>Whether the file holds the state of a training run beside the network.</summary>
    /// <exception cref="InvalidDataException">It does, in a form that is unknown.</exception>
    public bool IsCheckpoint => _format == 2 && _values.TryGetValue(CheckpointKey, out string? version) && (version == CheckpointVersion
        ? true
        : throw Error($"the metadata's '{CheckpointKey}' is '{QuotedText.Of(version)}', and '{CheckpointVersion}' is known; if the file is not damaged, it is of a newer version"));

    /// <summary>The seed where one of our files holds it, else 0.</summary>
    public int Seed
    {
        get
        {
            if (_format == 0)
            {
                return 0;
            }

            string text = Required(SeedKey);
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
                ? seed
                : throw Error($"the metadata's '{SeedKey}' is '{QuotedText.Of(text)}', not an integer");
        }
    }

    /// <summary>The metadata of a network, without the digest.</summary>
    /// <exception cref="InvalidOperationException">A statistic could not be loaded again.</exception>
    public static List<KeyValuePair<string, string>> Of(NetworkState network)
    {
        NetworkLayout layout = network.Layout;
        List<KeyValuePair<string, string>> metadata =
        [
            new(FormatKey, SecondFormat),
            new(ProducerKey, Producer),
            new(ArchitectureKey, layout.Architecture),
            new(SeedKey, network.Seed.ToString(CultureInfo.InvariantCulture)),
        ];
        if (!network.Standardization.IsLearned)
        {
            metadata.Add(new(StatisticsKey, NoStatistics));
        }
        else
        {
            AddStatistics(layout.Standardize, InputsPart, network.InputMeans.ToArray(), network.InputScales.ToArray());
            AddStatistics(layout.StandardizeTargets, TargetsPart, network.Standardization.TargetMeans, network.Standardization.TargetScales);
        }

        if (layout.Record is not null)
        {
            metadata.Add(new(EncoderKey, network.Fitted is null ? NoStatistics : EncoderMetadata.JsonOf(network.Fitted)));
        }

        AddNames(InputNamesKey, network.InputNames);
        AddNames(ClassNamesKey, network.ClassNames);
        if (network.Threshold != NetworkState.DefaultThreshold)
        {
            metadata.Add(new(ThresholdKey, network.Threshold.ToString(CultureInfo.InvariantCulture)));
        }

        return metadata;

        void AddStatistics(bool exist, string part, float[] means, float[] scales)
        {
            if (exist)
            {
                metadata.Add(new(MeansKey(part), Text(MeansKey(part), means, LeastMean)));
                metadata.Add(new(ScalesKey(part), Text(ScalesKey(part), scales, LeastScale)));
            }
        }

        void AddNames(string key, IReadOnlyList<string>? names)
        {
            if (names is not null)
            {
                metadata.Add(new(key, SafetensorsWriter.JsonOf(names)));
            }
        }
    }

    /// <summary>Says that a file holds the state of a run too.</summary>
    public static void AddCheckpoint(List<KeyValuePair<string, string>> metadata) => metadata.Add(new(CheckpointKey, CheckpointVersion));

    /// <summary>Adds the digest, which covers all the rest.</summary>
    public static void AddDigest(List<KeyValuePair<string, string>> metadata, IReadOnlyCollection<TensorDigest> tensors) =>
        metadata.Add(new(DigestKey, FileDigest.Of(metadata, tensors)));

    /// <summary>Checks the digest that the file has.</summary>
    public void CheckDigest(IReadOnlyCollection<TensorDigest> tensors)
    {
        if (FileDigest.Of([.. _values.Where(static pair => pair.Key != DigestKey)], tensors) != _values[DigestKey])
        {
            throw Error($"the file is damaged: the SHA-256 of its metadata and tensors is not its '{DigestKey}'; use another copy");
        }
    }

    /// <summary>Whether the file is ours and says that it holds a network of this architecture.</summary>
    public bool IsOf(NetworkLayout layout) => _format != 0 && Required(ArchitectureKey) == layout.Architecture;

    /// <summary>Refuses our file of a network of another architecture.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="withoutStatistics">Whether the file's network may differ in whether it standardises.</param>
    public void CheckArchitecture(NetworkLayout layout, bool withoutStatistics)
    {
        if (_format != 0 && Compared(Required(ArchitectureKey)) != Compared(layout.Architecture))
        {
            throw new InvalidDataException(
                $"{_source} holds another network: {QuotedText.Of(Required(ArchitectureKey))}. This one is {layout.Architecture}. "
                + $"To take some of its layers, say which by {nameof(LoadOptions)}.{nameof(LoadOptions.Rename)} and {nameof(LoadOptions.Fresh)}.");
        }

        string Compared(string architecture) => withoutStatistics
            ? architecture.Replace(", Standardize)", ")", StringComparison.Ordinal).Replace(NetworkLayout.ScaledTargets, "", StringComparison.Ordinal)
            : architecture;
    }

    /// <summary>Reads the statistics of a network that standardises, whichever program wrote them, and refuses a file without.</summary>
    /// <param name="network">The network.</param>
    /// <param name="takesInputs">Whether the first layer's weights are the file's, and so the statistics of inputs.</param>
    /// <param name="takesTargets">Whether the last layer's weights are the file's, and so the statistics of targets.</param>
    public void ReadStatistics(NetworkState network, bool takesInputs, bool takesTargets)
    {
        bool inputs = ReadStatistics(InputsPart, network.Layout.Standardize, takesInputs, network.InputMeans, network.InputScales);
        bool targets = ReadStatistics(TargetsPart, network.Layout.StandardizeTargets, takesTargets, network.Standardization.TargetMeans, network.Standardization.TargetScales);
        network.Standardization.IsLearned = inputs && targets;
    }

    /// <summary>
    /// Reads what the encoder of a network over records has learned, and refuses a file without; and one of ours with an encoder for a network that has none.
    /// </summary>
    /// <param name="layout">The network's layout.</param>
    /// <param name="takesInputs">Whether the first layer's weights are the file's, and so the encoder's inputs.</param>
    /// <param name="takesTargets">Whether the last layer's weights are the file's, and so the targets.</param>
    /// <returns>The encoder; null where nothing is fitted, or what is taken of the file does not suffice.</returns>
    /// <exception cref="InvalidDataException">The file's encoder is of other columns, or it has none.</exception>
    public FittedEncoder? Encoder(NetworkLayout layout, bool takesInputs, bool takesTargets)
    {
        if (!takesInputs)
        {
            return null;
        }

        string? text = _format == 2 ? _values.GetValueOrDefault(EncoderKey) : null;
        if (layout.Record is not { } record)
        {
            return text is null ? null : throw Error(
                $"the file is of a network over records and holds their encoder, and this network takes numbers; {nameof(LoadOptions)}.{nameof(LoadOptions.WithoutStatistics)} leaves it");
        }

        if (text is null)
        {
            throw Error(
                $"the file has no encoder of records ('{EncoderKey}' in its metadata), which this network needs; {nameof(LoadOptions)}.{nameof(LoadOptions.WithoutStatistics)} loads it "
                + "without, to fit one");
        }

        FittedEncoder? encoder = text == NoStatistics ? null : EncoderMetadata.Read(record, text, takesTargets, _source);
        bool hasClasses = record.ClassColumn is not int target || record.Columns[target].Kind != ColumnKind.Text || takesTargets;
        return hasClasses ? encoder : null;
    }

    /// <summary>Reads the names of columns and classes from files that have them. Those of another network are left where their number does not fit.</summary>
    /// <param name="network">The network.</param>
    /// <param name="takesInputs">Whether the first layer's weights are the file's.</param>
    /// <param name="takesClasses">Whether the last layer's weights are the file's.</param>
    public void ReadNames(NetworkState network, bool takesInputs, bool takesClasses)
    {
        if (_format != 2)
        {
            return;
        }

        bool mustFit = IsOf(network.Layout);
        network.InputNames = takesInputs ? Names(InputNamesKey, network.Layout.InputSize, mustFit) : null;
        int classes = ClassCount(network.Layout);
        network.ClassNames = takesClasses && classes > 0 ? Names(ClassNamesKey, classes, mustFit) : null;
    }

    /// <summary>Reads the threshold of a network of probabilities, or of one without a loss, from files that have one.</summary>
    /// <param name="network">The network.</param>
    /// <param name="takesOutputs">Whether the last layer's weights are the file's.</param>
    public void ReadThreshold(NetworkState network, bool takesOutputs)
    {
        if (_format == 2 && takesOutputs && (network.Layout.Loss is LossFunction.BCE or null) && _values.TryGetValue(ThresholdKey, out string? text))
        {
            network.Threshold = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double threshold) && NetworkState.IsThreshold(threshold)
                ? threshold
                : throw Error($"the metadata's '{ThresholdKey}' is '{QuotedText.Of(text)}', not a number from 0 to 1");
        }
    }

    /// <summary>Reads one part's statistics.</summary>
    /// <returns>Whether the network has all it needs of this part.</returns>
    private bool ReadStatistics(string part, bool isNeeded, bool isTaken, Span<float> means, Span<float> scales)
    {
        if (!isTaken)
        {
            return !isNeeded;
        }

        bool exist = _values.ContainsKey(MeansKey(part)) || _values.ContainsKey(ScalesKey(part));
        if (!isNeeded)
        {
            if (exist && _format != 0)
            {
                throw Error(
                    $"the file holds statistics of {part}s, and this network does not standardise {part}s; "
                    + $"{nameof(LoadOptions)}.{nameof(LoadOptions.WithoutStatistics)} leaves them");
            }

            return true;
        }

        if (_format == 2 && _values.GetValueOrDefault(StatisticsKey) == NoStatistics)
        {
            return false;
        }

        if (!exist)
        {
            throw Error(
                $"the file has no statistics of {part}s ('{MeansKey(part)}' and '{ScalesKey(part)}' in its metadata), which this network standardises by; "
                + $"{nameof(LoadOptions)}.{nameof(LoadOptions.WithoutStatistics)} loads it without, to learn them from data");
        }

        ReadNumbers(MeansKey(part), means, LeastMean, "a finite number");
        ReadNumbers(ScalesKey(part), scales, LeastScale, "a finite number above 0");

        // Format 1 stored a network without learned statistics so.
        return _format != 1 || means.ContainsAnyExcept(0) || scales.ContainsAnyExcept(1);
    }

    private void ReadNumbers(string key, Span<float> destination, float minimum, string expected)
    {
        string[] texts = Required(key).Split(' ');
        if (texts.Length != destination.Length)
        {
            throw Error($"the metadata's '{key}' holds {texts.Length} numbers; the network has {destination.Length} columns");
        }

        for (int column = 0; column < texts.Length; column++)
        {
            if (!float.TryParse(texts[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                || !IsStatistic(value, minimum))
            {
                throw Error($"column {column} of the metadata's '{key}' is '{QuotedText.Of(texts[column])}', not {expected}");
            }

            destination[column] = value;
        }
    }

    private string[]? Names(string key, int count, bool mustFit)
    {
        if (!_values.TryGetValue(key, out string? text))
        {
            return null;
        }

        List<string> names = [];
        Utf8JsonReader json = new(Encoding.UTF8.GetBytes(text));
        try
        {
            bool isList = json.Read() && json.TokenType == JsonTokenType.StartArray;
            while (isList && json.Read() && json.TokenType == JsonTokenType.String)
            {
                names.Add(json.GetString()!);
            }

            if (!isList || json.TokenType != JsonTokenType.EndArray || json.Read())
            {
                throw Error($"the metadata's '{key}' is not a list of texts");
            }
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{_source}: the metadata's '{key}' is not valid JSON. {QuotedText.Of(error.Message)}", error);
        }

        return names.Count == count ? [.. names]
            : mustFit ? throw Error($"the metadata's '{key}' holds {names.Count} names; the network has {count}")
            : null;
    }

    /// <summary>Number of classes that a network predicts, or without a loss may predict; 0 for none.</summary>
    private static int ClassCount(NetworkLayout layout) => (layout.Loss, layout.OutputSize) switch
    {
        (LossFunction.BCE or LossFunction.Hinge or null, 1) => 2,
        (LossFunction.CrossEntropy or null, _) => layout.OutputSize,
        _ => 0,
    };

    private static string MeansKey(string part) => $"{part}_means";

    private static string ScalesKey(string part) => $"{part}_scales";

    private static bool IsStatistic(float value, float minimum) => float.IsFinite(value) && value >= minimum;

    /// <summary>Statistics as text. The default format of a float is the shortest that reads back as the same bits.</summary>
    private static string Text(string key, float[] values, float minimum)
    {
        int wrong = Array.FindIndex(values, value => !IsStatistic(value, minimum));
        return wrong < 0
            ? string.Join(' ', values.Select(static value => value.ToString(CultureInfo.InvariantCulture)))
            : throw new InvalidOperationException(
                $"{key}[{wrong}] is {values[wrong].ToString(CultureInfo.InvariantCulture)}; the network was not saved, as its file could not be loaded.");
    }

    private string Required(string key) => _values.TryGetValue(key, out string? text)
        ? text
        : throw new InvalidDataException($"{_source} has no '{key}' in its metadata, which a file of this network must have.");

    private InvalidDataException Error(string problem) => new($"{_source}: {problem}.");
}
