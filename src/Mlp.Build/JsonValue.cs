using System.Globalization;
using System.Text;

namespace Mlp.Build;

/// <summary>A value of a JSON text, of which exactly one property is not null.</summary>
/// <param name="Members">The members of an object, in order.</param>
/// <param name="Items">The items of a list.</param>
/// <param name="Text">A text.</param>
/// <param name="Word">A number, <c>true</c>, <c>false</c> or <c>null</c> as it is written.</param>
/// <remarks>Neither the compiler nor every MSBuild brings a JSON reader, and the package has no other dependency.</remarks>
internal sealed record JsonValue(IReadOnlyList<KeyValuePair<string, JsonValue>>? Members, IReadOnlyList<JsonValue>? Items, string? Text, string? Word)
{
    /// <summary>More levels than a header or an encoder of records has.</summary>
    private const int MostLevels = 32;

    /// <summary>Parses a whole text.</summary>
    /// <exception cref="FormatException">It is no JSON, or a name appears twice in an object.</exception>
    public static JsonValue Parse(string text)
    {
        Reader reader = new(text);
        JsonValue value = reader.ReadValue(MostLevels);
        reader.SkipBlanks();
        return reader.IsAtEnd ? value : throw reader.Error("the end");
    }

    /// <summary>A member of an object; null where there is none.</summary>
    public JsonValue? Find(string name) => Members?.FirstOrDefault(member => member.Key == name).Value;

    /// <summary>The whole number of at least 0; null where it is none.</summary>
    public long? Size => long.TryParse(Word, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;

    private sealed class Reader(string text)
    {
        private int _position;

        public bool IsAtEnd => _position == text.Length;

        private char Next => IsAtEnd ? '\0' : text[_position];

        public FormatException Error(string expected) =>
            new(FormattableString.Invariant($"it is not valid JSON: at character {_position} of the header, {expected} is expected"));

        public void SkipBlanks()
        {
            while (Next is ' ' or '\t' or '\r' or '\n')
            {
                _position++;
            }
        }

        public JsonValue ReadValue(int levels)
        {
            if (levels == 0)
            {
                throw Error("less depth");
            }

            SkipBlanks();
            return Next switch
            {
                '{' => new(ReadMembers(levels), null, null, null),
                '[' => new(null, ReadItems(levels), null, null),
                '"' => new(null, null, ReadText(), null),
                _ => new(null, null, null, ReadWord()),
            };
        }

        private List<KeyValuePair<string, JsonValue>> ReadMembers(int levels)
        {
            List<KeyValuePair<string, JsonValue>> members = [];
            HashSet<string> names = [];
            _position++;
            for (SkipBlanks(); Next != '}'; SkipBlanks())
            {
                Separate(members.Count);
                SkipBlanks();
                string name = ReadText();
                if (!names.Add(name))
                {
                    throw new FormatException($"'{name}' appears twice in an object of the header");
                }

                SkipBlanks();
                Take(':');
                members.Add(new(name, ReadValue(levels - 1)));
            }

            _position++;
            return members;
        }

        private List<JsonValue> ReadItems(int levels)
        {
            List<JsonValue> items = [];
            _position++;
            for (SkipBlanks(); Next != ']'; SkipBlanks())
            {
                Separate(items.Count);
                items.Add(ReadValue(levels - 1));
            }

            _position++;
            return items;
        }

        private void Separate(int before)
        {
            if (before > 0)
            {
                Take(',');
            }
        }

        private void Take(char expected)
        {
            if (Next != expected)
            {
                throw Error($"'{expected}'");
            }

            _position++;
        }

        private string ReadText()
        {
            Take('"');
            StringBuilder read = new();
            while (Next != '"')
            {
                if (Next < ' ')
                {
                    throw Error("a letter or a quote");
                }

                char letter = text[_position++];
                read.Append(letter == '\\' ? ReadEscape() : letter);
            }

            _position++;
            return read.ToString();
        }

        private char ReadEscape()
        {
            char escape = Next;
            int simple = "\"\\/bfnrt".IndexOf(escape);
            _position++;
            if (simple >= 0)
            {
                return "\"\\/\b\f\n\r\t"[simple];
            }

            if (escape != 'u' || _position + 4 > text.Length
                || !ushort.TryParse(text.Substring(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                throw Error("an escape that JSON knows");
            }

            _position += 4;
            return (char)code;
        }

        private string ReadWord()
        {
            int start = _position;
            while (Next is '-' or '+' or '.' or (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'))
            {
                _position++;
            }

            string word = text.Substring(start, _position - start);
            return word is "true" or "false" or "null"
                || double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _)
                ? word
                : throw Error("a value");
        }
    }
}
