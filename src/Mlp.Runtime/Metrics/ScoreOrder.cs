namespace Mlp;

/// <summary>Orders rows by falling score, without memory beside that of their numbers.</summary>
/// <remarks>
/// American flag sort (McIlroy, Bostic and McIlroy, 1993): the bits of a float, its sign's complement first, are ordered as its value is; rows are moved in
/// place into 256 buckets by the highest eight bits, and so on in each of them. Comparing pairs takes several times as long, since scores lie far from each
/// other.
/// </remarks>
/// <param name="scores">A score for each row.</param>
internal readonly ref struct ScoreOrder(ReadOnlySpan<float> scores)
{
    private const int BitsOfDigit = 8;
    private const int Buckets = 1 << BitsOfDigit;

    /// <summary>Fewer rows than this are sorted by insertion.</summary>
    private const int FewestForBuckets = 48;

    private readonly ReadOnlySpan<float> _scores = scores;

    /// <summary>Sorts rows whose scores are not NaN. The order of equal scores depends on the rows alone.</summary>
    public void Sort(Span<int> rows) => Sort(rows, 32 - BitsOfDigit);

    private void Sort(Span<int> rows, int shift)
    {
        if (rows.Length < FewestForBuckets)
        {
            SortFew(rows);
            return;
        }

        Span<int> starts = stackalloc int[Buckets];
        Span<int> ends = stackalloc int[Buckets];
        ends.Clear();
        foreach (int row in rows)
        {
            ends[Digit(row, shift)]++;
        }

        int sum = 0;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            starts[bucket] = sum;
            ends[bucket] = sum += ends[bucket];
        }

        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            while (starts[bucket] < ends[bucket])
            {
                // Each step puts one row where it belongs, and takes out the one that was there.
                int row = rows[starts[bucket]];
                for (int digit = Digit(row, shift); digit != bucket; digit = Digit(row, shift))
                {
                    (row, rows[starts[digit]]) = (rows[starts[digit]], row);
                    starts[digit]++;
                }

                rows[starts[bucket]++] = row;
            }
        }

        for (int bucket = 0, start = 0; shift > 0 && bucket < Buckets; start = ends[bucket++])
        {
            Sort(rows[start..ends[bucket]], shift - BitsOfDigit);
        }
    }

    private void SortFew(Span<int> rows)
    {
        for (int i = 1; i < rows.Length; i++)
        {
            int row = rows[i];
            uint key = Key(row);
            int place = i;
            for (; place > 0 && Key(rows[place - 1]) > key; place--)
            {
                rows[place] = rows[place - 1];
            }

            rows[place] = row;
        }
    }

    private int Digit(int row, int shift) => (int)(Key(row) >> shift) & (Buckets - 1);

    /// <summary>The smaller, the higher the score.</summary>
    private uint Key(int row)
    {
        int bits = BitConverter.SingleToInt32Bits(_scores[row]);
        return bits < 0 ? (uint)bits : ~((uint)bits | 0x8000_0000);
    }
}
