using System.Reflection;

namespace Contract.Tests;

/// <summary>Code that works with any network, and what users see of the library.</summary>
public class InterfaceTests
{
    [Fact]
    public void GenericCode_MakesTrainsJudgesAndCopiesAnyNetwork()
    {
        AssertLearns<ClassesNet>(Dataset.FromLabels([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2], 3, 3));
        AssertLearns<TargetsNet>(Sets.Smooth(20, 2, 2));
        AssertLearns<ProbabilityNet>(Dataset.FromLabels([1, 0, 0, 0, 1, 0], [0, 1], 3, 2));

        static void AssertLearns<TNet>(Dataset data) where TNet : class, INetwork<TNet>
        {
            Assert.Equal(data.InputSize, TNet.InputSize);
            TNet net = TNet.Create(1);
            double before = net.Evaluate(data).Loss;
            net.Train(data, new TrainingOptions { Epochs = 100, Optimizer = new Adam(0.01f) });
            Assert.True(net.Evaluate(data).Loss < before);

            TNet copy = TNet.Create(2);
            copy.CopyFrom(net);
            using MemoryStream file = new();
            net.Save(file);
            file.Position = 0;
            Assert.All([copy, net.Clone(), TNet.Load(file)], other => Assert.Equal(Sets.Predictions(net, data), Sets.Predictions(other, data)));
            Assert.Equal(data.Count * TNet.OutputSize, Sets.Predictions(net, data).Length);
        }
    }

    [Fact]
    public void TheNamespaceMlp_HoldsWhatUsersTypeAlone()
    {
        string[] visible =
        [
            .. typeof(Dataset).Assembly.GetExportedTypes().Where(static type => type.Namespace == "Mlp" && !type.IsNested)
                .Select(static type => type.Name).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "public-types.txt")), visible);
        Assert.Equal(["Mlp", "Mlp.CompilerServices"], typeof(Dataset).Assembly.GetExportedTypes().Select(static type => type.Namespace).Distinct().Order());
    }

    [Fact]
    public void OptimizersCannotBeDerivedByUsers()
    {
        Assert.All(
            typeof(Optimizer).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public),
            static constructor => Assert.True(constructor.IsAssembly || constructor.IsFamilyAndAssembly));
        Assert.DoesNotContain(
            typeof(Optimizer).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly),
            static method => method.IsFamily || method.IsFamilyOrAssembly
                || (method.IsPublic && method.Name is not ($"get_{nameof(Optimizer.LearningRate)}" or $"get_{nameof(Optimizer.WeightDecay)}")));
    }

    [Fact]
    public void EditorsHideWhatOnlyGeneratedCodeCalls() => Assert.All(
        typeof(Dataset).Assembly.GetExportedTypes().Where(static type => type.Namespace == "Mlp.CompilerServices" && !type.IsNested),
        static type => Assert.Equal(
            System.ComponentModel.EditorBrowsableState.Never,
            type.GetCustomAttribute<System.ComponentModel.EditorBrowsableAttribute>()?.State));
}
