using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Contract.Tests.Records;

/// <summary>A record of all that a cell can be.</summary>
public sealed record Cells
{
    [Numeric] public byte Byte { get; init; }

    [Numeric] public sbyte? SByte { get; init; }

    [Numeric] public short Short { get; init; }

    [Numeric] public ushort? UShort { get; init; }

    [Numeric] public int Int { get; init; }

    [Numeric] public uint? UInt { get; init; }

    [Numeric] public long Long { get; init; }

    [Numeric] public ulong? ULong { get; init; }

    [Numeric] public Half Half { get; init; }

    [Numeric] public float? Float { get; init; }

    [Numeric] public double Double { get; init; }

    [Numeric] public decimal? Decimal { get; init; }

    [Numeric] public bool Bool { get; init; }

    [Category] public bool? Maybe { get; init; }

    [Category] public Colour Colour { get; init; }

    [Category] public Colour? Shade { get; init; }

    [Category] public required string Text { get; init; }

    [Category] public string? Other { get; init; }

    [Time(Cycles.DayOfYear)] public DateOnly Date { get; init; }

    [Time(Cycles.Hour)] public TimeOnly? Time { get; init; }

    [Time(Cycles.Hour)] public DateTime At { get; init; }

    [EventTime] public DateTimeOffset Since { get; init; }

    [Target(Column = "the price, €")] public double Price { get; init; }

    /// <summary>No column needs to be there for it.</summary>
    public int? Note { get; init; }
}

[Input<Cells>]
[Dense(1)]
[Loss(MSE)]
public partial class CellsNet;

/// <summary>Records of files and databases.</summary>
public sealed class RecordSourceTests : IDisposable
{
    private const string Header = "Byte,SByte,Short,UShort,Int,UInt,Long,ULong,Half,Float,Double,Decimal,Bool,Maybe,Colour,Shade,Text,Other,Date,Time,At,Since,\"the price, €\"";
    private const string Full = "255,-128,-32768,65535,-2147483648,4294967295,9223372036854775807,18446744073709551615,0.5,-1.5e3,1e100,79228162514264337593543950335,"
        + "TRUE,0,Green,Blue,\"a \"\"b\"\",\nc\",d,2024-02-29,23:59:59.5,2024-02-29 12:30:00,2024-02-29T12:30:00+02:00,7";
    private const string Sparse = "0,,0,,0,,0,,0,,0,,1,,Red,,x,,2024-02-29 00:00:00,,2024-02-29,2024-02-29T12:30:00Z,-0.25";

    private static readonly Cells FullRow = new()
    {
        Byte = 255,
        SByte = -128,
        Short = short.MinValue,
        UShort = ushort.MaxValue,
        Int = int.MinValue,
        UInt = uint.MaxValue,
        Long = long.MaxValue,
        ULong = ulong.MaxValue,
        Half = (Half)0.5,
        Float = -1500,
        Double = 1e100,
        Decimal = decimal.MaxValue,
        Bool = true,
        Maybe = false,
        Colour = Colour.Green,
        Shade = Colour.Blue,
        Text = "a \"b\",\nc",
        Other = "d",
        Date = new(2024, 2, 29),
        Time = new(23, 59, 59, 500),
        At = new(2024, 2, 29, 12, 30, 0),
        Since = new(2024, 2, 29, 12, 30, 0, TimeSpan.FromHours(2)),
        Price = 7,
    };

