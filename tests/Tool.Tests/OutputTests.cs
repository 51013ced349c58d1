namespace Tool.Tests;

/// <summary>Which of a model's outputs is the network's, and the classes that others tell.</summary>
public class OutputTests
{
    [Fact]
    public void ClassesBesideProbabilities_AreIgnored()
    {
        ModelWriter model = new();
        string probabilities = model.Node("Softmax", Layer(model, 3), ("axis", 1L));
        string label = model.Node("ArgMax", probabilities, ("axis", 1L), ("keepdims", 0L));
        AssertImports(model.WithOutput(label, 7).Model([4], probabilities, 3), probabilities);
    }

    [Fact]
    public void ClassesAlone_AreThoseOfTheLargestOutput()
    {
        ModelWriter model = new();
        string scores = Layer(model, 3);
        string label = model.Node("Cast", model.Node("ArgMax", scores, ("axis", 1L), ("keepdims", 0L)), ("to", 7L));
        using TestFolder folder = new();
        ImportedClass net = folder.Import(folder.Write("model.onnx", model.WithOutput(label, 7).Model([4], "", 0)));
        net.AssertPredicts(Inputs, OtherRuntime.Predict(model.Model([4], scores, 3), Inputs, 2, output: scores));
    }

    [Fact]
    public void MapsOfScikitLearn_GiveProbabilitiesAndNamesOfClasses()
    {
        ModelWriter model = new();
        string probabilities = model.Node("Softmax", Layer(model, 3), ("axis", 1L));
        byte[] withoutMaps = model.Model([4], probabilities, 3);
        string maps = model.Node("ai.onnx.ml:ZipMap", probabilities, ("classlabels_strings", (string[])["setosa", "versicolor", "virginica"]));
        using TestFolder folder = new();
        ImportedClass net = folder.Import(folder.Write("model.onnx", model.WithOutput(maps, 0).Model([4], "", 0)));
        Assert.Equal(["setosa", "versicolor", "virginica"], ((INetwork)net.Instance).State.ClassNames);
        net.AssertPredicts(Inputs, OtherRuntime.Predict(withoutMaps, Inputs, 2));
    }

    [Fact]
    public void PicturesAreRows()
    {
        ModelWriter model = new();
        string output = model.Node("Gemm", $"{model.Node("Flatten", "x")} {model.Random(12, 2)}");
        byte[] bytes = model.Model([1, 3, 4], output, 2);
        float[] inputs = [.. Enumerable.Range(0, 24).Select(static at => at / 10f)];
        using TestFolder folder = new();
        folder.Import(folder.Write("model.onnx", bytes)).AssertPredicts(inputs, OtherRuntime.Predict(bytes, inputs, 2, [2, 1, 3, 4]));
    }

    private static readonly float[] Inputs = [0.1f, -2, 3, 0.5f, 1, 1, -1, 0];

    private static string Layer(ModelWriter model, int units) => model.Node("Gemm", $"x {model.Random(4, units)} {model.Random(units)}");

    private static void AssertImports(byte[] model, string output)
    {
        using TestFolder folder = new();
        folder.Import(folder.Write("model.onnx", model)).AssertPredicts(Inputs, OtherRuntime.Predict(model, Inputs, 2, output: output));
    }
}
