using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mlp.Hosting;

namespace Hosting.Tests;

/// <summary>A network for each of many tenants.</summary>
public sealed class TenantTests
{
    [Fact]
    public async Task ManyWhoAskAtOnce_ShareOneLoad()
    {
        int loads = 0;
        TaskCompletionSource<ServedNet> load = new();
        await using ServiceProvider services = Services((_, _) =>
        {
            Interlocked.Increment(ref loads);
            return new ValueTask<ServedNet>(load.Task);
        });
        INetworks<int, ServedNet> networks = Networks(services);

        Task<ServedNet>[] asked = [.. Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await networks.GetAsync(5)))];
        await Wait.Until(() => Volatile.Read(ref loads) > 0, "a load begins");
        load.SetResult(new ServedNet(seed: 5));
        ServedNet[] given = await Task.WhenAll(asked);

        Assert.All(given, network => Assert.Same(given[0], network));
        Assert.Same(given[0], await networks.GetAsync(5));
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task ALoadThatFails_IsNotKept()
    {
        int loads = 0;
        await using ServiceProvider services = Services(async (key, _) =>
        {
            await Task.Yield();
            return ++loads == 1 ? throw new IOException("no disk") : new ServedNet(key);
        });
        INetworks<int, ServedNet> networks = Networks(services);

        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(async () => await networks.GetAsync(1))).Message);
        Assert.Equal(new ServedNet(seed: 1).Answer(), (await networks.GetAsync(1)).Answer());
        Assert.Equal(2, loads);
    }

    [Fact]
    public async Task OneWhoGivesUp_DoesNotEndTheLoadOfOthers()
    {
        TaskCompletionSource<ServedNet> load = new();
        CancellationToken given = default;
        await using ServiceProvider services = Services((_, cancellationToken) =>
        {
            given = cancellationToken;
            return new ValueTask<ServedNet>(load.Task);
        });
        INetworks<int, ServedNet> networks = Networks(services);
        using CancellationTokenSource impatient = new();

        Task<ServedNet> first = networks.GetAsync(1, impatient.Token).AsTask();
        Task<ServedNet> second = networks.GetAsync(1).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(given.IsCancellationRequested);
        load.SetResult(new ServedNet(seed: 1));
        Assert.NotNull(await second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await networks.GetAsync(2, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task TheEndOfTheApplication_EndsLoads()
    {
        ServiceProvider services = Services(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("not reached");
        });
        Task<ServedNet> asked = Networks(services).GetAsync(1).AsTask();
        await services.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task BeyondTheCapacity_OthersAreDropped_AndLoadedAgainWhenAskedFor()
    {
        int loads = 0;
        await using ServiceProvider services = Services(
            (key, _) =>
            {
                Interlocked.Increment(ref loads);
                return ValueTask.FromResult(new ServedNet(key));
            },
            static options => options.Capacity = 8);
        INetworks<int, ServedNet> networks = Networks(services);

        for (int key = 0; key < 100; key++)
        {
            Assert.Equal(new ServedNet(key).Answer(), (await networks.GetAsync(key)).Answer());
        }

        Assert.Equal(100, loads);
        Assert.InRange(Observed("mlp.hosting.kept"), 1, 8);
        Assert.InRange(Observed("mlp.hosting.evictions"), 92, 99);
        Assert.Equal(new ServedNet(seed: 0).Answer(), (await networks.GetAsync(0)).Answer());
        Assert.Equal(101, loads);
    }

    [Fact]
    public async Task WhatIdles_IsDropped()
    {
        await using ServiceProvider services = Services((key, _) => ValueTask.FromResult(new ServedNet(key)), static options => options.IdleTime = TimeSpan.FromSeconds(1));
        WeakReference network = await Get(Networks(services));
        await Wait.Until(
            () =>
            {
                GC.Collect();
                return !network.IsAlive;
            },
            "the network is collected");

        static async Task<WeakReference> Get(INetworks<int, ServedNet> networks) => new(await networks.GetAsync(1));
    }

    [Fact]
    public async Task WhatIsRemoved_IsLoadedAnew()
    {
        await using ServiceProvider services = Services((key, _) => ValueTask.FromResult(new ServedNet(key)));
        INetworks<int, ServedNet> networks = Networks(services);
        ServedNet first = await networks.GetAsync(1);
        Assert.True(networks.Remove(1));
        Assert.False(networks.Remove(1));
        Assert.NotSame(first, await networks.GetAsync(1));
    }

    [Fact]
    public async Task WhatIsKept_IsGivenWithoutAllocation()
    {
        await using ServiceProvider services = Services((key, _) => ValueTask.FromResult(new ServedNet(key)));
        INetworks<int, ServedNet> networks = Networks(services);
        await networks.GetAsync(1);
        Assert.True(networks.GetAsync(1).IsCompletedSuccessfully);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            await networks.GetAsync(1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task ALoadMayUseTheApplicationsServices()
    {
        ServiceCollection collection = new();
        collection.AddSingleton(new Store(40));
        collection.AddNetworks<string, ServedNet>(static (services, key, _) => ValueTask.FromResult(new ServedNet(services.GetRequiredService<Store>().Seed + key.Length)));
        await using ServiceProvider services = collection.BuildServiceProvider();

        Assert.Equal(new ServedNet(seed: 42).Answer(), (await services.GetRequiredService<INetworks<string, ServedNet>>().GetAsync("ab")).Answer());
    }

    [Theory]
    [InlineData(2, 60, "Capacity")]
    [InlineData(10, 0, "IdleTime")]
    public void OptionsOutOfRange_AreRefused(int capacity, int seconds, string expected)
    {
        using ServiceProvider services = Services((key, _) => ValueTask.FromResult(new ServedNet(key)), options =>
        {
            options.Capacity = capacity;
            options.IdleTime = TimeSpan.FromSeconds(seconds);
        });
        Assert.Contains(expected, Assert.Throws<OptionsValidationException>(() => Networks(services)).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Func<int, CancellationToken, ValueTask<ServedNet>> load, Action<NetworksOptions<int, ServedNet>>? configure = null) =>
        new ServiceCollection().AddNetworks(load, configure).BuildServiceProvider();

    private static INetworks<int, ServedNet> Networks(ServiceProvider services) => services.GetRequiredService<INetworks<int, ServedNet>>();

    private static long Observed(string name)
    {
        long observed = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => observed = Math.Max(observed, value));
        listener.Start();
        listener.RecordObservableInstruments();
        return observed;
    }

    private sealed record Store(int Seed);
}
