using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>
/// Writes the members that users call. For a faulty declaration it writes the same members with bodies that throw what is wrong.
/// </summary>
internal static class FaceEmitter
{
    private const string Inputs = "global::System.ReadOnlySpan<float>";
    private const string Outputs = "global::System.Span<float>";

    /// <summary>Outputs that a prediction keeps on the stack, 4 KiB; more are rented.</summary>
    private const int MostOnStack = 1024;

    public static void Emit(SourceWriter w, NetworkModel model, NetworkPlan? plan)
    {
        MemberWriter members = new(w, model);
        EmitSizes(members, model);
        EmitConstruction(w, model, members);
        EmitPrediction(members, model);
        if (model.Loss is not null)
        {
            EmitTraining(members, model);
        }

        EmitParameters(members, model);
        EmitFiles(members, model);
        if (plan is not null)
        {
            if (model.Loss is not null)
            {
                w.Line();
                EmitNetworkInterface(w);
            }

            w.Line();
            LayoutEmitter.Emit(w, plan);
        }
    }

    /// <summary>Documentation of the class: the table of <c>Summary</c>, so that hovering shows it.</summary>
    public static string ClassDocumentation(NetworkModel model) =>
        $"""
        /// <remarks>
        /// <code>
        /// {FileHeader.Table(model).Replace("\n", "\n/// ")}
        /// </code>
        /// </remarks>
        """;

