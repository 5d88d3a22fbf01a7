using System;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Runtime.InteropServices;
using DattoRMM.Client;

namespace DattoRMM.Objects;

/// <summary>
/// Reads the values of one scope of a batch: the list of items, or the inside of one nested object. Strings that
/// repeat within the scope share one instance.
/// </summary>
internal unsafe struct ValueReader
{
    /// <summary>Beyond what the library lets through (128), and well within the stack.</summary>
    private const int MaximumDepth = 160;

    /// <summary>Room for so many elements is made before they are read.</summary>
    private const int MostAtOnce = 256;

    private const sbyte ObjectExtension = 1;
    private const sbyte RepeatedText = 2;
    private const sbyte BigNumber = 3;
    private const uint LongestNumberedText = 64;

    /// <summary>A sign, and as many digits as the library lets through.</summary>
    private const uint LongestNumber = 1_001;

    /// <summary>The code of every object, so that its length is known before its fields are read.</summary>
    private const byte ObjectCode = 0xc9;

    private static readonly object s_true = true;
    private static readonly object s_false = false;

    private readonly ShapeTable _shapes;
    private readonly int _depth;
    private MessageReader _reader;
    private string[] _texts;
    private int _textCount;

    internal ValueReader(MessageReader reader, ShapeTable shapes, int depth = 0)
    {
        if (depth > MaximumDepth)
        {
            throw Malformed.Batch();
        }
        _reader = reader;
        _shapes = shapes;
        _depth = depth;
        _texts = Array.Empty<string>();
        _textCount = 0;
    }

    internal readonly bool IsAtEnd => _reader.Left == 0;

    /// <summary>An item of the list: an object belongs to the list's scope.</summary>
    /// <param name="projection">What is wanted of it, or null for all.</param>
    internal object? ReadItem(Projection? projection)
    {
        if (_reader.Peek() != ObjectCode)
        {
            return ReadValue(_depth);
        }
        MessageReader content = ReadObjectHead();
        // The item's fields are read here, in this scope; what follows the item is read from where it ends.
        MessageReader rest = _reader;
        _reader = content;
        Shape shape = ReadShape();
        PSObject item = projection == null ? ReadFields(shape) : ReadChosen(shape, projection);
        _reader = _reader.Left == 0 ? rest : throw Malformed.Batch();
        return item;
    }

    /// <summary>The whole of a nested object: the number of its shape, then its values.</summary>
    internal PSObject ReadContent()
    {
        PSObject value = ReadFields(ReadShape());
        return _reader.Left == 0 ? value : throw Malformed.Batch();
    }

    private PSObject ReadFields(Shape shape)
    {
        string?[] keys = shape.Keys;
        if (keys.Length > _reader.Left)
        {
            // A value takes at least a byte.
            throw Malformed.Batch();
        }
        PSObject result = ObjectFactory.Create(keys.Length);
        PSMemberInfoCollection<PSPropertyInfo> properties = result.Properties;
        foreach (string? key in keys)
        {
            if (key == null)
            {
                // Passed over; read all the same, since its strings have their numbers in this scope.
                ReadValue(_depth);
            }
            else
            {
                properties.Add(ReadField(key), preValidated: true);
            }
        }
        return result;
    }

    /// <summary>The object of the fields that were asked for; the hidden ones come first.</summary>
    private PSObject ReadChosen(Shape shape, Projection projection)
    {
        string?[] keys = shape.Keys;
        object?[] hidden = new object?[projection.Hidden.Length];
        if (keys.Length != hidden.Length + projection.Names.Length || keys.Length > _reader.Left)
        {
            throw Malformed.Batch();
        }
        for (int i = 0; i < hidden.Length; i++)
        {
            hidden[i] = ReadValue(_depth);
        }
        HiddenFields? carried = projection.Hides ? new HiddenFields(projection, hidden) : null;
        PSObject result = ObjectFactory.Create(projection.Names.Length);
        PSMemberInfoCollection<PSPropertyInfo> properties = result.Properties;
        foreach (string name in projection.Names)
        {
            PSNoteProperty field = ReadField(name, carried);
            properties.Add(
                projection.TryGive(name, out object? given) ? FieldProperty.Create(name, given, carried) : field,
                preValidated: true);
            carried = null;
        }
        return result;
    }

