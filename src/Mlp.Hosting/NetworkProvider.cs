using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mlp.Hosting;

/// <summary>Serves a network from a file, and swaps it when the file changes or another is published.</summary>
/// <remarks>Readers take one reference to a network that nobody changes, so that they wait for nothing and see no half of two networks.</remarks>
internal sealed partial class NetworkProvider<TNet> : INetworkProvider<TNet>, IAsyncDisposable, IDisposable where TNet : class, INetwork<TNet>
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private volatile ServedNetwork<TNet> _served;
    private volatile string? _problem;
    private bool _isDisposed;

    /// <exception cref="OptionsValidationException">The options name no file, or an interval out of range.</exception>
    /// <exception cref="FileNotFoundException">There is no file, and no initial network.</exception>
    /// <exception cref="InvalidDataException">The file holds no network of this kind.</exception>
    public NetworkProvider(IOptions<NetworkOptions<TNet>> options, TimeProvider time, ILogger<INetworkProvider<TNet>> logger)
    {
        _path = Path.GetFullPath(options.Value.Path);
        _time = time;
        _logger = logger;
        FileStamp? stamp = FileStamp.Of(_path);
        _served = stamp is null && options.Value.Initial is { } initial
            ? ServedNetwork<TNet>.Of(initial().Clone(), "initial", time.GetUtcNow())
            : Load();
        LogServing(typeof(TNet).Name, _served.Source);
        _watching = options.Value.ReloadOnChange ? Watch(options.Value.ReloadInterval, stamp) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public TNet Current => _served.Network;

    /// <summary>What is served.</summary>
    public ServedNetwork<TNet> Served => _served;

    /// <summary>Why the file's last change was not taken; null where it was.</summary>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public void Publish(TNet network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Serve(ServedNetwork<TNet>.Of(network.Clone(), "published", _time.GetUtcNow()));
    }

    public async ValueTask DisposeAsync()
    {
        // The container does so once for each type that the provider is registered by.
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _watching.ConfigureAwait(false);
            _stop.Dispose();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Serve(ServedNetwork<TNet> network)
    {
        _served = network;
        HostingMetrics.CountSwap<TNet>(network.Source == _path ? "file" : "published");
        LogServing(typeof(TNet).Name, network.Source);
    }

    private ServedNetwork<TNet> Load()
    {
        try
        {
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ServedNetwork<TNet>.Of(TNet.Load(stream), _path, _time.GetUtcNow());
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{_path}: {exception.Message}", exception);
        }
    }

    /// <summary>Loads the file whenever it has changed, and looked the same twice in a row since.</summary>
    private async Task Watch(TimeSpan interval, FileStamp? taken)
    {
        using PeriodicTimer timer = new(interval, _time);
        FileStamp? last = taken;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    FileStamp? seen = FileStamp.Of(_path);
                    bool isSettled = seen == last;
                    last = seen;
                    if (!isSettled || seen == taken)
                    {
                        continue;
                    }

                    // Also where it cannot be loaded: it is not tried again until it changes.
                    taken = seen;
                    if (seen is null)
                    {
                        Fail(new FileNotFoundException($"{_path} is gone."));
                        continue;
                    }

                    Serve(Load());
                    _problem = null;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // Whatever it is, what is served is served on, and the file is looked at again.
                    Fail(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }

    private void Fail(Exception exception)
    {
        // Once for each problem, not at every look at the file.
        if (_problem != exception.Message)
        {
            _problem = exception.Message;
            HostingMetrics.CountFailure<TNet>();
            LogNotTaken(typeof(TNet).Name, _served.Source, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Network} is served from now on: {Source}.")]
    private partial void LogServing(string network, string source);

    [LoggerMessage(2, LogLevel.Error, "The file of {Network} has changed, and cannot be taken; the one from before is served on ({Source}). {Problem}")]
    private partial void LogNotTaken(string network, string source, string problem);
}
