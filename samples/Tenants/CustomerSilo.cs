using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Tenants;

/// <summary>A silo of the cluster: a process that holds customers' networks. All silos are equal, and none is needed to find the others.</summary>
internal static class CustomerSilo
{
    /// <summary>Makes a silo.</summary>
    /// <param name="folder">Where networks are stored, and the table of silos: it makes silos a cluster.</param>
    public static IHost Create(string folder)
    {
        string membership = Membership.Open(folder);
        (int port, int gateway) = FreePorts();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        // When a silo is killed, the other tells at length of each call that it could not pass on; callers see it, and repeat the call.
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleans(silo => silo
            .ConfigureEndpoints(IPAddress.Loopback, port, gateway)
            .UseAdoNetClustering(options =>
            {
                options.Invariant = Membership.Invariant;
                options.ConnectionString = membership;
            })
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

    /// <summary>Connects to the cluster, within a minute.</summary>
    /// <param name="folder">The folder of its silos.</param>
    public static async Task<IHost> Connect(string folder)
    {
        string membership = Membership.Open(folder);
        Stopwatch watch = Stopwatch.StartNew();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options =>
            {
                options.Invariant = Membership.Invariant;
                options.ConnectionString = membership;
            })
            .Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(5))
            // Silos that have joined become known before the ones that the client knows have died.
            .Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))
            .UseConnectionRetryFilter(async (_, cancellationToken) =>
            {
                await Task.Delay(200, cancellationToken);
                return watch.Elapsed < TimeSpan.FromMinutes(1);
            }));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The key of a customer.</summary>
    public static string KeyOf(int customer) => string.Create(CultureInfo.InvariantCulture, $"customer-{customer}");

    /// <summary>A port for other silos and one for clients, that nothing listens on.</summary>
    private static (int Port, int Gateway) FreePorts()
    {
        using TcpListener silos = new(IPAddress.Loopback, 0);
        using TcpListener clients = new(IPAddress.Loopback, 0);
        silos.Start();
        clients.Start();
        return (((IPEndPoint)silos.LocalEndpoint).Port, ((IPEndPoint)clients.LocalEndpoint).Port);
    }
}
