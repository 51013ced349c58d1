using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mlp;

/// <summary>A tensor of a file as the file's digest covers it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
internal sealed record TensorDigest(string Name, string Type, long[] Shape, byte[] Sha256);

/// <summary>
/// The SHA-256 over a file's contents: metadata and tensors. The order of names, blanks and the places of tensors do not count, so other programs
/// may rewrite a file.
/// </summary>
internal static class FileDigest
{
    /// <summary>The digest as 64 lower-case hexadecimal digits.</summary>
    /// <param name="metadata">The metadata, without the digest.</param>
    /// <param name="tensors">All tensors of the file.</param>
    public static string Of(IReadOnlyCollection<KeyValuePair<string, string>> metadata, IReadOnlyCollection<TensorDigest> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Number(metadata.Count);
        foreach ((string key, string value) in metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            Text(key);
            Text(value);
        }

        Number(tensors.Count);
        foreach (TensorDigest tensor in tensors.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal))
        {
            Text(tensor.Name);
            Text(tensor.Type);
            Text(string.Join(',', tensor.Shape.Select(static size => size.ToString(CultureInfo.InvariantCulture))));
            hash.AppendData(tensor.Sha256);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // Lengths before texts, so that no two lists of texts give the same bytes.
        void Text(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Number(bytes.Length);
            hash.AppendData(bytes);
        }

        void Number(int number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
