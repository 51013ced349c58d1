namespace Tool.Tests;

/// <summary>Models that no network computes are refused by name and place, and damaged files without a crash.</summary>
public class RefusalTests
{
    [Fact]
    public void WhatIsNoChainOfLayers_IsRefused_ByNodeOperatorAndPlace()
    {
        Refused(static model => model.Node("Sin", "x"), "node 'node1' (Sin), x → v1: this operator is not known");
        Refused(static model => model.Node("com.microsoft:Gelu", "x"), "(com.microsoft.Gelu), x → v1");
        Refused(static model => model.Node("Sqrt", Layer(model, "x", 3)), "(Sqrt), v3 → v4: with these attributes and at this place it is no part of a dense layer");
        Refused(static model => Layer(model, model.Node("Softmax", Layer(model, "x", 3)), 2, 3), "Softmax, which only the last layer can have");
        Refused(static model => model.Node("Softmax", Layer(model, "x", 3), ("axis", 0L)), "(Softmax), v3 → v4");
        Refused(static model => model.Node("MatMul", $"x {model.Random(5, 2)}"), "takes rows of 5 values; those that it gets have 4");
        Refused(static model => model.Node("Gemm", $"x {model.Random(4, 2)}", ("transA", 1L)), "takes columns of its input for rows");
        Refused(static model => model.Node("MatMul", $"{model.Random(3, 4)} x"), "computed from the model's input");
        Refused(static model => model.Node("Mul", $"{Layer(model, "x", 3)} {Layer(model, "x", 3)}"), "is no part of a dense layer");
        Refused(static model => model.Node("Add", $"{Layer(model, model.Node("Relu", Layer(model, "x", 4)), 4, 4)} x"), "a residual layer is one, with as many units as inputs");
        Refused(static model => model.Node("PRelu", $"{Layer(model, "x", 2)} {model.Constant([2], 0.1, 0.2)}"), "(PRelu)");
        Refused(static model => model.Node("Clip", $"{Layer(model, "x", 2)} {model.Constant([], 0)} {model.Constant([], 6)}"), "(Clip)");
        Refused(static model => model.Node("Add", $"{Layer(model, "x", 2)} {model.Random(3)}"), "2 and 3 values");
        Refused(static model => model.Node("Relu", "nothing"), "takes 'nothing', which nothing before it makes");
        Refused(static model => model.Node("MatMul", $"x {model.Tensor([4, 1], 10, ModelWriter.Bytes(9, new byte[8]))}"), "is of type float16; float and double can be read");
        Refused(static model => model.Node("MatMul", $"x {model.Tensor([4, 1], 1, ModelWriter.Varint(14, 1))}"), "lies in another file, which is not read");
        Refused(static model => model.Node("MatMul", $"x {model.Tensor([4, 1], 1, ModelWriter.Bytes(9, new byte[12]))}"), "has 3 elements, and its shape is [4, 1]");
        Refused(static model => model.Node("Relu", "x") is string ? "x" : "", "no output of the model is a row of floats");
        Refused(static model => model.Node("Identity", "x"), "there is no dense layer between the model's input and its output");
    }

    [Fact]
    public void Shapes_ThatAreNoRowsOfANetwork_AreRefused()
    {
        Refused(static model => model.Node("Mul", $"{Layer(model, "x", 4)} {model.Constant([4, 1], 1, 2, 3, 4)}"), "has shape [4, 1], and is neither a row nor a number");
        Refused(static model => Layer(model, model.Node("Tanh", "x"), 1, 5000), "would take 5000 × 5000 weights", 5000);
        Refused(static model => model.Node("Tanh", "x"), "a row of the input has 2000000000 values", 2_000_000_000);
    }

    [Fact]
    public void Weights_ThatAreNotFinite_AreRefused()
    {
        Refused(static model => model.Node("MatMul", $"x {model.Constant([4, 1], 1, 2, double.NaN, 4)}"), "Layer1.weight[0, 2] is NaN");
    }

    [Fact]
    public void DamagedFiles_AreRefused_OrReadAsOtherNumbers()
    {
        ModelWriter model = new();
        byte[] whole = model.Model([4], model.Node("Softmax", Layer(model, model.Node("Relu", Layer(model, "x", 3)), 2, 3), ("axis", -1L)), 2);
        using TestFolder folder = new();
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            foreach (byte[] bytes in (byte[][])[damaged, whole[..at]])
            {
                string path = folder.Write("damaged.onnx", bytes);
                (int code, _, string error) = TestFolder.Run("import", path, "--output", folder.PathOf(""), "--force");
                Assert.True(code == 0 || (code == 1 && error.StartsWith("mlpgen: ", StringComparison.Ordinal)), error);
                refused += code;
                Assert.InRange(TestFolder.Run("inspect", path).Code, 0, 1);
            }
        }

        Assert.True(refused > whole.Length);
    }

    private static void Refused(Func<ModelWriter, string> nodes, string message, int inputs = 4)
    {
        ModelWriter model = new();
        using TestFolder folder = new();
        string path = folder.Write("model.onnx", model.Model([inputs], nodes(model), 0));
        (int code, string output, string error) = TestFolder.Run("import", path, "--output", folder.PathOf(""));
        Assert.True(code == 1, $"Expected: {message}\n{output}");
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("model.onnx", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("Net.cs")));
    }

    private static string Layer(ModelWriter model, string inputs, int units, int size = 4) => model.Node("Gemm", $"{inputs} {model.Random(size, units)} {model.Random(units)}");
}
