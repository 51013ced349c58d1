namespace Mlp.Runtime.Tests;

/// <summary>Random damage to small valid files, the same for the same seed.</summary>
internal static class Mutations
{
    /// <summary>Bytes that mean something to one format or another.</summary>
    private static readonly byte[] Telling = [0, 1, 8, 0x1f, 0x7f, 0x80, 0x8b, 0xff, .. "\",;\r\n\t -+.eE0123459NaInfy"u8];

    /// <summary>A copy with one to four changes: bytes replaced, inserted or taken out, parts repeated, moved or cut off.</summary>
    public static byte[] Of(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = Any();
                    break;
                case 2:
                    bytes.Insert(at, Any());
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 5:
                    bytes.InsertRange(at, Enumerable.Repeat(Any(), random.Next(1, 200)));
                    break;
                case 6 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];

        byte Any() => random.Next(3) == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
    }
}
