using System.Buffers.Binary;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Generator.Tests.Infrastructure;

/// <summary>What the build hands to the generator about a file of weights.</summary>
internal sealed class WeightsText(WeightsReport report) : AdditionalText
{
    public override string Path => $"obj/{report.Name.GetHashCode(StringComparison.Ordinal)}{WeightsReport.Extension}";

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(report.ToText("now"));

    /// <summary>The report of a file, as the build's task makes it.</summary>
    public static WeightsReport ReportOf(string name, byte[] file, int count = 1)
    {
        string path = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            (BuildVerdict verdict, string problem, string header) = BuildFile.Read(path);
            return new WeightsReport(name, count, Enum.Parse<WeightsVerdict>(verdict.ToString()), problem, header);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The file of a network.</summary>
    public static byte[] FileOf(NetworkState network)
    {
        using MemoryStream file = new();
        NetworkFile.Save(network, file);
        return file.ToArray();
    }

    /// <summary>A file as another program would write it: a header, and as many zeros as its tensors take.</summary>
    public static byte[] Foreign(string header, int bytes) => Joined(Encoding.UTF8.GetBytes(header), new byte[bytes]);

    /// <summary>A file with the header of this one, changed.</summary>
    public static byte[] WithHeader(byte[] file, Func<string, string> change)
    {
        int end = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return Joined(Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(file, 8, end - 8))), file[end..]);
    }

    private static byte[] Joined(byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }
}
