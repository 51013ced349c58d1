namespace Generator.Tests.Emit;

public class HintNameTests
{
    [Theory]
    [InlineData("Net", "", "Net.g.cs")]
    [InlineData("My.App.Outer+Net", "Backward", "My.App.Outer+Net.Backward.g.cs")]
    [InlineData("Häuser.Größe", "", "Häuser.Größe.g.cs")]
    [InlineData("Outer`1+e\u0301", "Forward", "Outer-00601+e-0301.Forward.g.cs")]
    public void Name_IsTheMetadataName(string metadataName, string stage, string expected) =>
        Assert.Equal(expected, HintName.Of(Model(metadataName), stage));

    [Fact]
    public void Twins_DifferByMoreThanCase()
    {
        string upper = HintName.Of(Model("My.NET") with { HasNameTwin = true });
        string lower = HintName.Of(Model("My.Net") with { HasNameTwin = true });

        Assert.Equal("My.Net-3e13603a.g.cs", lower);
        Assert.NotEqual(upper, lower, StringComparer.OrdinalIgnoreCase);
    }

    private static NetworkModel Model(string metadataName) => new()
    {
        Namespace = "",
        ContainingTypes = default,
        ClassName = "Net",
        MetadataName = metadataName,
        InputSize = 1,
        Standardize = false,
        Layers = default,
        Loss = null,
        Fault = null,
    };
}
