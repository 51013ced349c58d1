using Mlp.Generator.Emit.Tiled;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the forward pass of a small network: eight samples at a time, one local a neuron, no loops over neurons.</summary>
internal static class StraightLineForwardEmitter
{
    private const string V = Emitted.Vec8;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        StraightLineBuffers buffers = new(plan);
        w.Lines("// Where the store keeps the parameters; weights [input][output], each group padded to whole vectors.");
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Lines($"private const int W{layer.Number} = {layer.WeightsOffset}; // [{layer.Inputs}][{layer.Outputs}]");
            if (layer.Model.HasBias)
            {
                w.Lines($"private const int B{layer.Number} = {layer.BiasesOffset}; // [{layer.Outputs}]");
            }
        }

        w.Line();
        EmitGroups(w, plan, buffers);
        w.Line();
        EmitPredict(w, plan, buffers);
        w.Line();
        EmitForward(w, plan);
        w.Line();
        EmitStage(w, plan);
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Line();
            EmitLayer(w, plan, layer);
        }

        w.Line();
        w.Lines($"""
            // One parameter in every lane.
            {Emitted.Inlined}
            private static {V} Parameter(ref float parameters, nuint index) => {V}.Broadcast(ref parameters, index);
            """);
    }

    /// <summary>Declares locals of the groups' names that refer to their first vectors.</summary>
    public static void DeclareGroups(SourceWriter w, params IEnumerable<string> groups)
    {
        foreach (string group in groups)
        {
            w.Lines($"ref float {group} = ref At(ref values, {StraightLineBuffers.Constant(group)});");
        }
    }

    /// <summary>Where the values of eight rows lie.</summary>
    private static void EmitGroups(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        w.Lines("// Where a pass keeps the values of eight rows: a vector of eight lanes for each input, neuron or delta.");
        foreach ((string name, int offset, int vectors) in buffers.Groups.Where(group => plan.Model.Loss is not null || group.Offset < buffers.ForwardFloats))
        {
            w.Lines($"private const int {StraightLineBuffers.Constant(name)} = {offset}; // {(vectors == 1 ? "1 vector" : $"{vectors} vectors")}");
        }
    }

    private static void EmitPredict(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        w.Lines("// Any number of rows, eight at a time; a lane is a row, and lanes without one repeat the last.");
        using (w.Block("public static void Predict(global::Mlp.NetworkState network, ref float inputs, ref float outputs, nuint rows)"))
        {
            w.Lines($"ref float values = ref {Emitted.Numerics}.Scratch.Borrow({buffers.ForwardFloats});");
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasDropout ? ", ref values, false" : "")});");
                w.Lines($"ScatterOutputs(ref values, ref At(ref outputs, {Times("row", plan.Model.OutputSize)}), count);");
            }
        }

        w.Line();
        w.Lines("// From lanes to rows.");
        using (w.Block("private static void ScatterOutputs(ref float values, ref float outputs, int count)"))
        {
            DeclareGroups(w, "y");
            if (plan.Model.OutputSize == 1)
            {
                w.Lines($"{V}.ScatterFirst({V}.Load(ref y), ref outputs, 1, count);");
                return;
            }

            using (w.Block($"for (nuint o = 0; o < {plan.Model.OutputSize}; o++)"))
            {
                w.Lines($"{V}.ScatterFirst({V}.Load(ref y, 8 * o), ref At(ref outputs, o), {plan.Model.OutputSize}, count);");
            }
        }
    }

    private static string Times(string index, int factor) => TiledForwardEmitter.Times(index, factor);

    private static void EmitForward(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// All layers for eight rows; the values of every layer are kept in memory, a vector a neuron.");
        string training = plan.HasDropout ? ", ref float masks, bool isTraining" : "";
        using (w.Block($"private static void Forward(global::Mlp.NetworkState network, ref float inputs, ref float values, int count{training})"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            DeclareGroups(w, ["x", .. plan.Layers.Select(TiledForwardEmitter.Result), "y"]);
            w.Lines($"Stage({(plan.Model.Standardize ? "network, " : "")}ref inputs, ref x, count);");
            int masks = 0;
            foreach (LayerPlan layer in plan.Layers)
            {
                int number = layer.Number;
                w.Lines($"Forward{number}(ref {LayerText.Input(layer)}, ref parameters, ref {TiledForwardEmitter.Result(layer)}{(layer.IsLast ? ", ref y" : "")});");
                if (layer.HasDropout)
                {
                    using (w.Block("if (isTraining)"))
                    {
                        w.Lines($"// Dropout({Literals.Short(layer.Model.Dropout)}): the next layer sees h{number} ⊙ mask{number}; h{number} itself is kept for its slope.");
                        DeclareGroups(w, $"dropped{number}");
                        w.Lines($"{Emitted.Numerics}.DropoutMask.Apply(ref h{number}, {(masks == 0 ? "ref masks" : $"ref At(ref masks, {8 * masks})")}, ref dropped{number}, {8 * layer.Outputs});");
                        w.Lines($"h{number} = ref dropped{number};");
                    }

                    masks += layer.Outputs;
                }
            }
        }
    }

    private static void EmitStage(SourceWriter w, NetworkPlan plan)
    {
        bool standardize = plan.Model.Standardize;
        w.Lines(standardize
            ? "// From rows to lanes, centred and scaled by the training data's statistics: x = (raw − mean) / deviation."
            : "// From rows to lanes.");
        using (w.Block($"private static void Stage({(standardize ? "global::Mlp.NetworkState network, " : "")}ref float inputs, ref float x, int count)"))
        {
            if (standardize)
            {
                w.Lines("ref float means = ref network.InputMean;");
                w.Lines("ref float scales = ref network.InputScale;");
            }

            using (w.Block($"for (nuint i = 0; i < {plan.Model.InputSize}; i++)"))
            {
                w.Lines($"{V} raw = {V}.GatherFirst(ref At(ref inputs, i), {plan.Model.InputSize}, count);");
                w.Lines($"{V}.Store({(standardize ? $"(raw - {V}.Broadcast(ref means, i)) * {V}.Broadcast(ref scales, i)" : "raw")}, ref x, 8 * i);");
            }
        }
    }

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines($"// Layer {layer.Number} · {LayerText.Declaration(layer.Model)}".PadRight(44) + $"{LayerText.Forward(plan, layer).PadRight(32)}  {LayerText.Shapes(layer)}");
        w.Lines(layer.Outputs < NetworkPlanner.Lanes
            ? "// Fewer than eight outputs: input k goes into partial sum k mod 8, the bias into partial 0; then the fold."
            : "// Each sum begins with the bias and takes the inputs in order.");
        w.Lines(Emitted.Optimized);
        string signature = layer.IsLast ? "ref float x, ref float parameters, ref float z, ref float y" : "ref float x, ref float parameters, ref float h";
        using (w.Block($"private static void Forward{layer.Number}({signature})"))
        {
            for (int i = 0; i < layer.Inputs; i++)
            {
                w.Lines($"{V} x{i} = {LaneCode.Load("x", i)};");
            }

            for (int o = 0; o < layer.Outputs; o++)
            {
                w.Line();
                EmitPreActivation(w, layer, o);
                if (layer.IsLast)
                {
                    w.Lines(LaneCode.Store($"z{o}", "z", o));
                    if (layer.Model.Activation != Activation.Softmax)
                    {
                        w.Lines(LaneCode.Store(ActivationCode.Of(layer.Model.Activation).Forward($"z{o}"), "y", o));
                    }
                }
                else
                {
                    w.Lines(LaneCode.Store(ActivationCode.Of(layer.Model.Activation).Forward($"z{o}"), "h", o));
                }
            }

            if (layer.Model.Activation == Activation.Softmax)
            {
                EmitSoftmax(w, layer.Outputs);
            }
        }
    }

    private static void EmitPreActivation(SourceWriter w, LayerPlan layer, int o)
    {
        string start = layer.Model.HasBias ? LaneCode.Parameter($"B{layer.Number}", o) : $"{V}.Zero";
        string Weight(int i) => LaneCode.Parameter($"W{layer.Number}", (i * layer.Outputs) + o);
        if (layer.Outputs >= NetworkPlanner.Lanes || layer.Inputs == 1)
        {
            w.Lines($"{V} z{o} = {start};");
            for (int i = 0; i < layer.Inputs; i++)
            {
                w.Lines($"z{o} = {V}.FusedMultiplyAdd(x{i}, {Weight(i)}, z{o});");
            }

            return;
        }

        int partials = Math.Min(layer.Inputs, NetworkPlanner.Lanes);
        for (int j = 0; j < partials; j++)
        {
            w.Lines($"{V} z{o}p{j} = {V}.FusedMultiplyAdd(x{j}, {Weight(j)}, {(j == 0 ? start : $"{V}.Zero")});");
        }

        for (int i = partials; i < layer.Inputs; i++)
        {
            w.Lines($"z{o}p{i % 8} = {V}.FusedMultiplyAdd(x{i}, {Weight(i)}, z{o}p{i % 8});");
        }

        w.Lines($"{V} z{o} = {LaneCode.Fold([.. Enumerable.Range(0, partials).Select(j => $"z{o}p{j}")])};");
    }

    private static void EmitSoftmax(SourceWriter w, int outputs)
    {
        w.Line();
        w.Lines("// Softmax: y = e^(z − max z) / Σ e^(z − max z); the largest exponent is 0, so nothing overflows.");
        EmitLargest(w, outputs, static o => $"z{o}");
        for (int o = 0; o < outputs; o++)
        {
            w.Lines($"{V} e{o} = {Emitted.Numerics}.VectorMath.Exp(z{o} - largest);");
        }

        LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(static o => $"e{o}")]);
        for (int o = 0; o < outputs; o++)
        {
            w.Lines(LaneCode.Store($"e{o} / total", "y", o));
        }
    }

    /// <summary>The largest of the values, NaN aside: that shows in the exponentials.</summary>
    public static void EmitLargest(SourceWriter w, int outputs, Func<int, string> value)
    {
        w.Lines($"{V} largest = {value(0)};");
        for (int o = 1; o < outputs; o++)
        {
            w.Lines($"largest = {V}.Select({V}.GreaterThan({value(o)}, largest), {value(o)}, largest);");
        }
    }
}
