using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Objects;
using Xunit.Sdk;

namespace DattoRMM.Tests.Fixtures;

/// <summary>Messages that were damaged, and noise, for a reader that must bear them all.</summary>
internal sealed unsafe class MessageFuzzer
{
    /// <summary>Reads all that is in a message and gives a number that is different if a value is.</summary>
    internal delegate int Reader(nint start, int length);

    /// <summary>
    /// What a message may cost: the values themselves, and arrays within arrays that each claim all the rest, as deep
    /// as the reader goes.
    /// </summary>
    private const long BytesPerByte = 100;

    /// <summary>What an exception and the reader itself cost.</summary>
    private const long BytesAtLeast = 50_000;

    /// <summary>More bytes behind the message, to be seen if somebody looks at them.</summary>
    private const int Beyond = 16;

    private static readonly long s_cases = Number("DRMM_FUZZ_CASES", 1_000_000);
    private static readonly int s_seed = (int)Number("DRMM_FUZZ_SEED", 20260601);

    /// <summary>What claims to be huge, or is the least or the greatest of its kind.</summary>
    private static readonly byte[][] s_extremes =
    [
        [0xdd, 0xff, 0xff, 0xff, 0xff], [0xdd, 0x7f, 0xff, 0xff, 0xff], [0xdc, 0xff, 0xff], [0xdd, 0, 0, 0, 0x40],
        [0xdb, 0x80, 0, 0, 0], [0xdb, 0x7f, 0xff, 0xff, 0xff], [0xda, 0xff, 0xff],
        [0xc9, 0xff, 0xff, 0xff, 0xff, 1], [0xc9, 0x7f, 0xff, 0xff, 0xff, 3], [0xc9, 0, 0, 0, 4, 1, 0, 0, 0, 0],
        [0xcf, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], [0xd6, 2, 0xff, 0xff, 0xff, 0xff],
    ];

    private readonly byte[] _beginning;
    private readonly List<byte[]> _originals;
    private readonly Reader _read;

    /// <param name="beginning">How a message begins, so that noise comes further than its first byte.</param>
    /// <param name="originals">Messages that are all right.</param>
    /// <param name="read">The reader.</param>
    internal MessageFuzzer(byte[] beginning, List<byte[]> originals, Reader read)
    {
        _beginning = beginning;
        _originals = originals;
        _read = read;
    }

    /// <summary>Runs all cases: how many gave values, and how many the error.</summary>
    /// <param name="share">Of so many cases one is run.</param>
    internal (long Read, long Refused) Run(int share = 1)
    {
        long cases = s_cases / share;
        Random random = new(s_seed);
        byte[] message = new byte[1 << 16];
        long read = 0;
        for (long i = 0; i < cases; i++)
        {
            int length = random.Next(8) == 0 ? Noise(random, message) : Damage(random, message);
            if (Case(message.AsSpan(0, length + Beyond), length, twice: i % 8 == 0))
            {
                read++;
            }
        }
        return (read, cases - read);
    }

    /// <summary>Reads one message: whether it gave values.</summary>
    internal static bool Read(byte[] message, Reader read) =>
        new MessageFuzzer([], [], read).Case([.. message, .. new byte[Beyond]], message.Length, twice: true);

    /// <summary>Reads the first batch of a stream and all that is in it.</summary>
    internal static int Batch(nint start, int length) => Batch(start, length, new ShapeTable());

    /// <summary>Reads a batch of a stream that has had these shapes, and all that is in it.</summary>
    /// <param name="projection">What was asked for of its items, or null for all.</param>
    internal static int Batch(nint start, int length, ShapeTable shapes, Projection? projection = null)
    {
        HashCode hash = default;
        string type = projection == null ? "DattoRMM.Any" : "DattoRMM.Any" + Input.ProjectedSuffix;
        using BatchReader reader = new((byte*)start, length, shapes, type, projection);
        while (reader.Read(out object? item))
        {
            Add(item, ref hash);
            if (projection != null && item is PSObject chosen)
            {
                foreach (string name in projection.Hidden)
                {
                    Add(HiddenFields.Read(chosen, name), ref hash);
                }
            }
        }
        return hash.ToHashCode();
    }

