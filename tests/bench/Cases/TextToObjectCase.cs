using System.Diagnostics;
using System.Management.Automation;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// From a page's text to kept objects with their type name, at 30 user-defined fields of which 10 are filled, and at
/// 300. The text is in memory before the clock starts: receiving and unpacking it costs more CPU than some of what is
/// measured, and is not part of it. So the page goes straight into the library's decoder (<see cref="BatchLibrary"/>),
/// and its batch into the module's reader; both are the shipped code, and only the network is left out.
/// The limit is built in turns in the same process: once without what is inside nested objects, which the module does
/// not build either, and once with all of it, beside our devices with everything read. Every round keeps all its
/// objects, so that the garbage collector has to move them as it would for a user.
/// </summary>
internal static class TextToObjectCase
{
    private const string Name = "text-to-object";
    private const int WarmUp = 3;

    private static readonly string[] s_nested = ["deviceType", "antivirus", "patchManagement", "udf"];

    internal static IEnumerable<Row> Measure(int runs)
    {
        IReadOnlyList<Round> few = Run(30, 10_000, runs);
        IReadOnlyList<Round> many = Run(300, 2_500, runs);
        // With 300, reading the text is most of it, which the limit does not do: the last row is for that.
        foreach ((string fields, IReadOnlyList<Round> rounds, Goal? lazy) in
            new[] { ("", few, Goal.Over(10, "µs")), (", 300 fields", many, null) })
        {
            yield return new(
                Name, $"kept, nothing nested read{fields}", "µs",
                [.. rounds.Select(round => round.Lazy)], [.. rounds.Select(round => round.Folded)], lazy);
            yield return new(Name, "of it text to batch (Rust)", "µs", [.. rounds.Select(round => round.Native)]);
            yield return new(Name, "of it batch to objects (C#)", "µs", [.. rounds.Select(round => round.Read)]);
            yield return new(
                Name, $"kept, everything read{fields}", "µs",
                [.. rounds.Select(round => round.Whole)], [.. rounds.Select(round => round.Bare)],
                Goal.Over(10, "µs"));
        }
        yield return new(
            Name, "a KB of text, 300 fields beside 30", "µs",
            [.. many.Select(round => round.Lazy / round.Text * 1e3)],
            [.. few.Select(round => round.Lazy / round.Text * 1e3)],
            Goal.Times(1));
    }

    private static IReadOnlyList<Round> Run(int fields, int devices, int rounds)
    {
        using Simulator simulator = Server.Start($"--devices {devices} --udfs {fields}");
        return Run(simulator, rounds);
    }

    /// <summary>Measures in a child, in rounds after some that warm it up.</summary>
    internal static IReadOnlyList<Round> Run(Simulator simulator, int rounds) =>
        Fresh.Run<Round>(RunRounds, [.. Account.Of(simulator).ToArguments(), rounds.ToString()]);

    private static IEnumerable<string> RunRounds(string[] arguments)
    {
        List<byte[]> pages = [];
        BareDevices folded = new(folded: true);
        BareDevices bare = new(folded: false);
        using (PlainClient client = PlainClient.LoggedIn(Account.Parse(arguments)))
        {
            foreach (byte[] page in client.DevicePages())
            {
                pages.Add(page);
                folded.Add(page);
                bare.Add(page);
            }
        }
        int rounds = int.Parse(arguments[3]);
        int devices = bare.Count;
        for (int i = -WarmUp; i < rounds; i++)
        {
            long native = 0;
            long read = 0;
            double lazy = CpuOf(devices, kept => Decode(pages, kept, ref native, ref read));
            Round round = new(
                lazy,
                CpuOf(devices, folded.Build),
                CpuOf(devices, kept =>
                {
                    long ignored = 0;
                    Decode(pages, kept, ref ignored, ref ignored);
                    kept.ForEach(ReadNested);
                }),
                CpuOf(devices, bare.Build),
                Microseconds(native) / devices,
                Microseconds(read) / devices,
                (double)pages.Sum(page => page.Length) / devices);
            if (i >= 0)
            {
                yield return Fresh.Give(round);
            }
        }
    }

    private static unsafe void Decode(List<byte[]> pages, List<PSObject> kept, ref long native, ref long read)
    {
        using BatchLibrary library = new();
        ShapeTable shapes = new();
        foreach (byte[] page in pages)
        {
            long start = Stopwatch.GetTimestamp();
            nint batch = library.Make(page, out byte* bytes, out int length);
            long made = Stopwatch.GetTimestamp();
            using (BatchReader reader = new(bytes, length, shapes, BareDevices.Type))
            {
                while (reader.Read(out object? item))
                {
                    kept.Add((PSObject)item!);
                }
            }
            read += Stopwatch.GetTimestamp() - made;
            BatchLibrary.Free(batch);
            native += made - start;
        }
    }

    /// <summary>Reads what the module decodes at the first look.</summary>
    private static void ReadNested(PSObject device)
    {
        foreach (string name in s_nested)
        {
            GC.KeepAlive(device.Properties[name].Value);
        }
    }

    /// <summary>The µs that all threads take for a device, when all are made and kept on a tidy heap.</summary>
    private static double CpuOf(int devices, Action<List<PSObject>> make)
    {
        List<PSObject> kept = new(devices);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        make(kept);
        double took = (Environment.CpuUsage.TotalTime - start).TotalMicroseconds;
        return kept.Count == devices
            ? took / devices
            : throw new InvalidOperationException($"{kept.Count} devices instead of {devices}");
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    /// <summary>
    /// µs a device: CPU of all threads, but for <paramref name="Native"/> and <paramref name="Read"/>, which are times of
    /// the one thread at work.
    /// </summary>
    /// <param name="Lazy">From text to our devices, nothing nested read.</param>
    /// <param name="Folded">Bare devices without what is inside nested objects.</param>
    /// <param name="Whole">From text to our devices with all nested objects read.</param>
    /// <param name="Bare">Bare devices with all nested objects.</param>
    /// <param name="Native">The part of <paramref name="Lazy"/> from text to batch.</param>
    /// <param name="Read">The part of <paramref name="Lazy"/> from batch to objects.</param>
    /// <param name="Text">Bytes of text.</param>
    internal sealed record Round(
        double Lazy, double Folded, double Whole, double Bare, double Native, double Read, double Text);
}
