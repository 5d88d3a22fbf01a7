using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// Ctrl+C: the command ends within a second, nothing is sent after it, and the next command works. What is waited for
/// takes at least 20 s each time.
/// </summary>
public sealed class StopTests() : EngineTest("--devices 6000 --sites 3")
{
    private static readonly string s_slow = Fault.Delay(20_000);

    [Theory]
    [InlineData("Get-DrmmAccount", "GET /v2/account")]
    [InlineData("Get-DrmmDevice", "GET /v2/account/devices")]
    [InlineData("Get-DrmmDevice x", "GET /v2/device/{deviceUid}")]
    [InlineData("'x' | Get-DrmmAlert", "GET /v2/alert/{alertUid}")]
    [InlineData("Resolve-DrmmAlert x", "POST /v2/alert/{alertUid}/resolve")]
    [InlineData("Set-DrmmAlertResolve x", "POST /v2/alert/{alertUid}/resolve")]
    [InlineData("Invoke-DrmmApi v2/account -Raw", "GET /v2/account")]
    [InlineData("New-ApiRequest GET /v2/account", "GET /v2/account")]
    [InlineData("Get-DrmmQuota", "GET /v2/system/request_rate")]
    public void A_slow_answer_is_given_up(string script, string route)
    {
        Sim.Faults(Fault.On(route, s_slow));
        using Running running = Engine.Start(script);
        Sim.WaitFor(request => !request.IsLogin);

        AssertStops(running);
    }

    [Fact]
    public void A_list_is_given_up_in_the_middle()
    {
        Sim.Faults(Fault.On("GET /v2/account/devices", s_slow, page: 4));
        using Running running = Engine.Start("Get-DrmmDevice");
        // The four before it, and the sixteen that are asked for ahead of the reader.
        Sim.WaitFor(20, request => request["page"] != null);

        Outcome outcome = AssertStops(running);

        // At most the four pages before the slow one came; none of them in part.
        Assert.InRange(outcome.Output.Count, 0, 1000);
    }

    [Fact]
    public void Inputs_side_by_side_are_given_up_and_the_others_are_never_sent()
    {
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", s_slow));
        using Running running = Engine.Start("1..30 | ForEach-Object { \"uid-$_\" } | Get-DrmmDevice");
        Sim.WaitFor(8, request => request.Path.Contains("uid-"));

        AssertStops(running);

        Assert.Equal(8, Sim.Calls().Count(call => call.Path.Contains("uid-")));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public void A_pause_before_the_next_attempt_is_given_up(int status)
    {
        Sim.Faults(Fault.On("GET /v2/alert/{alertUid}", Fault.Status(status, retryAfterS: 20), times: 1));
        using Running running = Engine.Start("Get-DrmmAlert x");
        Sim.WaitFor(request => request.Status == status);

        running.StopInTime();

        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void A_wait_for_the_quota_is_given_up()
    {
        // Nine requests in three seconds; the look at the quota is the first.
        Sim.Configure("\"limit\": 10, \"windowS\": 3");
        Engine.Run("$null = Get-DrmmQuota");
        using Running running = Engine.Start("1..30 | ForEach-Object { Get-DrmmAccount }");
        running.WaitForProgress("quota");

        Outcome outcome = running.StopInTime();

        Assert.True(outcome.Stopped);
        Assert.Equal(8, outcome.Output.Count);
        Assert.Equal(8, Sim.Calls().Count);
        // It waits for its own turn.
        Assert.Single(Engine.Run("Get-DrmmAccount"));
        Assert.Equal(9, Sim.Calls().Count);
        Assert.DoesNotContain("429", Sim.Counters().ByStatus.Keys);
    }

    [Fact]
    public void A_login_that_somebody_gave_up_does_not_hinder_the_next()
    {
        Sim.RevokeTokens();
        Sim.Faults(Fault.On("POST /auth/oauth/token", s_slow, times: 1));
        using Engine second = Engine.Connected(Sim);
        Sim.Reset();
        using Running first = Engine.Start("Get-DrmmAccount");
        Sim.WaitFor(request => request.IsLogin);
        using Running waiting = second.Start("Get-DrmmAccount");

        first.StopInTime();

        Assert.Single(waiting.Finish().Well().Output);
        // It did not wait for the slow login, but made one of its own.
        Assert.Equal(2, Sim.Counters().Tokens);
    }

    /// <summary>Stops it, and asserts that nothing is sent any more and that the next command works.</summary>
    private Outcome AssertStops(Running running)
    {
        Outcome outcome = running.StopInTime();

        Assert.True(outcome.Stopped);
        int sent = Sim.Calls().Count;
        Sim.Faults();
        Assert.Single(Engine.Run("Get-DrmmAccount"));
        Assert.Equal(sent + 1, Sim.Calls().Count);
        return outcome;
    }
}
