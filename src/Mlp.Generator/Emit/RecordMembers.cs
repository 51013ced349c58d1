using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>Writes the members that take records.</summary>
internal static class RecordMembers
{
    private const string Field = MemberNames.NetworkField;
    private const string Options = "global::Mlp.TrainingOptions? options = null, System::Threading.CancellationToken cancellationToken = default";

    /// <summary>Inputs that a prediction keeps on the stack, 4 KiB; more are rented.</summary>
    private const int MostOnStack = 1024;

    public static void Emit(MemberWriter members, NetworkModel model, RecordModel record)
    {
        members.Access = record.Access;
        members.Documentation = "Mlp::IRecordMembers{TRecord}.";
        string rows = Rows(record);
        string encoder = $"Mlp::RecordEncoder<{record.TypeName}, {MemberNames.ColumnsType}>";
        EmitPrediction(members, model, record);
        members.Group();
        members.Method("void", MemberNames.Fit, $"{rows} rows", $"{encoder}.Fit({Field}, rows)");
        if (model.Loss is not null)
        {
            EmitTraining(members, model, record, encoder);
        }

        if (record.CanBeMade)
        {
            members.Method($"static {rows}", MemberNames.ReadRows, "string path", $"{encoder}.ReadRows(path)");
            members.Method($"static {rows}", MemberNames.ReadRows, "System::Data.Common.DbDataReader reader", $"{encoder}.ReadRows(reader)", "ReadRowsOfReader");
        }

        members.Access = "public";
        members.Documentation = MemberWriter.Members;
    }

    public static void EmitInterface(SourceWriter w, NetworkModel model, RecordModel record)
    {
        string self = $"global::Mlp.INetwork<{model.FullName}, {record.TypeName}>";
        string rows = Rows(record);
        w.Lines($"""
            void {self}.{MemberNames.Fit}(
                {rows} rows) => {MemberNames.Fit}(rows);
            void {self}.{MemberNames.Encode}(
                {record.TypeName} row, System::Span<float> inputs) => {MemberNames.Encode}(row, inputs);
            global::Mlp.Dataset {self}.{MemberNames.Encode}(
                {rows} rows) => {MemberNames.Encode}(rows);
            global::Mlp.TrainingHistory {self}.{MemberNames.Train}(
                {rows} rows, global::Mlp.TrainingOptions? options,
                System::Threading.CancellationToken cancellationToken) => {MemberNames.Train}(rows, options, cancellationToken);
            global::Mlp.Evaluation {self}.{MemberNames.Evaluate}(
                {rows} rows) => {MemberNames.Evaluate}(rows);
            """);
    }

    private static void EmitPrediction(MemberWriter members, NetworkModel model, RecordModel record)
    {
        string row = $"{record.TypeName} row";
        string notNull = record.IsReference ? "System::ArgumentNullException.ThrowIfNull(row);\n" : "";
        members.Block(
            "void",
            MemberNames.Encode,
            $"{row}, System::Span<float> inputs",
            $"""
            {notNull}Mlp::Arguments.CheckRow(inputs.Length, {MemberNames.InputSize}, "inputs");
            Mlp::FittedEncoder fitted = {Field}.FittedEncoder("{MemberNames.Encode}");
            {MemberNames.ColumnsType} columns = {MemberNames.ColumnsType}.Read(row, fitted);
            {MemberNames.ColumnsType}.Write(in columns, fitted, ref Interop::MemoryMarshal.GetReference(inputs));
            fitted.CheckInputs(inputs);
            """,
            "EncodeRow");
        Predict(members, model.OutputSize == 1 ? "float" : "float[]", MemberNames.Predict, row, model.OutputSize == 1 ? "PredictRecord" : "PredictRecordRow", model);
        if (model.IsEnsemble)
        {
            Predict(members, "float", MemberNames.PredictSpread, row, "PredictSpreadOfRecord", model);
        }

        if (model.Classifies)
        {
            Predict(members, "int", MemberNames.PredictClass, row, "PredictClassOfRecord", model);
            members.Method("string", MemberNames.PredictLabel, row, $"{Field}.NameOfClass({MemberNames.PredictClass}(row))", "PredictLabelOfRecord");
        }
    }

    /// <summary>A member that encodes a row and passes its inputs on.</summary>
    private static void Predict(MemberWriter members, string type, string name, string row, string documented, NetworkModel model) => members.Block(
        type,
        name,
        row,
        model.InputSize <= MostOnStack
            ? $"""
            System::Span<float> inputs = stackalloc float[{MemberNames.InputSize}];
            {MemberNames.Encode}(row, inputs);
            return {name}(inputs);
            """
            : $$"""
            float[] rented = System::Buffers.ArrayPool<float>.Shared.Rent({{MemberNames.InputSize}});
            System::Span<float> inputs = System::MemoryExtensions.AsSpan(rented, 0, {{MemberNames.InputSize}});
            try
            {
                {{MemberNames.Encode}}(row, inputs);
                return {{name}}(inputs);
            }
            finally
            {
                System::Buffers.ArrayPool<float>.Shared.Return(rented);
            }
            """,
        documented);

    private static void EmitTraining(MemberWriter members, NetworkModel model, RecordModel record, string encoder)
    {
        string rows = Rows(record);
        members.Method("global::Mlp.Dataset", MemberNames.Encode, $"{rows} rows", $"{encoder}.Encode({Field}, rows)", "EncodeRows");
        members.Method(
            "System::Threading.Tasks.ValueTask<global::Mlp.Dataset>",
            MemberNames.EncodeAsync,
            $"System::Collections.Generic.IAsyncEnumerable<{record.TypeName}> rows, System::Threading.CancellationToken cancellationToken = default",
            $"{encoder}.EncodeAsync({Field}, rows, cancellationToken)");
        members.Method(
            "global::Mlp.TrainingHistory",
            MemberNames.Train,
            $"{rows} rows, {Options}",
            $"Mlp::RecordTrainer<{record.TypeName}, {MemberNames.ColumnsType}>.Train(this, rows, options, cancellationToken)",
            "TrainRows");
        members.Method(
            "float",
            MemberNames.TrainStep,
            $"{rows} rows, global::Mlp.Optimizer optimizer",
            $"Mlp::RecordTrainer<{record.TypeName}, {MemberNames.ColumnsType}>.TrainStep(this, rows, optimizer)",
            "TrainStepRows");
        members.Method("global::Mlp.Evaluation", MemberNames.Evaluate, $"{rows} rows", $"{MemberNames.Evaluate}({MemberNames.Encode}(rows))", "EvaluateRows");
        members.Method(
            "global::Mlp.Evaluation",
            MemberNames.Evaluate,
            $"{rows} rows, System::Collections.Generic.IReadOnlyList<global::Mlp.Metric> metrics",
            $"{MemberNames.Evaluate}({MemberNames.Encode}(rows), metrics)",
            "EvaluateRowsByMetrics");
        members.Method($"global::Mlp.{FaceEmitter.ReportKind(model)}Report", MemberNames.Report, $"{rows} rows", $"{MemberNames.Report}({MemberNames.Encode}(rows))", "ReportRows");
        if (record.CanBeMade)
        {
            members.Method("global::Mlp.Dataset", MemberNames.ReadCsv, "string path", $"{encoder}.ReadCsv({Field}, path)");
        }
    }

    private static string Rows(RecordModel record) => $"System::Collections.Generic.IEnumerable<{record.TypeName}>";
}
