using System.Management.Automation;
using System.Text;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;
using Xunit;
using Xunit.Sdk;

namespace DattoRMM.Tests;

/// <summary>
/// The readers of the library's messages, fed with what no library would write. They give a value or the one error,
/// and never look beyond the end: what stands there must make no difference.
/// </summary>
public sealed unsafe class ReaderFuzzTests : IDisposable
{
    /// <summary>All cases follow from it, so that a failure can be seen again.</summary>
    private const int Seed = 20260601;

    /// <summary>More bytes behind the message, to be seen if somebody looks at them.</summary>
    private const int Beyond = 64;

    private readonly Simulator _sim =
        Simulator.Start("--devices 3 --sites 2 --alerts-open 4 --alerts-resolved 0 --extra-fields");

    private readonly Engine _engine = new();
    private readonly NativeSession _session;
    private readonly Random _random = new(Seed);

    public ReaderFuzzTests() => _session = NativeBatches.Connect(_sim);

    public void Dispose()
    {
        _session.Disconnect();
        _engine.Dispose();
        _sim.Dispose();
    }

    [Fact]
    public void Random_bytes_are_a_value_or_the_error()
    {
        for (int i = 0; i < 10_000; i++)
        {
            byte[] bytes = new byte[_random.Next(200)];
            _random.NextBytes(bytes);
            // Half of them begin as a batch does, to come further than its first byte.
            if (i % 2 == 0 && bytes.Length > 2)
            {
                (bytes[0], bytes[1]) = (0x93, 0x00);
            }
            AssertHarmless(bytes, ReadBatch);
            AssertHarmless(bytes, ReadReport);
        }
    }

    [Fact]
    public void Damaged_batches_are_a_value_or_the_error()
    {
        List<byte[]> originals = Originals();
        Assert.All(originals, original => Assert.DoesNotContain("error", Outcome(original, 0, ReadBatch)));
        int refused = 0;
        for (int i = 0; i < 15_000; i++)
        {
            byte[] damaged = Damage(originals[_random.Next(originals.Count)], originals);
            refused += AssertHarmless(damaged, ReadBatch) == "error" ? 1 : 0;
        }
        // Damage that is never noticed, or always, would mean that nothing was tried.
        Assert.InRange(refused, 3_000, 14_000);
    }

    [Fact]
    public void A_batch_that_was_cut_anywhere_is_the_error()
    {
        byte[] original = Originals()[0];
        for (int length = 0; length < original.Length; length++)
        {
            Assert.Equal("error", AssertHarmless(original[..length], ReadBatch));
        }
    }

    [Fact]
    public void Damaged_reports_are_a_value_or_the_error()
    {
        List<byte[]> reports = NativeBatches.Read(_session, Call.Get(null, "v2/account")).Reports;
        Assert.NotEmpty(reports);
        for (int i = 0; i < 5_000; i++)
        {
            AssertHarmless(Damage(reports[_random.Next(reports.Count)], reports), ReadReport);
        }
    }

    [Theory]
    [InlineData(0x91)]
    [InlineData(0xdd)]
    public void Arrays_within_arrays_end_at_a_depth_that_the_stack_can_bear(byte code)
    {
        MemoryStream message = new();
        message.Write([0x93, 0x00, 0x90, 0x91]);
        for (int i = 0; i < 100_000; i++)
        {
            message.Write(code == 0x91 ? [0x91] : [0xdd, 0, 0, 0, 1]);
        }
        message.WriteByte(0xc0);

        Assert.Equal("error", AssertHarmless(message.ToArray(), ReadBatch));
    }

    /// <summary>Batches of every kind of answer.</summary>
    private List<byte[]> Originals()
    {
        _sim.Faults(Fault.On("GET /v2/any", Fault.Answer("""
            {"a":1,"A":2,"big":123456789012345678901234567890,"f":-0.5,"t":true,"n":null,"s":"äöü😀","same":"äöü😀",
             "list":[1,[2,{"x":{"y":{"z":[null]}}}],"äöü😀"],"e":{},"l":[],
             "o":{"p":{"q":1,"r":2},"s":"again","t":"again"}}
            """)));
        return
        [
            .. NativeBatches.Read(_session, Call.Pages("DattoRMM.Device", "devices", "v2/account/devices")).Batches,
            .. NativeBatches.Read(_session, Call.Pages("DattoRMM.Alert", "alerts", "v2/account/alerts/open")).Batches,
            .. NativeBatches.Read(_session, Call.Get(null, "v2/account")).Batches,
            .. NativeBatches.Read(_session, Call.Get(null, "v2/any")).Batches,
            .. NativeBatches.Read(_session, Call.Get(null, "v2/any").Text()).Batches,
        ];
    }

    private byte[] Damage(byte[] original, List<byte[]> others)
    {
        List<byte> bytes = [.. original];
        for (int times = _random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            int at = _random.Next(bytes.Count);
            int length = Math.Min(_random.Next(1, 9), bytes.Count - at);
            switch (_random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    byte[] other = others[_random.Next(others.Count)];
                    int from = _random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 16)]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Reads it twice, with other bytes behind it each time.</summary>
    private static string AssertHarmless(byte[] bytes, Func<nint, int, string> read)
    {
        string first = Outcome(bytes, 0x01, read);
        string second = Outcome(bytes, 0xff, read);
        return first == second
            ? first
            : throw new XunitException($"the bytes beyond the end were read: {Convert.ToHexString(bytes)}");
    }

    private static string Outcome(byte[] bytes, byte beyond, Func<nint, int, string> read)
    {
        byte[] padded = new byte[bytes.Length + Beyond];
        Array.Fill(padded, beyond);
        bytes.CopyTo(padded, 0);
        try
        {
            fixed (byte* start = padded)
            {
                return read((nint)start, bytes.Length);
            }
        }
        catch (DrmmException fault) when (fault.Kind == ErrorKind.Malformed)
        {
            return "error";
        }
        catch (Exception fault)
        {
            throw new XunitException($"{fault.GetType()}: {fault.Message}; {Convert.ToHexString(bytes)}", fault);
        }
    }

    /// <summary>Reads a batch and all that is in it, and writes it down.</summary>
    private static string ReadBatch(nint start, int length)
    {
        StringBuilder text = new();
        using BatchReader reader = new((byte*)start, length, new ShapeTable(), "DattoRMM.Any");
        while (reader.Read(out object? item))
        {
            Write(item, text);
        }
        return text.ToString();
    }

    private static string ReadReport(nint start, int length)
    {
        Report report = Report.Read(new MessageReader((byte*)start, length));
        return $"{report.Progress?.Text} {report.Progress?.Done} {report.Progress?.Total} {report.Progress?.Wait} "
            + string.Join('\n', report.Events.Select(happened => $"{happened.IsWarning} {happened.Text}"));
    }

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case PSObject item:
                foreach (PSPropertyInfo property in item.Properties)
                {
                    text.Append(property.Name).Append('=');
                    Write(property.Value, text);
                }
                break;
            case object?[] list:
                Array.ForEach(list, element => Write(element, text));
                break;
            default:
                text.Append(value).Append(';');
                break;
        }
    }
}
