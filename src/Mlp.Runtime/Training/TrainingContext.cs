namespace Mlp;

/// <summary>A training run as its callbacks see it.</summary>
public sealed class TrainingContext
{
    private readonly RunState _run;

    internal TrainingContext(CompilerServices.INetwork network, RunState run)
    {
        Network = network;
        _run = run;
    }

    /// <summary>
    /// The network that is trained, an object of the generated class: <c>(CircleNet)context.Network</c>. It may predict, evaluate and be saved; calls that
    /// would change it throw <see cref="InvalidOperationException"/>.
    /// </summary>
    public CompilerServices.INetwork Network { get; }

    /// <summary>The epochs so far. The same object all the time, which grows; why the run ended is in it from <see cref="TrainingCallback.OnEnd"/> on.</summary>
    public TrainingHistory History => _run.History;

    /// <summary>
    /// Ends the run after the present step, or without any if it has not begun. An epoch that ends early is validated and reported like others. The
    /// first call counts; in <see cref="TrainingCallback.OnEnd"/> none does.
    /// </summary>
    /// <param name="message">Why, for <see cref="TrainingHistory.StopMessage"/>.</param>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    public void Stop(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _run.Stop(StopReason.Callback, message);
    }
}
