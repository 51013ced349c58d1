using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mlp.Hosting;

/// <summary>Healthy while the network that is served is the newest of its file; while a change of the file could not be taken, what the check was registered with.</summary>
internal sealed class NetworkHealthCheck<TNet>(NetworkProvider<TNet> provider) : IHealthCheck where TNet : class, INetwork<TNet>
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ServedNetwork<TNet> served = provider.Served;
        Dictionary<string, object> data = new()
        {
            ["network"] = typeof(TNet).Name,
            ["source"] = served.Source,
            ["since"] = served.Since,
        };
        return Task.FromResult(provider.Problem is string problem
            ? new HealthCheckResult(context.Registration.FailureStatus, $"The network from before is served on. {problem}", data: data)
            : HealthCheckResult.Healthy($"{typeof(TNet).Name} is served.", data));
    }
}
