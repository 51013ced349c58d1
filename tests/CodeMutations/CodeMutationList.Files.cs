namespace CodeMutations;

// Files: of networks, of data sets, ONNX.
internal static partial class CodeMutationList
{
    private static CodeMutation[] Files =>
    [
        new("Mlp.Runtime/Serialization/SafetensorsWriter.cs",
            "HeaderAlignment - (header.WrittenCount % HeaderAlignment)) % HeaderAlignment", "HeaderAlignment - (header.WrittenCount % HeaderAlignment)) % 4",
            "tensors of a file are not aligned", Suite.Runtime, "NetworkFileTests|SavedFileTests"),
        new("Mlp.Runtime/Data/DatasetFile.cs",
            "mapped.Values<long>(TimesStart, RowsWith(Parts.Times))", "mapped.Values<long>(TimesStart, RowsWith(Parts.Groups))",
            "times of a mapped file without groups", Suite.Runtime, "DatasetFileTests"),
        new("Mlp.Runtime/Data/DatasetFile.cs",
            "if (Length != length)", "if (Length > length)",
            "a mapped file longer than its parts is let in", Suite.Runtime, "DatasetFileTests"),
        new("Mlp.Runtime/Onnx/OnnxActivations.cs",
            "OneSixth = 1f / 6f;", "OneSixth = 0.2f;",
            "the slope of an exported hard sigmoid is ONNX's default", Suite.Generator, "OnnxTests.SaturatedActivations"),
        new("Mlp.Runtime/Onnx/OnnxActivations.cs",
            "\"GreaterOrEqual\", z", "\"Greater\", z",
            "an exported step at 0", Suite.Generator, "OnnxTests.SaturatedActivations"),
        new("Mlp.Runtime/Onnx/OnnxNetwork.cs",
            "(gain / Math.Sqrt((double)variance + layer.NormalizationEpsilon))", "(gain / Math.Sqrt((double)variance))",
            "exported batch normalization without epsilon", Suite.Generator, "OnnxTests.TheEpsilon"),
        new("Mlp.Runtime/Onnx/OnnxNetwork.cs",
            "row, _graph.Index(table.Rows)]);", "row, _graph.Index(table.Rows - 1)]);",
            "a number that is no row of an exported table is its last", Suite.Generator, "OnnxTests.NumbersThatAreNoRows"),
    ];
}
