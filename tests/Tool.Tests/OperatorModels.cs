namespace Tool.Tests;

/// <summary>Models that a network can be made of, in the ways in which exporters write them.</summary>
internal static class OperatorModels
{
    private const int Inputs = 5;

    /// <summary>The models by name.</summary>
    public static IEnumerable<(string Name, byte[] Model, int Inputs)> All()
    {
        foreach ((string name, Func<ModelWriter, string, string> activation, int set) in Activations())
        {
            ModelWriter model = new() { OperatorSet = set };
            string sums = model.Node("Add", $"{model.Node("MatMul", $"x {model.RandomIn(-2, 2, Inputs, 9)}")} {model.Random(9)}");
            string hidden = activation(model, sums);
            yield return (name, model.Model([Inputs], model.Node("Gemm", $"{hidden} {model.Random(9, 3)} {model.Random(3)}"), 3), Inputs);
        }

        foreach ((string name, Func<ModelWriter, string> layers, int outputs) in Chains())
        {
            ModelWriter model = new();
            yield return (name, model.Model([Inputs], layers(model), outputs), Inputs);
        }
    }

    private static IEnumerable<(string, Func<ModelWriter, string, string>, int Set)> Activations()
    {
        foreach (string plain in (string[])["Relu", "Sigmoid", "Tanh", "Selu", "Elu", "LeakyRelu", "Softplus", "Softsign", "HardSigmoid", "HardSwish", "Exp", "Sign", "Celu"])
        {
            yield return (plain, (model, z) => model.Node(plain, z), 17);
        }

        yield return ("Mish", static (model, z) => model.Node("Mish", z), 18);
        yield return ("Gelu", static (model, z) => model.Node("Gelu", z), 20);
        yield return ("Gelu tanh", static (model, z) => model.Node("Gelu", z, ("approximate", "tanh")), 20);
        yield return ("LeakyRelu 0.3", static (model, z) => model.Node("LeakyRelu", z, ("alpha", 0.3)), 17);
        yield return ("Elu 0.7", static (model, z) => model.Node("Elu", z, ("alpha", 0.7)), 17);
        yield return ("PRelu", static (model, z) => model.Node("PRelu", $"{z} {model.Constant([1], 0.37)}"), 17);
        yield return ("PRelu with equal slopes", static (model, z) => model.Node("PRelu", $"{z} {model.Constant([9], [.. Enumerable.Repeat(-0.2, 9)])}"), 17);
        yield return ("HardSigmoid of PyTorch", static (model, z) => model.Node("HardSigmoid", z, ("alpha", 1 / 6.0), ("beta", 0.5)), 17);
        yield return ("HardSigmoid by Clip", static (model, z) => model.Node("Div", $"{Clip(model, Add(model, z, 3), 0, 6)} {model.Constant([], 6)}"), 17);
        yield return ("HardSwish by Clip", static (model, z) => Mul(model, model.Node("Mul", $"{z} {Clip(model, Add(model, z, 3), 0, 6)}"), 1 / 6.0), 17);
        yield return ("Gelu of Erf", static (model, z) => Mul(model, model.Node("Mul", $"{z} {Add(model, model.Node("Erf", model.Node("Div", $"{z} {model.Constant([], Math.Sqrt(2))}")), 1)}"), 0.5), 13);
        yield return ("Gelu of Erf, halved first", static (model, z) => model.Node("Mul", $"{Mul(model, z, 0.5)} {Add(model, model.Node("Erf", Mul(model, z, Math.Sqrt(0.5))), 1)}"), 13);
        yield return ("Gelu of Tanh", static (model, z) => model.Node(
            "Mul",
            $"{Mul(model, z, 0.5)} {Add(model, model.Node("Tanh", Mul(model, model.Node("Add", $"{z} {Mul(model, model.Node("Pow", $"{z} {model.Constant([], 3)}"), 0.044715)}"), Math.Sqrt(2 / Math.PI))), 1)}"), 13);
        yield return ("Silu of Sigmoid", static (model, z) => model.Node("Mul", $"{model.Node("Sigmoid", z)} {z}"), 13);
        yield return ("Mish of Softplus", static (model, z) => model.Node("Mul", $"{z} {model.Node("Tanh", model.Node("Softplus", z))}"), 13);
        yield return ("Sigmoid of Exp", static (model, z) => model.Node("Reciprocal", Add(model, model.Node("Exp", model.Node("Neg", z)), 1)), 13);
        yield return ("Relu of Max", static (model, z) => model.Node("Max", $"{z} {model.Constant([], 0)}"), 13);
        yield return ("Relu of Clip", static (model, z) => model.Node("Clip", $"{z} {model.Constant([], 0)}"), 13);
        yield return ("Step", static (model, z) => model.Node("Cast", model.Node("GreaterOrEqual", $"{z} {model.Constant([], 0)}"), ("to", 1L)), 13);
        yield return ("LeakyRelu of Where", static (model, z) => model.Node("Where", $"{model.Node("Greater", $"{z} {model.Constant([1], 0)}")} {z} {Mul(model, z, 0.05)}"), 13);
        yield return ("Relu twice, with Identity and Dropout", static (model, z) => model.Node("Relu", model.Node("Dropout", model.Node("Identity", model.Node("Relu", z)))), 13);
        yield return ("Tanh, then Sigmoid", static (model, z) => model.Node("Sigmoid", model.Node("Tanh", z)), 13);
        yield return ("LeCun's tanh", static (model, z) => Mul(model, model.Node("Tanh", Mul(model, z, 2 / 3.0)), 1.7159), 13);
        yield return ("LayerNormalization", static (model, z) => model.Node("Relu", model.Node("LayerNormalization", $"{z} {model.Random(9)} {model.Random(9)}", ("epsilon", 1e-3), ("axis", -1L))), 17);
        yield return ("LayerNormalization behind Relu", static (model, z) => model.Node("LayerNormalization", $"{model.Node("Relu", z)} {model.Random(9)}"), 17);
        yield return ("Layer normalization of two subtractions", static (model, z) => WrittenOut(model, z), 13);
        yield return ("Layer normalization, axes as input", static (model, z) =>
        {
            string axes = model.Integers(-1);
            string centred = model.Node("Sub", $"{z} {model.Node("ReduceMean", $"{z} {axes}")}");
            string variance = model.Node("ReduceMean", $"{model.Node("Mul", $"{centred} {centred}")} {axes}");
            return model.Node("Div", $"{centred} {model.Node("Sqrt", Add(model, variance, 0.01))}");
        }, 18);
        yield return ("BatchNormalization", static (model, z) => model.Node("Relu", BatchNormalization(model, z)), 15);
        yield return ("BatchNormalization behind Tanh", static (model, z) => BatchNormalization(model, model.Node("Tanh", z)), 15);
        yield return ("Batch normalization written out", static (model, z) => model.Node("Relu", model.Node("Add", $"{model.Node("Mul", $"{model.Node("Sub", $"{z} {model.Random(9)}")} {model.Node("Div", $"{model.Random(9)} {model.Node("Sqrt", Add(model, model.RandomIn(1, 2, 9), 1e-3))}")}")} {model.Random(9)}")), 13);
    }

