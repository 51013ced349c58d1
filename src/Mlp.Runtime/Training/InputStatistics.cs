namespace Mlp;

/// <summary>When training learns the statistics by which a network standardises: of its inputs, and of its targets where it scales these.</summary>
public enum InputStatistics
{
    /// <summary>Once: by the first <c>Train</c>, unless <c>LearnInputStatistics</c> did it before. Later runs keep them, as the weights were trained with them.</summary>
    LearnOnce,

    /// <summary>At the start of this run, from its data, whatever was learned before. The weights stay, so that the network predicts otherwise at first.</summary>
    Relearn,
}
