namespace Contract.Tests;

/// <summary>What networks hold in memory. Nothing else of the process may allocate meanwhile.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public class MemoryTests
{
    [Fact]
    public void ReleaseTrainingBuffers_LeavesNoMoreThanALoadedNetworkHolds()
    {
        SmallNet trained = new(1);
        trained.Train(Dataset.FromTargets(new float[64 * 100_000], new float[100_000], 64, 1), new TrainingOptions { BatchSize = 100_000, Epochs = 1 });
        using MemoryStream file = new();
        trained.Save(file);

        long held = Held(() => trained.ReleaseTrainingBuffers());
        Assert.True(held < -100_000, $"Only {-held} bytes were given back.");
        file.Position = 0;
        SmallNet? loaded = null;
        long size = Held(() => loaded = SmallNet.Load(file));
        long own = Held(() => trained = null!);
        Assert.True(-own <= size + 1024, $"The trained network held {-own} bytes, the loaded one {size}.");
        GC.KeepAlive(loaded);

        static long Held(Action action)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            action();
            return GC.GetTotalMemory(forceFullCollection: true) - before;
        }
    }
}
