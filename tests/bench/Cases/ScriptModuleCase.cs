using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
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
    private const string Program = "pwsh";
    private const int Devices = 10_000;
    private const double Latency = 0.2;
    private const double RoundTrips = 6;

    internal static IEnumerable<Row> Measure(int runs)
    {
        string folder = Path.Combine(Paths.Root, "tests", "bench", "yardstick");
        using Simulator simulator = Server.Start($"--devices {Devices} --latency-ms {Latency * 1e3}");
        List<Answer> ours = [];
        List<Answer> script = [];
        try
        {
            for (int i = 0; i < runs; i++)
            {
                ours.Add(Run(simulator, folder, Paths.Manifest, "Connect-DrmmApi", "Get-DrmmDevice"));
                script.Add(
                    Run(simulator, folder, Path.Combine(folder, "ScriptModule.psm1"), "Connect-Api", "Get-Devices"));
            }
        }
        catch (Win32Exception)
        {
            return [new(Name, $"not run: no {Program} on the path", "", [0])];
        }
        double[] limit = [RoundTrips * Latency];
        string version = ours[0].Version;
        return
        [
            new(Name, $"ours, in {Program} {version}", "s", [.. ours.Select(run => run.Seconds)], limit),
            new(Name, "a script module", "s", [.. script.Select(run => run.Seconds)], limit),
            new(Name, "CPU, ours beside the script module's", "s",
                [.. ours.Select(run => run.CpuSeconds)], [.. script.Select(run => run.CpuSeconds)]),
        ];
    }

    private static Answer Run(Simulator simulator, string folder, string module, string connect, string get)
    {
        simulator.Reset();
        ProcessStartInfo start = new(Program)
        {
            ArgumentList =
            {
                "-NoProfile", "-NonInteractive", "-File", Path.Combine(folder, "Measure-Module.ps1"),
                module, connect, get, simulator.Url, simulator.Key, simulator.Secret,
            },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Answer? answer = process.ExitCode == 0 ? JsonSerializer.Deserialize<Answer>(printed) : null;
        return answer?.Devices == Devices
            ? answer
            : throw new InvalidOperationException($"{Program}, {module}: {process.ExitCode}, {printed}");
    }

    private sealed record Answer(string Version, int Devices, double Seconds, double CpuSeconds);
}
