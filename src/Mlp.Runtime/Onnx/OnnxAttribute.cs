namespace Mlp;

/// <summary>An attribute of an ONNX node.</summary>
internal sealed class OnnxAttribute
{
    /// <summary>Makes a number.</summary>
    public OnnxAttribute(string name, float value) =>
        Message = Named(name).Add(OnnxFormat.Attribute.Float, value).Add(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Float);

    /// <summary>Makes an integer.</summary>
    public OnnxAttribute(string name, int value) =>
        Message = Named(name).Add(OnnxFormat.Attribute.Int, value).Add(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Int);

    /// <summary>Makes a list of integers.</summary>
    public OnnxAttribute(string name, int[] values)
    {
        Message = Named(name);
        foreach (int value in values)
        {
            Message.Add(OnnxFormat.Attribute.Ints, value);
        }

        Message.Add(OnnxFormat.Attribute.Type, OnnxFormat.AttributeType.Ints);
    }

    /// <summary>The attribute as an AttributeProto.</summary>
    public ProtobufMessage Message { get; }

    private static ProtobufMessage Named(string name) => new ProtobufMessage().Add(OnnxFormat.Attribute.Name, name);
}
