using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Mlp;

/// <summary>Data sets in one line that tells whether two are the same.</summary>
internal static class DataFingerprint
{
    /// <summary>Size and the SHA-256 of all that training sees of a data set; <c>none</c> where there is none.</summary>
    public static string Of(Dataset? data)
    {
        if (data is null)
        {
            return "none";
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(data.Values.Inputs);
        Add(data.ClassCount > 0 ? data.Values.Labels : default);
        Add(data.ClassCount > 0 ? default : data.Values.Targets);
        Add(data.Values.Weights);
        AddNames(data.InputNames);
        AddNames(data.ClassNames);
        string columns = data.ClassCount > 0 ? $"{data.ClassCount} classes" : $"{data.TargetSize} targets";
        return $"{data.Count} rows of {data.InputSize} inputs and {columns}, SHA-256 {Convert.ToHexStringLower(hash.GetHashAndReset())}";

        void Add<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            AddLength(values.Length);

            // In parts, as the bytes of a large table are more than a span holds.
            const int Part = 1 << 20;
            for (int start = 0; start < values.Length; start += Part)
            {
                hash.AppendData(MemoryMarshal.AsBytes(values[start..Math.Min(values.Length, start + Part)]));
            }
        }

        void AddNames(IReadOnlyList<string>? names)
        {
            AddLength(names?.Count ?? -1);
            foreach (string name in names ?? [])
            {
                byte[] bytes = Encoding.UTF8.GetBytes(name);
                AddLength(bytes.Length);
                hash.AppendData(bytes);
            }
        }

        void AddLength(int length)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            hash.AppendData(bytes);
        }
    }
}
