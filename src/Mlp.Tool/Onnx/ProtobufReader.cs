using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Mlp.Tool;

/// <summary>Reads a message in protobuf's wire format field by field. Every violation of the format is an <see cref="InvalidDataException"/>.</summary>
/// <param name="message">The message, without its length.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _value;
    private ulong _number;
    private int _wireType;

    /// <summary>Number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>The field's value as a text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The field's value as bytes, or as a message in itself.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _wireType == LengthDelimited ? _value : throw Unexpected();

    /// <summary>The field's value as an integer.</summary>
    public readonly long Integer => _wireType == Varint ? (long)_number : throw Unexpected();

    /// <summary>The field's value as a float.</summary>
    public readonly float Float => _wireType == Fixed32 ? BinaryPrimitives.ReadSingleLittleEndian(_value) : throw Unexpected();

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = TakeVarint(ref _rest);
        (Field, _wireType) = ((int)(key >> 3), (int)(key & 7));
        switch (_wireType)
        {
            case Varint:
                _number = TakeVarint(ref _rest);
                break;
            case Fixed64:
                _value = Take(sizeof(ulong));
                break;
            case LengthDelimited:
                _value = Take(TakeVarint(ref _rest));
                break;
            case Fixed32:
                _value = Take(sizeof(uint));
                break;
            default:
                throw Unexpected();
        }

        return true;
    }

    /// <summary>Adds the field's integers: one, or a whole list in one field.</summary>
    public readonly void AddIntegersTo(List<double> values)
    {
        if (_wireType == Varint)
        {
            values.Add((long)_number);
            return;
        }

        for (ReadOnlySpan<byte> packed = Bytes; !packed.IsEmpty;)
        {
            values.Add((long)TakeVarint(ref packed));
        }
    }

    /// <summary>Adds the field's floats or, of eight bytes each, doubles: one, or a whole list in one field.</summary>
    public readonly void AddNumbersTo<T>(List<double> values)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        int size = typeof(T) == typeof(double) ? sizeof(double) : sizeof(float);
        if (_wireType is Varint || _value.Length % size != 0)
        {
            throw Unexpected();
        }

        for (int at = 0; at < _value.Length; at += size)
        {
            values.Add(size == sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(_value[at..]) : BinaryPrimitives.ReadSingleLittleEndian(_value[at..]));
        }
    }

    private static ulong TakeVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (int at = 0; at < bytes.Length && at < 10; at++)
        {
            number |= (ulong)(bytes[at] & 0x7F) << (7 * at);
            if (bytes[at] < 0x80)
            {
                bytes = bytes[(at + 1)..];
                return number;
            }
        }

        throw new InvalidDataException("the file ends inside a number, or is no protobuf file");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"a field of {length} bytes begins where {_rest.Length} are left: the file is cut short, or no protobuf file");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private readonly InvalidDataException Unexpected() => new($"field {Field} is written in an unexpected way ({_wireType}): the file is damaged, or no ONNX file");
}