    private static void EmitSizes(MemberWriter members, NetworkModel model)
    {
        Constant(MemberNames.InputSize, "Number of input columns.", model.InputSize);
        Constant(MemberNames.OutputSize, "Number of output columns.", model.OutputSize);
        Constant(MemberNames.ParameterCount, "Number of trained parameters.", Math.Min(model.ParameterCount, int.MaxValue));
        members.Lines(
            MemberNames.Summary,
            $$""""
            /// <summary>The table of layers, shapes and parameter counts.</summary>
            public static string {{MemberNames.Summary}} =>
                """
                {{FileHeader.Table(model).Replace("\n", "\n    ")}}
                """;
            """");

        void Constant(string name, string summary, long value) => members.Lines(
            name,
            $"""
            /// <summary>{summary}</summary>
            public const int {name} = {value};
            """);
    }

    private static void EmitConstruction(SourceWriter w, NetworkModel model, MemberWriter members)
    {
        if (model.Fault is null)
        {
            w.Line();
            w.Lines($"private readonly global::Mlp.CompilerServices.NetworkState {MemberNames.NetworkField};");
        }

        members.Body(
            MemberNames.Constructor,
            "/// <summary>Makes a network with fresh weights.</summary>\n"
            + "/// <param name=\"seed\">Key of the network's random numbers. Initial weights depend on it, the layer and the index alone.</param>",
            $"public {model.ClassName}(int seed = 0)",
            $"{MemberNames.NetworkField} = new global::Mlp.CompilerServices.NetworkState({MemberNames.KernelsType}.Layout, seed);");
        if (model.Fault is null)
        {
            w.Line();
            w.Lines($"private {model.ClassName}(global::Mlp.CompilerServices.NetworkState network) => {MemberNames.NetworkField} = network;");
        }

        members.Lines(
            MemberNames.Threads,
            $$"""
            /// <summary>Threads that training, gradients, evaluation and batched prediction may use; 0 means as many as pay off. Results do not depend on it.</summary>
            /// <exception cref="global::System.ArgumentOutOfRangeException">The value is negative.</exception>
            public int {{MemberNames.Threads}}
            {
                {{members.Expression("get", $"{MemberNames.NetworkField}.Threads")}}
                {{members.Expression("set", $"{MemberNames.NetworkField}.Threads = value")}}
            }
            """);
    }

    private static void EmitPrediction(MemberWriter members, NetworkModel model)
    {
        const string Refs = "ref Interop::MemoryMarshal.GetReference";
        const string RowError = "/// <exception cref=\"global::System.ArgumentException\">The span is not one row.</exception>";
        members.Body(
            MemberNames.Predict,
            $"""
            /// <summary>Predicts any number of rows. May run on many threads at once; allocates nothing once warm.</summary>
            /// <param name="inputs">rows × {model.InputSize}, row-major. NaN passes through.</param>
            /// <param name="outputs">rows × {model.OutputSize}; must fit exactly and not overlap the inputs.</param>
            /// <exception cref="global::System.ArgumentException">A length is no whole number of rows, or the outputs do not fit the inputs.</exception>
            """,
            $"public void {MemberNames.Predict}({Inputs} inputs, {Outputs} outputs)",
            $$"""
            int rows = global::Mlp.CompilerServices.NetworkState.CheckPrediction(inputs.Length, outputs.Length, {{MemberNames.InputSize}}, {{MemberNames.OutputSize}});
            {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(inputs), {{Refs}}(outputs), (nuint)rows);
            """);
        if (model.OutputSize == 1)
        {
            members.Body(
                MemberNames.Predict,
                $"""
                /// <summary>Predicts one row. Allocates nothing once warm.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                /// <returns>The output.</returns>
                {RowError}
                """,
                $"public float {MemberNames.Predict}({Inputs} input)",
                $$"""
                global::Mlp.CompilerServices.NetworkState.CheckRow(input.Length, {{MemberNames.InputSize}}, "input");
                float output = 0f;
                {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(input), ref output, 1);
                return output;
                """);
        }
        else
        {
            members.Body(
                MemberNames.Predict,
                $"""
                /// <summary>Predicts one row.</summary>
                /// <param name="inputs">{Values(model.InputSize)}.</param>
                /// <returns>The {model.OutputSize} outputs, in a new array.</returns>
                {RowError}
                """,
                $"public float[] {MemberNames.Predict}({Inputs} inputs)",
                $$"""
                global::Mlp.CompilerServices.NetworkState.CheckRow(inputs.Length, {{MemberNames.InputSize}}, "inputs");
                float[] outputs = new float[{{MemberNames.OutputSize}}];
                {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(inputs), ref outputs[0], 1);
                return outputs;
                """);
        }

        if (model.Loss == LossFunction.CrossEntropy)
        {
            members.Body(
                MemberNames.PredictClass,
                $"""
                /// <summary>The most probable class of one row. Allocates nothing once warm.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                /// <returns>Index of the largest output, the first of equal ones: 0 to {model.OutputSize - 1}.</returns>
                {RowError}
                """,
                $"public int {MemberNames.PredictClass}({Inputs} input)",
                $$"""
                global::Mlp.CompilerServices.NetworkState.CheckRow(input.Length, {{MemberNames.InputSize}}, "input");
                {{(model.OutputSize <= MostOnStack
                    ? $"{Outputs} outputs = stackalloc float[{MemberNames.OutputSize}];"
                    : $"float[] outputs = global::System.Buffers.ArrayPool<float>.Shared.Rent({MemberNames.OutputSize});")}}
                {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(input), ref outputs[0], 1);
                {{(model.OutputSize <= MostOnStack
                    ? "return global::Mlp.CompilerServices.NetworkState.LargestOf(outputs);"
                    : $"""
                    int largest = global::Mlp.CompilerServices.NetworkState.LargestOf(global::System.MemoryExtensions.AsSpan(outputs, 0, {MemberNames.OutputSize}));
                    global::System.Buffers.ArrayPool<float>.Shared.Return(outputs);
                    return largest;
                    """)}}
                """);
        }
        else if (model is { Loss: LossFunction.BCE or LossFunction.Hinge, OutputSize: 1 })
        {
            (string summary, string least) = model.Loss == LossFunction.BCE
                ? ("The class of one row: 1 where its probability is at least 0.5, else 0.", "0.5f")
                : ("The class of one row, that of the output's sign: 1 where the output is at least 0, else 0.", "0f");
            members.Body(
                MemberNames.PredictClass,
                $"""
                /// <summary>{summary} Allocates nothing once warm.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                {RowError}
                """,
                $"public int {MemberNames.PredictClass}({Inputs} input)",
                $"""
                global::Mlp.CompilerServices.NetworkState.CheckRow(input.Length, {MemberNames.InputSize}, "input");
                float output = 0f;
                {MemberNames.KernelsType}.Predict({MemberNames.NetworkField}, {Refs}(input), ref output, 1);
                return output >= {least} ? 1 : 0;
                """);
        }
    }

    private static void EmitTraining(MemberWriter members, NetworkModel model)
    {
        const string Field = MemberNames.NetworkField;
        string batch = $"""
            /// <param name="inputs">rows × {model.InputSize}, row-major, at least one row.</param>
            /// <param name="targets">rows × {model.OutputSize}.</param>
            """;
        string statistics = model.Layers.Items.Any(static layer => layer.Normalization == Normalization.Batch)
            ? "/// <remarks>Batch normalization uses the batch's own statistics; only <c>TrainStep</c> and <c>Train</c> move the running ones.</remarks>\n"
            : "";
        const string Errors = """
            /// <exception cref="global::System.ArgumentException">The spans do not hold the same number of rows, or none.</exception>
            /// <exception cref="global::Mlp.NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
            """;
        members.Body(
            MemberNames.Train,
            """
            /// <summary>Trains from the present parameters on; the optimizer's state starts fresh.</summary>
            /// <param name="data">The training data.</param>
            /// <param name="options">Epochs, batch size, optimizer and so on; null for their defaults.</param>
            /// <param name="cancellationToken">Ends training between two batches.</param>
            /// <returns>Loss, accuracy and time of each epoch.</returns>
            /// <exception cref="global::System.ArgumentException">The data do not fit the network.</exception>
            /// <exception cref="global::System.OperationCanceledException">Training was cancelled; the network is as of its last completed step.</exception>
            /// <exception cref="global::Mlp.NonFiniteLossException">The loss or an input is NaN or infinite; the network is as of its last completed step.</exception>
            """,
            $"public global::Mlp.TrainingHistory {MemberNames.Train}(global::Mlp.Dataset data, global::Mlp.TrainingOptions? options = null, global::System.Threading.CancellationToken cancellationToken = default)",
            "return global::Mlp.CompilerServices.Trainer.Train(this, data, options, cancellationToken);");
        members.Body(
            MemberNames.Evaluate,
            """
            /// <summary>Loss and, for classes, accuracy on a data set, in the mode of <c>Predict</c>.</summary>
            /// <param name="data">The data.</param>
            /// <exception cref="global::System.ArgumentException">The data do not fit the network.</exception>
            """,
            $"public global::Mlp.Evaluation {MemberNames.Evaluate}(global::Mlp.Dataset data)",
            "return global::Mlp.Evaluation.Of(this, data);");
        members.Body(
            MemberNames.TrainStep,
            $"""
            /// <summary>One optimizer step on one mini-batch. The optimizer's state is kept from call to call. Allocates nothing once warm.</summary>
            {batch}
            /// <param name="optimizer">The optimizer; one of another kind starts with a state of its own.</param>
            /// <returns>The mean loss of the batch before the update.</returns>
            {Errors}
            """,
            $"public float {MemberNames.TrainStep}({Inputs} inputs, {Inputs} targets, global::Mlp.Optimizer optimizer)",
            $"return {Field}.TrainStep(this, inputs, targets, optimizer);");
        members.Body(
            MemberNames.TrainStep,
            $"""
            /// <summary>One optimizer step on one mini-batch of weighted rows: its loss is Σ weight·loss / Σ weight. Allocates nothing once warm.</summary>
            {batch}
            /// <param name="weights">One weight a row, finite and at least 0; empty where all rows count alike.</param>
            /// <param name="optimizer">The optimizer; one of another kind starts with a state of its own.</param>
            /// <returns>The mean loss of the batch before the update.</returns>
            /// <exception cref="global::System.ArgumentException">The spans do not hold the same number of rows, or none, or a weight is negative or not finite.</exception>
            /// <exception cref="global::Mlp.NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
            """,
            $"public float {MemberNames.TrainStep}({Inputs} inputs, {Inputs} targets, {Inputs} weights, global::Mlp.Optimizer optimizer)",
            $"return {Field}.TrainStep(this, inputs, targets, weights, optimizer);");
        members.Body(
            MemberNames.ComputeGradients,
            $"""
            /// <summary>The mean loss of a batch and its gradient, without dropout and noise; changes nothing. Allocates nothing once warm.</summary>
            {statistics}{batch}
            /// <param name="gradients">Receives the gradient: exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
            /// <returns>The mean loss.</returns>
            {Errors}
            """,
            $"public float {MemberNames.ComputeGradients}({Inputs} inputs, {Inputs} targets, {Outputs} gradients)",
            $"return {Field}.ComputeGradients(this, inputs, targets, gradients);");
        members.Body(
            MemberNames.ComputeGradients,
            $"""
            /// <summary>
            /// The mean loss of a batch of weighted rows, Σ weight·loss / Σ weight, and its gradient, without dropout and noise; changes nothing.
            /// Allocates nothing once warm.
            /// </summary>
            {statistics}{batch}
            /// <param name="weights">One weight a row, finite and at least 0; empty where all rows count alike.</param>
            /// <param name="gradients">Receives the gradient: exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
            /// <returns>The mean loss.</returns>
            /// <exception cref="global::System.ArgumentException">The spans do not hold the same number of rows, or none, or a weight is negative or not finite.</exception>
            /// <exception cref="global::Mlp.NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
            """,
            $"public float {MemberNames.ComputeGradients}({Inputs} inputs, {Inputs} targets, {Inputs} weights, {Outputs} gradients)",
            $"return {Field}.ComputeGradients(this, inputs, targets, weights, gradients);");
        if (model.InputGradients)
        {
            EmitInputGradients(members, model, batch, Errors);
        }

        members.Body(
            MemberNames.ApplyGradients,
            """
            /// <summary>One optimizer step with gradients that were computed before; bit for bit what <c>TrainStep</c> does with the same ones.</summary>
            /// <param name="gradients">Exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
            /// <param name="optimizer">The optimizer; its state is the one of <c>TrainStep</c>.</param>
            /// <exception cref="global::System.ArgumentException">The gradients do not fit, or one is not finite; nothing was changed.</exception>
            """,
            $"public void {MemberNames.ApplyGradients}({Inputs} gradients, global::Mlp.Optimizer optimizer)",
            $"{Field}.ApplyGradients(gradients, optimizer);");
    }

    private static void EmitInputGradients(MemberWriter members, NetworkModel model, string batch, string errors)
    {
        const string Field = MemberNames.NetworkField;
        const string Refs = "ref Interop::MemoryMarshal.GetReference";
        members.Body(
            MemberNames.InputGradients,
            $"""
            /// <summary>The mean loss of a batch and its derivative by every input, in the mode of <c>ComputeGradients</c>. Allocates nothing once warm.</summary>
            {batch}
            /// <param name="gradients">Receives rows × {model.InputSize}: how the mean loss changes with each input. Undefined after an exception.</param>
            /// <returns>The mean loss.</returns>
            {errors}
            """,
            $"public float {MemberNames.InputGradients}({Inputs} inputs, {Inputs} targets, {Outputs} gradients)",
            $$"""
            global::Mlp.CompilerServices.TrainingBatch batch = {{Field}}.GradientBatch(inputs, targets, gradients.Length);
            return {{MemberNames.KernelsType}}.InputGradients({{Field}}, batch, {{Refs}}(gradients));
            """);
        members.Body(
            MemberNames.InputGradients,
            $"""
            /// <summary>The derivative of every output by every input, for any number of rows, in the mode of <c>Predict</c>. Allocates nothing once warm.</summary>
            /// <param name="inputs">rows × {model.InputSize}, row-major.</param>
            /// <param name="jacobian">Receives rows × {model.OutputSize} × {model.InputSize}: for each row and output, its derivatives by the inputs. Must fit exactly.</param>
            /// <exception cref="global::System.ArgumentException">A length is no whole number of rows, or the results do not fit the inputs.</exception>
            """,
            $"public void {MemberNames.InputGradients}({Inputs} inputs, {Outputs} jacobian)",
            $$"""
            int rows = global::Mlp.CompilerServices.NetworkState.CheckJacobian(inputs.Length, jacobian.Length, {{MemberNames.InputSize}}, {{MemberNames.OutputSize}});
            {{MemberNames.KernelsType}}.Jacobians({{Field}}, {{Refs}}(inputs), {{Refs}}(jacobian), (nuint)rows);
            """);
    }

    private static void EmitParameters(MemberWriter members, NetworkModel model)
    {
        const string Field = MemberNames.NetworkField;
        const string Wrong = "/// <exception cref=\"global::System.ArgumentException\">The span has another length; nothing was changed.</exception>";
        members.Body(
            MemberNames.CopyParametersTo,
            $"""
            /// <summary>Copies the parameters out, layer by layer: weights [inputs × outputs] row-major, then biases{OtherParameters(model)}.</summary>
            /// <param name="destination">Exactly ParameterCount floats.</param>
            {Wrong}
            """,
            $"public void {MemberNames.CopyParametersTo}({Outputs} destination)",
            $"{Field}.CopyParametersTo(destination);");
        members.Body(
            MemberNames.LoadParameters,
            $"""
            /// <summary>Replaces all parameters, in the order of <c>CopyParametersTo</c>.</summary>
            /// <param name="parameters">Exactly ParameterCount floats.</param>
            {Wrong}
            """,
            $"public void {MemberNames.LoadParameters}({Inputs} parameters)",
            $"{Field}.LoadParameters(parameters);");
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            members.Lines(
                layer.Name,
                $"""
                /// <summary>{LayerText.Declaration(layer)}: <c>Weights[i, o]</c>, [{layer.Inputs} × {layer.Outputs}]{(layer.HasBias ? $", and <c>Biases[o]</c>, [{layer.Outputs}]" : "")}{(layer.IsNormalized ? ", <c>Gains[o]</c> and <c>Shifts[o]</c>" : "")}{(layer.HasSlope ? ", and <c>Slope</c>" : "")}, read and written in place.</summary>
                {members.Expression($"public global::Mlp.DenseLayer {CSharpName.Escape(layer.Name)}", $"{Field}.View({i})")}
                """);
        }
    }

