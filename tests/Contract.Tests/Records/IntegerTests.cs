namespace Contract.Tests.Records;

public enum Flags64 : ulong
{
    None = 0,
    Last = 1UL << 63,
    Lowest = 1,

    /// <summary>The same member by another name.</summary>
    First = Lowest,
}

/// <summary>Made by its constructor alone, whose last parameter files may leave out.</summary>
public readonly struct Booking(ulong account, Flags64 flag, int? shop, ulong at, float amount, string note = "")
{
    [Category(Capacity = 5)] public ulong Account { get; } = account;

    [Category] public Flags64 Flag { get; } = flag;

    [Group] public int? Shop { get; } = shop;

    [EventTime] public ulong At { get; } = at;

    [Target] public float Amount { get; } = amount;

    public string Note { get; } = note;
}

[Input<Booking>]
[Dense(1)]
[Loss(MSE)]
public partial class BookingNet;

/// <summary>The same account numbers in a table.</summary>
public sealed record Account([Category(Capacity = 4, Embedding = 2)] ulong? Number, [Target] float Amount);

[Input<Account>]
[Dense(4, Relu)]
[Dense(1)]
[Loss(MSE)]
public partial class AccountNet;

/// <summary>Integers of every size as categories, members, groups and times.</summary>
public class IntegerTests : IDisposable
{
    private static readonly Booking[] Rows =
    [
        new(ulong.MaxValue, Flags64.Last, 7, long.MaxValue, 1),
        new(3, Flags64.None, -5, 0, 2),
        new(20, Flags64.First, 7, 5, 3),
    ];

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void LargeIntegers_AreCalledByTheirValue_AndOrderedByIt()
    {
        BookingNet net = Fitted();
        Assert.Equal(
            ["Account unseen", "Account=3", "Account=20", "Account=18446744073709551615", "Account unused 4", "Flag=None", "Flag=Last", "Flag=Lowest"],
            net.InputNames);

        AccountNet accounts = new(seed: 1);
        accounts.Fit([new(ulong.MaxValue, 1), new(5, 1), new(null, 1)]);
        Assert.Equal([null, "5", "18446744073709551615", null], accounts.Number.Categories);
    }

    [Fact]
    public void AValueThatIsNoMember_IsSaidAsItIs() => Assert.Contains(
        "Flag is 18446744073709551614, which is no member",
        Assert.Throws<ArgumentException>(() => Fitted().Predict(new Booking(3, (Flags64)(ulong.MaxValue - 1), null, 0, 0))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void GroupsThatAreIntegers_KeepTheirNumbers_NullableOrNot() => Assert.Equal([7, -5, 7], Fitted().Encode(Rows).Groups.ToArray());

    [Fact]
    public void TimesThatCannotBeCompared_AreRefused()
    {
        Assert.Equal([long.MaxValue, 0, 5], Fitted().Encode(Rows).Times.ToArray());
        Booking late = new(3, Flags64.None, 1, ulong.MaxValue, 0);
        Assert.Contains(
            "Row 1: At is 18446744073709551615", Assert.Throws<ArgumentException>(() => Fitted().Encode([Rows[0], late])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStructWithAConstructor_IsReadFromAFile_WithAnyNameOfAMember()
    {
        File.WriteAllText(_path, "Amount,Account,Flag,Shop,At\n2,18446744073709551615,First,,1e3\n3,7.0,Lowest,-2,0\n");
        Booking[] rows = [.. BookingNet.ReadRows(_path)];
        Assert.Equal(
            [(ulong.MaxValue, Flags64.Lowest, null, 1000, 2, ""), (7, Flags64.Lowest, -2, 0, 3, "")],
            rows.Select(row => (row.Account, row.Flag, row.Shop, row.At, row.Amount, row.Note)));
    }

    private static BookingNet Fitted()
    {
        BookingNet net = new(seed: 1);
        net.Fit(Rows);
        return net;
    }
}
