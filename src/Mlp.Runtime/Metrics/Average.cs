namespace Mlp;

/// <summary>How the precision, recall or F1 of several classes, or of several yes-or-no outputs, become one number.</summary>
public enum Average
{
    /// <summary>
    /// The mean of the classes' own values. Classes that are neither in the data nor among the answers are left out; of yes-or-no outputs none is.
    /// </summary>
    Macro,

    /// <summary>One value of all classes' counts together. Where classes exclude each other it is the accuracy.</summary>
    Micro,

    /// <summary>The mean of the classes' own values, each weighted by how often the data has the class.</summary>
    Weighted,
}
