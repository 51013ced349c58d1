namespace Generator.Tests.Emit;

public class SourceWriterTests
{
    [Fact]
    public void Lines_AreIndentedByTheirBlocks_AndEndWithLineFeeds()
    {
        SourceWriter w = new();
        using (w.Block("class A"))
        {
            w.Lines("int a;\r\nint b;");
            using (w.Block("void M()"))
            {
                w.Lines("return;");
            }
        }

        Assert.Equal("class A\n{\n    int a;\n    int b;\n    void M()\n    {\n        return;\n    }\n}\n", w.ToString());
    }

    [Fact]
    public void EmptyLines_HaveNoIndentation()
    {
        SourceWriter w = new();
        using (w.Block("A"))
        {
            w.Lines("a\n\nb");
            w.Line();
            w.Lines("c");
        }

        Assert.Equal("A\n{\n    a\n\n    b\n\n    c\n}\n", w.ToString());
    }

    [Fact]
    public void BlockWithoutAHeader_HasBracesAlone()
    {
        SourceWriter w = new();
        using (w.Block(""))
        {
            w.Lines("a");
        }

        Assert.Equal("{\n    a\n}\n", w.ToString());
    }

    [Fact]
    public void ClosedBlock_IsFollowedByOneEmptyLine_UnlessItIsTheLastOrHasAnElse()
    {
        SourceWriter w = new();
        using (w.Block("outer"))
        {
            using (w.Block("if (a)"))
            {
            }

            using (w.Block("else"))
            {
            }

            w.Lines("b");
            using (w.Block("c"))
            {
            }

            w.Line();
            w.Lines("d");
            using (w.Block("e"))
            {
            }
        }

        Assert.Equal(
            "outer\n{\n    if (a)\n    {\n    }\n    else\n    {\n    }\n\n    b\n    c\n    {\n    }\n\n    d\n    e\n    {\n    }\n}\n",
            w.ToString());
    }
}
