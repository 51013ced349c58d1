namespace Mlp;

/// <summary>What ONNX files are made of: the field numbers of their protobuf messages, as onnx.proto gives them, and names of ours in them.</summary>
internal static class OnnxFormat
{
    /// <summary>The one input of a network's graph, [batch, inputs].</summary>
    public const string Input = "input";

    /// <summary>The one output, [batch, outputs].</summary>
    public const string Output = "output";

    /// <summary>What the size of the first dimension of both is called.</summary>
    public const string Batch = "batch";

    /// <summary>What files name as their producer.</summary>
    public const string Producer = "mlpgen";

    /// <summary>Key of the metadata that holds the names of the inputs as a JSON array.</summary>
    public const string InputNamesKey = "mlpgen.input_names";

    /// <summary>Key of the metadata that holds the names of the classes as a JSON array.</summary>
    public const string ClassNamesKey = "mlpgen.class_names";

    /// <summary>A file: ModelProto.</summary>
    public static class Model
    {
        public const int IrVersion = 1;
        public const int ProducerName = 2;
        public const int DocString = 6;
        public const int Graph = 7;
        public const int OpsetImport = 8;
        public const int MetadataProps = 14;
    }

    /// <summary>A set of operators that a model uses: OperatorSetIdProto.</summary>
    public static class OperatorSet
    {
        public const int Domain = 1;
        public const int Version = 2;
    }

    /// <summary>An entry of the metadata: StringStringEntryProto.</summary>
    public static class Entry
    {
        public const int Key = 1;
        public const int Value = 2;
    }

    /// <summary>GraphProto.</summary>
    public static class Graph
    {
        public const int Node = 1;
        public const int Name = 2;
        public const int Initializer = 5;
        public const int Input = 11;
        public const int Output = 12;
    }

    /// <summary>NodeProto.</summary>
    public static class Node
    {
        public const int Input = 1;
        public const int Output = 2;
        public const int Name = 3;
        public const int OpType = 4;
        public const int Attribute = 5;
        public const int Domain = 7;
    }

    /// <summary>AttributeProto.</summary>
    public static class Attribute
    {
        public const int Name = 1;
        public const int Float = 2;
        public const int Int = 3;
        public const int String = 4;
        public const int Tensor = 5;
        public const int Floats = 7;
        public const int Ints = 8;
        public const int Type = 20;
    }

    /// <summary>AttributeProto.AttributeType.</summary>
    public static class AttributeType
    {
        public const int Float = 1;
        public const int Int = 2;
        public const int Ints = 7;
    }

    /// <summary>TensorProto.</summary>
    public static class Tensor
    {
        public const int Dims = 1;
        public const int DataType = 2;
        public const int FloatData = 4;
        public const int Int32Data = 5;
        public const int Int64Data = 7;
        public const int Name = 8;
        public const int RawData = 9;
        public const int DoubleData = 10;
        public const int DataLocation = 14;
    }

    /// <summary>TensorProto.DataType.</summary>
    public static class DataType
    {
        public const int Float = 1;
        public const int Int32 = 6;
        public const int Int64 = 7;
        public const int Bool = 9;
        public const int Double = 11;
    }

    /// <summary>ValueInfoProto.</summary>
    public static class ValueInfo
    {
        public const int Name = 1;
        public const int Type = 2;
    }

    /// <summary>TypeProto, and in it TypeProto.Tensor.</summary>
    public static class Type
    {
        public const int Tensor = 1;
        public const int ElementType = 1;
        public const int Shape = 2;
    }

    /// <summary>TensorShapeProto, and in it TensorShapeProto.Dimension.</summary>
    public static class Shape
    {
        public const int Dimension = 1;
        public const int Value = 1;
        public const int Parameter = 2;
    }
}
