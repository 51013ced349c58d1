using System.Diagnostics;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Guards;

/// <summary>Processes that are killed while they save.</summary>
public class KilledSaveTests
{
    private const string Network = "[Input(30)] [Dense(200, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Net;";

    private const string Program = """
        Net[] networks = [new Net(1), new Net(2)];
        for (int i = 0; ; i++)
        {
            networks[i % 2].Save(args[0]);
            if (i == 1)
                System.Console.WriteLine("saving");
        }
        """;

    [Fact]
    public void AfterAHundredKills_TheFileIsWhole_AndNothingElseIsThere()
    {
        using ChildProgram program = new($"{Program}\n{Network}");
        DirectoryInfo folder = Directory.CreateDirectory(program.PathOf("saved"));
        string path = Path.Combine(folder.FullName, "net");
        Type type = CompiledNetwork.Compile(Network, "Net");
        Func<string, object> load = type.GetMethod("Load", [typeof(string)])!.CreateDelegate<Func<string, object>>();
        CompiledNetwork[] saved = [new CompiledNetwork(type, seed: 1), new CompiledNetwork(type, seed: 2)];
        Random random = new(4);
        int left = 0;
        for (int kill = 0; kill < 100; kill++)
        {
            using Process process = program.Start(path);
            Assert.Equal("saving", process.StandardOutput.ReadLine());
            Thread.Sleep(random.Next(20));
            process.Kill();
            process.WaitForExit();

            CompiledNetwork loaded = new(load(path));
            Assert.Equal(saved[loaded.State.Seed - 1].Parameters, loaded.Parameters);
            string[] others = [.. folder.EnumerateFiles().Select(static file => file.FullName).Where(file => file != path)];
            Assert.InRange(others.Length, 0, 1);
            left += others.Length;
        }

        Assert.True(left > 0, "No process was killed while it wrote.");
        saved[0].Bind<Action<string>>("Save")(path);
        Assert.Equal([path], folder.EnumerateFileSystemInfos().Select(static entry => entry.FullName));
    }
}
