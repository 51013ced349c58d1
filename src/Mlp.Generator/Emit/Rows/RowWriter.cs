using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Rows;

/// <summary>
/// Writes the kernels of a network whose values lie row by row. Element-wise passes are the runtime's; a form writes the products: forward, of deltas, and
/// of gradients.
/// </summary>
internal abstract class RowWriter(NetworkPlan plan) : KernelWriter(plan)
{
    protected override IEnumerable<(string Name, int Value, string Comment)> Constants =>
    [
        .. ParameterConstants,
        .. Plan.StagesInputs ? [] : ((string, int, string)[])[(Plan.Input.StrideName, Plan.Input.Stride, "")],
        .. Plan.Buffers.SelectMany(static buffer => ((string, int, string)[])
        [
            (buffer.Value.Offset, buffer.Offset, buffer.Value.Stride == 1 ? "a float for each row" : $"rows of {buffer.Value.Width}"),
            (buffer.Value.StrideName, buffer.Value.Stride, ""),
        ]),
    ];

    /// <summary>The product of a layer.</summary>
    protected abstract void WriteProduct(SourceWriter w, Operation operation);

    /// <summary>The product that carries deltas back through a layer's weights.</summary>
    protected abstract void WriteDeltaProduct(SourceWriter w, Operation operation);

    /// <summary>The gradients of a layer.</summary>
    protected abstract void WriteGradient(SourceWriter w, Operation operation);

    /// <summary>Where a value of the pass's first row is.</summary>
    protected string Ref(Value value) => "ref " + (value.Role == Role.Input && value.Lifetime == Lifetime.Call ? "pass.Inputs"
        : value.IsNetworkOutput ? "pass.Outputs"
        : $"pass.Value({value.Offset}, {Stride(value)})");

    /// <summary>What a layer sees: outputs of the one before, in training with their noise.</summary>
    protected string Seen(LayerPlan layer) => layer.NoiseBefore is null
        ? Ref(layer.Input)
        : $"ref pass.IsTraining ? {Ref(layer.Seen)} : {Ref(layer.Input)}";

    protected static string Stride(Value value) => value.Stride == 1 ? "1" : value.StrideName;

    /// <summary>Index of a parameter in the store; of an ensemble's last layer that of the member at hand.</summary>
    protected string Index(LayerPlan layer, string name) => Plan.IsHead(layer) ? $"pass.OfMember({name})" : name;

    /// <summary>The factors of dropout that a derivative passes on its way back through a layer's weights; null where there is none.</summary>
    protected Value? MaskOf(Operation product) => product.Target is { } layer ? layer.Noise?.Mask : Plan.InputMask;

