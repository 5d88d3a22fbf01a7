using System.Diagnostics;
using System.Management.Automation;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Client;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// What <c>-Property</c> saves: <c>Get-DrmmDevice -Property hostname, lastSeen, udf.udf5</c>, beside whole devices as
/// the limit. From a page's text in memory to kept objects, as <c>text-to-object</c> measures it, and as the whole
/// command on a server without latency, its answers received and unpacked.
/// </summary>
internal static class PropertyCase
{
    private const string Name = "property";
    private const int Devices = 10_000;
    private const int WarmUp = 3;

    private static readonly string[] s_properties = ["hostname", "lastSeen", "udf.udf5"];

    internal static IEnumerable<Row> Measure(int runs)
    {
        using Simulator simulator = Server.Start($"--devices {Devices} --limit 100000000");
        string[] arguments = [.. Account.Of(simulator).ToArguments(), runs.ToString()];
        Costs[] costs = [.. Fresh.Run<Costs>(RunRounds, arguments)];
        Row Of(string what, string unit, Func<Costs, double> figure, Goal? goal = null) => new(
            Name, what, unit,
            [.. costs.Where((_, at) => at % 2 == 1).Select(figure)],
            [.. costs.Where((_, at) => at % 2 == 0).Select(figure)],
            goal);
        yield return Of("of three fields beside all: text to batch (Rust)", "µs", cost => cost.Native);
        yield return Of("text to object, kept", "µs", cost => cost.Whole, Goal.Times(0.5));
        yield return Of("bytes handed over", "", cost => cost.Bytes, Goal.Times(0.25));
        yield return Of("memory of a kept object", "KB", cost => cost.Memory / 1e3, Goal.Times(0.25));
        yield return Of("CPU of the command, 10,000 devices", "ms", cost => cost.Command * 1e3);
    }

    /// <summary>In turns whole devices and those of a few properties.</summary>
    private static IEnumerable<string> RunRounds(string[] arguments)
    {
        Account account = Account.Parse(arguments);
        byte[][] pages;
        using (PlainClient client = PlainClient.LoggedIn(account))
        {
            pages = [.. client.DevicePages()];
        }
        using Shell shell = Shell.Connected(account);
        Call whole = DattoRMM.Commands.Devices.OfAccount(filterId: null);
        Call few = whole.Project(s_properties);
        int rounds = int.Parse(arguments[3]);
        for (int i = -WarmUp; i < rounds; i++)
        {
            foreach (Call call in new[] { whole, few })
            {
                Costs costs = Measure(pages, call) with { Command = CpuOfCommand(shell, call) };
                if (i >= 0)
                {
                    yield return Fresh.Give(costs);
                }
            }
        }
    }

    private static double CpuOfCommand(Shell shell, Call call)
    {
        string property = call.Projection == null ? "" : " -Property " + string.Join(", ", s_properties);
        return shell.Measure(
            $"Get-DrmmDevice{property} | Measure-Item $tally", new Tally(keep: false), Devices).CpuSeconds;
    }

    private static unsafe Costs Measure(byte[][] pages, Call call)
    {
        List<PSObject> kept = new(Devices);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long native = 0;
        long handedOver = 0;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        using (BatchLibrary library = new(call.Projection?.Fields ?? []))
        {
            ShapeTable shapes = new();
            foreach (byte[] page in pages)
            {
                long start = Stopwatch.GetTimestamp();
                nint batch = library.Make(page, out byte* bytes, out int length);
                native += Stopwatch.GetTimestamp() - start;
                handedOver += length;
                using (BatchReader reader = new(bytes, length, shapes, call.Type, call.Projection))
                {
                    while (reader.Read(out object? item))
                    {
                        kept.Add((PSObject)item!);
                    }
                }
                BatchLibrary.Free(batch);
            }
        }
        double took = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds;
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(kept);
        return new Costs(
            native * 1e6 / Stopwatch.Frequency / Devices,
            took / Devices,
            (double)handedOver / Devices,
            (double)(after - before) / Devices,
            Command: 0);
    }

    /// <summary>What a device costs.</summary>
    /// <param name="Native">µs from text to batch.</param>
    /// <param name="Whole">µs from text to a kept object, all threads.</param>
    /// <param name="Bytes">Bytes of the batch.</param>
    /// <param name="Memory">Bytes of the kept object.</param>
    /// <param name="Command">Seconds of CPU of the command, for all devices.</param>
    private sealed record Costs(double Native, double Whole, double Bytes, double Memory, double Command);
}
