using Generator.Tests.Infrastructure;

namespace Tool.Tests;

/// <summary>The commands of the documentation do what it says.</summary>
public class DocumentationTests
{
    private static readonly string[] Inputs = ["model.onnx", "state.safetensors", "rows.csv"];

    [Fact]
    public void EveryCommand_OfThePage_Runs()
    {
        using TestFolder folder = new();
        ModelWriter model = new();
        string hidden = model.Node("Tanh", model.Node("Gemm", $"x {model.Random(2, 3)} {model.Random(3)}"));
        folder.Write("model.onnx", model.Model([2], model.Node("Sigmoid", model.Node("Gemm", $"{hidden} {model.Random(3, 1)} {model.Random(1)}")), 1));
        folder.Write("rows.csv", "x,y\n1,2\n");
        List<TensorData> tensors =
        [
            new FloatTensor("body.0.weight", [3, 2], [1, 2, 3, 4, 5, 6]),
            new FloatTensor("body.1.weight", [3], [1, 2, 3]),
            new FloatTensor("body.1.bias", [3], [1, 2, 3]),
            new FloatTensor("body.3.weight", [1, 3], [1, 2, 3]),
        ];
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, SafetensorsWriter.Header([], tensors), tensors);
        folder.Write("state.safetensors", stream.ToArray());

        string[] commands = [.. File.ReadLines(Repository.PathOf("docs", "interop.md")).Where(static line => line.StartsWith("mlpgen ", StringComparison.Ordinal))];
        Assert.Equal(5, commands.Length);
        foreach (string command in commands)
        {
            // Files of the page lie in the test's folder, and so do those that commands before have written.
            string[] words = [.. command.Split(' ').Skip(1).Select(word =>
                Inputs.Contains(word) || word is "networks" or "predictions.csv" ? folder.PathOf(word)
                : word == "CircleNet.safetensors" ? Path.Combine(folder.PathOf("networks"), word)
                : word)];
            (int code, _, string error) = TestFolder.Run(words.Contains("StateNet") ? [.. words, "--output", folder.PathOf("")] : words);
            Assert.True(code == 0, $"{command}\n{error}");
        }

        Assert.True(File.Exists(folder.PathOf("StateNet.cs")));
        Assert.True(File.Exists(folder.PathOf("predictions.csv")));
    }
}
