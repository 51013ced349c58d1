namespace Mlp.Hosting;

/// <summary>Where the network that an application serves comes from.</summary>
/// <typeparam name="TNet">The network.</typeparam>
public sealed class NetworkOptions<TNet> where TNet : class, INetwork<TNet>
{
    /// <summary>The network's file, as <c>Save</c> writes it; relative to the present directory at start.</summary>
    public string Path { get; set; } = "";

    /// <summary>Whether a file that changes is loaded anew. One that cannot be loaded is logged, and what was served is served on.</summary>
    public bool ReloadOnChange { get; set; }

    /// <summary>
    /// How often the file is looked at, from 10 ms to a day; 1 s unless set. A change is loaded once it is seen twice in a row, so that a file which is being
    /// written is left alone. Links are followed, so that volumes which swap a link are seen to change.
    /// </summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Makes the network that is served where there is no file at start; null, as by default, where that is an error.</summary>
    public Func<TNet>? Initial { get; set; }
}
