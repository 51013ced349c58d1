using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Mlp;
using Mlp.Hosting;

namespace MlpLoad;

/// <summary>Clients who ask over HTTP while networks are published and files are reloaded, and what they were answered.</summary>
internal sealed class Load
{
    private const int Clients = 16;
    private static readonly TimeSpan FileEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(20);

    private readonly float[] _question = [.. Enumerable.Range(0, LoadNet.InputSize).Select(static i => (i * 0.25f) - 2)];

    /// <summary>The answers of all networks that were ever served, by their bits, with how many clients got them. Each is in here before it is served.</summary>
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private int _published;
    private int _written;
    private int _torn;

    /// <summary>Runs, and prints what came of it.</summary>
    /// <param name="length">How long.</param>
    /// <returns>Whether every answer was that of one served network, and networks came from both sides.</returns>
    public async Task<bool> Run(TimeSpan length)
    {
        string folder = Directory.CreateTempSubdirectory("mlpgen-load").FullName;
        string file = Path.Combine(folder, "served.safetensors");
        LoadNet first = new(seed: 1);
        Know(first);
        first.Save(file);

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddNetwork<LoadNet>(options =>
        {
            options.Path = file;
            options.ReloadOnChange = true;
            options.ReloadInterval = TimeSpan.FromMilliseconds(100);
        });
        await using WebApplication app = builder.Build();
        app.MapGet("/", Answer);
        await app.StartAsync();

        INetworkProvider<LoadNet> served = app.Services.GetRequiredService<INetworkProvider<LoadNet>>();
        using CancellationTokenSource end = new(length);
        Task trainer = Task.Run(() => Publish(served, end.Token));
        Task writer = Task.Run(() => Write(file, end.Token));
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
        List<double>[] latencies = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => Ask(client, end.Token))));
        await Task.WhenAll(trainer, writer);
        await app.StopAsync();

        // It looks at the file until it is disposed.
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);

        double[] sorted = [.. latencies.SelectMany(static client => client).Order()];
        int different = _answers.Count(static answer => answer.Value > 0);
        Console.WriteLine($"{sorted.Length} answers in {length.TotalSeconds:F0} s to {Clients} clients, of {different} networks; {_published} published, {_written} files written");
        Console.WriteLine($"torn: {_torn}; p50 {At(0.5):F2} ms, p99 {At(0.99):F2} ms, longest {sorted[^1]:F2} ms");
        return _torn == 0 && different > 2 && _published > 0 && _written > 0;

        double At(double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
    }

    private static string Bits(ReadOnlySpan<float> outputs) => Convert.ToHexString(MemoryMarshal.AsBytes(outputs));

    private async Task Answer(HttpContext context, INetworkProvider<LoadNet> networks)
    {
        float[] outputs = new float[LoadNet.OutputSize];
        networks.Current.Predict(_question, outputs);
        await context.Response.WriteAsync(Bits(outputs));
    }

    private void Know(LoadNet network)
    {
        float[] outputs = new float[LoadNet.OutputSize];
        network.Predict(_question, outputs);
        _answers.TryAdd(Bits(outputs), 0);
    }

    /// <summary>Trains on made-up rows, and publishes the network again and again.</summary>
    private async Task Publish(INetworkProvider<LoadNet> served, CancellationToken end)
    {
        LoadNet network = new(seed: 2);
        Adam adam = new(1e-3f);
        Random random = new(1);
        float[] inputs = new float[32 * LoadNet.InputSize];
        float[] targets = new float[32 * LoadNet.OutputSize];
        while (!end.IsCancellationRequested)
        {
            Fill(inputs);
            Fill(targets);
            network.TrainStep(inputs, targets, adam);
            Know(network);
            served.Publish(network);
            _published++;
            await Task.Delay(PublishEvery, CancellationToken.None);
        }

        void Fill(float[] values)
        {
            foreach (ref float value in values.AsSpan())
            {
                value = random.NextSingle();
            }
        }
    }

    /// <summary>Writes another network into the file, as another process would.</summary>
    private async Task Write(string file, CancellationToken end)
    {
        for (int seed = 100; !end.IsCancellationRequested; seed++)
        {
            LoadNet network = new(seed);
            Know(network);
            network.Save(file);
            _written++;
            await Task.Delay(FileEvery, CancellationToken.None);
        }
    }

    private async Task<List<double>> Ask(HttpClient client, CancellationToken end)
    {
        List<double> latencies = [];
        while (!end.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            string answer = await client.GetStringAsync("/", CancellationToken.None);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (_answers.ContainsKey(answer))
            {
                _answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
            }
            else
            {
                Interlocked.Increment(ref _torn);
            }
        }

        return latencies;
    }
}
