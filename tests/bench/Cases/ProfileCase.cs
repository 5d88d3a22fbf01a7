using System.Diagnostics;
using System.Management.Automation;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// Where the time from text to object goes. The library's part is counted in instructions, which are the same on a busy
/// machine; the module's is found by leaving out one part after the other, on the thread that reads and keeps what it
/// reads.
/// </summary>
internal static class ProfileCase
{
    private const string Name = "profile";
    private const int Devices = 2_500;
    private const int PageSize = 250;
    private const int WarmUp = 8;
    private const int Rounds = 20;

    private static readonly int[] s_fields = [30, 300];

    internal static IEnumerable<Row> Measure(int runs) => s_fields.SelectMany(fields => Measure(fields, runs));

    private static IEnumerable<Row> Measure(int fields, int runs)
    {
        using Simulator simulator = Server.Start($"--devices {Devices} --udfs {fields}");
        Account account = Account.Of(simulator);
        foreach (Row row in RustPhases.Measure(FirstPage(account), PageSize, runs))
        {
            yield return row with { Case = Name, What = $"{fields} fields: {row.What}" };
        }
        Parts[] parts = [.. Fresh.Run<Parts>(RunRounds, [.. account.ToArguments(), runs.ToString()])];
        Row Of(string what, Func<Parts, double> part) =>
            new(Name, $"{fields} fields: {what}", "ns", [.. parts.Select(part)]);
        yield return Of("C#, batch to objects", part => part.Whole);
        yield return Of("of it walking the bytes", part => part.Walk);
        yield return Of("of it strings, numbers, nested bytes", part => part.Values - part.Walk);
        yield return Of("for comparison, as many PSObjects of known names, no more", part => part.Objects);
    }

    private static byte[] FirstPage(Account account)
    {
        using PlainClient client = PlainClient.LoggedIn(account);
        return client.DevicePages().First();
    }

    private static IEnumerable<string> RunRounds(string[] arguments)
    {
        BatchLibrary library = new();
        List<Batch> batches = [];
        using (PlainClient client = PlainClient.LoggedIn(Account.Parse(arguments)))
        {
            batches.AddRange(client.DevicePages().Select(page => Batch.Of(library, page)));
        }
        string[][] names = Names(batches);
        int runs = int.Parse(arguments[3]);
        for (int i = -WarmUp; i < runs; i++)
        {
            Parts parts = new(
                NanosecondsOf(_ => Walk(batches, null)),
                NanosecondsOf(_ => Walk(batches, new List<object?>(Devices * 64))),
                NanosecondsOf(kept => Build(names, kept)),
                NanosecondsOf(kept => Read(batches, kept)));
            if (i >= 0)
            {
                yield return Fresh.Give(parts);
            }
        }
    }

    private static unsafe object? Walk(List<Batch> batches, List<object?>? kept)
    {
        foreach (Batch batch in batches)
        {
            new BatchWalk(kept).Walk(batch.Start, batch.Length);
        }
        return kept;
    }

    /// <summary>Objects that have their fields, and nothing in them.</summary>
    private static object? Build(string[][] names, List<PSObject> kept)
    {
        foreach (string[] fields in names)
        {
            PSObject item = new(fields.Length);
            PSMemberInfoCollection<PSPropertyInfo> properties = item.Properties;
            foreach (string field in fields)
            {
                properties.Add(new PSNoteProperty(field, null), preValidated: true);
            }
            item.TypeNames.Insert(0, BareDevices.Type);
            kept.Add(item);
        }
        return kept;
    }

    private static unsafe object? Read(List<Batch> batches, List<PSObject> kept)
    {
        ShapeTable shapes = new();
        foreach (Batch batch in batches)
        {
            using BatchReader reader = new(batch.Start, batch.Length, shapes, BareDevices.Type);
            while (reader.Read(out object? item))
            {
                kept.Add((PSObject)item!);
            }
        }
        return kept;
    }

    private static string[][] Names(List<Batch> batches)
    {
        List<PSObject> devices = [];
        Read(batches, devices);
        return [.. devices.Select(device => device.Properties.Select(field => field.Name).ToArray())];
    }

    /// <summary>The ns of this thread for a device: the fastest of some rounds, each on a tidy heap.</summary>
    private static double NanosecondsOf(Func<List<PSObject>, object?> work)
    {
        double fastest = double.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            List<PSObject> kept = new(Devices);
            GC.Collect();
            long start = Stopwatch.GetTimestamp();
            object? made = work(kept);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Devices);
            GC.KeepAlive(made);
        }
        return fastest;
    }

    /// <summary>A batch of the library, in its memory; it ends with the process.</summary>
    private sealed unsafe record Batch(nint Address, int Length)
    {
        internal byte* Start => (byte*)Address;

        internal static Batch Of(BatchLibrary library, byte[] page)
        {
            library.Make(page, out byte* start, out int length);
            return new Batch((nint)start, length);
        }
    }

    /// <summary>ns a device.</summary>
    /// <param name="Walk">Passing over the bytes.</param>
    /// <param name="Values">That, and making the values.</param>
    /// <param name="Objects">PSObjects with their fields, of which all are null.</param>
    /// <param name="Whole">The module's reader.</param>
    internal sealed record Parts(double Walk, double Values, double Objects, double Whole);
}
