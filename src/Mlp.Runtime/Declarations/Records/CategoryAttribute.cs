namespace Mlp;

/// <summary>Makes a category an input: an enum, whose members the compiler knows, or text, an integer or <see cref="bool"/>, whose categories are learned.</summary>
/// <remarks>
/// Of an enum, each member has an input that is 1 for it (one-hot); a null is all zeros, or with <see cref="Embedding"/> a
/// category of its own, the last; a value that is no member is refused. Of learned categories, slot 0 is
/// for what was not seen and for what is missing; the others are the most frequent ones of the fitted rows, most frequent first, equally frequent ones in
/// ordinal order. So that slot 0 is trained, <c>Train</c> takes a random one of every <see cref="Capacity"/> rows for unseen.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CategoryAttribute : Attribute
{
    /// <summary>Number of slots of learned categories, slot 0 included, at least 2; default: 64. Rarer categories count as unseen. Not for enums.</summary>
    public int Capacity { get; set; }

    /// <summary>Rows that a learned category must have, at least 1; default: 1. Rarer ones count as unseen. Not for enums.</summary>
    public int MinimumCount { get; set; }

    /// <summary>
    /// Length of the learned vector that stands for each category; 0 for one-hot inputs. The vectors are parameters of the network, a table named after the
    /// property, drawn from a normal distribution of deviation 1/√length; the encoded input is the number of the category's row. They learn at the rate of the
    /// first layer, without penalties or weight decay, and are frozen with it.
    /// </summary>
    public int Embedding { get; set; }

    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
