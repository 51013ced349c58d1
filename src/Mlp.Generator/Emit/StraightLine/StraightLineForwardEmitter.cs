using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the forward pass of a small network: eight samples at a time, one local a neuron, no loops over neurons.</summary>
internal static class StraightLineForwardEmitter
{
    private const string V = Emitted.Vec8;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        StraightLineBuffers buffers = new(plan);
        w.Lines("// Small enough for straight-line code: a lane is a row, so eight rows are computed at once, and no loop runs over the terms of a sum.");
        w.Line();
        w.Lines("// Where the store keeps the parameters; weights [input][output], each group padded to whole vectors.");
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Lines($"private const int W{layer.Number} = {layer.WeightsOffset}; // [{layer.Inputs}][{layer.Outputs}]");
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
        EmitForward(w, plan);
        w.Line();
        EmitStaging(w, plan);
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Line();
            EmitLayer(w, plan, layer);
        }

        if (plan.Last.Model.Activation == Activation.Softmax)
        {
            w.Line();
            EmitSoftmax(w, plan.Model.OutputSize);
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
                w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasNoise ? ", ref values, false" : "")});");
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

    private static string Times(string index, int factor) => LayerText.Times(index, factor);

    private static void EmitForward(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// All layers for eight rows; the values of every layer are kept in memory, a vector a neuron.");
        string training = plan.HasNoise ? ", ref float noise, bool isTraining" : "";
        using (w.Block($"private static void Forward(global::Mlp.NetworkState network, ref float inputs, ref float values, int count{training})"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            DeclareGroups(w, ["x", .. plan.Layers.SelectMany(static layer => layer.ForwardValues), "y", .. plan.Last.Model.Activation == Activation.Softmax ? (string[])["s"] : []]);
            w.Lines($"ToLanes(ref inputs, {plan.Model.InputSize}, ref x, count);");
            if (plan.Model.Standardize)
            {
                w.Lines("Standardize(network, ref x);");
            }

            int vectors = 0;
            EmitNoise(w, plan.InputNoise, ref vectors);
            foreach (LayerPlan layer in plan.Layers)
            {
                w.Lines($"Forward{layer.Number}(ref {LayerText.Input(layer)}, {string.Join(", ", Arguments(layer).Select(static name => $"ref {name}"))});");
                EmitNoise(w, layer.Noise, ref vectors);
            }
        }
    }

    /// <summary>What a layer's method reads besides its inputs, and what it writes, by the names of the groups.</summary>
    private static IEnumerable<string> Arguments(LayerPlan layer) =>
    [
        "parameters",
        .. ((string[])[layer.Sums, .. layer.KeepsActivation ? [layer.Activated] : (string[])[], layer.Output]).Distinct(),
        .. layer.Model.Activation == Activation.Softmax ? ["s"] : (string[])[],
    ];

    /// <summary>The same by the names that the layer's method has for them.</summary>
    private static string[] Parameters(LayerPlan layer) =>
        [.. Arguments(layer).Select(static name => name is "parameters" ? name : name.Substring(0, 1))];

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
            DeclareGroups(w, noise.Result);
            string source = noise.Source;
            foreach (NoiseModel kind in noise.Kinds)
            {
                string apply = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Apply" : "GaussianNoise.Add";
                w.Lines($"{Emitted.Numerics}.{apply}(ref {source}, {(vectors == 0 ? "ref noise" : $"ref At(ref noise, {8 * vectors})")}, ref {noise.Result}, {8 * noise.Units});");
                source = noise.Result;
                vectors += noise.Units;
            }

            w.Lines($"{noise.Source} = ref {noise.Result};");
        }
    }

    private static void EmitStaging(SourceWriter w, NetworkPlan plan)
    {
        w.Lines($$"""
            // From rows to lanes: column i of the first `count` rows becomes vector i. Lanes without a row repeat the last one.
            private static void ToLanes(ref float rows, nuint columns, ref float lanes, int count)
            {
                for (nuint i = 0; i < columns; i++)
                {
                    {{V}}.Store({{V}}.GatherFirst(ref At(ref rows, i), columns, count), ref lanes, 8 * i);
                }
            }
            """);
        if (!plan.Model.Standardize)
        {
            return;
        }

        w.Line();
        w.Lines($$"""
            // Inputs, centred and scaled by the training data's statistics: x = (raw − mean) / deviation.
            private static void Standardize(global::Mlp.NetworkState network, ref float x)
            {
                ref float means = ref network.InputMean;
                ref float scales = ref network.InputScale;
                for (nuint i = 0; i < {{plan.Model.InputSize}}; i++)
                {
                    {{V}}.Store(({{V}}.Load(ref x, 8 * i) - {{V}}.Broadcast(ref means, i)) * {{V}}.Broadcast(ref scales, i), ref x, 8 * i);
                }
            }
            """);
    }

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines(string.Join("\n", [LayerText.Head(plan, layer), .. LayerText.Notes(layer)]));
        w.Lines(layer.Outputs < NetworkPlanner.Lanes
            ? "// Fewer than eight outputs: input k goes into partial sum k mod 8, the bias into partial 0; then the fold\n"
                + "// ((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7)), without the partials that have no input."
            : "// Each sum begins with the bias and takes the inputs in order.");
        string sums = layer.Sums.Substring(0, 1);
        LaneCode.Method(
            w,
            $"Forward{layer.Number}",
            ["x", .. Parameters(layer)],
            layer.Outputs,
            layer.Inputs,
            (first, end) =>
            {
                for (int i = 0; i < layer.Inputs; i++)
                {
                    w.Lines($"{V} x_{i} = {LaneCode.Load("x", i)};");
                }

                for (int o = first; o < end; o++)
                {
                    w.Line();
                    EmitPreActivation(w, layer, o);
                    w.Lines(LaneCode.Store($"z_{o}", sums, o));
                }
            },
            layer.Model.Activation == Activation.Linear && layer.Sums == layer.Output && !layer.IsResidual ? null : () => EmitActivation(w, layer, sums));
    }

    private static void EmitActivation(SourceWriter w, LayerPlan layer, string sums)
    {
        if (layer.Model.Activation == Activation.Softmax)
        {
            w.Lines("Softmax(ref z, ref y, ref s);");
            return;
        }

        OutputCode.DeclareSlope(w, layer, V);
        LaneCode.ForEachNeuron(w, layer.Outputs, at =>
        {
            string activation = ActivationCode.Of(layer.Model).Forward(V, $"{V}.Load(ref {sums}{at})", ActivationCode.AlphaCode(layer.Model, V));
            if (layer.KeepsActivation)
            {
                w.Lines($"{V} activated = {activation};");
                w.Lines($"{V}.Store(activated, ref a{at});");
                activation = "activated";
            }

            w.Lines($"{V}.Store({activation}{(layer.IsResidual ? $" + {V}.Load(ref x{at})" : "")}, ref {layer.Output.Substring(0, 1)}{at});");
        });
    }

    private static void EmitPreActivation(SourceWriter w, LayerPlan layer, int o)
    {
        string start = layer.Model.HasBias ? $"{V}.Broadcast(ref parameters, {LaneCode.At($"B{layer.Number}", o)})" : $"{V}.Zero";
        string Weight(int i) => LaneCode.At($"W{layer.Number}", (i * layer.Outputs) + o);
        if (layer.Outputs >= NetworkPlanner.Lanes || layer.Inputs == 1)
        {
            w.Lines($"{V} z_{o} = {start};");
            for (int i = 0; i < layer.Inputs; i++)
            {
                w.Lines($"z_{o} = {V}.AddProduct(z_{o}, x_{i}, ref parameters, {Weight(i)});");
            }

            return;
        }

        int partials = Math.Min(layer.Inputs, NetworkPlanner.Lanes);
        for (int j = 0; j < partials; j++)
        {
            w.Lines($"{V} z_{o}p{j} = {V}.AddProduct({(j == 0 ? start : $"{V}.Zero")}, x_{j}, ref parameters, {Weight(j)});");
        }

        for (int i = partials; i < layer.Inputs; i++)
        {
            w.Lines($"z_{o}p{i % 8} = {V}.AddProduct(z_{o}p{i % 8}, x_{i}, ref parameters, {Weight(i)});");
        }

        w.Lines($"{V} z_{o} = {LaneCode.Fold([.. Enumerable.Range(0, partials).Select(j => $"z_{o}p{j}")])};");
    }

    private static void EmitSoftmax(SourceWriter w, int outputs)
    {
        w.Lines("// y = e^(z − max z) / Σ e^(z − max z): the largest exponent is 0, so nothing overflows. s keeps max z and the sum for the loss.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void Softmax(ref float z, ref float y, ref float s)"))
        {
            w.Lines($$"""
                {{V}} largest = {{V}}.Load(ref z);
                for (nuint o = 8; o < {{8 * outputs}}; o += 8)
                {
                    {{V}} value = {{V}}.Load(ref z, o);
                    largest = {{V}}.Select({{V}}.GreaterThan(value, largest), value, largest);
                }

                for (nuint o = 0; o < {{8 * outputs}}; o += 8)
                {
                    {{V}}.Store({{Emitted.Numerics}}.VectorMath.Exp({{V}}.Load(ref z, o) - largest), ref y, o);
                }

                """);
            LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(static o => LaneCode.Load("y", o))]);
            w.Lines($$"""
                for (nuint o = 0; o < {{8 * outputs}}; o += 8)
                {
                    {{V}}.Store({{V}}.Load(ref y, o) / total, ref y, o);
                }

                {{V}}.Store(largest, ref s);
                {{V}}.Store(total, ref s, 8);
                """);
        }
    }
}
