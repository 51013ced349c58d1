namespace Generator.Tests.Parsing;

public class MemberNamesTests
{
    public static TheoryData<string> EnumNames =>
    [
        .. Enum.GetNames<Activation>(), .. Enum.GetNames<LossFunction>(),
        nameof(Activation), nameof(LossFunction), nameof(Initializer), nameof(Normalization),
    ];

    public static TheoryData<string> ObjectMembers =>
        [.. typeof(object).GetMembers().Select(static member => member.Name).Where(CSharpName.IsIdentifier).Distinct()];

    [Theory]
    [MemberData(nameof(EnumNames))]
    [MemberData(nameof(ObjectMembers))]
    [InlineData(MemberNames.TrainStep)]
    [InlineData(MemberNames.InputGradients)]
    [InlineData(MemberNames.NetworkField)]
    [InlineData(MemberNames.KernelsType)]
    [InlineData("Net")]
    public void Reserved_HasAReason(string name) => Assert.NotNull(MemberNames.WhyReserved(name, "Net"));

    [Theory]
    [InlineData("Hidden")]
    [InlineData("class")]
    [InlineData("predict")]
    public void Others_AreFree(string name) => Assert.Null(MemberNames.WhyReserved(name, "Net"));

    [Theory]
    [InlineData("class", "@class")]
    [InlineData("record", "@record")]
    [InlineData("extension", "@extension")]
    [InlineData("Net", "Net")]
    public void Keywords_AreEscaped(string name, string code) => Assert.Equal(code, CSharpName.Escape(name));
}
