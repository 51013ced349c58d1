namespace Mlp.Generator;

/// <summary>Names of the pipeline's steps, for tests of what an edit makes run again.</summary>
internal static class TrackingNames
{
    public const string Model = nameof(Model);
}
