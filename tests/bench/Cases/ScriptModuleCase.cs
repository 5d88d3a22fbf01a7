using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// The way a script module does it, beside ours, in the same full PowerShell: 10,000 devices at 200 ms a response, each
/// run in a fresh process that has imported and connected. Where no <c>pwsh</c> is on the path the row says so.
/// </summary>
internal static class ScriptModuleCase
{
    private const string Name = "script-module";
    private const int Devices = 10_000;
    private const double Latency = 0.2;
    private const double RoundTrips = 6;

    internal static IEnumerable<Row> Measure(int runs)
    {
        if (InstalledShell.Version == null)
        {
            return [new(Name, $"not run: no {InstalledShell.Program} on the path", "", [0])];
        }
        using Simulator simulator = Server.Start($"--devices {Devices} --latency-ms {Latency * 1e3}");
        string yardstick = Path.Combine(InstalledShell.Scripts, "ScriptModule.psm1");
        List<Answer> ours = [];
        List<Answer> script = [];
        for (int i = 0; i < runs; i++)
        {
            ours.Add(Run(simulator, Paths.Manifest, "Connect-DrmmApi", "Get-DrmmDevice"));
            script.Add(Run(simulator, yardstick, "Connect-Api", "Get-Devices"));
        }
        double[] limit = [RoundTrips * Latency];
        return
        [
            new(Name, $"ours, in {InstalledShell.Program} {InstalledShell.Version}", "s",
                [.. ours.Select(run => run.Seconds)], limit, Goal.Times(1.25)),
            new(Name, "a script module", "s", [.. script.Select(run => run.Seconds)], limit),
            new(Name, "CPU, ours, all devices kept", "s", [.. ours.Select(run => run.CpuSeconds)]),
            new(Name, "CPU, the script module's, all devices kept", "s", [.. script.Select(run => run.CpuSeconds)]),
        ];
    }

    private static Answer Run(Simulator simulator, string module, string connect, string get)
    {
        simulator.Reset();
        Answer answer = InstalledShell.Run<Answer>(
            "Measure-Module.ps1", module, connect, get, simulator.Url, simulator.Key, simulator.Secret);
        return answer.Devices == Devices
            ? answer
            : throw new InvalidOperationException($"{module}: {answer.Devices} devices instead of {Devices}");
    }

    private sealed record Answer(int Devices, double Seconds, double CpuSeconds);
}
