using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mlp.Build;

/// <summary>Reads a file of weights as a network would, front to back, and checks all that does not depend on the network.</summary>
internal sealed class WeightsFile
{
    /// <summary>The longest header that the format allows.</summary>
    private const long MaxHeaderLength = 100_000_000;

    /// <summary>Tensors of checkpoints that are no part of the network, and may hold anything.</summary>
    private const string CheckpointPrefix = "checkpoint/";

    private const string DigestKey = "sha256";

    /// <summary>What other programs call their formats: PyTorch, TensorFlow, Flax, NumPy and MLX.</summary>
    private static readonly string[] ForeignFormats = ["pt", "tf", "flax", "np", "mlx"];

    private readonly Stream _stream;
    private readonly byte[] _chunk = new byte[64 * 1024];

    private WeightsFile(Stream stream) => _stream = stream;

    /// <summary>Reads a file.</summary>
    /// <returns>What is wrong with it, empty for nothing, and its header, empty where something is wrong.</returns>
    public static (WeightsVerdict Verdict, string Problem, string Header) Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return new WeightsFile(stream).Read();
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            return (WeightsVerdict.Unreadable, error.Message.TrimEnd('.'), "");
        }
    }

    private (WeightsVerdict Verdict, string Problem, string Header) Read()
    {
        string json = ReadHeader();
        WeightsHeader header = WeightsHeader.Parse(json);
        CheckFormat(header);
        List<(TensorHeader Tensor, byte[] Digest)> digests = [];
        using SHA256 hash = SHA256.Create();
        long end = 0;
        foreach (TensorHeader tensor in header.Tensors.OrderBy(static tensor => tensor.Begin).ThenBy(static tensor => tensor.End))
        {
            if (tensor.Begin != end)
            {
                throw new FormatException($"tensor '{tensor.Name}' begins at byte {tensor.Begin} of the data; with neither gap nor overlap it would at {end}");
            }

            hash.Initialize();
            ReadTensor(tensor, hash);
            hash.TransformFinalBlock([], 0, 0);
            digests.Add((tensor, hash.Hash));
            end = tensor.End;
        }

        if (_stream.ReadByte() >= 0)
        {
            throw new FormatException($"there are more bytes than the header's tensors take ({end} behind the header)");
        }

        return header.IsSecondFormat && Digest(header, digests) != header.Metadata[DigestKey]
            ? (WeightsVerdict.Damaged, $"the SHA-256 of its metadata and tensors is not its '{DigestKey}'", "")
            : (WeightsVerdict.Sound, "", json);
    }

    private string ReadHeader()
    {
        byte[] prefix = new byte[sizeof(ulong)];
        int read = Fill(prefix, prefix.Length);
        if (read < prefix.Length)
        {
            throw new FormatException($"a safetensors file begins with 8 bytes that tell its header's length; this one ends after {read}");
        }

        ulong length = 0;
        for (int i = prefix.Length - 1; i >= 0; i--)
        {
            length = (length << 8) | prefix[i];
        }

        if (length > MaxHeaderLength || (long)length > _stream.Length)
        {
            throw new FormatException($"it is no safetensors file, or ends early: its header would be {length} bytes long");
        }

        byte[] header = new byte[(int)length];
        if (Fill(header, header.Length) < header.Length)
        {
            throw new FormatException($"it ends inside the header, which would be {length} bytes long");
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(header).TrimEnd(' ');
        }
        catch (ArgumentException)
        {
            throw new FormatException("its header is not valid UTF-8");
        }
    }

    /// <summary>The rules by which a file is recognised as one of this project, or another program's.</summary>
    private static void CheckFormat(WeightsHeader header)
    {
        string? format = header.Metadata.TryGetValue("format", out string found) ? found : null;
        bool isProduced = header.Metadata.TryGetValue("producer", out string producer) && producer == "mlpgen";
        if (header.IsSecondFormat && !isProduced)
        {
            throw new FormatException("its 'format' is '2', but its 'producer' is not 'mlpgen'; it is damaged, or another program's");
        }

        if (header.IsSecondFormat && !header.Metadata.ContainsKey(DigestKey))
        {
            throw new FormatException($"it has no '{DigestKey}' in its metadata");
        }

        bool isFirst = format == "mlpgen" && !isProduced;
        if (!header.IsSecondFormat && !isFirst && (isProduced || (format is not null && !ForeignFormats.Contains(format))))
        {
            throw new FormatException($"the metadata's 'format' is {(format is null ? "missing" : $"'{format}', which is unknown")}; if the file is not damaged, it is of a newer version");
        }

        if (header.IsOwn && !(header.Metadata.TryGetValue("seed", out string seed) && int.TryParse(seed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            throw new FormatException("its metadata have no 'seed' that is an integer");
        }
    }

    private void ReadTensor(TensorHeader tensor, SHA256 hash)
    {
        int size = tensor.Type switch { "F32" => sizeof(float), "F64" => sizeof(double), _ => 0 };
        long length = tensor.End - tensor.Begin;
        if (size > 0 && length != tensor.Shape.Aggregate((long)size, static (bytes, count) => bytes * count))
        {
            throw new FormatException($"tensor '{tensor.Name}' has {length} bytes of data, which its shape and type {tensor.Type} do not take");
        }

        bool isChecked = size > 0 && !tensor.Name.StartsWith(CheckpointPrefix, StringComparison.Ordinal);
        double least = tensor.Name.EndsWith(".norm.running_var", StringComparison.Ordinal) ? 0 : double.NegativeInfinity;
        for (long position = 0; position < length;)
        {
            int wanted = (int)Math.Min(_chunk.Length, length - position);
            int read = Fill(_chunk, wanted);
            if (read < wanted)
            {
                throw new FormatException($"it ends inside tensor '{tensor.Name}', after {position + read} of {length} bytes");
            }

            hash.TransformBlock(_chunk, 0, read, null, 0);
            for (int i = 0; isChecked && i < read; i += size)
            {
                // As the parameter that a network makes of it, so that what is beyond float counts as infinite.
                float value = size == sizeof(float) ? BitConverter.ToSingle(_chunk, i) : (float)BitConverter.ToDouble(_chunk, i);
                if (float.IsNaN(value) || float.IsInfinity(value) || value < least)
                {
                    throw new FormatException(FormattableString.Invariant(
                        $"element {(position + i) / size} of tensor '{tensor.Name}' is {value}, {(value < least ? "but must be at least 0" : "which is not a finite float")}"));
                }
            }

            position += read;
        }
    }

    /// <summary>The digest as docs/files.md defines it.</summary>
    private static string Digest(WeightsHeader header, List<(TensorHeader Tensor, byte[] Digest)> tensors)
    {
        using MemoryStream text = new();
        KeyValuePair<string, string>[] metadata = [.. header.Metadata.Where(static pair => pair.Key != DigestKey).OrderBy(static pair => pair.Key, StringComparer.Ordinal)];
        Number(metadata.Length);
        foreach (KeyValuePair<string, string> pair in metadata)
        {
            Text(pair.Key);
            Text(pair.Value);
        }

        Number(tensors.Count);
        foreach ((TensorHeader tensor, byte[] digest) in tensors.OrderBy(static pair => pair.Tensor.Name, StringComparer.Ordinal))
        {
            Text(tensor.Name);
            Text(tensor.Type);
            Text(string.Join(",", tensor.Shape.Select(static size => size.ToString(CultureInfo.InvariantCulture))));
            text.Write(digest, 0, digest.Length);
        }

        using SHA256 hash = SHA256.Create();
        return string.Concat(hash.ComputeHash(text.ToArray()).Select(static value => value.ToString("x2", CultureInfo.InvariantCulture)));

        void Text(string value)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            Number(bytes.Length);
            text.Write(bytes, 0, bytes.Length);
        }

        void Number(long value)
        {
            for (int i = 0; i < sizeof(long); i++)
            {
                text.WriteByte((byte)(value >> (8 * i)));
            }
        }
    }

    private int Fill(byte[] bytes, int count)
    {
        int filled = 0;
        for (int read = -1; filled < count && read != 0; filled += read)
        {
            read = _stream.Read(bytes, filled, count - filled);
        }

        return filled;
    }
}
