extern alias generator;

using generator::Mlp.Generator.Planning;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Planning;

/// <summary>The passes as operations: each reads what is there, and what is kept is kept for one of them.</summary>
public class OperationTests
{
    private static readonly IReadOnlyDictionary<string, NetworkPlan> Gallery = Plans.Of(Infrastructure.Gallery.Source);

    /// <summary>Networks whose plans are kept to read: a vector a neuron, a first delta that stays in registers, rows with all of a layer's passes, noise.</summary>
    private static readonly GalleryNetwork[] Printed =
    [
        new("Xor", "[Input(2)] [Dense(4, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("Circles", "[Input(2)] [Dense(128, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]"),
        new("NormalizedResidual", "[Input(40)] [Dense(40, Tanh, Residual = true, Normalization = Normalization.Layer)] [Dense(3, Softmax)] [Loss(CrossEntropy)]"),
        new("Noisy", "[Input(9)] [GaussianNoise(0.1)] [Dense(20, Gelu)] [Dropout(0.2)] [Dense(2)] [Loss(MSE)]"),
    ];

    public static TheoryData<string> Names => [.. Infrastructure.Gallery.Networks.Concat(Infrastructure.Gallery.Largest).Select(static network => network.ClassName)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryValue_IsWrittenBeforeItIsRead(string name)
    {
        NetworkPlan plan = Gallery[name];
        HashSet<Value> written = [];
        foreach (Operation operation in Operations(plan))
        {
            Assert.All(operation.Reads, value => Assert.True(
                IsGiven(value) || written.Contains(value), $"{operation.Kind} of layer {operation.Layer.Number} reads {value}, which nothing wrote.\n{plan}"));
            written.UnionWith(operation.Writes);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryBuffer_IsReadOrWritten(string name)
    {
        NetworkPlan plan = Gallery[name];
        HashSet<Value> used = [.. Operations(plan).SelectMany(static operation => operation.Reads.Concat(operation.Writes))];

        Assert.All(plan.Buffers, buffer => Assert.True(used.Contains(buffer.Value), $"No operation knows {buffer.Value}.\n{plan}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryValue_HasItsPlace(string name)
    {
        NetworkPlan plan = Gallery[name];
        HashSet<Value> placed = [.. plan.Buffers.Select(static buffer => buffer.Value)];

        Assert.All(
            Operations(plan).SelectMany(static operation => operation.Reads.Concat(operation.Writes)),
            value => Assert.True(placed.Contains(value) || IsTheCallers(plan, value), $"{value} lies nowhere.\n{plan}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Buffers_DoNotOverlap(string name)
    {
        NetworkPlan plan = Gallery[name];
        int end = 0;
        foreach (BufferPlan buffer in plan.Buffers.OrderBy(static buffer => buffer.Offset))
        {
            Assert.True(buffer.Offset >= end, $"{buffer.Value} begins at {buffer.Offset}, before {end}.\n{plan}");
            end = buffer.Offset + (plan.Form == Form.StraightLine ? 8 * buffer.Value.Width : buffer.Value.Stride);
            Assert.True(buffer.Value.Stride >= buffer.Value.Width);
        }

        Assert.Equal(end, plan.Floats);
        Assert.Distinct(plan.Buffers.Select(static buffer => buffer.Value.Name));
    }

    /// <summary>What prediction needs lies before what only training needs.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ForwardPass_WritesOnlyWhatLiesInItsOwnBuffers(string name)
    {
        NetworkPlan plan = Gallery[name];
        Value[] predicted = [.. plan.Forward
            .Where(static operation => operation.Kind != OperationKind.AddNoise)
            .SelectMany(static operation => operation.Writes)
            .Where(value => !IsTheCallers(plan, value))];

        Assert.All(predicted, value => Assert.InRange(plan.OffsetOf(value), 0, plan.ForwardFloats - 1));
    }

    [Fact]
    public void PrintedPlans_AreTheAcceptedOnes()
    {
        IReadOnlyDictionary<string, NetworkPlan> plans = Plans.Of(string.Concat(Printed.Select(static network => network.Declaration)));
        Snapshot.Verify("Plans", Printed.Select(network => KeyValuePair.Create($"{network.Name}.txt", plans[network.ClassName].ToString())));
    }

    private static IEnumerable<Operation> Operations(NetworkPlan plan) => plan.Forward.Concat(plan.Backward).Concat(plan.Gradients);

    /// <summary>Whether a value is there before the passes: the caller's, or what the runtime makes of it and of random numbers.</summary>
    private static bool IsGiven(Value value) =>
        value.Lifetime == Lifetime.Call || value.Role is Role.Input or Role.Target or Role.SoftTarget or Role.Mask or Role.Noise;

    /// <summary>Whether a value lies where the passes' caller says: inputs, targets, outputs, and the losses of straight-line code.</summary>
    private static bool IsTheCallers(NetworkPlan plan, Value value) =>
        value.Lifetime == Lifetime.Call || value.IsNetworkOutput || (value.Role == Role.Loss && plan.Form == Form.StraightLine);
}
