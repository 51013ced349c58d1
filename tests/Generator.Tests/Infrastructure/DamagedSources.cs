using System.Text;

namespace Generator.Tests.Infrastructure;

/// <summary>Sources as nobody means them: attributes cut in half, huge numbers, names in other scripts, keywords and braces where they do not belong.</summary>
internal static class DamagedSources
{
    private static readonly string[] Inserted =
    [
        "[", "]", "(", ")", "{", "}", ",", "\"", "'", "<", ">", "=", ";", "int.MaxValue", "99999999999999999999", "-1", "0", "1e400", "double.NaN", "null", "default",
        "typeof(int)", "nameof(Net)", "Größe", "名前", "@class", "é́", "partial", "static", "record", "file", "abstract", "<T>", " : object", "[Input(2)]", "[Dense(",
        "[Loss(MSE)]", "[Dropout(0.5)]", "Name = \"Weights\"", "Standardise = true", "\"relu\"", "ReLU", "/*", "//", "\n#if X\n", "\n#pragma warning disable\n", "\\u0041",
    ];

    /// <summary>As many damaged texts, made of the given ones by the seed; the same on every machine.</summary>
    public static IEnumerable<string> Of(string[] sources, int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            yield return Damage(sources[random.Next(sources.Length)], random);
        }
    }

    /// <summary>Cuts, repeats, swaps or inserts, one to three times.</summary>
    private static string Damage(string source, Random random)
    {
        StringBuilder text = new(source);
        for (int times = random.Next(1, 4); times > 0 && text.Length > 4; times--)
        {
            int at = random.Next(text.Length);
            int length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2:
                    (text[at], text[at + length - 1]) = (text[at + length - 1], text[at]);
                    break;
                default:
                    text.Insert(at, Inserted[random.Next(Inserted.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
