using System.Diagnostics;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// The most memory that a process ever had while it streamed an account, over what its shell had when it stood idle:
/// engine open, one pipeline run, nothing imported. So everything is on our account: the module, the library, its
/// threads, the garbage. Each run is in a fresh process; a reader that is slow lets the pages get as far ahead of it as
/// they may.
/// </summary>
/// <remarks>
/// The limit is as many objects of one field and a type name, made by a script. The engine notes the type names and the
/// members of each custom object in tables of its own, which grow for a while after the objects are gone: so memory is
/// not quite flat for anybody's objects, as it is for numbers.
/// </remarks>
internal static class MemoryStreamCase
{
    private const string Name = "memory-stream";
    private const string Fast = "Get-DrmmDevice | ForEach-Object {}";
    private const string Slow = "Get-DrmmDevice | ForEach-Object { foreach ($i in 1..400) {} }";
    private const string Bare =
        "1..$count | ForEach-Object { " +
        "$made = [pscustomobject]@{ uid = \"$_\" }; $made.PSTypeNames.Insert(0, 'DattoRMM.Device'); $made " +
        "} | ForEach-Object {}";
    private const double PageSize = 250;

    private static readonly Goal s_most = Goal.AtMost(60, "MB");

    internal static IEnumerable<Row> Measure(int runs)
    {
        List<double> middle = Run(30_000, Fast, runs);
        List<double> large = Run(100_000, Fast, runs);
        List<double> middleBare = RunBare(30_000, runs);
        List<double> largeBare = RunBare(100_000, runs);
        yield return new(Name, "10,000 devices", "MB", Run(10_000, Fast, runs), RunBare(10_000, runs), s_most);
        yield return new(Name, "30,000 devices", "MB", middle, middleBare, s_most);
        yield return new(Name, "30,000 devices, slow reader", "MB", Run(30_000, Slow, runs), middleBare, s_most);
        yield return new(Name, "100,000 devices", "MB", large, largeBare, s_most);
        // Not from 10,000 on: the runtime is still compiling what is used often when those are through.
        yield return new(
            Name, "from 30,000 to 100,000", "MB",
            [.. large.Zip(middle, (more, less) => more - less)],
            [.. largeBare.Zip(middleBare, (more, less) => more - less)],
            Goal.Times(1.25));
        yield return MeasureInstalled(runs);
    }

    /// <summary>In a full console, where there is one.</summary>
    private static Row MeasureInstalled(int runs)
    {
        if (InstalledShell.Version == null)
        {
            return new(Name, $"in a full console: not run, no {InstalledShell.Program} on the path", "", [0]);
        }
        using Simulator simulator = Server.Start("--devices 100000");
        List<double> grown = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            grown.Add(InstalledShell.Run<long>(
                "Measure-Memory.ps1", [Paths.Manifest, .. Account.Of(simulator).ToArguments()]) / 1e6);
        }
        string console = $"{InstalledShell.Program} {InstalledShell.Version}";
        return new(Name, $"100,000 devices, in {console}", "MB", grown, Goal: s_most);
    }

    private static List<double> RunBare(int objects, int runs) =>
        [.. Enumerable.Range(0, runs).SelectMany(_ => Fresh.Run<double>(StreamBare, $"{objects}"))];

    private static List<double> Run(int devices, string script, int runs)
    {
        using Simulator simulator = Server.Start($"--devices {devices}");
        List<double> grown = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            grown.AddRange(Fresh.Run<double>(Stream, [.. Account.Of(simulator).ToArguments(), script]));
            int pages = simulator.Calls("account/devices").Count;
            if (pages != Math.Ceiling(devices / PageSize))
            {
                throw new InvalidOperationException($"{script}: {pages} pages of {devices} devices");
            }
        }
        return grown;
    }

    private static IEnumerable<string> Stream(string[] arguments)
    {
        using Shell shell = new();
        shell.Run("1 | ForEach-Object {}");
        double idle = Resident();
        shell.Connect(Account.Parse(arguments));
        shell.Run(arguments[3]);
        yield return Fresh.Give((MostResident() - idle) / 1e6);
    }

    private static IEnumerable<string> StreamBare(string[] arguments)
    {
        using Shell shell = new();
        shell.Run("1 | ForEach-Object {}");
        double idle = Resident();
        shell.Set("count", int.Parse(arguments[0]));
        shell.Run(Bare);
        yield return Fresh.Give((MostResident() - idle) / 1e6);
    }

    private static double Resident()
    {
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>The most bytes of this process that were ever in memory at once: the system keeps count.</summary>
    private static double MostResident()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and long most
            ? most
            : throw new PlatformNotSupportedException("this system does not tell how much memory a process had at most");
    }
}
