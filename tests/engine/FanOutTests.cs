using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Several inputs are worked on side by side; what comes out is in the order of what went in.</summary>
public sealed class FanOutTests : EngineTest
{
    private const string Unknown = "ffffffff-0000-4000-8000-000000000000";

    public FanOutTests()
        : base("--devices 60 --sites 3")
    {
        // After Get-DrmmQuota no look at the quota is due, so that only the test's own requests are side by side.
        Engine.Run("$uids = (Get-DrmmDevice).uid[0..29]; $null = Get-DrmmQuota");
        Sim.Reset();
        Sim.Configure("\"latencyMs\": 20");
    }

    [Fact]
    public void Thirty_uids_run_eight_at_a_time_and_come_out_in_order()
    {
        Sim.Configure("\"latencyMs\": 200");
        // The later ones overtake the earlier ones.
        Sim.Faults([.. Enumerable.Range(0, 30).Where(at => at % 4 == 0).Select(at =>
            Fault.On($"GET /v2/device/{Text($"$uids[{at}]")}", Fault.Delay(100)))]);

        Outcome outcome = Engine.Invoke("($uids | Get-DrmmDevice).uid");

        Assert.Equal(Engine.Invoke("$uids").Texts, outcome.Well().Texts);
        Assert.Equal(30, Sim.Calls().Count);
        Assert.Equal(8, Sim.Counters().MaxConcurrent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void The_throttle_limit_says_how_many_run_at_a_time(int limit)
    {
        // Long enough for so many to be begun, however busy this machine is.
        Sim.Configure($"\"latencyMs\": {30 * limit}");

        Assert.Equal(
            Engine.Invoke("$uids").Texts,
            Engine.Invoke($"($uids | Get-DrmmDevice -ThrottleLimit {limit}).uid").Well().Texts);

        Assert.Equal(limit, Sim.Counters().MaxConcurrent);
    }

    [Fact]
    public void An_input_that_fails_gives_one_error_in_its_place_and_the_others_go_on()
    {
        Engine["unknown"] = Unknown;

        // Errors and output in one stream show where the error stands.
        Outcome outcome = Engine.Invoke("""
            $all = $uids[0..9] + $unknown + $uids[10..19] | Get-DrmmDevice 2>&1
            $all.ForEach{ if ($_ -is [Management.Automation.ErrorRecord]) { "at $($_.TargetObject)" } else { $_.uid } }
            """);

        Assert.Equal(Engine.Invoke("$uids[0..9]; \"at $unknown\"; $uids[10..19]").Texts, outcome.Well().Texts);
    }

    [Fact]
    public void Inputs_that_are_refused_give_their_errors_in_their_places()
    {
        Outcome outcome = Engine.Invoke("""
            $all = $uids[0], $null, $uids[1], '', $uids[2], [pscustomobject]@{ a = 1 }, $uids[3] | Get-DrmmDevice 2>&1
            $all.ForEach{ if ($_ -is [Management.Automation.ErrorRecord]) { $_.FullyQualifiedErrorId } else { $_.uid } }
            """);

        string refused = "DrmmInvalidArgument,DattoRMM.Commands.GetDrmmDeviceCommand";
        IReadOnlyList<string?> uids = Engine.Invoke("$uids").Texts;
        Assert.Equal([uids[0], refused, uids[1], refused, uids[2], refused, uids[3]], outcome.Well().Texts);
        Assert.Equal(4, Sim.Calls().Count);
    }

    [Fact]
    public void An_error_that_is_to_stop_stops_at_the_failing_input()
    {
        Engine["unknown"] = Unknown;

        Outcome outcome = Engine.Invoke(
            "$uids[0..4] + $unknown + $uids[5..29] | Get-DrmmDevice -ErrorAction Stop | ForEach-Object uid");

        Assert.Equal(Engine.Invoke("$uids[0..4]").Texts, outcome.Texts);
        Assert.NotNull(outcome.Thrown);
        Assert.Equal(ErrorCategory.ObjectNotFound, outcome.Error.CategoryInfo.Category);
        // What was under way is given up: 8 at a time, and those of the first round.
        Assert.InRange(Sim.Calls().Count, 6, 15);
    }

    [Fact]
    public void Lists_of_several_sites_come_whole_and_in_order()
    {
        Engine.Run("$sites = Get-DrmmSite");

        IReadOnlyList<string?> uids = Engine.Invoke("($sites | Get-DrmmDevice).uid").Well().Texts;

        Assert.Equal(60, uids.Count);
        Assert.Equal(
            Engine.Invoke("foreach ($site in $sites) { (Get-DrmmDevice -SiteUid $site.uid).uid }").Well().Texts,
            uids);
    }

    [Fact]
    public void Results_are_written_while_inputs_still_come()
    {
        Sim.Configure("\"latencyMs\": 0");
        Engine.Run("""
            $before = 0
            $uids | ForEach-Object { $sent = ++$fed; $_ } | Get-DrmmDevice | ForEach-Object {
                if (-not $first) { $first = $fed }
            }
            """);

        Assert.InRange((int)Engine["first"]!, 1, 10);
    }

    [Fact]
    public void One_at_a_time_keeps_the_pipeline_variable_in_step()
    {
        Assert.Equal(["True"], Engine.Invoke("""
            Get-DrmmSite | ForEach-Object -PipelineVariable site { $_ } | Get-DrmmDevice -ThrottleLimit 1 |
                ForEach-Object { [string] ($_.siteUid -eq $site.uid) }
            """).Well().Texts.Distinct());
    }

    [Fact]
    public void Many_inputs_stay_inside_the_quota()
    {
        Sim.Configure("\"latencyMs\": 0, \"limit\": 20, \"windowS\": 0.5");
        Engine.Run("$null = Get-DrmmQuota");

        Assert.Equal(
            Engine.Invoke("$uids + $uids").Texts, Engine.Invoke("($uids + $uids | Get-DrmmDevice).uid").Well().Texts);

        Assert.DoesNotContain("429", Sim.Counters().ByStatus.Keys);
    }

    [Fact]
    public void Writes_run_one_by_one_unless_the_throttle_limit_says_more()
    {
        Engine.Run("$alerts = (Get-DrmmAlert)[0..7]; $null = Get-DrmmQuota");
        Sim.Reset();
        Engine.Run("$alerts[0..3] | Resolve-DrmmAlert");
        Assert.Equal(1, Sim.Counters().MaxConcurrent);

        Sim.Configure("\"latencyMs\": 300");
        Engine.Run("$alerts[4..7] | Resolve-DrmmAlert -ThrottleLimit 4");
        Assert.Equal(4, Sim.Counters().MaxConcurrent);
    }

    [Fact]
    public void Writes_to_the_same_alert_keep_their_order_whatever_the_throttle_limit()
    {
        Engine.Run("$alert = (Get-DrmmAlert)[0]; $null = Get-DrmmQuota");
        Sim.Reset();

        Engine.Run("$alert, $alert, $alert | Resolve-DrmmAlert -ThrottleLimit 8");

        Assert.Equal(3, Sim.Calls().Count);
        Assert.Equal(1, Sim.Counters().MaxConcurrent);
    }
}
