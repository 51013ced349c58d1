using System.Diagnostics;

namespace Generator.Tests.Infrastructure;

/// <summary>A folder for projects that MSBuild builds, with runtime and generator of these tests. It is deleted in the end.</summary>
internal sealed class ProjectFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlpgen-");

    /// <summary>A project as one that references the package.</summary>
    /// <param name="properties">Properties of its own, as XML.</param>
    /// <param name="items">Items of its own, as XML.</param>
    public static string Project(string properties, string items = "") => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <UseSharedCompilation>false</UseSharedCompilation>
            {properties}
          </PropertyGroup>
          <Import Project="{Repository.PathOf("src", "Mlp.Runtime", "build", "MlpGen.props")}" />
          <ItemGroup>
            {items}
            <Reference Include="{typeof(InputAttribute).Assembly.Location}" />
            <Analyzer Include="{typeof(MlpGenerator).Assembly.Location}" />
          </ItemGroup>
        </Project>
        """;

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }

    /// <summary>Builds a project.</summary>
    /// <returns>What MSBuild prints, the summary left out.</returns>
    public string Build(string project, params string[] options)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["msbuild", PathOf(project), "-nologo", "-nodeReuse:false", "-maxCpuCount:1", "-consoleLoggerParameters:NoSummary", .. options])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
