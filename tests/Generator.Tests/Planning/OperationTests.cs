extern alias generator;

using generator::Mlp.Generator.Planning;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Planning;

/// <summary>The passes as operations: each reads what is there, and what is kept is kept for one of them.</summary>
public class OperationTests
{
    private static readonly Lazy<IReadOnlyList<NetworkPlan>> Plans = new(static () => [.. AllPlans()]);

    [Fact]
    public void EveryValue_IsWrittenBeforeItIsRead() => Check(static plan =>
    {
        HashSet<Value> written = [];
        foreach (Operation operation in Operations(plan))
        {
            Assert.All(operation.Reads, value => Assert.True(
                IsGiven(value) || written.Contains(value), $"{operation.Kind} of layer {operation.Layer.Number} reads {value}, which nothing wrote."));
            written.UnionWith(operation.Writes);
        }
    });

    [Fact]
    public void EveryBuffer_IsReadOrWritten() => Check(static plan =>
    {
        HashSet<Value> used = [.. Operations(plan).SelectMany(static operation => operation.Reads.Concat(operation.Writes))];

        // Straight-line code softens targets as rows, on their way to the lanes that its operations read.
        Assert.All(plan.Buffers, buffer => Assert.True(
            used.Contains(buffer.Value) || (plan.Form == Form.StraightLine && buffer.Value == plan.SoftTarget), $"No operation knows {buffer.Value}."));
    });

    [Fact]
    public void EveryValue_HasItsPlace() => Check(static plan =>
    {
        HashSet<Value> placed = [.. plan.Buffers.Select(static buffer => buffer.Value)];

        Assert.All(
            Operations(plan).SelectMany(static operation => operation.Reads.Concat(operation.Writes)),
            value => Assert.True(placed.Contains(value) || IsTheCallers(plan, value), $"{value} lies nowhere."));
    });

    [Fact]
    public void Buffers_DoNotOverlap() => Check(static plan =>
    {
        int end = 0;
        foreach (BufferPlan buffer in plan.Buffers.OrderBy(static buffer => buffer.Offset))
        {
            Assert.True(buffer.Offset >= end, $"{buffer.Value} begins at {buffer.Offset}, before {end}.");
            Assert.InRange(buffer.Value.Width, 1, buffer.Value.Stride);
            end = buffer.Offset + (plan.Form == Form.StraightLine ? 8 * buffer.Value.Width : buffer.Value.Stride);
        }

        Assert.Equal(end, plan.Floats);
        Assert.Distinct(plan.Buffers.Select(static buffer => buffer.Value.Name));
    });

    /// <summary>What prediction needs lies before what only training needs.</summary>
    [Fact]
    public void ForwardPass_WritesOnlyWhatLiesInItsOwnBuffers() => Check(static plan => Assert.All(
        plan.Forward
            .Where(static operation => operation.Kind != OperationKind.AddNoise)
            .SelectMany(static operation => operation.Writes)
            .Where(value => !IsTheCallers(plan, value)),
        value => Assert.InRange(plan.OffsetOf(value), 0, plan.ForwardFloats - 1)));

    [Fact]
    public void PrintedPlans_AreTheAcceptedOnes()
    {
        IReadOnlyDictionary<string, NetworkPlan> plans = Planning.Plans.Of(Gallery.Source);
        Snapshot.Verify("Plans", Gallery.Read.Select(network => KeyValuePair.Create($"{network.Name}.txt", plans[network.ClassName].ToString())));
    }

    private static void Check(Action<NetworkPlan> check) => Assert.All(Plans.Value, plan =>
    {
        try
        {
            check(plan);
        }
        catch (Xunit.Sdk.XunitException failure)
        {
            Assert.Fail($"{failure.Message}\n{plan}");
        }
    });

    /// <summary>The gallery and networks of anything that can be declared, some with frozen layers: to train and to predict alone, in their own form and as plain loops.</summary>
    private static IEnumerable<NetworkPlan> AllPlans()
    {
        RandomNetworks random = new(1);
        string drawn = string.Concat(Enumerable.Range(0, 300).Select(i => random.Network($"Drawn{i}").ToSource()));
        NetworkModel[] declared = [.. Planning.Plans.Of(Gallery.Source).Values.Concat(Planning.Plans.Of(drawn).Values).Select(static plan => plan.Model)];
        Assert.InRange(declared.Length, 340, int.MaxValue);
        return
            from network in declared
            from trains in (bool[])[true, false]
            from frozen in (int[])[0, 1, 2]
            from isPlain in (bool[])[false, true]
            let model = network with
            {
                Loss = trains ? network.Loss : null,
                LossOptions = trains ? network.LossOptions : new(),
                InputGradients = trains && network.InputGradients,
                Layers = Planning.Plans.Each(network, layer => layer with { IsFrozen = network.Layers.Items.IndexOf(layer) < frozen }),
            }
            select NetworkPlanner.Plan(model, isPlain);
    }

    private static IEnumerable<Operation> Operations(NetworkPlan plan) => plan.Forward.Concat(plan.Backward).Concat(plan.Gradients);

    /// <summary>Whether a value is there before the passes: the caller's, or what the runtime makes of it and of random numbers.</summary>
    private static bool IsGiven(Value value) =>
        value.Lifetime == Lifetime.Call || value.Role is Role.Input or Role.Target or Role.SoftTarget or Role.Mask or Role.Noise;

    /// <summary>Whether a value lies where the passes' caller says: inputs, targets, outputs, and the losses of straight-line code.</summary>
    private static bool IsTheCallers(NetworkPlan plan, Value value) =>
        value.Lifetime == Lifetime.Call || value.IsNetworkOutput || (value.Role == Role.Loss && plan.Form == Form.StraightLine);
}
