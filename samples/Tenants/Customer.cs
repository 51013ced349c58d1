namespace Tenants;

/// <summary>
/// A customer's network: loaded when it is first asked for, dropped when nobody asks for some time, and trained by one caller at a time, wherever in the cluster
/// that is.
/// </summary>
internal sealed class Customer([PersistentState("network", FileStorage.Name)] IPersistentState<LearnedNetwork> stored) : Grain, ICustomer
{
    /// <summary>Answers come from a network that nobody changes; a batch makes the next one.</summary>
    private CustomerNet _network = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _network = stored.RecordExists ? CustomerNet.Of(stored.State.Bytes) : CustomerNet.For(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public Task<float> Predict(float[] visit) => Task.FromResult(_network.Predict(visit));

    public async Task<long> Learn(long number, Visits visits)
    {
        long learned = stored.State.Batches;
        if (number <= learned)
        {
            return learned;
        }

        if (number > learned + 1)
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, $"The next batch is {learned + 1}.");
        }

        // Arithmetic runs on the thread pool: a silo's own threads are for messages.
        (CustomerNet next, byte[] bytes) = await Task.Run(() =>
        {
            CustomerNet next = _network.Clone();
            next.Learn(visits);
            return (next, next.Bytes());
        });
        LearnedNetwork before = stored.State;
        stored.State = new LearnedNetwork { Batches = number, Bytes = bytes };
        try
        {
            // Acknowledged when it is on the disk, not before.
            await stored.WriteStateAsync();
        }
        catch
        {
            stored.State = before;
            DeactivateOnIdle();
            throw;
        }

        _network = next;
        return number;
    }

    public Task<LearnedNetwork> Export() => Task.FromResult(new LearnedNetwork { Batches = stored.State.Batches, Bytes = _network.Bytes() });
}
