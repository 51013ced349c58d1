using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Generator.Tests.Infrastructure;

/// <summary>A project in which one property is set that the compiler sees: <c>build_property.MlpGenPlain</c>.</summary>
internal sealed class ProjectOptions(string name, string value) : AnalyzerConfigOptionsProvider
{
    /// <summary>A project whose kernels are scalar loops.</summary>
    public static ProjectOptions Plain { get; } = new("build_property.MlpGenPlain", "true");

    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(name, value);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Options(string name, string value) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? found)
        {
            found = key == name ? value : null;
            return found is not null;
        }
    }
}
