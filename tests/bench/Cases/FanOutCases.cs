using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// A request for each of 500 devices, at 200 ms a response: by pipeline, eight side by side, and by sixteen runspaces
/// that share one account. Each run is in a fresh process that has imported and connected, and a run in which the
/// server refused anything, or another device came than was asked for, is none.
/// </summary>
internal static class FanOutCases
{
    private const int Devices = 500;
    private const double Latency = 0.2;
    private const int SideBySide = 8;
    private const int Runspaces = 16;

    /// <summary>What the API has an audit of.</summary>
    private static readonly string[] s_audited = ["device", "esxihost", "printer"];

    /// <summary><c>Get-DrmmDevice | Get-DrmmDeviceAudit</c>: two pages of devices, then an audit for each.</summary>
    internal static IEnumerable<Row> MeasureAudits(int runs) =>
        Measure("audits-500", runs, GetAudits, Devices, s_audited, SideBySide, inOrder: true);

    /// <summary>Uids piped into <c>Get-DrmmDevice</c>.</summary>
    internal static IEnumerable<Row> MeasureUids(int runs) =>
        Measure("uids-500", runs, GetDevices, Devices, null, SideBySide, inOrder: true);

    /// <summary>
    /// <c>ForEach-Object -Parallel</c>, whose runspaces find the module on the module path. They give their objects as
    /// they have them.
    /// </summary>
    internal static IEnumerable<Row> MeasureParallel(int runs) =>
        Measure("parallel-16", runs, GetInParallel, Devices + 200, ["device"], Runspaces, inOrder: false);

    private static IEnumerable<Row> Measure(
        string name, int runs, Func<string[], IEnumerable<string>> work, int devices, string[]? classes, int sideBySide,
        bool inOrder)
    {
        using Simulator simulator = Server.Start($"--devices {devices} --latency-ms {Latency * 1e3}");
        string[] wanted = [.. Uids(simulator, devices, classes).Take(Devices)];
        List<Result> results = [];
        List<double> requests = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            Result result = Fresh.Run<Result>(work, Account.Of(simulator).ToArguments())[0];
            Check(simulator.Counters());
            string[] Comparable(string[] uids) => inOrder ? uids : [.. uids.Order()];
            if (!Comparable(result.Uids).SequenceEqual(Comparable(wanted)))
            {
                throw new InvalidOperationException($"{name}: {result.Uids.Length} devices, not those asked for");
            }
            results.Add(result);
            requests.Add(simulator.Calls().Count);
        }
        double roundTrips = Math.Ceiling((double)Devices / sideBySide);
        yield return new(
            name, $"{Devices} requests, {sideBySide} side by side", "s",
            [.. results.Select(result => result.Sample.Seconds)], [roundTrips * Latency], Goal.Times(1.25));
        yield return new(name, "CPU of all threads", "s", [.. results.Select(result => result.Sample.CpuSeconds)]);
        yield return new(name, "requests, the list of devices among them", "", requests);
    }

    /// <summary>The uids of the account's devices of these classes, or of all.</summary>
    private static IEnumerable<string> Uids(Simulator simulator, int devices, string[]? classes)
    {
        for (int page = 0; page * 250 < devices; page++)
        {
            JsonElement list = simulator.Read($"account/devices?max=250&page={page}").GetProperty("devices");
            foreach (JsonElement device in list.EnumerateArray())
            {
                if (classes == null || classes.Contains(device.GetProperty("deviceClass").GetString()))
                {
                    yield return device.GetProperty("uid").GetString()!;
                }
            }
        }
    }

    private static void Check(Counters counters)
    {
        if (counters.Tokens != 1 || counters.ByStatus.ContainsKey("429") || counters.Blocked > 0)
        {
            string counted = JsonSerializer.Serialize(counters);
            throw new InvalidOperationException($"not inside the quota with one token: {counted}");
        }
    }

    private static IEnumerable<string> GetAudits(string[] arguments) => Get(
        arguments, "", "Get-DrmmDevice | Get-DrmmDeviceAudit -WarningAction Ignore | Measure-Item $tally", "deviceUid");

    private static IEnumerable<string> GetDevices(string[] arguments) => Get(
        arguments, "$uids = (Get-DrmmDevice).uid", "$uids | Get-DrmmDevice | Measure-Item $tally", "uid");

    private static IEnumerable<string> GetInParallel(string[] arguments)
    {
        Environment.SetEnvironmentVariable("PSModulePath", Path.GetDirectoryName(Paths.Module));
        return Get(
            arguments,
            $"$devices = (Get-DrmmDevice | Where-Object deviceClass -eq device)[0..{Devices - 1}]",
            $$"""
            $devices | ForEach-Object -Parallel { Get-DrmmDeviceAudit $_.uid } -ThrottleLimit {{Runspaces}} |
                Measure-Item $tally
            """,
            "deviceUid");
    }

    private static IEnumerable<string> Get(string[] arguments, string before, string script, string uid)
    {
        using Shell shell = Shell.Connected(Account.Parse(arguments));
        shell.Run(before);
        Tally tally = new(keep: true);
        Sample sample = shell.Measure(script, tally);
        yield return Fresh.Give(
            new Result(sample, [.. tally.Kept.Select(item => (string)item.Properties[uid].Value)]));
    }

    /// <summary>What a run took, and of which devices its objects were, in the order in which they came.</summary>
    private sealed record Result(Sample Sample, string[] Uids);
}
