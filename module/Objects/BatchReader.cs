using System;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Native;

namespace DattoRMM.Objects;

/// <summary>
/// Reads one batch of the library's contract: takes its new shapes into the stream's table, then gives its items one
/// by one, straight from the library's memory.
/// </summary>
internal sealed unsafe class BatchReader : IDisposable
{
    private readonly NativeBuffer? _buffer;
    private readonly string? _type;
    private readonly Projection? _projection;
    private ValueReader _values;
    private int _left;
    private bool _isBroken;

    /// <summary>Reads a buffer, and disposes it.</summary>
    /// <param name="buffer">The batch.</param>
    /// <param name="shapes">The shapes of its stream.</param>
    /// <param name="type">The type name of items, or null.</param>
    /// <param name="projection">What was asked for of each item, or null for all.</param>
    internal BatchReader(NativeBuffer buffer, ShapeTable shapes, string? type, Projection? projection = null)
        : this(buffer, buffer.Read(out int length), length, shapes, type, projection)
    {
    }

    internal BatchReader(byte* start, int length, ShapeTable shapes, string? type, Projection? projection = null)
        : this(null, start, length, shapes, type, projection)
    {
    }

    private BatchReader(
        NativeBuffer? buffer, byte* start, int length, ShapeTable shapes, string? type, Projection? projection)
    {
        _buffer = buffer;
        _type = type;
        _projection = projection;
        try
        {
            MessageReader reader = new(start, length);
            ReadShapes(ref reader, shapes);
            _left = reader.ReadArrayLength();
            _values = new ValueReader(reader, shapes);
            ExpectEnd();
        }
        catch
        {
            // Who gets no reader cannot dispose it.
            buffer?.Dispose();
            throw;
        }
    }

    /// <summary>Gives the next item. False when there is none.</summary>
    internal bool Read(out object? item)
    {
        if (_isBroken)
        {
            throw Malformed.Batch();
        }
        if (_left == 0)
        {
            item = null;
            return false;
        }
        // Until the item is whole: behind a fault nobody knows where the next one begins.
        _isBroken = true;
        item = _values.ReadItem(_projection);
        _left--;
        ExpectEnd();
        _isBroken = false;
        if (_type != null && item is PSObject value)
        {
            value.TypeNames.Insert(0, _type);
        }
        return true;
    }

    public void Dispose() => _buffer?.Dispose();

    /// <summary>Behind the last item there is nothing.</summary>
    private void ExpectEnd()
    {
        if (_left == 0 && !_values.IsAtEnd)
        {
            throw Malformed.Batch();
        }
    }

    private static void ReadShapes(ref MessageReader reader, ShapeTable shapes)
    {
        if (reader.ReadArrayLength() != 3 || reader.ReadInteger() != shapes.Count)
        {
            throw Malformed.Batch();
        }
        for (int left = reader.ReadArrayLength(); left > 0; left--)
        {
            shapes.Add(ShapePool.Read(ref reader));
        }
    }
}
