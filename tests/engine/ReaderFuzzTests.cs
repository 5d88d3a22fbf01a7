using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// The readers of the library's messages, fed with what no library would write. They give a value or the one error,
/// take no more memory than the message is worth, and never look beyond its end: what stands there must make no
/// difference. A million cases for each reader, and a tenth of that where a few fields were asked for; more, or others,
/// with <c>DRMM_FUZZ_CASES</c> and <c>DRMM_FUZZ_SEED</c> in the environment.
/// </summary>
public sealed unsafe class ReaderFuzzTests : IDisposable
{
    private readonly Simulator _sim =
        Simulator.Start("--devices 1 --sites 1 --alerts-open 1 --alerts-resolved 0 --extra-fields");

    private readonly Engine _engine = new();
    private readonly NativeSession _session;

    public ReaderFuzzTests() => _session = NativeBatches.Connect(_sim);

    public void Dispose()
    {
        _session.Disconnect();
        _engine.Dispose();
        _sim.Dispose();
    }

    [Fact]
    public void A_million_damaged_batches_are_values_or_the_error()
    {
        List<byte[]> originals = Originals();
        Assert.All(originals, original => Assert.True(MessageFuzzer.Read(original, MessageFuzzer.Batch)));

        (long read, long refused) = new MessageFuzzer([0x93, 0x00], originals, MessageFuzzer.Batch).Run();

        // Damage that is never noticed, or always, would mean that nothing was tried.
        Assert.InRange(refused, (read + refused) / 5, (read + refused) * 19 / 20);
    }

    [Fact]
    public void A_million_damaged_later_batches_of_a_stream_are_values_or_the_error()
    {
        _sim.Faults(
            Fault.On("GET /v2/any", Fault.Answer("""
                {"pageDetails":{"count":1,"totalCount":2,"nextPageUrl":"/api/v2/any?page=1"},
                 "any":[{"a":1,"b":{"c":"x","d":"x"},"e":[{"f":1},{"f":2,"g":3}]}]}
                """), page: 0),
            Fault.On("GET /v2/any", Fault.Answer("""
                {"pageDetails":{"count":1,"totalCount":2,"nextPageUrl":null},
                 "any":[{"b":{"c":"x","d":"y"},"a":1,"e":[{"f":{"h":[]}},{"f":2,"g":3}],"new":{"i":"x","j":"x"}},
                        "a text of which no letter decides how the rest is read, so that damage here gives values"]}
                """), page: 1));
        List<byte[]> batches = NativeBatches.Read(_session, Call.Pages(null, "any", "v2/any")).Batches;
        Assert.Equal(2, batches.Count);
        List<Shape> first = [];
        Assert.True(MessageFuzzer.Read(batches[0], (start, length) =>
        {
            ShapeTable table = new();
            int read = MessageFuzzer.Batch(start, length, table);
            first = [.. Enumerable.Range(0, table.Count).Select(index => table[(uint)index])];
            return read;
        }));
        MessageFuzzer.Reader later = (start, length) =>
        {
            ShapeTable table = new();
            first.ForEach(table.Add);
            return MessageFuzzer.Batch(start, length, table);
        };
        Assert.True(MessageFuzzer.Read(batches[1], later));

        (long read, long refused) = new MessageFuzzer([0x93, (byte)first.Count], [batches[1]], later).Run();

        Assert.InRange(refused, (read + refused) / 5, (read + refused) * 19 / 20);
    }

    [Fact]
    public void A_hundred_thousand_damaged_batches_of_chosen_fields_are_values_or_the_error()
    {
        _sim.Faults(Fault.On("GET /v2/any", Fault.Answer("""
            {"pageDetails":{"count":2,"totalCount":2,"nextPageUrl":null},
             "any":[{"uid":"u1","siteUid":"s","a":"x","b":{"c":"x","d":["x",{"e":"x"}]},"f":[{"g":1},{"g":null}]},
                    {"uid":"u2","siteUid":"s","a":-0.5,"b":null,"f":[],"h":123456789012345678901234567890}]}
            """)));
        Call any = Chosen("any", "v2/any", "a", "b", "b.d", "f.g", "h", "none");
        // As many fields as the other, so each can be read as the other.
        Call devices = Chosen(
            "devices", "v2/account/devices", "hostname", "udf", "udf.udf5", "deviceType.category", "portalUrl", "none");
        MessageFuzzer.Reader chosen = (start, length) =>
            MessageFuzzer.Batch(start, length, new ShapeTable(), any.Projection!);
        List<byte[]> originals =
            [.. NativeBatches.Read(_session, any).Batches, .. NativeBatches.Read(_session, devices).Batches];
        Assert.All(originals, original => Assert.True(MessageFuzzer.Read(original, chosen)));

        (long read, long refused) = new MessageFuzzer([0x93, 0x00], originals, chosen).Run(share: 10);

        Assert.InRange(refused, (read + refused) / 5, (read + refused) * 19 / 20);
    }

