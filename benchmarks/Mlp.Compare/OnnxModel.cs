using System.Text;

namespace Mlp.Compare;

/// <summary>
/// Writes a network as an ONNX file with random weights. The few messages that it takes are encoded here, with the field numbers of onnx.proto
/// (IR version 8, operator set 13), so that no package for protocol buffers is needed.
/// </summary>
internal static class OnnxModel
{
    private const int Float = 1;

    /// <summary>Writes the model that predicts batches of exactly the work's size; nothing for other works.</summary>
    /// <returns>Path of the file, or "none".</returns>
    public static string Write(Work work, string folder)
    {
        if (work.Kind != WorkKind.Predict)
            return "none";

        Message graph = new();
        Random random = new(1);
        string value = "x";
        for (int layer = 1; layer < work.Sizes.Length; layer++)
        {
            (int inputs, int outputs) = (work.Sizes[layer - 1], work.Sizes[layer]);
            graph.Add(1, Node("Gemm", [value, $"w{layer}", $"b{layer}"], $"z{layer}"));
            graph.Add(5, Tensor($"w{layer}", [inputs, outputs], random, Math.Sqrt(2.0 / inputs)));
            graph.Add(5, Tensor($"b{layer}", [outputs], random, 0.1));
            bool last = layer == work.Sizes.Length - 1;
            value = last ? "y" : $"h{layer}";
            graph.Add(1, Node(last ? (work.Loss == "bce" ? "Sigmoid" : "Softmax") : work.Hidden == "relu" ? "Relu" : "Tanh", [$"z{layer}"], value));
        }

        graph.Add(2, "mlp");
        graph.Add(11, ValueInfo("x", [work.Batch, work.Sizes[0]]));
        graph.Add(12, ValueInfo("y", [work.Batch, work.Sizes[^1]]));
        Message model = new();
        model.Add(1, 8);
        model.Add(7, graph);
        Message operators = new();
        operators.Add(2, 13);
        model.Add(8, operators);

        string path = Path.Combine(folder, $"{work.Shape}-{work.Batch}.onnx");
        File.WriteAllBytes(path, model.ToArray());
        return path;
    }

    private static Message Node(string operation, string[] inputs, string output)
    {
        Message node = new();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output);
        node.Add(4, operation);
        return node;
    }

    private static Message Tensor(string name, int[] dimensions, Random random, double scale)
    {
        Message tensor = new();
        foreach (int dimension in dimensions)
            tensor.Add(1, dimension);
        tensor.Add(2, Float);
        tensor.Add(8, name);
        float[] values = new float[dimensions.Aggregate(1, (product, dimension) => product * dimension)];
        foreach (ref float value in values.AsSpan())
            value = (float)((2 * random.NextDouble() - 1) * scale);
        byte[] bytes = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        tensor.Add(9, bytes);
        return tensor;
    }

    private static Message ValueInfo(string name, int[] dimensions)
    {
        Message shape = new();
        foreach (int dimension in dimensions)
        {
            Message size = new();
            size.Add(1, dimension);
            shape.Add(1, size);
        }

        Message tensorType = new();
        tensorType.Add(1, Float);
        tensorType.Add(2, shape);
        Message type = new();
        type.Add(1, tensorType);
        Message info = new();
        info.Add(1, name);
        info.Add(2, type);
        return info;
    }

    /// <summary>A message of protocol buffers: fields of whole numbers, and of bytes with their length.</summary>
    private sealed class Message
    {
        private readonly MemoryStream _bytes = new();

        public void Add(int field, long value)
        {
            WriteNumber((ulong)field << 3);
            WriteNumber((ulong)value);
        }

        public void Add(int field, byte[] bytes)
        {
            WriteNumber((ulong)field << 3 | 2);
            WriteNumber((ulong)bytes.Length);
            _bytes.Write(bytes);
        }

        public void Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public void Add(int field, Message message) => Add(field, message.ToArray());

        public byte[] ToArray() => _bytes.ToArray();

        private void WriteNumber(ulong value)
        {
            for (; value > 127; value >>= 7)
                _bytes.WriteByte((byte)(value | 128));
            _bytes.WriteByte((byte)value);
        }
    }
}
