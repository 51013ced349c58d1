using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the kernels of a small network: eight rows at a time, a vector a value, no loops over the neurons of a tile.</summary>
internal sealed class StraightLineWriter(NetworkPlan plan) : KernelWriter(plan)
{
    private const string Kernel = "ref float parameters, ref float values, nuint rows";

    protected override string Introduction => "Straight-line code: eight rows at a time, a vector a neuron, and each of its lanes a row.";

    protected override IEnumerable<(string Name, int Value, string Comment)> Constants =>
    [
        .. ParameterConstants,
        .. Plan.Buffers.Select(static buffer => (buffer.Value.Offset, buffer.Offset, buffer.Value.Width == 1 ? "1 vector" : $"{buffer.Value.Width} vectors")),
        ("Group", Plan.Floats, "from the values of eight rows to those of the next"),
    ];

    protected override void WriteForward(SourceWriter w)
    {
        WriteSizes(w);
        w.Line();
        using (w.Block($"public static void Forward<V>(Mlp::NetworkState network, ref float values, nuint rows, bool isTraining) {Emitted.WhereRowV}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            foreach (Operation operation in Plan.Forward)
            {
                WriteForwardCall(w, operation);
            }
        }

        foreach (Operation operation in Plan.Forward.Where(static operation => operation.Kind == OperationKind.Product))
        {
            w.Line();
            w.Lines(Emitted.Comment(operation, isHead: true));
            WriteForwardProduct(w, operation);
        }

        if (Plan.HasRowKernel)
        {
            w.Line();
            RowKernelWriter.Write(w, Plan);
        }
    }

    protected override void WriteBackward(SourceWriter w)
    {
        string places = $"new({string.Join(", ", OutputPlaces())})";
        w.Lines($"// {LossFormulas.Loss(Plan)}");
        w.Lines($"public static void Losses<V>(Mlp::NetworkState network, ref float values, ref float losses, nuint rows) {Emitted.WhereRowV} =>");
        OutputPass losses = Emitted.Losses(Plan);
        w.Lines($"    Mlp::LaneOutputs.{losses.OfVectors}(ref values, {places}, {Settings(losses)}ref losses, rows);");
        w.Line();
        w.Lines($"// {LossFormulas.OutputDelta(Plan)}{LossFormulas.DeltaStability(Plan)}");
        w.Lines($"public static void OutputDelta<V>(Mlp::NetworkState network, ref float values, float batchWeight, nuint rows) {Emitted.WhereRowV} =>");
        OutputPass delta = Emitted.OutputDelta(Plan);
        string alpha = Emitted.Alpha(Plan.Last, $"At(ref network.Parameters, S{Plan.Last.Number})");
        w.Lines($"    Mlp::LaneOutputs.{delta.OfVectors}(ref values, {places}, {Settings(delta)}batchWeight, rows{alpha});");
        Operation[] deltas = [.. Plan.Backward.Where(static operation => operation.Kind is OperationKind.DeltaProduct or OperationKind.Slope)];
        if (deltas.Length > 0)
        {
            w.Line();
            using (w.Block($"public static void Deltas<V>(Mlp::NetworkState network, ref float values, nuint rows, int firstDelta) {Emitted.WhereRowV}"))
            {
                if (deltas.Any(static operation => operation.Kind == OperationKind.DeltaProduct || operation.Layer.Model.HasSlope))
                {
                    w.Lines("ref float parameters = ref network.Parameters;");
                }

                foreach (Operation operation in deltas)
                {
                    if (operation.Kind == OperationKind.DeltaProduct)
                    {
                        w.Lines(Emitted.LastDelta(Plan, operation, "firstDelta"));
                    }

                    w.Lines(operation.Kind == OperationKind.DeltaProduct
                        ? $"Delta{operation.Target?.Number ?? 0}<{Emitted.Vec8}>(ref parameters, ref values, rows);"
                        : SlopeCall(operation));
                }
            }
        }

        foreach (Operation operation in deltas.Where(static operation => operation.Kind == OperationKind.DeltaProduct))
        {
            w.Line();
            w.Lines(Emitted.Comment(operation));
            WriteDeltaProduct(w, operation);
        }

        w.Line();
        GradientWriter.Write(w, Plan);
        WriteNoise(w);
        if (Plan.Model.InputGradients)
        {
            w.Line();
            w.Lines($"// {Emitted.SeedFormula(Plan)}");
            w.Lines("public static void OutputSeed(Mlp::NetworkState network, ref float values, nuint output, nuint rows) =>");
            w.Lines($"    Mlp::LaneOutputs.{Emitted.Seed(Plan)}(ref values, {places}, output, rows{Emitted.Alpha(Plan.Last, "0f")});");
        }
    }

    /// <summary>The loss's settings, for a pass that takes any loss.</summary>
    private static string Settings(OutputPass pass) => pass.Type.Length == 0 ? "" : "network.Layout.LossSettings, ";

    private IEnumerable<string> OutputPlaces() =>
    [
        Plan.Last.PreActivation.Offset, Plan.Last.Output.Offset, $"{Plan.Model.OutputSize}", "Group",
        .. Plan.Model.Loss is null ? (string[])[] : [Plan.Target.Offset, Plan.Last.IncomingDelta.Offset],
        .. Plan.Model.OutputSize > 1 ? [$"{nameof(Role.Terms)}: {BufferAllocator.Terms(Plan).Offset}"] : (string[])[],
        .. Emitted.IsSoftmax(Plan) ? [$"{nameof(Role.Normalizer)}: {BufferAllocator.Normalizer(Plan).Offset}"] : (string[])[],
    ];

    private void WriteSizes(SourceWriter w)
    {
        NoisePlan[] noise = [.. Plan.Noise];
        string[] sizes =
        [
            "Group", $"InputSize: {Plan.Model.InputSize}", $"OutputSize: {Plan.Model.OutputSize}", $"RowsAtOnce: {Plan.RowBlock}", $"Cost: {Plan.PredictionCost}", $"Outputs: {Plan.Last.Output.Offset}",
            .. Plan.Model.Loss is null ? [] : (string[])
            [
                $"Targets: {Plan.Target.Offset}",
                .. Plan.HasSoftTargets ? [$"SoftTargets: {Plan.SoftTarget.Offset}"] : (string[])[],
                .. noise.Length > 0 ? [$"Noise: {noise[0].ValuesOf(noise[0].Kinds[0]).Offset}"] : (string[])[],
                $"FirstDelta: {Plan.Buffers.Items.Single(buffer => buffer.Offset == Plan.FirstDelta).Value.Offset}",
                $"OutputDelta: {Plan.Last.IncomingDelta.Offset}",
                .. Plan.Model.InputGradients ? [$"InputDelta: {Plan.InputDelta.Offset}"] : (string[])[],
            ],
        ];
        if (Plan.HasRowKernel)
        {
            w.Lines("public static bool HasRowKernel => true;");
        }

        w.Lines($"{TextLines.Join("public static Mlp::LaneSizes Sizes => new(", ", ", sizes, "\n    ")});");
    }

    private void WriteForwardCall(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        switch (operation.Kind)
        {
            case OperationKind.Product:
                string seen = layer.NoiseBefore is null ? "" : $", {layer.Input}";
                w.Lines($"Forward{layer.Number}<{Emitted.Vec8}>(ref parameters, ref values, rows{seen});");
                break;
            case OperationKind.Activate when layer.IsLast && Emitted.IsSoftmax(Plan):
                w.Lines($"Mlp::LaneOutputs.Softmax<V>(ref values, new({string.Join(", ", OutputPlaces())}), rows); // {operation.Formula}");
                break;
            case OperationKind.Activate:
                string kept = layer.KeepsActivation ? $", activations: {layer.Activated.Offset}" : "";
                string residual = layer.IsResidual ? $", residual: {Seen(layer)}" : "";
                w.Lines($"Mlp::LaneActivations.Forward<V, {Emitted.Activation(layer)}>(ref values, {layer.Sums.Offset}, {layer.Output.Offset}, {layer.Outputs}, Group, rows"
                    + $"{Emitted.Alpha(layer, $"At(ref parameters, S{layer.Number})")}{kept}{residual}); // {operation.Formula}");
                break;
            default:
                WriteNoiseCalls(w, operation);
                break;
        }
    }

    /// <summary>Where lies what a layer sees: behind noise, a local.</summary>
    private static string Seen(LayerPlan layer) => layer.NoiseBefore is null ? layer.Input.Offset : $"(nint){layer.Input}";

    /// <summary>Noise in training, and a local that says where the next layer finds what it sees.</summary>
    private static void WriteNoiseCalls(SourceWriter w, Operation operation)
    {
        NoisePlan noise = operation.Noise!;
        w.Lines($"nuint {noise.Source} = {noise.Source.Offset};");
        using (w.Block("if (isTraining)"))
        {
            w.Lines($"// {string.Join(", ", noise.Kinds.Select(Formulas.Declaration))}: {operation.Formula}");
            Value source = noise.Source;
            foreach (NoiseModel kind in noise.Kinds)
            {
                string apply = kind.Kind == NoiseKind.Dropout ? "Drop" : "AddNoise";
                w.Lines($"Mlp::LaneActivations.{apply}(ref values, {source.Offset}, {noise.ValuesOf(kind).Offset}, {noise.Result.Offset}, {source.Width}, Group, rows);");
                source = noise.Result;
            }

            w.Lines($"{noise.Source} = {noise.Result.Offset};");
        }
    }

    private void WriteNoise(SourceWriter w)
    {
        (NoisePlan Noise, NoiseModel Kind)[] kinds = [.. Plan.Noise.SelectMany(static noise => noise.Kinds.Select(kind => (noise, kind)))];
        if (kinds.Length == 0)
        {
            return;
        }

        w.Line();
        w.Lines($"public static global::System.ReadOnlySpan<int> NoiseUnits => [{string.Join(", ", kinds.Select(static pair => pair.Noise.Source.Width))}];");
        w.Line();
        using (w.Block("public static void FillNoise(Mlp::NetworkState network, ref float noise, nuint rows, int seed, long step)"))
        {
            int done = 0;
            foreach ((NoisePlan noise, NoiseModel kind) in kinds)
            {
                int units = noise.Source.Width;
                string fill = kind.Kind == NoiseKind.Dropout ? "DropoutMask" : "GaussianNoise";
                w.Lines($"Mlp::{fill}.Fill({(done == 0 ? "ref noise" : $"ref At(ref noise, rows * {done})")}, 0, rows, {units}, {units}, seed, {noise.Number}, {Emitted.StepOfNoise(noise, "network")}, {Literals.Of((float)kind.Amount)});");
                done += units;
            }
        }
    }

    private static string SlopeCall(Operation operation)
    {
        LayerPlan layer = operation.Layer;
        return $"Mlp::LaneActivations.Backward<V, {Emitted.Activation(layer)}>(ref values, {layer.IncomingDelta.Offset}, {layer.Kept!.Offset}, {layer.Delta.Offset}, "
            + $"{layer.Outputs}, Group, rows{Emitted.Alpha(layer, $"At(ref parameters, S{layer.Number})")}); // {operation.Formula}";
    }

    /// <summary>Opens a kernel with its loop over groups of eight rows, which moves on at the end.</summary>
    private static void WriteKernel(SourceWriter w, string name, string more, LayerPlan? slope, Action body)
    {
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void {name}<V>({Kernel}{more}) {Emitted.WhereRowV}"))
        {
            if (slope is { Model.HasSlope: true })
            {
                w.Lines($"V slope = V.Broadcast(ref parameters, S{slope.Number});");
            }

            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                body();
                w.Lines("values = ref At(ref values, Group);");
            }
        }
    }

    private static void WriteForwardProduct(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        int l = layer.Number;
        string input = layer.NoiseBefore is null ? layer.Input.Offset : layer.Input.Name;
        WriteKernel(w, $"Forward{l}", layer.NoiseBefore is null ? "" : $", nuint {layer.Input}", operation.IsFused ? layer : null, () =>
        {
            if (layer.IsNarrow)
            {
                WriteNarrowSums(w, layer, input, Finish);
            }
            else
            {
                LaneText.Tiles(w, "o", layer.Outputs, Limits.MostSums, tile =>
                {
                    LaneText.Sums(w, tile, new LaneSums($"z{l}", layer.Input.Name, input, $"W{l}", layer.Inputs, NeuronStride: 1, layer.Places.WeightStride)
                    {
                        Begin = layer.Model.HasBias ? j => $"V.Broadcast(ref parameters, {tile.Index($"B{l}", 1, j)})" : null,
                    });
                    for (int j = 0; j < tile.Count; j++)
                    {
                        Finish($"z{l}_{j}", value => tile.Index(value, Limits.Lanes, j));
                    }
                });
            }
        });

        void Finish(string sum, Func<string, string> place)
        {
            if (!operation.IsFused || layer.Sums != layer.Output)
            {
                w.Lines($"V.Store({sum}, ref values, {place(layer.Sums.Offset)});");
            }

            if (!operation.IsFused)
            {
                return;
            }

            string output = Activated(layer, sum);
            if (layer.KeepsActivation)
            {
                w.Lines($"V.Store({output}, ref values, {place(layer.Activated.Offset)});");
                output = $"V.Load(ref values, {place(layer.Activated.Offset)})";
            }

            string residual = layer.IsResidual ? $" + V.Load(ref values, {place(input)})" : "";
            w.Lines($"V.Store({output}{residual}, ref values, {place(layer.Output.Offset)});");
        }
    }

    private static string Activated(LayerPlan layer, string sum) => layer.Model.Activation == Activation.Linear
        ? sum
        : $"{Emitted.Activation(layer)}.Forward({sum}{AlphaVector(layer)})";

    private static string AlphaVector(LayerPlan layer) =>
        layer.Model.HasSlope ? ", slope" : layer.Model.Alpha != 0 ? $", V.Create({Literals.Of((float)layer.Model.Alpha)})" : "";

    /// <summary>The delta behind the layer's activation, as code.</summary>
    public static string Sloped(LayerPlan layer, string delta, string kept) => $"{Emitted.Activation(layer)}.Backward({delta}, {kept}{AlphaVector(layer)})";

    /// <summary>Input k into partial sum k mod 8, the bias into partial 0; then the fold, without the partials that have no input.</summary>
    private static void WriteNarrowSums(SourceWriter w, LayerPlan layer, string input, Action<string, Func<string, string>> finish) =>
        LaneText.Tiles(w, "o", layer.Outputs, 1, tile =>
        {
            int l = layer.Number;
            int partials = Math.Min(layer.Inputs, Limits.Lanes);
            w.Lines($"ref float w = ref At(ref parameters, {tile.Index($"W{l}", layer.Places.WeightStride, 0)});");
            for (int i = 0; i < layer.Inputs; i++)
            {
                string partial = $"p{i % Limits.Lanes}";
                string begin = i >= partials ? partial
                    : i > 0 || !layer.Model.HasBias ? "V.Zero" : $"V.Broadcast(ref parameters, {tile.Index($"B{l}", 1, 0)})";
                w.Lines($"{(i < partials ? "V " : "")}{partial} = V.AddProduct({begin}, V.Load(ref values, {LaneText.Plus(input, 8 * i)}), ref w, {i});");
            }

            w.Lines($"V z{l} = {LaneText.Fold([.. Enumerable.Range(0, partials).Select(static j => $"p{j}")])};");
            finish($"z{l}", value => tile.Index(value, Limits.Lanes, 0));
        });

    private static void WriteDeltaProduct(SourceWriter w, Operation operation)
    {
        LayerPlan next = operation.Layer;
        LayerPlan? layer = operation.Target;
        int l = layer?.Number ?? 0;
        Value result = operation.Writes[0];
        WriteKernel(w, $"Delta{l}", "", operation.IsFused ? layer : null, () =>
            LaneText.Tiles(w, "i", next.Inputs, Limits.MostSums, tile =>
            {
                LaneText.Sums(w, tile, new LaneSums(
                    $"d{l}", $"d{next.Number}", next.Delta.Offset, $"W{next.Number}", next.Outputs, next.Places.InputStride, next.Places.OutputStride)
                {
                    End = (j, sum) =>
                    {
                        string Load(Value value) => $"V.Load(ref values, {tile.Index(value.Offset, Limits.Lanes, j)})";
                        string incoming = next.IsResidual ? $"{sum} + {Load(next.IncomingDelta)}" : sum;
                        sum = layer?.Noise?.Mask is not { } mask ? incoming : next.IsResidual ? $"({incoming}) * {Load(mask)}" : $"{sum} * {Load(mask)}";
                        string delta = operation.IsFused ? Sloped(layer!, sum, Load(layer!.FusedSlope!)) : sum;
                        return $"V.Store({delta}, ref values, {tile.Index(result.Offset, Limits.Lanes, j)});";
                    },
                });
            }));
    }
}
