using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using DattoRMM.Client;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// What scripts see when the server has blocked this machine's address: for five minutes, because somebody went on
/// asking after the limit.
/// </summary>
public sealed partial class BlockTests : EngineTest
{
    public BlockTests()
        : base("--devices 300 --sites 3 --limit 20 --cutoff 1") =>
        Sim.GetBlocked();

    [Fact]
    public void The_error_says_why_and_when_to_try_again_in_local_time()
    {
        DateTime before = DateTime.Now;

        ErrorRecord error = Engine.Invoke("Get-DrmmAccount").Error;

        Assert.Equal("DrmmBlocked,DattoRMM.Commands.GetDrmmAccountCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.LimitsExceeded, error.CategoryInfo.Category);
        DrmmException fault = Assert.IsType<DrmmException>(error.Exception);
        Assert.Equal(fault.Message, error.ToString());
        Assert.Contains("too many requests", fault.Message);
        TimeSpan left = Assert.NotNull(fault.RetryAfter);
        Assert.InRange(left, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        TimeOnly told = TimeOnly.Parse(TryAgain().Match(fault.Message).Groups[1].Value, CultureInfo.InvariantCulture);
        // From one time of day to the other, past midnight if need be.
        Assert.InRange(told - TimeOnly.FromDateTime(before), left, left + TimeSpan.FromSeconds(5));
        Assert.Contains("Wait until", error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("Get-DrmmAccount")]
    [InlineData("Get-DrmmDevice")]
    [InlineData("'x', 'y' | Get-DrmmDevice")]
    [InlineData("'x', 'y' | Resolve-DrmmAlert")]
    [InlineData("Invoke-DrmmApi v2/account -Raw")]
    public void Later_calls_fail_at_once_and_send_nothing(string script)
    {
        Engine.Invoke("Get-DrmmAccount");
        int received = Sim.Requests().Count;

        Outcome outcome = Engine.Invoke(script);

        Assert.NotEmpty(outcome.Errors);
        Assert.All(outcome.Errors, error => Assert.StartsWith("DrmmBlocked,", error.FullyQualifiedErrorId));
        Assert.All(outcome.Errors, error => Assert.Matches(TryAgain(), error.ToString()));
        Assert.Empty(outcome.Output);
        Assert.Equal(received, Sim.Requests().Count);
    }

    [Fact]
    public void The_quota_is_shown_all_the_same_with_the_end_of_the_block()
    {
        Engine.Invoke("Get-DrmmAccount");
        int received = Sim.Requests().Count;

        Outcome outcome = Engine.Invoke("$quota = Get-DrmmQuota; $quota").Well();

        Assert.Matches(TryAgain(), Assert.Single(outcome.Warnings));
        DateTime until = (DateTime)Engine.Invoke("$quota.GetTime('blockedUntil')").One.BaseObject;
        Assert.InRange(until - DateTime.Now, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(received, Sim.Requests().Count);
    }

    [Fact]
    public void A_list_that_is_blocked_in_the_middle_says_so()
    {
        // The block is over for this account's next requests, and comes again with the second page.
        Sim.Reset();
        Sim.Faults(Fault.On("* /*", "{\"status\":403,\"body\":\"<html>blocked</html>\"}", after: 1));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice");

        Assert.Equal(250, outcome.Output.Count);
        Assert.StartsWith("DrmmBlocked,", outcome.Error.FullyQualifiedErrorId);
        Assert.Contains("250 of 300 items had come", outcome.Error.ToString());
        Assert.Matches(TryAgain(), outcome.Error.ToString());
    }

    [Fact]
    public void A_plain_forbidden_blocks_nothing()
    {
        Sim.Reset();
        Sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Status(403)));

        ErrorRecord error = Engine.Invoke("Get-DrmmDevice x").Error;

        Assert.StartsWith("DrmmForbidden,", error.FullyQualifiedErrorId);
        Assert.Single(Engine.Run("Get-DrmmAccount"));
    }

    [GeneratedRegex(@"; try again at (\d\d:\d\d:\d\d)\.$")]
    private static partial Regex TryAgain();
}
