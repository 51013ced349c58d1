using Microsoft.Extensions.Hosting;

namespace Mlp.Hosting;

/// <summary>Has the network loaded when the application starts, so that a missing or damaged file shows then, not at the first request.</summary>
internal sealed class NetworkStart<TNet>(INetworkProvider<TNet> provider) : IHostedService where TNet : class, INetwork<TNet>
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = provider.Current;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
