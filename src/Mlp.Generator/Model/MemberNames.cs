namespace Mlp.Generator.Model;

/// <summary>A member that the generator writes; of methods and constructors the signature too, with full type names.</summary>
internal sealed record GeneratedMember(string Name, string? Signature = null)
{
    /// <summary>The member that goes where this one cannot stay: of an accessor its property, else itself.</summary>
    public string Owner => Name.StartsWith("get_", StringComparison.Ordinal) || Name.StartsWith("set_", StringComparison.Ordinal)
        ? Name.Substring(4)
        : Name;
}

/// <summary>The names that generated code gives to the members of a network, and those that layers therefore cannot have.</summary>
internal static class MemberNames
{
    public const string InputSize = nameof(InputSize);
    public const string OutputSize = nameof(OutputSize);
    public const string ParameterCount = nameof(ParameterCount);
    public const string Predict = nameof(Predict);
    public const string PredictClass = nameof(PredictClass);
    public const string Train = nameof(Train);
    public const string TrainAsync = nameof(TrainAsync);
    public const string Evaluate = nameof(Evaluate);
    public const string TrainStep = nameof(TrainStep);
    public const string ComputeGradients = nameof(ComputeGradients);
    public const string InputGradients = nameof(InputGradients);
    public const string ApplyGradients = nameof(ApplyGradients);
    public const string CopyParametersTo = nameof(CopyParametersTo);
    public const string LoadParameters = nameof(LoadParameters);
    public const string Summary = nameof(Summary);
    public const string Save = nameof(Save);
    public const string SaveOnnx = nameof(SaveOnnx);
    public const string Load = nameof(Load);
    public const string Clone = nameof(Clone);
    public const string Threads = nameof(Threads);
    public const string Seed = nameof(Seed);
    public const string PredictLabel = nameof(PredictLabel);
    public const string LearnInputStatistics = nameof(LearnInputStatistics);
    public const string CopyFrom = nameof(CopyFrom);
    public const string ResetTraining = nameof(ResetTraining);
    public const string ReleaseTrainingBuffers = nameof(ReleaseTrainingBuffers);
    public const string EpochsTrained = nameof(EpochsTrained);
    public const string StepsTrained = nameof(StepsTrained);
    public const string LearningRateFactor = nameof(LearningRateFactor);
    public const string InputNames = nameof(InputNames);
    public const string ClassNames = nameof(ClassNames);
    public const string Report = nameof(Report);
    public const string Threshold = nameof(Threshold);
    public const string Calibrate = nameof(Calibrate);
    public const string Fit = nameof(Fit);
    public const string Encode = nameof(Encode);
    public const string EncodeAsync = nameof(EncodeAsync);
    public const string ReadCsv = nameof(ReadCsv);
    public const string ReadRows = nameof(ReadRows);
    public const string PredictSpread = nameof(PredictSpread);
    public const string MemberScales = nameof(MemberScales);
    public const string Trained = nameof(Trained);

    /// <summary>The private field that holds parameters and working memory.</summary>
    public const string NetworkField = "_network";

    /// <summary>The private nested type that holds the emitted passes.</summary>
    public const string KernelsType = "Kernels";

    /// <summary>The private nested type that has a record's columns.</summary>
    public const string ColumnsType = "Columns";

    /// <summary>The private nested type that loads the trained network once.</summary>
    public const string WeightsType = "EmbeddedWeights";

    /// <summary>The metadata name of a constructor.</summary>
    public const string Constructor = ".ctor";

    /// <summary>The constants that every network has.</summary>
    public static readonly string[] Constants = [InputSize, OutputSize, ParameterCount];

    /// <summary>The members that networks with a loss have.</summary>
    public static readonly string[] Training =
    [
        Train, TrainAsync, Evaluate, Report, TrainStep, ComputeGradients, ApplyGradients, LearningRateFactor, ResetTraining, ReleaseTrainingBuffers, EpochsTrained,
        StepsTrained,
    ];

    private const string Values = "System.ReadOnlySpan<float>";
    private const string Results = "System.Span<float>";
    private const string Options = "Mlp.LoadOptions";
    private const string LoadReport = "Mlp.LoadReport";

    /// <summary>What the compiler's own names of accessors and operators begin with.</summary>
    private static readonly string[] AccessorPrefixes = ["get_", "set_", "add_", "remove_", "op_"];

    /// <summary>Names that no layer can have, each with the reason as a clause.</summary>
    private static readonly Dictionary<string, string> Reserved = ReservedNames();

    /// <summary>Default name of the n-th dense layer, counted from 1.</summary>
    public static string DefaultLayer(int number) => FormattableString.Invariant($"Layer{number}");

