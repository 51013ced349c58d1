using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Networks as ONNX files, which other runtimes predict with. Generated classes' <c>SaveOnnx</c> calls it.</summary>
/// <remarks>
/// A file holds what <c>Predict</c> computes, from raw inputs to outputs in the data's units, and the names of inputs and classes in its metadata. Its operators
/// are those of set 13 of the default domain, which every runtime since 2021 has. The same network gives the same bytes everywhere.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OnnxFile
{
    /// <summary>The oldest set that has all operators in their present form; newer ones have nothing that a network needs.</summary>
    private const int OperatorSet = 13;

    /// <summary>The version of the format that belongs to this set.</summary>
    private const int IrVersion = 7;

    /// <summary>Writes a network to a file, which appears complete or not at all, as <see cref="NetworkFile.Save(NetworkState, string)"/> does.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="InvalidOperationException">
    /// A parameter or statistic is not finite, or the file would be larger than the 2 GiB that the format allows; nothing was written.
    /// </exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void Save(NetworkState network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Model(network).WriteTo);
    }

    /// <summary>Writes a network to a stream, from its present position on, flushes it and leaves it open.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">A stream that can be written; it need not be able to seek.</param>
    /// <exception cref="InvalidOperationException">
    /// A parameter or statistic is not finite, or the file would be larger than the 2 GiB that the format allows; nothing was written.
    /// </exception>
    public static void Save(NetworkState network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        Model(network).WriteTo(stream);
        stream.Flush();
    }

    private static ProtobufMessage Model(NetworkState network)
    {
        // Checks statistics as it does for our own files.
        List<KeyValuePair<string, string>> metadata = NetworkMetadata.Of(network);
        ProtobufMessage model = new ProtobufMessage()
            .Add(OnnxFormat.Model.IrVersion, IrVersion)
            .Add(OnnxFormat.Model.ProducerName, OnnxFormat.Producer)
            .Add(OnnxFormat.Model.DocString, network.Layout.Architecture)
            .Add(OnnxFormat.Model.Graph, OnnxNetwork.Graph(network, NetworkFile.CheckedTensors(network, checkpoint: null)))
            .Add(OnnxFormat.Model.OpsetImport, new ProtobufMessage().Add(OnnxFormat.OperatorSet.Domain, "").Add(OnnxFormat.OperatorSet.Version, OperatorSet));
        foreach ((string key, string value) in metadata)
        {
            if (key is NetworkMetadata.InputNamesKey or NetworkMetadata.ClassNamesKey)
            {
                string name = key == NetworkMetadata.InputNamesKey ? OnnxFormat.InputNamesKey : OnnxFormat.ClassNamesKey;
                model.Add(OnnxFormat.Model.MetadataProps, new ProtobufMessage().Add(OnnxFormat.Entry.Key, name).Add(OnnxFormat.Entry.Value, value));
            }
        }

        return model.Length <= int.MaxValue ? model : throw new InvalidOperationException(
            $"The network takes {model.Length} bytes as an ONNX file, more than the {int.MaxValue} that the format allows; save it as safetensors.");
    }
}
