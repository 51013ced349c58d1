using Generator.Tests.Infrastructure;

namespace Generator.Tests;

/// <summary>Files of generated networks with every bit flipped: what loads is a network that works.</summary>
public class DamagedNetworkFileTests
{
    private const string Source = """
        [Input(2, Standardize = true)] [Dense(3, Tanh)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Net;
        """;

    [Fact]
    public void AFileWithAFlippedBit_IsRefused_OrLoadsANetworkThatWorks()
    {
        Type type = CompiledNetwork.Compile(Source, "Net");
        Func<Stream, object> load = type.GetMethod("Load", [typeof(Stream)])!.CreateDelegate<Func<Stream, object>>();
        CompiledNetwork original = new(type, seed: 1);
        byte[] file = Saved(original);
        float[] inputs = [0.5f, -1, 2, 3];
        int refused = 0, loaded = 0;
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            CompiledNetwork network;
            try
            {
                network = new CompiledNetwork(load(new MemoryStream(damaged)));
            }
            catch (InvalidDataException)
            {
                refused++;
                continue;
            }

            loaded++;
            network.Predict(inputs, new float[2]);
            float[] before = network.Parameters;
            try
            {
                network.TrainStep(inputs, [0, 1], new Adam());
                Saved(network);
            }
            catch (NonFiniteLossException)
            {
                Assert.Equal(before, network.Parameters);
                Saved(network);
            }
        }

        Assert.True(refused > file.Length && loaded > 50, $"{refused} files were refused, {loaded} loaded.");
        Assert.Equal(file, Saved(original));
    }

    private static byte[] Saved(CompiledNetwork network)
    {
        using MemoryStream stream = new();
        network.Bind<Action<Stream>>("Save")(stream);
        return stream.ToArray();
    }
}
