using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace DattoRMM.Objects;

/// <summary>
/// The shapes that streams had lately. Nearly all streams have the same few, so objects of any number of streams share
/// their names. It has a fixed number of places: what somebody makes up pushes others out, and no more.
/// </summary>
internal static unsafe class ShapePool
{
    private const int Places = 64;

    /// <summary>Longer lists of keys are not kept; that of 300 user-defined fields takes 2 KB.</summary>
    private const int LongestList = 8 * 1024;

    private static readonly Entry?[] s_entries = new Entry?[Places];

    /// <summary>Reads a list of keys: a shape that is known, or a new one.</summary>
    internal static Shape Read(ref MessageReader reader)
    {
        MessageReader list = reader;
        Pass(ref reader);
        int length = (int)(reader.At - list.At);
        if (length > LongestList)
        {
            return ReadNew(list);
        }
        uint hash = Hash(list.At, length);
        ref Entry? place = ref s_entries[hash % Places];
        if (Volatile.Read(ref place) is { } known && known.Is(hash, list.At, length))
        {
            return known.Shape;
        }
        Shape shape = ReadNew(list);
        Volatile.Write(ref place, new Entry(hash, list.At, length, shape));
        return shape;
    }

    private static void Pass(ref MessageReader reader)
    {
        for (int left = reader.ReadArrayLength(); left > 0; left--)
        {
            byte code = reader.ReadByte();
            if (code != MessageReader.Nil)
            {
                // A field without a name would be a nil.
                reader.Take(reader.TextLength(code) is { } length and > 0 ? length : throw Malformed.Batch());
            }
        }
    }

    private static Shape ReadNew(MessageReader reader)
    {
        string?[] keys = new string?[reader.ReadArrayLength()];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = reader.ReadOptionalText();
        }
        return new Shape(keys);
    }

    /// <summary>FNV-1a.</summary>
    private static uint Hash(byte* start, int length)
    {
        uint hash = 2166136261;
        for (int i = 0; i < length; i++)
        {
            hash = (hash ^ start[i]) * 16777619;
        }
        return hash;
    }

    private sealed class Entry
    {
        private readonly uint _hash;
        private readonly byte[] _list;

        internal Entry(uint hash, byte* list, int length, Shape shape)
        {
            _hash = hash;
            _list = new byte[length];
            Marshal.Copy((IntPtr)list, _list, 0, length);
            Shape = shape;
        }

        internal Shape Shape { get; }

        internal bool Is(uint hash, byte* list, int length)
        {
            if (hash != _hash || length != _list.Length)
            {
                return false;
            }
            for (int i = 0; i < length; i++)
            {
                if (list[i] != _list[i])
                {
                    return false;
                }
            }
            return true;
        }
    }
}
