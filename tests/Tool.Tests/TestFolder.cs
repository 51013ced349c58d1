using Mlp.Tool;

namespace Tool.Tests;

/// <summary>A folder that a test has for itself, and the tool at work in it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("mlpgen-tool-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string name) => Path.Combine(_path, name);

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    /// <summary>Writes a text.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Runs the tool.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Imports a model into this folder, and fails where it is refused.</summary>
    /// <returns>The class, compiled and loaded.</returns>
    public ImportedClass Import(string model, params string[] options)
    {
        (int code, _, string error) = Run(["import", model, "--output", _path, "--force", .. options]);
        Assert.True(code == 0, error);
        return new ImportedClass(PathOf("Net.cs"), PathOf("Net.safetensors"));
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
