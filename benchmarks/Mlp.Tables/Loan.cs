namespace Mlp.Tables;

/// <summary>A loan: is it paid back? A row of credit.csv.</summary>
internal sealed record Loan
{
    [Numeric(Bins = Variant.Bins)] public int Seniority { get; init; }

    [Category] public string? Home { get; init; }

    [Numeric] public int Time { get; init; }

    [Numeric(Bins = Variant.Bins)] public int Age { get; init; }

    [Category] public string? Marital { get; init; }

    [Category] public required string Records { get; init; }

    [Category] public string? Job { get; init; }

    [Numeric(Bins = Variant.Bins)] public int Expenses { get; init; }

    [Numeric(Indicator = true, Bins = Variant.Bins)] public int? Income { get; init; }

    [Numeric(Indicator = true, Bins = Variant.Bins)] public int? Assets { get; init; }

    [Numeric(Indicator = true, Bins = Variant.Bins)] public int? Debt { get; init; }

    [Numeric(Bins = Variant.Bins)] public int Amount { get; init; }

    [Numeric(Bins = Variant.Bins)] public int Price { get; init; }

    public required string Status { get; init; }

    [Target] public bool IsBad => Status == "bad";
}
