using System.Text;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>An encoder's JSON: what is written is read, and nothing else is.</summary>
public class EncoderMetadataTests
{
    private static readonly RecordLayout Layout = new(
        [
            new RecordColumn { Name = "Age", Kind = ColumnKind.Number, Width = 2, Missing = Missing.Median, Indicator = true },
            new RecordColumn { Name = "Fare", Kind = ColumnKind.Number, Slot = 2, Width = 2, Bins = 2, Log = true },
            new RecordColumn { Name = "Sex", Kind = ColumnKind.Member, Slot = 4, Width = 2, Members = ["Male", "Female"] },
            new RecordColumn { Name = "Port", Kind = ColumnKind.Text, Slot = 6, Width = 1, Capacity = 4, Embedding = 2 },
            new RecordColumn { Name = "Code", Kind = ColumnKind.Integer, Slot = 7, Width = 3, Capacity = 3 },
            new RecordColumn { Name = "At", Kind = ColumnKind.Time, Slot = 10, Width = 2, Cycles = Cycles.Hour },
            new RecordColumn { Name = "Weight", Kind = ColumnKind.Number, Role = ColumnRole.Weight },
            new RecordColumn { Name = "Kind", Kind = ColumnKind.Text, Role = ColumnRole.Target },
        ],
        []);

    private static readonly FittedEncoder Encoder = new(
        Layout,
        [
            new ColumnFit { Number = new NumberFit(1.0 / 3, -0.1, double.Epsilon, []) },
            new ColumnFit { Number = new NumberFit(0, 0, 1, [-1e300, 0.1, double.MaxValue]) },
            new ColumnFit { Members = ["Female", "Male"] },
            new ColumnFit { Texts = ["\"é\n", "ö"] },
            new ColumnFit { Integers = [long.MinValue, long.MaxValue] },
            ColumnFit.None,
            ColumnFit.None,
            new ColumnFit { Texts = ["a", "b"] },
        ]);

    [Fact]
    public void WhatIsWritten_IsReadToTheBit()
    {
        FittedEncoder read = Read(EncoderMetadata.JsonOf(Encoder));
        foreach ((ColumnFit expected, ColumnFit found) in Encoder.Fits.ToArray().Zip(read.Fits.ToArray()))
        {
            Assert.Equal((expected.Number.Fill, expected.Number.Center, expected.Number.Spread), (found.Number.Fill, found.Number.Center, found.Number.Spread));
            Assert.Equal(expected.Number.Edges, found.Number.Edges);
            Assert.Equal(expected.Texts, found.Texts);
            Assert.Equal(expected.Integers, found.Integers);
            Assert.Equal(expected.Members, found.Members);
        }

        Assert.Equal(Encoder.InputNames, read.InputNames);
        Assert.Equal(["a", "b"], read.ClassNames);
        Assert.Equal((1, 0), (read.Member(2, 0, 0), read.Member(2, 1, 1)));
        Assert.Equal((0, 1, 2, 2), (read.Category(3, "c"), read.Category(3, "\"é\n"), read.Category(3, "ö"), read.Category(4, long.MaxValue)));
    }

    [Theory]
    [InlineData("\"fill\":0.3333333333333333", "\"fill\":1e999", "")]
    [InlineData("\"fill\":0.3333333333333333", "\"fill\":\"1\"", "")]
    [InlineData("\"fill\":0.3333333333333333,", "", "")]
    [InlineData("\"spread\":5E-324", "\"spread\":0", "what was learned of property Age is none that could be")]
    [InlineData("\"spread\":5E-324", "\"spread\":-1", "what was learned of property Age is none that could be")]
    [InlineData("[-1E+300,0.1,", "[0.2,0.1,", "what was learned of property Fare is none that could be")]
    [InlineData("[-1E+300,0.1,", "[0.1,", "what was learned of property Fare is none that could be")]
    [InlineData("[\"Female\",\"Male\"]", "[\"Female\",\"Female\"]", "property Sex differs: 'Male' is a member of the enum here, and none there")]
    [InlineData("[\"Female\",\"Male\"]", "[\"Female\",\"Male\",\"Male\"]", "what was learned of property Sex is none that could be")]
    [InlineData("[\"Female\",\"Male\"]", "[]", "what was learned of property Sex is none that could be")]
    [InlineData("\"ö\"]", "\"ö\",\"a\",\"b\"]", "what was learned of property Port is none that could be")]
    [InlineData("\"ö\"]", "\"ö\",\"ö\"]", "what was learned of property Port is none that could be")]
    [InlineData("\"ö\"]", "null]", "")]
    [InlineData("9223372036854775807]", "9223372036854775808]", "")]
    [InlineData("\"Cycles\":\"Hour\"", "\"Cycles\":\"DayOfWeek\"", "property At differs: Cycles is DayOfWeek there, and Hour here")]
    [InlineData("\"Cycles\":\"Hour\"", "\"Other\":\"Hour\"", "property At differs: Cycles is not known there, and Hour here")]
    [InlineData("\"name\":\"Kind\"", "\"name\":\"Sort\"", "property Kind is a column of this record, and none there")]
    public void WhatIsWrong_IsRefused(string text, string other, string problem)
    {
        string json = EncoderMetadata.JsonOf(Encoder);
        Assert.Contains(text, json);
        string message = Assert.Throws<InvalidDataException>(() => Read(json.Replace(text, other, StringComparison.Ordinal))).Message;
        Assert.Matches("^the file (holds|was made with)", message);
        Assert.Contains(problem, message);
    }

    [Fact]
    public void DamagedJson_IsAnEncoderOfTheseColumns_OrRefused()
    {
        byte[] valid = Encoding.UTF8.GetBytes(EncoderMetadata.JsonOf(Encoder));
        Random random = new(5);
        int read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string json = Encoding.UTF8.GetString(Mutations.Of(valid, random));
            try
            {
                FittedEncoder encoder = Read(json);
                read++;
                Assert.Equal(12, encoder.InputNames.Count);
                Assert.InRange(encoder.Category(4, encoder.Fits[4].Integers.LastOrDefault()), 0, 2);
            }
            catch (InvalidDataException)
            {
            }
        }

        Assert.InRange(read, 100, 10_000);
    }

    private static FittedEncoder Read(string json) => EncoderMetadata.Read(Layout, json, takesTargets: true, "the file");
}
