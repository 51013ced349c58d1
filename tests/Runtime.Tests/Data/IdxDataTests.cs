using System.IO.Compression;

namespace Mlp.Runtime.Tests.Data;

public class IdxDataTests
{
    /// <summary>Two images of 2 × 3 pixels.</summary>
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6];

    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 4, 0];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void PlainAndCompressedFiles_LoadAlike(bool compressImages, bool compressLabels)
    {
        Dataset data = Load(compressImages ? Gzip(Images) : Images, compressLabels ? Gzip(Labels) : Labels);

        Assert.Equal((2, 6, 5), (data.Count, data.InputSize, data.ClassCount));
        Assert.Equal([4, 0], data.Labels);
        Assert.Equal([0, 51 / 255f, 102 / 255f, 153 / 255f, 204 / 255f, 1], data.Inputs[..6]);
    }

    [Fact]
    public void ThereAreAtLeastTwoClasses() => Assert.Equal(2, Load(Images, [.. Labels[..8], 0, 0]).ClassCount);

    [Fact]
    public void ImagesMayHaveAnyShape()
    {
        Assert.Equal(6, Load([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 6, .. Images[16..]], Labels).InputSize);
        Assert.Equal(6, Load([0, 0, 8, 4, .. Images[4..16], 0, 0, 0, 1, .. Images[16..]], Labels).InputSize);
    }

    public static TheoryData<byte[], string> DamagedImages => new()
    {
        { [], "the file ends after 0 of 4 bytes of its magic number" },
        { Images[..3], "the file ends after 3 of 4 bytes of its magic number" },
        { Images[..10], "the file ends after 6 of 12 bytes of its header" },
        { Images[..^1], "the file ends after 11 of 12 bytes of its data of shape 2 × 2 × 3" },
        { [.. Images, 0], "there are more bytes than the 12 of the shape 2 × 2 × 3" },
        { [0, 0, 9, .. Images[3..]], "not with 00 00 09 03" },
        { [1, .. Images[1..]], "not with 01 00 08 03" },
        { [0, 0, 8, 0], "not with 00 00 08 00" },
        { [.. Images[..4], 0xff, .. Images[5..]], "the header's shape -16777214 × 2 × 3 has a negative size" },
        { [.. Images[..4], 0x7f, 0xff, 0xff, 0xff, .. Images[8..]], "asks for more values than an array holds" },
        { [.. Images[..4], 0x10, 0, 0, 0, .. Images[8..]], "the file is too short for the 1610612736 bytes of the header's shape 268435456 × 2 × 3" },
        { Labels, "images have at least 2 dimensions, but this file has 1" },
        { [.. Images[..7], 1, .. Images[8..22]], "holds 1 images, but" },
        { [.. Images[..11], 0, .. Images[12..16]], "its shape 2 × 0 × 3 leaves no pixels" },
        { Gzip(Images)[..^12], ": " },
        { Gzip(Images[..^1]), "the file ends after 11 of 12 bytes" },
        { [.. Gzip(Images), 0], "there are bytes behind the compressed data" },
        { [.. Gzip(Images), .. new byte[70_000]], "there are bytes behind the compressed data" },
        { [.. Gzip(Images), .. "text"u8], "there are bytes behind the compressed data" },
        { [.. Gzip(Images), 0x1f], "the compressed data is damaged" },
        { [.. Gzip(Images), 0x1f, 0x8b], "the compressed data is damaged" },
        { [.. Gzip(Images[..20]), .. Gzip(Images[20..]), 1], "there are bytes behind the compressed data" },
        { [.. Gzip(Images), .. Gzip([7])], "there are more bytes than the 12" },
        { Gzip([.. Images[..4], 0x10, 0, 0, 0, .. Images[8..]]), "the file is too short for the 1610612736 bytes" },
        { [0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "the compressed data is damaged" },
    };

    [Theory]
    [MemberData(nameof(DamagedImages))]
    public void DamagedImages_AreRefusedByName(byte[] images, string message)
    {
        using TemporaryFile imagesFile = new(images), labelsFile = new(Labels);
        var error = Assert.Throws<InvalidDataException>(() => IdxData.Load(imagesFile.Path, labelsFile.Path));
        Assert.StartsWith(imagesFile.Path, error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void DamagedLabels_AreRefusedByName()
    {
        foreach (byte[] labels in (byte[][])[Labels[..^1], [.. Labels, 1], Images, []])
        {
            using TemporaryFile imagesFile = new(Images), labelsFile = new(labels);
            var error = Assert.Throws<InvalidDataException>(() => IdxData.Load(imagesFile.Path, labelsFile.Path));
            Assert.StartsWith(labelsFile.Path, error.Message);
        }
    }

    [Fact]
    public void ABoldHeader_DoesNotTakeMemory()
    {
        byte[] bold = [0, 0, 8, 2, 0, 0, 0x40, 0, 0, 1, 0, 0, 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Load(Gzip(bold), Labels));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void ADeflateBomb_IsReadNoFurtherThanItsHeaderSays()
    {
        // 200 MB of zeros: behind the data; as labels of two images; and as labels that the file is too small for.
        byte[] zeros = new byte[200 << 20];
        byte[] behind = Gzip([.. Images, .. zeros]);
        byte[] asLabels = Gzip([0, 0, 8, 1, 0x0c, 0, 0, 0, .. zeros]);
        byte[] tooShort = Gzip([0, 0, 8, 1, 0x70, 0, 0, 0, .. zeros]);
        foreach ((byte[] images, byte[] labels, string message) in ((byte[], byte[], string)[])[
            (behind, Labels, "more bytes than the 12"), (Images, behind, "labels have 1 dimension"), (Images, asLabels, "holds 2 images"),
            (Images, tooShort, "is too short")])
        {
            CountingStream imagesFile = new(images), labelsFile = new(labels);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<InvalidDataException>(() => IdxData.Load(imagesFile, "images", labelsFile, "labels"));
            Assert.Contains(message, error.Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            Assert.InRange(imagesFile.BytesRead + labelsFile.BytesRead, 0, 1 << 15);
        }
    }

    [Fact]
    public void CompressedParts_AreReadWhereverTheyEnd()
    {
        // Parts that end at and around the ends of blocks of the file.
        byte[] pixels = new byte[40_000];
        new Random(1).NextBytes(pixels);
        byte[] header = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0x4e, 0x20];
        for (int at = 8100; at < 8250; at++)
        {
            byte[] images = [.. Gzip([.. header, .. pixels[..at]]), .. Gzip([]), .. Gzip(pixels[at..])];
            Assert.Equal(20_000, IdxData.Load(new MemoryStream(images), "images", new MemoryStream(Labels), "labels").InputSize);
            foreach (byte[] behind in (byte[][])[[0], [1, 2, 3], [0x1f], [0x1f, 0x8b, 8]])
            {
                Assert.Throws<InvalidDataException>(
                    () => IdxData.Load(new MemoryStream([.. images, .. behind]), "images", new MemoryStream(Labels), "labels"));
            }
        }
    }

    [Fact]
    public void MissingPaths_Throw()
    {
        Assert.Throws<ArgumentNullException>("imagesPath", () => IdxData.Load(null!, "labels"));
        Assert.Throws<ArgumentNullException>("labelsPath", () => IdxData.Load("images", null!));
        Assert.Throws<FileNotFoundException>(() => IdxData.Load("no such images", "no such labels"));
    }

    [SharedFact]
    public void Mnist_Loads()
    {
        Dataset data = IdxData.Load(
            SharedFiles.PathOf("mnist", "t10k-images-idx3-ubyte.gz"), SharedFiles.PathOf("mnist", "t10k-labels-idx1-ubyte.gz"));
        Assert.Equal((10_000, 784, 10), (data.Count, data.InputSize, data.ClassCount));
        Assert.Equal([7, 2, 1, 0, 4], data.Labels[..5]);

        float largest = 0;
        foreach (float pixel in data.Inputs)
            largest = Math.Max(largest, pixel);
        Assert.Equal(1, largest);
    }

    private static Dataset Load(byte[] images, byte[] labels)
    {
        using TemporaryFile imagesFile = new(images), labelsFile = new(labels);
        return IdxData.Load(imagesFile.Path, labelsFile.Path);
    }

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionMode.Compress))
            gzip.Write(content);
        return compressed.ToArray();
    }

    private sealed class CountingStream(byte[] content) : MemoryStream(content)
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }
    }
}
