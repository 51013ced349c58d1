using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the forward pass of a small network: eight samples at a time, a vector a neuron.</summary>
internal static class StraightLineForwardEmitter
{
    private const string V = Emitted.Vec8;

    /// <summary>Rows that are predicted one by one: fewer fill less than half of a group, whose cost is the same.</summary>
    private const int MostSingleRows = 4;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        StraightLineBuffers buffers = new(plan);
        w.Lines("// A network this small is computed eight rows at a time: a vector is a neuron, and each of its lanes a row.");
        w.Line();
        w.Lines("// Where the store keeps the parameters; of layers with fewer than eight outputs [output][input].");
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Lines($"private const int W{layer.Number} = {layer.WeightsOffset}; // {(layer.IsNarrow ? $"[output {layer.Outputs}][input {layer.Inputs}]" : $"[input {layer.Inputs}][output {layer.Outputs}]")}, rows of {layer.WeightStride}");
            if (layer.Model.HasBias)
            {
                w.Lines($"private const int B{layer.Number} = {layer.BiasesOffset}; // [{layer.Outputs}]");
            }

            if (layer.Model.HasSlope)
            {
                w.Lines($"private const int S{layer.Number} = {layer.SlopeOffset}; // the slope α{layer.Number}");
            }
        }

        w.Line();
        EmitGroups(w, buffers);
        w.Line();
        EmitPredict(w, plan, buffers);
        w.Line();
        w.Lines("// All layers for a block of rows.");
        LaneCode.Dispatch(w, "Forward", ForwardParameters(plan));
        w.Line();
        using (LaneCode.Passes(w))
        {
            EmitForward(w, plan);
            foreach (LayerPlan layer in plan.Layers.Where(HasActivationPass))
            {
                w.Line();
                EmitActivationPass(w, layer);
            }
        }

        if (plan.Model.Standardize)
        {
            w.Line();
            EmitStandardize(w, plan);
        }

        foreach (LayerPlan layer in plan.Layers)
        {
            w.Line();
            EmitLayer(w, plan, layer);
        }
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
    private static void EmitGroups(SourceWriter w, StraightLineBuffers buffers)
    {
        w.Lines("// Where a pass keeps the values of eight rows: a vector of eight lanes for each input, neuron or delta.");
        foreach ((string name, int offset, int vectors) in buffers.Groups)
        {
            w.Lines($"private const int {StraightLineBuffers.Constant(name)} = {offset}; // {(vectors == 1 ? "1 vector" : $"{vectors} vectors")}");
        }

        w.Lines($"private const int Group = {buffers.Floats}; // from these to those of the next eight rows");
        w.Lines($"private const int RowsAtOnce = {8 * buffers.GroupsAtOnce}; // that go through the passes together; what one pass reads and writes stays in the first-level cache");
    }

    private static void EmitPredict(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        WorkEmitter.EmitPredict(w, plan);
        w.Line();
        if (plan.HasRowKernel)
        {
            StraightLineRowEmitter.Emit(w, plan);
            w.Line();
        }

        w.Lines($"// Block by block of rows; lanes without a row repeat the last.{(plan.HasRowKernel ? " Few rows are quicker one by one." : "")}");
        using (w.Block("public static void PredictRows(Mlp::NetworkState network, ref float inputs, ref float outputs, nuint rows)"))
        {
            if (plan.HasRowKernel)
            {
                using (w.Block($"if (rows <= {MostSingleRows})"))
                {
                    using (w.Block("for (nuint row = 0; row < rows; row++)"))
                    {
                        w.Lines($"PredictRow(network, {LayerText.Row("inputs", "row", plan.Model.InputSize)}, {LayerText.Row("outputs", "row", plan.Model.OutputSize)});");
                    }

                    w.Lines("return;");
                }

                w.Line();
            }

            w.Lines("ref float values = ref Mlp::Scratch.Borrow(RowsAtOnce / 8 * Group);");
            using (Blocks(w))
            {
                w.Lines($"Forward(network, {LayerText.Row("inputs", "first", plan.Model.InputSize)}, ref values, count{(plan.HasNoise ? ", false" : "")});");
                w.Lines(Scatter(plan, LayerText.Row("outputs", "first", plan.Model.OutputSize)));
            }
        }
    }

    /// <summary>A loop over the blocks of rows that go through the passes together: <c>count</c> from <c>first</c> on.</summary>
    public static SourceWriter.BlockScope Blocks(SourceWriter w)
    {
        SourceWriter.BlockScope scope = w.Block("for (nuint first = 0; first < rows; first += RowsAtOnce)");
        w.Lines("nuint count = rows - first < RowsAtOnce ? rows - first : RowsAtOnce;");
        return scope;
    }

    /// <summary>Outputs from lanes to rows.</summary>
    public static string Scatter(NetworkPlan plan, string outputs, string count = "count") =>
        $"Mlp::LaneGroups.ToRows(ref At(ref values, Y), {plan.Model.OutputSize}, {count}, {outputs}, Group);";

    private static void EmitForward(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Layer by layer; the values of every layer are kept.");
        using (w.Block($"public static void Forward({string.Join(", ", ForwardParameters(plan).Select(static parameter => parameter.Declaration))})"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            DeclareGroups(w, ["x", .. plan.Layers.SelectMany(static layer => layer.ForwardValues), "y", .. plan.Last.Model.Activation == Activation.Softmax ? (string[])["s"] : []]);
            w.Lines($"Mlp::LaneGroups.FromRows(ref inputs, {plan.Model.InputSize}, rows, ref x, Group);");
            if (plan.Model.Standardize)
            {
                w.Lines("Standardize(ref x, network, rows);");
            }

            int vectors = 0;
            EmitNoise(w, plan.InputNoise, ref vectors);
            foreach (LayerPlan layer in plan.Layers)
            {
                w.Lines($"Forward{layer.Number}(ref {LayerText.Input(layer)}, {string.Join(", ", Arguments(layer).Select(static name => $"ref {name}"))}, ref parameters, rows);");
                if (HasActivationPass(layer))
                {
                    w.Lines($"Activate{layer.Number}({(layer.IsResidual ? $"ref {LayerText.Input(layer)}, " : "")}{string.Join(", ", PassArguments(layer).Select(static name => $"ref {name}"))}, rows);");
                }

                EmitNoise(w, layer.Noise, ref vectors);
            }
        }
    }

    private static (string Declaration, string Argument)[] ForwardParameters(NetworkPlan plan) =>
    [
        ("Mlp::NetworkState network", "network"), ("ref float inputs", "ref inputs"), ("ref float values", "ref values"), ("nuint rows", "rows"),
        .. plan.HasNoise ? [("bool isTraining", "isTraining")] : ((string, string)[])[],
    ];

    /// <summary>Whether a layer's activation is more than a few instructions, and therefore a pass of its own.</summary>
    private static bool HasActivationPass(LayerPlan layer) => !LaneCode.IsLight(layer.Model.Activation);

    /// <summary>The groups that a layer's method writes.</summary>
    private static IEnumerable<string> Arguments(LayerPlan layer) =>
        HasActivationPass(layer) ? [layer.Sums] : Values(layer);

    private static IEnumerable<string> Values(LayerPlan layer) =>
        ((string[])[layer.Sums, .. layer.KeepsActivation ? [layer.Activated] : (string[])[], layer.Output]).Distinct();

    /// <summary>The groups that the pass of a layer's activation reads and writes, besides the layer's inputs where these are added.</summary>
    private static IEnumerable<string> PassArguments(LayerPlan layer) =>
        Values(layer).Concat(layer.Model.Activation == Activation.Softmax ? ["s"] : []);

    /// <summary>The names that a method has for groups.</summary>
    private static string[] Parameters(IEnumerable<string> arguments) => [.. arguments.Select(static name => name.Substring(0, 1))];

    private static void EmitNoise(SourceWriter w, NoisePlan? noise, ref int vectors)
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
            DeclareGroups(w, "noise", noise.Result);
            using (w.Block("for (nuint group = 0; group < (rows + 7) / 8 * Group; group += Group)"))
            {
                string source = noise.Source;
                foreach (NoiseModel kind in noise.Kinds)
                {
                    string apply = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Apply" : "GaussianNoise.Add";
                    w.Lines($"Mlp::{apply}(ref At(ref {source}, group), ref At(ref noise, {(vectors == 0 ? "group" : $"group + {8 * vectors}")}), ref At(ref {noise.Result}, group), {8 * noise.Units});");
                    source = noise.Result;
                    vectors += noise.Units;
                }
            }

            w.Lines($"{noise.Source} = ref {noise.Result};");
        }
    }

    private static void EmitStandardize(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Inputs, centred and scaled by the training data's statistics: x = (raw − mean) / deviation.");
        LaneCode.Kernel(
            w,
            "Standardize",
            ["x"],
            ["Mlp::NetworkState network"],
            () =>
            {
                using (w.Block($"for (nuint i = 0; i < {plan.Model.InputSize}; i++)"))
                {
                    w.Lines($"{V}.Store(({V}.Load(ref x, 8 * i) - {V}.Broadcast(ref means, i)) * {V}.Broadcast(ref scales, i), ref x, 8 * i);");
                }
            },
            () => w.Lines("""
                ref float means = ref network.InputMean;
                ref float scales = ref network.InputScale;
                """));
    }

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines(string.Join("\n", [LayerText.Head(plan, layer), .. LayerText.Notes(layer)]));
        w.Lines(layer.IsNarrow
            ? "// Fewer than eight outputs: input k goes into partial sum k mod 8, the bias into partial 0; then the fold\n"
                + "// ((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7)), without the partials that have no input."
            : "// Each sum begins with the bias and takes the inputs in order; the sums of a tile of outputs grow side by side in registers.");
        if (HasActivationPass(layer))
        {
            w.Lines($"// Here up to the sums; the activation is a pass of its own, Activate{layer.Number}.");
        }

        string sums = layer.Sums.Substring(0, 1);
        bool isLight = !HasActivationPass(layer);
        LaneCode.Kernel(
            w,
            $"Forward{layer.Number}",
            ["x", .. Parameters(Arguments(layer))],
            ["ref float parameters"],
            () =>
            {
                if (layer.IsNarrow)
                {
                    EmitNarrowSums(w, layer, Finish);
                }
                else
                {
                    EmitWideSums(w, layer, Finish);
                }
            },
            isLight && layer.Model.HasSlope ? () => OutputCode.DeclareSlope(w, layer, V) : null);

        void Finish(string sum, string at)
        {
            if (!isLight || layer.Sums != layer.Output)
            {
                w.Lines($"{V}.Store({sum}, ref {sums}{at});");
            }

            if (isLight)
            {
                EmitActivation(w, layer, V, sum, "", at);
            }
        }
    }

    /// <summary>The pass of an activation that is more than a few instructions.</summary>
    private static void EmitActivationPass(SourceWriter w, LayerPlan layer)
    {
        w.Lines($"// {layer.Output} = {LayerText.Formula(layer, layer.PreActivation)}{(layer.Sums == layer.PreActivation ? "" : $", with {layer.PreActivation} where {layer.Sums} will stand")}");
        string[] groups = [.. layer.IsResidual ? ["x"] : (string[])[], .. Parameters(PassArguments(layer))];
        if (layer.Model.Activation == Activation.Softmax)
        {
            EmitSoftmax(w, layer, groups);
            return;
        }

        const string V = LaneCode.RowsV;
        string sums = layer.Sums.Substring(0, 1);
        if (layer.Outputs % 2 != 0)
        {
            LaneCode.RowsKernel(w, $"Activate{layer.Number}", groups, [], () => LaneCode.ForEachNeuron(w, layer.Outputs, at =>
                EmitActivation(w, layer, V, $"{V}.LoadRows(ref {sums}{LaneCode.Rows(at)})", "Rows", LaneCode.Rows(at))));
            return;
        }

        // A group's neurons lie next to each other: a vector of sixteen takes two.
        w.Lines(Emitted.Optimized);
        using (w.Block($"public static void Activate{layer.Number}({string.Join(", ", groups.Select(static group => $"ref float {group}"))}, nuint rows)"))
        using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
        {
            using (w.Block($"for (nuint o = 0; o < {NetworkPlanner.Lanes * layer.Outputs}; o += (nuint){V}.Count)"))
            {
                EmitActivation(w, layer, V, $"{V}.Load(ref {sums}, o)", "", ", o");
            }

            LaneCode.Advance(w, groups);
        }
    }

    private static void EmitActivation(SourceWriter w, LayerPlan layer, string v, string sum, string rows, string at)
    {
        string activation = ActivationCode.Of(layer.Model).Forward(v, sum, ActivationCode.AlphaCode(layer.Model, v));
        if (layer.KeepsActivation)
        {
            w.Lines($"{v}.Store{rows}({activation}, ref a{at});");
            activation = $"{v}.Load{rows}(ref a{at})";
        }

        w.Lines($"{v}.Store{rows}({activation}{(layer.IsResidual ? $" + {v}.Load{rows}(ref x{at})" : "")}, ref {layer.Output.Substring(0, 1)}{at});");
    }

    private static void EmitWideSums(SourceWriter w, LayerPlan layer, Action<string, string> finish) =>
        LaneCode.Tiles(w, "o", layer.Outputs, LaneCode.MaxSums, (variable, start, size) =>
        {
            LaneCode.Sums(
                w,
                "z",
                size,
                j => layer.Model.HasBias ? $"{V}.Broadcast(ref parameters, {LaneCode.Plus($"B{layer.Number}", LaneCode.Place(variable, 1, start + j))})" : $"{V}.Zero",
                "i",
                layer.Inputs,
                "x",
                LaneCode.Plus($"W{layer.Number}", LaneCode.Place(variable, 1, start)),
                neuronStride: 1,
                termStride: layer.WeightStride);
            for (int j = 0; j < size; j++)
            {
                finish($"z_{j}", LaneCode.Offset(variable, start + j));
            }
        });

    private static void EmitNarrowSums(SourceWriter w, LayerPlan layer, Action<string, string> finish) =>
        LaneCode.Tiles(w, "o", layer.Outputs, 1, (variable, _, _) =>
        {
            int partials = Math.Min(layer.Inputs, NetworkPlanner.Lanes);
            w.Lines($"ref float w = ref At(ref parameters, {LaneCode.Plus($"W{layer.Number}", LaneCode.Place(variable, layer.WeightStride, 0))});");
            for (int i = 0; i < layer.Inputs; i++)
            {
                string partial = $"p_{i % NetworkPlanner.Lanes}";
                string start = i > 0 || !layer.Model.HasBias ? $"{V}.Zero" : $"{V}.Broadcast(ref parameters, {LaneCode.Plus($"B{layer.Number}", LaneCode.Place(variable, 1, 0))})";
                w.Lines($"{(i < partials ? $"{V} " : "")}{partial} = {V}.AddProduct({(i < partials ? start : partial)}, {LaneCode.Load("x", i)}, ref w, {i});");
            }

            w.Lines($"{V} sum = {LaneCode.Fold([.. Enumerable.Range(0, partials).Select(static j => $"p_{j}")])};");
            finish("sum", LaneCode.Offset(variable, 0));
        });

    private static void EmitSoftmax(SourceWriter w, LayerPlan layer, string[] groups)
    {
        const string V = LaneCode.RowsV;
        int end = NetworkPlanner.Lanes * layer.Outputs;
        w.Lines("// Softmax as e^(z − max z) / Σ e^(z − max z): the largest exponent is 0, so nothing overflows. s keeps max z and the sum for the loss.");
        LaneCode.RowsKernel(w, $"Activate{layer.Number}", groups, [], () =>
        {
            w.Lines($$"""
                {{V}} largest = {{LaneCode.LoadRows("z", 0)}};
                for (nuint o = 8; o < {{end}}; o += 8)
                {
                    {{V}} value = {{V}}.LoadRows(ref z, o, Group);
                    largest = {{V}}.Select({{V}}.GreaterThan(value, largest), value, largest);
                }

                for (nuint o = 0; o < {{end}}; o += 8)
                {
                    {{V}}.StoreRows(Mlp::VectorMath.Exp({{V}}.LoadRows(ref z, o, Group) - largest), ref y, o, Group);
                }

                """);
            LaneCode.Sum(w, V, "total", [.. Enumerable.Range(0, layer.Outputs).Select(static o => LaneCode.LoadRows("y", o))]);
            w.Lines($$"""
                for (nuint o = 0; o < {{end}}; o += 8)
                {
                    {{V}}.StoreRows({{V}}.LoadRows(ref y, o, Group) / total, ref y, o, Group);
                }

                {{V}}.StoreRows(largest, ref s, 0, Group);
                {{V}}.StoreRows(total, ref s, 8, Group);
                """);
        });
    }
}
