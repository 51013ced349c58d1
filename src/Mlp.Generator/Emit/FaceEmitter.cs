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
        EmitNames(members, model);
        if (plan is not null)
        {
            if (model.Loss is not null)
            {
                w.Line();
                EmitNetworkInterface(w, model);
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
            /// <summary>
            /// Threads that training, gradients, evaluation and batched prediction may use; 0 means as many as pay off. Results do not depend on it.
            /// May be set at any time.
            /// </summary>
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
            /// <summary>Predicts any number of rows. May run at any time, on many threads at once; allocates nothing once warm.</summary>
            /// <param name="inputs">rows × {model.InputSize}, row-major. NaN passes through.</param>
            /// <param name="outputs">rows × {model.OutputSize}; must fit exactly and not overlap the inputs.</param>
            /// <exception cref="global::System.ArgumentException">A length is no whole number of rows, or the outputs do not fit the inputs.</exception>
            """,
            $"public void {MemberNames.Predict}({Inputs} inputs, {Outputs} outputs)",
            $$"""
            int rows = global::Mlp.CompilerServices.Arguments.CheckPrediction(inputs.Length, outputs.Length, {{MemberNames.InputSize}}, {{MemberNames.OutputSize}});
            {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(inputs), {{Refs}}(outputs), (nuint)rows);{{ToDataUnits(model, "outputs")}}
            """);
        if (model.OutputSize == 1)
        {
            members.Body(
                MemberNames.Predict,
                $"""
                /// <summary>Predicts one row. May run at any time, on many threads at once; allocates nothing once warm.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                /// <returns>The output.</returns>
                {RowError}
                """,
                $"public float {MemberNames.Predict}({Inputs} input)",
                $$"""
                global::Mlp.CompilerServices.Arguments.CheckRow(input.Length, {{MemberNames.InputSize}}, "input");
                float output = 0f;
                {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(input), ref output, 1);{{ToDataUnits(model, "new(ref output)")}}
                return output;
                """);
        }
        else
        {
            members.Body(
                MemberNames.Predict,
                $"""
                /// <summary>Predicts one row. May run at any time, on many threads at once.</summary>
                /// <param name="inputs">{Values(model.InputSize)}.</param>
                /// <returns>The {model.OutputSize} outputs, in a new array.</returns>
                {RowError}
                """,
                $"public float[] {MemberNames.Predict}({Inputs} inputs)",
                $$"""
                global::Mlp.CompilerServices.Arguments.CheckRow(inputs.Length, {{MemberNames.InputSize}}, "inputs");
                float[] outputs = new float[{{MemberNames.OutputSize}}];
                {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(inputs), ref outputs[0], 1);{{ToDataUnits(model, "outputs")}}
                return outputs;
                """);
        }

        if (model.Loss == LossFunction.CrossEntropy)
        {
            members.Body(
                MemberNames.PredictClass,
                $"""
                /// <summary>The most probable class of one row. May run at any time, on many threads at once; allocates nothing once warm.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                /// <returns>Index of the largest output, the first of equal ones: 0 to {model.OutputSize - 1}.</returns>
                {RowError}
                """,
                $"public int {MemberNames.PredictClass}({Inputs} input)",
                $$"""
                global::Mlp.CompilerServices.Arguments.CheckRow(input.Length, {{MemberNames.InputSize}}, "input");
                {{(model.OutputSize <= MostOnStack
                    ? $"{Outputs} outputs = stackalloc float[{MemberNames.OutputSize}];"
                    : $"float[] outputs = global::System.Buffers.ArrayPool<float>.Shared.Rent({MemberNames.OutputSize});")}}
                {{MemberNames.KernelsType}}.Predict({{MemberNames.NetworkField}}, {{Refs}}(input), ref outputs[0], 1);
                {{(model.OutputSize <= MostOnStack
                    ? "return global::Mlp.CompilerServices.Classes.LargestOf(outputs);"
                    : $"""
                    int largest = global::Mlp.CompilerServices.Classes.LargestOf(global::System.MemoryExtensions.AsSpan(outputs, 0, {MemberNames.OutputSize}));
                    global::System.Buffers.ArrayPool<float>.Shared.Return(outputs);
                    return largest;
                    """)}}
                """);
        }
        else if (model.Classifies)
        {
            (string summary, string least) = model.Loss == LossFunction.BCE
                ? ("The class of one row: 1 where its probability is at least 0.5, else 0.", "0.5f")
                : ("The class of one row, that of the output's sign: 1 where the output is at least 0, else 0.", "0f");
            members.Body(
                MemberNames.PredictClass,
                $"""
                /// <summary>{summary} May run at any time, on many threads at once; allocates nothing once warm.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                {RowError}
                """,
                $"public int {MemberNames.PredictClass}({Inputs} input)",
                $"""
                global::Mlp.CompilerServices.Arguments.CheckRow(input.Length, {MemberNames.InputSize}, "input");
                float output = 0f;
                {MemberNames.KernelsType}.Predict({MemberNames.NetworkField}, {Refs}(input), ref output, 1);
                return output >= {least} ? 1 : 0;
                """);
        }

        if (model.Classifies)
        {
            members.Body(
                MemberNames.PredictLabel,
                $"""
                /// <summary>The name of the class of one row, that of <c>PredictClass</c>; its index as text where the network has no names. May run at any time.</summary>
                /// <param name="input">{Values(model.InputSize)}.</param>
                {RowError}
                """,
                $"public string {MemberNames.PredictLabel}({Inputs} input)",
                $"return {MemberNames.NetworkField}.NameOfClass({MemberNames.PredictClass}(input));");
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
        string unlearned = model.LearnsStatistics ? ", or its statistics are not learned yet" : "";
        string range = model.Loss is LossFunction.BCE or LossFunction.CrossEntropy or LossFunction.Poisson or LossFunction.Hinge
            ? ", or a target is out of the loss's range"
            : "";
        string errors = $"""
            /// <exception cref="global::System.ArgumentException">The spans do not hold the same number of rows, or none{range}.</exception>
            /// <exception cref="global::System.InvalidOperationException">The network is training{unlearned}; nothing was changed.</exception>
            /// <exception cref="global::Mlp.NonFiniteLossException">The loss or an input is NaN or infinite; nothing was changed.</exception>
            """;
        string weightedErrors = errors.Replace("or none", "or none, or a weight is negative or not finite");
        string scaled = model.LossOptions.StandardizeTargets ? ", in units of the scaled targets" : "";
        members.Body(
            MemberNames.Train,
            $"""
            /// <summary>
            /// Trains from where training stands: parameters, optimizer's state and counters go on, so that two runs of 3 epochs are one of 6. Runs alone.
            /// </summary>
            /// <param name="data">The training data.</param>
            /// <param name="options">Epochs, batch size, optimizer and so on; null for their defaults.</param>
            /// <param name="cancellationToken">Ends training between two batches.</param>
            /// <returns>Loss{scaled}, accuracy and time of each epoch.</returns>
            /// <exception cref="global::System.ArgumentException">The data do not fit the network, or have other names; nothing was changed.</exception>
            /// <exception cref="global::System.InvalidOperationException">The network is training already; nothing was changed.</exception>
            /// <exception cref="global::System.OperationCanceledException">Training was cancelled; the network is as of its last completed step.</exception>
            /// <exception cref="global::System.Threading.ThreadInterruptedException">The thread was interrupted; the network is as of its last completed step.</exception>
            /// <exception cref="global::Mlp.NonFiniteLossException">The loss or an input, or a parameter after an epoch, is NaN or infinite; the network is as of its last completed step.</exception>
            """,
            $"public global::Mlp.TrainingHistory {MemberNames.Train}(global::Mlp.Dataset data, global::Mlp.TrainingOptions? options = null, global::System.Threading.CancellationToken cancellationToken = default)",
            "return global::Mlp.CompilerServices.Trainer.Train(this, data, options, cancellationToken);");
        members.Body(
            MemberNames.Evaluate,
            """
            /// <summary>Loss and, for classes, accuracy on a data set, in the mode of <c>Predict</c>. May run at any time, on many threads at once.</summary>
            /// <param name="data">The data.</param>
            /// <exception cref="global::System.ArgumentException">The data do not fit the network, or have other names.</exception>
            """,
            $"public global::Mlp.Evaluation {MemberNames.Evaluate}(global::Mlp.Dataset data)",
            "return global::Mlp.CompilerServices.Trainer.Evaluate(this, data);");
        members.Body(
            MemberNames.TrainStep,
            $"""
            /// <summary>One optimizer step on one mini-batch. The optimizer's state is kept from call to call. Runs alone; allocates nothing once warm.</summary>
            {batch}
            /// <param name="optimizer">The optimizer; one of another kind starts with a state of its own.</param>
            /// <returns>The mean loss of the batch before the update{scaled}.</returns>
            {errors}
            """,
            $"public float {MemberNames.TrainStep}({Inputs} inputs, {Inputs} targets, global::Mlp.Optimizer optimizer)",
            "return global::Mlp.CompilerServices.TrainingSteps.TrainStep(this, inputs, targets, optimizer);");
        members.Body(
            MemberNames.TrainStep,
            $"""
            /// <summary>One optimizer step on one mini-batch of weighted rows: its loss is Σ weight·loss / Σ weight. Runs alone; allocates nothing once warm.</summary>
            {batch}
            /// <param name="weights">One weight a row, finite and at least 0; empty where all rows count alike.</param>
            /// <param name="optimizer">The optimizer; one of another kind starts with a state of its own.</param>
            /// <returns>The mean loss of the batch before the update{scaled}.</returns>
            {weightedErrors}
            """,
            $"public float {MemberNames.TrainStep}({Inputs} inputs, {Inputs} targets, {Inputs} weights, global::Mlp.Optimizer optimizer)",
            "return global::Mlp.CompilerServices.TrainingSteps.TrainStep(this, inputs, targets, weights, optimizer);");
        members.Body(
            MemberNames.ComputeGradients,
            $"""
            /// <summary>The mean loss of a batch and its gradient, without dropout and noise; changes nothing. Runs alone; allocates nothing once warm.</summary>
            {statistics}{batch}
            /// <param name="gradients">Receives the gradient: exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
            /// <returns>The mean loss{scaled}.</returns>
            {errors}
            """,
            $"public float {MemberNames.ComputeGradients}({Inputs} inputs, {Inputs} targets, {Outputs} gradients)",
            "return global::Mlp.CompilerServices.TrainingSteps.ComputeGradients(this, inputs, targets, gradients);");
        members.Body(
            MemberNames.ComputeGradients,
            $"""
            /// <summary>
            /// The mean loss of a batch of weighted rows, Σ weight·loss / Σ weight, and its gradient, without dropout and noise; changes nothing.
            /// Runs alone; allocates nothing once warm.
            /// </summary>
            {statistics}{batch}
            /// <param name="weights">One weight a row, finite and at least 0; empty where all rows count alike.</param>
            /// <param name="gradients">Receives the gradient: exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
            /// <returns>The mean loss{scaled}.</returns>
            {weightedErrors}
            """,
            $"public float {MemberNames.ComputeGradients}({Inputs} inputs, {Inputs} targets, {Inputs} weights, {Outputs} gradients)",
            "return global::Mlp.CompilerServices.TrainingSteps.ComputeGradients(this, inputs, targets, weights, gradients);");
        if (model.InputGradients)
        {
            EmitInputGradients(members, model, batch, errors);
        }

        members.Body(
            MemberNames.ApplyGradients,
            """
            /// <summary>One optimizer step with gradients that were computed before; bit for bit what <c>TrainStep</c> does with the same ones. Runs alone.</summary>
            /// <param name="gradients">Exactly ParameterCount floats, in the order of <c>CopyParametersTo</c>.</param>
            /// <param name="optimizer">The optimizer; its state is the one of <c>TrainStep</c>.</param>
            /// <exception cref="global::System.ArgumentException">The gradients do not fit, or one is not finite; nothing was changed.</exception>
            /// <exception cref="global::System.InvalidOperationException">The network is training; nothing was changed.</exception>
            """,
            $"public void {MemberNames.ApplyGradients}({Inputs} gradients, global::Mlp.Optimizer optimizer)",
            $"global::Mlp.CompilerServices.TrainingSteps.ApplyGradients({Field}, gradients, optimizer);");
        EmitTrainingState(members);
    }

    private static void EmitTrainingState(MemberWriter members)
    {
        const string Field = MemberNames.NetworkField;
        const string Busy = "/// <exception cref=\"global::System.InvalidOperationException\">The network is training; nothing was changed.</exception>";
        members.Body(
            MemberNames.ResetTraining,
            $"""
            /// <summary>Drops the optimizer's state, and counts epochs and steps from 0 again; parameters and statistics stay. Runs alone.</summary>
            {Busy}
            """,
            $"public void {MemberNames.ResetTraining}()",
            $"{Field}.ResetTraining();");
        members.Body(
            MemberNames.ReleaseTrainingBuffers,
            $"""
            /// <summary>Gives back the memory that only training needs, the optimizer's state included; the next step takes it anew. Runs alone.</summary>
            {Busy}
            """,
            $"public void {MemberNames.ReleaseTrainingBuffers}()",
            $"{Field}.ReleaseTrainingBuffers();");
        members.Lines(
            MemberNames.EpochsTrained,
            $"""
            /// <summary>
            /// Epochs that <c>Train</c> has completed since the network was made, loaded or reset. Random numbers of training are keyed by it.
            /// May be read at any time.
            /// </summary>
            {members.Expression($"public int {MemberNames.EpochsTrained}", $"{Field}.EpochsTrained")}
            """);
        members.Lines(
            MemberNames.StepsTrained,
            $"""
            /// <summary>
            /// Steps of optimizers since the network was made, loaded or reset. Random numbers of training are keyed by it.
            /// May be read at any time.
            /// </summary>
            {members.Expression($"public long {MemberNames.StepsTrained}", $"{Field}.StepsTrained")}
            """);
    }

    private static void EmitNames(MemberWriter members, NetworkModel model)
    {
        const string Names = "global::System.Collections.Generic.IReadOnlyList<string>?";
        Property(MemberNames.InputNames, "Names of the input columns");
        if (model.Classifies)
        {
            Property(MemberNames.ClassNames, "Names of the classes");
        }

        void Property(string name, string what) => members.Lines(
            name,
            $"""
            /// <summary>
            /// {what}, those of the data that first trained the network; null where that had none. Files keep them.
            /// May be read at any time.
            /// </summary>
            {members.Expression($"public {Names} {name}", $"{MemberNames.NetworkField}.{name}")}
            """);
    }

    private static void EmitInputGradients(MemberWriter members, NetworkModel model, string batch, string errors)
    {
        const string Field = MemberNames.NetworkField;
        const string Refs = "ref Interop::MemoryMarshal.GetReference";
        members.Body(
            MemberNames.InputGradients,
            $"""
            /// <summary>The mean loss of a batch and its derivative by every input, in the mode of <c>ComputeGradients</c>. Runs alone; allocates nothing once warm.</summary>
            {batch}
            /// <param name="gradients">Receives rows × {model.InputSize}: how the mean loss changes with each input. Undefined after an exception.</param>
            /// <returns>The mean loss.</returns>
            {errors}
            """,
            $"public float {MemberNames.InputGradients}({Inputs} inputs, {Inputs} targets, {Outputs} gradients)",
            $$"""
            using (global::Mlp.CompilerServices.ExclusiveUse use = {{Field}}.Exclusively("{{MemberNames.InputGradients}}"))
            {
                global::Mlp.CompilerServices.TrainingBatch batch = global::Mlp.CompilerServices.CheckedBatch.ForInputGradients({{Field}}, inputs, targets, gradients.Length);
                return {{MemberNames.KernelsType}}.InputGradients({{Field}}, batch, {{Refs}}(gradients));
            }
            """);
        members.Body(
            MemberNames.InputGradients,
            $"""
            /// <summary>The derivative of every output by every input, for any number of rows, in the mode of <c>Predict</c>. May run at any time; allocates nothing once warm.</summary>
            /// <param name="inputs">rows × {model.InputSize}, row-major.</param>
            /// <param name="jacobian">Receives rows × {model.OutputSize} × {model.InputSize}: for each row and output, its derivatives by the inputs. Must fit exactly.</param>
            /// <exception cref="global::System.ArgumentException">A length is no whole number of rows, or the results do not fit the inputs.</exception>
            """,
            $"public void {MemberNames.InputGradients}({Inputs} inputs, {Outputs} jacobian)",
            $$"""
            int rows = global::Mlp.CompilerServices.Arguments.CheckJacobian(inputs.Length, jacobian.Length, {{MemberNames.InputSize}}, {{MemberNames.OutputSize}});
            {{MemberNames.KernelsType}}.Jacobians({{Field}}, {{Refs}}(inputs), {{Refs}}(jacobian), (nuint)rows);{{(model.LossOptions.StandardizeTargets ? $"\n{Field}.Standardization.JacobianToDataUnits(jacobian);" : "")}}
            """);
    }

    private static void EmitParameters(MemberWriter members, NetworkModel model)
    {
        const string Field = MemberNames.NetworkField;
        const string Wrong = "/// <exception cref=\"global::System.ArgumentException\">The span has another length; nothing was changed.</exception>";
        members.Body(
            MemberNames.CopyParametersTo,
            $"""
            /// <summary>
            /// Copies the trained parameters out, layer by layer: weights [inputs × outputs] row-major, then biases{OtherParameters(model)}. They are not all
            /// of a network that also has statistics; <c>Clone</c> and <c>CopyFrom</c> take these too. May run at any time.
            /// </summary>
            /// <param name="destination">Exactly ParameterCount floats.</param>
            {Wrong}
            """,
            $"public void {MemberNames.CopyParametersTo}({Outputs} destination)",
            $"{Field}.CopyParametersTo(destination);");
        members.Body(
            MemberNames.LoadParameters,
            $"""
            /// <summary>
            /// Replaces the trained parameters alone, in the order of <c>CopyParametersTo</c>, and drops the optimizer's state. Statistics of inputs, targets
            /// and batch normalization stay; <c>CopyFrom</c> takes them too. Runs alone.
            /// </summary>
            /// <param name="parameters">Exactly ParameterCount floats.</param>
            {Wrong}
            /// <exception cref="global::System.InvalidOperationException">The network is training; nothing was changed.</exception>
            """,
            $"public void {MemberNames.LoadParameters}({Inputs} parameters)",
            $"{Field}.LoadParameters(parameters);");
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            members.Lines(
                layer.Name,
                $"""
                /// <summary>
                /// {LayerText.Declaration(layer)}: <c>Weights[i, o]</c>, [{layer.Inputs} × {layer.Outputs}]{(layer.HasBias ? $", and <c>Biases[o]</c>, [{layer.Outputs}]" : "")}{(layer.IsNormalized ? ", <c>Gains[o]</c> and <c>Shifts[o]</c>" : "")}{(layer.HasSlope ? ", and <c>Slope</c>" : "")}, read and written in place.
                /// May be read at any time; what is written during training may be lost.
                /// </summary>
                {members.Expression($"public global::Mlp.DenseLayer {CSharpName.Escape(layer.Name)}", $"{Field}.View({i})")}
                """);
        }
    }

    private static void EmitFiles(MemberWriter members, NetworkModel model)
    {
        const string Field = MemberNames.NetworkField;
        const string Busy = "/// <exception cref=\"global::System.InvalidOperationException\">One of the networks is training; nothing was changed.</exception>";
        const string Unsaved = """
            /// <exception cref="global::System.InvalidOperationException">A parameter or statistic is not finite; nothing was written.</exception>
            """;
        members.Body(
            MemberNames.Save,
            $"""
            /// <summary>
            /// Saves the network as a safetensors file, which appears complete or not at all; links are followed, an older file's mode is kept.
            /// May run at any time; during training the file may hold weights of two steps.
            /// </summary>
            /// <param name="path">The file; an existing one is replaced.</param>
            {Unsaved}
            /// <exception cref="global::System.IO.IOException">The path leads to no regular file, or the file cannot be written; an older one is as it was.</exception>
            /// <exception cref="global::System.UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
            """,
            $"public void {MemberNames.Save}(string path)",
            $"global::Mlp.CompilerServices.NetworkFile.Save({Field}, path);");
        members.Body(
            MemberNames.Save,
            $"""
            /// <summary>
            /// Writes the network in the safetensors format, from the stream's present position on, and flushes it.
            /// May run at any time; during training the file may hold weights of two steps.
            /// </summary>
            /// <param name="stream">Where to write; stays open.</param>
            {Unsaved}
            """,
            $"public void {MemberNames.Save}(global::System.IO.Stream stream)",
            $"global::Mlp.CompilerServices.NetworkFile.Save({Field}, stream);");
        EmitLoad(members, model, "string path", "path", "Loads a network from a safetensors file", "The file.");
        EmitLoad(members, model, "global::System.IO.Stream stream", "stream", "Reads a network in the safetensors format", "Where to read, from its present position to its end; stays open.");
        members.Body(
            MemberNames.Clone,
            $"""
            /// <summary>An independent copy with the same seed: a new network that takes what <c>CopyFrom</c> does. Runs alone.</summary>
            /// <exception cref="global::System.InvalidOperationException">The network is training.</exception>
            """,
            $"public {model.FullName} {MemberNames.Clone}()",
            $"return new {model.FullName}({Field}.Clone());");
        members.Body(
            MemberNames.CopyFrom,
            $"""
            /// <summary>
            /// Takes the parameters, all statistics and the names of another network, whole, and drops the optimizer's state; seed and counters stay.
            /// So a network goes back to an earlier state of its own, kept by <c>Clone</c>. Runs alone, on both networks.
            /// </summary>
            /// <param name="other">The network to copy.</param>
            {Busy}
            """,
            $"public void {MemberNames.CopyFrom}({model.FullName} other)",
            $"""
            global::System.ArgumentNullException.ThrowIfNull(other);
            {Field}.CopyFrom(other.{Field});
            """);
        if (model.LearnsStatistics)
        {
            members.Body(
                MemberNames.LearnInputStatistics,
                $"""
                /// <summary>
                /// Learns {(!model.Standardize ? "" : model.LossOptions.StandardizeTargets ? "mean and deviation of every input and target column" : "mean and deviation of every input column")}{(model.Standardize ? "" : "mean and deviation of every target column")} from a data set, in place of any that were learned; parameters stay.
                /// The first <c>Train</c> does it by itself, loops of <c>TrainStep</c> begin with it. Runs alone.
                /// </summary>
                /// <param name="data">The training data; rows count by their weights, where they have any.</param>
                /// <exception cref="global::System.ArgumentException">The data do not fit the network; nothing was changed.</exception>
                /// <exception cref="global::Mlp.NonFiniteLossException">A value is NaN or infinite; nothing was changed.</exception>
                {Busy}
                """,
                $"public void {MemberNames.LearnInputStatistics}(global::Mlp.Dataset data)",
                $"global::Mlp.CompilerServices.Trainer.LearnInputStatistics({Field}, data);");
        }
    }

    /// <summary>The three ways to load from a path or a stream.</summary>
    private static void EmitLoad(MemberWriter members, NetworkModel model, string parameter, string argument, string summary, string meaning)
    {
        string call = $"global::Mlp.CompilerServices.NetworkFile.Load({MemberNames.KernelsType}.Layout, {argument}";
        string source = $"/// <param name=\"{argument}\">{meaning}</param>";
        string options = $"""
            {source}
            /// <param name="options">Which of the file's tensors become which of the network's, and what stays fresh.</param>
            """;
        const string Invalid = """
            /// <exception cref="global::System.IO.InvalidDataException">The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.</exception>
            """;
        const string Unknown = """
            /// <exception cref="global::System.ArgumentException">The options name a layer or tensor that the network does not have.</exception>
            """;
        members.Body(
            MemberNames.Load,
            $"""
            /// <summary>{summary}.</summary>
            {source}
            {Invalid}
            """,
            $"public static {model.FullName} {MemberNames.Load}({parameter})",
            $"return new {model.FullName}({call}));");
        members.Body(
            MemberNames.Load,
            $"""
            /// <summary>{summary} that is not simply this network's: with other names, other layers, or no statistics.</summary>
            {options}
            {Invalid}
            {Unknown}
            """,
            $"public static {model.FullName} {MemberNames.Load}({parameter}, global::Mlp.LoadOptions options)",
            $"return {MemberNames.Load}({argument}, options, out global::Mlp.LoadReport _);");
        members.Body(
            MemberNames.Load,
            $"""
            /// <summary>{summary} that is not simply this network's, and reports what was taken.</summary>
            {options}
            /// <param name="report">Which tensors were loaded, are fresh, or were left in the file.</param>
            {Invalid}
            {Unknown}
            """,
            $"public static {model.FullName} {MemberNames.Load}({parameter}, global::Mlp.LoadOptions options, out global::Mlp.LoadReport report)",
            $"return new {model.FullName}({call}, options, out report));");
    }

    private static void EmitNetworkInterface(SourceWriter w, NetworkModel model)
    {
        const string Refs = "ref Interop::MemoryMarshal.GetReference";
        string self = $"global::Mlp.INetwork<{model.FullName}>";
        w.Lines($$"""
            static int {{self}}.InputSize => {{MemberNames.InputSize}};

            static int {{self}}.OutputSize => {{MemberNames.OutputSize}};

            static {{model.FullName}} {{self}}.Create(int seed) => new(seed);

            global::Mlp.CompilerServices.NetworkState global::Mlp.CompilerServices.INetwork.State => {{MemberNames.NetworkField}};

            void global::Mlp.CompilerServices.INetwork.ComputeLosses({{Inputs}} inputs, {{Inputs}} targets, {{Outputs}} outputs, {{Outputs}} losses)
            {
                global::Mlp.CompilerServices.Arguments.CheckLosses(inputs.Length, targets.Length, outputs.Length, losses.Length, {{MemberNames.InputSize}}, {{MemberNames.OutputSize}});
                {{MemberNames.KernelsType}}.ComputeLosses({{MemberNames.NetworkField}}, {{Refs}}(inputs), {{Refs}}(targets), {{Refs}}(outputs), {{Refs}}(losses), (nuint)losses.Length);
            }

            float global::Mlp.CompilerServices.IGradientSource.Backpropagate<TSink>(scoped in global::Mlp.CompilerServices.TrainingBatch batch, scoped TSink sink) =>
                {{MemberNames.KernelsType}}.Backpropagate({{MemberNames.NetworkField}}, batch, sink);
            """);
    }

    /// <summary>The statement by which predictions of a network that standardises targets leave it.</summary>
    private static string ToDataUnits(NetworkModel model, string outputs) => model.LossOptions.StandardizeTargets
        ? $"\n{MemberNames.NetworkField}.Standardization.ToDataUnits({outputs});"
        : "";

    /// <summary>What follows the biases in some layer of the network, as the end of a list.</summary>
    private static string OtherParameters(NetworkModel model) =>
        (model.Layers.Items.Any(static layer => layer.IsNormalized) ? ", gains, shifts" : "")
        + (model.Layers.Items.Any(static layer => layer.HasSlope) ? ", slope" : "");

    private static string Values(int size) => size == 1 ? "One value" : $"{size} values";
}
