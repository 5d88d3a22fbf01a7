using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class AlertTests() : EngineTest("--devices 40 --sites 3 --alerts-open 300 --alerts-resolved 280")
{
    [Fact]
    public void Open_alerts_of_the_account_come_as_the_api_has_them()
    {
        IReadOnlyList<PSObject?> alerts = Engine.Run("Get-DrmmAlert");

        IReadOnlyList<Received> calls = Sim.Calls("account/alerts/open");
        Assert.Equal(["0", "1"], calls.Select(call => call["page"]).Order());
        Assert.All(calls, call => Assert.Null(call["muted"]));
        Assert.Equal(300, alerts.Count);
        JsonElement list = Sim.Read("account/alerts/open?max=250").GetProperty("alerts");
        for (int i = 0; i < 250; i++)
        {
            Assert.Equal("DattoRMM.Alert", alerts[i]!.TypeNames[0]);
            Json.AssertSame(list[i], alerts[i]);
        }
    }

    [Theory]
    [InlineData("-Status Open", "open")]
    [InlineData("-Status Resolved", "resolved")]
    [InlineData("-Status All", "open resolved")]
    [InlineData("", "open")]
    public void The_status_chooses_the_list(string arguments, string expected)
    {
        IReadOnlyList<PSObject?> alerts = Engine.Run($"Get-DrmmAlert {arguments}");

        Assert.Equal(
            expected.Split(' ').Select(status => $"/api/v2/account/alerts/{status}"),
            Sim.Calls().Select(call => call.Path).Distinct().Order());
        Assert.Equal(expected.Contains("open") ? 300 : 0, alerts.Count(alert => !(bool)Value(alert, "resolved")!));
        Assert.Equal(expected.Contains("resolved") ? 280 : 0, alerts.Count(alert => (bool)Value(alert, "resolved")!));
    }

    [Theory]
    [InlineData("Get-DrmmAlert -SiteUid $site.uid", "/api/v2/site/{site}/alerts/open")]
    [InlineData("Get-DrmmAlert -SiteUid $site", "/api/v2/site/{site}/alerts/open")]
    [InlineData("$site | Get-DrmmAlert", "/api/v2/site/{site}/alerts/open")]
    [InlineData("$site | Get-DrmmAlert -Status Resolved", "/api/v2/site/{site}/alerts/resolved")]
    [InlineData("Get-DrmmAlert -DeviceUid $device.uid", "/api/v2/device/{device}/alerts/open")]
    [InlineData("Get-DrmmAlert -DeviceUid $device -Status Resolved", "/api/v2/device/{device}/alerts/resolved")]
    [InlineData("$device | Get-DrmmAlert", "/api/v2/device/{device}/alerts/open")]
    [InlineData("[pscustomobject]@{ deviceUid = $device.uid } | Get-DrmmAlert", "/api/v2/device/{device}/alerts/open")]
    [InlineData("Get-DrmmAlert $alert.alertUid", "/api/v2/alert/{alert}")]
    [InlineData("Get-DrmmAlert -AlertUid $alert", "/api/v2/alert/{alert}")]
    [InlineData("$alert | Get-DrmmAlert", "/api/v2/alert/{alert}")]
    [InlineData("$alert.alertUid | Get-DrmmAlert", "/api/v2/alert/{alert}")]
    public void The_scope_follows_what_is_given(string script, string path)
    {
        Engine.Run("""
            $alert = (Get-DrmmAlert)[3]
            $device = Get-DrmmDevice $alert.alertSourceInfo.deviceUid
            $site = Get-DrmmSite $device.siteUid
            """);
        string expected = path
            .Replace("{site}", Text("$site.uid"))
            .Replace("{device}", Text("$device.uid"))
            .Replace("{alert}", Text("$alert.alertUid"));
        Sim.Reset();

        IReadOnlyList<PSObject?> alerts = Engine.Run(script);

        Assert.All(Sim.Calls(), call => Assert.Equal(expected, call.Path));
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Equal("DattoRMM.Alert", alert!.TypeNames[0]));
    }

    [Theory]
    [InlineData("Get-DrmmAccountAlertsOpen", "False")]
    [InlineData("Get-DrmmAccountAlertsOpen -muted", "True")]
    [InlineData("Get-DrmmAlert -Muted", "true")]
    [InlineData("Get-DrmmAlert -Muted:$false", "false")]
    public void Muted_alerts_are_asked_for_in_the_words_of_each_command(string script, string muted)
    {
        IReadOnlyList<PSObject?> alerts = Engine.Run(script);

        Assert.All(Sim.Calls("account/alerts/open"), call => Assert.Equal(muted, call["muted"]));
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Equal(bool.Parse(muted), Value(alert, "muted")));
    }

    [Fact]
    public void Priorities_choose_among_the_alerts()
    {
        IReadOnlyList<PSObject?> chosen = Engine.Run("Get-DrmmAlert -Priority Critical, low");

        Assert.Equal(["Critical", "Low"], chosen.Select(alert => (string)Value(alert, "priority")!).Distinct().Order());
        Assert.Equal(
            Engine.Run("Get-DrmmAlert | Where-Object priority -in 'Critical', 'Low'").Count,
            chosen.Count);
    }

    [Theory]
    [InlineData("Resolve-DrmmAlert $alert.alertUid")]
    [InlineData("Resolve-DrmmAlert -AlertUid $alert")]
    [InlineData("$alert | Resolve-DrmmAlert")]
    [InlineData("$alert.alertUid | Resolve-DrmmAlert")]
    public void A_resolved_alert_leaves_the_open_list_and_nothing_is_returned(string script)
    {
        Engine.Run("$alert = (Get-DrmmAlert)[5]");
        string uid = Text("$alert.alertUid");
        Sim.Reset();

        Assert.Empty(Engine.Run(script));

        Received call = Assert.Single(Sim.Calls());
        Assert.Equal(($"POST /api/v2/alert/{uid}/resolve", ""), (call.Line, call.Body));
        Assert.DoesNotContain(uid, Engine.Invoke("(Get-DrmmAlert).alertUid").Texts);
        Assert.Contains(uid, Engine.Invoke("(Get-DrmmAlert -Status Resolved).alertUid").Texts);
        Assert.True((bool)Value(Engine.Invoke("Get-DrmmAlert $alert").One, "resolved")!);
    }

    [Fact]
    public void The_gallerys_resolve_gives_the_answers_text_which_is_empty()
    {
        string uid = Text("(Get-DrmmAlert)[5].alertUid");
        Engine["uid"] = uid;
        Sim.Reset();

        Assert.Equal("", Engine.Invoke("Set-DrmmAlertResolve $uid").Well().One.BaseObject);

        Assert.Equal($"POST /api/v2/alert/{uid}/resolve", Assert.Single(Sim.Calls()).Line);
        Assert.True((bool)Value(Engine.Invoke("Get-DrmmAlert $uid").One, "resolved")!);
    }

    [Fact]
    public void Many_alerts_are_resolved_one_after_the_other_in_their_order()
    {
        Engine.Run("$alerts = (Get-DrmmAlert)[0..11]");
        Sim.Reset();
        Sim.Configure("\"latencyMs\": 10");

        Engine.Run("$alerts | Resolve-DrmmAlert");

        IReadOnlyList<Received> calls = Sim.Calls();
        Assert.Equal(
            Engine.Invoke("$alerts.ForEach{ \"/api/v2/alert/$($_.alertUid)/resolve\" }").Texts,
            calls.Select(call => call.Path));
        Assert.All(calls.Zip(calls.Skip(1)), pair => Assert.InRange(pair.Second.At - pair.First.At, 10, long.MaxValue));
    }
}
