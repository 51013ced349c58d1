using System.Globalization;

namespace Mlp.Quality;

/// <summary>Test scores of the guide's recipe without and with members: means over ten splits of 80 % and 20 %.</summary>
internal static class Ensembles
{
    private const int Splits = 10;

    public static void Run(string folder)
    {
        Dataset tumours = CsvData.LoadLabels(Path.Combine(folder, "breast_cancer.csv"), target: "class");
        Dataset wines = CsvData.LoadLabels(Path.Combine(folder, "wine.csv"), target: "class");
        Dataset patients = CsvData.LoadTargets(Path.Combine(folder, "diabetes.csv"), target: "progression");
        Console.WriteLine("| members | breast cancer, accuracy | wine, accuracy | diabetes, R² |\n|---:|---:|---:|---:|");
        Row("1", Score<BreastCancer>(tumours), Score<Wine>(wines), Score<Diabetes>(patients));
        Row("4", Score<BreastCancer4>(tumours), Score<Wine4>(wines), Score<Diabetes4>(patients));
        Row("8", Score<BreastCancer8>(tumours), Score<Wine8>(wines), Score<Diabetes8>(patients));
        Row("16", Score<BreastCancer16>(tumours), Score<Wine16>(wines), Score<Diabetes16>(patients));
    }

    private static void Row(string members, params double[] scores) =>
        Console.WriteLine($"| {members} | {string.Join(" | ", scores.Select(static score => score.ToString("F4", CultureInfo.InvariantCulture)))} |");

    private static double Score<TNet>(Dataset data) where TNet : class, INetwork<TNet>
    {
        double sum = 0;
        SplitBy by = data.ClassCount > 0 ? SplitBy.Class : SplitBy.Row;
        for (int seed = 0; seed < Splits; seed++)
        {
            (Dataset others, Dataset test) = data.Split(0.8, by, seed);
            (Dataset train, Dataset validation) = others.Split(0.9, by, seed);
            TNet net = TNet.Create(seed);
            net.Train(train, Recipe.Options(validation, seed));
            Evaluation evaluation = net.Evaluate(test);
            sum += evaluation.Accuracy ?? (1 - (evaluation.Loss / Variance(test.Targets)));
        }

        return sum / Splits;
    }

    private static double Variance(ReadOnlySpan<float> targets)
    {
        double sum = 0, squares = 0;
        foreach (float target in targets)
        {
            sum += target;
            squares += (double)target * target;
        }

        double mean = sum / targets.Length;
        return (squares / targets.Length) - (mean * mean);
    }
}
