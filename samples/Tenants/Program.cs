// A network for each of many customers, as grains of Orleans.
//   dotnet run -c Release                     one process, 2,000 customers
//   dotnet run -c Release -- cluster          silos in processes of their own; those that it begins with are killed while customers learn
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tenants;

const int batches = 5;
switch (args)
{
    case ["silo", string stored]:
        await CustomerSilo.Create(stored).RunAsync();
        return 0;
    case ["cluster", ..]:
        return await Cluster(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 300);
    default:
        return await Alone(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000);
}

static async Task<int> Alone(int customers)
{
    string folder = Directory.CreateTempSubdirectory("mlpgen-tenants").FullName;
    using IHost host = CustomerSilo.Create(folder);
    await host.StartAsync();
    IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
    Drive drive = new(grains, customers);
    await new Drive(grains, 1).Learn(1);

    long before = GC.GetTotalMemory(forceFullCollection: true);
    Stopwatch watch = Stopwatch.StartNew();
    await drive.Learn(batches);
    double seconds = watch.Elapsed.TotalSeconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{customers} customers, {drive.Acknowledged} batches learned and stored: {drive.Acknowledged / seconds:F0} a second"));

    int different = await drive.CountDifferent();
    Console.WriteLine($"customers whose bits differ from training alone: {different}");

    IManagementGrain management = grains.GetGrain<IManagementGrain>(0);
    int active = await CountActive(management);
    double kibibytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / active;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"customers in memory: {active}, with {kibibytes:F1} KiB each"));
    for (int wait = 0; wait < 60 && await CountActive(management) > 0; wait++)
    {
        await Task.Delay(500);
    }

    Console.WriteLine($"customers in memory after idling: {await CountActive(management)}");
    different += await drive.CountDifferent();
    Console.WriteLine($"customers whose bits differ after they were loaded again: {different}");
    await host.StopAsync();
    Directory.Delete(folder, recursive: true);
    return different == 0 ? 0 : 1;
}

static async Task<int> CountActive(IManagementGrain management) =>
    (await management.GetSimpleGrainStatistics()).Where(static grain => grain.GrainType.Contains(nameof(Customer), StringComparison.Ordinal)).Sum(static grain => grain.ActivationCount);

static async Task<int> Cluster(int customers)
{
    string folder = Directory.CreateTempSubdirectory("mlpgen-tenants").FullName;
    List<Process> silos = [Start(folder), Start(folder)];
    try
    {
        using IHost client = await CustomerSilo.Connect(folder);
        IGrainFactory grains = client.Services.GetRequiredService<IGrainFactory>();
        Drive drive = new(grains, customers);
        await WaitForSilos(2);
        await LearnWhile(() => Kill(1));
        await LearnWhile(async () =>
        {
            silos.Add(Start(folder));
            await WaitForSilos(2);
        });
        // The last of those that the cluster began with.
        await LearnWhile(() => Kill(0));
        Console.WriteLine($"acknowledged: {drive.Acknowledged} batches of {customers} customers; {drive.Repeated} calls were repeated");
        int different = await drive.CountDifferent();
        Console.WriteLine($"customers whose bits differ from training alone: {different}");
        return different == 0 ? 0 : 1;

        // All customers learn some batches; when half of them are acknowledged, something happens.
        async Task LearnWhile(Func<Task> happens)
        {
            long half = drive.Acknowledged + ((long)customers * batches);
            Task learning = drive.Learn(2 * batches);
            while (drive.Acknowledged < half && !learning.IsCompleted)
            {
                await Task.Delay(10);
            }

            await happens();
            await learning;
        }

        Task Kill(int silo)
        {
            silos[silo].Kill();
            Console.WriteLine($"killed silo {silo + 1} after {drive.Acknowledged} acknowledged batches");
            return WaitForSilos(1);
        }

        async Task WaitForSilos(int count)
        {
            IManagementGrain management = grains.GetGrain<IManagementGrain>(0);
            Stopwatch watch = Stopwatch.StartNew();
            int active;
            while ((active = (await drive.Repeat(() => management.GetHosts(onlyActive: true))).Count) != count)
            {
                if (watch.Elapsed > TimeSpan.FromMinutes(1))
                {
                    throw new TimeoutException($"The cluster should have {count} silos after a minute, and has {active}.");
                }

                await Task.Delay(250);
            }

            Console.WriteLine($"silos: {active}");
        }
    }
    finally
    {
        silos.ForEach(static silo => silo.Kill());
        await Task.WhenAll(silos.Select(static silo => silo.WaitForExitAsync()));
        silos.ForEach(static silo => silo.Dispose());
        Directory.Delete(folder, recursive: true);
    }
}

static Process Start(string folder)
{
    ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false };
    if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
    {
        start.ArgumentList.Add(typeof(CustomerSilo).Assembly.Location);
    }

    start.ArgumentList.Add("silo");
    start.ArgumentList.Add(folder);
    return Process.Start(start)!;
}
