using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>
/// Writes the members that users call. For a faulty declaration it writes the same members with bodies that throw what is wrong.
/// </summary>
internal static class FaceEmitter
{
    private const string Inputs = "System::ReadOnlySpan<float>";
    private const string Outputs = "System::Span<float>";
    private const string Optimizer = "global::Mlp.Optimizer optimizer";
    private const string State = "Mlp::NetworkState";
    private const string Field = MemberNames.NetworkField;
    private const string Kernels = MemberNames.KernelsType;
    private const string Contract = MemberWriter.Contract;

    /// <summary>Outputs that a prediction keeps on the stack, 4 KiB; more are rented.</summary>
    private const int MostOnStack = 1024;

    public static void Emit(SourceWriter w, NetworkModel model, NetworkPlan? plan)
    {
        MemberWriter members = new(w, model);
        EmitSizes(members, model);
        EmitConstruction(members, model);
        string passes = plan is null ? "" : Emitted.Passes(plan);
        string training = plan is null ? "" : Emitted.Training(plan);
        EmitPrediction(members, model, passes);
        if (model.Loss is not null)
        {
            EmitTraining(members, model, training);
        }

        if (model.Record is not null)
        {
            RecordMembers.Emit(members, model, model.Record);
        }

        EmitParameters(members, model);
        EmitFiles(members, model);
        EmitNames(members, model);
        if (plan is not null)
        {
            if (model.Loss is not null)
            {
                w.Line();
                EmitNetworkInterface(w, model, training);
                if (model.Record is not null)
                {
                    RecordMembers.EmitInterface(w, model, model.Record);
                }
            }

            w.Line();
            LayoutEmitter.Emit(w, plan);
        }
    }

    /// <summary>Documentation of the class, for those who hover over it: the table of <c>Summary</c> as a chain, and what a prediction costs.</summary>
    public static string ClassDocumentation(NetworkModel model)
    {
        string[] steps =
        [
            model.Record is null
                ? $"Input({Literals.Of(model.InputSize)}{(model.Standardize ? ", standardised" : "")})"
                : $"Input&lt;{Escape(model.Record.ShortName)}&gt;({Literals.Of(model.InputSize)})",
            .. model.Record?.Columns.Items.Where(static column => column.Width > 0).Select(static column => $"{column.Name} · {column.Declaration}") ?? [],
            .. model.IsEnsemble ? [Formulas.Ensemble(model)] : (string[])[],
            .. model.InputNoise.Select(Formulas.Declaration),
            .. model.Layers.Items.SelectMany(static layer => layer.Noise.Select(Formulas.Declaration).Prepend($"{layer.Name} · {Formulas.Declaration(layer)}")),
            .. model.Loss is null ? [] : (string[])[LossFormulas.Declaration(model)],
        ];
        RowCost cost = RowCost.Of(model);
        steps[steps.Length - 1] += $": {Literals.Grouped(model.ParameterCount)} parameters; "
            + $"{Literals.Grouped(cost.MultiplyAdds)} multiply-adds and {Literals.Grouped(cost.Bytes)} bytes a prediction.</remarks>";
        return TextLines.Join("/// <remarks>", " → ", steps, "\n/// ", TextLines.MostColumnsOutside);
    }

