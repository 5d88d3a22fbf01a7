using System.Diagnostics;
using System.Management.Automation.Runspaces;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// How cost grows: with the account, with the fields of a device, with the latency, with the pages and with the
/// runspaces side by side. The limit is what it would be if it grew no faster than linear, or the round trips. Each run
/// is in a fresh process that has done the smallest of it before, on a quota that never paces.
/// </summary>
internal static class GrowthCases
{
    private const string Endless = "--limit 100000000";
    private const int PageSize = 250;
    private const int SideBySide = 8;
    private const int RequestsOfRunspace = 10;
    private const int WarmUps = 20;
    private const int WarmUpDevices = 1_000;
    private const double PageLatency = 0.2;
    private const double RunspaceLatency = 0.1;

    private static readonly SessionStateCmdletEntry s_list = new("Get-DeviceList", typeof(GetDeviceListCommand), null);
    private static readonly int[] s_devices = [1_000, 10_000, 100_000];
    private static readonly int[] s_udfs = [30, 300];
    private static readonly int[] s_pages = [1, 2, 4, 8, 16];
    private static readonly int[] s_runspaces = [1, 4, 16];
    private static readonly int[] s_latencies = [0, 1, 10, 100, 1000];

    /// <summary>Larger accounts: each size costs as much a device as the one before.</summary>
    internal static IEnumerable<Row> MeasureDevices(int runs)
    {
        double[][] cpu = Series(
            runs, GetLists, s_devices.Select(count => ($"--devices {count} {Endless}", count)),
            sample => sample.CpuSeconds);
        double[][] costs = [.. cpu.Select((of, at) => of.Select(s => s * 1e6 / s_devices[at]).ToArray())];
        for (int i = 0; i < s_devices.Length; i++)
        {
            yield return new(
                "growth-devices", $"CPU a device of {s_devices[i]:N0}", "µs", costs[i],
                i == 0 ? null : costs[i - 1], i == 0 ? null : Goal.Times(1.25));
        }
    }

    /// <summary>Devices with more fields: the cost grows no faster than their text.</summary>
    internal static IEnumerable<Row> MeasureUdfs(int runs)
    {
        const int Devices = 5_000;
        double[][] cpu = Series(
            runs, GetLists, s_udfs.Select(udfs => ($"--devices {Devices} --udfs {udfs} {Endless}", Devices)),
            sample => sample.CpuSeconds * 1e6 / Devices);
        double[] bytes = [.. s_udfs.Select(BytesOfDevice)];
        yield return new("growth-udfs", $"CPU a device of {s_udfs[0]} fields, {bytes[0]:N0} bytes", "µs", cpu[0]);
        yield return new(
            "growth-udfs", $"CPU a device of {s_udfs[1]} fields, {bytes[1]:N0} bytes", "µs", cpu[1],
            [.. cpu[0].Select(small => small * bytes[1] / bytes[0])], Goal.Times(1.25));
    }

    /// <summary>Pages side by side: round trips, as long as the machine keeps up with the pages.</summary>
    internal static IEnumerable<Row> MeasurePages(int runs)
    {
        const int Devices = 10_000;
        double[][] seconds = Series(
            runs, GetListsSideBySide,
            s_pages.Select(_ => ($"--devices {Devices} --latency-ms {PageLatency * 1e3} {Endless}", Devices)),
            sample => sample.Seconds);
        for (int i = 0; i < s_pages.Length; i++)
        {
            yield return new(
                "growth-pages", $"{Devices:N0} devices, {s_pages[i]} pages side by side", "s", seconds[i],
                [RoundTrips(Devices, s_pages[i]) * PageLatency]);
        }
    }

    /// <summary>Runspaces on one account: each takes as long as one alone.</summary>
    internal static IEnumerable<Row> MeasureRunspaces(int runs)
    {
        Sample[][] samples = Series(
            runs, GetInRunspaces,
            s_runspaces.Select(_ => ($"--devices 100 --latency-ms {RunspaceLatency * 1e3} {Endless}", 100)),
            sample => sample);
        for (int i = 0; i < s_runspaces.Length; i++)
        {
            yield return new(
                "growth-runspaces", $"{RequestsOfRunspace} requests in each of {s_runspaces[i]} runspaces", "s",
                [.. samples[i].Select(sample => sample.Seconds)], [RequestsOfRunspace * RunspaceLatency],
                Goal.Times(1.25));
        }
        double[][] cpu = [.. samples.Select((of, at) =>
            of.Select(sample => sample.CpuSeconds * 1e3 / (RequestsOfRunspace * s_runspaces[at])).ToArray())];
        for (int i = 1; i < s_runspaces.Length; i++)
        {
            yield return new(
                "growth-runspaces", $"CPU a request, {s_runspaces[i]} runspaces", "ms", cpu[i], cpu[i - 1],
                Goal.Times(1.25));
        }
    }