    private static void EmitFiles(MemberWriter members, NetworkModel model)
    {
        const string Field = MemberNames.NetworkField;
        const string Invalid = "/// <exception cref=\"global::System.IO.InvalidDataException\">The file is damaged, or holds another architecture.</exception>";
        members.Body(
            MemberNames.Save,
            """
            /// <summary>Saves the network as a safetensors file: written under a temporary name, then moved into place.</summary>
            /// <param name="path">The file; an existing one is replaced.</param>
            """,
            $"public void {MemberNames.Save}(string path)",
            $"global::Mlp.CompilerServices.NetworkFile.Save({Field}, path);");
        members.Body(
            MemberNames.Save,
            """
            /// <summary>Writes the network in the safetensors format.</summary>
            /// <param name="stream">Where to write; stays open.</param>
            """,
            $"public void {MemberNames.Save}(global::System.IO.Stream stream)",
            $"global::Mlp.CompilerServices.NetworkFile.Save({Field}, stream);");
        members.Body(
            MemberNames.Load,
            $"""
            /// <summary>Loads a network from a safetensors file.</summary>
            /// <param name="path">The file.</param>
            {Invalid}
            """,
            $"public static {model.FullName} {MemberNames.Load}(string path)",
            $"return new {model.FullName}(global::Mlp.CompilerServices.NetworkFile.Load({MemberNames.KernelsType}.Layout, path));");
        members.Body(
            MemberNames.Load,
            $"""
            /// <summary>Reads a network in the safetensors format.</summary>
            /// <param name="stream">Where to read, to its end; stays open.</param>
            {Invalid}
            """,
            $"public static {model.FullName} {MemberNames.Load}(global::System.IO.Stream stream)",
            $"return new {model.FullName}(global::Mlp.CompilerServices.NetworkFile.Load({MemberNames.KernelsType}.Layout, stream));");
        members.Body(
            MemberNames.Clone,
            "/// <summary>An independent copy of the parameters and of all statistics; the optimizer's state starts fresh.</summary>",
            $"public {model.FullName} {MemberNames.Clone}()",
            $"return new {model.FullName}({Field}.Clone());");
    }