    private static void EmitSizes(MemberWriter members, NetworkModel model)
    {
        members.Constant(MemberNames.InputSize, model.InputSize, Contract + MemberNames.InputSize);
        members.Constant(MemberNames.OutputSize, model.OutputSize, Contract + MemberNames.OutputSize);
        members.Constant(MemberNames.ParameterCount, Math.Min(model.ParameterCount, int.MaxValue));
        members.Public(
            MemberNames.Summary,
            $$""""
            public static string {{MemberNames.Summary}} => """
                {{FileHeader.Table(model).Replace("\n", "\n    ")}}
                """;
            """");
    }

    private static void EmitConstruction(MemberWriter members, NetworkModel model)
    {
        members.Group();
        members.Internal($"private readonly {State} {Field};");
        members.Constructor("int seed = 0", $"{Field} = new({Kernels}.Layout, seed)", Contract + "Create");
        members.Internal($"private {model.ClassName}({State} network) => {Field} = network;");
        members.Variable("int", MemberNames.Threads, $"{Field}.Threads");
    }

    private static void EmitPrediction(MemberWriter members, NetworkModel model, string passes)
    {
        members.Block(
            "void",
            MemberNames.Predict,
            $"{Inputs} inputs, {Outputs} outputs",
            $"""
            int rows = Mlp::Arguments.CheckPrediction(inputs.Length, outputs.Length, {MemberNames.InputSize}, {MemberNames.OutputSize});
            {passes}.Predict({Field}, {Ref("inputs")}, {Ref("outputs")}, (nuint)rows);{ToDataUnits(model, "outputs")}
            """,
            Contract + MemberNames.Predict);
        if (model.OutputSize == 1)
        {
            members.Block(
                "float",
                MemberNames.Predict,
                $"{Inputs} input",
                $"""
                Mlp::Arguments.CheckRow(input.Length, {MemberNames.InputSize}, "input");
                float output = 0f;
                {passes}.Predict({Field}, {Ref("input")}, ref output, 1);{ToDataUnits(model, "new(ref output)")}
                return output;
                """,
                "PredictValue");
        }
        else
        {
            members.Block(
                "float[]",
                MemberNames.Predict,
                $"{Inputs} inputs",
                $"""
                Mlp::Arguments.CheckRow(inputs.Length, {MemberNames.InputSize}, "inputs");
                float[] outputs = new float[{MemberNames.OutputSize}];
                {passes}.Predict({Field}, {Ref("inputs")}, ref outputs[0], 1);{ToDataUnits(model, "outputs")}
                return outputs;
                """,
                "PredictRow");
        }

        if (model.Classifies)
        {
            EmitClassification(members, model, passes);
        }

        if (model.IsEnsemble)
        {
            members.Block(
                "float",
                MemberNames.PredictSpread,
                $"{Inputs} input",
                $"""
                Mlp::Arguments.CheckRow(input.Length, {MemberNames.InputSize}, "input");
                return {passes}.Spread({Field}, {Ref("input")});
                """);
        }

        if (model.HasThreshold)
        {
            members.Variable("double", MemberNames.Threshold, $"{Field}.Threshold");
        }
    }

    private static void EmitClassification(MemberWriter members, NetworkModel model, string passes)
    {
        const string Input = $"{Inputs} input";
        if (model.Loss == LossFunction.CrossEntropy)
        {
            bool isOnStack = model.OutputSize <= MostOnStack;
            members.Block(
                "int",
                MemberNames.PredictClass,
                Input,
                $"""
                Mlp::Arguments.CheckRow(input.Length, {MemberNames.InputSize}, "input");
                {(isOnStack
                    ? $"{Outputs} outputs = stackalloc float[{MemberNames.OutputSize}];"
                    : $"float[] outputs = System::Buffers.ArrayPool<float>.Shared.Rent({MemberNames.OutputSize});")}
                {passes}.Predict({Field}, {Ref("input")}, ref outputs[0], 1);
                {(isOnStack
                    ? $"return Mlp::Classes.LargestOf(outputs);"
                    : $"""
                    int largest = Mlp::Classes.LargestOf(System::MemoryExtensions.AsSpan(outputs, 0, {MemberNames.OutputSize}));
                    System::Buffers.ArrayPool<float>.Shared.Return(outputs);
                    return largest;
                    """)}
                """,
                "PredictClassOfLargest");
        }
        else
        {
            (string least, string documented) =
                model.HasThreshold ? (MemberNames.Threshold, "PredictClassOfProbability") : ("0f", "PredictClassOfSign");
            members.Group();
            members.Method("int", MemberNames.PredictClass, Input, $"{MemberNames.Predict}(input) >= {least} ? 1 : 0", documented);
        }

        members.Method("string", MemberNames.PredictLabel, Input, $"{Field}.NameOfClass({MemberNames.PredictClass}(input))");
    }

    private static void EmitTraining(MemberWriter members, NetworkModel model, string training)
    {
        const string Batch = $"{Inputs} inputs, {Inputs} targets";
        const string Run =
            "global::Mlp.Dataset data, global::Mlp.TrainingOptions? options = null, System::Threading.CancellationToken cancellationToken = default";
        members.Group();
        members.Method(
            "global::Mlp.TrainingHistory", MemberNames.Train, Run, "Mlp::Trainer.Train(this, data, options, cancellationToken)", Contract + MemberNames.Train);
        members.Method(
            "System::Collections.Generic.IAsyncEnumerable<global::Mlp.EpochResult>",
            MemberNames.TrainAsync,
            Run,
            "Mlp::Trainer.TrainAsync(this, data, options, cancellationToken)");
        members.Method(
            "global::Mlp.Evaluation", MemberNames.Evaluate, "global::Mlp.Dataset data", "Mlp::Trainer.Evaluate(this, data)", Contract + MemberNames.Evaluate);
        members.Method(
            "global::Mlp.Evaluation",
            MemberNames.Evaluate,
            "global::Mlp.Dataset data, System::Collections.Generic.IReadOnlyList<global::Mlp.Metric> metrics",
            "Mlp::Trainer.Evaluate(this, data, metrics)",
            "EvaluateMetrics");
        EmitReport(members, model);

        members.Group();
        members.Method("float", MemberNames.TrainStep, $"{Batch}, {Optimizer}", $"Mlp::TrainingSteps.TrainStep(this, inputs, targets, optimizer)");
        members.Method(
            "float",
            MemberNames.TrainStep,
            $"{Batch}, {Inputs} weights, {Optimizer}",
            $"Mlp::TrainingSteps.TrainStep(this, inputs, targets, weights, optimizer)",
            "WeightedTrainStep");

        members.Method(
            "float", MemberNames.ComputeGradients, $"{Batch}, {Outputs} gradients", $"Mlp::TrainingSteps.ComputeGradients(this, inputs, targets, gradients)");
        members.Method(
            "float",
            MemberNames.ComputeGradients,
            $"{Batch}, {Inputs} weights, {Outputs} gradients",
            $"Mlp::TrainingSteps.ComputeGradients(this, inputs, targets, weights, gradients)",
            "ComputeWeightedGradients");
        if (model.InputGradients)
        {
            EmitInputGradients(members, model, training, Batch);
        }

        members.Method("void", MemberNames.ApplyGradients, $"{Inputs} gradients, {Optimizer}", $"Mlp::TrainingSteps.ApplyGradients({Field}, gradients, optimizer)");
        members.Variable("double", MemberNames.LearningRateFactor, $"{Field}.LearningRateFactor");

        members.Group();
        members.Method("void", MemberNames.ResetTraining, "", $"{Field}.ResetTraining()");
        members.Method("void", MemberNames.ReleaseTrainingBuffers, "", $"{Field}.ReleaseTrainingBuffers()");
        members.Property("int", MemberNames.EpochsTrained, $"{Field}.EpochsTrained");
        members.Property("long", MemberNames.StepsTrained, $"{Field}.StepsTrained");
    }

    /// <summary>The kind of report that the loss asks for.</summary>
    public static string ReportKind(NetworkModel model) =>
        model.Classifies ? "Classification" : model.Loss is LossFunction.BCE or LossFunction.Hinge ? "MultiLabel" : "Regression";

    private static void EmitReport(MemberWriter members, NetworkModel model)
    {
        string kind = ReportKind(model);
        members.Method(
            $"global::Mlp.{kind}Report",
            MemberNames.Report,
            "global::Mlp.Dataset data",
            $"Mlp::Judge.Report{kind}(this, data)",
            $"Report{kind}");
    }

    private static void EmitInputGradients(MemberWriter members, NetworkModel model, string training, string batch)
    {
        members.Block(
            "float",
            MemberNames.InputGradients,
            $"{batch}, {Outputs} gradients",
            $$"""
            using (Mlp::ExclusiveUse use = {{Field}}.Exclusively("{{MemberNames.InputGradients}}"))
            {
                Mlp::TrainingBatch batch = Mlp::CheckedBatch.ForInputGradients({{Field}}, inputs, targets, gradients.Length);
                return {{training}}.InputGradients({{Field}}, batch, {{Ref("gradients")}});
            }
            """);
        members.Block(
            "void",
            MemberNames.InputGradients,
            $"{Inputs} inputs, {Outputs} jacobian",
            $"""
            int rows = Mlp::Arguments.CheckJacobian(inputs.Length, jacobian.Length, {MemberNames.InputSize}, {MemberNames.OutputSize});
            {training}.Jacobians({Field}, {Ref("inputs")}, {Ref("jacobian")}, (nuint)rows);{(model.LossOptions.StandardizeTargets ? $"\n{Field}.Standardization.JacobianToDataUnits(jacobian);" : "")}
            """,
            "InputJacobian");
    }

    private static void EmitParameters(MemberWriter members, NetworkModel model)
    {
        members.Group();
        members.Method("void", MemberNames.CopyParametersTo, $"{Outputs} destination", $"{Field}.CopyParametersTo(destination)");
        members.Method("void", MemberNames.LoadParameters, $"{Inputs} parameters", $"{Field}.LoadParameters(parameters)");
        if (model.HasProbabilities)
        {
            members.Method("double", MemberNames.Calibrate, "global::Mlp.Dataset data", "Mlp::Judge.Calibrate(this, data)");
        }

        ViewWriter.Emit(members, model);
    }

    private static void EmitFiles(MemberWriter members, NetworkModel model)
    {
        const string Path = "string path";
        const string Stream = "System::IO.Stream stream";
        members.Group();
        members.Method("void", MemberNames.Save, Path, $"Mlp::NetworkFile.Save({Field}, path)", "SaveFile");
        members.Method("void", MemberNames.Save, Stream, $"Mlp::NetworkFile.Save({Field}, stream)", Contract + MemberNames.Save);
        members.Method("void", MemberNames.SaveOnnx, Path, $"Mlp::OnnxFile.Save({Field}, path)", "SaveOnnxFile");
        members.Method("void", MemberNames.SaveOnnx, Stream, $"Mlp::OnnxFile.Save({Field}, stream)", "SaveOnnxStream");
        EmitLoad(members, model, Path, "path", "LoadFile", "LoadFile");
        EmitLoad(members, model, Stream, "stream", "LoadStream", Contract + MemberNames.Load);
        if (model.Weights is not null)
        {
            EmitTrained(members, model, model.Weights);
        }

        members.Group();
        members.Method(model.FullName, MemberNames.Clone, "", $"new({Field}.Clone())", Contract + MemberNames.Clone);
        members.Method("void", MemberNames.CopyFrom, $"{model.FullName} other", $"{Field}.CopyFrom(other?.{Field})", Contract + MemberNames.CopyFrom);
        if (model.LearnsStatistics)
        {
            members.Method("void", MemberNames.LearnInputStatistics, "global::Mlp.Dataset data", $"Mlp::Trainer.LearnInputStatistics({Field}, data)");
        }
    }

    /// <summary>The three ways to load from a path or a stream.</summary>
    private static void EmitLoad(MemberWriter members, NetworkModel model, string parameter, string argument, string documented, string plainDocumented)
    {
        string type = $"static {model.FullName}";
        string options = $"{parameter}, global::Mlp.LoadOptions options";
        string call = $"new(Mlp::NetworkFile.Load({Kernels}.Layout, {argument}";
        members.Method(type, MemberNames.Load, parameter, $"{call}))", plainDocumented);
        members.Method(type, MemberNames.Load, options, $"{MemberNames.Load}({argument}, options, out global::Mlp.LoadReport _)", $"{documented}WithOptions");
        members.Method(
            type, MemberNames.Load, $"{options}, out global::Mlp.LoadReport report", $"{call}, options, out report))", $"{documented}WithReport");
    }

    /// <summary>
    /// The network of the weights in the assembly: a class of its own loads it, so that this happens once, at the first use, whatever thread it is on.
    /// </summary>
    private static void EmitTrained(MemberWriter members, NetworkModel model, string weights)
    {
        const string Type = MemberNames.WeightsType;
        members.Group();
        members.Property($"static {model.FullName}", MemberNames.Trained, $"{Type}.Network");
        members.Internal(
            $"private static class {Type} {{ public static readonly {model.FullName} Network = new(Mlp::NetworkFile.LoadEmbedded({Kernels}.Layout, "
            + $"typeof({model.FullName}).Assembly, {Literals.Text(weights)})); }}");
    }

    private static void EmitNames(MemberWriter members, NetworkModel model)
    {
        const string Names = "System::Collections.Generic.IReadOnlyList<string>?";
        members.Property(Names, MemberNames.InputNames, $"{Field}.InputNames");
        if (model.Classifies)
        {
            members.Property(Names, MemberNames.ClassNames, $"{Field}.ClassNames");
        }
    }

    private static void EmitNetworkInterface(SourceWriter w, NetworkModel model, string training)
    {
        string self = $"global::Mlp.INetwork<{model.FullName}>";
        w.Lines($$"""
            static int {{self}}.InputSize => {{MemberNames.InputSize}};
            static int {{self}}.OutputSize => {{MemberNames.OutputSize}};
            static {{model.FullName}} {{self}}.Create(int seed) => new(seed);
            {{State}} Mlp::INetwork.State => {{Field}};
            float Mlp::IGradientSource.Backpropagate<TSink>(scoped in Mlp::TrainingBatch batch, scoped TSink sink) =>
                {{training}}.Backpropagate({{Field}}, batch, sink);
            """);
        w.Lines(MemberWriter.Arrow(
            $"void Mlp::INetwork.ComputeLosses({Inputs} inputs, {Inputs} targets, {Outputs} outputs, {Outputs} losses)",
            $"{training}.ComputeLosses({Field}, inputs, targets, outputs, losses)"));
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static string Ref(string span) => $"ref Interop::MemoryMarshal.GetReference({span})";

    /// <summary>The statement by which predictions of a network that standardises targets leave it.</summary>
    private static string ToDataUnits(NetworkModel model, string outputs) =>
        model.LossOptions.StandardizeTargets ? $"\n{Field}.Standardization.ToDataUnits({outputs});" : "";
}
