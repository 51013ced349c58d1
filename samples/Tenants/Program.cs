// A network for each of many customers, as grains of Orleans.
//   dotnet run -c Release                     one process, 2,000 customers
//   dotnet run -c Release -- cluster          two silos in processes of their own, one of which is killed while customers learn
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tenants;

const int batches = 5;
switch (args)
{
    case ["silo", string number, string stored]:
        await CustomerSilo.Create(int.Parse(number, CultureInfo.InvariantCulture), stored).RunAsync();
        return 0;
    case ["cluster", ..]:
        return await Cluster(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 300);
    default:
        return await Alone(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000);
}

static async Task<int> Alone(int customers)
{
    string folder = Directory.CreateTempSubdirectory("mlpgen-tenants").FullName;
    using IHost host = CustomerSilo.Create(0, folder);
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
    using Process first = Start(0, folder);
    using Process second = Start(1, folder);
    try
    {
        using IHost client = await CustomerSilo.Connect(silos: 2);
        IGrainFactory grains = client.Services.GetRequiredService<IGrainFactory>();
        IManagementGrain management = grains.GetGrain<IManagementGrain>(0);
        for (int wait = 0; wait < 120 && (await management.GetHosts(onlyActive: true)).Count < 2; wait++)
        {
            await Task.Delay(250);
        }

        Console.WriteLine($"silos: {(await management.GetHosts(onlyActive: true)).Count}");
        Drive drive = new(grains, customers);
        Task learning = drive.Learn(4 * batches);
        while (drive.Acknowledged < customers * batches)
        {
            await Task.Delay(10);
        }

        second.Kill();
        Console.WriteLine($"killed one after {drive.Acknowledged} acknowledged batches");
        await learning;
        Console.WriteLine($"acknowledged: {drive.Acknowledged} batches of {customers} customers; {drive.Repeated} calls were repeated; silos: {(await management.GetHosts(onlyActive: true)).Count}");
        int different = await drive.CountDifferent();
        Console.WriteLine($"customers whose bits differ from training alone: {different}");
        return different == 0 ? 0 : 1;
    }
    finally
    {
        first.Kill();
        second.Kill();
        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());
        Directory.Delete(folder, recursive: true);
    }
}

static Process Start(int number, string folder)
{
    ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false };
    if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
    {
        start.ArgumentList.Add(typeof(CustomerSilo).Assembly.Location);
    }

    foreach (string argument in (string[])["silo", number.ToString(CultureInfo.InvariantCulture), folder])
    {
        start.ArgumentList.Add(argument);
    }

    return Process.Start(start)!;
}