    /// <summary>Slower answers: round trips, and what the same takes without latency.</summary>
    internal static IEnumerable<Row> MeasureLatency(int runs)
    {
        const int Devices = 1_000;
        double[][] seconds = Series(
            runs, GetLists,
            s_latencies.Select(ms => ($"--devices {Devices} --latency-ms {ms} {Endless}", Devices)),
            sample => sample.Seconds * 1e3);
        yield return new("growth-latency", $"{Devices:N0} devices without latency", "ms", seconds[0]);
        for (int i = 1; i < s_latencies.Length; i++)
        {
            double waits = RoundTrips(Devices, SideBySide) * s_latencies[i];
            yield return new(
                "growth-latency", $"{Devices:N0} devices at {s_latencies[i]:N0} ms", "ms", seconds[i],
                [.. seconds[0].Select(floor => floor + waits)], Goal.Times(1.25));
        }
    }

    private static double RoundTrips(int devices, int sideBySide) =>
        1 + Math.Ceiling((Math.Ceiling((double)devices / PageSize) - 1) / sideBySide);

    /// <summary>
    /// A figure of each step of a series, run by run. A step has a simulator of its own, and so has what goes before.
    /// </summary>
    private static T[][] Series<T>(
        int runs, Func<string[], IEnumerable<string>> work, IEnumerable<(string Options, int Devices)> steps,
        Func<Sample, T> figure)
    {
        (string Options, int Devices)[] all = [($"--devices {WarmUpDevices} {Endless}", WarmUpDevices), .. steps];
        Simulator[] simulators = [.. all.Select(step => Server.Start(step.Options))];
        try
        {
            string[] arguments = [.. simulators.SelectMany((simulator, at) =>
                Account.Of(simulator).ToArguments().Append(all[at].Devices.ToString()))];
            IReadOnlyList<Sample>[] samples =
                [.. Enumerable.Range(0, runs).Select(_ => Fresh.Run<Sample>(work, arguments))];
            return [.. samples[0].Select((_, at) => samples.Select(run => figure(run[at])).ToArray())];
        }
        finally
        {
            Array.ForEach(simulators, simulator => simulator.Dispose());
        }
    }

    private static double BytesOfDevice(int udfs)
    {
        using Simulator simulator = Server.Start($"--devices {PageSize} --udfs {udfs}");
        return (double)simulator.Read($"account/devices?max={PageSize}").GetRawText().Length / PageSize;
    }

    private static IEnumerable<string> GetLists(string[] arguments) =>
        Visit(arguments, (shell, _, devices) => List(shell, "Get-DrmmDevice", devices));

    private static IEnumerable<string> GetListsSideBySide(string[] arguments) =>
        Visit(arguments, (shell, at, devices) => List(shell, $"Get-DeviceList {s_pages[at]}", devices));

    private static Sample List(Shell shell, string script, int devices) =>
        shell.Measure($"{script} | Measure-Item $tally", new Tally(keep: false), devices);

    /// <summary>Runs scripts at the same time, each in a runspace that is open and has sent a request.</summary>
    private static IEnumerable<string> GetInRunspaces(string[] arguments) => Visit(arguments, (_, at, _) =>
    {
        Shell[] shells = [.. Enumerable.Range(0, s_runspaces[at]).Select(_ => Shell.Imported())];
        try
        {
            Array.ForEach(shells, each => each.Run("$uid = (Get-DrmmDevice | Select-First 1).uid"));
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            Thread[] threads = [.. shells.Select(each => new Thread(() =>
                each.Run($"foreach ($i in 1..{RequestsOfRunspace}) {{ $null = Get-DrmmDevice $uid }}")))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            return new Sample(
                Stopwatch.GetElapsedTime(start).TotalSeconds, 0, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
        finally
        {
            Array.ForEach(shells, each => each.Dispose());
        }
    });

    /// <summary>Measures on each account in turn, but for the first.</summary>
    private static IEnumerable<string> Visit(string[] arguments, Func<Shell, int, int, Sample> measure)
    {
        string[][] accounts = [.. arguments.Chunk(4)];
        WarmUp(accounts[0]);
        for (int at = 0; at < accounts.Length - 1; at++)
        {
            string[] account = accounts[at + 1];
            using Shell shell = Shell.Connected(Account.Parse(account), s_list);
            // What only the first request costs, and the look at the quota, are of no interest here.
            shell.Run("$null = Get-DrmmQuota");
            yield return Fresh.Give(measure(shell, at, int.Parse(account[3])));
            shell.Run("Disconnect-DrmmApi");
        }
    }

    /// <summary>Reads a list until all that it takes is compiled as it will be.</summary>
    private static void WarmUp(string[] account)
    {
        using Shell shell = Shell.Connected(Account.Parse(account));
        for (int i = 0; i < WarmUps; i++)
        {
            List(shell, "Get-DrmmDevice", WarmUpDevices);
        }
        shell.Run("Disconnect-DrmmApi");
    }
}
