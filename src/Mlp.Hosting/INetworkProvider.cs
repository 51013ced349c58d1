namespace Mlp.Hosting;

/// <summary>The network that an application serves. Registered by <c>services.AddNetwork</c>.</summary>
/// <typeparam name="TNet">The network.</typeparam>
/// <remarks>
/// <code>
/// app.MapPost("/predict", float (Passenger row, INetworkProvider&lt;SurvivalNet&gt; networks) =&gt; networks.Current.Predict(row));
/// </code>
/// All members may be called by any number of threads at once.
/// </remarks>
public interface INetworkProvider<TNet> where TNet : class, INetwork<TNet>
{
    /// <summary>
    /// The network to predict with: whole, and read-only. Members that would change it, and views, which could, throw
    /// <see cref="InvalidOperationException"/>; its <c>Clone</c> can be trained. Take it once for all rows that belong together; reading it waits for nothing.
    /// </summary>
    TNet Current { get; }

    /// <summary>
    /// Serves a copy of a network from now on; predictions that run end with the one they began with. Training the network further changes nothing that is
    /// served. With <see cref="NetworkOptions{TNet}.ReloadOnChange"/>, the next change of the file takes its place.
    /// </summary>
    /// <param name="network">The network to copy. It may predict meanwhile, but not train.</param>
    /// <exception cref="InvalidOperationException">The network is training; what was served is served on.</exception>
    void Publish(TNet network);
}
