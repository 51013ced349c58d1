using System.Reflection;

namespace Tool.Tests;

/// <summary>A class that the tool wrote, compiled as in a user's project, with the weights that the tool wrote.</summary>
internal sealed class ImportedClass
{
    private readonly Predictor _predict;

    /// <summary>Compiles a declaration and loads its weights.</summary>
    public ImportedClass(string declaration, string weights)
        : this(ClassCompiler.Load(File.ReadAllText(declaration)).GetTypes().Single(static type => type.GetCustomAttribute<InputAttribute>() is not null), weights) =>
        Declaration = File.ReadAllText(declaration);

    /// <summary>Loads the weights of a class that is compiled.</summary>
    public ImportedClass(Type type, string weights)
    {
        Instance = type.GetMethod("Load", [typeof(string)])!.Invoke(null, [weights])!;
        InputSize = (int)type.GetField("InputSize")!.GetRawConstantValue()!;
        OutputSize = (int)type.GetField("OutputSize")!.GetRawConstantValue()!;
        _predict = type.GetMethod("Predict", [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!.CreateDelegate<Predictor>(Instance);
    }

    private delegate void Predictor(ReadOnlySpan<float> inputs, Span<float> outputs);

    public string Declaration { get; } = "";

    public object Instance { get; }

    public int InputSize { get; }

    public int OutputSize { get; }

    /// <summary>The attributes, a line each.</summary>
    public string[] Attributes => [.. Declaration.Split('\n').Where(static line => line.StartsWith('['))];

    public float[] Predict(float[] inputs)
    {
        float[] outputs = new float[inputs.Length / InputSize * OutputSize];
        _predict(inputs, outputs);
        return outputs;
    }

    /// <summary>Compares predictions with those of another program: within 1e-5 of the largest.</summary>
    public void AssertPredicts(float[] inputs, float[] expected)
    {
        float[] actual = Predict(inputs);
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs);
        for (int at = 0; at < expected.Length; at++)
        {
            Assert.True(
                Math.Abs(actual[at] - expected[at]) <= 1e-5f * largest,
                $"Output {at} is {actual[at]}, and of the other program {expected[at]}; the largest is {largest}.\n{Declaration}");
        }
    }
}
