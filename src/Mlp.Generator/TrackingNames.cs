namespace Mlp.Generator;

/// <summary>Names of the pipeline's steps, for tests of what an edit makes run again.</summary>
internal static class TrackingNames
{
    /// <summary>Finding declarations by their syntax.</summary>
    public const string Declarations = nameof(Declarations);

    /// <summary>Reading a declaration: its model and its problems.</summary>
    public const string Parse = nameof(Parse);

    /// <summary>The models that are written.</summary>
    public const string Model = nameof(Model);
}
