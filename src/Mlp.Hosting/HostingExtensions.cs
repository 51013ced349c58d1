using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Mlp.Hosting;

/// <summary>Registers networks with an application's services.</summary>
/// <remarks>Nothing here uses reflection over networks; it trims and compiles ahead of time.</remarks>
public static class HostingExtensions
{
    /// <summary>Serves a network from a file, as <see cref="INetworkProvider{TNet}"/>. It is loaded when the application starts.</summary>
    /// <typeparam name="TNet">The network.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="path">The network's file, as <c>Save</c> writes it; relative to the present directory at start.</param>
    /// <param name="reloadOnChange">Whether a file that changes is loaded anew, within two seconds unless the options say otherwise.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    /// <remarks>Without its file, or with a damaged one, the application does not start: the error names the file.</remarks>
    public static IServiceCollection AddNetwork<TNet>(this IServiceCollection services, string path, bool reloadOnChange = false)
        where TNet : class, INetwork<TNet>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return services.AddNetwork<TNet>(options =>
        {
            options.Path = path;
            options.ReloadOnChange = reloadOnChange;
        });
    }

    /// <inheritdoc cref="AddNetwork{TNet}(IServiceCollection, string, bool)"/>
    /// <param name="services">The services.</param>
    /// <param name="configure">Says where the network comes from.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddNetwork<TNet>(this IServiceCollection services, Action<NetworkOptions<TNet>> configure)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<NetworkOptions<TNet>>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NetworkOptions<TNet>>, NetworkOptionsValidator<TNet>>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new NetworkProvider<TNet>(
            provider.GetRequiredService<IOptions<NetworkOptions<TNet>>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<INetworkProvider<TNet>>>() ?? NullLogger<INetworkProvider<TNet>>.Instance));
        services.TryAddSingleton<INetworkProvider<TNet>>(static provider => provider.GetRequiredService<NetworkProvider<TNet>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, NetworkStart<TNet>>());
        return services;
    }

    /// <summary>Serves a network for each of many tenants, as <see cref="INetworks{TKey, TNet}"/>.</summary>
    /// <typeparam name="TKey">What tells tenants apart.</typeparam>
    /// <typeparam name="TNet">The network.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="load">
    /// Loads a tenant's network: runs once for all who wait for it, on any thread, for several tenants at once. Its token ends with the application.
    /// </param>
    /// <param name="configure">Says how many are kept, and how long; null for 1,000 and as long as there is room.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException">The services or the load is null.</exception>
    public static IServiceCollection AddNetworks<TKey, TNet>(
        this IServiceCollection services, Func<TKey, CancellationToken, ValueTask<TNet>> load, Action<NetworksOptions<TKey, TNet>>? configure = null)
        where TKey : notnull
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(load);
        return services.AddNetworks<TKey, TNet>((_, key, cancellationToken) => load(key, cancellationToken), configure);
    }

    /// <inheritdoc cref="AddNetworks{TKey, TNet}(IServiceCollection, Func{TKey, CancellationToken, ValueTask{TNet}}, Action{NetworksOptions{TKey, TNet}}?)"/>
    /// <param name="services">The services.</param>
    /// <param name="load">
    /// Loads a tenant's network, with the application's services (not those of a request): runs once for all who wait for it, on any thread, for several
    /// tenants at once. Its token ends with the application.
    /// </param>
    /// <param name="configure">Says how many are kept, and how long; null for 1,000 and as long as there is room.</param>
    public static IServiceCollection AddNetworks<TKey, TNet>(
        this IServiceCollection services,
        Func<IServiceProvider, TKey, CancellationToken, ValueTask<TNet>> load,
        Action<NetworksOptions<TKey, TNet>>? configure = null)
        where TKey : notnull
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(load);
        OptionsBuilder<NetworksOptions<TKey, TNet>> options = services.AddOptions<NetworksOptions<TKey, TNet>>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NetworksOptions<TKey, TNet>>, NetworksOptionsValidator<TKey, TNet>>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INetworks<TKey, TNet>>(provider => new Networks<TKey, TNet>(
            (key, cancellationToken) => load(provider, key, cancellationToken),
            provider.GetRequiredService<IOptions<NetworksOptions<TKey, TNet>>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>
    /// Adds a check of a network that <c>services.AddNetwork</c> registered: healthy while it serves what its file holds or what was published, and
    /// <paramref name="failureStatus"/> while a change of the file could not be taken, with the reason.
    /// </summary>
    /// <typeparam name="TNet">The network.</typeparam>
    /// <param name="builder">The checks.</param>
    /// <param name="name">The check's name; null for the class's.</param>
    /// <param name="failureStatus">The status of such a problem; null for <see cref="HealthStatus.Degraded"/>, as predictions go on.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <returns>The checks.</returns>
    /// <exception cref="ArgumentNullException">The builder is null.</exception>
    public static IHealthChecksBuilder AddNetwork<TNet>(
        this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? typeof(TNet).Name,
            static services => new NetworkHealthCheck<TNet>(services.GetRequiredService<NetworkProvider<TNet>>()),
            failureStatus ?? HealthStatus.Degraded,
            tags));
    }
}