    private static readonly Cells SparseRow = new()
    {
        Bool = true,
        Text = "x",
        Date = new(2024, 2, 29),
        At = new(2024, 2, 29),
        Since = new(2024, 2, 29, 12, 30, 0, TimeSpan.Zero),
        Price = -0.25,
    };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("")]
    [InlineData("de")]
    [InlineData("fa")]
    [InlineData("tr")]
    public void ACsvFile_GivesRecords_WhateverTheCulture(string culture)
    {
        using Culture here = new(culture);
        Write(Header, Full, Sparse);
        Assert.Equal([FullRow, SparseRow], CellsNet.ReadRows(_path));

        CellsNet net = new(seed: 1);
        net.Fit([FullRow, SparseRow]);
        Dataset data = net.ReadCsv(_path);
        Dataset expected = net.Encode([FullRow, SparseRow]);
        Assert.Equal(expected.Inputs, data.Inputs);
        Assert.Equal(expected.Targets, data.Targets);
        Assert.Equal(expected.Times, data.Times);
    }

    [Fact]
    public void Rows_AreReadAsTheyAreAskedFor()
    {
        Write(Header, Full, Sparse, "damaged");
        IEnumerable<Cells> rows = CellsNet.ReadRows(_path);
        Assert.Equal([FullRow, SparseRow], rows.Take(2));
        Assert.Contains("line 5: 1 cells where there are 23 columns", Assert.Throws<InvalidDataException>(() => rows.Count()).Message);

        // A file that is not there is missed when it is read.
        IEnumerable<Cells> nowhere = CellsNet.ReadRows(_path + ".none");
        Assert.Throws<FileNotFoundException>(() => nowhere.Count());
        Assert.Throws<ArgumentNullException>(() => CellsNet.ReadRows((string)null!));
    }

    [Theory]
    [InlineData("255", "256", "column 1 ('Byte'): property Byte: '256' is a number that no Byte holds.")]
    [InlineData("255", "-1", "column 1 ('Byte'): property Byte: '-1' is a number that no Byte holds.")]
    [InlineData("255", "1.5", "column 1 ('Byte'): property Byte: '1.5' is a number that no Byte holds.")]
    [InlineData("255", "many", "column 1 ('Byte'): property Byte: 'many' is no Byte.")]
    [InlineData("255", "", "column 1 ('Byte'): property Byte: the cell is empty, and a value is needed.")]
    [InlineData("255", "\"2,5\"", "column 1 ('Byte'): property Byte: '2,5' is no Byte.")]
    [InlineData("-1.5e3", "1e39", "column 10 ('Float'): property Float: '1e39' is a number that no Single holds.")]
    [InlineData("-1.5e3", "Infinity", "column 10 ('Float'): property Float: 'Infinity' is no finite number.")]
    [InlineData("-1.5e3", "\"1,5\"", "column 10 ('Float'): property Float: '1,5' is no Single.")]
    [InlineData("TRUE", "yes", "column 13 ('Bool'): property Bool: 'yes' is none of 0, 1, false and true.")]
    [InlineData("TRUE", "", "column 13 ('Bool'): property Bool: the cell is empty, and a value is needed.")]
    [InlineData("Green", "green", "column 15 ('Colour'): property Colour: 'green' is no member; there are 'Red', 'Green', 'Blue'.")]
    [InlineData("Green", "", "column 15 ('Colour'): property Colour: the cell is empty, and a value is needed.")]
    [InlineData("\"a \"\"b\"\",\nc\"", "", "column 17 ('Text'): property Text: the cell is empty, and a value is needed.")]
    [InlineData("2024-02-29,", "29.02.2024,", "column 19 ('Date'): property Date: '29.02.2024' is no DateOnly in the form of ISO 8601, such as 2026-03-01.")]
    [InlineData("2024-02-29,", "2024-02-29 10:00:00,", "column 19 ('Date'): property Date: '2024-02-29 10:00:00' is no DateOnly in the form of ISO 8601, such as 2026-03-01.")]
    [InlineData("2024-02-29,", "2023-02-29,", "column 19 ('Date'): property Date: '2023-02-29' is no DateOnly in the form of ISO 8601, such as 2026-03-01.")]
    [InlineData("23:59:59.5", "11 PM", "column 20 ('Time'): property Time: '11 PM' is no TimeOnly in the form of ISO 8601, such as 17:30:00.")]
    [InlineData("2024-02-29 12:30:00", "2024-02-29T12:30:00+02:00", "column 21 ('At'): property At: '2024-02-29T12:30:00+02:00' has an offset from UTC, which a DateTime cannot keep; a DateTimeOffset can.")]
    public void ACellThatDoesNotFit_IsRefused_WithItsPlaceAndProperty(string cell, string other, string message)
    {
        int at = Full.IndexOf(cell, StringComparison.Ordinal);
        string row = $"{Full[..at]}{other}{Full[(at + cell.Length)..]}";
        Write(Header, Sparse, row);
        Exception refused = Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(_path).Count());
        int line = at > Full.IndexOf('\n') ? row.Contains('\n') ? 4 : 3 : 3;
        Assert.Equal($"{_path}, line {line}, {message}", refused.Message);
    }

    [Fact]
    public void WhatTheEncoderRefuses_HasItsPlaceInTheFile()
    {
        Write(Header, Sparse, Sparse.Replace(",-0.25", ",NaN", StringComparison.Ordinal));
        CellsNet net = new(seed: 1);
        string expected = $"{_path}, line 3, column 23 ('the price, €'): property Price: it is missing.";
        Assert.Equal(expected, Assert.Throws<InvalidDataException>(() => net.Fit(CellsNet.ReadRows(_path))).Message);
        net.Fit([FullRow, SparseRow]);
        Assert.Equal(expected, Assert.Throws<InvalidDataException>(() => net.ReadCsv(_path)).Message);
        Assert.Equal(expected, Assert.Throws<InvalidDataException>(() => net.Train(CellsNet.ReadRows(_path))).Message);
    }

    [Fact]
    public void MissingAndExtraColumns_AreRefused()
    {
        Write(Header.Replace("Byte,SByte", "SByte", StringComparison.Ordinal), Sparse[2..]);
        string message = Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(_path).Count()).Message;
        Assert.StartsWith($"{_path}: there is no column 'Byte', which property Byte needs. There are 'SByte', 'Short', ", message);

        Write(Header + ",Cabin", Sparse + ",C85");
        message = Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(_path).Count()).Message;
        Assert.StartsWith($"{_path}, column 24 ('Cabin'): Cells has no property for it. Those of its properties have the columns ", message);

        Write(Header + ",Byte", Sparse + ",1");
        Assert.Equal($"{_path}: 2 columns are called 'Byte'.", Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(_path).Count()).Message);

        Write("Note," + Header, "5," + Sparse, "," + Sparse);
        Assert.Equal([SparseRow with { Note = 5 }, SparseRow], CellsNet.ReadRows(_path));
    }

    [Theory]
    [InlineData(';', "semicolons")]
    [InlineData('\t', "tabs")]
    public void CellsBetweenOtherThanCommas_AreRefusedWithTheReason(char delimiter, string name)
    {
        Write($"Byte{delimiter}Int", $"1{delimiter}2");
        Assert.Equal(
            $"{_path}: cells seem to be separated by {name}; records are read from cells between commas, with points in numbers. Write the file so.",
            Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(_path).Count()).Message);
    }

    [Fact]
    public void WholeNumbersWithAPoint_AreWhole()
    {
        Write(Header, "3.0,,4.,,-5.00,6.0,7.0" + Sparse["0,,0,,0,,0".Length..]);
        Cells row = Assert.Single(CellsNet.ReadRows(_path));
        Assert.Equal((3, 4, -5, 6u, 7L), (row.Byte, row.Short, row.Int, row.UInt!.Value, row.Long));
    }

    [Theory]
    [InlineData("1e2,,1E+3,,-2.5e1,4e0,9.223372036854775e18,,0,,0,-1.5e-05,0,", -0.000015)]
    [InlineData("100,,1000.000,,-25,4,9223372036854775000,,0,,0,1E2,0,", 100)]
    public void NumbersWithAnExponent_AreRead_WhereTheirTypeHoldsThem(string numbers, double expected)
    {
        Write(Header, numbers + Sparse[(Sparse.IndexOf("Red", StringComparison.Ordinal) - 1)..]);
        Cells row = Assert.Single(CellsNet.ReadRows(_path));
        Assert.Equal((100, 1000, -25, 4u, 9223372036854775000L), (row.Byte, row.Short, row.Int, row.UInt!.Value, row.Long));
        Assert.Equal((decimal)expected, row.Decimal);
    }

    [Theory]
    [InlineData("1e3")]
    [InlineData("1e-1")]
    [InlineData("5.5")]
    [InlineData("1e400")]
    [InlineData("-1")]
    public void ANumberThatItsTypeDoesNotHold_IsRefused(string cell)
    {
        Write(Header, cell + Sparse[1..]);
        string message = Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(_path).Count()).Message;
        Assert.Contains($"'{cell}' is a number that no Byte holds", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADatabase_GivesRecords()
    {
        using SqliteConnection database = new("Data Source=:memory:");
        database.Open();
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = """
            create table cells (Byte integer, SByte integer, Short integer, UShort integer, Int integer, UInt integer, Long integer, ULong text, Half real, Float real,
                Double real, Decimal text, Bool integer, Maybe integer, Colour text, Shade text, Text text, Other text, Date text, Time text, At text, Since text, Price real);
            insert into cells values (255, -128, -32768, 65535, -2147483648, 4294967295, 9223372036854775807, '18446744073709551615', 0.5, -1500, 1e100,
                '79228162514264337593543950335', 1, 0, 'Green', 'Blue', $text, 'd', '2024-02-29', '23:59:59.5', '2024-02-29 12:30:00', '2024-02-29 12:30:00+02:00', 7);
            insert into cells values (0, null, 0, null, 0, null, 0, null, 0, null, 0, null, 1, null, 'Red', null, 'x', null, '2024-02-29', null, '2024-02-29', '2024-02-29T12:30:00Z', -0.25);
            """;
        command.Parameters.AddWithValue("$text", FullRow.Text);
        command.ExecuteNonQuery();
        command.CommandText = """select *, Price as "the price, €" from cells""";
        Assert.Contains("column 23 ('Price'): Cells has no property for it", Refusal(command));

        command.CommandText = $"select {string.Join(", ", Header.Split(',')[..22])}, Price as \"the price, €\" from cells";
        using (DbDataReader reader = command.ExecuteReader())
        {
            IEnumerable<Cells> rows = CellsNet.ReadRows(reader);
            Assert.Equal([FullRow, SparseRow], rows);
            Assert.Contains("once", Assert.Throws<InvalidOperationException>(() => rows.Count()).Message);
        }

        command.CommandText = command.CommandText.Replace("select Byte", "select Byte + 1 as Byte", StringComparison.Ordinal);
        Assert.Equal("The database reader, row 1, column 1 ('Byte'): property Byte: '256' is a number that no Byte holds.", Refusal(command));
        command.CommandText = command.CommandText.Replace("Byte + 1 as Byte", "0.5 as Byte", StringComparison.Ordinal);
        Assert.Equal("The database reader, row 1, column 1 ('Byte'): property Byte: '0.5' is a number that no Byte holds.", Refusal(command));
        command.CommandText = command.CommandText.Replace("0.5 as Byte", "x'00' as Byte", StringComparison.Ordinal);
        Assert.Equal("The database reader, row 1, column 1 ('Byte'): a Byte[] cannot be read.", Refusal(command));
        command.CommandText = command.CommandText.Replace("x'00' as Byte", "null as Byte", StringComparison.Ordinal);
        Assert.Equal("The database reader, row 1, column 1 ('Byte'): property Byte: the cell is empty, and a value is needed.", Refusal(command));
    }

    [Fact]
    public void ADatabaseOfManyTypes_GivesRecords()
    {
        using Culture here = new("fa");
        DataTable table = new();
        foreach ((string name, Type type) in new (string, Type)[]
        {
            ("Byte", typeof(byte)), ("SByte", typeof(int)), ("Short", typeof(short)), ("UShort", typeof(decimal)), ("Int", typeof(int)), ("UInt", typeof(long)),
            ("Long", typeof(long)), ("ULong", typeof(ulong)), ("Half", typeof(float)), ("Float", typeof(float)), ("Double", typeof(double)), ("Decimal", typeof(decimal)),
            ("Bool", typeof(bool)), ("Maybe", typeof(bool)), ("Colour", typeof(string)), ("Shade", typeof(string)), ("Text", typeof(string)), ("Other", typeof(char)),
            ("Date", typeof(DateTime)), ("Time", typeof(TimeSpan)), ("At", typeof(DateTime)), ("Since", typeof(DateTimeOffset)), ("the price, €", typeof(decimal)),
        })
        {
            table.Columns.Add(name, type);
        }

        table.Rows.Add(
            (byte)255, -128, short.MinValue, 65535m, int.MinValue, 4294967295L, long.MaxValue, ulong.MaxValue, 0.5f, -1500f, 1e100, decimal.MaxValue, true, false, "Green", "Blue",
            FullRow.Text, 'd', new DateTime(2024, 2, 29), new TimeSpan(0, 23, 59, 59, 500), FullRow.At, FullRow.Since, 7m);
        using DataTableReader reader = table.CreateDataReader();
        Assert.Equal([FullRow], CellsNet.ReadRows(reader));
        Assert.False(reader.IsClosed);
    }

    private static string Refusal(DbCommand command)
    {
        using DbDataReader reader = command.ExecuteReader();
        return Assert.Throws<InvalidDataException>(() => CellsNet.ReadRows(reader).Count()).Message;
    }

    private void Write(params string[] lines) => File.WriteAllText(_path, string.Join('\n', lines) + "\n");
}
