using System.Diagnostics;
using System.Management.Automation;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// <c>Get-DrmmDevice</c> for a whole account, on a server that takes its time. Each run is in a fresh process that has
/// imported and connected: nothing is compiled, and the quota is not calibrated. The same process then does it again.
/// </summary>
internal static class DeviceListCases
{
    private const int Devices = 10_000;
    private const int PageSize = 250;
    private const int SideBySide = 8;
    private const double Latency = 0.2;
    private const string Yardstick = "yardstick: page after page, HttpClient";

    /// <summary>The first page, then the others side by side.</summary>
    private static double RoundTrips => 1 + Math.Ceiling(((double)Devices / PageSize - 1) / SideBySide);

    internal static IEnumerable<Row> Time(int runs)
    {
        using Simulator simulator = Start();
        double[] limit = [RoundTrips * Latency];
        List<Sample[]> ours = Run(simulator, runs);
        yield return new(
            "devices-200ms", "fresh process", "s", [.. ours.Select(run => run[0].Seconds)], limit, Goal.Times(1.25));
        yield return new("devices-200ms", "again", "s", [.. ours.Select(run => run[1].Seconds)], limit);
        List<Sample> plain = RunPlain(simulator, runs);
        yield return new("devices-200ms", Yardstick, "s", [.. plain.Select(run => run.Seconds)], limit);
    }

    internal static IEnumerable<Row> FirstDevice(int runs)
    {
        using Simulator simulator = Start();
        double[] limit = [Latency * 1e3];
        List<Sample[]> ours = Run(simulator, runs);
        yield return new(
            "first-device", "fresh process", "ms",
            [.. ours.Select(run => run[0].FirstSeconds * 1e3)], limit, Goal.Times(1.2));
        yield return new("first-device", "again", "ms", [.. ours.Select(run => run[1].FirstSeconds * 1e3)], limit);
    }

    internal static IEnumerable<Row> Cpu(int runs)
    {
        using Simulator simulator = Start();
        List<Sample[]> ours = Run(simulator, runs);
        List<Sample> plain = RunPlain(simulator, runs);
        simulator.Configure("\"latencyMs\":0");
        double[] limit = [.. TextToObjectCase.Run(simulator, runs).Select(run => run.Bare * Devices / 1e6)];
        yield return new(
            "cpu-10k", "fresh process", "s", [.. ours.Select(run => run[0].CpuSeconds)], limit, Goal.AtMost(0.6, "s"));
        yield return new("cpu-10k", "again", "s", [.. ours.Select(run => run[1].CpuSeconds)], limit);
        yield return new("cpu-10k", Yardstick, "s", [.. plain.Select(run => run.CpuSeconds)], limit);
    }

    private static Simulator Start() => Simulator.Start($"--devices {Devices} --latency-ms {Latency * 1e3}");

    private static List<Sample[]> Run(Simulator simulator, int runs)
    {
        List<Sample[]> samples = [];
        for (int i = 0; i < runs; i++)
        {
            // What earlier processes used up is not to slow this one down.
            simulator.Reset();
            samples.Add([.. Fresh.Run<Sample>(GetTwice, Account.Of(simulator).ToArguments())]);
        }
        return samples;
    }

    private static List<Sample> RunPlain(Simulator simulator, int runs)
    {
        List<Sample> samples = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            samples.AddRange(Fresh.Run<Sample>(GetPlain, Account.Of(simulator).ToArguments()));
        }
        return samples;
    }

    private static IEnumerable<string> GetTwice(string[] arguments)
    {
        using Shell shell = Shell.Connected(Account.Parse(arguments));
        for (int i = 0; i < 2; i++)
        {
            Tally tally = new(keep: false);
            yield return Fresh.Give(shell.Measure("Get-DrmmDevice | Measure-Item $tally", tally, Devices));
        }
    }

    private static IEnumerable<string> GetPlain(string[] arguments)
    {
        using PlainClient client = PlainClient.LoggedIn(Account.Parse(arguments));
        Tally tally = new(keep: false);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        foreach (byte[] page in client.DevicePages())
        {
            foreach (PSObject device in EagerObjects.OfPage(page))
            {
                tally.Add(device);
            }
        }
        yield return Fresh.Give(new Sample(
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            Stopwatch.GetElapsedTime(start, tally.FirstAt).TotalSeconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalSeconds));
    }
}
