using System.Globalization;
using System.Text;

namespace Mlp.Runtime.Tests.Data;

/// <summary>Columns whose different numbers single precision cannot tell apart.</summary>
public class ResolutionTests
{
    public static TheoryData<string, string> Lost => new()
    {
        { "seconds", Join(Enumerable.Range(0, 60).Select(i => $"{1700000000 + i}")) },
        { "milliseconds", Join(Enumerable.Range(0, 60).Select(i => $"{1700000000000 + i}")) },
        { "nanoseconds", Join(Enumerable.Range(0, 60).Select(i => $"{1700000000000000000 + i}")) },
        { "negative", Join(Enumerable.Range(0, 60).Select(i => $"{-1700000000 - i}")) },
        { "fractions", Join(Enumerable.Range(0, 60).Select(i => $"1.00000000{i:00}")) },
        { "an outlier", "0,0," + Join(Enumerable.Range(0, 60).Select(i => $"{1700000000 + i}")) },
        { "half", "16777216,16777217,16777218.5,16777218" },
        { "two", "16777216,16777217" },
        { "hourly, of which a minute is known", Join(Enumerable.Range(0, 600).Select(i => $"{1700000000 + (3600 * (i / 60)) + (i % 60)}")) },
        { "shuffled", Join(Enumerable.Range(0, 997).Select(i => $"{1700000000 + (i * 389 % 997)}")) },
        { "too small for single precision", Join(Enumerable.Range(1, 60).Select(i => $"{i}e-60")) },
        { "many", Join(Enumerable.Range(0, 300_000).Select(i => $"{1700000000 + i}")) },
    };

    public static TheoryData<string, string> Kept => new()
    {
        { "constant", Join(Enumerable.Repeat("1700000001", 60)) },
        { "one row", "1700000001" },
        { "days", Join(Enumerable.Range(0, 60).Select(i => $"{1700000000 + (86400 * i)}")) },
        { "whole numbers", Join(Enumerable.Range(0, 60).Select(i => $"{16777100 + i}")) },
        { "more than half", "16777216,16777217,16777218,16777220" },
        { "rounding in double precision", "0.3,0.30000000000000004,0.1,0.10000000000000002,5,4.999999999999999" },
        { "two ways of writing", "0.1,0.1000000000,0.2,2.000000000e-1,1e3,1000.000000" },
        { "zeros", "0,-0,0.0000000000,1,0e-99,-0.000000000000" },
        { "random", Join(Numbers(1000)) },
        { "many", Join(Numbers(300_000)) },
    };

