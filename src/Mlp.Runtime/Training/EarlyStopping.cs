namespace Mlp;

/// <summary>Ends a run whose validation does not become better any more, and goes back to its best weights. A description: one object serves any number of runs.</summary>
/// <remarks>Prechelt (1998), "Early stopping, but when?", with a patience of whole epochs.</remarks>
public sealed record EarlyStopping
{
    /// <summary>Describes when a run ends early.</summary>
    /// <param name="patience">Epochs in a row without a better one after which the run ends, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is less than 1.</exception>
    public EarlyStopping(int patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Patience = patience;
    }

    /// <summary>Epochs in a row without a better one after which the run ends.</summary>
    public int Patience { get; }

    /// <summary>
    /// What of validation is compared, in the metric's own direction. Default: the loss. It is computed even where the options do not name it. Where it is
    /// undefined, as the AUC of rows of one class is, the run ends with an <see cref="InvalidOperationException"/> after the epoch.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Metric Monitor
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Monitor));
    } = Metric.Loss;

    /// <summary>By how much an epoch must be better than the best before, in the metric's units: finite and at least 0, the default. Equal is not better.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double MinimumDelta
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinimumDelta), value, $"{nameof(MinimumDelta)} must be finite and at least 0.");
    }

    /// <summary>
    /// Whether the network has the parameters and running statistics of the best epoch when the run returns, whatever ended it, to the bit. Default: true. Where
    /// that replaces the weights, the optimizer's state is dropped. A run that is cancelled or fails keeps those of its last step.
    /// </summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>The rules as they are written.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"EarlyStopping({Patience}) {{ Monitor = {Monitor.Name}, MinimumDelta = {MinimumDelta}, RestoreBest = {RestoreBest} }}");
}
