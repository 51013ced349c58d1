using System.Reflection;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Diagnostics;

public class MistakeTests
{
    public static TheoryData<string> Names => [.. Mistakes.All.Select(static mistake => mistake.Name)];

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_IsReported_AtItsPlace(string name)
    {
        MarkedSource source = Find(name);

        GeneratorRun run = GeneratorHarness.Run(source.Text);

        Assert.Equal(source.Expected, run.Reported.Select(MarkedSource.Describe));
        Assert.All(run.Reported, static diagnostic => Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity));
        Assert.All(run.Reported, static diagnostic => Assert.DoesNotContain("{", diagnostic.GetMessage(), StringComparison.Ordinal));
    }

    /// <summary>The others have tests of their own, as they need more than a declaration.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryDiagnostic_HasAMistake(string id) => Assert.True(
        id is "MLP0045" or "MLP0046" or "MLP0047" or "MLP0048"
        || WeightsTests.IsOfWeights(id)
        || Mistakes.All.Any(mistake => mistake.Source.Contains(id, StringComparison.Ordinal)));

    [Fact]
    public void LayersInAnotherFile_AreReportedThere()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation(
            ["[Input(2), Dense(1)] public partial class Net;", "[Dense(1)] public partial class Net;"]);

        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Run(compilation).Reported);

        Assert.Equal("MLP0014", diagnostic.Id);
        Assert.Equal("File1.cs", diagnostic.Location.SourceTree!.FilePath);
    }

    [Fact]
    public void MembersOfOtherSignatures_AreNotReported()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            [Input(2), Dense(1)]
            public partial class Net
            {
                public float Predict(float x, float y) => x + y;
                public float Predict<T>(System.ReadOnlySpan<float> values) => values[0];
                public float Predict(ref System.ReadOnlySpan<float> values) => values[0];
                public void Train() { }
                public int PredictClass(System.ReadOnlySpan<float> input) => 0;
            }
            """);

        Assert.Empty(run.Reported);
    }

    [Fact]
    public void ErrorsOfTheCompilersOwn_AreNotReportedTwice()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            [Input("two"), Input(3), Dense(Unknown, Relu), Dense(), Dropout(), Loss(Nothing)]
            public partial class Net;
            [Input(2), GaussianNoise("much"), Dense(2, Unknown, Alpha = 1, Residual = 1), Dense(2, Relu, Alpha = Unknown)]
            [Dense(2, Initializer = Unknown, InitializerScale = 1, Normalization = "Batch", NormalizationMomentum = 0.5)]
            [Dense(2, Softmax), Loss(CrossEntropy, ClassWeights = new double[] { 0, Unknown }, Delta = Unknown)]
            public partial class Settings;
            [Input(2), Dense(2), Loss(Nothing, Delta = 2, ClassWeights = new[] { "one" })]
            public partial class Options;
            [Input(2), Dense(1)]
            public partial class Twice;
            [Input(2)]
            public partial class Twice;
            [Input(2)]
            public enum Other { A }
            [Input(2)]
            public delegate void Another();
            """);

        Assert.DoesNotContain(run.Reported, static diagnostic => diagnostic.Id != "MLP0021");
        Assert.NotEmpty(run.CompilerDiagnostics);
    }

    [Fact]
    public void Message_SaysWhatWasFound_AndWhatIsExpected()
    {
        GeneratorRun run = GeneratorHarness.Run("[Input(2), Dense(3), Dense(3), Dense(0)] public partial class Net;");

        Assert.Equal("Layer 3 has 0 units; a dense layer needs at least 1", Assert.Single(run.Reported).GetMessage());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FaultyNetwork_StillHasItsMembers(string name)
    {
        GeneratorRun run = GeneratorHarness.Run(Find(name).Text);

        // Without a constructor to call, no code can create the class.
        string[] unavoidable = run.Reported.Any(static diagnostic => diagnostic.Id == "MLP0033") ? ["CS0122", "CS7036"] : [];
        run.AssertClean([.. unavoidable, .. run.Reported.Select(static diagnostic => diagnostic.Id)]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_IsNotHidden_ByAnErrorOfDeclaration(string name) =>
        Assert.Empty(GeneratorHarness.Run(Find(name).Text).Compilation.GetDeclarationDiagnostics());

    [Theory]
    [InlineData("class Net<T>", "Net<int>")]
    [InlineData("record Net", "Net")]
    [InlineData("struct Net", "Net")]
    [InlineData("record struct Net", "Net")]
    public void FaultyForms_CanBeUsed(string form, string use)
    {
        GeneratorRun run = GeneratorHarness.Run($$"""
            [Input(2), Dense(1), Loss(MSE)]
            public partial {{form}};

            public static class Program
            {
                public static float Run(Dataset data)
                {
                    {{use}} net = new(seed: 1) { Threads = 1 };
                    net.Train(data);
                    net.Save("net");
                    {{use}} loaded = {{use}}.Load("net");
                    return loaded.Predict([0, 1]) + {{use}}.InputSize + loaded.Layer1.Weights[0, 0];
                }
            }
            """);

        run.AssertClean(Assert.Single(run.Reported).Id);
    }

    [Fact]
    public void FaultyNetwork_ThrowsItsFirstMistake()
    {
        Type network = GeneratorHarness.Run("[Input(2), Dense(0), Dense(1), Dropout(2)] public partial class Net;")
            .Load("MLP0015", "MLP0020", "MLP0021").GetType("Net")!;

        TargetInvocationException exception = Assert.Throws<TargetInvocationException>(() => Activator.CreateInstance(network, 0));

        Assert.IsType<InvalidOperationException>(exception.InnerException);
        Assert.Equal("MLP0015: Layer 1 has 0 units; a dense layer needs at least 1", exception.InnerException.Message);
    }

    [Fact]
    public void GeneratedArgument_ThrowsWhatIsReported()
    {
        GeneratorRun run = GeneratorHarness.Run("[Input(9), Dense(4, Relu), Dense(InputSize), Loss(MSE)] public partial class Net;");
        Type network = run.Load("MLP0034").GetType("Net")!;

        TargetInvocationException exception = Assert.Throws<TargetInvocationException>(() => Activator.CreateInstance(network, 0));

        Assert.Equal($"MLP0034: {Assert.Single(run.Reported).GetMessage()}", exception.InnerException!.Message);
    }

    private static MarkedSource Find(string name) => MarkedSource.Parse(Mistakes.All.Single(mistake => mistake.Name == name).Source);
}
