namespace Generator.Tests.Infrastructure;

public class HarnessTests
{
    [Fact]
    public void Harness_CompilesAndLoads_ANetwork()
    {
        GeneratorRun run = GeneratorHarness.Run("[Input(2), Dense(3, Relu), Dense(1)] public partial class Net;");
        Assert.NotNull(run.Load().GetType("Net"));
    }

    [Fact]
    public void Harness_ShowsEveryCompilerDiagnostic()
    {
        GeneratorRun run = GeneratorHarness.Run("public class C { private int _unused; }");
        Assert.Contains(run.CompilerDiagnostics, static diagnostic => diagnostic.Id == "CS0169");
    }
}
