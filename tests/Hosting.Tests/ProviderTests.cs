using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlp;
using Mlp.Hosting;

namespace Hosting.Tests;

/// <summary>A network that is served from a file, published, and reloaded.</summary>
public sealed class ProviderTests : IDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlpgen-hosting").FullName;
    private readonly KeptLog _log = new();

    private string File => Path.Combine(_folder, "served.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TheFile_IsServedWithItsBits()
    {
        ServedNet saved = new(seed: 1);
        saved.Save(File);

        using IHost host = await Start(services => services.AddNetwork<ServedNet>(File));

        Assert.Equal(saved.Answer(), Served(host).Current.Answer());
        Assert.Same(Served(host).Current, Served(host).Current);
    }

    [Fact]
    public async Task WithoutItsFile_TheApplicationDoesNotStart()
    {
        FileNotFoundException error = await Assert.ThrowsAsync<FileNotFoundException>(() => Start(services => services.AddNetwork<ServedNet>(File)));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithADamagedFile_TheApplicationDoesNotStart_AndTheErrorNamesTheFile()
    {
        new ServedNet(seed: 1).Save(File);
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes[^3] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, bytes);

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => Start(services => services.AddNetwork<ServedNet>(File)));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initial_IsServedUntilThereIsAFile()
    {
        using IHost host = await Start(services => services.AddNetwork<ServedNet>(options =>
        {
            options.Path = File;
            options.ReloadOnChange = true;
            options.ReloadInterval = Often;
            options.Initial = () => new ServedNet(seed: 7);
        }));
        Assert.Equal(new ServedNet(seed: 7).Answer(), Served(host).Current.Answer());

        ServedNet saved = new(seed: 8);
        saved.Save(File);
        await Wait.Until(() => Served(host).Current.Answer().SequenceEqual(saved.Answer()), "the file is served");
    }

    [Fact]
    public async Task Publish_TakesACopy_ThatTrainingOnDoesNotChange()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await Start(services => services.AddNetwork<ServedNet>(File));
        ServedNet before = Served(host).Current;
        float[] answerBefore = before.Answer();

        ServedNet trained = new(seed: 2);
        float[] published = trained.Answer();
        Served(host).Publish(trained);
        trained.TrainStep([1, 2, 3], [1, 2, 3, 4], new Sgd(0.1f));

        Assert.NotEqual(published, trained.Answer());
        Assert.Equal(published, Served(host).Current.Answer());
        Assert.Equal(answerBefore, before.Answer());
    }

    [Fact]
    public async Task WhatIsServed_CannotBeChanged_ButItsCloneCan()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await Start(services => services.AddNetwork<ServedNet>(File));
        Served(host).Publish(new ServedNet(seed: 2));
        ServedNet served = Served(host).Current;

        Assert.Throws<InvalidOperationException>(() => served.TrainStep([1, 2, 3], [1, 2, 3, 4], new Sgd(0.1f)));
        Assert.Throws<InvalidOperationException>(() => served.Layer1.Weights[0, 0] = 1);
        Assert.Equal(new ServedNet(seed: 2).Answer(), served.Answer());
        served.Clone().TrainStep([1, 2, 3], [1, 2, 3, 4], new Sgd(0.1f));
    }

    [Fact]
    public async Task Publish_OfANetworkThatTrains_IsRefused_AndWhatWasServedIsServedOn()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await Start(services => services.AddNetwork<ServedNet>(File));
        ServedNet served = Served(host).Current;
        ServedNet network = new(seed: 2);
        Publishing callback = new(() => Served(host).Publish(network));

        Assert.Throws<InvalidOperationException>(() => network.Train(
            Dataset.FromTargets(new float[12], new float[16], inputSize: 3, targetSize: 4), new TrainingOptions { Epochs = 1, Callbacks = [callback] }));
        Assert.Throws<ArgumentNullException>(() => Served(host).Publish(null!));
        Assert.Same(served, Served(host).Current);
    }

    [Fact]
    public async Task AFileThatChanges_IsLoadedAnew_AlsoWithTheSameLengthAndTime()
    {
        new ServedNet(seed: 1).Save(File);
        DateTime time = System.IO.File.GetLastWriteTimeUtc(File);
        using IHost host = await StartReloading();

        ServedNet next = new(seed: 2);
        string beside = File + ".new";
        next.Save(beside);
        System.IO.File.SetLastWriteTimeUtc(beside, time);
        System.IO.File.Move(beside, File, overwrite: true);

        await Wait.Until(() => Served(host).Current.Answer().SequenceEqual(next.Answer()), "the new file is served");
    }

    [Fact]
    public async Task ALinkThatIsSwapped_IsAChange_AsMountedVolumesMakeIt()
    {
        // served.safetensors → ..data/served.safetensors, and ..data → one folder or another.
        string first = Directory.CreateDirectory(Path.Combine(_folder, "..1")).FullName;
        string second = Directory.CreateDirectory(Path.Combine(_folder, "..2")).FullName;
        new ServedNet(seed: 1).Save(Path.Combine(first, "served.safetensors"));
        ServedNet next = new(seed: 2);
        next.Save(Path.Combine(second, "served.safetensors"));
        string data = Path.Combine(_folder, "..data");
        Directory.CreateSymbolicLink(data, "..1");
        System.IO.File.CreateSymbolicLink(File, Path.Combine("..data", "served.safetensors"));
        using IHost host = await StartReloading();

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..2");

        await Wait.Until(() => Served(host).Current.Answer().SequenceEqual(next.Answer()), "the other folder's file is served");
    }

    [Fact]
    public async Task ADamagedChange_IsLoggedOnce_AndShowsInTheHealth_WhileTheOldNetworkIsServed()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await StartReloading();
        ServedNet served = Served(host).Current;
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes[^3] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        await Wait.Until(() => Errors().Length > 0, "an error is logged");
        await Task.Delay(20 * Often);

        string text = Assert.Single(Errors());
        Assert.Contains(File, text, StringComparison.Ordinal);
        Assert.Contains("ServedNet", text, StringComparison.Ordinal);
        Assert.Same(served, Served(host).Current);
        HealthReportEntry entry = (await health.CheckHealthAsync()).Entries["ServedNet"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains(File, entry.Description!, StringComparison.Ordinal);

        ServedNet mended = new(seed: 3);
        mended.Save(File);
        await Wait.Until(() => Served(host).Current.Answer().SequenceEqual(mended.Answer()), "the mended file is served");
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task AFileThatVanishes_IsLogged_AndComesBack()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await StartReloading();
        ServedNet served = Served(host).Current;

        System.IO.File.Delete(File);
        await Wait.Until(() => Errors().Length > 0, "an error is logged");
        Assert.Same(served, Served(host).Current);

        ServedNet next = new(seed: 4);
        next.Save(File);
        await Wait.Until(() => Served(host).Current.Answer().SequenceEqual(next.Answer()), "the file is served again");
    }

    [Fact]
    public async Task WithoutReload_AChangeOfTheFileChangesNothing()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await Start(services => services.AddNetwork<ServedNet>(File));
        ServedNet served = Served(host).Current;
        new ServedNet(seed: 2).Save(File);
        await Task.Delay(100);
        Assert.Same(served, Served(host).Current);
    }

    [Theory]
    [InlineData("", 1000, "not named")]
    [InlineData("x", 0, "ReloadInterval")]
    public async Task OptionsThatServeNothing_AreRefusedAtStart(string path, int milliseconds, string expected)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => Start(services => services.AddNetwork<ServedNet>(options =>
        {
            options.Path = path;
            options.ReloadInterval = TimeSpan.FromMilliseconds(milliseconds);
        })));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddNetwork<ServedNet>(" "));
    }

    [Fact]
    public async Task Swaps_AreCounted()
    {
        new ServedNet(seed: 1).Save(File);
        using IHost host = await Start(services => services.AddNetwork<ServedNet>(File));
        long swaps = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "mlp.hosting.swaps")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.Contains(new("network", "ServedNet")) && tags.Contains(new("source", "published")))
            {
                Interlocked.Add(ref swaps, value);
            }
        });
        listener.Start();

        Served(host).Publish(new ServedNet(seed: 2));
        Assert.True(swaps >= 1, $"{swaps}");
    }

    [Fact]
    public void WithoutAHostOrLogging_TheProviderWorksToo()
    {
        new ServedNet(seed: 1).Save(File);
        using ServiceProvider services = new ServiceCollection().AddNetwork<ServedNet>(File, reloadOnChange: true).BuildServiceProvider();
        Assert.Equal(new ServedNet(seed: 1).Answer(), services.GetRequiredService<INetworkProvider<ServedNet>>().Current.Answer());
    }

    private static INetworkProvider<ServedNet> Served(IHost host) => host.Services.GetRequiredService<INetworkProvider<ServedNet>>();

    private string[] Errors() => [.. _log.Entries.Where(static entry => entry.Level >= LogLevel.Error).Select(static entry => entry.Text)];

    private Task<IHost> StartReloading() => Start(services =>
    {
        services.AddNetwork<ServedNet>(options =>
        {
            options.Path = File;
            options.ReloadOnChange = true;
            options.ReloadInterval = Often;
        });
        services.AddHealthChecks().AddNetwork<ServedNet>();
    });

    private async Task<IHost> Start(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        configure(builder.Services);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Publishing(Action publish) : TrainingCallback
    {
        public override void OnEpoch(TrainingContext context, EpochResult epoch) => publish();
    }
}
