using System.Globalization;
using System.Text;

namespace Mlp.Runtime.Tests.Data;

public class CsvDataTests
{
    [Fact]
    public void Targets_AreReadByName()
    {
        Dataset data = Targets("a,price,b\n1,2.5,-3e2\n4,5,.5\n", "price");

        Assert.Equal(2, data.InputSize);
        Assert.Equal(1, data.TargetSize);
        Assert.Equal([1, -300, 4, 0.5f], data.Inputs);
        Assert.Equal([2.5f, 5], data.Targets);
        Assert.Equal(["a", "b"], data.InputNames);
        Assert.Null(data.ClassNames);
    }

    [Fact]
    public void Features_AreTakenInTheOrderGiven()
    {
        Dataset data = CsvData.ReadTargets(new StringReader("a,b,c,d\n1,2,3,text\n"), "b", features: ["c", "a"]);
        Assert.Equal([3, 1], data.Inputs);
        Assert.Equal(["c", "a"], data.InputNames);
    }

    [Fact]
    public void WithoutHeader_ColumnsAreNumberedFromOne()
    {
        Dataset data = CsvData.ReadTargets(new StringReader("1,2,3\n4,5,6\n"), "3", hasHeader: false);
        Assert.Equal([1, 2, 4, 5], data.Inputs);
        Assert.Equal([3, 6], data.Targets);
        Assert.Equal(["1", "2"], data.InputNames);
    }

    [Fact]
    public void TextLabels_CountInOrdinalOrder()
    {
        Dataset data = Labels("x,c\n1,b\n2,ä\n3,Z\n4,b\n", "c");
        Assert.Equal(["Z", "b", "ä"], data.ClassNames);
        Assert.Equal([1, 2, 0, 1], data.Labels);
        Assert.Equal(3, data.ClassCount);
    }

    [Fact]
    public void IntegerLabels_CountInNumericOrder()
    {
        Dataset data = Labels("x,c\n1,10\n2,9\n3,-1\n4,09\n", "c");
        Assert.Equal(["-1", "9", "10"], data.ClassNames);
        Assert.Equal([2, 1, 0, 1], data.Labels);
    }

    [Fact]
    public void LabelsThatAreNotAllIntegers_AreText() =>
        Assert.Equal(["10", "9", "9.5"], Labels("x,c\n1,10\n2,9\n3,9.5\n", "c").ClassNames);

    [Fact]
    public void QuotesBlanksAndEmptyLines_AreUnderstood()
    {
        Dataset data = Labels("\"x, y\" , c\r\n\r\n\"1\" ,\"a \"\"b\"\"\r\nc\"\r\n 2 , d e \r\n\r\n", "c");
        Assert.Equal(["x, y"], data.InputNames);
        Assert.Equal([1, 2], data.Inputs);
        Assert.Equal(["a \"b\"\r\nc", "d e"], data.ClassNames);
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData(' ')]
    public void Delimiter_CanBeChosen(char delimiter)
    {
        string text = "a,b\n1,2\n".Replace(',', delimiter);
        Assert.Equal([2], CsvData.ReadTargets(new StringReader(text), "b", delimiter: delimiter).Targets);
    }

    [Fact]
    public void Numbers_DoNotFollowTheCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            odd.NumberFormat.NumberDecimalSeparator = ",";
            odd.NumberFormat.NegativeSign = "~";
            odd.TextInfo.ListSeparator = ";";
            CultureInfo.CurrentCulture = odd;
            Assert.Equal([-1.5f], Targets("a,b\n1,-1.5\n", "b").Targets);
            Assert.Equal(["-2", "1"], Labels("a,b\n1,1\n1,-2\n", "b").ClassNames);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void File_MayBeginWithAByteOrderMark()
    {
        using TemporaryFile file = new([.. Encoding.UTF8.Preamble, .. "größe,y\n1,2\n"u8]);
        Assert.Equal(["größe"], CsvData.LoadTargets(file.Path, target: "y").InputNames);
    }