    [Theory]
    [MemberData(nameof(Lost))]
    public void AColumnThatSinglePrecisionCannotResolve_IsRefusedByName(string what, string cells)
    {
        string[] numbers = cells.Split(',');
        var error = Assert.Throws<InvalidDataException>(() => CsvData.ReadTargets(Text("time", "y", numbers), "y"));
        Assert.Contains("CSV text, column 2 ('time'): of its", error.Message);
        Assert.Contains(what.StartsWith("too small", StringComparison.Ordinal) ? "Multiply" : "Subtract", error.Message);

        // As a target as well, and for labels; but not as a weight, if left out, or with `like`.
        error = Assert.Throws<InvalidDataException>(() => CsvData.ReadTargets(Text("y", "x", numbers), "y"));
        Assert.Contains("column 2 ('y')", error.Message);
        Assert.Throws<InvalidDataException>(() => CsvData.ReadLabels(Text("time", "y", numbers), "y"));
        Assert.Throws<InvalidDataException>(() => CsvData.Read(Text("time", "y", numbers)));
        Assert.Equal(numbers.Length, CsvData.Read(Text("time", "y", numbers), ["n"]).Count);
        if (numbers[0][0] != '-')
            Assert.Equal(numbers.Length, CsvData.ReadTargets(Text("w", "y", numbers), "y", weights: "w").Count);

        Dataset accepted = CsvData.Read(new StringReader("time\n1\n"));
        Assert.Equal(numbers.Length, CsvData.Read(Text("time", "y", numbers), like: accepted).Count);
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void AColumnOfWhichMoreIsLeft_IsRead(string what, string cells)
    {
        Assert.NotEmpty(what);
        string[] numbers = cells.Split(',');
        Assert.Equal(numbers.Length, CsvData.ReadTargets(Text("time", "y", numbers), "y").Count);
        Assert.Equal(numbers.Length, CsvData.ReadTargets(Text("y", "x", numbers), "y").Count);
    }

    [Fact]
    public void TheMessage_SaysWhatToSubtract_AndThenTheColumnIsRead()
    {
        string[] numbers = [.. Enumerable.Range(0, 60).Select(i => $"{1700000000 + i}")];
        var error = Assert.Throws<InvalidDataException>(() => CsvData.Read(Text("time", "y", numbers)));
        Assert.EndsWith(
            "of its 60 different numbers single precision tells 1 apart. Subtract 1700000000 from all of them before they are written.",
            error.Message);
    }

    [Fact]
    public void OnlyTheColumnsThatAreLost_AreNamed_HoweverManyThereAre()
    {
        string header = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"c{i}"));
        IEnumerable<string> rows = Enumerable.Range(0, 100).Select(
            row => string.Join(',', Enumerable.Range(0, 5000).Select(i => i == 4321 ? $"{1700000000 + row}" : $"{row}.{i:0000}")));
        var error = Assert.Throws<InvalidDataException>(() => CsvData.Read(new StringReader(header + "\n" + string.Join('\n', rows))));
        Assert.Contains("column 4322 ('c4321')", error.Message);
    }

    [Fact]
    public void Numbers_AreRoundedOnce()
    {
        // Halfway between two values of single precision in double precision, but not as they are written; and the limits.
        string[] cells =
        [
            "1.00000017881393432617187499", "1.00000017881393432617187500", "1.00000017881393432617187501", "1.00000017881393421514957253391434",
            "3.4028235677973366163753939545814e38", "7.0064923216240853546186479164495e-46", "7.0064923216240853546186479164496e-46",
            "1.17549435e-38", "16777217", "16777219", "9007199254740993", "-1.00000017881393432617187501", "8388608.5000000000000000001",
        ];
        float[] expected = [.. cells.Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))];
        Dataset like = Dataset.FromTargets([1], [1], 1, 1).WithNames(["n"]);
        StringBuilder text = new("n\n");
        Assert.Equal(expected, CsvData.Read(new StringReader(text.AppendJoin('\n', cells).ToString()), like: like).Inputs);

        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            float low = BitConverter.Int32BitsToSingle(random.Next(0x7f7fffff));
            decimal digit = random.Next(-1, 2);
            double middle = ((double)low + float.BitIncrement(low)) / 2;
            string cell = middle is > 1e-3 and < 1e9 ? ((decimal)middle + (digit * 1e-19m)).ToString(CultureInfo.InvariantCulture) : middle.ToString("E40", CultureInfo.InvariantCulture);
            Assert.Equal(float.Parse(cell, CultureInfo.InvariantCulture), CsvData.Read(new StringReader("n\n" + cell), like: like).Inputs[0]);
        }
    }

    private static string Join(IEnumerable<string> cells) => string.Join(',', cells);

    private static IEnumerable<string> Numbers(int count)
    {
        Random random = new(1);
        return Enumerable.Range(0, count).Select(_ => random.NextDouble().ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>A column n of small numbers, one of the numbers, and a third of zeros and ones.</summary>
    private static StringReader Text(string name, string other, string[] numbers)
    {
        StringBuilder text = new($"n,{name},{other}\n");
        for (int row = 0; row < numbers.Length; row++)
            text.Append(CultureInfo.InvariantCulture, $"{row % 7},{numbers[row]},{row % 2}\n");
        return new StringReader(text.ToString());
    }
}
