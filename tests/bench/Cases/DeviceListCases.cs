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
    private const string Case = "devices";

    /// <summary>The first page, then the others side by side.</summary>
    private static double RoundTrips => 1 + Math.Ceiling(((double)Devices / PageSize - 1) / SideBySide);

    internal static IEnumerable<Row> Measure(int runs)
    {
        using Simulator simulator = Start();
        List<Sample[]> samples = [];
        for (int i = 0; i < runs; i++)
        {
            // What earlier processes used up is not to slow this one down.
            simulator.Reset();
            samples.Add([.. Fresh.Run<Sample>(GetTwice, Account.Of(simulator).ToArguments())]);
        }
        IReadOnlyList<double> Of(int turn, Func<Sample, double> figure) => [.. samples.Select(run => figure(run[turn]))];

        double[] all = [RoundTrips * Latency];
        double[] first = [Latency * 1e3];
        double[] bare = Bare(simulator, runs);
        yield return new(Case, "all, fresh process", "s", Of(0, run => run.Seconds), all, Goal.Times(1.25));
        yield return new(Case, "all, again", "s", Of(1, run => run.Seconds), all);
        yield return new(
            Case, "first on the pipeline, fresh process", "ms", Of(0, run => run.FirstSeconds * 1e3), first,
            Goal.Times(1.2));
        yield return new(Case, "first on the pipeline, again", "ms", Of(1, run => run.FirstSeconds * 1e3), first);
        yield return new(
            Case, "CPU of all threads, fresh process", "s", Of(0, run => run.CpuSeconds), bare, Goal.AtMost(0.6, "s"));
        yield return new(Case, "CPU of all threads, again", "s", Of(1, run => run.CpuSeconds), bare);
    }

    /// <summary>The same by the hand of someone who has the engine, but not the module.</summary>
    internal static IEnumerable<Row> MeasureYardstick(int runs)
    {
        using Simulator simulator = Start();
        List<Sample> samples = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            samples.AddRange(Fresh.Run<Sample>(GetPlain, Account.Of(simulator).ToArguments()));
        }
        yield return new(
            "yardstick", "devices, page after page, HttpClient", "s",
            [.. samples.Select(run => run.Seconds)], [RoundTrips * Latency]);
        yield return new(
            "yardstick", "its CPU, eager PSObjects from System.Text.Json", "s",
            [.. samples.Select(run => run.CpuSeconds)], Bare(simulator, runs));
    }

    private static Simulator Start() => Server.Start($"--devices {Devices} --latency-ms {Latency * 1e3}");

    /// <summary>What as many bare PSObjects take, in the same run.</summary>
    private static double[] Bare(Simulator simulator, int runs)
    {
        simulator.Configure("\"latencyMs\":0");
        return [.. TextToObjectCase.Run(simulator, runs).Select(run => run.Bare * Devices / 1e6)];
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