    private static IEnumerable<(string, Func<ModelWriter, string>, int Outputs)> Chains()
    {
        yield return ("Gemm transposed, with factors", static model => model.Node("Gemm", $"x {model.Random(4, Inputs)} {model.Random(1, 4)}", ("transB", 1L), ("alpha", 0.5), ("beta", 2.0)), 4);
        yield return ("Gemm without biases", static model => model.Node("Gemm", $"{model.Node("Relu", model.Node("Gemm", $"x {model.Random(Inputs, 4)}"))} {model.Random(4, 2)} {model.Constant([], 0.3)}"), 2);
        yield return ("Gemm of columns behind Transpose", static model => model.Node("Gemm", $"{model.Node("Transpose", "x", ("perm", new long[] { 1, 0 }))} {model.Random(Inputs, 4)} {model.Random(4)}", ("transA", 1L)), 4);
        yield return ("MatMul of a transposed constant", static model => model.Node("MatMul", $"x {model.Node("Transpose", model.Random(4, Inputs), ("perm", new long[] { 1, 0 }))}"), 4);
        yield return ("two layers without an activation", static model => model.Node("MatMul", $"{model.Node("MatMul", $"x {model.Random(Inputs, 4)}")} {model.Random(4, 2)}"), 2);
        yield return ("scaler of Sub and Mul", static model => Layer(model, model.Node("Mul", $"{model.Node("Sub", $"x {model.Random(Inputs)}")} {model.RandomIn(0.5, 2, Inputs)}"), Inputs, 3), 3);
        yield return ("scaler with a negative factor", static model => Layer(model, model.Node("Mul", $"{model.Node("Sub", $"x {model.Random(Inputs)}")} {model.Constant([Inputs], 1, -1, 2, 0, 3)}"), Inputs, 3), 3);
        yield return ("Scaler of scikit-learn", static model => Layer(model, model.Node("ai.onnx.ml:Scaler", model.Node("Cast", "x", ("to", 1L)), ("offset", (double[])[1, 2, 3, 4, 5]), ("scale", (double[])[0.5, 1, 2, 3, 4])), Inputs, 3), 3);
        yield return ("a scaler of outputs", static model => model.Node("Add", $"{model.Node("Mul", $"{Layer(model, "x", Inputs, 3)} {model.Constant([3], 10, 20, 30)}")} {model.Constant([3], 100, 200, 300)}"), 3);
        yield return ("a scaler behind the output activation", static model => Mul(model, model.Node("Sigmoid", Layer(model, "x", Inputs, 3)), 5), 3);
        yield return ("softmax", static model => model.Node("Softmax", Layer(model, "x", Inputs, 3), ("axis", 1L)), 3);
        yield return ("softmax and an identity", static model => model.Node("Identity", model.Node("Softmax", Layer(model, "x", Inputs, 3))), 3);
        yield return ("two probabilities of one", static model =>
        {
            string probability = model.Node("Sigmoid", Layer(model, "x", Inputs, 1));
            return model.Node("Concat", $"{model.Node("Sub", $"{model.Constant([1], 1)} {probability}")} {probability}", ("axis", 1L));
        }, 2);
        yield return ("Flatten and Reshape", static model => Layer(model, model.Node("Reshape", $"{model.Node("Flatten", "x")} {model.Integers(-1, Inputs)}"), Inputs, 3), 3);
        yield return ("an activation first", static model => Layer(model, model.Node("Tanh", "x"), Inputs, 3), 3);
        yield return ("layer normalization first", static model => Layer(model, model.Node("LayerNormalization", $"x {model.Random(Inputs)}"), Inputs, 3), 3);
        yield return ("batch normalization first", static model => Layer(model, BatchNormalization(model, "x", Inputs), Inputs, 3), 3);
        yield return ("a residual of the input", static model => model.Node("Add", $"x {model.Node("Tanh", Layer(model, "x", Inputs, Inputs))}"), Inputs);
        yield return ("a linear residual before Relu", static model => model.Node("Relu", model.Node("Add", $"{Layer(model, "x", Inputs, Inputs)} x")), Inputs);
        yield return ("a normalized residual", static model =>
        {
            string first = model.Node("Relu", Layer(model, "x", Inputs, 6));
            return Layer(model, model.Node("Add", $"{first} {model.Node("Relu", BatchNormalization(model, Layer(model, first, 6, 6), 6))}"), 6, 2);
        }, 2);
        yield return ("a residual of a linear layer, scaled inside", static model =>
        {
            string first = Layer(model, "x", Inputs, 6);
            return model.Node("Add", $"{model.Node("Relu", Layer(model, BatchNormalization(model, first, 6), 6, 6))} {first}");
        }, 6);
        yield return ("a residual of scaled inputs", static model =>
        {
            string scaled = Mul(model, "x", 2);
            return model.Node("Add", $"{model.Node("Relu", Layer(model, scaled, Inputs, Inputs))} {scaled}");
        }, Inputs);
        yield return ("two residuals", static model =>
        {
            string first = model.Node("Add", $"{model.Node("Sigmoid", Layer(model, "x", Inputs, Inputs))} x");
            return model.Node("Add", $"{first} {model.Node("Tanh", Layer(model, first, Inputs, Inputs))}");
        }, Inputs);
        yield return ("packed floats and a constant of a list", static model =>
        {
            string weights = model.Tensor([Inputs, 2], 1, ModelWriter.Bytes(4, [.. Enumerable.Range(0, 2 * Inputs).SelectMany(static at => BitConverter.GetBytes(at * 0.1f))]));
            return model.Node("Add", $"{model.Node("MatMul", $"x {weights}")} {model.Node("Constant", "_", ("value_floats", (double[])[1, 2]))}");
        }, 2);
    }