    private PSNoteProperty ReadField(string key, HiddenFields? hidden = null)
    {
        if (_reader.Peek() != ObjectCode)
        {
            return FieldProperty.Create(key, ReadValue(_depth), hidden);
        }
        MessageReader content = ReadObjectHead();
        MessageReader head = content;
        if (_shapes[head.ReadUInt32()].Keys.Length <= 1)
        {
            return FieldProperty.Create(
                key, new ValueReader(content, _shapes, _depth + 1).ReadContent(), hidden);
        }
        byte[] bytes = new byte[content.Left];
        Marshal.Copy((IntPtr)content.At, bytes, 0, bytes.Length);
        return new LazyProperty(key, bytes, _shapes, hidden);
    }

    private object? ReadValue(int depth)
    {
        byte code = _reader.Peek();
        switch (code)
        {
            case MessageReader.Nil:
                _reader.ReadByte();
                return null;
            case MessageReader.False:
                _reader.ReadByte();
                return s_false;
            case MessageReader.True:
                _reader.ReadByte();
                return s_true;
            case MessageReader.Float64:
                _reader.ReadByte();
                return _reader.ReadDouble();
            case ObjectCode:
                return new ValueReader(ReadObjectHead(), _shapes, depth + 1).ReadContent();
            case 0xdc or 0xdd or (>= 0x90 and <= 0x9f):
                return ReadArray(depth + 1);
        }
        _reader.ReadByte();
        if (_reader.TextLength(code) is { } textLength)
        {
            return ReadText(textLength);
        }
        if (_reader.Integer(code) is { } integer)
        {
            return integer;
        }
        if (_reader.ExtensionLength(code, out sbyte type) is { } length)
        {
            return type switch
            {
                RepeatedText => RepeatText(length),
                BigNumber => ReadBigNumber(length),
                _ => throw Malformed.Batch(),
            };
        }
        throw Malformed.Batch();
    }

    private object?[] ReadArray(int depth)
    {
        if (depth > MaximumDepth)
        {
            throw Malformed.Batch();
        }
        int length = _reader.ReadArrayLength();
        // Room for what has come rather than for what is announced, which arrays within arrays could do again and again.
        object?[] elements = new object?[Math.Min(length, MostAtOnce)];
        for (int i = 0; i < length; i++)
        {
            if (i == elements.Length)
            {
                Array.Resize(ref elements, Math.Min(length, i * 2));
            }
            elements[i] = ReadValue(depth);
        }
        return elements;
    }

    private string ReadText(uint length)
    {
        string text = _reader.ReadText(length);
        if (length is > 0 and <= LongestNumberedText)
        {
            if (_textCount == _texts.Length)
            {
                Array.Resize(ref _texts, Math.Max(16, _textCount * 2));
            }
            _texts[_textCount++] = text;
        }
        return text;
    }

    private string RepeatText(uint length)
    {
        uint number = length switch
        {
            1 => _reader.ReadByte(),
            2 => _reader.ReadUInt16(),
            4 => _reader.ReadUInt32(),
            _ => throw Malformed.Batch(),
        };
        return number < (uint)_textCount ? _texts[number] : throw Malformed.Batch();
    }

    private object ReadBigNumber(uint length)
    {
        if (length > LongestNumber)
        {
            // Nobody could stop the reading of it, whose time grows with the square of its length.
            throw Malformed.Batch();
        }
        string digits = _reader.ReadText(length);
        return BigInteger.TryParse(
            digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)
            ? number
            : throw Malformed.Batch();
    }

    /// <summary>Passes the head of an object and returns its content, which is passed as well.</summary>
    private MessageReader ReadObjectHead()
    {
        uint? length = _reader.ExtensionLength(_reader.ReadByte(), out sbyte type);
        return type == ObjectExtension && length is >= sizeof(uint)
            ? new MessageReader(_reader.Take(length.Value), (int)length.Value)
            : throw Malformed.Batch();
    }

    private Shape ReadShape() => _shapes[_reader.ReadUInt32()];
}
