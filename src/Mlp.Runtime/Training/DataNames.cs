namespace Mlp;

/// <summary>
/// What the columns of a data set mean: their names, those of classes, and the encoder that made them of records. A network remembers those of its data, and
/// refuses data with others.
/// </summary>
internal static class DataNames
{
    /// <summary>Checks that a data set's names and encoder are the network's, where both have some.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data set.</param>
    /// <param name="what">What messages call the data set, with a capital letter.</param>
    /// <param name="argument">Name of the argument that the data set came in.</param>
    /// <exception cref="ArgumentException">They differ from the network's.</exception>
    public static void Check(NetworkState network, Dataset data, string what, string argument)
    {
        Compare(network.InputNames, data.InputNames, $"{what} and the network differ in their input columns", argument);
        Compare(network.ClassNames, data.ClassNames, $"{what} and the network differ in their classes", argument);
        if (network.Fitted is { } fitted)
        {
            CompareEncoders(EncoderMetadata.JsonOf(fitted), data.Encoder, $"{what} and the network differ in what was fitted to records", argument);
        }
        else
        {
            _ = EncoderOf(network, data, what, argument);
        }
    }

    /// <summary>The same for validation data and the training data of a network that has no names yet.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    public static void CheckValidation(Dataset training, Dataset validation, string argument)
    {
        const string Difference = "The validation data and the training data differ in";
        Compare(training.InputNames, validation.InputNames, $"{Difference} their input columns", argument);
        Compare(training.ClassNames, validation.ClassNames, $"{Difference} their classes", argument);
        CompareEncoders(training.Encoder, validation.Encoder, $"{Difference} what was fitted to records", argument);
    }

    /// <summary>
    /// Gives an untrained network without names those of its training data, and a network over records that is not fitted the encoder that made them: it
    /// then predicts records as the data were encoded.
    /// </summary>
    public static void Adopt(NetworkState network, Dataset data)
    {
        if (network.Fitted is null && EncoderOf(network, data, "The data set", nameof(data)) is { } encoder)
        {
            network.Adopt(encoder);
        }

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

    private static void CompareEncoders(string? known, string? found, string difference, string argument)
    {
        if (known is not null && found is not null && known != found)
        {
            throw new ArgumentException(
                $"{difference}, such as means and categories: the same record has other inputs here and there. Encode the rows with the network that takes them.", argument);
        }
    }

    /// <summary>The encoder of a data set for a network over records; null where no encoder made the data, or the network takes numbers.</summary>
    /// <exception cref="ArgumentException">It is of other records.</exception>
    private static FittedEncoder? EncoderOf(NetworkState network, Dataset data, string what, string argument)
    {
        if (network.Layout.Record is not { } record || data.Encoder is not { } encoder)
        {
            return null;
        }

        try
        {
            return EncoderMetadata.Read(record, encoder, takesTargets: true, what);
        }
        catch (InvalidDataException error)
        {
            throw new ArgumentException(error.Message, argument, error);
        }
    }
}