    [Theory]
    [InlineData("x,y\n1,2\nabc,3\n", "line 3, column 1 ('x'): 'abc' is not a number.")]
    [InlineData("x,y\r\n1,2\r\n\r\n3,4 5\r\n", "line 4, column 2 ('y'): '4 5' is not a number.")]
    [InlineData("x,y\n1,\n", "line 2, column 2 ('y'): the cell is empty.")]
    [InlineData("x,y\n\" \",1\n", "line 2, column 1 ('x'): ' ' is not a number.")]
    [InlineData("x,y\nNaN,1\n", "line 2, column 1 ('x'): 'NaN' is not a finite number.")]
    [InlineData("x,y\n1,-Infinity\n", "line 2, column 2 ('y'): '-Infinity' is not a finite number.")]
    [InlineData("x,y\n1e39,1\n", "line 2, column 1 ('x'): '1e39' is not a finite number.")]
    [InlineData("x,y\n\"1,5\",1\n", "line 2, column 1 ('x'): '1,5' is not a number.")]
    [InlineData("x,y\n0x1,1\n", "line 2, column 1 ('x'): '0x1' is not a number.")]
    [InlineData("x,y\n1\0,1\n", "line 2, column 1 ('x'): '1\\u0000' is not a number.")]
    [InlineData("x,y\n\0,1\n", "line 2, column 1 ('x'): '\\u0000' is not a number.")]
    [InlineData("x,y\n1,\"2\0\0 \"\n", "line 2, column 2 ('y'): '2\\u0000\\u0000 ' is not a number.")]
    [InlineData("x,y\n1,\"2\n\"\n", "line 2, column 2 ('y'): '2\\u000A' is not a number.")]
    [InlineData("x,y\n\v1,2\n", "line 2, column 1 ('x'): '\\u000B1' is not a number.")]
    [InlineData("x,y\n1\u202e,2\n", "line 2, column 1 ('x'): '1\\u202E' is not a number.")]
    [InlineData("x,y\n1,2\n3\n", "line 3: 1 cells where there are 2 columns.")]
    [InlineData("x,y\n1,2,3\n", "line 2: 3 cells where there are 2 columns.")]
    [InlineData("x,y\n1,2\n3,\"4\n5,6\n", "line 3: the row has a quote that is not closed.")]
    [InlineData("x,y\n1,2\n\"3\"3,4\n", "line 3: the row has text after a closing quote.")]
    [InlineData("x,y\n\"1\",2\n\n3,4\"4\n", "line 4: the row has a quote inside an unquoted cell.")]
    [InlineData("x,\"y\n", "line 1: the row has a quote that is not closed.")]
    [InlineData("", ": the file is empty.")]
    [InlineData("\n\n", ": the file is empty.")]
    [InlineData("x,y\n", ": there are no rows below the header.")]
    [InlineData("x,z\n1,2\n", ": there is no column 'y'. There are 'x', 'z'.")]
    [InlineData("x;y\n1;2\n", ": there is no column 'y'. There are 'x;y'. Its cells seem to be separated by semicolons: give them as delimiter.")]
    [InlineData("x\ty\n1\t2\n", "'x\\u0009y'. Its cells seem to be separated by tabs: give them as delimiter.")]
    [InlineData("x,y,x\n1,2,3\n", ": 2 columns are called 'x'.")]
    [InlineData("y\n1\n", ": there is no column besides the target 'y'.")]
    public void WhatIsWrong_IsReportedWithItsPlace(string text, string message)
    {
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(text));
        var error = Assert.Throws<InvalidDataException>(() => CsvData.LoadTargets(file.Path, "y"));
        Assert.StartsWith(file.Path, error.Message);
        Assert.EndsWith(message, error.Message);
    }

    [Theory]
    [InlineData(",a,y\n0,5,1\n1,6,2\n", "column 1 has no name")]
    [InlineData("a,,y\n5,0,1\n", "column 2 has no name")]
    [InlineData("\"\",a,y\n\"1\",5,1\n", "column 1 has no name")]
    [InlineData("\" \",a,y\n0,5,1\n", "column 1 has no name but ' '")]
    [InlineData(",,a,y\n0,0,5,1\n", "column 1 has no name")]
    [InlineData("Unnamed: 0,a,y\n0,5,1\n", "column 1 has no name but 'Unnamed: 0'")]
    public void AColumnWithoutAName_IsRefusedWithTheWayOn_UnlessInputsAreChosen(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Targets(text, "y"));
        Assert.Contains(message, error.Message);
        Assert.Contains("to_csv(index=False)", error.Message);
        Assert.Contains("features", error.Message);
        Assert.Throws<InvalidDataException>(() => Labels(text, "y"));
        Assert.Throws<InvalidDataException>(() => CsvData.Read(new StringReader(text)));

        Dataset data = CsvData.ReadTargets(new StringReader(text), "y", ["a"]);
        Assert.Equal(5, data.Inputs[0]);
        Assert.Equal(data.Inputs, CsvData.ReadTargets(new StringReader(text), "y", like: data).Inputs);
    }

    [Fact]
    public void AColumnWithoutAName_MayBeChosenByTheNameOfPandas_AndHoldsWeightsOrTargetByNoName()
    {
        Assert.Equal([7f, 5], CsvData.ReadTargets(new StringReader("Unnamed: 0,a,y\n7,5,1\n"), "y", ["Unnamed: 0", "a"]).Inputs);
        Assert.Contains("no column ''", Assert.Throws<InvalidDataException>(() => Targets(",a\n0,5\n", "")).Message);
    }

    [Fact]
    public void Messages_QuoteNoMoreThanTwoHundredCharacters()
    {
        string longText = new('\u0001', 100_000);
        string[] texts = [$"x,y\n{longText},1\n", $"{longText},y\na,1\n", $"{longText},{longText},y\n1,2,3\n", $"{longText},z\n1,2\n"];
        foreach (string text in texts)
            Assert.InRange(Assert.Throws<InvalidDataException>(() => Targets(text, "y")).Message.Length, 1, 700);

        string header = string.Join(',', Enumerable.Range(0, 40_000).Select(i => $"c{i}"));
        Assert.InRange(Assert.Throws<InvalidDataException>(() => Targets(header + "\n", "y")).Message.Length, 1, 400);

        string[] classes = [.. Enumerable.Range(0, 40_000).Select(i => $"class {i}")];
        var error = Assert.Throws<InvalidDataException>(() => CsvData.ReadLabels(new StringReader($"x,y\n1,{longText}\n"), "y", classes: classes));
        Assert.InRange(error.Message.Length, 1, 700);
    }

    [Fact]
    public void FortyThousandFeatures_AreFound()
    {
        string[] names = [.. Enumerable.Range(0, 40_000).Select(i => $"c{i}")];
        string text = $"{string.Join(',', names)},y\n{string.Join(',', Enumerable.Range(0, 40_001))}\n";
        string[] features = [.. names.Reverse()];
        Dataset data = CsvData.ReadTargets(new StringReader(text), "y", features);
        Assert.Equal((40_000, 39_999f), (data.InputSize, data.Inputs[0]));
        features[^1] = features[0];
        Assert.Contains("'c39999' is named 2 times", Assert.Throws<ArgumentException>("features", () => CsvData.ReadTargets(new StringReader(text), "y", features)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFile_IsLoadedIntoLittleMoreMemoryThanItsData(bool asLabels)
    {
        StringBuilder text = new("a,b,\"c\n d\",y\r\n");
        for (int row = 0; row < 200_000; row++)
            text.Append(CultureInfo.InvariantCulture, $"{row % 10},0.5,\"{row % 7}.25\",{row % 3}\r\n");
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(text.ToString()));
        Load();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Dataset data = Load();
        long size = 4L * (data.Inputs.Length + data.Targets.Length + data.Labels.Length);
        Assert.Equal((200_000, 3_200_000), (data.Count, size));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, size, size + (4 << 20));

        Dataset Load() => asLabels ? CsvData.LoadLabels(file.Path, "y") : CsvData.LoadTargets(file.Path, "y");
    }

    [Fact]
    public void FilesWhoseRowsAreMiscounted_AreReadAllTheSame()
    {
        // Lines of blanks are no rows; a misplaced quote is an error; cells hold line ends.
        string lines = string.Concat(Enumerable.Range(0, 5000).Select(row => $"{row},\"a\n\"\"\r\n{row % 2}\"\n \n\n"));
        using TemporaryFile file = new(Encoding.UTF8.GetBytes("x,c\n" + lines));
        Dataset data = CsvData.LoadLabels(file.Path, "c");
        Assert.Equal((5000, 2, 4999f), (data.Count, data.ClassCount, data.Inputs[^1]));
        Assert.Equal(data.Inputs, CsvData.ReadLabels(new StringReader("x,c\n" + lines), "c").Inputs);
    }

    [Fact]
    public void ManyRowsAndManyColumns_DoNotTakeMemoryBeforeTheyAreRead()
    {
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(
            string.Join(',', Enumerable.Range(0, 100_000)) + "\n" + string.Concat(Enumerable.Repeat("1\n", 1_000_000))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("line 2: 1 cells", Assert.Throws<InvalidDataException>(() => CsvData.Load(file.Path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void EveryKindOfLineEnd_EndsARow(string end)
    {
        string text = $"x,y{end}{end}1,2{end}\"3\",4{end}5,";
        Assert.Equal([1, 3, 5], Targets(text + "6", "y").Inputs);
        Assert.Contains("line 5, column 2", Assert.Throws<InvalidDataException>(() => Targets(text, "y")).Message);
    }

    [Fact]
    public void LongRows_AreReadWhole()
    {
        string name = string.Concat(Enumerable.Repeat("a \"\"b\"\"\r\nc, ", 20_000));
        Dataset data = Labels($"x,c\n1,\"{name}\"\n2,d\n", "c");
        Assert.Equal([name.Replace("\"\"", "\""), "d"], data.ClassNames);

        var error = Assert.Throws<InvalidDataException>(() => Labels($"c,x\n\"{name}\",one\n", "c"));
        Assert.Contains("line 20002, column 2 ('x'): 'one' is not a number.", error.Message);
    }

    [Fact]
    public void AQuoteThatWouldSwallowAHugeFile_IsReported()
    {
        using TemporaryFile file = new("x,y\n1,2\n\n3,\"4\n"u8.ToArray());
        using (FileStream stream = File.OpenWrite(file.Path))
            stream.SetLength(160 << 20);

        var error = Assert.Throws<InvalidDataException>(() => CsvData.LoadTargets(file.Path, "y"));
        Assert.EndsWith("line 4: the row is longer than 64 MiB; perhaps a quote is not closed.", error.Message);
    }

    [Fact]
    public void Lines_AreTheFilesEvenWhereCellsHoldLineEnds()
    {
        const string Text = "x,\"the\nclass\",z\n1,\"a\nb\",2\n3,\"c\nd\",oops\n";
        var error = Assert.Throws<InvalidDataException>(() => Labels(Text, "the\nclass"));
        Assert.Contains("line 6, column 3 ('z')", error.Message);

        error = Assert.Throws<InvalidDataException>(() => Labels(Text.Replace("3,", ","), "the\nclass"));
        Assert.Contains("line 5, column 1 ('x')", error.Message);
    }

    [Fact]
    public void AnEmptyLabel_IsReported()
    {
        var error = Assert.Throws<InvalidDataException>(() => Labels("x,c\n1,a\n2, \n", "c"));
        Assert.Contains("line 3, column 2 ('c'): the cell is empty.", error.Message);
    }

    [Fact]
    public void UnusedColumns_MayHoldAnything() =>
        Assert.Equal([1], CsvData.ReadTargets(new StringReader("x,note,y\n1,,2\n"), "y", ["x"]).Inputs);

    [Fact]
    public void UnknownFeatures_AreReported()
    {
        var error = Assert.Throws<InvalidDataException>(() => CsvData.ReadTargets(new StringReader("x,y\n1,2\n"), "y", ["q"]));
        Assert.Contains("no column 'q'", error.Message);
    }

    [Fact]
    public void WrongArguments_Throw()
    {
        Assert.Throws<ArgumentException>("features", () => Read([]));
        Assert.Throws<ArgumentException>("features", () => Read(["x", "y"]));
        Assert.Throws<ArgumentException>("features", () => Read(["x", "x"]));
        Assert.Throws<ArgumentException>("delimiter", () => Read(["x"], '"'));
        Assert.Throws<ArgumentException>("delimiter", () => Read(["x"], '\n'));
        Assert.Throws<ArgumentException>("delimiter", () => Read(["x"], '§'));
        Assert.Throws<ArgumentException>("delimiter", () => Read(["x"], '\0'));
        Assert.Throws<ArgumentException>("delimiter", () => Read(["x"], '\u007f'));
        Assert.Throws<ArgumentNullException>("target", () => Targets("x,y\n1,2\n", null!));
        Assert.Throws<ArgumentNullException>("reader", () => CsvData.ReadTargets(null!, "y"));
        Assert.Throws<ArgumentNullException>("path", () => CsvData.LoadTargets(null!, "y"));
        Assert.Throws<FileNotFoundException>(() => CsvData.LoadLabels("no such file.csv", "y"));

        static void Read(string[] features, char delimiter = ',') =>
            CsvData.ReadTargets(new StringReader("x,y\n1,2\n"), "y", features, delimiter: delimiter);
    }

    [SharedFact]
    public void RealFiles_Load()
    {
        Dataset iris = CsvData.LoadLabels(SharedFiles.PathOf("data", "iris.csv"), target: "class");
        Assert.Equal((150, 4, 3), (iris.Count, iris.InputSize, iris.ClassCount));
        Assert.Equal(["setosa", "versicolor", "virginica"], iris.ClassNames);
        Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f], iris.Inputs[..4]);

        Dataset digits = CsvData.LoadLabels(SharedFiles.PathOf("data", "digits.csv"), target: "digit");
        Assert.Equal((1797, 64, 10), (digits.Count, digits.InputSize, digits.ClassCount));
        Assert.Equal([0, 1, 2, 3], digits.Labels[..4]);

        Dataset diabetes = CsvData.LoadTargets(SharedFiles.PathOf("data", "diabetes.csv"), target: "progression");
        Assert.Equal((442, 10, 1), (diabetes.Count, diabetes.InputSize, diabetes.TargetSize));
        Assert.Equal([151f, 75], diabetes.Targets[..2]);
    }

    private static Dataset Targets(string text, string target) => CsvData.ReadTargets(new StringReader(text), target);

    private static Dataset Labels(string text, string target) => CsvData.ReadLabels(new StringReader(text), target);
}
