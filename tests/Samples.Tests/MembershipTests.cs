using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;
using Tenants;

namespace Samples.Tests;

/// <summary>The sample's table of silos, read and written by Orleans' own classes: what its protocol asks of a table.</summary>
public sealed class MembershipTests : IDisposable
{
    private static readonly DateTime Start = new(2026, 11, 28, 4, 5, 6, 789, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlpgen-membership").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ASilo_IsReadAsItWasWritten_WithAVersionThatCountsChanges()
    {
        IMembershipTable table = await Open();
        Assert.Equal(0, (await table.ReadAllAsync()).Version.Version);
        MembershipEntry silo = Silo(1);

        Assert.True(await table.InsertRowAsync(silo, Next(await table.ReadAllAsync())));
        MembershipTableData read = await table.ReadRowAsync(silo.SiloAddress);
        Assert.Equal(1, read.Version.Version);
        AssertSame(silo, read);

        silo.Status = SiloStatus.Dead;
        silo.AddSuspector(Silo(2).SiloAddress, Start.AddSeconds(1));
        silo.IAmAliveTime = Start.AddSeconds(3);
        Assert.True(await table.UpdateRowAsync(silo, read.Version.VersionEtag, Next(read)));
        read = await table.ReadAllAsync();
        Assert.Equal(2, read.Version.Version);
        AssertSame(silo, read);
    }

    [Fact]
    public async Task AChange_OfAnotherVersionThanTheTables_IsRefused_AndLeavesSiloAndVersion()
    {
        IMembershipTable table = await Open();
        MembershipEntry silo = Silo(1);
        MembershipTableData empty = await table.ReadAllAsync();
        Assert.True(await table.InsertRowAsync(silo, Next(empty)));

        Assert.False(await table.InsertRowAsync(Silo(2), Next(empty)));
        MembershipEntry changed = Silo(1);
        changed.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRowAsync(changed, empty.Version.VersionEtag, Next(empty)));
        // A silo that is there already, or is not there.
        MembershipTableData one = await table.ReadAllAsync();
        Assert.False(await table.InsertRowAsync(changed, Next(one)));
        Assert.False(await table.UpdateRowAsync(Silo(2), one.Version.VersionEtag, Next(one)));

        MembershipTableData read = await table.ReadAllAsync();
        Assert.Equal(1, read.Version.Version);
        AssertSame(silo, read);
        Assert.Empty((await table.ReadRowAsync(Silo(2).SiloAddress)).Members);
    }

    [Fact]
    public async Task OfManySilosThatWriteAtOnce_EachIsInTheTable_AndEachChangeHasItsVersion()
    {
        const int silos = 8;
        await Task.WhenAll(Enumerable.Range(1, silos).Select(port => Task.Run(async () =>
        {
            IMembershipTable table = await Open();
            while (!await table.InsertRowAsync(Silo(port), Next(await table.ReadAllAsync())))
            {
            }
        })));

        MembershipTableData read = await (await Open()).ReadAllAsync();
        Assert.Equal(silos, read.Version.Version);
        Assert.Equal(Enumerable.Range(1, silos), read.Members.Select(static member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    [Fact]
    public async Task ThatASiloIsAlive_IsNoChange_AndNeverTurnsBack()
    {
        IMembershipTable table = await Open();
        MembershipEntry silo = Silo(1);
        await table.InsertRowAsync(silo, Next(await table.ReadAllAsync()));

        silo.IAmAliveTime = Start.AddSeconds(-1);
        await table.UpdateIAmAliveAsync(silo);
        Assert.Equal(Start, (await table.ReadAllAsync()).Members.Single().Item1.IAmAliveTime);
        silo.IAmAliveTime = Start.AddSeconds(10);
        await table.UpdateIAmAliveAsync(silo);

        MembershipTableData read = await table.ReadAllAsync();
        Assert.Equal(1, read.Version.Version);
        AssertSame(silo, read);
    }

    [Fact]
    public async Task Clients_FindActiveSilosAlone_AndTheLongDeadAreForgotten()
    {
        IMembershipTable table = await Open();
        foreach ((int port, SiloStatus status) in new[] { (1, SiloStatus.Active), (2, SiloStatus.Dead), (3, SiloStatus.Joining) })
        {
            MembershipEntry silo = Silo(port);
            silo.Status = status;
            Assert.True(await table.InsertRowAsync(silo, Next(await table.ReadAllAsync())));
        }

        AdoNetGatewayListProvider gateways = new(
            NullLogger<AdoNetGatewayListProvider>.Instance,
            NoServices.Instance,
            Options.Create(new AdoNetClusteringClientOptions { Invariant = Membership.Invariant, ConnectionString = Membership.Open(_folder) }),
            Options.Create(new GatewayOptions()),
            Options.Create(new ClusterOptions()));
        await gateways.InitializeGatewayListProvider();
        Assert.Equal(1001, Assert.Single(await gateways.GetGateways()).Port);

        await table.CleanupDefunctSiloEntriesAsync(Start);
        Assert.Equal(3, (await table.ReadAllAsync()).Members.Count);
        await table.CleanupDefunctSiloEntriesAsync(Start.AddSeconds(1));
        Assert.Equal([1, 3], (await table.ReadAllAsync()).Members.Select(static member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    private async Task<IMembershipTable> Open()
    {
        AdoNetClusteringTable table = new(
            NoServices.Instance,
            Options.Create(new ClusterOptions()),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = Membership.Invariant, ConnectionString = Membership.Open(_folder) }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        return table;
    }

    private static MembershipEntry Silo(int port) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 7),
        SiloName = $"silo {port}",
        HostName = "here",
        Status = SiloStatus.Active,
        ProxyPort = 1000 + port,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private static TableVersion Next(MembershipTableData read) => read.Version.Next();

    private static void AssertSame(MembershipEntry expected, MembershipTableData read)
    {
        MembershipEntry actual = Assert.Single(read.Members).Item1;
        Assert.Equal(expected.SiloAddress, actual.SiloAddress);
        Assert.Equal(expected.SiloName, actual.SiloName);
        Assert.Equal(expected.HostName, actual.HostName);
        Assert.Equal(expected.Status, actual.Status);
        Assert.Equal(expected.ProxyPort, actual.ProxyPort);
        Assert.Equal(expected.StartTime, actual.StartTime);
        Assert.Equal(expected.IAmAliveTime, actual.IAmAliveTime);
        Assert.Equal(expected.SuspectTimes ?? [], actual.SuspectTimes ?? []);
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
