using System;
using DattoRMM.Client;

namespace DattoRMM.Objects;

/// <summary>
/// The shapes (lists of keys) that a stream has sent so far. It only grows, so objects may keep it and decode their
/// nested members with it later, on any thread.
/// </summary>
internal sealed class ShapeTable
{
    private volatile Shape[] _shapes = new Shape[16];
    private volatile int _count;

    internal int Count => _count;

    /// <summary>Adds the next shape. Only the reader of the stream does so.</summary>
    internal void Add(Shape shape)
    {
        Shape[] shapes = _shapes;
        if (_count == shapes.Length)
        {
            Array.Resize(ref shapes, _count * 2);
            _shapes = shapes;
        }
        shapes[_count] = shape;
        _count++;
    }

    /// <exception cref="DrmmException">There is no such shape.</exception>
    internal Shape this[uint index] => index < (uint)_count ? _shapes[index] : throw Malformed.Batch();
}

/// <summary>The keys of an object, in order. A null key marks a value to be passed over.</summary>
internal sealed class Shape
{
    internal Shape(string?[] keys) => Keys = keys;

    internal string?[] Keys { get; }
}

/// <summary>Makes the error for bytes that are not what the library's contract says.</summary>
internal static class Malformed
{
    internal static DrmmException Batch() => new(ErrorKind.Malformed, Messages.MalformedBatch);
}
