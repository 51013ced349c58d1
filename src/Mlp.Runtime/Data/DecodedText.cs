using System.Text;

namespace Mlp;

/// <summary>The text of a stream; bytes that are invalid in its encoding are an error that names their line.</summary>
internal sealed class DecodedText : TextReader
{
    /// <summary>A multiple of every encoding's unit, so that no block but the last ends within one.</summary>
    private const int BlockSize = 1 << 16;

    private readonly Stream _stream;
    private readonly string _source;
    private readonly byte[] _bytes = new byte[BlockSize];
    private readonly Encoding _encoding;
    private readonly Decoder _decoder;
    private char[] _chars = [];
    private int _position;
    private int _length;
    private long _line = 1;
    private bool _afterReturn;
    private bool _atEnd;

    /// <summary>Finds out the encoding from the stream's first bytes.</summary>
    /// <param name="stream">The bytes, from their beginning; stays open.</param>
    /// <param name="encoding">Their encoding if they do not begin with a byte-order mark; default: UTF-8.</param>
    /// <param name="source">What messages call the text, such as its path.</param>
    public DecodedText(Stream stream, Encoding? encoding, string source)
    {
        _stream = stream;
        _source = source;
        int count = ReadBlock();
        (Encoding? marked, int mark) = ByteOrderMark(_bytes.AsSpan(0, count));
        _encoding = (Encoding)(marked ?? encoding ?? Encoding.UTF8).Clone();
        _encoding.DecoderFallback = DecoderFallback.ExceptionFallback;
        _decoder = _encoding.GetDecoder();
        Decode(_bytes.AsSpan(mark, count - mark));
    }

    public override int Peek() => Fill() ? _chars[_position] : -1;

    public override int Read() => Fill() ? _chars[_position++] : -1;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || !Fill())
            return 0;

        int count = Math.Min(buffer.Length, _length - _position);
        _chars.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private static (Encoding? Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xef, 0xbb, 0xbf, ..] => (Encoding.UTF8, 3),
        [0xff, 0xfe, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xfe, 0xff, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xff, 0xfe, ..] => (Encoding.Unicode, 2),
        [0xfe, 0xff, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>The number of line ends: CR, LF and CR LF count once each.</summary>
    private static long LineEnds(ReadOnlySpan<char> text) => text.Count('\n') + text.Count('\r') - text.Count("\r\n");

    /// <summary>Decodes the next block if no characters are left.</summary>
    /// <returns>Whether there are characters to read.</returns>
    private bool Fill()
    {
        while (_position == _length && !_atEnd)
            Decode(_bytes.AsSpan(0, ReadBlock()));

        return _position < _length;
    }

    private int ReadBlock()
    {
        int count = _stream.ReadAtLeast(_bytes, BlockSize, throwOnEndOfStream: false);
        _atEnd = count < BlockSize;
        return count;
    }

    private void Decode(ReadOnlySpan<byte> block)
    {
        if (_chars.Length == 0)
            _chars = new char[_encoding.GetMaxCharCount(BlockSize)];
        try
        {
            _length = _decoder.GetChars(block, _chars, flush: _atEnd);
        }
        catch (DecoderFallbackException error)
        {
            throw NotText(block, error);
        }

        _position = 0;
        CountLines(_chars.AsSpan(0, _length));
    }

    private void CountLines(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;

        _line += LineEnds(text) - (_afterReturn && text[0] == '\n' ? 1 : 0);
        _afterReturn = text[^1] == '\r';
    }

    private InvalidDataException NotText(ReadOnlySpan<byte> block, DecoderFallbackException error)
    {
        // What is before the error in this block; a character begun in the block before is no line end, however it is replaced here.
        Encoding lenient = (Encoding)_encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        CountLines(lenient.GetString(block[..Math.Clamp(error.Index, 0, block.Length)]));

        byte[] bytes = error.BytesUnknown ?? [];
        return new InvalidDataException(
            $"{_source}, line {_line}: the bytes {Convert.ToHexString(bytes)} are invalid in {_encoding.WebName}. Say which encoding the file " +
            "is in, for example encoding: Encoding.Latin1, or write it in UTF-8.",
            error);
    }
}