    /// <summary>Reads a report.</summary>
    internal static int Report(nint start, int length)
    {
        Report report = Objects.Report.Read(new MessageReader((byte*)start, length));
        HashCode hash = default;
        hash.Add((report.Progress?.Text, report.Progress?.Done, report.Progress?.Total, report.Progress?.Wait));
        foreach (ReportEvent happened in report.Events)
        {
            hash.Add((happened.IsWarning, happened.Text));
        }
        return hash.ToHashCode();
    }

    private static void Add(object? value, ref HashCode hash)
    {
        switch (value)
        {
            case PSObject item:
                foreach (PSPropertyInfo property in item.Properties)
                {
                    hash.Add(property.Name);
                    Add(property.Value, ref hash);
                }
                break;
            case object?[] list:
                foreach (object? element in list)
                {
                    Add(element, ref hash);
                }
                break;
            case null or string or bool or long or double or System.Numerics.BigInteger:
                hash.Add(value);
                break;
            default:
                throw new XunitException($"a value of type {value.GetType()}");
        }
    }

    /// <summary>Reads a message, or reads it twice with other bytes behind it: whether it gave values.</summary>
    private bool Case(Span<byte> padded, int length, bool twice)
    {
        padded[length..].Fill(0x01);
        int? first = Outcome(padded, length);
        if (twice)
        {
            padded[length..].Fill(0xff);
            if (Outcome(padded, length) != first)
            {
                throw new XunitException($"the bytes beyond the end were read: {Hex(padded, length)}");
            }
        }
        return first != null;
    }

    /// <summary>What the reader made of it, or null for the error.</summary>
    private int? Outcome(Span<byte> padded, int length)
    {
        int? outcome = Outcome(padded, length, out long taken);
        if (taken > Allowed(length))
        {
            // Now and then the engine takes something for itself; what a message takes, it takes again.
            Outcome(padded, length, out taken);
        }
        return taken <= Allowed(length)
            ? outcome
            : throw new XunitException($"{taken} bytes of memory for {length}: {Hex(padded, length)}");
    }

    private static long Allowed(int length) => BytesAtLeast + (length * BytesPerByte);

    private int? Outcome(Span<byte> padded, int length, out long taken)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            fixed (byte* start = padded)
            {
                return _read((nint)start, length);
            }
        }
        catch (DrmmException fault) when (fault.Kind == ErrorKind.Malformed)
        {
            return null;
        }
        catch (Exception fault)
        {
            throw new XunitException($"{fault.GetType()}: {fault.Message}; {Hex(padded, length)}", fault);
        }
        finally
        {
            taken = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private int Noise(Random random, byte[] message)
    {
        int length = random.Next(120);
        random.NextBytes(message.AsSpan(0, length));
        if (random.Next(4) != 0 && length > _beginning.Length)
        {
            _beginning.CopyTo(message, 0);
        }
        return length;
    }

    /// <summary>One of the originals with one to three faults.</summary>
    private int Damage(Random random, byte[] message)
    {
        byte[] original = _originals[random.Next(_originals.Count)];
        original.CopyTo(message, 0);
        int length = original.Length;
        for (int times = random.Next(1, 4); times > 0 && length > 0; times--)
        {
            int at = random.Next(length);
            int count = Math.Min(random.Next(1, 9), length - at);
            switch (random.Next(7))
            {
                case 0:
                    message[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    message[at] = (byte)random.Next(256);
                    break;
                case 2:
                    length = Replace(message, length, at, count, []);
                    break;
                case 3:
                    length = Replace(message, length, at, 0, message[at..(at + count)]);
                    break;
                case 4:
                    byte[] other = _originals[random.Next(_originals.Count)];
                    int from = random.Next(other.Length);
                    length = Replace(message, length, at, 0, other.AsSpan(from, Math.Min(16, other.Length - from)));
                    break;
                case 5:
                    byte[] extreme = s_extremes[random.Next(s_extremes.Length)];
                    length = Replace(message, length, at, random.Next(2) * count, extreme);
                    break;
                default:
                    length = at;
                    break;
            }
        }
        return length;
    }

    /// <summary>Puts a part in place of <paramref name="count"/> bytes, and gives the new length.</summary>
    private static int Replace(byte[] message, int length, int at, int count, ReadOnlySpan<byte> part)
    {
        message.AsSpan((at + count)..length).CopyTo(message.AsSpan(at + part.Length));
        part.CopyTo(message.AsSpan(at));
        return length - count + part.Length;
    }

    private static string Hex(Span<byte> padded, int length) => Convert.ToHexString(padded[..length]);

    private static long Number(string variable, long otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text) : otherwise;
}
