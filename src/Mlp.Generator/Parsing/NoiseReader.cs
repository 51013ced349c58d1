using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>What training does to the inputs and between the layers.</summary>
internal static class NoiseReader
{
    /// <param name="attributes">Those of the anchored declaration, in source order.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <returns>The noise of the inputs, then that behind each dense layer; in every gap at most one of each kind.</returns>
    public static EquatableArray<NoiseModel>[] Read(NetworkAttribute[] attributes, ProblemList problems)
    {
        int layerCount = attributes.Count(static attribute => attribute.Kind == AttributeKind.Dense);
        List<NoiseModel>[] gaps = [.. Enumerable.Range(0, layerCount + 1).Select(static _ => new List<NoiseModel>())];
        int gap = 0;
        HashSet<AttributeKind> kinds = [];
        foreach (NetworkAttribute attribute in attributes)
        {
            if (attribute.Kind == AttributeKind.Dense)
            {
                gap++;
                kinds.Clear();
            }
            else if (attribute.Kind is AttributeKind.Dropout or AttributeKind.GaussianNoise)
            {
                NoiseModel noise = ReadNoise(attribute, problems);
                bool isFirst = kinds.Add(attribute.Kind);
                if (gap > 0 && gap == layerCount)
                {
                    problems.Add(Descriptors.NoiseAfterOutput, attribute.Place, $"{attribute.Kind}", LayerReader.Describe(gap));
                }
                else if (!isFirst)
                {
                    string owner = gap == 0 ? "The input" : LayerReader.Describe(gap);
                    problems.Add(Descriptors.SecondNoise, attribute.Place, owner, $"{attribute.Kind}");
                }
                else if (noise.Amount > 0)
                {
                    gaps[gap].Add(noise);
                }
            }
        }

        return [.. gaps.Select(static gap => new EquatableArray<NoiseModel>([.. gap]))];
    }

    private static NoiseModel ReadNoise(NetworkAttribute attribute, ProblemList problems)
    {
        double amount = attribute.Argument<double>(0) ?? 0;
        if (attribute.Kind == AttributeKind.GaussianNoise)
        {
            NumberSettings settings = new(attribute, "[GaussianNoise]", problems);
            return new NoiseModel(
                NoiseKind.Gaussian,
                settings.Check(amount, NumberRange.NotNegative, "Deviation", attribute.PlaceOfArgument("deviation", 0)) ?? 0);
        }

        if (NumberRange.LessThanOne.Contains((float)amount))
        {
            return new NoiseModel(NoiseKind.Dropout, (float)amount == 0 ? 0 : amount);
        }

        problems.Add(Descriptors.DropoutRate, attribute.PlaceOfArgument("rate", 0), NumberSettings.Format(amount));
        return new NoiseModel(NoiseKind.Dropout, 0);
    }
}
