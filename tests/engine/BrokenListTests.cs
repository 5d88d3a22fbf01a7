using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Lists of 12 pages that break off: never a short list that looks whole.</summary>
public sealed class BrokenListTests() : EngineTest("--devices 3000 --sites 5")
{
    [Theory]
    [InlineData(Fault.ResetInBody, "DrmmConnection", 4)]
    [InlineData("\"resetBeforeHeaders\"", "DrmmConnection", 4)]
    [InlineData("{\"cutBody\":{\"keepBytes\":500,\"contentLength\":true}}", null, 4)]
    [InlineData("{\"cutBody\":{\"keepBytes\":500,\"contentLength\":false}}", null, 4)]
    [InlineData("\"cutGzip\"", null, 4)]
    [InlineData("{\"status\":500}", "DrmmServer", 4)]
    [InlineData(Fault.Html, "DrmmMalformedAnswer", 4)]
    [InlineData("\"empty200\"", "DrmmMalformedAnswer", null)]
    [InlineData(Fault.NoContent, "DrmmMalformedAnswer", null)]
    [InlineData("{\"answer\":\"{}\"}", "DrmmMalformedAnswer", 1)]
    [InlineData("{\"status\":403}", "DrmmForbidden", 1)]
    public void A_page_that_fails_for_good_is_an_error_that_says_how_many_items_had_come(
        string fault, string? id, int? attempts)
    {
        Sim.Faults(Fault.On("GET /v2/account/devices", fault, page: 7));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice");

        Assert.Equal(7 * 250, outcome.Output.Count);
        Assert.Contains("1750 of 3000 items had come", outcome.Error.ToString());
        Assert.StartsWith(id ?? "Drmm", outcome.Error.FullyQualifiedErrorId);
        int sent = Sim.Calls("account/devices").Count(call => call["page"] == "7");
        Assert.InRange(sent, attempts ?? 1, attempts ?? 4);
    }

    [Fact]
    public void The_items_that_had_come_come_before_the_error_in_their_order()
    {
        Sim.Faults(Fault.On("GET /v2/account/devices", Fault.Status(403), page: 7));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice 2>&1 | ForEach-Object { $_.GetType().Name }");

        Assert.Equal(1751, outcome.Output.Count);
        Assert.Equal("ErrorRecord", outcome.Texts[^1]);
        Assert.Single(outcome.Texts, "ErrorRecord");
    }

    [Theory]
    [InlineData(Fault.ResetInBody)]
    [InlineData("\"resetInHeaders\"")]
    [InlineData("{\"status\":503}")]
    [InlineData(Fault.Html)]
    public void A_page_that_fails_once_is_read_again(string fault)
    {
        Sim.Faults(Fault.On("GET /v2/account/devices", fault, page: 7, times: 1));

        Assert.Equal(3000, Engine.Run("Get-DrmmDevice").Count);

        Assert.Equal(2, Sim.Calls("account/devices").Count(call => call["page"] == "7"));
        Assert.Equal(13, Sim.Calls("account/devices").Count);
    }

    [Fact]
    public void A_server_that_dies_in_mid_list_is_an_error_that_says_how_many_items_had_come()
    {
        Outcome outcome = Engine.Invoke(
            "Get-DrmmDevice | ForEach-Object { if (-not $dead) { $dead = $true; $sim.Kill() }; $_ }");

        Assert.InRange(outcome.Output.Count, 250, 2999);
        Assert.Equal(0, outcome.Output.Count % 250);
        Assert.Contains($"{outcome.Output.Count} of 3000 items had come", outcome.Error.ToString());
        Assert.Equal(ErrorCategory.ConnectionError, outcome.Error.CategoryInfo.Category);
    }

    [Fact]
    public void A_page_that_names_itself_as_the_next_is_an_error_and_no_loop()
    {
        Sim.Faults(
            Fault.On("GET /v2/account/devices", "{\"totalCount\":null}", page: 0),
            Fault.On("GET /v2/account/devices", "\"pageLoop\"", page: 2));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice");

        Assert.Equal(750, outcome.Output.Count);
        Assert.StartsWith("DrmmPageLoop,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidResult, outcome.Error.CategoryInfo.Category);
        Assert.Contains("750", outcome.Error.ToString());
        Assert.Equal(["0", "1", "2"], Sim.Calls().Select(call => call["page"]));
    }

    [Fact]
    public void A_next_page_on_another_host_is_not_followed()
    {
        using Simulator other = Simulator.Start("--seed 2");
        Sim.Faults(
            Fault.On("GET /v2/account/devices", Fault.NextPage($"{other.Url}/api/v2/account/devices?max=250&page=1")));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice");

        Assert.Equal(250, outcome.Output.Count);
        Assert.StartsWith("DrmmForeignPage,", outcome.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, outcome.Error.CategoryInfo.Category);
        Assert.Empty(other.Requests());
        Assert.Single(Sim.Calls());
    }

    [Fact]
    public void A_broken_list_of_one_site_does_not_stop_the_next()
    {
        Engine.Run("$sites = (Get-DrmmSite)[0..2]");
        string broken = Text("$sites[1].uid");
        Sim.Faults(Fault.On($"GET /v2/site/{broken}/devices", Fault.Status(403)));

        Outcome outcome = Engine.Invoke("($sites | Get-DrmmDevice).siteUid");

        Assert.Equal(
            Engine.Invoke("$sites[0].uid; $sites[2].uid").Texts,
            outcome.Texts.Distinct());
        Assert.Contains(broken, outcome.Error.ToString());
    }

    [Fact]
    public void A_write_is_repeated_only_when_the_server_cannot_have_acted()
    {
        Engine.Run("$alert = (Get-DrmmAlert)[0]");
        Sim.Faults(Fault.On("POST /v2/alert/{alertUid}/resolve", Fault.Status(500)));

        ErrorRecord error = Engine.Invoke("$alert | Resolve-DrmmAlert").Error;
        Assert.Contains($"POST /api/v2/alert/{Text("$alert.alertUid")}/resolve was not repeated", error.ToString());
        Assert.Single(Sim.Calls(), call => call.Method == "POST");

        Sim.Faults(Fault.On("POST /v2/alert/{alertUid}/resolve", Fault.Status(429, retryAfterS: 0), times: 1));
        Engine.Run("$alert | Resolve-DrmmAlert");
        Assert.Equal(3, Sim.Calls().Count(call => call.Method == "POST"));
    }

    [Theory]
    [InlineData("Set-DrmmAlertResolve $alert.alertUid")]
    [InlineData("New-ApiRequest POST /v2/alert/$($alert.alertUid)/resolve")]
    [InlineData("Invoke-DrmmApi v2/alert/$($alert.alertUid)/resolve -Method POST -Raw")]
    public void A_maintenance_page_is_no_answer_to_a_write_that_is_read_as_text(string write)
    {
        Engine.Run("$alert = (Get-DrmmAlert)[0]");
        Sim.Faults(Fault.On("POST /v2/alert/{alertUid}/resolve", Fault.Html));

        Outcome outcome = Engine.Invoke(write);

        Assert.Empty(outcome.Output);
        Assert.StartsWith("DrmmMalformedAnswer,", outcome.Error.FullyQualifiedErrorId);
        Assert.Contains("was not repeated", outcome.Error.ToString());
        Assert.Single(Sim.Calls(), call => call.Method == "POST");
    }
}
