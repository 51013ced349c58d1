using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Means over the members of an ensemble, whose values lie one member behind the other.</summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
internal static class MemberMeans
{
    /// <summary>The mean of every value over the members: their sum in order of the members, divided by their number.</summary>
    /// <param name="values">The first member's; members × <paramref name="count"/>.</param>
    /// <param name="members">Number of members.</param>
    /// <param name="count">Values of a member.</param>
    /// <param name="means">Receives as many means; may be the first member's own values.</param>
    public static void Compute(ref float values, nuint members, nuint count, ref float means)
    {
        Vec256 divisor = Vec256.Create(members);
        for (nuint i = 0; i < count; i += 8)
        {
            Vec256 sum = PaddedRow.Load(in values, i, count, count);
            for (nuint member = 1; member < members; member++)
            {
                sum += PaddedRow.Load(ref Unsafe.Add(ref values, member * count), i, count, count);
            }

            PaddedRow.Store(sum / divisor, ref means, i, count, count);
        }
    }

    /// <summary>The population deviation of an output over the members, in double precision.</summary>
    /// <param name="values">The first member's value of the output.</param>
    /// <param name="members">Number of members.</param>
    /// <param name="stride">Floats from one member's to the next one's.</param>
    public static double Deviation(ref float values, int members, int stride)
    {
        double sum = 0;
        for (int member = 0; member < members; member++)
        {
            sum += Unsafe.Add(ref values, member * stride);
        }

        double mean = sum / members;
        double squares = 0;
        for (int member = 0; member < members; member++)
        {
            double difference = Unsafe.Add(ref values, member * stride) - mean;
            squares += difference * difference;
        }

        return Math.Sqrt(squares / members);
    }
}
