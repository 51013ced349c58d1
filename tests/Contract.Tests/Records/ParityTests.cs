using System.Globalization;
using Generator.Tests.Infrastructure;

namespace Contract.Tests.Records;

public enum Colour
{
    Red,
    Green,
    Blue,
}

public sealed record ParityRow
{
    [Numeric] public required double Standard { get; init; }

    [Numeric] public required long Timestamp { get; init; }

    [Numeric] public required float Constant { get; init; }

    [Numeric(Scale = Scale.MinMax)] public required int Range { get; init; }

    [Numeric(Scale = Scale.Robust)] public required double Robust { get; init; }

    [Numeric] public required double? Mean { get; init; }

    [Numeric(Missing = Missing.Median, Indicator = true)] public required double? Median { get; init; }

    [Numeric(Missing = Missing.Zero)] public required double? Zero { get; init; }

    [Numeric(Log = true)] public required double Log { get; init; }

    [Numeric(Log = true, Missing = Missing.Median)] public required double? FilledLog { get; init; }

    [Category] public required Colour Colour { get; init; }

    [Category(Capacity = 6)] public required string? Town { get; init; }

    [Category(Capacity = 4)] public required int Code { get; init; }

    [Target] public required float Target { get; init; }
}

[Input<ParityRow>]
[Dense(1)]
[Loss(MSE)]
public partial class ParityNet;

/// <summary>Columns are encoded as another library does it. <c>columns.py</c> beside this file wrote the rows and what they become.</summary>
public class ParityTests
{
    private static readonly string Rows = Repository.PathOf("tests", "Contract.Tests", "Records", "columns.csv");
    private static readonly string Encoded = Repository.PathOf("tests", "Contract.Tests", "Records", "columns.encoded.csv");

    [Theory]
    [InlineData("")]
    [InlineData("de")]
    [InlineData("fa")]
    [InlineData("tr")]
    public void EachColumn_IsEncodedAsScikitLearnDoesIt(string culture)
    {
        using Culture here = new(culture);
        double[][] expected = [.. File.ReadLines(Encoded).Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
        ParityNet net = new(seed: 1);
        net.Fit(ParityNet.ReadRows(Rows));
        Dataset data = net.ReadCsv(Rows);

        Assert.Equal((expected.Length, expected[0].Length), (data.Count, ParityNet.InputSize));
        for (int row = 0; row < expected.Length; row++)
        {
            for (int input = 0; input < ParityNet.InputSize; input++)
            {
                float found = data.Inputs[(row * ParityNet.InputSize) + input];
                Assert.True(Math.Abs(expected[row][input] - found) < 1e-6, $"Row {row}, {data.InputNames![input]}: {found}, and not {expected[row][input]}.");
            }
        }
    }
}
