using System.Diagnostics;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// What a component script does on each device: import, connect, one call, in a process whose engine is open and has
/// run one pipeline. The server's own time, which is its latency for the token and again for the call, is taken off.
/// </summary>
internal static class ComponentScriptCase
{
    private const string Case = "component-script";
    private const int Latency = 50;

    /// <summary>The token, the call, and the call again.</summary>
    private const int Requests = 3;

    internal static IEnumerable<Row> Measure(int runs)
    {
        using Simulator simulator = Server.Start($"--devices 20 --latency-ms {Latency}");
        string device = simulator.Read("account/devices?max=1")
            .GetProperty("devices")[0].GetProperty("uid").GetString()!;
        List<Parts> all = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            all.AddRange(Fresh.Run<Parts>(RunScript, [.. Account.Of(simulator).ToArguments(), device]));
            Expect(simulator);
        }
        yield return new(
            Case, "import, connect, one call", "ms",
            [.. all.Select(parts => parts.Import + parts.Connect + parts.Call)], null, Goal.AtMost(100, "ms"));
        yield return new(Case, "of it import", "ms", [.. all.Select(parts => parts.Import)]);
        yield return new(Case, "of it connect", "ms", [.. all.Select(parts => parts.Connect)]);
        yield return new(Case, "of it the call", "ms", [.. all.Select(parts => parts.Call)]);
        yield return new(Case, "a second call, for comparison", "ms", [.. all.Select(parts => parts.Again)]);
    }

    private static IEnumerable<string> RunScript(string[] arguments)
    {
        Account account = Account.Parse(arguments);
        using Shell shell = new();
        shell.Run("1 | Out-Null");
        shell.Set("module", Paths.Manifest);
        shell.Set("url", account.Url);
        shell.Set("key", account.Key);
        shell.Set("secret", account.Secret);
        shell.Set("uid", arguments[3]);
        const string call = "$device = Get-DrmmDevice -DeviceUid $uid";
        yield return Fresh.Give(new Parts(
            Time(shell, "Import-Module $module"),
            Time(shell, "Connect-DrmmApi -Url $url -Key $key -SecretKey $secret") - Latency,
            Time(shell, call) - Latency,
            Time(shell, call) - Latency));
    }

    private static double Time(Shell shell, string script)
    {
        long start = Stopwatch.GetTimestamp();
        shell.Run(script);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Makes sure that the server's time is what was taken off.</summary>
    private static void Expect(Simulator simulator)
    {
        string[] received = [.. simulator.Requests().Select(request => request.Path)];
        int connections = simulator.Counters().Connections;
        if (received.Length != Requests || connections != 1)
        {
            throw new InvalidOperationException(
                $"{connections} connections instead of one, or other requests: {string.Join(", ", received)}");
        }
    }

    /// <summary>Milliseconds over the server's own time.</summary>
    private sealed record Parts(double Import, double Connect, double Call, double Again);
}
