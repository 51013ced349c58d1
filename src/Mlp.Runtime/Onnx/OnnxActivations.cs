namespace Mlp;

/// <summary>
/// Activations as ONNX operators of the set that <see cref="OnnxFile"/> names. Those that it lacks are written out, Gelu, Silu and Mish in the way of other
/// exporters, which runtimes recognise.
/// </summary>
internal static class OnnxActivations
{
    private const float OneSixth = 1f / 6f;
    private const float RootOfTwo = 1.4142135623730951f;
    private const float RootOfTwoOverPi = 0.7978845608028654f;

    /// <summary>Adds an activation.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layer">The layer that has it.</param>
    /// <param name="z">What it is applied to.</param>
    /// <param name="slope">The learned slope, a value of the graph; of PRelu alone.</param>
    /// <returns>Its result.</returns>
    public static string Add(OnnxGraph graph, DenseLayout layer, string z, string? slope)
    {
        return layer.Activation switch
        {
            Activation.Linear => z,
            Activation.PRelu => Node("PRelu", z, slope!),
            Activation.LeakyRelu => graph.Add(layer.Name, "LeakyRelu", [z], new OnnxAttribute("alpha", layer.Alpha)),
            Activation.Elu => graph.Add(layer.Name, "Elu", [z], new OnnxAttribute("alpha", layer.Alpha)),
            Activation.Gelu => Node("Mul", Node("Mul", z, OnePlus(Node("Erf", Node("Div", z, graph.Scalar("root_of_two", RootOfTwo))))), graph.Scalar("half", 0.5f)),
            Activation.GeluTanh => Node("Mul", Node("Mul", z, OnePlus(Node("Tanh", Gate()))), graph.Scalar("half", 0.5f)),
            Activation.Silu => Node("Mul", z, Node("Sigmoid", z)),
            Activation.Mish => Node("Mul", z, Node("Tanh", Node("Softplus", z))),
            Activation.HardSigmoid => HardSigmoid(),
            Activation.HardSwish => Node("Mul", z, HardSigmoid()),
            Activation.Step => graph.Add(
                layer.Name, "Cast", [Node("GreaterOrEqual", z, graph.Scalar("zero", 0))], new OnnxAttribute("to", OnnxFormat.DataType.Float)),
            Activation.Softmax => graph.Add(layer.Name, "Softmax", [z], new OnnxAttribute("axis", -1)),
            Activation.Relu or Activation.Sigmoid or Activation.Tanh or Activation.Selu or Activation.Softplus or Activation.Softsign or Activation.Exp
                or Activation.Sign => Node(layer.Activation.ToString(), z),
            _ => throw new NotSupportedException($"{nameof(OnnxActivations)} does not know {layer.Activation}."),
        };

        string Node(string operation, params string[] inputs) => graph.Add(layer.Name, operation, inputs);

        string OnePlus(string value) => Node("Add", value, graph.Scalar("one", 1));

        string HardSigmoid() => graph.Add(layer.Name, "HardSigmoid", [z], new OnnxAttribute("alpha", OneSixth), new OnnxAttribute("beta", 0.5f));

        // √(2/π)·(z + 0.044715·z³)
        string Gate() => Node(
            "Mul",
            Node("Add", z, Node("Mul", Node("Mul", Node("Mul", z, z), z), graph.Scalar("gelu_cubic", 0.044715f))),
            graph.Scalar("root_of_two_over_pi", RootOfTwoOverPi));
    }
}
