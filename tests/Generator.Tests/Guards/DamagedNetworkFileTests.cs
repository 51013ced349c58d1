using Generator.Tests.Infrastructure;

namespace Generator.Tests.Guards;

/// <summary>Files of generated networks with every bit flipped: what loads is the same network.</summary>
public class DamagedNetworkFileTests
{
    private const string Source = """
        [Input(2, Standardize = true)] [Dense(3, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Net;
        """;

    [Fact]
    public void AFileWithAFlippedBit_IsRefused_OrLoadsTheSameNetwork()
    {
        Type type = CompiledNetwork.Compile(Source, "Net");
        Func<Stream, object> load = type.GetMethod("Load", [typeof(Stream)])!.CreateDelegate<Func<Stream, object>>();
        CompiledNetwork original = new(type, seed: 1);
        original.Bind<Func<Dataset, TrainingOptions?, CancellationToken, TrainingHistory>>("Train")(
            Dataset.FromTargets([0, 5, 10, -5, 20, 7], [0, 1, 1], 2, 1), new TrainingOptions { Epochs = 1 }, default);
        byte[] file = Saved(original);
        int refused = 0;
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(file, Saved(new CompiledNetwork(load(new MemoryStream(damaged)))));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, (8 * file.Length) - 8, 8 * file.Length);
    }

    [Fact]
    public void OptionsOfLoading_ArePartOfTheFace()
    {
        Type type = CompiledNetwork.Compile(Source, "Net");
        byte[] file = Saved(new CompiledNetwork(type, seed: 1));
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            LoadOptions options = new() { Fresh = ["Layer2"] };
            object?[] fromPath = [path, options, null];
            object?[] fromStream = [new MemoryStream(file), options, null];

            object loaded = type.GetMethod("Load", [typeof(string), typeof(LoadOptions), typeof(LoadReport).MakeByRefType()])!.Invoke(null, fromPath)!;
            type.GetMethod("Load", [typeof(Stream), typeof(LoadOptions), typeof(LoadReport).MakeByRefType()])!.Invoke(null, fromStream);

            Assert.Equal(["Layer2.weight", "Layer2.bias"], ((LoadReport)fromPath[2]!).Fresh);
            Assert.Equal(["Layer1.weight", "Layer1.bias"], ((LoadReport)fromStream[2]!).Loaded);
            Assert.Equal(file, Saved(new CompiledNetwork(loaded)));
            Assert.Equal(file, Saved(new CompiledNetwork(type.GetMethod("Load", [typeof(string), typeof(LoadOptions)])!.Invoke(null, [path, options])!)));
            Assert.Equal(file, Saved(new CompiledNetwork(type.GetMethod("Load", [typeof(Stream), typeof(LoadOptions)])!.Invoke(null, [new MemoryStream(file), options])!)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Saved(CompiledNetwork network)
    {
        using MemoryStream stream = new();
        network.Bind<Action<Stream>>("Save")(stream);
        return stream.ToArray();
    }
}
