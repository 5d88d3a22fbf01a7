using System.Runtime.InteropServices;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Bench.Work;

/// <summary>
/// Passes over the values of a batch as the module's reader does, and builds no objects: what is left of the reader
/// when the engine is taken away.
/// </summary>
/// <param name="kept">
/// Takes the values, so that strings and numbers are made and the bytes of nested objects copied; null for bytes only.
/// </param>
internal unsafe struct BatchWalk(List<object?>? kept)
{
    private const byte ObjectCode = 0xc9;
    private const sbyte RepeatedText = 2;
    private const uint LongestNumberedText = 64;

    private readonly List<string> _texts = [];

    /// <summary>Walks a batch, and gives the number of its items.</summary>
    internal int Walk(byte* start, int length)
    {
        MessageReader reader = new(start, length);
        reader.ReadArrayLength();
        reader.ReadInteger();
        for (int shapes = reader.ReadArrayLength(); shapes > 0; shapes--)
        {
            for (int keys = reader.ReadArrayLength(); keys > 0; keys--)
            {
                reader.ReadOptionalText();
            }
        }
        int items = reader.ReadArrayLength();
        for (int left = items; left > 0; left--)
        {
            MessageReader content = Content(ref reader);
            content.ReadUInt32();
            while (content.Left > 0)
            {
                Pass(ref content);
            }
        }
        return items;
    }

    private static MessageReader Content(ref MessageReader reader)
    {
        uint length = reader.ExtensionLength(reader.ReadByte(), out _) ?? throw Malformed.Batch();
        return new MessageReader(reader.Take(length), (int)length);
    }

    private void Pass(ref MessageReader reader)
    {
        byte code = reader.Peek();
        switch (code)
        {
            case ObjectCode:
                MessageReader content = Content(ref reader);
                if (kept != null)
                {
                    byte[] bytes = new byte[content.Left];
                    Marshal.Copy((nint)content.At, bytes, 0, bytes.Length);
                    kept.Add(bytes);
                }
                return;
            case MessageReader.Nil or MessageReader.False or MessageReader.True:
                reader.ReadByte();
                return;
            case 0xdc or 0xdd or (>= 0x90 and <= 0x9f):
                for (int left = reader.ReadArrayLength(); left > 0; left--)
                {
                    Pass(ref reader);
                }
                return;
        }
        reader.ReadByte();
        if (code == MessageReader.Float64)
        {
            double number = reader.ReadDouble();
            kept?.Add(number);
        }
        else if (reader.TextLength(code) is { } length)
        {
            PassText(ref reader, length);
        }
        else if (reader.Integer(code) is { } integer)
        {
            kept?.Add(integer);
        }
        else
        {
            uint size = reader.ExtensionLength(code, out sbyte type) ?? throw Malformed.Batch();
            byte* number = reader.Take(size);
            if (type == RepeatedText)
            {
                kept?.Add(_texts[size == 1 ? number[0] : (number[0] << 8) | number[1]]);
            }
        }
    }

    private void PassText(ref MessageReader reader, uint length)
    {
        if (kept == null)
        {
            reader.Take(length);
            return;
        }
        string text = reader.ReadText(length);
        kept.Add(text);
        if (length is > 0 and <= LongestNumberedText)
        {
            _texts.Add(text);
        }
    }
}
