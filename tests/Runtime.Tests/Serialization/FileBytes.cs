using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>Safetensors files made by hand.</summary>
internal static class FileBytes
{
    /// <summary>A file with this header and these values.</summary>
    public static byte[] Of(string header, params float[] values)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + (4 * values.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + json.Length + (4 * i)), values[i]);
        }

        return file;
    }

    /// <summary>The header of a file.</summary>
    public static string HeaderOf(byte[] file) => Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));

    /// <summary>A file as <see cref="NetworkFile"/> writes it.</summary>
    public static byte[] Saved(NetworkState network)
    {
        using MemoryStream stream = new();
        NetworkFile.Save(network, stream);
        return stream.ToArray();
    }

    /// <summary>Reads a file.</summary>
    public static NetworkState Load(NetworkLayout layout, byte[] file)
    {
        using MemoryStream stream = new(file);
        return NetworkFile.Load(layout, stream);
    }

    /// <summary>Reads a file with options.</summary>
    public static NetworkState Load(NetworkLayout layout, byte[] file, LoadOptions options, out LoadReport report)
    {
        using MemoryStream stream = new(file);
        return NetworkFile.Load(layout, stream, options, out report);
    }

    /// <summary>Whether two networks are the same to the bit in all that a file holds.</summary>
    public static bool AreSame(NetworkState a, NetworkState b) =>
        a.Seed == b.Seed
        && a.Standardization.IsLearned == b.Standardization.IsLearned
        && AreSame(a.Store, b.Store)
        && AreSame(a.RunningStatistics, b.RunningStatistics)
        && AreSame(a.InputMeans, b.InputMeans) && AreSame(a.InputScales, b.InputScales)
        && AreSame(a.Standardization.TargetMeans, b.Standardization.TargetMeans) && AreSame(a.Standardization.TargetScales, b.Standardization.TargetScales)
        && (a.InputNames ?? []).SequenceEqual(b.InputNames ?? []) && a.InputNames is null == b.InputNames is null
        && (a.ClassNames ?? []).SequenceEqual(b.ClassNames ?? []) && a.ClassNames is null == b.ClassNames is null;

    private static bool AreSame(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    /// <summary>All parameters, in parameter order.</summary>
    public static float[] ParametersOf(NetworkState network)
    {
        float[] parameters = new float[network.Layout.ParameterCount];
        network.CopyParametersTo(parameters);
        return parameters;
    }
}