    private static string Layer(ModelWriter model, string inputs, int size, int units) => model.Node("Gemm", $"{inputs} {model.Random(size, units)} {model.Random(units)}");

    private static string Add(ModelWriter model, string value, double term) => model.Node("Add", $"{value} {model.Constant([], term)}");

    private static string Mul(ModelWriter model, string value, double factor) => model.Node("Mul", $"{value} {model.Constant([], factor)}");

    private static string Clip(ModelWriter model, string value, double least, double most) => model.Node("Clip", $"{value} {model.Constant([], least)} {model.Constant([], most)}");

    private static string BatchNormalization(ModelWriter model, string value, int size = 9) =>
        model.Node("BatchNormalization", $"{value} {model.Random(size)} {model.Random(size)} {model.Random(size)} {model.RandomIn(0.5, 2, size)}", ("epsilon", 1e-3));

    /// <summary>Layer normalization whose mean is subtracted once for the variance, and once more for the result.</summary>
    private static string WrittenOut(ModelWriter model, string z)
    {
        string mean = model.Node("ReduceMean", z, ("axes", new long[] { 1 }));
        string difference = model.Node("Sub", $"{z} {mean}");
        string variance = model.Node("ReduceMean", model.Node("Mul", $"{difference} {difference}"), ("axes", new long[] { 1 }));
        string inverse = model.Node("Reciprocal", model.Node("Sqrt", Add(model, variance, 1e-5)));
        string scale = model.Node("Mul", $"{inverse} {model.Random(9)}");
        string shift = model.Node("Sub", $"{model.Random(9)} {model.Node("Mul", $"{mean} {scale}")}");
        return model.Node("Add", $"{model.Node("Mul", $"{z} {scale}")} {shift}");
    }
}
