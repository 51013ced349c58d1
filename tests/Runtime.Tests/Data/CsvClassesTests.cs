namespace Mlp.Runtime.Tests.Data;

public class CsvClassesTests
{
    [Theory]
    [InlineData("1.0,2.0,10.0,2", "1,2,10", "0,1,2,1")]
    [InlineData("1,1.0,01,+1,1e0,1.,10e-1,0.1e1,2", "1,2", "0,0,0,0,0,0,0,0,1")]
    [InlineData("-0,0,0.0,0e5,-1,-1.0", "-1,0", "1,1,1,1,0,0")]
    [InlineData("1e2,100,20", "20,100", "1,1,0")]
    [InlineData("12345678901234567890,12345678901234567891,12345678901234567890.0", "12345678901234567890,12345678901234567891", "0,1,0")]
    [InlineData("9,9.5,10", "10,9,9.5", "1,2,0")]
    [InlineData("1,1.0,cat,2", "1,2,cat", "0,0,2,1")]
    [InlineData("01,1A,02", "01,02,1A", "0,2,1")]
    [InlineData("1.1,1.10,1.2", "1.1,1.10,1.2", "0,1,2")]
    [InlineData("1e400,1e-400,nan", "1e-400,1e400,nan", "1,0,2")]
    public void WholeNumbers_AreOneClassHoweverTheyAreWritten(string cells, string names, string labels)
    {
        Dataset data = CsvData.ReadLabels(new StringReader("x,c\n" + string.Concat(cells.Split(',').Select(cell => $"1,{cell}\n"))), "c");
        Assert.Equal(names.Split(','), data.ClassNames);
        Assert.Equal(labels.Split(',').Select(int.Parse), data.Labels.ToArray());
    }

    [Fact]
    public void ClassesThatAreGiven_AreFoundHoweverTheyAreWritten()
    {
        Dataset data = CsvData.ReadLabels(new StringReader("x,c\n1,1.0\n1,02\n1,cat\n1,2\n"), "c", classes: ["2.0", "cat", "1"]);
        Assert.Equal([2, 0, 1, 0], data.Labels);
        Assert.Equal(["2.0", "cat", "1"], data.ClassNames);
    }

    [Fact]
    public void ANumberWithNulBehind_IsNotThatNumber() =>
        Assert.Equal(["1", "1\0"], CsvData.ReadLabels(new StringReader("x,c\n1,1\n1,1\0\n"), "c").ClassNames);
}
