using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace DattoRMM.Client;

/// <summary>
/// Writes JSON as UTF-8, into memory that is wiped when it grows and when it is disposed: a connection's secret passes
/// through here.
/// </summary>
internal sealed unsafe class JsonWriter : IDisposable
{
    /// <summary>How deep objects and arrays may nest; a structure that holds itself ends here.</summary>
    private const int MaximumDepth = 64;

    private byte[] _buffer = new byte[1024];
    private int _length;
    private int _depth;
    private bool _separate;

    /// <summary>The JSON of a value; see <see cref="Value(object?)"/> for what it may be.</summary>
    internal static string Serialize(object? value)
    {
        using JsonWriter json = new();
        json.Value(value);
        return Encoding.UTF8.GetString(json._buffer, 0, json._length);
    }

    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[_length];
        Array.Copy(_buffer, bytes, _length);
        return bytes;
    }

    public void Dispose() => Array.Clear(_buffer, 0, _buffer.Length);

    internal void BeginObject() => Begin('{');

    internal void EndObject() => End('}');

    internal void BeginArray() => Begin('[');

    internal void EndArray() => End(']');

    internal void Name(string name)
    {
        String(name);
        Append((byte)':');
        _separate = false;
    }

    internal void Property(string name, string value)
    {
        Name(name);
        String(value);
    }

    /// <summary>A property whose value never becomes a managed string.</summary>
    internal void Property(string name, SecureString value)
    {
        Name(name);
        IntPtr text = Marshal.SecureStringToGlobalAllocUnicode(value);
        try
        {
            String((char*)text, value.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }

    /// <summary>
    /// A value as scripts have them: text, numbers, booleans, times (ISO 8601), dictionaries and custom objects,
    /// and lists of them.
    /// </summary>
    /// <exception cref="DrmmException">It is none of these, or nests too deep.</exception>
    internal void Value(object? value)
    {
        if (value is PSObject wrapper && wrapper.BaseObject is not PSCustomObject)
        {
            value = wrapper.BaseObject;
        }
        switch (value)
        {
            case null:
                Literal("null");
                break;
            case string text:
                String(text);
                break;
            case bool flag:
                Literal(flag ? "true" : "false");
                break;
            case SwitchParameter flag:
                Literal(flag.IsPresent ? "true" : "false");
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal or BigInteger:
                Literal(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case double number:
                Number(number, RoundTrip(number));
                break;
            case float number:
                // Its own text: as a double, 0.1 would be 0.10000000149011612.
                Number(number, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateTime or DateTimeOffset:
                String(((IFormattable)value).ToString("o", CultureInfo.InvariantCulture));
                break;
            case Enum or Guid or Uri or char:
                String(value.ToString()!);
                break;
            case PSObject custom:
                BeginObject();
                foreach (PSPropertyInfo property in custom.Properties)
                {
                    Name(property.Name);
                    Value(property.Value);
                }
                EndObject();
                break;
            case IDictionary dictionary:
                BeginObject();
                foreach (DictionaryEntry entry in dictionary)
                {
                    Name(LanguagePrimitives.ConvertTo<string>(entry.Key));
                    Value(entry.Value);
                }
                EndObject();
                break;
            case IEnumerable list:
                BeginArray();
                foreach (object? item in list)
                {
                    Value(item);
                }
                EndArray();
                break;
            default:
                throw new DrmmException(ErrorKind.InvalidArgument, Messages.NotJson(value.GetType()));
        }
    }

    private void Number(double value, string text)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NotANumber);
        }
        Literal(text);
    }

    /// <summary>The shortest text that is the same number again; some of .NET Framework's are not.</summary>
    private static string RoundTrip(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double read)
            && read.Equals(value)
                ? text
                : value.ToString("G17", CultureInfo.InvariantCulture);
    }

    private void Begin(char bracket)
    {
        if (++_depth > MaximumDepth)
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.BodyTooDeep(MaximumDepth));
        }
        Separate();
        Append((byte)bracket);
        _separate = false;
    }

    private void End(char bracket)
    {
        _depth--;
        Append((byte)bracket);
        _separate = true;
    }

    private void Literal(string ascii)
    {
        Separate();
        foreach (char character in ascii)
        {
            Append((byte)character);
        }
        _separate = true;
    }

    private void String(string text)
    {
        fixed (char* start = text)
        {
            String(start, text.Length);
        }
    }

    private void String(char* text, int length)
    {
        Separate();
        Append((byte)'"');
        int plain = 0;
        for (int i = 0; i < length; i++)
        {
            char character = text[i];
            if (character < ' ' || character is '"' or '\\')
            {
                Utf8(text + plain, i - plain);
                Escape(character);
                plain = i + 1;
            }
        }
        Utf8(text + plain, length - plain);
        Append((byte)'"');
        _separate = true;
    }

    private void Escape(char character)
    {
        const string Hex = "0123456789abcdef";
        Append((byte)'\\');
        if (character is '"' or '\\')
        {
            Append((byte)character);
            return;
        }
        foreach (char digit in new[] { 'u', '0', '0', Hex[character >> 4], Hex[character & 15] })
        {
            Append((byte)digit);
        }
    }

    private void Utf8(char* text, int length)
    {
        if (length == 0)
        {
            return;
        }
        // A lone surrogate becomes U+FFFD, as everywhere in .NET.
        Reserve(Encoding.UTF8.GetByteCount(text, length));
        fixed (byte* buffer = _buffer)
        {
            _length += Encoding.UTF8.GetBytes(text, length, buffer + _length, _buffer.Length - _length);
        }
    }

    private void Separate()
    {
        if (_separate)
        {
            Append((byte)',');
        }
    }

    private void Append(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    private void Reserve(int count)
    {
        if (_length + count <= _buffer.Length)
        {
            return;
        }
        byte[] larger = new byte[Math.Max(_buffer.Length * 2, _length + count)];
        Array.Copy(_buffer, larger, _length);
        Array.Clear(_buffer, 0, _buffer.Length);
        _buffer = larger;
    }
}
