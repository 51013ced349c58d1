namespace Tenants;

/// <summary>Callers of many customers at once.</summary>
/// <param name="grains">Where the customers are.</param>
/// <param name="customers">How many there are.</param>
internal sealed class Drive(IGrainFactory grains, int customers)
{
    private const int Callers = 32;

    private readonly long[] _acknowledged = new long[customers];
    private int _repeated;

    /// <summary>Calls that had no answer and were repeated.</summary>
    public int Repeated => _repeated;

    /// <summary>Batches that were acknowledged.</summary>
    public long Acknowledged => _acknowledged.Sum();

    /// <summary>Has every customer learn some batches more, and predict after each.</summary>
    /// <param name="batches">How many.</param>
    public Task Learn(int batches) => ForAll(async customer =>
    {
        ICustomer grain = grains.GetGrain<ICustomer>(CustomerSilo.KeyOf(customer));
        for (int i = 0; i < batches; i++)
        {
            long number = _acknowledged[customer] + 1;
            Visits visits = Visits.Of(customer, number);
            _acknowledged[customer] = await Repeat(() => grain.Learn(number, visits));
            await Repeat(() => grain.Predict(visits.Inputs[..CustomerNet.InputSize]));
        }
    });

    /// <summary>Counts the customers whose network is not, bit for bit, one that was trained here on the batches that were acknowledged.</summary>
    public async Task<int> CountDifferent()
    {
        int different = 0;
        await ForAll(async customer =>
        {
            string key = CustomerSilo.KeyOf(customer);
            LearnedNetwork learned = await Repeat(() => grains.GetGrain<ICustomer>(key).Export());
            CustomerNet alone = CustomerNet.For(key);
            for (long number = 1; number <= _acknowledged[customer]; number++)
            {
                alone.Learn(Visits.Of(customer, number));
            }

            if (learned.Batches != _acknowledged[customer] || !learned.Bytes.AsSpan().SequenceEqual(alone.Bytes()))
            {
                Interlocked.Increment(ref different);
            }
        });
        return different;
    }

    /// <summary>Calls until there is an answer: a silo that dies leaves calls without one, and its customers come up on another.</summary>
    public async Task<T> Repeat<T>(Func<Task<T>> call)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (attempt < 60 && exception is TimeoutException or OrleansException or IOException)
            {
                Interlocked.Increment(ref _repeated);
                await Task.Delay(500);
            }
        }
    }

    private Task ForAll(Func<int, Task> action) => Parallel.ForEachAsync(
        Enumerable.Range(0, customers), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (customer, _) => await action(customer));
}
