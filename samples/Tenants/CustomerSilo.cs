using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Tenants;

/// <summary>A silo of the cluster: a process that holds customers' networks.</summary>
internal static class CustomerSilo
{
    /// <summary>The silo that others find the cluster by.</summary>
    public const int FirstPort = 11_711;

    /// <summary>What clients connect to; silo number n has this plus n.</summary>
    public const int FirstGateway = 31_711;

    /// <summary>Makes a silo.</summary>
    /// <param name="number">0 for the first, by which others find the cluster.</param>
    /// <param name="folder">Where networks are stored.</param>
    public static IHost Create(int number, string folder)
    {
        Directory.CreateDirectory(folder);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        // When a silo is killed, the other tells at length of each call that it could not pass on; callers see it, and repeat the call.
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FirstPort + number, FirstGateway + number, new IPEndPoint(IPAddress.Loopback, FirstPort))
            .Configure<GrainCollectionOptions>(static options =>
            {
                // Networks that nobody asks for leave memory; the next call loads them.
                options.CollectionQuantum = TimeSpan.FromSeconds(1);
                options.CollectionAge = TimeSpan.FromSeconds(5);
            })
            .Configure<ClusterMembershipOptions>(static options =>
            {
                // A silo that dies is noticed within a few seconds.
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 2;
                options.NumVotesForDeathDeclaration = 1;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            })
            .ConfigureServices(services => services.AddKeyedSingleton<IGrainStorage>(FileStorage.Name, new FileStorage(folder))));
        return builder.Build();
    }

    /// <summary>Connects to the cluster.</summary>
    /// <param name="silos">How many silos it has.</param>
    public static async Task<IHost> Connect(int silos)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client => client
            .UseLocalhostClustering([.. Enumerable.Range(FirstGateway, silos)])
            .Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(5))
            .UseConnectionRetryFilter(static async (_, cancellationToken) =>
            {
                await Task.Delay(200, cancellationToken);
                return true;
            }));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The key of a customer.</summary>
    public static string KeyOf(int customer) => string.Create(CultureInfo.InvariantCulture, $"customer-{customer}");
}
