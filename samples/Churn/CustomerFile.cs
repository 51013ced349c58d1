using System.Globalization;

namespace Churn;

/// <summary>Makes up customers: the same file from the same seed everywhere. About one of eight leaves, for reasons that a network can find.</summary>
internal static class CustomerFile
{
    private static readonly string[] Tariffs = ["Basic", "Family", "Flat", "Student", "Business", "Old 2012", "Old 2015"];

    /// <summary>Writes a CSV file.</summary>
    public static void Write(string path, int rows, int seed)
    {
        Random random = new(seed);
        using StreamWriter file = new(path);
        file.WriteLine("Id,Age,MonthlyBill,Data,CallsToSupport,Payment,Tariff,ContractSince,Left");
        for (int id = 1; id <= rows; id++)
        {
            int age = 18 + random.Next(60);
            double bill = Math.Round(8 + (40 * random.NextDouble()) + (random.Next(50) == 0 ? 400 : 0), 2);
            long data = (long)Math.Pow(10, 1 + (4 * random.NextDouble()));
            int calls = random.Next(3) == 0 ? random.Next(9) : random.Next(2);
            Payment payment = (Payment)random.Next(3);
            string tariff = random.Next(300) == 0 ? $"Special {id}" : Tariffs[random.Next(Tariffs.Length)];
            DateOnly since = new DateOnly(2014, 1, 1).AddDays(random.Next(4300));

            // Who leaves: many calls for support, an old tariff with a high bill, a contract that is young; those who pay by direct debit stay.
            double reasons = (0.5 * calls) + (tariff.StartsWith("Old", StringComparison.Ordinal) ? 1 : 0) + (bill > 35 ? 0.8 : 0)
                + (since.Year >= 2024 ? 0.9 : 0) - (payment == Payment.DirectDebit ? 1.2 : 0) - (age > 60 ? 0.7 : 0) - 3.6;
            bool left = random.NextDouble() < 1 / (1 + Math.Exp(-reasons));

            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{id},{(random.Next(6) == 0 ? "" : age)},{bill},{data},{calls},{payment},{(random.Next(40) == 0 ? "" : tariff)},{since:yyyy-MM-dd},{(left ? 1 : 0)}"));
        }
    }
}
