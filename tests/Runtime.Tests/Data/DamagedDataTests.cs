using System.IO.Compression;
using System.Text;

namespace Mlp.Runtime.Tests.Data;

/// <summary>Thousands of damaged files: each is refused as <see cref="InvalidDataException"/>, or is a data set in order.</summary>
public class DamagedDataTests
{
    private const int Files = 4000;

    /// <summary>Two images of 2 × 3 pixels.</summary>
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6];

    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 4, 0];

    public static TheoryData<string> Texts => new()
    {
        "a,w,y\n1,2,3\n-4.5e1,0,1\n7,8,2\n",
        "\"a\",\"w\",\"y\"\r\n\"1\",\"2\",\"x \"\"1\"\"\"\r\n\r\n 3 ,4,z\r\n",
        "\uFEFFy;w;a\n1;2;3\n4;5;6",
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void DamagedCsv_IsRefusedOrInOrder(string text)
    {
        byte[] valid = Encoding.UTF8.GetBytes(text);
        char delimiter = text.Contains(';') ? ';' : ',';
        Random random = new(1);
        int refused = 0;
        for (int file = 0; file < Files; file++)
        {
            byte[] damaged = Mutations.Of(valid, random);
            bool hasHeader = random.Next(8) > 0;
            (string target, string? weights) = (hasHeader ? "y" : "1", random.Next(2) == 0 ? null : hasHeader ? "w" : "2");
            refused += Read(damaged, () => CsvData.ReadTargets(Text(damaged), target, null, hasHeader, delimiter, weights)) ? 0 : 1;
            refused += Read(damaged, () => CsvData.ReadLabels(Text(damaged), target, null, hasHeader, delimiter, weights)) ? 0 : 1;
        }

        Assert.InRange(refused, Files / 4, (2 * Files) - (Files / 20));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void DamagedFiles_AreReadAsTheirTextIs_OrRefused(string text)
    {
        byte[] valid = Encoding.UTF8.GetBytes(text);
        char delimiter = text.Contains(';') ? ';' : ',';
        Dataset like = Dataset.FromLabels([1], [0], 1, 6).WithNames(["a"], ["3", "x \"1\"", "1", "2", "z", "4"]);
        Random random = new(3);
        int refused = 0, encodings = 0;
        using TemporaryFile file = new(valid);
        for (int count = 0; count < Files / 2; count++)
        {
            byte[] damaged = Mutations.Of(valid, random);
            File.WriteAllBytes(file.Path, damaged);
            (Dataset? fromFile, Dataset? fromText) = (null, null);
            bool isRead = random.Next(3) switch
            {
                0 => Both(() => CsvData.LoadTargets(file.Path, "y", null, true, delimiter), () => CsvData.ReadTargets(Text(damaged), "y", null, true, delimiter)),
                1 => Both(
                    () => CsvData.LoadLabels(file.Path, "y", null, true, delimiter, like: like),
                    () => CsvData.ReadLabels(Text(damaged), "y", null, true, delimiter, like: like)),
                _ => Both(() => CsvData.Load(file.Path, null, true, delimiter), () => CsvData.Read(Text(damaged), null, true, delimiter)),
            };
            refused += isRead ? 0 : 1;

            bool Both(Func<Dataset> load, Func<Dataset> read)
            {
                bool loaded = Read(damaged, () => fromFile = load());
                bool wasRead = Read(damaged, () => fromText = read());
                encodings += wasRead && !loaded ? 1 : 0;
                if (loaded)
                {
                    Assert.True(wasRead);
                    Assert.Equal(fromText!.Inputs, fromFile!.Inputs);
                    Assert.Equal(fromText.Targets, fromFile.Targets);
                    Assert.Equal(fromText.Labels, fromFile.Labels);
                }

                return loaded;
            }
        }

        // Invalid bytes are refused in a file. A reader has replaced them already, and passes if they are in unused cells.
        Assert.InRange(refused, Files / 8, (Files / 2) - 1);
        Assert.InRange(encodings, 0, Files / 8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DamagedIdx_IsRefusedOrInOrder(bool compress)
    {
        byte[] images = compress ? Gzip(Images) : Images;
        byte[] labels = compress ? Gzip(Labels) : Labels;
        Random random = new(2);
        int refused = 0;
        for (int file = 0; file < Files; file++)
        {
            bool damageLabels = random.Next(3) == 0;
            byte[] damaged = Mutations.Of(damageLabels ? labels : images, random);
            refused += Read(damaged, () => damageLabels ? Idx(images, damaged) : Idx(damaged, labels)) ? 0 : 1;
        }

        Assert.InRange(refused, Files / 2, Files - 1);
    }

    [Fact]
    public void EveryShapeOfAnIdxHeader_IsRefusedOrInOrder()
    {
        // Sizes whose products overflow 32 or 64 bits, in every combination.
        uint[] sizes = [0, 1, 2, 3, 0x7fff, 0xffff, 0x10000, 0x40000000, 0x7fffffff, 0x80000000, 0xffffffff];
        foreach (uint a in sizes)
        {
            foreach (uint b in sizes)
            {
                foreach (uint c in sizes)
                {
                    byte[] damaged = [.. Images[..4], .. BigEndian(a), .. BigEndian(b), .. BigEndian(c), .. Images[16..]];
                    Assert.Equal((a, b, c) is (2, 2, 3) or (2, 3, 2), Read(damaged, () => Idx(damaged, Labels)));
                }
            }
        }

        byte[] most = [0, 0, 8, 255, .. Enumerable.Repeat((byte)0x7f, 4 * 255), 1, 2, 3];
        Assert.False(Read(most, () => Idx(most, Labels)));

        static byte[] BigEndian(uint value) => [.. BitConverter.GetBytes(value).Reverse()];
    }

    [Fact]
    public void EveryTruncationOfACompressedFile_IsRefused_HoweverManyPartsItHas()
    {
        byte[] images = Gzip(Images);
        for (int length = 0; length < images.Length; length++)
            Assert.Throws<InvalidDataException>(() => Idx(images[..length], Labels));

        byte[] twoParts = [.. Gzip(Images[..17]), .. Gzip(Images[17..])];
        Assert.Equal(2, Idx(twoParts, Labels).Count);
        Assert.Throws<InvalidDataException>(() => Idx(twoParts[..^1], Labels));
    }

    [Fact]
    public void Folders_AreRefusedAsDocumented()
    {
        string folder = Path.GetTempPath();
        Assert.Throws<UnauthorizedAccessException>(() => CsvData.LoadTargets(folder, "y"));
        Assert.Throws<UnauthorizedAccessException>(() => IdxData.Load(folder, folder));
    }

    /// <summary>Loads a damaged file.</summary>
    /// <returns>Whether it was loaded, and not refused.</returns>
    private static bool Read(byte[] damaged, Func<Dataset> load)
    {
        Dataset data;
        try
        {
            data = load();
        }
        catch (InvalidDataException error)
        {
            Assert.InRange(error.Message.Length, 1, 1000);
            Assert.DoesNotContain(error.Message, char.IsControl);
            return false;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{error.GetType().Name} for the file {Convert.ToHexString(damaged)}.", error);
        }

        Assert.True(data.Count > 0 && data.Inputs.Length == data.Count * data.InputSize);
        Assert.True(Finiteness.AllFinite(data.Inputs) && Finiteness.AllFinite(data.Targets));
        Assert.Equal(data.ClassCount > 0 ? 0 : data.Count * data.TargetSize, data.Targets.Length);
        Assert.Equal(data.ClassCount > 0 ? data.Count : 0, data.Labels.Length);
        (Dataset first, Dataset second) = data.Split(0.5);
        Assert.Equal(data.Count, first.Count + second.Count);
        return true;
    }

    private static Dataset Idx(byte[] images, byte[] labels) =>
        IdxData.Load(new MemoryStream(images), "images", new MemoryStream(labels), "labels");

    private static StreamReader Text(byte[] bytes) => new(new MemoryStream(bytes));

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionMode.Compress))
            gzip.Write(content);
        return compressed.ToArray();
    }
}
