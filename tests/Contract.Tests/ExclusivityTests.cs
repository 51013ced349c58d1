using System.Xml.Linq;

namespace Contract.Tests;

/// <summary>What trains a network, or replaces what was trained, runs alone; predictions and evaluations always run.</summary>
public class ExclusivityTests
{
    private static readonly Dataset Data = Sets.Smooth(60, 6);

    private static readonly Dictionary<string, Action<FullNet>> Exclusive = new()
    {
        ["Train"] = static net => net.Train(Data),
        ["TrainStep"] = static net => net.TrainStep(Data.Inputs, Data.Targets, new Adam()),
        ["weighted TrainStep"] = static net => net.TrainStep(Data.Inputs, Data.Targets, new float[60], new Adam()),
        ["ComputeGradients"] = static net => net.ComputeGradients(Data.Inputs, Data.Targets, new float[FullNet.ParameterCount]),
        ["ApplyGradients"] = static net => net.ApplyGradients(new float[FullNet.ParameterCount], new Adam()),
        ["LoadParameters"] = static net => net.LoadParameters(new float[FullNet.ParameterCount]),
        ["CopyFrom"] = static net => net.CopyFrom(new FullNet(3)),
        ["CopyFrom of what trains"] = static net => new FullNet(3).CopyFrom(net),
        ["CopyFrom of itself"] = static net => net.CopyFrom(net),
        ["Clone"] = static net => net.Clone(),
        ["LearnInputStatistics"] = static net => net.LearnInputStatistics(Data),
        ["ResetTraining"] = static net => net.ResetTraining(),
        ["ReleaseTrainingBuffers"] = static net => net.ReleaseTrainingBuffers(),
    };

    public static TheoryData<string> Members => [.. Exclusive.Keys];

    [Theory]
    [MemberData(nameof(Members))]
    public void FromACallbackOfTrain_ItIsRefused_AndChangesNothing(string member)
    {
        FullNet net = new(1);
        FullNet undisturbed = new(1);
        List<string> messages = [];

        net.Train(Data, new TrainingOptions { Epochs = 2, Progress = new Callback(() => messages.Add(Refusal(net, member))) });
        undisturbed.Train(Data, new TrainingOptions { Epochs = 2 });

        Assert.All(messages, static message => Assert.Contains("Train runs", message));
        Assert.NotEmpty(messages);
        Assert.Equal(Sets.Parameters(undisturbed), Sets.Parameters(net));
        Exclusive[member](net);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void FromAnotherThreadDuringTrain_ItIsRefused(string member)
    {
        FullNet net = new(1);
        string? message = null;
        net.Train(Data, new TrainingOptions
        {
            Steps = 1,
            Progress = new Callback(() =>
            {
                Thread other = new(() => message = Refusal(net, member));
                other.Start();
                other.Join();
            }),
        });
        Assert.Contains("Train runs", message);
    }

    [Fact]
    public void PredictAndEvaluate_AlwaysRun_AndSeeFiniteWeights()
    {
        FullNet net = new(1);
        int seen = 0;
        net.Train(Data, new TrainingOptions
        {
            Epochs = 2,
            Progress = new Callback(() =>
            {
                Assert.True(double.IsFinite(net.Evaluate(Data).Loss));
                Assert.True(float.IsFinite(net.Predict([1, 2, 3, 4, 5, 6f])));
                seen++;
            }),
        });
        Assert.True(seen > 0);
    }

    [Fact]
    public void AfterAnException_TheNextCallRuns()
    {
        FullNet net = new(1);
        net.LearnInputStatistics(Data);
        Assert.Throws<ArgumentException>(() => net.TrainStep([1f], [1f], new Adam()));
        Assert.Throws<NonFiniteLossException>(() => net.TrainStep([1, 2, 3, 4, 5, float.NaN], [1f], new Adam()));
        Assert.Throws<InvalidOperationException>(
            () => net.Train(Data, new TrainingOptions { Progress = new Callback(static () => throw new InvalidOperationException("stop")) }));
        net.Train(Data);
    }

    [Theory]
    [InlineData(typeof(FullNet))]
    [InlineData(typeof(ClassesNet))]
    [InlineData(typeof(ProbabilityNet))]
    [InlineData(typeof(AnswersNet))]
    public void EachMember_SaysWhetherItRunsAlone(Type network)
    {
        Dictionary<string, XElement> documentation = new[] { "Contract.Tests.xml", "Mlp.Runtime.xml" }
            .SelectMany(static file => XDocument.Load(Path.Combine(AppContext.BaseDirectory, file)).Descendants("member"))
            .ToDictionary(static member => member.Attribute("name")!.Value);
        XElement[] members =
        [
            .. documentation.Values.Where(member =>
                Array.Exists(["M:", "P:"], kind => member.Attribute("name")!.Value.StartsWith($"{kind}{network.FullName}.", StringComparison.Ordinal))),
        ];
        string[] silent =
        [
            .. members.Where(member => !Text(member).Contains("uns alone") && !Text(member).Contains("at any time"))
                .Select(member => member.Attribute("name")!.Value[(network.FullName!.Length + 3)..].Split('(')[0]).Distinct().Order(),
        ];

        // Those that belong to no network, or make one.
        Assert.Equal(["#ctor", "Load", "Summary"], silent);
        Assert.True(members.Length > 10);

        // What is shown of a member is also the text to which it refers.
        string Text(XElement member) => member.Value + string.Concat(
            member.Elements("inheritdoc").Select(reference => documentation[reference.Attribute("cref")!.Value].Value));
    }

    [Fact]
    public void GradientsAtOnce_AreRightOrRefused()
    {
        WideNet net = new(1);
        Dataset data = Sets.Smooth(140, 23, 3);
        float[][] expected = [.. Enumerable.Range(0, 4).Select(i => Gradients(net, data, 20 + (40 * i))!)];
        int wrong = 0, right = 0;
        Thread[] threads =
        [
            .. Enumerable.Range(0, 4).Select(i => new Thread(() =>
            {
                for (int j = 0; j < 200; j++)
                {
                    if (Gradients(net, data, 20 + (40 * i)) is { } gradients)
                    {
                        Interlocked.Increment(ref gradients.AsSpan().SequenceEqual(expected[i]) ? ref right : ref wrong);
                    }
                }
            })),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.Equal(0, wrong);
        Assert.True(right > 0);
    }

    private static float[]? Gradients(WideNet net, Dataset data, int rows)
    {
        float[] gradients = new float[WideNet.ParameterCount];
        try
        {
            net.ComputeGradients(data.Inputs[..(rows * 23)], data.Targets[..(rows * 3)], gradients);
            return gradients;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Refusal(FullNet net, string member) => Assert.Throws<InvalidOperationException>(() => Exclusive[member](net)).Message;

    private sealed class Callback(Action action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action();
    }
}
