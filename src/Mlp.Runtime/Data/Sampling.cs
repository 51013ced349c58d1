namespace Mlp;

/// <summary>Which rows an epoch goes through, and in which order.</summary>
public enum Sampling
{
    /// <summary>Every row once, in a new random order every epoch.</summary>
    Shuffle,

    /// <summary>Every row once, in the order of the data set.</summary>
    InOrder,

    /// <summary>
    /// As many rows as there are, drawn with replacement so that classes are as frequent as each other: of every class that occurs the same number of rows,
    /// up to one, in a new random order every epoch. Rows of rare classes come several times, others of frequent ones not at all. Needs labels, or one target column of 0 and 1.
    /// </summary>
    Balanced,
}