    private static void EmitNetworkInterface(SourceWriter w)
    {
        const string Refs = "ref Interop::MemoryMarshal.GetReference";
        w.Lines($$"""
            global::Mlp.CompilerServices.NetworkState global::Mlp.CompilerServices.INetwork.State => {{MemberNames.NetworkField}};

            void global::Mlp.CompilerServices.INetwork.ComputeLosses({{Inputs}} inputs, {{Inputs}} targets, {{Outputs}} outputs, {{Outputs}} losses) =>
                {{MemberNames.KernelsType}}.ComputeLosses({{MemberNames.NetworkField}}, {{Refs}}(inputs), {{Refs}}(targets), {{Refs}}(outputs), {{Refs}}(losses), (nuint)losses.Length);

            float global::Mlp.CompilerServices.IGradientSource.Backpropagate<TSink>(scoped in global::Mlp.CompilerServices.TrainingBatch batch, scoped TSink sink) =>
                {{MemberNames.KernelsType}}.Backpropagate({{MemberNames.NetworkField}}, batch, sink);
            """);
    }

    /// <summary>What follows the biases in some layer of the network, as the end of a list.</summary>
    private static string OtherParameters(NetworkModel model) =>
        (model.Layers.Items.Any(static layer => layer.IsNormalized) ? ", gains, shifts" : "")
        + (model.Layers.Items.Any(static layer => layer.HasSlope) ? ", slope" : "");

    private static string Values(int size) => size == 1 ? "One value" : $"{size} values";
}
