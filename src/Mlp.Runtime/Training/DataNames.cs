namespace Mlp;

/// <summary>Names of columns and classes: a network remembers those of its data, and refuses data with others.</summary>
internal static class DataNames
{
    /// <summary>Checks that a data set's names are the network's, where both have some.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data set.</param>
    /// <param name="what">What messages call the data set, with a capital letter.</param>
    /// <param name="argument">Name of the argument that the data set came in.</param>
    /// <exception cref="ArgumentException">Its names differ from the network's.</exception>
    public static void Check(NetworkState network, Dataset data, string what, string argument)
    {
        Compare(network.InputNames, data.InputNames, $"{what} and the network differ in their input columns", argument);
        Compare(network.ClassNames, data.ClassNames, $"{what} and the network differ in their classes", argument);
    }

    /// <summary>The same for validation data and the training data of a network that has no names yet.</summary>
    /// <exception cref="ArgumentException">Their names differ.</exception>
    public static void CheckValidation(Dataset training, Dataset validation, string argument)
    {
        Compare(training.InputNames, validation.InputNames, "The validation data and the training data differ in their input columns", argument);
        Compare(training.ClassNames, validation.ClassNames, "The validation data and the training data differ in their classes", argument);
    }

    /// <summary>Gives an untrained network without names those of its training data.</summary>
    public static void Adopt(NetworkState network, Dataset data)
    {
        if (network.StepsTrained == 0)
        {
            network.InputNames ??= data.InputNames;
            if (network.Layout.Loss is not null)
            {
                network.ClassNames ??= data.ClassNames;
            }
        }
    }

    private static void Compare(IReadOnlyList<string>? known, IReadOnlyList<string>? found, string difference, string argument)
    {
        if (known is not null && found is not null && !known.SequenceEqual(found, StringComparer.Ordinal))
        {
            throw new ArgumentException(
                $"{difference}: {QuotedText.List(found)} there, and {QuotedText.List(known)} here. Load the file with like: the data set of training (or with features and classes in "
                + "its order), or name the columns and classes by WithNames.",
                argument);
        }
    }
}
