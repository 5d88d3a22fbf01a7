using System.Management.Automation;
using System.Threading;

namespace DattoRMM.Objects;

/// <summary>
/// A field whose value is an object that is decoded when it is first read. Until then it holds its own few bytes,
/// never the page's. To scripts it is a note property like any other. Safe to read on several threads at once.
/// </summary>
internal sealed unsafe class LazyProperty : PSNoteProperty, HiddenFields.ICarrier
{
    private readonly ShapeTable _shapes;
    private byte[]? _bytes;
    private bool _isAdded;

    /// <param name="name">The field.</param>
    /// <param name="bytes">The number of the object's shape and its values; not to be changed any more.</param>
    /// <param name="shapes">The shapes of the stream that the bytes came from.</param>
    /// <param name="hidden">What the object that it belongs to hides, or null.</param>
    internal LazyProperty(string name, byte[] bytes, ShapeTable shapes, HiddenFields? hidden)
        : base(name, null)
    {
        _bytes = bytes;
        _shapes = shapes;
        Hidden = hidden;
    }

    public HiddenFields? Hidden { get; }

    public override object? Value
    {
        get
        {
            byte[]? bytes = Volatile.Read(ref _bytes);
            if (bytes != null)
            {
                lock (bytes)
                {
                    if (_bytes != null)
                    {
                        base.Value = Decode(bytes);
                        Volatile.Write(ref _bytes, null);
                    }
                }
            }
            return base.Value;
        }

        set
        {
            byte[]? bytes = Volatile.Read(ref _bytes);
            if (bytes == null)
            {
                base.Value = value;
                return;
            }
            lock (bytes)
            {
                base.Value = value;
                Volatile.Write(ref _bytes, null);
            }
        }
    }

    /// <summary>That of a custom object; known without decoding it.</summary>
    public override string TypeNameOfValue =>
        Volatile.Read(ref _bytes) != null ? typeof(PSCustomObject).FullName! : base.TypeNameOfValue;

    /// <summary>Itself when it is added to its object; after that a copy, which decodes for itself.</summary>
    public override PSMemberInfo Copy()
    {
        if (!_isAdded)
        {
            _isAdded = true;
            return this;
        }
        byte[]? bytes = Volatile.Read(ref _bytes);
        return bytes == null
            ? FieldProperty.Create(Name, base.Value, Hidden).Copy()
            : new LazyProperty(Name, bytes, _shapes, Hidden) { _isAdded = true };
    }

    private PSObject Decode(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            return new ValueReader(new MessageReader(start, bytes.Length), _shapes).ReadContent();
        }
    }
}