    /// <summary>Why no layer of the class can have this name, as a clause; null where it can.</summary>
    public static string? WhyReserved(string layerName, string className) =>
        layerName == className ? "it is the name of the class"
        : Reserved.TryGetValue(layerName, out string reason) ? reason
        : AccessorPrefixes.Any(prefix => layerName.StartsWith(prefix, StringComparison.Ordinal)) ? "accessors and operators have such names"
        : null;

    /// <summary>The members that are written for this network.</summary>
    public static IEnumerable<GeneratedMember> Of(NetworkModel model)
    {
        string[] fields = [.. Constants, NetworkField, KernelsType, .. ViewsOf(model), .. model.Record is null ? [] : (string[])[ColumnsType], .. model.Weights is null ? [] : (string[])[WeightsType]];
        string[] properties =
        [
            Summary, Threads, InputNames,
            .. model.Classifies ? [ClassNames] : (string[])[],
            .. model.HasThreshold ? [Threshold] : (string[])[],
            .. model.Loss is not null ? [LearningRateFactor, EpochsTrained, StepsTrained] : (string[])[],
            .. model.IsEnsemble ? [MemberScales] : (string[])[],
            .. model.Weights is null ? [] : (string[])[Trained],
            .. model.Layers.Select(static layer => layer.Name),
            .. TablesOf(model),
        ];
        IEnumerable<string> accessors = properties.Select(static name => $"get_{name}()").Append($"set_{Threads}(int)")
            .Concat(model.HasThreshold ? [$"set_{Threshold}(double)"] : (string[])[])
            .Concat(model.Loss is not null ? [$"set_{LearningRateFactor}(double)"] : (string[])[]);
        string[] prediction =
        [
            $"{Constructor}(int)", $"{Constructor}(Mlp.CompilerServices.NetworkState)",
            $"{Predict}({Values}, {Results})", $"{Predict}({Values})",
            $"{CopyParametersTo}({Results})", $"{LoadParameters}({Values})",
            $"{Save}(string)", $"{Save}(System.IO.Stream)", $"{SaveOnnx}(string)", $"{SaveOnnx}(System.IO.Stream)", $"{Clone}()",
            $"{Load}(string)", $"{Load}(string, {Options})", $"{Load}(string, {Options}, ref {LoadReport})",
            $"{Load}(System.IO.Stream)", $"{Load}(System.IO.Stream, {Options})", $"{Load}(System.IO.Stream, {Options}, ref {LoadReport})",
            $"{CopyFrom}({model.MetadataName.Replace('+', '.')})",
            .. model.LearnsStatistics ? [$"{LearnInputStatistics}(Mlp.Dataset)"] : (string[])[],
            .. model.IsEnsemble ? [$"{PredictSpread}({Values})"] : (string[])[],
        ];
        string[] training = model.Loss is null ? [] :
        [
            $"{Train}(Mlp.Dataset, Mlp.TrainingOptions, System.Threading.CancellationToken)", $"{Evaluate}(Mlp.Dataset)",
            $"{TrainAsync}(Mlp.Dataset, Mlp.TrainingOptions, System.Threading.CancellationToken)",
            $"{Evaluate}(Mlp.Dataset, System.Collections.Generic.IReadOnlyList<Mlp.Metric>)", $"{Report}(Mlp.Dataset)",
            $"{TrainStep}({Values}, {Values}, Mlp.Optimizer)", $"{TrainStep}({Values}, {Values}, {Values}, Mlp.Optimizer)",
            $"{ComputeGradients}({Values}, {Values}, {Results})", $"{ComputeGradients}({Values}, {Values}, {Values}, {Results})",
            $"{ApplyGradients}({Values}, Mlp.Optimizer)", $"{ResetTraining}()", $"{ReleaseTrainingBuffers}()",
            .. model.HasProbabilities ? [$"{Calibrate}(Mlp.Dataset)"] : (string[])[],
        ];
        string[] classification = model.Classifies ? [$"{PredictClass}({Values})", $"{PredictLabel}({Values})"] : [];
        string[] inputGradients = !model.InputGradients ? []
            : model.Loss is null ? [$"{InputGradients}({Values}, {Results})"]
            : [$"{InputGradients}({Values}, {Results})", $"{InputGradients}({Values}, {Values}, {Results})"];

        string[] record = model.Record is null ? [] : [.. OfRecord(model, model.Record)];

        return fields.Concat(properties).Select(static name => new GeneratedMember(name))
            .Concat(prediction.Concat(training).Concat(classification).Concat(inputGradients).Concat(record).Concat(accessors)
                .Select(static signature => new GeneratedMember(signature.Substring(0, signature.IndexOf('(')), signature)));
    }

