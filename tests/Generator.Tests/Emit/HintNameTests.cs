using System.Text;

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

        Assert.StartsWith("My.Net--", lower);
        Assert.NotEqual(upper, lower, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Any name, however long, becomes a valid file name, different from that of any other class.</summary>
    [Fact]
    public void LongNames_AreCutAndDiffer()
    {
        string[] stages = ["", "Forward", "Backward"];
        string[] names =
        [
            .. ((int[])[1, 50, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 120, 255, 1000]).SelectMany(static length =>
                (string[])[new string('n', length), "My.Outer+" + new string('Я', length), new string('\u4e00', length), new string('\u0301', length), $"{new string('n', length)}2"]),
        ];
        string[] hints = [.. names.SelectMany(name => stages.Select(stage => HintName.Of(Model(name), stage)))];

        Assert.Equal(hints.Length, hints.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(hints, static hint => Assert.InRange(Encoding.UTF8.GetByteCount(hint), 1, 120));
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
