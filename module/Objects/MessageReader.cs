using System.Text;

namespace DattoRMM.Objects;

/// <summary>
/// A place in a MessagePack message, and the reading of its smallest parts. Every read checks the end first, so that
/// corrupt bytes give an error and never a read beyond them.
/// </summary>
internal unsafe struct MessageReader
{
    internal const byte Nil = 0xc0;
    internal const byte False = 0xc2;
    internal const byte True = 0xc3;
    internal const byte Float64 = 0xcb;

    private byte* _at;
    private readonly byte* _end;

    internal MessageReader(byte* start, int length)
    {
        _at = start;
        _end = start + length;
    }

    /// <summary>How many bytes are left.</summary>
    internal readonly int Left => (int)(_end - _at);

    internal readonly byte* At => _at;

    internal readonly byte Peek() => _at < _end ? *_at : throw Malformed.Batch();

    internal byte ReadByte() => *Take(1);

    internal ushort ReadUInt16()
    {
        byte* bytes = Take(2);
        return (ushort)((bytes[0] << 8) | bytes[1]);
    }

    internal uint ReadUInt32()
    {
        byte* bytes = Take(4);
        return ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
    }

    internal ulong ReadUInt64()
    {
        ulong high = ReadUInt32();
        return (high << 32) | ReadUInt32();
    }

    internal double ReadDouble()
    {
        ulong bits = ReadUInt64();
        return *(double*)&bits;
    }

    /// <summary>Takes the next bytes.</summary>
    internal byte* Take(uint count)
    {
        if (count > (uint)Left)
        {
            throw Malformed.Batch();
        }
        byte* taken = _at;
        _at += count;
        return taken;
    }

    internal string ReadText(uint length)
    {
        byte* bytes = Take(length);
        return length == 0 ? "" : Encoding.UTF8.GetString(bytes, (int)length);
    }

    /// <summary>The head of an array. An element takes at least a byte, so a longer array is corrupt.</summary>
    internal int ReadArrayLength()
    {
        byte code = ReadByte();
        uint length =
            (code & 0xf0) == 0x90 ? code & 0x0fu
            : code == 0xdc ? ReadUInt16()
            : code == 0xdd ? ReadUInt32()
            : throw Malformed.Batch();
        return length <= (uint)Left ? (int)length : throw Malformed.Batch();
    }

    /// <summary>The length of a str whose code was just read, or null if the code is another's.</summary>
    internal uint? TextLength(byte code)
    {
        if ((code & 0xe0) == 0xa0)
        {
            return code & 0x1fu;
        }
        return code switch
        {
            0xd9 => ReadByte(),
            0xda => ReadUInt16(),
            0xdb => ReadUInt32(),
            _ => null,
        };
    }

    /// <summary>A str, or null for nil.</summary>
    internal string? ReadOptionalText()
    {
        byte code = ReadByte();
        return code == Nil ? null : TextLength(code) is { } length ? ReadText(length) : throw Malformed.Batch();
    }

    /// <summary>An integer of 64 bits.</summary>
    internal long ReadInteger() => Integer(ReadByte()) ?? throw Malformed.Batch();

    /// <summary>The integer whose code was just read, or null if the code is another's.</summary>
    internal long? Integer(byte code)
    {
        if (code <= 0x7f || code >= 0xe0)
        {
            return (sbyte)code;
        }
        switch (code)
        {
            case 0xcc: return ReadByte();
            case 0xcd: return ReadUInt16();
            case 0xce: return ReadUInt32();
            case 0xcf:
                ulong value = ReadUInt64();
                return value <= long.MaxValue ? (long)value : throw Malformed.Batch();
            case 0xd0: return (sbyte)ReadByte();
            case 0xd1: return (short)ReadUInt16();
            case 0xd2: return (int)ReadUInt32();
            case 0xd3: return (long)ReadUInt64();
            default: return null;
        }
    }

    /// <summary>
    /// The head of an extension whose code was just read: how many bytes follow, and of what type they are.
    /// Null if the code is another's.
    /// </summary>
    internal uint? ExtensionLength(byte code, out sbyte type)
    {
        uint length;
        switch (code)
        {
            case >= 0xd4 and <= 0xd8: length = 1u << (code - 0xd4); break;
            case 0xc7: length = ReadByte(); break;
            case 0xc8: length = ReadUInt16(); break;
            case 0xc9: length = ReadUInt32(); break;
            default:
                type = 0;
                return null;
        }
        type = (sbyte)ReadByte();
        return length <= (uint)Left ? length : throw Malformed.Batch();
    }
}
