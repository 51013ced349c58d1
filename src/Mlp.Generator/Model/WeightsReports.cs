using Mlp.Build;

namespace Mlp.Generator.Model;

/// <summary>What the build has found out about all files of weights of a project.</summary>
/// <param name="Reports">One for each item.</param>
internal sealed record WeightsReports(EquatableArray<WeightsReport> Reports);
