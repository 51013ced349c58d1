using System.Text;

namespace Mlp.Runtime.Tests.Data;

public class CsvEncodingTests
{
    private const string Text = "größe,y\n1,é\n2,è\n3,數😀\n";

    public static TheoryData<string, bool> Encodings => new()
    {
        { "utf-8", true },
        { "utf-8", false },
        { "utf-16", true },
        { "utf-16", false },
        { "utf-16BE", true },
        { "utf-32", true },
        { "utf-32BE", true },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Files_AreReadByTheirMarkOrAsSaid(string name, bool hasMark)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        using TemporaryFile file = new([.. hasMark ? encoding.Preamble : [], .. encoding.GetBytes(Text)]);
        Dataset data = CsvData.LoadLabels(file.Path, "y", encoding: hasMark ? null : encoding);
        Assert.Equal(["größe"], data.InputNames);
        Assert.Equal(["è", "é", "數😀"], data.ClassNames);

        // The byte-order mark wins over the argument.
        if (hasMark)
            Assert.Equal(["größe"], CsvData.LoadLabels(file.Path, "y", encoding: Encoding.Latin1).InputNames);
    }

    [Fact]
    public void BytesThatAreNoUtf8_AreRefusedWithTheirLine_AndReadWhenTheirEncodingIsSaid()
    {
        using TemporaryFile file = new(Encoding.Latin1.GetBytes("x,y\r\n1,Hase\r\n\r\n2,Höhe\r\n3,Hähe\r\n"));
        foreach (Action load in (Action[])[
            () => CsvData.LoadLabels(file.Path, "y"), () => CsvData.LoadTargets(file.Path, "x", ["y"]), () => CsvData.Load(file.Path)])
        {
            var error = Assert.Throws<InvalidDataException>(load);
            Assert.StartsWith($"{file.Path}, line 4: the bytes F6", error.Message);
            Assert.Contains("encoding: Encoding.Latin1", error.Message);
        }

        Assert.Equal(["Hase", "Hähe", "Höhe"], CsvData.LoadLabels(file.Path, "y", encoding: Encoding.Latin1).ClassNames);
    }

    [Fact]
    public void AnEncodingThatIsSaid_IsStrictAsWell()
    {
        using TemporaryFile file = new("x,y\n1,2\n\u00e9,3\n"u8.ToArray());
        var error = Assert.Throws<InvalidDataException>(() => CsvData.LoadTargets(file.Path, "y", encoding: Encoding.ASCII));
        Assert.Contains("line 3: the bytes C3 are invalid in us-ascii", error.Message);

        using TemporaryFile halves = new([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("x,y\n1,2\n3,"), 0x00, 0xd8, .. Encoding.Unicode.GetBytes("\n")]);
        Assert.Contains("line 3: the bytes", Assert.Throws<InvalidDataException>(() => CsvData.LoadLabels(halves.Path, "y")).Message);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void TheLineOfABadByte_IsRightAnywhereInALongFile(string end)
    {
        foreach (int lines in (int[])[1, 100, 8190, 8191, 8192, 8193, 16383, 16384, 30_000])
        {
            // Rows of 8 bytes and more, so that blocks end in and between the line ends, and in the bad character.
            string rows = string.Concat(Enumerable.Repeat($"1.25,3{end}", lines - 1));
            foreach (byte[] bad in (byte[][])[[0xe9], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80]])
            {
                using TemporaryFile file = new([.. Encoding.UTF8.GetBytes($"x,y{end}{rows}"), .. bad, .. Encoding.UTF8.GetBytes($",1{end}2,2{end}")]);
                var error = Assert.Throws<InvalidDataException>(() => CsvData.LoadTargets(file.Path, "y"));
                Assert.StartsWith($"{file.Path}, line {lines + 1}: the bytes {bad[0]:X2}", error.Message);
            }
        }
    }

    [Fact]
    public void CharactersAcrossBlocks_AreReadWhole()
    {
        for (int shift = 0; shift < 5; shift++)
        {
            string text = $"x{new string('a', shift)},c\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},é數😀\n"));
            using TemporaryFile file = new(Encoding.UTF8.GetBytes(text));
            Dataset data = CsvData.LoadLabels(file.Path, "c");
            Assert.Equal((40_000, 1), (data.Count, data.ClassCount));
            Assert.Equal(["é數😀"], data.ClassNames);
        }
    }

    [Fact]
    public void ACharacterCutOffAtTheEnd_IsRefused()
    {
        using TemporaryFile file = new([.. "x,y\n1,a\n2,"u8, 0xe2, 0x82]);
        Assert.Contains("line 3: the bytes E282", Assert.Throws<InvalidDataException>(() => CsvData.LoadLabels(file.Path, "y")).Message);

        // The file ends with a block, and the character behind it is missing.
        byte[] block = [.. "x,y\n1,"u8, .. Enumerable.Repeat((byte)'a', (1 << 16) - 7), 0xe2];
        using TemporaryFile whole = new(block);
        Assert.Contains("line 2: the bytes E2", Assert.Throws<InvalidDataException>(() => CsvData.LoadLabels(whole.Path, "y")).Message);
    }

    [Fact]
    public void LabelsWhoseLettersAReaderReplaced_AreRefused()
    {
        using StreamReader reader = new(new MemoryStream(Encoding.Latin1.GetBytes("x,y\n1,é\n2,è\n")));
        var error = Assert.Throws<InvalidDataException>(() => CsvData.ReadLabels(reader, "y"));
        Assert.Contains("line 2, column 2 ('y'): '\uFFFD' holds U+FFFD", error.Message);
        Assert.Throws<InvalidDataException>(() => CsvData.ReadLabels(new StringReader("x,y\n1,\ud83d\n2,\ud83e\n"), "y"));
    }
}
