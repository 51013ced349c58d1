using System.Text.Json;
using Mlp.Runtime.Tests;

namespace Tool.Tests;

/// <summary>Models as PyTorch, Keras and others export them: the folder <c>onnx</c> of the shared files.</summary>
public class SharedModelTests
{
    [SharedFact]
    public void EveryModel_ButTheUnknown_PredictsWhatItsProgramDid()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.PathOf("onnx", "expected.json")));
        int imported = 0;
        foreach (JsonProperty model in expected.RootElement.GetProperty("cases").EnumerateObject().Where(static model => model.Name != "unknown-sin"))
        {
            using TestFolder folder = new();
            string path = SharedFiles.PathOf("onnx", $"{model.Name}.onnx");
            float[] inputs = Flat(model.Value.GetProperty("inputs"));
            ImportedClass net = folder.Import(path);
            net.AssertPredicts(inputs, Flat(model.Value.GetProperty("outputs")));
            net.AssertPredicts(inputs, OtherRuntime.Predict(File.ReadAllBytes(path), inputs, inputs.Length / net.InputSize));
            imported++;
        }

        Assert.Equal(7, imported);
    }

    [SharedFact]
    public void UnknownOperator_IsRefused_ByItsNode()
    {
        using TestFolder folder = new();
        (int code, string output, string error) = TestFolder.Run("import", SharedFiles.PathOf("onnx", "unknown-sin.onnx"), "--output", folder.PathOf(""));
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("node 'wave' (Sin), m1 → s1: this operator is not known", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("Net.cs")));
    }

    [SharedFact]
    public void Declarations_AreThoseThatAUserWouldWrite()
    {
        Assert.Equal(["[Input(6)]", "[Dense(10, Relu, Normalization = Normalization.Batch)]", "[Dense(4, Softmax)]", "[Loss(CrossEntropy)]"], Attributes("torch-batchnorm-13"));
        Assert.Equal(["[Input(6)]", "[Dense(10, Silu, Normalization = Normalization.Layer)]", "[Dense(2)]", "[Loss(MSE)]"], Attributes("torch-layernorm-14"));
        Assert.Equal(["[Input(4)]", "[Dense(12, Gelu)]", "[Dense(8, Tanh)]", "[Dense(1, Sigmoid)]", "[Loss(BCE)]"], Attributes("torch-gelu-15"));
        Assert.Equal(["[Input(5, Standardize = true)]", "[Dense(9, Relu)]", "[Dense(3, Softmax)]", "[Loss(CrossEntropy)]"], Attributes("pipeline-scaler-softmax"));
        Assert.Equal(["[Input(5)]", "[Dense(9, Relu)]", "[Dense(9, Relu, Residual = true)]", "[Dense(3)]", "[Loss(MSE)]"], Attributes("residual"));

        static string[] Attributes(string name)
        {
            using TestFolder folder = new();
            return folder.Import(SharedFiles.PathOf("onnx", $"{name}.onnx")).Attributes;
        }
    }

    private static float[] Flat(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(static row => row.EnumerateArray()).Select(static value => value.GetSingle())];
}
