namespace Tenants;

/// <summary>Visits of one customer's site, with what came of each.</summary>
/// <param name="Inputs">Eight numbers a visit.</param>
/// <param name="Outcomes">1 where the visitor bought something, else 0.</param>
[GenerateSerializer]
[Immutable]
internal sealed record Visits([property: Id(0)] float[] Inputs, [property: Id(1)] float[] Outcomes)
{
    private const int VisitsOfBatch = 32;

    /// <summary>Makes up the visits of a customer's batch: the same each time.</summary>
    /// <param name="customer">The customer's number, which says what its visitors like.</param>
    /// <param name="batch">The batch's number.</param>
    public static Visits Of(int customer, long batch)
    {
        Random random = new(HashCode(customer, batch));
        float[] inputs = new float[VisitsOfBatch * CustomerNet.InputSize];
        float[] outcomes = new float[VisitsOfBatch];
        for (int visit = 0; visit < outcomes.Length; visit++)
        {
            float sum = 0;
            for (int i = 0; i < CustomerNet.InputSize; i++)
            {
                float value = (2 * random.NextSingle()) - 1;
                inputs[(visit * CustomerNet.InputSize) + i] = value;
                sum += (customer >> i & 1) == 0 ? value : -value;
            }

            outcomes[visit] = sum > 0 ? 1 : 0;
        }

        return new Visits(inputs, outcomes);
    }

    private static int HashCode(int customer, long batch) => (int)(((customer * 1_000_003L) + batch) % int.MaxValue);
}