    [Fact]
    public void A_million_damaged_reports_are_values_or_the_error()
    {
        List<byte[]> originals = NativeBatches.Read(_session, Call.Get(null, "v2/account")).Reports;
        // What the library writes when it waits, and when it cannot say for how long.
        originals.Add([0x92, 0x94, 0xa1, (byte)'a', 0xcd, 0x27, 0x10, 0xff, 0xcf, 0, 0, 0, 1, 0, 0, 0, 0, 0x90]);
        originals.Add([0x92, 0x94, 0xa0, 0, 5, 0xff, 0x91, 0x92, 2, 0xa2, 0xc3, 0xa4]);
        Assert.All(originals, original => Assert.True(MessageFuzzer.Read(original, MessageFuzzer.Report)));

        (long read, long refused) = new MessageFuzzer([0x92, 0x94], originals, MessageFuzzer.Report).Run();

        Assert.InRange(refused, (read + refused) / 5, (read + refused) * 19 / 20);
    }

    [Fact]
    public void A_batch_that_was_cut_anywhere_is_the_error()
    {
        byte[] original = Originals()[0];
        for (int length = 0; length < original.Length; length++)
        {
            Assert.False(MessageFuzzer.Read(original[..length], MessageFuzzer.Batch));
        }
    }

    [Fact]
    public void Bytes_behind_a_batch_are_the_error()
    {
        Assert.All(Originals(), original =>
            Assert.False(MessageFuzzer.Read([.. original, 0xc0], MessageFuzzer.Batch)));
        Assert.False(MessageFuzzer.Read([0x93, 0x00, 0x90, 0x90, 0xc0], MessageFuzzer.Batch));
    }

    [Fact]
    public void After_a_fault_a_batch_gives_nothing_more()
    {
        // Three items, of which the second is no value.
        byte[] bytes = [0x93, 0x00, 0x90, 0x93, 0x01, 0xc1, 0x03];
        Assert.False(MessageFuzzer.Read(bytes, (start, length) =>
        {
            using BatchReader reader = new((byte*)start, length, new ShapeTable(), null);
            Assert.True(reader.Read(out object? item));
            Assert.Equal(1L, item);
            Assert.Throws<DrmmException>(() => reader.Read(out _));
            return reader.Read(out _) ? 1 : 0;
        }));
    }

    [Fact]
    public void An_object_takes_no_room_for_fields_that_cannot_be_there()
    {
        ShapeTable shapes = new();
        shapes.Add(new Shape([.. Enumerable.Range(0, 100_000).Select(number => $"k{number}")]));
        byte[] bytes = [0x93, 0x01, 0x90, 0x91, 0xc9, 0, 0, 0, 5, 1, 0, 0, 0, 0, 0xc0];

        Assert.False(MessageFuzzer.Read(bytes, (start, length) =>
        {
            using BatchReader reader = new((byte*)start, length, shapes, null);
            return reader.Read(out _) ? 1 : 0;
        }));
    }

    [Fact]
    public void Arrays_within_arrays_that_all_claim_the_rest_take_no_room_for_it()
    {
        byte[] bytes = new byte[1_000_000];
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (0x93, 0x00, 0x90, 0x91);
        for (int at = 4; at < 4 + (5 * 150); at += 5)
        {
            (bytes[at], bytes[at + 2], bytes[at + 3]) = (0xdd, 0x0e, 0x00);
        }
        // The innermost ends in what is no value.
        bytes[900_000] = 0xc1;

        Assert.False(MessageFuzzer.Read(bytes, MessageFuzzer.Batch));
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

        Assert.False(MessageFuzzer.Read(message.ToArray(), MessageFuzzer.Batch));
    }

    /// <summary>Two hidden fields, and those that are named.</summary>
    private static Call Chosen(string items, string path, params string[] names) =>
        Call.Pages("DattoRMM.Any", items, path).Where(_ => true, "uid", "siteUid").Project(names);

    /// <summary>Batches of every kind of answer.</summary>
    private List<byte[]> Originals()
    {
        string[] answers =
        [
            """{"a":1,"A":2,"big":123456789012345678901234567890,"f":-0.5,"t":true,"n":null,"s":"äöü😀","r":"äöü😀"}""",
            """{"list":[1,[2,{"x":{"y":{"z":[null]}}}],"ab","ab"],"e":{},"l":[]}""",
            """{"o":{"p":{"q":1,"r":2},"s":"again","t":"again"},"u":{"v":null,"w":{}}}""",
            """[[],{"a":[{}]},{"a":[{"b":1}]},{"b":{"c":-129,"d":70000,"e":5000000000}},"x","x",1e300]""",
        ];
        List<byte[]> small = [];
        foreach (string answer in answers)
        {
            _sim.Faults(Fault.On("GET /v2/any", Fault.Answer(answer)));
            small.AddRange(NativeBatches.Read(_session, Call.Get(null, "v2/any")).Batches);
            small.AddRange(NativeBatches.Read(_session, Call.Get(null, "v2/any").Text()).Batches);
        }
        return
        [
            // The first ones are what the module reads; they are large, so they come once among many.
            .. NativeBatches.Read(_session, Call.Pages("DattoRMM.Device", "devices", "v2/account/devices")).Batches,
            .. NativeBatches.Read(_session, Call.Pages("DattoRMM.Alert", "alerts", "v2/account/alerts/open")).Batches,
            .. NativeBatches.Read(_session, Call.Get(null, "v2/account")).Batches,
            .. small, .. small, .. small,
        ];
    }
}
