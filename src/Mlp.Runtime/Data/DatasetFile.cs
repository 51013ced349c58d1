using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Mlp;

/// <summary>Files of data sets: a header with names, then every column where values can be mapped. docs/files.md has the format.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="InputSize">Number of input columns.</param>
/// <param name="TargetSize">Number of target columns; with labels that of classes.</param>
/// <param name="ClassCount">Number of classes; 0 where there are no labels.</param>
/// <param name="Contents">What there is beside inputs, and targets or labels.</param>
/// <param name="NamesLength">Bytes of names.</param>
internal sealed record DatasetFile(long Rows, long InputSize, long TargetSize, long ClassCount, DatasetFile.Parts Contents, long NamesLength)
{
    private const uint Version = 1;
    private const int FieldsLength = 64;
    private const int NamesStart = FieldsLength + SHA256.HashSizeInBytes;

    /// <summary>Of every section: that of a cache line.</summary>
    private const long Alignment = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What not every data set has.</summary>
    [Flags]
    internal enum Parts : uint
    {
        /// <summary>A weight a row.</summary>
        Weights = 1,

        /// <summary>A group a row.</summary>
        Groups = 2,

        /// <summary>A time a row.</summary>
        Times = 4,

        /// <summary>Names of input columns.</summary>
        InputNames = 8,

        /// <summary>Names of classes.</summary>
        ClassNames = 16,

        /// <summary>The encoder that made the inputs of records.</summary>
        Encoder = 32,

        /// <summary>All that this version knows.</summary>
        All = Weights | Groups | Times | InputNames | ClassNames | Encoder,
    }

