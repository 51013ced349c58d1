namespace Mlp;

/// <summary>When training learns the statistics by which a network standardises: of its inputs, and of its targets where it scales these.</summary>
public enum InputStatistics
{
    /// <summary>
    /// Once: by <c>LearnInputStatistics</c>, or else by the first <c>Train</c>. Later runs keep them, as the weights were trained with them.
    /// </summary>
    LearnOnce,

    /// <summary>
    /// At the start of this run, from its data, even if they were learned before. The weights stay, so predictions change until they have adapted.
    /// </summary>
    Relearn,
}
