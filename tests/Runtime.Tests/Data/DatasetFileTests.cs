using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Mlp.Runtime.Tests.Serialization;

namespace Mlp.Runtime.Tests.Data;

/// <summary>Files of data sets hold all there is, are checked whole, and stay mapped exactly as long as somebody may read them.</summary>
public sealed class DatasetFileTests : IDisposable
{
    private const int HeaderLength = 96;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["targets", "labels", "inputs alone", "everything", "everything with labels", "times alone", "no rows", "no rows of labels"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhatIsOpened_IsWhatWasSaved(string kind)
    {
        Dataset data = Of(kind);
        data.Save(At("rows"));
        AssertSame(data, Dataset.Open(At("rows")));
        Assert.Equal(0, new FileInfo(At("rows")).Length % 64);
    }

    [Fact]
    public void Inputs_AreMappedWhereCacheLinesBegin_WithTheirBits()
    {
        float[] odd = [float.NaN, BitConverter.UInt32BitsToSingle(0x7fc12345), -0f, float.NegativeInfinity, float.Epsilon, float.MaxValue];
        Dataset.FromTargets(odd, odd[..2], 3, 1).WithNames(["a", "bb", "a name of another length"]).Save(At("rows"));

        Dataset opened = Dataset.Open(At("rows"));
        Assert.Equal(odd.Select(BitConverter.SingleToUInt32Bits), opened.Inputs.ToArray().Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(0, Address(opened) % 64);

        static unsafe nint Address(Dataset data) => (nint)Unsafe.AsPointer(ref Unsafe.AsRef(in data.Inputs[0]));
    }

    [Fact]
    public void CopiesOfMappedRows_AreThoseOfRowsInMemory()
    {
        Dataset data = Of("everything with labels");
        data.Save(At("rows"));
        Dataset opened = Dataset.Open(At("rows"));

        AssertSame(data.Select([3, 0, 3]), opened.Select([3, 0, 3]));
        foreach (SplitBy splitBy in Enum.GetValues<SplitBy>())
        {
            AssertSame(data.Split(0.5, splitBy, seed: 2).Second, opened.Split(0.5, splitBy, seed: 2).Second);
            AssertSame(data.Folds(Folds.K(2, splitBy)).First().Train, opened.Folds(Folds.K(2, splitBy)).First().Train);
        }

        float[] weights = [.. Enumerable.Repeat(2f, data.Count)];
        AssertSame(data.WithWeights(weights), opened.WithWeights(weights));
        AssertSame(data.WithNames(null), opened.WithNames(null));
    }

    [Fact]
    public void SavingOverAMappedFile_LeavesItsReadersUntouched_OrIsRefused()
    {
        Dataset first = Of("everything");
        first.Save(At("rows"));
        Dataset opened = Dataset.Open(At("rows"));
        try
        {
            Rows.Numbered(1000).Save(At("rows"));
            AssertSame(Rows.Numbered(1000), Dataset.Open(At("rows")));
        }
        catch (Exception error) when (OperatingSystem.IsWindows() && error is IOException or UnauthorizedAccessException)
        {
        }

        AssertSame(first, opened);
    }

    [Fact]
    public void AMappedFile_CanBeSavedOverItself()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Dataset data = Of("everything");
        data.Save(At("rows"));
        Dataset.Open(At("rows")).WithNames(null).Save(At("rows"));
        AssertSame(data.WithNames(null), Dataset.Open(At("rows")));
    }

    [Fact]
    public void AFailedSave_LeavesTheOlderFile()
    {
        Rows.Numbered(3).Save(At("rows"));
        Assert.ThrowsAny<IOException>(() => Rows.Numbered(4).Save(At("missing/rows")));
        Directory.CreateDirectory(At("folder"));
        Assert.Contains("a folder", Assert.Throws<IOException>(() => Rows.Numbered(4).Save(At("folder"))).Message);
        Assert.Equal([At("folder"), At("rows")], Directory.GetFileSystemEntries(_folder.Path).Order());
        AssertSame(Rows.Numbered(3), Dataset.Open(At("rows")));
    }

    [Fact]
    public void WhatIsNoFile_IsRefusedAsAnyFileIs()
    {
        Assert.Throws<FileNotFoundException>(() => Dataset.Open(At("missing")));
        Assert.Throws<UnauthorizedAccessException>(() => Dataset.Open(_folder.Path));
        Assert.Throws<ArgumentNullException>("path", () => Dataset.Open(null!));
        Assert.Throws<ArgumentNullException>("path", () => Rows.Numbered(1).Save(null!));
        Assert.Throws<ArgumentException>("path", () => Dataset.Open(""));
    }

    [Fact]
    public void Messages_NameTheFile_WhatWasFound_AndWhatWasExpected()
    {
        byte[] valid = Bytes(Of("targets"));
        AssertRefused([], "is 0 bytes long, and its header alone has 96");
        AssertRefused([.. "x,y\n"u8, .. new byte[200]], "is no file of a data set: it begins with 782C790A00000000, not with 894D4C500D0A1A0A");
        AssertRefused(valid[..^1], $"is {valid.Length - 1} bytes long, and its header says {valid.Length}");
        AssertRefused([.. valid, 0], $"is {valid.Length + 1} bytes long, and its header says {valid.Length}");
        AssertRefused(Forged(valid, fields => fields[8] = 2), "has version 2 of the format, and this is a reader of version 1");
        AssertRefused(Changed(valid, 16, 1), "does not fit its SHA-256");
        AssertRefused(Changed(Bytes(Of("labels")), 64 * 4, 7), "Row 0 has label 7; labels of 3 classes are 0…2.");

        byte[] weighted = Bytes(Rows.Numbered(1).WithWeights([1]));
        AssertRefused(Changed(weighted, (64 * 4) + 3, 0xbf), "Row 0 has the weight -1; weights are finite and at least 0.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryDamageOfTheHeader_IsRefused(string kind)
    {
        byte[] valid = Bytes(Of(kind));
        int names = (int)BinaryPrimitives.ReadInt64LittleEndian(valid.AsSpan(48));
        for (int at = 0; at < HeaderLength + names; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                AssertRefused(Changed(valid, at, (byte)(valid[at] ^ (1 << bit))), "");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryTruncation_IsRefused(string kind)
    {
        byte[] valid = Bytes(Of(kind));
        for (int length = 0; length < valid.Length; length++)
        {
            AssertRefused(valid[..length], "");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhateverLiesBehindTheHeader_IsRefusedOrADataSetInOrder(string kind)
    {
        byte[] valid = Bytes(Of(kind));
        for (int at = HeaderLength; at < valid.Length; at++)
        {
            if (Opened(Changed(valid, at, (byte)(valid[at] ^ 0xff))) is Dataset data)
            {
                Assert.Equal(Of(kind).Count, data.Count);
                Assert.DoesNotContain(data.Labels.ToArray(), label => label < 0 || label >= data.ClassCount);
                Assert.DoesNotContain(data.Weights.ToArray(), static weight => !(weight >= 0 && float.IsFinite(weight)));
            }
        }
    }

    [Fact]
    public void RandomDamage_IsRefusedOrADataSetInOrder()
    {
        byte[] valid = Bytes(Of("everything with labels"));
        Random random = new(1);
        int refused = 0;
        for (int file = 0; file < 2000; file++)
        {
            refused += Opened(Mutations.Of(valid, random)) is null ? 1 : 0;
        }

        Assert.InRange(refused, 1500, 1999);
    }

    /// <summary>Headers whose digest fits, by somebody who wants to read what is not the file's.</summary>
    [Theory]
    [InlineData(16, long.MaxValue)]
    [InlineData(16, -1)]
    [InlineData(16, int.MaxValue)]
    [InlineData(16, 5)]
    [InlineData(24, 0)]
    [InlineData(24, long.MinValue)]
    [InlineData(24, int.MaxValue)]
    [InlineData(24, 1L << 62)]
    [InlineData(32, -1)]
    [InlineData(32, 1L << 33)]
    [InlineData(32, 4)]
    [InlineData(40, 1)]
    [InlineData(40, -1)]
    [InlineData(40, 1L << 40)]
    [InlineData(48, -1)]
    [InlineData(48, int.MaxValue)]
    [InlineData(48, long.MaxValue)]
    public void ForgedSizes_AreRefused_InBoundedMemory(int field, long value)
    {
        foreach (string kind in new[] { "everything", "everything with labels" })
        {
            byte[] forged = Forged(Bytes(Of(kind)), fields => BinaryPrimitives.WriteInt64LittleEndian(fields.AsSpan(field), value));
            File.WriteAllBytes(At("forged"), forged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => Dataset.Open(At("forged")));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
    }

    [Fact]
    public void ForgedNamesAndParts_AreRefused()
    {
        byte[] named = Bytes(Of("everything"));
        AssertRefused(Forged(named, static fields => fields[12] |= 64), "which no data set has");
        AssertRefused(Forged(named, static fields => fields[12] |= 32), "names that no data set has");
        AssertRefused(Forged(named, static fields => fields[12] ^= 8), "behind its names");
        AssertRefused(Forged(named, static fields => fields[12] ^= 16), "names that no data set has");
        AssertRefused(Forged(named, static file => file[HeaderLength + 4] = 0xff), "names that no data set has");
        AssertRefused(Forged(named, static file => file[HeaderLength]++), "names that no data set has");
        AssertRefused(Forged(named, static file => file[HeaderLength + 3] = 0x80), "There are 0 of 2 names");

        byte[] alike = Bytes(Rows.Numbered(1).WithNames(["a", "b"]));
        AssertRefused(Forged(alike, static file => file[HeaderLength + 9] = (byte)'a'), "'a' appears twice");
    }

    [Fact]
    public void MoreValuesThanASpanHolds_AreRefused_WithTheNumbers()
    {
        byte[] forged = Forged(Bytes(Rows.Numbered(1)), static fields => BinaryPrimitives.WriteInt64LittleEndian(fields.AsSpan(16), 2_000_000_000));
        AssertRefused(forged, "has 2000000000 rows of 2 inputs and 1 targets; a data set has at most 2147483647 values of each");
    }

    [Fact]
    public void AFile_IsMappedAsLongAsItsDataSet_OneMadeOfIt_OrALoaderIsInUse()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Of("everything with labels").Save(At("rows"));
        AssertReleased(() => Dataset.Open(At("rows")));
        AssertReleased(() => Dataset.Open(At("rows")).WithWeights(new float[12]).WithNames(null));
        AssertReleased(() => new DataLoader(Dataset.Open(At("rows")), 2));
    }

    [Fact]
    public void WhoeverHasASpan_HasTheFileMappedForGood()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Rows.Numbered(5000).Save(At("rows"));
        ReadOnlySpan<float> inputs = Dataset.Open(At("rows")).Inputs;
        Collect();
        Assert.True(IsMapped("rows"));
        Assert.Equal(9999, inputs[^1]);
    }

    [Fact]
    public void BatchesOfAMappedFile_OutliveIt()
    {
        Rows.Numbered(5000).Save(At("rows"));
        ReadOnlySpan<float> batch = FirstBatch();
        Collect();
        Assert.False(OperatingSystem.IsLinux() && IsMapped("rows"));
        Assert.Equal(9999, batch[^1]);

        [MethodImpl(MethodImplOptions.NoInlining)]
        ReadOnlySpan<float> FirstBatch()
        {
            DataLoader.EpochBatches.Enumerator batches = new DataLoader(Dataset.Open(At("rows")), 5000, shuffle: false).Epoch(0).GetEnumerator();
            Assert.True(batches.MoveNext());
            return batches.Current.Inputs;
        }
    }

    private static Dataset Of(string kind)
    {
        const int Count = 12;
        float[] inputs = [.. Enumerable.Range(0, 2 * Count).Select(static i => i / 7f)];
        int[] labels = [.. Enumerable.Range(0, Count).Select(static i => i % 3)];
        string[] names = ["größe\0\n", "😀 ıİ"];
        return kind switch
        {
            "targets" => Dataset.FromTargets(inputs, inputs[..(3 * 8)], 2, 2),
            "labels" => Dataset.FromLabels(inputs, labels, 2, 3),
            "inputs alone" => Dataset.FromInputs(inputs, 2),
            "no rows" => Dataset.FromTargets([], [], 5, 3).WithNames(["a", "b", "c", "d", ""]),
            "no rows of labels" => Dataset.FromLabels([], [], 5, int.MaxValue),
            "times alone" => WithTimes(Dataset.FromInputs(inputs, 2)),
            "everything" => WithAll(Dataset.FromTargets(inputs, inputs[..Count], 2, 1)).WithNames(names),
            _ => WithAll(Dataset.FromLabels(inputs, labels, 2, 3)).WithNames(names, ["", "ja", "nein"]),
        };

        static Dataset WithAll(Dataset data) => WithTimes(data
            .WithWeights([.. Enumerable.Range(0, Count).Select(static i => i / 3f)])
            .WithGroups([.. Enumerable.Range(0, Count).Select(static i => (i % 5) - 2)]));

        static Dataset WithTimes(Dataset data) => data.WithTimes([.. Enumerable.Range(0, Count).Select(static i => long.MinValue + ((long)i << 55))]);
    }

    private static void AssertSame(Dataset expected, Dataset actual)
    {
        Assert.Equal((expected.Count, expected.InputSize, expected.TargetSize, expected.ClassCount), (actual.Count, actual.InputSize, actual.TargetSize, actual.ClassCount));
        Assert.Equal(expected.InputNames, actual.InputNames);
        Assert.Equal(expected.ClassNames, actual.ClassNames);
        Assert.True(expected.Inputs.SequenceEqual(actual.Inputs));
        Assert.True(expected.Targets.SequenceEqual(actual.Targets));
        Assert.True(expected.Labels.SequenceEqual(actual.Labels));
        Assert.True(expected.Weights.SequenceEqual(actual.Weights));
        Assert.True(expected.Groups.SequenceEqual(actual.Groups));
        Assert.True(expected.Times.SequenceEqual(actual.Times));
    }

    /// <summary>A copy with another byte.</summary>
    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }

    /// <summary>A changed copy whose digest fits.</summary>
    private static byte[] Forged(byte[] bytes, Action<byte[]> change)
    {
        byte[] forged = [.. bytes];
        change(forged);
        int names = (int)Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(forged.AsSpan(48)), 0, bytes.Length - HeaderLength);
        SHA256.HashData([.. forged[..64], .. forged.AsSpan(HeaderLength, names)]).CopyTo(forged, 64);
        return forged;
    }

    private string At(string name) => _folder.PathOf(name);

    private byte[] Bytes(Dataset data)
    {
        data.Save(At("valid"));
        return File.ReadAllBytes(At("valid"));
    }

    /// <summary>What a file of these bytes holds; null if it is refused. It is another file each time, as one that is mapped must not be written to.</summary>
    private Dataset? Opened(byte[] bytes)
    {
        string path = At(Path.GetRandomFileName());
        File.WriteAllBytes(path, bytes);
        try
        {
            return Dataset.Open(path);
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private void AssertRefused(byte[] bytes, string message)
    {
        File.WriteAllBytes(At("refused"), bytes);
        string text = Assert.Throws<InvalidDataException>(() => Dataset.Open(At("refused"))).Message;
        Assert.StartsWith(At("refused"), text, StringComparison.Ordinal);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    private void AssertReleased(Func<object> open)
    {
        Use();
        Collect();
        Assert.False(IsMapped("rows"));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Use()
        {
            object owner = open();
            Collect();
            Assert.True(IsMapped("rows"));
            GC.KeepAlive(owner);
        }
    }

    private bool IsMapped(string name) => File.ReadAllText("/proc/self/maps", Encoding.UTF8).Contains(At(name), StringComparison.Ordinal);

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
