using Mlp;

namespace Churn;

/// <summary>How a customer pays.</summary>
internal enum Payment
{
    DirectDebit,
    Card,
    Invoice,
}

/// <summary>A customer of a telephone company, as its database has them: what the network sees, and whether they left.</summary>
internal sealed record Customer
{
    /// <summary>No attribute: carried along, but neither seen nor learned.</summary>
    public int Id { get; init; }

    /// <summary>In years; not all of them told it.</summary>
    [Numeric(Missing = Missing.Median, Indicator = true)]
    public float? Age { get; init; }

    /// <summary>In euros; a few pay very much.</summary>
    [Numeric(Scale = Scale.Robust, Clip = 5)]
    public double MonthlyBill { get; init; }

    /// <summary>In megabytes: spread over orders of magnitude.</summary>
    [Numeric(Log = true)]
    public long Data { get; init; }

    [Numeric(Bins = 8)]
    public int CallsToSupport { get; init; }

    [Category]
    public Payment Payment { get; init; }

    /// <summary>Text: the tariffs are learned from the rows. One that comes later counts as unseen.</summary>
    [Category(Capacity = 16, MinimumCount = 5)]
    public string? Tariff { get; init; }

    [Time(Cycles.DayOfYear)]
    public DateOnly ContractSince { get; init; }

    /// <summary>Years of contract: a property that is computed is an input like any other, and no column of a file.</summary>
    [Numeric]
    public double Years => (new DateOnly(2026, 1, 1).DayNumber - ContractSince.DayNumber) / 365.25;

    [Target]
    public bool Left { get; init; }
}

/// <summary>Foresees who leaves.</summary>
[Input<Customer>]
[Dense(64, Relu)]
[Dropout(0.2)]
[Dense(32, Relu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
internal partial class ChurnNet;
