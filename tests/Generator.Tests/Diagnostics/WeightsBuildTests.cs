using Generator.Tests.Infrastructure;

namespace Generator.Tests.Diagnostics;

/// <summary>Weights in real builds: those that editors run without compiling, and those after a file has changed.</summary>
public class WeightsBuildTests
{
    private const string Header = """
        {"Layer1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
        """;

    [Fact]
    public void EveryBuild_SeesTheFileAsItIs()
    {
        using ProjectFolder folder = new();
        byte[] file = WeightsText.Foreign(Header, 12);
        File.WriteAllBytes(folder.PathOf("net.de.safetensors"), file);
        folder.Write("Net.cs", "[Mlp.Input(2), Mlp.Dense(1)]\n[Mlp.Weights(\"net.de.safetensors\")]\npublic partial class Net { }\n");
        folder.Write("Net.csproj", ProjectFolder.Project(
            $"""
            <CustomAfterDirectoryBuildTargets>{Repository.PathOf("src", "Mlp.Runtime", "build", "MlpGen.targets")}</CustomAfterDirectoryBuildTargets>
            <MlpGenTasks>{typeof(BuildFile).Assembly.Location}</MlpGenTasks>
            """,
            """<MlpWeights Include="net.de.safetensors" />"""));
        folder.Build("Net.csproj", "-t:Restore");

        // What an editor asks for: the compiler's arguments, and no compilation.
        string arguments = folder.Build(
            "Net.csproj", "-t:Compile", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-getItem:CscCommandLineArgs");
        Assert.Matches(@"/additionalfile:\S*weights\S*\.mlpweights", arguments);

        string first = folder.Build("Net.csproj", "-t:Build");
        Assert.DoesNotContain("error", first, StringComparison.Ordinal);

        // The same length, an older time.
        file[^1] = 0x7f;
        file[^2] = 0xff;
        File.WriteAllBytes(folder.PathOf("net.de.safetensors"), file);
        File.SetLastWriteTimeUtc(folder.PathOf("net.de.safetensors"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Contains("Net.cs(2,14): error MLP0072", folder.Build("Net.csproj", "-t:Build"), StringComparison.Ordinal);
    }
}
