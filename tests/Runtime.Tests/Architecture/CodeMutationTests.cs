using CodeMutations;
using Generator.Tests.Infrastructure;

namespace Mlp.Runtime.Tests.Architecture;

/// <summary>The list of mutations follows the sources: <c>tests/CodeMutations</c> itself takes too long to run with other tests.</summary>
public class CodeMutationTests
{
    [Fact]
    public void TheTextOfEachMutation_OccursInItsFileOnce() =>
        Assert.Empty(CodeMutationList.All.Select(static mutation => mutation.ProblemIn(Repository.Root)).OfType<string>());
}
