namespace Contract.Tests.Trained;

/// <summary>What the networks of the files beside it were trained on.</summary>
internal static class Samples
{
    public static Dataset Classes { get; } = Dataset.FromLabels(
            [.. Enumerable.Range(0, 240).Select(static i => MathF.Sin(i * 1.7f) * (1 + (i % 4)))],
            [.. Enumerable.Range(0, 60).Select(static i => i % 3)], 4, 3)
        .WithNames(["north", "east", "south", "west"], ["calm", "windy", "stormy"]);

    public static Dataset Circles { get; } = SyntheticData.Circles(200, factor: 0.4, noise: 0.05, seed: 3);

    public static Shop[] Shops { get; } =
    [
        .. Enumerable.Range(0, 50).Select(static i => new Shop
        {
            Town = (i % 5) switch { 0 => null, 1 or 2 => "Ulm", 3 => "Jena", _ => "Kiel" },
            Area = 100 + (i * 7 % 31),
            Sales = 1000 + (20 * (i * 7 % 31)) + (i % 5),
        }),
    ];
}