    /// <summary>The views of the tables of embeddings: each has its property's name, with <c>Table</c> behind it where that name is taken.</summary>
    public static string[] TablesOf(NetworkModel model)
    {
        HashSet<string> layers = [.. model.Layers.Select(static layer => layer.Name)];
        HashSet<string> given = [.. model.Embeddings.Select(static column => column.Name)];
        return
        [
            .. model.Embeddings.Select(column =>
            {
                string name = column.Name;
                while (IsTaken(name) || (name != column.Name && !given.Add(name)))
                {
                    name += "Table";
                }

                return name;
            }),
        ];

        bool IsTaken(string name) => WhyReserved(name, model.ClassName.TrimStart('@')) is not null || layers.Contains(name);
    }

    /// <summary>
    /// The types of the layers' views, in the order of the layers: <c>Layer1View</c>. An ensemble's last layer has one more, that of all members.
    /// </summary>
    public static string[] ViewsOf(NetworkModel model)
    {
        if (model.Fault is not null)
        {
            return [];
        }

        HashSet<string> taken = [model.ClassName.TrimStart('@'), .. model.Layers.Select(static layer => layer.Name), .. TablesOf(model)];
        string last = model.Layers[model.Layers.Count - 1].Name;
        return
        [
            .. model.Layers.Select(static layer => $"{layer.Name}View").Concat(model.IsEnsemble ? [$"{last}Members"] : (string[])[]).Select(name =>
            {
                while (!taken.Add(name))
                {
                    name += "_";
                }

                return name;
            }),
        ];
    }

    private static IEnumerable<string> OfRecord(NetworkModel model, RecordModel record)
    {
        string row = record.SignatureName;
        string rows = $"System.Collections.Generic.IEnumerable<{row}>";
        return
        [
            $"{Fit}({rows})", $"{Encode}({row}, {Results})", $"{Predict}({row})",
            .. model.Classifies ? [$"{PredictClass}({row})", $"{PredictLabel}({row})"] : (string[])[],
            .. model.IsEnsemble ? [$"{PredictSpread}({row})"] : (string[])[],
            .. model.Loss is null ? [] : (string[])
            [
                $"{Encode}({rows})", $"{EncodeAsync}(System.Collections.Generic.IAsyncEnumerable<{row}>, System.Threading.CancellationToken)",
                $"{Train}({rows}, Mlp.TrainingOptions, System.Threading.CancellationToken)", $"{TrainStep}({rows}, Mlp.Optimizer)", $"{Evaluate}({rows})",
                $"{Evaluate}({rows}, System.Collections.Generic.IReadOnlyList<Mlp.Metric>)", $"{Report}({rows})",
            ],
            .. record.CanBeMade ? [$"{ReadRows}(string)", $"{ReadRows}(System.Data.Common.DbDataReader)"] : (string[])[],
            .. record.CanBeMade && model.Loss is not null ? [$"{ReadCsv}(string)"] : (string[])[],
        ];
    }

    private static Dictionary<string, string> ReservedNames()
    {
        (string Reason, string[] Names)[] groups =
        [
            ("it is a generated member",
            [
                InputSize, OutputSize, ParameterCount, Predict, PredictClass, Train, Evaluate, TrainStep, ComputeGradients, ApplyGradients,
                InputGradients, CopyParametersTo, LoadParameters, Summary, Save, Load, Clone, Threads, Seed, NetworkField, KernelsType,
                PredictLabel, LearnInputStatistics, CopyFrom, ResetTraining, ReleaseTrainingBuffers, EpochsTrained, StepsTrained, InputNames, ClassNames,
                LearningRateFactor, TrainAsync, Report, Threshold, Calibrate, PredictSpread, MemberScales, Fit, Encode, EncodeAsync, ReadCsv, ReadRows,
                ColumnsType, SaveOnnx, Trained, WeightsType,
            ]),

            // Attribute arguments are looked up in the class first: a layer called Relu would hide the activation in [Dense(3, Relu)].
            ("it is an activation or a loss", [.. Enum.GetNames(typeof(Activation)), .. Enum.GetNames(typeof(LossFunction))]),
            ("attributes are written with it", [nameof(Mlp), nameof(Activation), nameof(LossFunction), nameof(Initializer), nameof(Normalization)]),
            ("every object has a member of this name",
                ["Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals"]),
        ];
        return groups
            .SelectMany(static group => group.Names.Select(name => (name, group.Reason)))
            .ToDictionary(static entry => entry.name, static entry => entry.Reason, StringComparer.Ordinal);
    }
}
