using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the forward pass of a tiled network: prediction and the first half of training are the same code.</summary>
internal static class TiledForwardEmitter
{
    /// <summary>What batch normalization needs beyond the rows: room for its statistics, and the rows' weights, none where all count alike.</summary>
    public const string StatisticsParameters = "ref float statistics, scoped global::System.ReadOnlySpan<float> weights";

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        EmitLayout(w, plan);
        w.Line();
        EmitBuffers(w, plan);
        w.Line();
        EmitPredict(w, plan);
        w.Line();
        EmitForward(w, plan);
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Line();
            TiledLayerEmitter.EmitLayer(w, plan, layer);
            if (layer.HasActivationPass || (layer.IsLast && layer.IsNormalized))
            {
                w.Line();
                TiledLayerEmitter.EmitActivationPass(w, layer);
            }
        }

        w.Line();
        OutputCode.EmitActivate(w, plan);
        if (plan.StagesInputs)
        {
            w.Line();
            EmitStage(w, plan);
        }
    }

    /// <summary>Refers to the first float of a buffer: they lie one behind the other, each with so many floats for each of <c>capacity</c> rows.</summary>
    public static string BufferStart(string constant) => $"ref Row(ref buffers, {constant}, capacity)";

    /// <summary>Declares a local of the buffer's name that refers to its first row, or to <paramref name="row"/>.</summary>
    public static void DeclareBuffer(SourceWriter w, NetworkPlan plan, string buffer, string? row = null)
    {
        BufferPlan place = plan.Buffer(buffer);
        string start = BufferStart(place.Constant);
        w.Lines($"ref float {buffer} = {(row is null ? start : LayerText.Row(start.Substring("ref ".Length), row, place.Stride))};");
    }

    private static void EmitLayout(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Tiled: matrix products in small tiles whose sums stay in registers; lanes run along a layer's outputs.");
        w.Line();
        w.Lines("// Where the store keeps the parameters. Rows are padded to whole cache lines, and never a multiple of 1 KiB apart.");
        foreach (LayerPlan layer in plan.Layers)
        {
            (int rows, int columns) = layer.IsNarrow ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
            w.Lines($"private const int W{layer.Number} = {layer.WeightsOffset}; // [{rows}][{layer.WeightStride}]: a row for each "
                + $"{(layer.IsNarrow ? "output" : "input")}, {columns} {(layer.IsNarrow ? "inputs" : "outputs")}{Padding(layer.WeightStride - columns)}");
            if (layer.Model.HasBias)
            {
                w.Lines($"private const int B{layer.Number} = {layer.BiasesOffset}; // [{layer.VectorLength}]: {(layer.Outputs == 1 ? "1 bias" : $"{layer.Outputs} biases")}{Padding(layer.VectorLength - layer.Outputs)}");
            }

            if (layer.IsNormalized)
            {
                w.Lines($"private const int Gains{layer.Number} = {layer.GainsOffset}; // [{layer.VectorLength}]: γ{layer.Number}, {layer.Outputs} gains{Padding(layer.VectorLength - layer.Outputs)}");
                w.Lines($"private const int Shifts{layer.Number} = {layer.ShiftsOffset}; // [{layer.VectorLength}]: β{layer.Number}, {layer.Outputs} shifts{Padding(layer.VectorLength - layer.Outputs)}");
            }

            if (layer.Model.HasSlope)
            {
                w.Lines($"private const int S{layer.Number} = {layer.SlopeOffset}; // [{layer.SlopeLength}]: α{layer.Number}, 1 slope{Padding(layer.SlopeLength - 1)}");
            }
        }
    }

    /// <summary>Where a pass keeps its values.</summary>
    private static void EmitBuffers(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Where a pass keeps its values: room for `capacity` rows of the first, then for as many of the next, and so on.");
        foreach (BufferPlan buffer in plan.Buffers.Where(buffer => plan.Model.Loss is not null || buffer.Offset < plan.ForwardFloats))
        {
            w.Lines($"private const int {buffer.Constant} = {buffer.Offset}; // {(buffer.Stride == 1 ? "a float for each row" : $"rows of {buffer.Stride}")}");
        }
    }

    private static string Padding(int floats) => floats == 0 ? "" : $" and {floats} of padding";

    private static void EmitPredict(SourceWriter w, NetworkPlan plan)
    {
        WorkEmitter.EmitPredict(w, plan);
        w.Line();
        w.Lines($"// {plan.RowBlock} rows at a time: their activations stay in the second-level cache.");
        using (w.Block("public static void PredictRows(Mlp::NetworkState network, ref float inputs, ref float outputs, nuint rows)"))
        {
            EmitScratch(w, plan, plan.ForwardFloats);
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines("nuint count = rows - first < block ? rows - first : block;");
                w.Lines($"ForwardRows(network, {LayerText.Row("inputs", "first", plan.Model.InputSize)}, ref buffers, capacity, 0, count{PassesMode(plan, "false")});");
                DeclareBuffers(w, plan, ActivationBuffers(plan, isTraining: false));
                w.Lines($"ref float y = {LayerText.Row("outputs", "first", plan.Last.Outputs)};");
                w.Lines(ActivateCall(plan, "count", isTraining: false));
            }
        }
    }

    /// <summary>Borrows the buffers of a block of rows from the thread, with <paramref name="floats"/> floats a row.</summary>
    public static void EmitScratch(SourceWriter w, NetworkPlan plan, int floats, int extra = 0)
    {
        w.Lines($"nuint block = rows < {plan.RowBlock} ? rows : {plan.RowBlock};");
        w.Lines("nuint capacity = (block + 15) & ~(nuint)15; // So that every buffer starts on a cache line.");
        string Behind(string start, int more) => more == 0 ? start : $"({start}) + {more}";
        w.Lines($"ref float buffers = ref Mlp::Scratch.Borrow({Behind($"(int)capacity * {floats}", extra + plan.StatisticsFloats)});");
        if (plan.HasBatchNormalization)
        {
            w.Lines($"ref float statistics = ref At(ref buffers, {Behind($"capacity * {floats}", extra)}); // Behind the buffers.");
        }
    }

    /// <summary>What <c>Activate</c> reads and writes, by the names of the buffers.</summary>
    public static IEnumerable<string> ActivationArguments(NetworkPlan plan, bool isTraining) =>
    [
        .. plan.Last.Model.HasSlope ? ["parameters"] : (string[])[],
        plan.Last.PreActivation,
        .. plan.Last.IsResidual ? [isTraining && plan.NoiseBefore(plan.Last) is { } noise ? noise.Result : LayerText.Input(plan.Last)] : (string[])[],
        .. plan.Last.KeepsActivation ? [plan.Last.Activated] : (string[])[],
        "y",
    ];

    /// <summary>The buffers among them, without the outputs.</summary>
    public static IEnumerable<string> ActivationBuffers(NetworkPlan plan, bool isTraining) =>
        ActivationArguments(plan, isTraining).Where(static name => name is not "y" and not "parameters");

    /// <summary>The call of <c>Activate</c> with the buffers that it needs.</summary>
    public static string ActivateCall(NetworkPlan plan, string rows, bool isTraining) =>
        $"Activate({string.Join(", ", ActivationArguments(plan, isTraining).Select(static name => name == "parameters" ? "ref network.Parameters" : $"ref {name}"))}, {rows});";

    /// <summary>What tells training from prediction, as further arguments, where they differ.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="isTraining">The code that says which it is.</param>
    /// <param name="weights">The rows' weights, which the batch's own statistics need.</param>
    public static string PassesMode(NetworkPlan plan, string isTraining, string weights = "default") =>
        (plan.HasBatchNormalization ? $", ref statistics, {weights}" : "") + (plan.HasTrainingMode ? $", {isTraining}" : "");

    /// <summary>The parameters for them.</summary>
    private static string DeclaresMode(NetworkPlan plan) =>
        (plan.HasBatchNormalization ? $", {StatisticsParameters}" : "") + (plan.HasTrainingMode ? ", bool isTraining" : "");

    /// <summary>Declares locals that refer to the first rows of the buffers, or to <paramref name="row"/>.</summary>
    public static void DeclareBuffers(SourceWriter w, NetworkPlan plan, IEnumerable<string> buffers, string? row = null)
    {
        foreach (string buffer in buffers)
        {
            DeclareBuffer(w, plan, buffer, row);
        }
    }

    private static void EmitForward(SourceWriter w, NetworkPlan plan)
    {
        string declared = DeclaresMode(plan);
        string pass = PassesMode(plan, "isTraining", "weights");
        w.Lines("// The forward pass of rows from `start` on, at the vector width of this machine; the width does not show in the results.");
        using (w.Block($"private static void ForwardRows(Mlp::NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint start, nuint rows{declared})"))
        {
            Emitted.Dispatch(w, $"Forward<{{0}}>(network, ref inputs, ref buffers, capacity, start, start + rows{pass})");
        }

        w.Line();
        w.Lines(plan.HasBatchNormalization
            ? "// All layers for a block of rows before the next block; in training all rows at once, as each layer's statistics are the batch's."
            : "// All layers for a block of rows before the next block: a training batch may have many, Predict brings one.");
        w.Lines($"private static void Forward<V>(Mlp::NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint start, nuint end{declared})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            string block = Literals.Of(plan.RowBlock);
            if (plan.HasBatchNormalization)
            {
                w.Lines($"nuint block = isTraining ? end : {block};");
                block = "block";
            }

            using (w.Block($"for (nuint first = start; first < end; first += {block})"))
            {
                w.Lines($"nuint count = end - first < {block} ? end - first : {block};");
                string input = LayerText.Row("inputs", "first", plan.Model.InputSize);
                if (plan.StagesInputs)
                {
                    DeclareBuffer(w, plan, "x", "first");
                    w.Lines($"Stage(network, {input}, ref x, count);");
                }
                else
                {
                    w.Lines($"ref float x = {input};");
                }

                foreach (string value in plan.Layers.SelectMany(static layer => layer.ForwardValues))
                {
                    DeclareBuffer(w, plan, value, "first");
                }

                EmitNoise(w, plan, plan.InputNoise);
                foreach (LayerPlan layer in plan.Layers)
                {
                    w.Lines($"Forward{layer.Number}{(layer.IsNarrow ? "" : "<V>")}(ref {LayerText.Input(layer)}, ref parameters, ref {layer.Sums}, count);");
                    EmitNormalization(w, plan, layer);
                    if (layer.HasActivationPass || (layer.IsLast && layer.IsNormalized))
                    {
                        w.Lines($"Activate{layer.Number}<V>({string.Join(", ", TiledLayerEmitter.PassArguments(layer).Select(static name => $"ref {name}"))}, count);");
                    }

                    EmitNoise(w, plan, layer.Noise);
                }
            }
        }
    }

    private static void EmitNormalization(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        string epsilon = Literals.Of((float)layer.Model.NormalizationEpsilon);
        string rows = $"ref {layer.Normalized}, count, {layer.Outputs}, {layer.OutputStride}, {epsilon}";
        if (layer.IsBatchNormalized)
        {
            string statistics = $"{BatchStatistics(layer)}, {layer.VectorLength}";
            using (w.Block("if (isTraining)"))
            {
                w.Lines($"Mlp::BatchNormalization.Forward({rows}, {statistics}, weights);");
            }

            using (w.Block("else"))
            {
                w.Lines($"Mlp::BatchNormalization.Normalize({rows}, ref At(ref network.Statistics, {layer.StatisticsOffset}), {statistics});");
            }
        }
        else if (layer.IsNormalized)
        {
            DeclareBuffer(w, plan, $"r{layer.Number}", "first");
            w.Lines($"Mlp::LayerNormalization.Forward({rows}, ref r{layer.Number});");
        }
    }

    /// <summary>Where the batch's own means, variances and reciprocal deviations of a layer begin.</summary>
    public static string BatchStatistics(LayerPlan layer) =>
        layer.StatisticsOffset == 0 ? "ref statistics" : $"ref At(ref statistics, {layer.StatisticsOffset / 2 * 3})";

    private static void EmitNoise(SourceWriter w, NetworkPlan plan, NoisePlan? noise)
    {
        if (noise is null)
        {
            return;
        }

        using (w.Block("if (isTraining)"))
        {
            string kinds = string.Join(", ", noise.Kinds.Select(LayerText.Declaration));
            string kept = noise.Number == 0 ? "" : $"; {noise.Source} itself is kept for its slope";
            w.Lines($"// {kinds}: the next layer sees {LayerText.Noise(noise)}{kept}.");
            foreach (string buffer in noise.Buffers)
            {
                DeclareBuffer(w, plan, buffer, "first");
            }

            string source = noise.Source;
            foreach (NoiseModel kind in noise.Kinds)
            {
                string apply = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Apply" : "GaussianNoise.Add";
                w.Lines($"Mlp::{apply}(ref {source}, ref {noise.NameOf(kind)}, ref {noise.Result}, count * {noise.Stride});");
                source = noise.Result;
            }

            w.Lines($"{noise.Source} = ref {noise.Result};");
        }
    }

    private static void EmitStage(SourceWriter w, NetworkPlan plan)
    {
        const string V = Emitted.Vec8;
        int inputs = plan.Model.InputSize;
        int stride = plan.Layers[0].InputStride;
        int whole = inputs / 8 * 8;
        string Staged(string value, string at) => plan.Model.Standardize
            ? $"({value} - {V}.Load(ref means, {at})) * {V}.Load(ref scales, {at})"
            : value;
        w.Lines(plan.Model.Standardize
            ? "// Inputs, centred and scaled by the training data's statistics: x = (raw − mean) / deviation, in padded rows."
            : "// Inputs in padded rows.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void Stage(Mlp::NetworkState network, ref float inputs, ref float x, nuint rows)"))
        {
            if (plan.Model.Standardize)
            {
                w.Lines("ref float means = ref network.InputMean;");
                w.Lines("ref float scales = ref network.InputScale;");
            }

            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            {
                w.Lines($"ref float raw = {LayerText.Row("inputs", "row", inputs)};");
                w.Lines($"ref float staged = ref At(ref x, row * {stride});");
                if (whole > 0)
                {
                    using (w.Block($"for (nuint k = 0; k < {whole}; k += 8)"))
                    {
                        w.Lines($"{V}.Store({Staged($"{V}.Load(ref raw, k)", "k")}, ref staged, k);");
                    }
                }

                if (whole < inputs)
                {
                    string tail = $"Mlp::Lanes.LoadFirst(ref At(ref raw, {whole}), {inputs - whole})";
                    string value = plan.Model.Standardize ? $"({Staged(tail, Literals.Of(whole))})" : tail;
                    w.Lines($"{V}.Store({(plan.Model.Standardize ? $"{value} & {V}.FirstLanes({inputs - whole})" : value)}, ref staged, {whole});");
                }

                for (int k = NetworkPlanner.RoundUp(inputs, 8); k < NetworkPlanner.RoundUp(inputs, 16); k += 8)
                {
                    w.Lines($"{V}.Store({V}.Zero, ref staged, {k});");
                }
            }
        }
    }
}
