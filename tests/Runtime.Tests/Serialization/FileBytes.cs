using System.Buffers.Binary;
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

    /// <summary>All parameters, in parameter order.</summary>
    public static float[] ParametersOf(NetworkState network)
    {
        float[] parameters = new float[network.Layout.ParameterCount];
        network.CopyParametersTo(parameters);
        return parameters;
    }
}
