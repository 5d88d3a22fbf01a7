using System.Diagnostics;
using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;
using Xunit.Abstractions;

namespace DattoRMM.Tests;

/// <summary>A large account. How long it takes is told only: what it may take, tests/bench knows.</summary>
[Collection(Alone.Name)]
public sealed class ScaleTests(ITestOutputHelper output) : EngineTest("--devices 10000 --sites 40 --limit 100000")
{
    private const int Pages = 40;

    [Fact]
    public void Ten_thousand_devices_come_once_each_and_in_the_order_of_the_api()
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<PSObject?> devices = Engine.Run("Get-DrmmDevice");
        output.WriteLine($"{devices.Count} devices in {watch.Elapsed.TotalSeconds:0.00} s");

        Assert.Equal(
            Enumerable.Range(0, Pages)
                .Select(page => Sim.Read($"account/devices?max=250&page={page}").GetProperty("devices"))
                .SelectMany(page => page.EnumerateArray())
                .Select(device => device.GetProperty("uid").GetString()),
            devices.Select(device => (string?)Value(device, "uid")));
    }

    [Fact]
    public void A_pool_of_runspaces_reads_all_of_them_side_by_side()
    {
        Engine.Run("$connection = Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru");
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<string?> counts = Engine.Invoke("""
            1..4 | ForEach-Object -Parallel {
                Import-Module $using:module
                $read = Get-DrmmDevice -Connection $using:connection
                [GC]::Collect()
                "$(@($read.udf.udf1).Count) of $($read.Count)"
            } -ThrottleLimit 4
            """).Well().Texts;
        output.WriteLine($"four times in {watch.Elapsed.TotalSeconds:0.00} s");

        Assert.Equal(Enumerable.Repeat<string?>("10000 of 10000", 4), counts);
    }
}
