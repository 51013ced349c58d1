using System.Reflection;

namespace Mlp.Compare;

/// <summary>The networks that this program declares, found by what their attributes say.</summary>
internal static class Catalogue
{
    private static readonly Dictionary<string, Type> Networks =
        typeof(Catalogue).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INetwork))).ToDictionary(Key);

    /// <summary>Sizes of the networks that are there to find cliffs.</summary>
    public static IEnumerable<int[]> Shapes => Networks.Values.Where(type => type.Namespace == "Mlp.Compare.Shapes").Select(Sizes);

    /// <summary>Makes the network of this work, or null if none is declared.</summary>
    public static INetwork? Create(Work work) =>
        Networks.TryGetValue(Key(work.Shape, work.Hidden, work.Loss), out Type? type) ? (INetwork)Activator.CreateInstance(type, 1)! : null;

    private static int[] Sizes(Type type) =>
        [type.GetCustomAttribute<InputAttribute>()!.Size, .. type.GetCustomAttributes<DenseAttribute>().Select(layer => layer.Units)];

    private static string Key(Type type)
    {
        // A network without a hidden layer has no hidden activation, and is listed as if it were rectified.
        DenseAttribute[] layers = [.. type.GetCustomAttributes<DenseAttribute>()];
        Activation hidden = layers.Length == 1 ? Activation.Relu : layers[0].Activation;
        return Key(string.Join('-', Sizes(type)), hidden.ToString(), type.GetCustomAttribute<LossAttribute>()!.Loss.ToString());
    }

    private static string Key(string shape, string hidden, string loss) => $"{shape} {hidden} {loss}".ToLowerInvariant();
}
