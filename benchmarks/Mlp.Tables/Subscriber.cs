namespace Mlp.Tables;

/// <summary>A customer of a telephone company: does it leave? A row of churn.csv.</summary>
internal sealed record Subscriber
{
    public required string Churn { get; init; }

    [Target] public bool Leaves => Churn == "Yes";

    [Numeric] public int Female { get; init; }

    [Numeric] public int SeniorCitizen { get; init; }

    [Numeric] public int Partner { get; init; }

    [Numeric] public int Dependents { get; init; }

    [Numeric(Bins = Variant.Bins)] public int Tenure { get; init; }

    [Numeric] public int PhoneService { get; init; }

    [Category] public required string MultipleLines { get; init; }

    [Category] public required string InternetService { get; init; }

    [Category] public required string OnlineSecurity { get; init; }

    [Category] public required string OnlineBackup { get; init; }

    [Category] public required string DeviceProtection { get; init; }

    [Category] public required string TechSupport { get; init; }

    [Category] public required string StreamingTv { get; init; }

    [Category] public required string StreamingMovies { get; init; }

    [Category] public required string Contract { get; init; }

    [Numeric] public int PaperlessBilling { get; init; }

    [Category] public required string PaymentMethod { get; init; }

    [Numeric(Bins = Variant.Bins)] public double MonthlyCharges { get; init; }

    [Numeric(Indicator = true, Bins = Variant.Bins)] public double? TotalCharges { get; init; }
}
