namespace Mlp;

/// <summary>What stays together, or is spread evenly, when a data set is cut into parts.</summary>
public enum SplitBy
{
    /// <summary>Rows in a random order.</summary>
    Row,

    /// <summary>
    /// Rows in a random order, so that each class has the same share of every part, up to one row: a stratified split. Needs labels, or one target column of
    /// 0 and 1.
    /// </summary>
    Class,

    /// <summary>Whole groups (<see cref="Dataset.Groups"/>) in a random order: no group has rows in two parts.</summary>
    Group,

    /// <summary>
    /// Rows by their times (<see cref="Dataset.Times"/>): those to train on are earlier than those to judge by. Rows of the same time stay together. Nothing is
    /// random.
    /// </summary>
    Time,
}
