using System.Management.Automation;
using System.Runtime.CompilerServices;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>An object that is kept keeps its own bytes alive, and nothing of the page or stream it came with.</summary>
public sealed class KeptObjectTests : IDisposable
{
    private const int Pages = 20;
    private const int Streams = 100;

    private readonly Simulator _sim = Simulator.Start($"--devices {Pages * 250} --udfs 300");

    public void Dispose() => _sim.Dispose();

    [Fact]
    public void A_device_that_is_kept_of_each_page_keeps_nothing_else_of_it()
    {
        // In a process of its own, whose heap nobody else uses.
        string[] weighed = [.. Child.Run(KeepOneOfEachPage, [_sim.Url, _sim.Key, _sim.Secret])];

        // What the others were, and the pages' bytes, would be 2 MB a page.
        Assert.InRange(int.Parse(weighed[0]), 3_000, 20_000);
        Assert.Equal("0 of 40", weighed[1]);
    }

    [Fact]
    public void Devices_of_many_streams_share_the_names_of_their_fields()
    {
        string[] weighed = [.. Child.Run(KeepOneOfEachStream, [_sim.Url, _sim.Key, _sim.Secret])];

        // The names of 300 user-defined fields would be 12 KB of each stream.
        Assert.InRange(int.Parse(weighed[0]), 3_000, 12_000);
    }

    private static IEnumerable<string> KeepOneOfEachPage(string[] account)
    {
        using Engine engine = Connected(account);
        List<WeakReference> others = [];
        double grown = Grown(engine, Pages, () => KeepFirsts(engine, others));
        yield return ((int)grown).ToString();
        yield return $"{others.Count(other => other.IsAlive)} of {others.Count}";
    }

    private static IEnumerable<string> KeepOneOfEachStream(string[] account)
    {
        using Engine engine = Connected(account);
        engine.Run($"$uids = @(Get-DrmmDevice -Property uid)[1..{Streams}].uid");
        double grown = Grown(engine, Streams, () => engine.Run("$kept = $uids | Get-DrmmDevice"));
        yield return ((int)grown).ToString();
    }

    private static Engine Connected(string[] account)
    {
        Engine engine = new();
        engine["account"] = account;
        engine.Run("Connect-DrmmApi -Url $account[0] -Key $account[1] -SecretKey $account[2]");
        return engine;
    }

    /// <summary>What a device adds to the heap that <c>$kept</c> holds.</summary>
    private static double Grown(Engine engine, int devices, Action keep)
    {
        // The first time also weighs what the engine keeps once and for all.
        keep();
        engine["kept"] = null;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        keep();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(devices, ((object[])engine["kept"]!).Length);
        return (double)grown / devices;
    }

    /// <summary>Keeps the first device of each page, and watches the last one and its <c>udf</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepFirsts(Engine engine, List<WeakReference> others)
    {
        others.Clear();
        IReadOnlyList<PSObject?> all = engine.Run("Get-DrmmDevice");
        engine["kept"] = all.Where((_, number) => number % 250 == 0).Cast<object>().ToArray();
        foreach (PSObject? last in all.Where((_, number) => number % 250 == 249))
        {
            others.Add(new WeakReference(last));
            others.Add(new WeakReference(last!.Properties["udf"]));
        }
    }
}