    protected override void WriteForward(SourceWriter w)
    {
        w.Lines($"{TextLines.Join("public static Mlp::RowSizes Sizes => new(", ", ", Sizes(), "\n    ")});");
        w.Line();
        if (Plan.Model.IsEnsemble)
        {
            w.Lines($"static int Mlp::IRowKernels.Members => Members;");
            w.Line();
        }

        if (Plan.Model.HasEmbeddings)
        {
            w.Lines("static bool Mlp::IRowKernels.HasEmbeddings => true;");
            w.Line();
        }

        ILookup<bool, Operation> operations = Plan.Forward.Where(static operation => operation.Kind != OperationKind.Output).ToLookup(IsOfHead);
        WriteForward(w, "Forward", [.. operations[false]]);
        if (Plan.Model.IsEnsemble)
        {
            w.Line();
            WriteForward(w, "Head", [.. operations[true]]);
        }

        w.Line();
        LayerPlan last = Plan.Last;
        w.Lines(Emitted.Comment(Plan.Forward[Plan.Forward.Count - 1]));
        w.Lines("public static void Output(scoped in Mlp::RowPass pass) =>");
        w.Lines($"{OutputCall("    ", Emitted.IsSoftmax(Plan) ? new("Softmax", "") : new("Activate", Emitted.Activation(last)), OutputFields())};");
    }

    protected override void WriteBackward(SourceWriter w)
    {
        LayerPlan last = Plan.Last;
        string settings = "Settings = pass.Network.Layout.LossSettings";
        w.Lines($"// {LossFormulas.Loss(Plan)}");
        string[] lossFields = ["Targets = ref pass.Targets", "Losses = ref pass.Losses", settings];
        OutputPass losses = Emitted.Losses(Plan);
        if (losses.Type.Length == 0)
        {
            w.Lines("public static void Losses(scoped in Mlp::RowPass pass) =>");
            w.Lines($"{OutputCall("    ", losses, lossFields)};");
        }
        else
        {
            using (w.Block("public static void Losses(scoped in Mlp::RowPass pass)"))
            {
                w.Lines("Output(pass);");
                w.Lines($"{OutputCall("", losses, lossFields)};");
            }
        }

        w.Line();
        string delta = $"Deltas = {Ref(last.IncomingDelta)}";
        w.Lines($"// {LossFormulas.OutputDelta(Plan)}{LossFormulas.DeltaStability(Plan)}");
        w.Lines("public static void OutputDelta(scoped in Mlp::RowPass pass, float batchWeight) =>");
        w.Lines($"{OutputCall("    ", Emitted.OutputDelta(Plan), ["Targets = ref pass.Targets", delta, settings, .. Alpha(last)], "batchWeight, ")};");
        ILookup<bool, Operation> deltas = Plan.Backward.Skip(2).ToLookup(IsOfHead);
        WriteDeltas(w, "HeadDeltas", [.. deltas[true]]);
        WriteDeltas(w, "Deltas", [.. deltas[false]]);
        ILookup<bool, Operation> gradients = Plan.Gradients.ToLookup(IsOfHead);
        WriteGradients(w, "Gradients", gradients[false]);
        if (gradients[true].Any())
        {
            WriteGradients(w, "HeadGradients", gradients[true]);
        }

        w.Line();
        IEnumerable<Value> kept = Plan.Buffers.Where(buffer => buffer.Offset <= Plan.FirstDelta).Select(static buffer => buffer.Value).Where(static value => !value.IsNetworkOutput);
        w.Lines($"public static global::System.ReadOnlySpan<int> ForwardOffsets => [{string.Join(", ", kept.Select(static value => value.Offset))}]; // Up to the first δ.");
        WriteNoise(w);
        if (Plan.Model.InputGradients)
        {
            w.Line();
            w.Lines($"// {Emitted.SeedFormula(Plan)}");
            w.Lines("public static void OutputSeed(scoped in Mlp::RowPass pass, nuint output) =>");
            w.Lines($"{OutputCall("    ", Emitted.Seed(Plan), [delta, .. Alpha(last)], "output, ")};");
        }
    }

    /// <summary>Whether an operation belongs to an ensemble's last layer, which each member has for itself.</summary>
    private bool IsOfHead(Operation operation) =>
        Plan.IsHead(operation.Layer) && operation.Kind is not (OperationKind.Stage or OperationKind.AddNoise or OperationKind.ScaleGradient);

    private void WriteForward(SourceWriter w, string method, Operation[] operations)
    {
        using (w.Block($"public static void {method}<V>(scoped in Mlp::RowPass pass) {Emitted.WhereV}"))
        {
            foreach (Operation operation in operations)
            {
                Separate(w, operation, operations);
                w.Lines(Emitted.Comment(operation, isHead: operation.Kind == OperationKind.Product));
                WriteForward(w, operation);
            }
        }
    }

    private void WriteDeltas(SourceWriter w, string method, Operation[] operations)
    {
        if (operations.Length == 0)
        {
            return;
        }

        w.Line();
        using (w.Block($"public static void {method}<V>(scoped in Mlp::RowPass pass) {Emitted.WhereV}"))
        {
            foreach (Operation operation in operations)
            {
                Separate(w, operation, operations);
                if (operation.Kind == OperationKind.DeltaProduct)
                {
                    w.Lines(Emitted.LastDelta(Plan, operation, "pass.FirstDelta"));
                }

                w.Lines(Emitted.Comment(operation));
                WriteBackward(w, operation);
            }
        }
    }

    private void WriteGradients(SourceWriter w, string method, IEnumerable<Operation> operations)
    {
        w.Line();
        w.Lines($"public static void {method}<V, TSink>(scoped in Mlp::RowPass pass, int part, int parts, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            foreach (Operation operation in operations)
            {
                w.Lines(Emitted.Comment(operation));
                if (operation.Kind == OperationKind.ScaleGradient)
                {
                    w.Lines($"if (pass.Trains(0)) {{ Mlp::MemberInputs.Gradient(pass, {Plan.Model.ExpandedSize}, {Ref(Plan.InputDelta)}, {Stride(Plan.InputDelta)}, part, parts, sink); }}");
                }
                else
                {
                    WriteGradient(w, operation);
                }
            }
        }
    }

    /// <summary>An empty line between two operations; the slope of a normalized layer is written with what follows.</summary>
    private static void Separate(SourceWriter w, Operation operation, Operation[] all)
    {
        if (operation != all[0] && operation.Kind != OperationKind.NormalizeBackward)
        {
            w.Line();
        }
    }

    private void WriteForward(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        switch (operation.Kind)
        {
            case OperationKind.Stage:
                if (Plan.Model.IsEnsemble)
                {
                    w.Lines($"Mlp::MemberInputs.Stage(pass, {Plan.Model.ExpandedSize}, {Ref(Plan.Input)}, {Stride(Plan.Input)});");
                    break;
                }

                string statistics = Plan.Model.Standardize ? ", ref pass.Network.InputMean, ref pass.Network.InputScale" : "";
                w.Lines($"Mlp::RowInputs.Stage(ref pass.Inputs, {Plan.Model.ExpandedSize}, {Ref(Plan.Input)}, {Stride(Plan.Input)}, pass.Rows{statistics});");
                break;
            case OperationKind.Product:
                WriteProduct(w, operation);
                break;
            case OperationKind.Normalize:
                WriteNormalization(w, layer);
                break;
            case OperationKind.Activate:
                WriteActivation(w, layer);
                break;
            default:
                WriteNoiseCalls(w, operation.Noise!);
                break;
        }

        bool isDone = layer.HasActivationPass ? operation.Kind == OperationKind.Activate : operation.Kind == OperationKind.Product;

        // The product of a narrow layer leaves zeros there itself, which a pass of its activation may make other numbers of.
        if (isDone && layer.ClearsPadding && (!layer.IsNarrow || layer.HasActivationPass))
        {
            w.Lines($"Mlp::Matrix.ClearColumns({Ref(layer.Output)}, pass.Rows, {Stride(layer.Output)}, {layer.Outputs}, {Limits.RoundUp(layer.Outputs, Limits.CacheLine)}); // The next layer's lanes run over them.");
        }
    }

    private void WriteBackward(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        string activation = layer.HasSlopePass ? Emitted.Activation(layer) : "Mlp::Activations.Linear";
        switch (operation.Kind)
        {
            case OperationKind.DeltaProduct:
                WriteDeltaProduct(w, operation);
                break;
            case OperationKind.Slope when !layer.IsNormalized:
                w.Lines($"Mlp::RowActivations.Backward<V, {activation}>(\n    {Fields([.. Shape(layer), $"Source = {Ref(layer.IncomingDelta)}", $"Kept = {Ref(layer.Kept!)}", $"Result = {Ref(layer.Delta)}", .. Alpha(layer)])}, pass.Rows);");
                break;
            case OperationKind.NormalizeBackward:
                WriteNormalizationBackward(w, layer, activation);
                break;
        }
    }

    private void WriteNormalization(SourceWriter w, LayerPlan layer)
    {
        string rows = $"{Ref(layer.Normalized)}, pass.Rows, {layer.Outputs}, {Stride(layer.Normalized)}, {Literals.Of((float)layer.Model.NormalizationEpsilon)}";
        w.Lines($"// {Formulas.NormalizationSentence(layer)}");
        if (!layer.IsBatchNormalized)
        {
            w.Lines($"Mlp::LayerNormalization.Forward({rows}, {Ref(layer.Reciprocals)});");
            return;
        }

        string normalize = $"Mlp::BatchNormalization.Normalize({rows}, ref At(ref pass.Network.Statistics, {Statistics(layer)}), {BatchStatistics(layer)}, {layer.Places.VectorLength});";
        if (!layer.IsTrained)
        {
            w.Lines(normalize);
            return;
        }

        using (w.Block($"if (pass.Trains({layer.Number - 1}))"))
        {
            w.Lines($"Mlp::BatchNormalization.Forward({rows}, {BatchStatistics(layer)}, {layer.Places.VectorLength}, pass.Weights);");
        }

        using (w.Block("else"))
        {
            w.Lines(normalize);
        }
    }

    private string BatchStatistics(LayerPlan layer) => $"ref pass.BatchStatistics({Statistics(layer)})";

    private string Statistics(LayerPlan layer) => Plan.IsHead(layer) ? $"pass.StatisticOfMember({layer.Places.Statistics})" : $"{layer.Places.Statistics}";

    private void WriteActivation(SourceWriter w, LayerPlan layer)
    {
        string[] fields =
        [
            .. Shape(layer),
            $"Source = {Ref(layer.Sums)}",
            $"Result = {Ref(layer.IsLast ? layer.PreActivation : layer.Output)}",
            .. Gains(layer),
            .. !layer.IsLast && layer.KeepsPreActivations && layer.IsNormalized ? [$"PreActivations = {Ref(layer.PreActivation)}"] : (string[])[],
            .. !layer.IsLast && layer.KeepsActivation ? [$"Activations = {Ref(layer.Activated)}"] : (string[])[],
            .. !layer.IsLast && layer.IsResidual ? [$"Residual = {Seen(layer)}"] : (string[])[],
            .. layer.IsLast ? [] : Alpha(layer),
        ];
        w.Lines($"Mlp::RowActivations.Forward<V, {(layer.IsLast ? "Mlp::Activations.Linear" : Emitted.Activation(layer))}>(\n    {Fields(fields)}, pass.Rows);");
    }

    private void WriteNormalizationBackward(SourceWriter w, LayerPlan layer, string activation)
    {
        string[] fields =
        [
            .. Shape(layer),
            $"Source = {Ref(layer.IncomingDelta)}",
            .. layer.HasSlopePass ? [$"Kept = {Ref(layer.Kept!)}"] : (string[])[],
            $"PreActivationDeltas = {Ref(layer.PreActivationDelta)}",
            $"Result = {Ref(layer.Delta)}",
            $"Gains = ref pass.Parameter({Index(layer, $"Gains{layer.Number}")})",
            .. layer.HasSlopePass ? Alpha(layer) : [],
        ];
        w.Lines($"Mlp::RowActivations.Backward<V, {activation}>(\n    {Fields(fields)}, pass.Rows);");
        string rows = $"pass.Rows, {layer.Outputs}, {Stride(layer.Delta)}";
        if (!layer.IsBatchNormalized)
        {
            w.Lines($"Mlp::LayerNormalization.Backward({Ref(layer.Delta)}, {Ref(layer.Normalized)}, {rows}, {Ref(layer.Reciprocals)});");
            return;
        }

        string evaluation = $"Mlp::BatchNormalization.BackwardOfEvaluation({Ref(layer.Delta)}, {rows}, {BatchStatistics(layer)}, {layer.Places.VectorLength});";
        if (!layer.IsTrained)
        {
            w.Lines(evaluation);
            return;
        }

        using (w.Block($"if (pass.Trains({layer.Number - 1}))"))
        {
            w.Lines($"Mlp::BatchNormalization.Backward({Ref(layer.Delta)}, {Ref(layer.Normalized)}, {rows}, {BatchStatistics(layer)}, {layer.Places.VectorLength}, pass.Weights);");
        }

        using (w.Block("else"))
        {
            w.Lines(evaluation);
        }
    }

    private void WriteNoiseCalls(SourceWriter w, NoisePlan noise)
    {
        using (w.Block("if (pass.IsTraining)"))
        {
            Value source = noise.Source;
            foreach (NoiseModel kind in noise.Kinds)
            {
                string apply = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Apply" : "GaussianNoise.Add";
                w.Lines($"Mlp::{apply}({Ref(source)}, {Ref(noise.ValuesOf(kind))}, {Ref(noise.Result)}, pass.Rows * {Stride(source)});");
                source = noise.Result;
            }
        }
    }

    private void WriteNoise(SourceWriter w)
    {
        if (!Plan.Noise.Any())
        {
            return;
        }

        w.Line();
        using (w.Block("public static void FillNoise(scoped in Mlp::RowPass pass, int seed, long step)"))
        {
            foreach (NoisePlan noise in Plan.Noise)
            {
                foreach (NoiseModel kind in noise.Kinds)
                {
                    Value values = noise.ValuesOf(kind);
                    string fill = kind.Kind == NoiseKind.Dropout ? "DropoutMask" : "GaussianNoise";
                    (string row, string label) = Plan.Model.IsEnsemble ? ("pass.RowOfBatch", $"pass.NoiseOfMember({noise.Number})") : ("pass.First", $"{noise.Number}");
                    w.Lines($"Mlp::{fill}.Fill({Ref(values)}, {row}, pass.Rows, {values.Width}, {Stride(values)}, seed, {label}, {Emitted.StepOfNoise(noise, "pass.Network")}, {Literals.Of((float)kind.Amount)});");
                }
            }
        }
    }

    private IEnumerable<string> Sizes() =>
    [
        $"RowBlock: {Plan.RowBlock}", $"ForwardFloats: {Plan.ForwardFloats}", $"Cost: {Plan.PredictionCost}",
        .. Plan.Model.IsEnsemble && Plan.Model.Loss is null ? [$"Outputs: {Plan.Last.Output.Offset}"] : (string[])[],
        .. Plan.Model.Loss is null ? [] : (string[])
        [
            $"TrainingFloats: {Plan.Floats}", $"TrainingCost: {Plan.TrainingCost}",
            $"OutputDelta: {Plan.Last.IncomingDelta.Offset}", $"OutputStride: {Stride(Plan.Last.IncomingDelta)}", $"Outputs: {Plan.Last.Output.Offset}",
            $"Losses: {Plan.Losses.Offset}",
            .. Plan.HasSoftTargets ? [$"SoftTargets: {Plan.SoftTarget.Offset}"] : (string[])[],
            .. Plan.Model.IsEnsemble ? [$"PreActivations: {Plan.Last.PreActivation.Offset}"] : (string[])[],
            .. Plan.Model.InputGradients || Plan.TrainsTables ? [$"InputDelta: {Plan.InputDelta.Offset}", $"InputDeltaStride: {Stride(Plan.InputDelta)}"] : (string[])[],
        ],
    ];

    /// <summary>A pass of the runtime over the outputs.</summary>
    private string OutputCall(string indent, OutputPass pass, IEnumerable<string> more, string arguments = "")
    {
        LayerPlan last = Plan.Last;
        string[] fields =
        [
            $"PreActivations = {Ref(last.PreActivation)}", $"Stride = {Stride(last.PreActivation)}", "Outputs = ref pass.Outputs", $"Count = {last.Outputs}",
        ];
        return $"{indent}Mlp::RowOutputs.{pass}(\n{indent}    {Fields([.. fields, .. more], indent)}, {arguments}pass.Rows)";
    }

    private IEnumerable<string> OutputFields() =>
    [
        .. Plan.Last.KeepsActivation ? [$"Activations = {Ref(Plan.Last.Activated)}"] : (string[])[],
        .. Plan.Last.IsResidual ? [$"Residual = {Seen(Plan.Last)}"] : (string[])[],
        .. Alpha(Plan.Last),
    ];

    private static IEnumerable<string> Shape(LayerPlan layer) => [$"Columns = {layer.OutputColumns}", $"Stride = {Stride(layer.Sums)}"];

    private IEnumerable<string> Gains(LayerPlan layer) => layer.IsNormalized
        ? [$"Gains = ref pass.Parameter({Index(layer, $"Gains{layer.Number}")})", $"Shifts = ref pass.Parameter({Index(layer, $"Shifts{layer.Number}")})"]
        : [];

    /// <summary>A layer's slope or scale as a field.</summary>
    protected IEnumerable<string> Alpha(LayerPlan layer) =>
        layer.Model.HasSlope ? [$"Alpha = pass.Parameter({Index(layer, $"S{layer.Number}")})"]
        : layer.Model.Alpha != 0 ? [$"Alpha = {Literals.Of((float)layer.Model.Alpha)}"]
        : [];

    /// <summary>An object with these fields, over as many lines as they take.</summary>
    protected static string Fields(IEnumerable<string> fields, string indent = "") => TextLines.Join("new() { ", ", ", fields, $"\n{indent}        ") + " }";
}
