using System.Management.Automation;
using DattoRMM.Bench.Report;
using DattoRMM.Bench.Work;
using DattoRMM.Tests.Fixtures;

namespace DattoRMM.Bench.Cases;

/// <summary>
/// What a device of <c>Get-DrmmDevice</c> weighs that is kept and whose nested objects nobody reads, beside a bare one
/// with all its other values and the bytes of those. All is managed memory: the library keeps nothing of a batch that
/// was read.
/// </summary>
internal static class MemoryCase
{
    private const int Devices = 10_000;

    internal static IEnumerable<Row> Measure(int runs)
    {
        using Simulator simulator = Server.Start($"--devices {Devices}");
        List<Weights> weights = [];
        for (int i = 0; i < runs; i++)
        {
            simulator.Reset();
            weights.AddRange(Fresh.Run<Weights>(Weigh, Account.Of(simulator).ToArguments()));
        }
        yield return new(
            "memory-device", "kept, nothing nested read", "KB",
            [.. weights.Select(weight => weight.Lazy / 1e3)],
            [.. weights.Select(weight => weight.Folded / 1e3)],
            Goal.Times(1.2));
        yield return new(
            "memory-device", "bare with all nested objects", "KB", [.. weights.Select(weight => weight.Bare / 1e3)]);
    }

    private static IEnumerable<string> Weigh(string[] arguments)
    {
        Account account = Account.Parse(arguments);
        BareDevices folded = new(folded: true);
        BareDevices bare = new(folded: false);
        using (PlainClient client = PlainClient.LoggedIn(account))
        {
            foreach (byte[] page in client.DevicePages())
            {
                folded.Add(page);
                bare.Add(page);
            }
        }
        using Shell shell = Shell.Connected(account);
        // The first time also weighs what the engine keeps once and for all.
        GetDevices(shell);
        yield return Fresh.Give(new Weights(
            Grown(() => GetDevices(shell)), Grown(() => Build(folded)), Grown(() => Build(bare))));
    }

    private static List<PSObject> Build(BareDevices bare)
    {
        List<PSObject> kept = [];
        bare.Build(kept);
        return kept;
    }

    private static List<PSObject> GetDevices(Shell shell)
    {
        Tally tally = new(keep: true);
        shell.Measure("Get-DrmmDevice | Measure-Item $tally", tally, Devices);
        shell.Set("tally", new Tally(keep: false));
        return tally.Kept;
    }

    /// <summary>How many bytes a device adds to the heap.</summary>
    private static double Grown(Func<List<PSObject>> make)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<PSObject> kept = make();
        kept.TrimExcess();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(kept);
        return (double)(after - before) / Devices;
    }

    /// <summary>Bytes of a device.</summary>
    /// <param name="Lazy">The module's, nothing nested read.</param>
    /// <param name="Folded">A bare one without what is inside nested objects.</param>
    /// <param name="Bare">A bare one with all of it.</param>
    private sealed record Weights(double Lazy, double Folded, double Bare);
}
