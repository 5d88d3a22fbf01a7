using System.Management.Automation;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What commands tell beside their output: verbose lines, warnings, progress.</summary>
public sealed partial class MessageTests() : EngineTest("--devices 2000 --sites 3")
{
    [Fact]
    public void Verbose_has_one_line_a_request_with_its_status_time_and_quota()
    {
        Engine.Run("$null = Get-DrmmQuota");
        Sim.Reset();

        Outcome outcome = Engine.Invoke("Get-DrmmDevice -Verbose").Well();

        string[] requests = [.. outcome.Verbose.Where(line => line.Contains("/account/devices"))];
        Assert.Equal(8, requests.Length);
        Assert.Equal(
            Sim.Calls().Select(call => $"{call.Method} {call.Path}?{call.Query}").Order(),
            requests.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]).Order());
        Assert.All(requests, line => Assert.Matches(RequestLine(), line));
    }

    [Fact]
    public void Without_verbose_nothing_is_said()
    {
        Outcome outcome = Engine.Invoke("$null = Get-DrmmDevice").Well();

        Assert.Empty(outcome.Verbose);
        Assert.Empty(outcome.Warnings);
        Assert.Empty(outcome.Information);
    }

    [Fact]
    public void A_login_is_a_verbose_line_too()
    {
        // A further login would use the token that is there.
        Engine.Run("Disconnect-DrmmApi");

        Outcome outcome = Engine.Invoke(
            "Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -Verbose").Well();

        Assert.Contains(outcome.Verbose, line => line.Contains("POST /auth/oauth/token: 200"));
    }

    [Fact]
    public void A_retry_is_a_verbose_line()
    {
        Sim.Faults(Fault.On("GET /v2/account", Fault.Status(503), times: 1));

        Outcome outcome = Engine.Invoke("Get-DrmmAccount -Verbose").Well();

        Assert.Single(outcome.Output);
        Assert.Equal(2, Sim.Calls().Count);
        Assert.Contains(outcome.Verbose, line => line.Contains("503"));
        Assert.Contains(outcome.Verbose, line => line.Contains("attempt 2 of 4"));
    }

    [Fact]
    public void The_lines_of_a_request_that_fails_come_before_its_error()
    {
        Sim.Faults(Fault.On("GET /v2/account", Fault.Status(403)));

        Outcome outcome = Engine.Invoke("Get-DrmmAccount -Verbose *>&1");

        Assert.Equal(
            ["VerboseRecord", "ErrorRecord"], outcome.Output.Select(record => record!.BaseObject.GetType().Name));
    }

    [Fact]
    public void Running_into_the_servers_limit_is_a_warning()
    {
        Sim.Configure("\"windowS\": 0.4");
        Engine.Run("$null = Get-DrmmQuota");
        Sim.Faults(Fault.On("GET /v2/account", Fault.Status(429), times: 1));

        Outcome outcome = Engine.Invoke("Get-DrmmAccount").Well();

        Assert.Single(outcome.Output);
        Assert.Matches(LimitWarning(), Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void Progress_shows_while_pages_are_read_and_is_taken_away()
    {
        Sim.Configure("\"latencyMs\": 300");

        Outcome outcome = Engine.Invoke("$null = Get-DrmmDevice").Well();

        ProgressRecord[] shown =
            [.. outcome.Progress.Where(record => record.RecordType == ProgressRecordType.Processing)];
        Assert.NotEmpty(shown);
        Assert.All(shown, record => Assert.Equal("Get-DrmmDevice", record.Activity));
        Assert.Contains(shown, record => record.StatusDescription.Contains("page"));
        Assert.All(shown, record => Assert.InRange(record.PercentComplete, -1, 100));
        AssertTakenAway(outcome);
    }

    [Fact]
    public void Progress_tells_of_many_inputs_how_many_are_done()
    {
        Sim.Configure("\"latencyMs\": 700");

        Outcome outcome = Engine.Invoke(
            "1..20 | ForEach-Object { \"uid-$_\" } | Get-DrmmDevice -ErrorAction Ignore; Get-DrmmAccount").Well();

        string[] shown = [.. outcome.Progress.Select(record => $"{record.Activity} {record.CurrentOperation}")];
        Assert.Contains("Get-DrmmDevice inputs: 8 done, 8 under way", shown);
        // A single one needs no counting.
        Assert.Contains("Get-DrmmAccount ", shown);
        AssertTakenAway(outcome);
    }

    [Fact]
    public void Waits_for_the_quota_are_told_by_progress_and_by_verbose_lines()
    {
        // Nine requests in two seconds.
        Sim.Configure("\"limit\": 10, \"windowS\": 2");
        Engine.Run("$null = Get-DrmmQuota");

        Outcome outcome = Engine.Invoke(
            "1..20 | ForEach-Object { \"uid-$_\" } | Get-DrmmDevice -Verbose -ErrorAction Ignore").Well();

        string[] lines = [.. outcome.Verbose.Where(line => line.StartsWith("waiting "))];
        ProgressRecord[] shown = [.. outcome.Progress.Where(record => record.StatusDescription.Contains("quota"))];
        Assert.All(lines, line => Assert.Matches(WaitLine(), line));
        Assert.All(shown, record => Assert.Matches(WaitLine(), record.StatusDescription));
        Assert.All(shown, record => Assert.InRange(record.SecondsRemaining, 0, 3));
        Assert.Contains(lines, line => line.Contains("ahead"));
        Assert.NotEmpty(shown);
        Assert.DoesNotContain("429", Sim.Counters().ByStatus.Keys);
        AssertTakenAway(outcome);
    }

    [Fact]
    public void The_seconds_of_a_wait_count_down()
    {
        // Two requests in the window, so that the third waits for nearly all of it on a slow machine too.
        Sim.Configure("\"limit\": 3, \"windowS\": 4.5");
        Engine.Run("$null = Get-DrmmQuota");

        Outcome outcome = Engine.Invoke("1..3 | ForEach-Object { Get-DrmmAccount }").Well();

        int[] seconds =
        [
            .. outcome.Progress.Where(record => record.StatusDescription.Contains("quota"))
                .Select(record => record.SecondsRemaining),
        ];
        Assert.InRange(seconds[0], 3, 5);
        Assert.Equal(seconds.OrderDescending(), seconds);
        Assert.InRange(seconds.Distinct().Count(), 3, 6);
    }

    [Theory]
    [InlineData("$null = Get-DrmmDevice")]
    [InlineData("foreach ($once in 1) { Get-DrmmDevice | ForEach-Object { if (++$n -gt 300) { break } } }")]
    [InlineData("Get-DrmmDevice | ForEach-Object { if (++$n -gt 300) { throw 'enough' } }")]
    public void Progress_is_taken_away_however_the_pipeline_ends(string script)
    {
        Sim.Configure("\"latencyMs\": 300");
        Sim.Faults(Fault.On("GET /v2/account/devices", Fault.Status(403), page: 6));

        Outcome outcome = Engine.Invoke(script);

        Assert.Contains(outcome.Progress, record => record.RecordType == ProgressRecordType.Processing);
        AssertTakenAway(outcome);
    }

    private static void AssertTakenAway(Outcome outcome) =>
        Assert.All(
            outcome.Progress.GroupBy(record => record.ActivityId),
            bar => Assert.Equal(ProgressRecordType.Completed, bar.Last().RecordType));

    [GeneratedRegex(@"^The API's request limit is reached; .* wait \d+\.\d s\.$")]
    private static partial Regex LimitWarning();

    [GeneratedRegex(@"^waiting \d+ s for API quota(, 1 request ahead|, ([2-9]|[1-9]\d+) requests ahead)?$")]
    private static partial Regex WaitLine();

    [GeneratedRegex(
        @"^GET /api/v2/account/devices\?max=250&page=\d: 200 in \d+ ms, \d+ bytes; quota \d+ of \d+ in \d+ s$")]
    private static partial Regex RequestLine();
}