    /// <summary>Like PNG's: a byte beyond ASCII, a name, and line ends that transfers as text would change.</summary>
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'M', (byte)'L', (byte)'P', 0x0d, 0x0a, 0x1a, 0x0a];

    private long InputsStart => Aligned(NamesStart + NamesLength);

    private long TargetsStart => Aligned(InputsStart + (Rows * InputSize * sizeof(float)));

    private long TargetValues => ClassCount > 0 ? 0 : Rows * TargetSize;

    private long LabelsStart => Aligned(TargetsStart + (TargetValues * sizeof(float)));

    private long WeightsStart => Aligned(LabelsStart + (ClassCount > 0 ? Rows * sizeof(int) : 0));

    private long GroupsStart => Aligned(WeightsStart + (RowsWith(Parts.Weights) * sizeof(float)));

    private long TimesStart => Aligned(GroupsStart + (RowsWith(Parts.Groups) * sizeof(int)));

    private long Length => Aligned(TimesStart + (RowsWith(Parts.Times) * sizeof(long)));

    /// <summary>Writes a data set, which the caller keeps alive.</summary>
    public static void Save(Dataset data, string path)
    {
        CheckEndianness();
        byte[] names = TextsOf(data);
        RowValues values = data.Values;
        Parts contents = (values.Weights.IsEmpty ? 0 : Parts.Weights)
            | (values.Groups.IsEmpty ? 0 : Parts.Groups)
            | (values.Times.IsEmpty ? 0 : Parts.Times)
            | (data.InputNames is null ? 0 : Parts.InputNames)
            | (data.ClassNames is null ? 0 : Parts.ClassNames)
            | (data.Encoder is null ? 0 : Parts.Encoder);
        DatasetFile file = new(data.Count, data.InputSize, data.TargetSize, data.ClassCount, contents, names.Length);
        byte[] fields = file.Fields();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(fields);
            stream.Write(DigestOf(fields, names));
            WriteSection<byte>(stream, names);
            WriteSection(stream, values.Inputs);
            WriteSection(stream, values.Targets);
            WriteSection(stream, values.Labels);
            WriteSection(stream, values.Weights);
            WriteSection(stream, values.Groups);
            WriteSection(stream, values.Times);
        });
    }

    /// <summary>Maps a file.</summary>
    /// <exception cref="InvalidDataException">It is no file of a data set, of a later version, damaged, or cut short.</exception>
    public static Dataset Open(string path)
    {
        CheckEndianness();
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        if (stream.Length < NamesStart)
        {
            using (stream)
            {
                throw new InvalidDataException($"{path} is no file of a data set: it is {stream.Length} bytes long, and its header alone has {NamesStart}.");
            }
        }

        MappedFile mapped = new(stream);
        try
        {
            return Read(mapped, path);
        }
        catch
        {
            mapped.Close();
            throw;
        }
        finally
        {
            GC.KeepAlive(mapped);
        }
    }

    private static Dataset Read(MappedFile mapped, string path)
    {
        ReadOnlySpan<byte> fields = mapped.Values<byte>(0, FieldsLength).Span;
        if (!fields.StartsWith(Magic))
        {
            throw new InvalidDataException($"{path} is no file of a data set: it begins with {Convert.ToHexString(fields[..8])}, not with {Convert.ToHexString(Magic)}.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(fields[8..]) is uint version and not Version)
        {
            throw new InvalidDataException($"{path} has version {version} of the format, and this is a reader of version {Version}; take a newer MlpGen.");
        }

        if (Field(fields, 6) is long length && length != mapped.Length)
        {
            throw new InvalidDataException($"{path} is {mapped.Length} bytes long, and its header says {length}: it is damaged, or not whole.");
        }

        DatasetFile file = new(
            Field(fields, 1), Field(fields, 2), Field(fields, 3), Field(fields, 4), (Parts)BinaryPrimitives.ReadUInt32LittleEndian(fields[12..]), Field(fields, 5));
        if (file.NamesLength < 0 || file.NamesLength > Math.Min(mapped.Length - NamesStart, int.MaxValue))
        {
            throw new InvalidDataException($"{path} has {file.NamesLength} bytes of names in {mapped.Length} bytes: its header is damaged.");
        }

        ReadOnlySpan<byte> names = mapped.Values<byte>(NamesStart, (int)file.NamesLength).Span;
        if (!mapped.Values<byte>(FieldsLength, SHA256.HashSizeInBytes).Span.SequenceEqual(DigestOf(fields, names)))
        {
            throw new InvalidDataException($"{path} has a header that does not fit its SHA-256: it is damaged.");
        }

        file.CheckSizes(path, mapped.Length);
        return file.DatasetOf(mapped, names, path);
    }

    /// <summary>Throws where the header, though whole, is not one that <see cref="Save"/> writes.</summary>
    private void CheckSizes(string path, long length)
    {
        const long Most = int.MaxValue;
        bool isPossible = Rows is >= 0 and <= Most && InputSize is >= 1 and <= Most && TargetSize is >= 0 and <= Most
            && (ClassCount == 0 || ClassCount == TargetSize) && (Contents & ~Parts.All) == 0;
        if (!isPossible)
        {
            throw new InvalidDataException(
                $"{path} has {Rows} rows of {InputSize} inputs, {TargetSize} targets and {ClassCount} classes, and the parts {(uint)Contents}, which no data set has.");
        }

        if (Rows * InputSize > Most || TargetValues > Most)
        {
            throw new InvalidDataException(
                $"{path} has {Rows} rows of {InputSize} inputs and {TargetSize} targets; a data set has at most {Most} values of each. Cut it into several files.");
        }

        if (Length != length)
        {
            throw new InvalidDataException($"{path} is {length} bytes long, and its {Rows} rows of {InputSize} inputs need {Length}.");
        }
    }

    private Dataset DatasetOf(MappedFile mapped, ReadOnlySpan<byte> names, string path)
    {
        RowValues values = new()
        {
            InputMemory = mapped.Values<float>(InputsStart, (int)(Rows * InputSize)),
            TargetMemory = mapped.Values<float>(TargetsStart, (int)TargetValues),
            LabelMemory = mapped.Values<int>(LabelsStart, ClassCount > 0 ? (int)Rows : 0),
            WeightMemory = mapped.Values<float>(WeightsStart, RowsWith(Parts.Weights)),
            GroupMemory = mapped.Values<int>(GroupsStart, RowsWith(Parts.Groups)),
            TimeMemory = mapped.Values<long>(TimesStart, RowsWith(Parts.Times)),
        };
        if ((RowValues.WrongLabel(values.Labels, (int)ClassCount)?.Problem ?? RowValues.WrongWeight(values.Weights)) is string problem)
        {
            throw new InvalidDataException($"{path} is damaged. {problem}");
        }

        try
        {
            string[]? inputNames = ReadNames(ref names, Parts.InputNames, InputSize);
            string[]? classNames = ReadNames(ref names, Parts.ClassNames, ClassCount);
            string? encoder = ReadNames(ref names, Parts.Encoder, 1)?[0];
            return names.IsEmpty
                ? new Dataset(values, (int)InputSize, (int)TargetSize, (int)ClassCount) { Encoder = encoder }.WithNames(inputNames, classNames)
                : throw new InvalidDataException($"{path} has {names.Length} bytes behind its names.");
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{path} has names that no data set has. {error.Message}", error);
        }
    }

    /// <summary>Takes as many names from the front; null where the file has none of these.</summary>
    /// <exception cref="ArgumentException">There are fewer, or they are no UTF-8.</exception>
    private string[]? ReadNames(ref ReadOnlySpan<byte> bytes, Parts part, long count)
    {
        if ((Contents & part) == 0)
        {
            return null;
        }

        // Memory follows the names that there are, not the number that there should be.
        List<string> names = [];
        for (long i = 0; i < count; i++)
        {
            uint length = bytes.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (length > bytes.Length - sizeof(uint))
            {
                throw new ArgumentException($"There are {names.Count} of {count} names.");
            }

            names.Add(Utf8.GetString(bytes.Slice(sizeof(uint), (int)length)));
            bytes = bytes[(sizeof(uint) + (int)length)..];
        }

        return [.. names];
    }

    private static byte[] TextsOf(Dataset data)
    {
        using MemoryStream bytes = new();
        string[] encoder = data.Encoder is null ? [] : [data.Encoder];
        foreach (string text in (data.InputNames ?? []).Concat(data.ClassNames ?? []).Concat(encoder))
        {
            byte[] encoded = Utf8.GetBytes(text);
            bytes.Write(BitConverter.GetBytes(encoded.Length));
            bytes.Write(encoded);
        }

        return bytes.ToArray();
    }

    private byte[] Fields()
    {
        byte[] fields = new byte[FieldsLength];
        Magic.CopyTo(fields);
        BinaryPrimitives.WriteUInt32LittleEndian(fields.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(fields.AsSpan(12), (uint)Contents);
        ReadOnlySpan<long> numbers = [Rows, InputSize, TargetSize, ClassCount, NamesLength, Length];
        MemoryMarshal.AsBytes(numbers).CopyTo(fields.AsSpan(16));
        return fields;
    }

    /// <summary>One of the six numbers behind magic, version and parts, counted from 1.</summary>
    private static long Field(ReadOnlySpan<byte> fields, int number) => BinaryPrimitives.ReadInt64LittleEndian(fields[(8 + (8 * number))..]);

    private static byte[] DigestOf(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> names)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(fields);
        hash.AppendData(names);
        return hash.GetHashAndReset();
    }

    /// <summary>Writes values and zeros up to where the next section begins.</summary>
    private static void WriteSection<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        // In parts, as the bytes of a large table are more than a span holds.
        while (!values.IsEmpty)
        {
            ReadOnlySpan<T> part = values[..Math.Min(values.Length, 1 << 20)];
            stream.Write(MemoryMarshal.AsBytes(part));
            values = values[part.Length..];
        }

        Span<byte> zeros = stackalloc byte[(int)Alignment];
        zeros.Clear();
        stream.Write(zeros[..(int)(Aligned(stream.Position) - stream.Position)]);
    }

    private static long Aligned(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private int RowsWith(Parts part) => (Contents & part) == 0 ? 0 : (int)Rows;

    private static void CheckEndianness()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Files of data sets are mapped as they are, and their numbers are little-endian.");
        }
    }
}
