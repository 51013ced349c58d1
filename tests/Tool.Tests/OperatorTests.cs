using System.Globalization;
using System.Text;
using Mlp.Tool;

namespace Tool.Tests;

/// <summary>Whatever an exporter writes for the same layers, the imported network predicts what ONNX Runtime does.</summary>
public class OperatorTests
{
    private const int Rows = 32;

    [Fact]
    public void EveryModel_Imported_PredictsWhatOnnxRuntimeDoes()
    {
        using TestFolder folder = new();
        List<string> problems = [];
        StringBuilder declarations = new("using Mlp;\n");
        Dictionary<string, string> types = [];
        List<(string Name, string Class, string Weights, float[] Inputs, float[] Expected)> cases = [];
        foreach ((string name, byte[] model, int width) in OperatorModels.All())
        {
            string path = folder.Write($"{name}.onnx", model);
            string file = string.Create(CultureInfo.InvariantCulture, $"Net{cases.Count}");
            float[] inputs = Inputs(Rows * width);
            float[] expected = OtherRuntime.Predict(model, inputs, Rows);
            (int code, _, string error) = TestFolder.Run("import", path, "--name", file, "--output", folder.PathOf(""));
            if (code != 0)
            {
                problems.Add($"{name}: {error}");
                continue;
            }

            Interpreter interpreter = new(NetworkStates.Open(path));
            float[] predicted = [.. Enumerable.Range(0, Rows).SelectMany(row => interpreter.Predict(inputs.AsSpan(row * width, width))).Select(static value => (float)value)];
            Compare($"{name}, by the tool", predicted, expected);

            // Several models are one class, with weights of each.
            string[] attributes = [.. File.ReadLines(folder.PathOf($"{file}.cs")).Where(static line => line.StartsWith('['))];
            if (types.TryAdd(string.Concat(attributes), file))
            {
                declarations.AppendJoin('\n', [.. attributes, $"public partial class {file};\n"]);
            }

            cases.Add((name, types[string.Concat(attributes)], folder.PathOf($"{file}.safetensors"), inputs, expected));
        }

        System.Reflection.Assembly assembly = ClassCompiler.Load(declarations.ToString());
        foreach ((string name, string type, string weights, float[] inputs, float[] expected) in cases)
        {
            ImportedClass net = new(assembly.GetType(type)!, weights);
            Compare(name, net.Predict(inputs), expected);
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
        Assert.True(cases.Count > 60);

        void Compare(string name, float[] actual, float[] expected)
        {
            float largest = expected.Max(Math.Abs);
            int wrong = actual.Length != expected.Length ? 0 : Array.FindIndex([.. actual.Zip(expected, static (a, b) => Math.Abs(a - b))], difference => !(difference <= 1e-5f * largest));
            if (wrong >= 0)
            {
                problems.Add($"{name}: output {wrong} of {expected.Length} is {actual[wrong]} of {actual.Length}, and should be {expected[wrong]}; the largest is {largest}");
            }
        }
    }

    private static float[] Inputs(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }
}
